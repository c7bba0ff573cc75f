"""What crosses the wire of the chat endpoint: the parts of the OpenAI protocol that mean something here.

A client may send more, such as a temperature; it is let in and has no effect.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sandbox.server.taming import whole
from sandbox.server.transcript import Line

__all__ = [
    "Chat",
    "ChatAnswer",
    "ChatMessage",
    "Choice",
    "Metadata",
    "ModelCard",
    "ModelList",
    "Part",
    "Said",
    "Usage",
    "lines_of",
]

Short = Annotated[str, StringConstraints(max_length=256), AfterValidator(whole)]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Part(_Loose):
    """A part of a message; words alone are understood."""

    type: Literal["text"]
    text: str


class ChatMessage(_Loose):
    """A message of the history."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """The message as plain text."""
        if isinstance(self.content, list):
            return whole("\n".join(part.text for part in self.content))
        return whole(self.content or "")


class Metadata(_Loose):
    """What a client adds about its request."""

    session: Short = ""


class StreamOptions(_Loose):
    """How to stream."""

    include_usage: bool = False


class Format(_Loose):
    """How the answer is to be written."""

    type: Literal["text"] = "text"
    """Typed fields are at `/api/sessions`."""


class Chat(_Loose):
    """A request for the next message of a character."""

    model: Annotated[str, StringConstraints(max_length=128)]
    messages: list[ChatMessage] = Field(min_length=1, max_length=2000)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    """A character has one answer at a time; ask with another `seed` for another."""
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    user: Short | None = None
    metadata: Metadata | None = None
    response_format: Format | None = None


class Usage(BaseModel):
    """Tokens, estimated as words and signs."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(BaseModel):
    """The message of a character."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: Said
    finish_reason: Literal["stop", "length"]
    logprobs: None = None


class ChatAnswer(BaseModel):
    """The answer to a request."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = 0
    model: str
    choices: list[Choice]
    usage: Usage


class ModelCard(BaseModel):
    """A character, as a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "sandbox"


class ModelList(BaseModel):
    """The characters there are."""

    object: Literal["list"] = "list"
    data: list[ModelCard]


def lines_of(chat: Chat) -> tuple[Line, ...]:
    """Give what was said, by both sides; what a client instructs a model with is no part of the story.

    Where the visitor did not speak last, it is taken to say nothing, and the character goes on.
    """
    lines = [
        Line("user" if message.role == "user" else "assistant", message.words.strip() or "…")
        for message in chat.messages
        if message.role == "user" or (message.role == "assistant" and message.words.strip())
    ]
    silent = not lines or lines[-1].role != "user"
    return (*lines, *([Line("user", "…")] if silent else []))
