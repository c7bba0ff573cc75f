"""Fidelity: whether a character stays who it is, judged by rule.

    fidelity.apc           a reply against all statements valid then: credit minus penalty, −1..1
    fidelity.violated      a reply breaks a statement of the profile; the verdict names it
    fidelity.missed        a reply leaves out what it was asked for; the verdict names it
    fidelity.voice         a line sounds like its speaker, rather than clearly like another of the cast
    fidelity.attribution   share of a window's lines that go to their speaker when the name is masked
    fidelity.taboo · bounds · fiction · period      see `judges.fidelity_bounds`

The lists behind these judges are short: what they do not know they do not see. A discriminator that is a model can
take the rules' place in the first three.
"""

from collections.abc import Iterator
from itertools import pairwise

from judges.apc import Discriminator
from judges.fidelity_bounds import bounds
from judges.fidelity_constraints import constraints
from judges.fidelity_replies import replies, verdict
from judges.reading import Reading, read
from judges.verdict import Log, Verdict, Window
from judges.voice import LEAST, Attribution, confusion, voices_of
from worlds.actions import Say
from worlds.events import Event

__all__ = ["DIMENSIONS", "FidelityJudge", "attributions", "confusions"]

DIMENSIONS = tuple(
    f"fidelity.{part}"
    for part in ("apc", "violated", "missed", "voice", "attribution", "taboo", "bounds", "fiction", "period")
)

_STRANGE = 0.02
"""A line whose speaker has less than this share of it is another's."""


class FidelityJudge:
    """Judges each line and deed of a run against the profile of whoever made it."""

    name = "fidelity"

    def __init__(self, discriminator: Discriminator | None = None) -> None:
        """Use this discriminator for profile statements; the rules if none is given."""
        self.discriminator = discriminator

    def judge(self, log: Log) -> Iterator[Verdict]:
        """Give all verdicts, and one without a value for each dimension a character gave nothing to judge by."""
        reading = read(log)
        judged: set[tuple[str, str]] = set()
        for verdicts in (constraints(reading, self.discriminator), _voice(reading), bounds(reading)):
            for one in verdicts:
                judged.add((one.subject, one.dimension))
                yield one
        for who in reading.cast:
            for dimension in DIMENSIONS:
                if (who, dimension) not in judged:
                    reason = "nothing was said or asked that this could be judged by"
                    yield Verdict(
                        judge=self.name, subject=who, dimension=dimension, value=None, reason=reason
                    )


def attributions(log: Log) -> list[tuple[Event, Attribution]]:
    """Give each line with whose it is by its sound; lines too short to have one are left out."""
    reading = read(log)
    voices = voices_of(reading.end.cast, reading.end.plan.names)
    found = []
    for reply in replies(reading):
        if isinstance(reply.action, Say):
            attribution = voices.attribute(reply.text)
            if attribution.words >= LEAST and reply.who in voices.known and len(voices.known) > 1:
                found.append((reply.event, attribution))
    return found


def confusions(log: Log, parts: int = 3) -> tuple[dict[str, dict[str, int]], ...]:
    """Give speaker against attributed speaker, one table per window of the run."""
    reading = read(log)
    edges = [len(reading) * part // parts for part in range(parts + 1)]
    found = attributions(reading)
    return tuple(
        confusion((event.by, who) for event, who in found if low <= event.seq - reading.events[0].seq < high)
        for low, high in pairwise(edges)
    )


def _voice(reading: Reading) -> Iterator[Verdict]:
    found = attributions(reading)
    for event, attribution in found:
        share = attribution.shares[event.by]
        other = attribution.likeliest
        if share < _STRANGE:
            reason = (
                f"sounds like {other} ({attribution.shares[other]:.2f}), not like {event.by} ({share:.2f})"
            )
            yield verdict(event, "voice", reason, value=0.0, sure=attribution.shares[other])
        else:
            yield verdict(event, "voice", f"may well be {event.by}'s ({share:.2f})")
    for who in reading.cast:
        for window in reading.windows(who):
            yield from _attribution(who, window, [(e, a) for e, a in found if e.by == who])


def _attribution(who: str, window: Window, own: list[tuple[Event, Attribution]]) -> Iterator[Verdict]:
    inside = [(event, a) for event, a in own if window.first <= event.seq <= window.last]
    if not inside:
        return
    hits = sum(attribution.likeliest == who for _, attribution in inside)
    lost = [event.seq for event, attribution in inside if attribution.likeliest != who]
    yield Verdict(
        judge="fidelity",
        subject=who,
        dimension="fidelity.attribution",
        value=hits / len(inside),
        evidence=tuple(lost or [event.seq for event, _ in inside]),
        reason=f"{hits} of {len(inside)} masked lines go to {who}",
        window=window,
    )
