"""What judges found: alarms with the lines they rest on, low marks, and what they did not judge and why."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from judges.scores import goodness
from judges.verdict import Verdict
from sandbox.report.sources import Reported
from sandbox.report.telling import Quote, Telling
from sandbox.report.words import accuses, family, leaf, number, order
from sandbox.story import clean

__all__ = ["Abstained", "Concerned", "Counts", "Finding", "Findings", "findings"]

MOST = 150
"""Alarms shown in full."""

LOWEST = 8
"""Lowest marks shown of each dimension that grades."""

_QUOTES = 4


class Finding(NamedTuple):
    """One verdict that is not good."""

    who: str
    dimension: str
    value: str
    """Printed; empty if it could not be worse."""
    confidence: float
    reason: str
    model: str
    quotes: Sequence[Quote]
    more: int
    """Further lines it rests on."""


class Concerned(NamedTuple):
    """Dimensions of one family, and whom they concern."""

    family: str
    leaves: Sequence[str]
    who: Sequence[str]
    """Ids; none if all."""


class Abstained(NamedTuple):
    """What could not be judged, for one reason."""

    reason: str
    what: Sequence[Concerned]
    times: int
    unparsed: int
    """How many of these are replies of a model that could not be read."""


class Counts(NamedTuple):
    """A run's verdicts in numbers."""

    verdicts: int
    judged: int
    alarms: int
    abstained: int
    unparsed: int
    calls: int


class Findings(NamedTuple):
    """All of it."""

    counts: Counts
    alarms: Sequence[Finding]
    low: Sequence[Finding]
    abstained: Sequence[Abstained]


def findings(one: Reported, telling: Telling) -> Findings:
    """Sort a run's verdicts."""
    bad = sorted((v for v in one.verdicts if _bad(v)), key=_weight)
    alarms = [v for v in bad if accuses(v.dimension)]
    low, kept = [], Counter[str]()
    for verdict in bad:
        kept[verdict.dimension] += 1
        if not accuses(verdict.dimension) and kept[verdict.dimension] <= LOWEST:
            low.append(verdict)
    judged = sum(_counts(v) for v in one.verdicts)
    unparsed = sum(v.parsed == "unparsed" for v in one.verdicts)
    calls = sum(v.calls for v in one.verdicts)
    return Findings(
        Counts(len(one.verdicts), judged, len(alarms), len(one.verdicts) - judged, unparsed, calls),
        [_finding(v, telling) for v in alarms[:MOST]],
        [_finding(v, telling) for v in sorted(low, key=lambda v: order(v.dimension))],
        _abstained(one),
    )


def _bad(verdict: Verdict) -> bool:
    good = goodness(verdict)
    return good is not None and good < 0.5 and not verdict.held_back


def _counts(verdict: Verdict) -> bool:
    return verdict.value is not None and not verdict.held_back


def _weight(verdict: Verdict) -> tuple[float, int]:
    return (goodness(verdict) or 0.0) - verdict.confidence, verdict.window.first if verdict.window else 0


def _finding(verdict: Verdict, telling: Telling) -> Finding:
    evidence = verdict.evidence
    return Finding(
        verdict.subject,
        verdict.dimension,
        "" if goodness(verdict) == 0 else number(verdict.value),
        verdict.confidence,
        clean(verdict.reason),
        verdict.model,
        [telling.quote(seq) for seq in evidence[:_QUOTES]],
        max(0, len(evidence) - _QUOTES),
    )


def _abstained(one: Reported) -> list[Abstained]:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in one.verdicts:
        if not _counts(verdict):
            groups[_why(verdict)].append(verdict)
    found = []
    for reason, verdicts in groups.items():
        unparsed = sum(verdict.parsed == "unparsed" for verdict in verdicts)
        found.append(Abstained(reason, _concerned(one, verdicts), len(verdicts), unparsed))
    return sorted(found, key=lambda each: -each.times)


def _why(verdict: Verdict) -> str:
    """Say why a verdict does not count."""
    if verdict.held_back:
        what = "held back: the model was too little sure"
        return (
            what
            if verdict.held_back == "abstained"
            else f"held back: {verdict.model} was not admitted as a judge"
        )
    return clean(verdict.reason) or "no reason was given"


def _concerned(one: Reported, verdicts: Sequence[Verdict]) -> list[Concerned]:
    """Group dimensions by family and by whom they concern."""
    whom: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        whom[verdict.dimension].add(verdict.subject)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for dimension in sorted(whom, key=order):
        all_of_them = whom[dimension] >= set(one.reading.cast)
        subjects = () if all_of_them else tuple(who for who in one.reading.cast if who in whom[dimension])
        groups[family(dimension), subjects].append(leaf(dimension))
    return [Concerned(name, leaves, who) for (name, who), leaves in groups.items()]
