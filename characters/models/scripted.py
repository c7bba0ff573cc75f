"""A chat model that says what it is told to: for tests, for demonstrations, and for replies written by hand."""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult

from characters.calls import A_TOKEN
from characters.models.model import Model
from characters.models.specs import prompts_of, read_spec
from worlds.errors import InputError, UsageError

__all__ = ["ScriptedChat", "from_file", "recorded"]

Script = Callable[[Sequence[BaseMessage]], str | Awaitable[str]]


class ScriptedChat(BaseChatModel):
    """Answers with a function of the messages. What the function raises, the model raises."""

    script: Script

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - as the base class has it
    ) -> ChatResult:
        del stop, run_manager, kwargs
        said = self.script(messages)
        if not isinstance(said, str):
            raise UsageError("this script waits; ask the model with `ainvoke`")
        return _result(messages, said)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - as the base class has it
    ) -> ChatResult:
        del stop, run_manager, kwargs
        said = self.script(messages)
        return _result(messages, await said if inspect.isawaitable(said) else said)


def from_file(path: Path) -> ScriptedChat:
    """Make a model of a file: one reply a line, as a JSON object or string.

    `{"if": "Mira", "reply": …}` is for prompts in which `Mira` occurs. Of the lines that fit, the prompt decides
    which is taken: an equal prompt gets an equal reply, whatever was asked before. `InputError` names a line that
    cannot be read.
    """
    lines = [_read(path, number, line) for number, line in enumerate(_lines(path), 1) if line.strip()]
    if not lines:
        raise InputError(f"{path}: no replies in it; write one a line, as a JSON object or string")

    def script(messages: Sequence[BaseMessage]) -> str:
        prompt = "\n".join(str(message.text) for message in messages)
        fitting = [reply for when, reply in lines if when and when in prompt]
        fitting = fitting or [reply for when, reply in lines if not when]
        if not fitting:
            raise InputError(f"{path}: no line fits this prompt; add one without `if`")
        return fitting[int(hashlib.sha256(prompt.encode()).hexdigest(), 16) % len(fitting)]

    return ScriptedChat(script=script)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _read(path: Path, number: int, line: str) -> tuple[str, str]:
    """Give the condition of a line and its reply."""
    try:
        found = json.loads(line)
    except ValueError as error:
        raise InputError(f"{path}:{number}: not JSON: {error}") from error
    when = ""
    if isinstance(found, dict) and "reply" in found:
        when, found = str(found.get("if", "")), found["reply"]
    return when, found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _result(messages: Sequence[BaseMessage], said: str) -> ChatResult:
    read, written = sum(len(str(message.text)) for message in messages), len(said)
    counts = UsageMetadata(
        input_tokens=read // A_TOKEN,
        output_tokens=written // A_TOKEN,
        total_tokens=(read + written) // A_TOKEN,
    )
    return ChatResult(generations=[ChatGeneration(message=AIMessage(content=said, usage_metadata=counts))])


def recorded(spec: str) -> Model:
    """Give a model by its name alone: what it once said is on record, so neither package nor key is needed.

    The templates it was asked with are: what was said is found by what was asked.
    """
    read = read_spec(spec.partition(",")[0].strip())
    return Model(read.shown, ScriptedChat(script=lambda _: ""), prompts=prompts_of(read))
