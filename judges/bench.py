"""The bench: a model that judges, and how what it says becomes verdicts.

A question is put to the model as often as **samples** are wanted, each asking apart from the others; what an asking
gives for one verdict is a **mark**, and an asking that could not be used is a mark without a value. The marks of one
verdict are brought together here, in the same way for every judge that asks. Nothing is averaged away: each mark
stays in the verdict.
"""

import asyncio
import json
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import fmean
from typing import Generic, NamedTuple, Protocol, TypeVar

from characters.asking import Failure, Question, ask
from characters.calls import Call, Calls, Memo
from characters.models import Model
from characters.replies import tidy
from characters.shapes import Reply
from judges.verdict import HeldBack, Log, Parsed, Scale, Verdict, Window
from worlds.errors import BudgetError, ModelError

__all__ = ["Answer", "AskingJudge", "Bench", "Mark", "Sitting", "Subject", "agreement", "at_once", "pointed"]

T = TypeVar("T", bound=Reply)
R = TypeVar("R")

_REASON = 400
"""Longest reason, in characters."""


class Answer(NamedTuple, Generic[R]):
    """What came of one asking."""

    value: R | None
    error: str = ""
    """Why there is no value."""
    parsed: Parsed = "unparsed"
    calls: int = 0


class Mark(NamedTuple):
    """What one asking gave for one verdict."""

    value: float | None
    reason: str = ""
    evidence: tuple[int, ...] = ()
    certainty: float | None = None
    """As stated, 0..1."""
    parsed: Parsed = "unparsed"
    calls: int = 0


class Subject(NamedTuple):
    """What a verdict is about."""

    judge: str
    who: str
    dimension: str
    window: Window
    scale: Scale = Scale(0.0, 1.0, 1.0)


@dataclass(slots=True)
class Bench:
    """A model that judges."""

    model: Model
    calls: Calls = field(default_factory=Memo)
    samples: int = 1
    """How often each question is put."""
    admitted: bool | None = None
    """Whether it can tell who speaks, see `judges.admission`; None if it was not examined."""
    threshold: float | None = None
    """Stated certainty, 0..1, below which a verdict is held back; None if certainty is not to be trusted."""
    stopped: ModelError | BudgetError | None = None
    """Why nothing more can be asked; what was not asked by then has verdicts that say so."""

    async def put(self, question: Question[T, R]) -> Answer[R]:
        """Ask once. An answer that cannot be had or used is an `Answer` without a value, never an exception."""
        if self.stopped is not None:
            return Answer(None, f"not asked: {self.stopped}")
        noted = _Noted(self.calls)
        try:
            found = await ask(self.model, question, noted)
        except (ModelError, BudgetError) as error:
            self.stopped = error
            return Answer(None, f"not asked: {error}", calls=len(noted.made))
        if isinstance(found, Failure):
            return Answer(None, tidy(found.error, _REASON), calls=len(noted.made))
        parsed = _parsed(noted.made[0].reply) if len(noted.made) == 1 else "repaired"
        return Answer(found, "", parsed, len(noted.made))

    def settle(self, about: Subject, marks: Sequence[Mark]) -> Verdict:
        """Bring the marks of one verdict together."""
        usable = [mark for mark in marks if mark.value is not None]
        values = [mark.value for mark in usable if mark.value is not None]
        stated = [mark.certainty for mark in usable if mark.certainty is not None]
        verdict = Verdict(
            judge=about.judge,
            subject=about.who,
            dimension=about.dimension,
            value=None,
            scale=about.scale,
            reason=next((mark.reason for mark in marks), "nothing was asked"),
            window=about.window,
            parsed="unparsed",
            calls=sum(mark.calls for mark in marks),
            model=self.model.spec,
            samples=tuple(mark.value for mark in marks),
        )
        if not values:
            return verdict
        value = fmean(values)
        near = min(usable, key=lambda mark: abs((mark.value or 0.0) - value))
        agreed = agreement(values, about.scale) if len(marks) > 1 else None
        settled = verdict.model_copy(
            update={
                "value": value,
                "confidence": (1.0 if agreed is None else agreed) * len(values) / len(marks),
                "evidence": tuple(sorted({seq for mark in usable for seq in mark.evidence})),
                "reason": near.reason,
                "parsed": "repaired" if any(mark.parsed == "repaired" for mark in usable) else "clean",
                "certainty": fmean(stated) if stated else None,
                "agreement": agreed,
            }
        )
        return self._held_back(settled)

    def _held_back(self, verdict: Verdict) -> Verdict:
        """Mark what must not count: it keeps its samples, and loses its value or its weight."""
        held: HeldBack = ""
        if self.admitted is False:
            held = "not admitted"
            return verdict.model_copy(update={"held_back": held, "confidence": 0.0})
        if self.threshold is not None and (verdict.certainty or 0.0) < self.threshold:
            held = "abstained"
            sure = "no certainty" if verdict.certainty is None else f"{verdict.certainty:.0%}"
            reason = f"abstained: stated {sure}, under {self.threshold:.0%}. {verdict.reason}"
            return verdict.model_copy(update={"held_back": held, "value": None, "reason": reason})
        return verdict


class _Noted:
    """Calls, with a note of those that one question took, whether they were made now or found."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.made: list[Call] = []

    @property
    def waits(self) -> bool:
        """Whether a call may have to wait for a model."""
        return self._calls.waits

    def find(self, key: str, at: str) -> Call | None:
        """Give a call that was made before."""
        found = self._calls.find(key, at)
        self.made += [found] if found else []
        return found

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        return self._calls.latest(at)

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made."""
        self._calls.allow(priced=priced)

    def keep(self, call: Call) -> None:
        """Keep a call."""
        self._calls.keep(call)
        self.made.append(call)


class AskingJudge(Protocol):
    """A judge that asks a model. It waits, so it is asynchronous; else it is a `Judge`."""

    name: str

    async def judge(self, log: Log, bench: Bench) -> Sequence[Verdict]:
        """Give every verdict this judge has on a trajectory, failures included."""
        ...


class Sitting:
    """A judge that asks, with its bench, as a judge like any other: so that calibration can put it to the test."""

    def __init__(self, judge: AskingJudge, bench: Bench) -> None:
        """Let a judge sit at a bench."""
        self.name = judge.name
        self._judge, self._bench = judge, bench

    def judge(self, log: Log) -> Iterable[Verdict]:
        """Give every verdict; not to be called where an event loop runs already."""
        return asyncio.run(self._heard(log))

    async def _heard(self, log: Log) -> Sequence[Verdict]:
        return await self._judge.judge(log, self._bench)


def agreement(values: Sequence[float], scale: Scale) -> float | None:
    """Give 1 less the mean distance of two samples, as a share of the scale; None for fewer than two."""
    pairs = list(combinations(values, 2))
    if not pairs:
        return None
    return 1 - fmean(abs(one - other) for one, other in pairs) / (scale.high - scale.low)


def pointed(numbers: Iterable[int], known: frozenset[int]) -> tuple[tuple[int, ...], str]:
    """Give the numbers that can be pointed at, and a remark on those that cannot."""
    numbers = list(dict.fromkeys(numbers))
    invented = [number for number in numbers if number not in known]
    shown = ", ".join(f"[{str(number)[:9]}]" for number in invented[:4])
    remark = f" (pointed at {shown}, which is not there)" if invented else ""
    return tuple(sorted(number for number in numbers if number in known)), remark


def at_once(waiting: Iterable[Awaitable[R]]) -> Awaitable[list[R]]:
    """Start all, and wait for them together; as many are under way as the model's endpoint lets through."""
    return asyncio.gather(*waiting)


def _parsed(reply: str) -> Parsed:
    """Say whether a reply could be read as it was."""
    try:
        return "clean" if isinstance(json.loads(reply), dict) else "repaired"
    except (ValueError, RecursionError):
        return "repaired"
