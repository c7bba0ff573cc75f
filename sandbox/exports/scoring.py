"""What judges say of a stretch of a run, as one number: 1 is good, 0 is not.

As in `judges.scores`, verdicts count by their confidence, dimensions weigh the same within a judge, and judges weigh
the same. A stretch nobody said anything of has no score: it is left out, not counted as a zero.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import NamedTuple

from judges.scores import goodness
from judges.verdict import Verdict

__all__ = ["Beside", "Scored", "beside", "by_judge", "of_run", "of_stretch"]


_OCCASIONAL = ("tracking.", "fidelity.attribution")
"""Dimensions in which a low score is no breach."""


class Scored(NamedTuple):
    """What judges say of one character, over a stretch or a run."""

    value: float
    parts: dict[str, float]
    """Dimension to its mean, 1 being good."""
    evidence: tuple[int, ...]


def of_stretch(verdicts: Iterable[Verdict], who: str, first: int, last: int) -> Scored | None:
    """Score one character by the verdicts whose window lies in a stretch of events; None if there are none."""
    return _scored(
        verdict
        for verdict in verdicts
        if verdict.subject == who
        and verdict.window is not None
        and first <= verdict.window.first
        and verdict.window.last <= last
    )


def of_run(verdicts: Iterable[Verdict], who: str) -> Scored | None:
    """Score one character by all verdicts on it."""
    return _scored(verdict for verdict in verdicts if verdict.subject == who)


class Beside(NamedTuple):
    """Two stretches compared."""

    one: float
    other: float
    dimension: str
    """The one they are furthest apart in; empty if there is none."""

    @property
    def margin(self) -> float:
        """How much better the first is."""
        return self.one - self.other


def by_judge(scored: Scored) -> dict[str, float]:
    """Give the mean of each judge's dimensions."""
    return _by_judge(scored.parts)


def _by_judge(parts: Mapping[str, float]) -> dict[str, float]:
    judges: dict[str, list[float]] = {}
    for dimension, value in parts.items():
        judges.setdefault(dimension.partition(".")[0], []).append(value)
    return {judge: fmean(values) for judge, values in judges.items()}


def beside(one: Scored, other: Scored) -> Beside:
    """Compare two stretches.

    Like is compared with like: dimensions both were judged in. Besides them counts what one of them broke outright,
    since the other did not; but not what it had an occasion for that the other lacked, such as a change to act on.
    """
    broken = {
        name
        for scored in (one, other)
        for name, value in scored.parts.items()
        if value == 0 and not name.startswith(_OCCASIONAL)
    }
    names = sorted(broken | (one.parts.keys() & other.parts.keys()))
    first = {name: one.parts.get(name, 1.0) for name in names}
    second = {name: other.parts.get(name, 1.0) for name in names}
    if first == second:
        return Beside(one.value, one.value, "")
    far = max(names, key=lambda name: abs(first[name] - second[name]))
    return Beside(fmean(_by_judge(first).values()), fmean(_by_judge(second).values()), far)


def _scored(verdicts: Iterable[Verdict]) -> Scored | None:
    sums: dict[str, tuple[float, float]] = {}
    evidence: set[int] = set()
    for dimension, value, verdict in _counted(verdicts):
        total, weight = sums.get(dimension, (0.0, 0.0))
        sums[dimension] = (total + value * verdict.confidence, weight + verdict.confidence)
        evidence.update(verdict.evidence)
    if not sums:
        return None
    scored = Scored(
        0.0, {name: total / weight for name, (total, weight) in sorted(sums.items())}, tuple(sorted(evidence))
    )
    return scored._replace(value=fmean(by_judge(scored).values()))


def _counted(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, float, Verdict]]:
    for verdict in verdicts:
        value = goodness(verdict)
        if value is not None and verdict.confidence > 0 and not verdict.held_back:
            yield verdict.dimension, value, verdict
