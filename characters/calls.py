"""The record of calls to models: what each was asked, what it said, what that took.

A **call** is one exchange with a model. The calls of a run are kept, so that a run can be played again without its
models, and so that a call that was answered is never paid for twice. Where they are kept is a seam, `Calls`; this
module has the store in memory, `sandbox.calls` the file of a run.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

__all__ = ["A_TOKEN", "Call", "Calls", "Fault", "Memo", "Message", "Usage", "key_of"]


class Message(NamedTuple):
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


class Fault(NamedTuple):
    """One try that brought no reply, and how long was waited before the next."""

    kind: str
    """The HTTP status, or the name of the error."""
    waited: float
    """Seconds."""
    text: str


A_TOKEN = 4
"""Characters a token is taken to have, where nobody says."""


class Usage(NamedTuple):
    """Tokens of one call."""

    prompt: int = 0
    cached: int = 0
    """How many of the prompt's tokens the provider had in its cache."""
    reply: int = 0

    @property
    def total(self) -> int:
        """All that were read and written."""
        return self.prompt + self.reply


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange with a model."""

    at: str
    """Address in the run: whose call it is and which, such as `mira:12`. Re-asks have the same address."""
    attempt: int
    """0 for the first asking, 1 and 2 for the re-asks."""
    model: str
    """Spec of the model that answered."""
    key: str
    """What makes the call the same call again, see `key_of`; empty if it must not be found again."""
    messages: tuple[Message, ...]
    reply: str
    error: str = ""
    """Why there is no reply."""
    problem: str = ""
    """Why the reply could not be used."""
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    """From asking to the reply, waiting included."""
    cost: float | None = None
    """US dollars; None if the price is not known."""
    faults: tuple[Fault, ...] = ()
    """Tries before the one that brought the reply."""


class Calls(Protocol):
    """Where calls are kept and found again."""

    @property
    def waits(self) -> bool:
        """Whether a call may have to wait for a model; False when all are found."""
        ...

    def find(self, key: str, at: str) -> Call | None:
        """Give the call with this key if it was made before; `ModelError` if only recorded ones are allowed."""
        ...

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        ...

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made, or raise `BudgetError`; `priced` says whether its cost will be known."""
        ...

    def keep(self, call: Call) -> None:
        """Keep a call that was made."""
        ...


class Memo:
    """Calls kept in memory, without a limit to what they may take."""

    waits = True

    def __init__(self) -> None:
        """Begin with none."""
        self.made: list[Call] = []
        self._by_key: dict[str, Call] = {}
        self._by_place: dict[str, Call] = {}

    def find(self, key: str, at: str) -> Call | None:
        """Give the call with this key if it was made before."""
        del at
        return self._by_key.get(key)

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        return self._by_place.get(at)

    def allow(self, *, priced: bool) -> None:
        """Let everything be asked."""
        del priced

    def keep(self, call: Call) -> None:
        """Keep a call."""
        self.made.append(call)
        self._by_place[call.at] = call
        if call.key:
            self._by_key[call.key] = call


def key_of(model: str, messages: Sequence[Message], shape: str, at: str, attempt: int) -> str:
    """Give what identifies a call: SHA-256 over model, prompt, shape of the reply, address and attempt."""
    content = json.dumps(
        [model, [list(message) for message in messages], shape, at, attempt], ensure_ascii=True
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]
