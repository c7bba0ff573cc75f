"""What a judge says: a verdict, with the events it rests on.

A verdict that could not be reached is a verdict too (`value` is None and `why` says why): nothing that was asked
goes missing from a result, and nothing failed is counted as a zero.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Protocol, TypeAlias

from pydantic import Field

from worlds.actions import Frozen
from worlds.events import Event

__all__ = ["HeldBack", "Judge", "Log", "Parsed", "Scale", "Verdict", "Window"]

Parsed: TypeAlias = Literal["rule", "clean", "repaired", "unparsed"]
"""How the value came about: by rule; from a model's reply as it was, repaired, or not at all."""

HeldBack: TypeAlias = Literal["", "abstained", "not admitted"]
"""Why a model's verdict does not count: it was too little sure, or the model is not fit to judge."""


class Scale(NamedTuple):
    """What a value can be; `good` is the end that speaks well of the character."""

    low: float
    high: float
    good: float


class Window(NamedTuple):
    """The events a verdict is about: seqs `first` to `last`, both included."""

    first: int
    last: int


class Verdict(Frozen):
    """One judgement of one subject in one dimension."""

    judge: str
    subject: str
    """Character id; empty for the run as a whole."""
    dimension: str
    """`fidelity.violated`, `consistency.knowledge`, `tracking.lag`, …"""
    value: float | None
    scale: Scale = Scale(0.0, 1.0, 1.0)
    confidence: float = Field(1.0, ge=0, le=1)
    evidence: tuple[int, ...] = ()
    """Seqs it rests on; each exists in the log."""
    reason: str = ""
    window: Window | None = None
    parsed: Parsed = "rule"
    calls: int = 0
    """Model calls it rests on; verdicts that were asked for together share them."""
    model: str = ""
    """Spec of the model that was asked; empty for rules."""
    certainty: float | None = Field(None, ge=0, le=1)
    """How sure the model said it was, which is not how often it is right; None if it said nothing usable."""
    samples: tuple[float | None, ...] = ()
    """What each asking gave, None for one that gave nothing; empty for rules."""
    agreement: float | None = Field(None, ge=0, le=1)
    """How much the askings agree: 1 less their mean distance, as a share of the scale; None for a single one."""
    held_back: HeldBack = ""


class Log(Protocol):
    """Events in order: a `Trajectory`, a list, a `Reading`.

    A plain list may hold a history that could not have happened, which a `Trajectory` would refuse: finding that
    out is a judge's work. `judges.reading.read` folds either.
    """

    def __len__(self) -> int:
        """Give how many events there are."""
        ...

    def __iter__(self) -> Iterator[Event]:
        """Give the events, oldest first."""
        ...

    def __getitem__(self, seq: int, /) -> Event:
        """Give one event."""
        ...


class Judge(Protocol):
    """Reads a trajectory. Never writes to it."""

    name: str

    def judge(self, log: Log) -> Iterable[Verdict]:
        """Give every verdict this judge has on a trajectory, failures included."""
        ...
