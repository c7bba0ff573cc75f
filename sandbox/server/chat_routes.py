"""The chat endpoint: characters as models, behind the OpenAI protocol."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from fastapi.responses import JSONResponse, Response, StreamingResponse

from sandbox.server.chat_shapes import Chat, ChatAnswer, Choice, ModelCard, ModelList, Said, Usage, lines_of
from sandbox.server.chats import Answer, Ask, Chats
from sandbox.server.faults import REFUSALS, refusal
from sandbox.server.transcript import Line
from sandbox.server.visits import Stageful
from worlds.errors import UsageError

__all__ = ["chat_routes"]

_STREAM: dict[str, Any] = {
    "description": "The answer, or a stream of its pieces.",
    "content": {
        "text/event-stream": {"schema": {"type": "object", "properties": {"data": {"type": "string"}}}}
    },
}


def chat_routes(chats: Chats, stages: dict[str, Stageful], mind: str) -> APIRouter:
    """Give the routes under `/v1`; `mind` plays the characters."""
    router = APIRouter(prefix="/v1", tags=["chat"], responses=REFUSALS)
    models = {
        f"{id_}/{person.id}": (id_, person.id) for id_, stage in stages.items() for person in stage.cast
    }

    @router.get("/models")
    async def list_models() -> ModelList:
        """List the characters, each as a model."""
        return ModelList(data=[ModelCard(id=id_) for id_ in models])

    @router.get("/models/{world}/{who}", response_model=ModelCard)
    async def get_model(
        world: Annotated[str, Path()], who: Annotated[str, Path()]
    ) -> ModelCard | JSONResponse:
        """Give one character as a model."""
        id_ = f"{world}/{who}"
        return ModelCard(id=id_) if id_ in models else _unknown(id_, tuple(models))

    @router.post("/chat/completions", response_model=ChatAnswer, responses={200: _STREAM})
    async def complete(
        chat: Chat, x_session: Annotated[str | None, Header(max_length=256)] = None
    ) -> Response:
        """Give the next message of a character, whole or as a stream of events."""
        if chat.model not in models:
            return _unknown(chat.model, tuple(models))
        world, who = models[chat.model]
        named = x_session or (chat.metadata.session if chat.metadata else "") or chat.user or ""
        seed = None if chat.seed is None else chat.seed % 2**31
        lines = _lines(chat, chats.keeper.limits.line)
        answer = await chats.reply(Ask(world, who, lines, mind, seed, named))
        said = _answered(chat, answer, chats.keeper.written(answer.session))
        headers = {"x-session": answer.session}
        if chat.stream:
            counted = chat.stream_options is not None and chat.stream_options.include_usage
            pieces = _streamed(said, counted=counted)
            return StreamingResponse(pieces, media_type="text/event-stream", headers=headers)
        return JSONResponse(said.model_dump(), headers=headers)

    return router


def _lines(chat: Chat, most: int) -> tuple[Line, ...]:
    """Give what was said; `UsageError` if a message is too long."""
    lines = lines_of(chat)
    longest = max(len(line.text) for line in lines)
    if longest > most:
        raise UsageError(f"a message has at most {most} characters; one here has {longest}")
    return lines


def _answered(chat: Chat, answer: Answer, created: int) -> ChatAnswer:
    """Give an answer as OpenAI's clients read it, cut to what was asked for."""
    text, cut = _cut(answer.text, chat.max_completion_tokens or chat.max_tokens)
    asked, told = sum(_tokens(message.words) for message in chat.messages), _tokens(text)
    name = hashlib.sha256(f"{answer.session}{len(chat.messages)}{text}".encode()).hexdigest()[:24]
    return ChatAnswer(
        id=f"chatcmpl-{name}",
        created=created,
        model=chat.model,
        choices=[Choice(message=Said(content=text), finish_reason="length" if cut else "stop")],
        usage=Usage(prompt_tokens=asked, completion_tokens=told, total_tokens=asked + told),
    )


async def _streamed(said: ChatAnswer, *, counted: bool) -> AsyncIterator[str]:
    """Give an answer word by word, as server-sent events."""
    choice = said.choices[0]
    base = {"id": said.id, "object": "chat.completion.chunk", "created": said.created, "model": said.model}
    extra: dict[str, object] = {"usage": None} if counted else {}

    def chunk(delta: dict[str, str], finish: str | None = None) -> str:
        row = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**base, 'choices': [row], **extra})}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    for word in re.findall(r"\s*\S+|\s+$", choice.message.content):
        yield chunk({"content": word})
    yield chunk({}, choice.finish_reason)
    if counted:
        yield f"data: {json.dumps({**base, 'choices': [], 'usage': said.usage.model_dump()})}\n\n"
    yield "data: [DONE]\n\n"


def _unknown(model: str, models: tuple[str, ...]) -> JSONResponse:
    some = ", ".join(models[:20])
    return refusal(404, f"there is no character {model!r} here; there are {some}", "model", "model_not_found")


def _tokens(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


def _cut(text: str, most: int | None) -> tuple[str, bool]:
    """Cut a text after so many tokens, between two of them."""
    ends = [found.end() for found in re.finditer(r"\w+|[^\w\s]", text)]
    if most is None or len(ends) <= most:
        return text, False
    return text[: ends[most - 1]], True
