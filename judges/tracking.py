"""Tracking: whether a character goes by what has become of it.

The truth is the profile timeline of the log itself. After each turning the judge looks at the character's own later
acts for uses of the slot: a claim, words about it, steps towards a want, the treatment of a person.

    tracking.acted_on     a turning shows in a later act, before the slot turns again (the mean is recall)
    tracking.lag          own turns until it first shows; 1 is the very next
    tracking.staleness    share of the uses after it that go by a value it replaced
    tracking.retention    five own turns on and later, the latest use still goes by it
    tracking.precision    a use goes by the value the slot has then
    tracking.f1           precision and recall of one character in one number
    tracking.applied      a beat brings the changes its author wrote
    tracking.invented     a change has no ground: nobody wrote it and its cause says nothing of it

A character may never speak of what has changed; then there is nothing to say about lag or staleness, and the
verdicts say so by having no value.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from judges.reading import Reading, read
from judges.tracking_changes import applied, invented
from judges.tracking_timeline import Timeline, Turning
from judges.tracking_uses import Use, uses
from judges.verdict import Log, Scale, Verdict, Window

__all__ = ["DIMENSIONS", "LAG", "Tracked", "TrackingJudge", "tracked"]

DIMENSIONS = tuple(
    f"tracking.{part}"
    for part in ("acted_on", "lag", "staleness", "retention", "precision", "f1", "applied", "invented")
)

LAG = Scale(1.0, 20.0, 1.0)
"""Lag in own turns. A longer one counts as the longest."""

_GOOD, _BAD = Scale(0.0, 1.0, 1.0), Scale(0.0, 1.0, 0.0)

RETAINED = 5
"""Own turns after which something is retained rather than fresh."""


class Tracked(NamedTuple):
    """What became of one turning."""

    turning: Turning
    room: int
    """Own turns there were before the slot turned again."""
    uses: tuple[Use, ...]
    lag: int | None
    """Own turns until it first showed; None if it never did."""
    staleness: float | None
    """Share of the uses that were stale; None if there were none."""
    retained: bool | None
    """Whether the latest use from five own turns on went by it; None if there was none."""


def tracked(log: Log) -> tuple[Tracked, ...]:
    """Give what became of every turning of a run."""
    reading = read(log)
    return tuple(_tracked(reading, Timeline(reading)))


class TrackingJudge:
    """Judges how the characters of a run keep up with what changes about them."""

    name = "tracking"

    def judge(self, log: Log) -> Iterator[Verdict]:
        """Give verdicts for every turning and every use, and one without a value where there is nothing to judge."""
        reading = read(log)
        timeline = Timeline(reading)
        found = tuple(_tracked(reading, timeline))
        judged: set[tuple[str, str]] = set()
        parts: tuple[Iterable[Verdict], ...] = (
            (verdict for one in found for verdict in _of_turning(one)),
            _precision(found),
            _f1(reading, found),
            applied(reading),
            invented(reading, timeline),
        )
        for verdicts in parts:
            for verdict in verdicts:
                judged.add((verdict.subject, verdict.dimension))
                yield verdict
        for who in reading.cast:
            for dimension in DIMENSIONS:
                if (who, dimension) not in judged:
                    reason = "nothing changed that this could be judged by, or nothing showed it"
                    yield Verdict(
                        judge=self.name, subject=who, dimension=dimension, value=None, reason=reason
                    )


def _tracked(reading: Reading, timeline: Timeline) -> Iterator[Tracked]:
    made = {who: tuple(uses(reading, timeline, who)) for who in reading.cast}
    for turning in timeline.turnings:
        until = timeline.until(turning)
        room = [act for act in reading.turns_since(turning.who, turning.seq) if act.seq < until]
        numbers = {act.seq: number for number, act in enumerate(room, start=1)}
        mine = tuple(
            use for use in made.get(turning.who, ()) if use.slot == turning.slot and use.event.seq in numbers
        )
        lag = next((numbers[use.event.seq] for use in mine if use.current), None)
        stale = sum(use.held and not use.current for use in mine) / len(mine) if mine else None
        late = [use for use in mine if numbers[use.event.seq] >= RETAINED]
        yield Tracked(turning, len(room), mine, lag, stale, late[-1].current if late else None)


def _of_turning(one: Tracked) -> Iterator[Verdict]:
    if not one.room:
        return
    turning, shown = one.turning, [use.event.seq for use in one.uses if use.current]
    what = f"{turning.slot}: {turning.old or 'nothing'} → {turning.new or 'nothing'}"
    silent = "" if one.uses else "; it never came up"
    yield _verdict(one, "acted_on", float(one.lag is not None), f"{what}{silent}", shown[:1])
    if one.lag is not None:
        lag = min(float(one.lag), LAG.high)
        yield _verdict(one, "lag", lag, f"{what}; shows after {one.lag} own turns", shown[:1], LAG)
    if one.staleness is not None:
        stale = [use.event.seq for use in one.uses if use.held and not use.current]
        reason = f"{what}; {len(stale)} of {len(one.uses)} uses go by an old value"
        yield _verdict(one, "staleness", one.staleness, reason, stale, _BAD)
    if one.retained is not None:
        yield _verdict(one, "retention", float(one.retained), what, [one.uses[-1].event.seq])


def _verdict(
    one: Tracked,
    part: str,
    value: float,
    reason: str,
    rests: Sequence[int],
    scale: Scale = _GOOD,
) -> Verdict:
    last = max(rests, default=one.turning.seq)
    return Verdict(
        judge="tracking",
        subject=one.turning.who,
        dimension=f"tracking.{part}",
        value=value,
        scale=scale,
        evidence=(one.turning.seq, *rests),
        reason=reason,
        window=Window(one.turning.seq, last),
    )


def _precision(found: Sequence[Tracked]) -> Iterator[Verdict]:
    for one in found:
        for use in one.uses:
            now = "as it is" if use.current else "as it was" if use.held else "as it never was"
            yield Verdict(
                judge="tracking",
                subject=one.turning.who,
                dimension="tracking.precision",
                value=float(use.current),
                evidence=(one.turning.seq, use.event.seq),
                reason=f"goes by {use.slot} {now}: {use.value or 'nothing'}",
                window=Window(use.event.seq, use.event.seq),
            )


def _f1(reading: Reading, found: Sequence[Tracked]) -> Iterator[Verdict]:
    for who in reading.cast:
        mine = [one for one in found if one.turning.who == who and one.room]
        made = [use for one in mine for use in one.uses]
        if not made:
            continue
        precision = sum(use.current for use in made) / len(made)
        recall = sum(one.lag is not None for one in mine) / len(mine)
        value = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        yield Verdict(
            judge="tracking",
            subject=who,
            dimension="tracking.f1",
            value=value,
            evidence=tuple(sorted({use.event.seq for use in made})),
            reason=f"precision {precision:.2f} over {len(made)} uses, recall {recall:.2f} over {len(mine)} turnings",
        )
