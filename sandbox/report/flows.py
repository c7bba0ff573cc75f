"""Who came to know what, when and from whom: one picture a secret, and one a matter that was told of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from judges.knowledge import BORN, Info, Knowledge
from judges.reading import Reading
from judges.showings import Key, key_of, showings
from sandbox.story import clean
from worlds.actions import Scalar
from worlds.prose import capital
from worlds.spec import Phrase

__all__ = ["Flow", "Lane", "Learnt", "flows"]

MATTERS = 8
"""Matters shown beside the secrets."""


class Learnt(NamedTuple):
    """Somebody comes to hold something."""

    seq: int
    """The event it came by; −1 for what was held from the start."""
    x: float
    """Place in the run, 0..100."""
    how: str
    """`born`, `told`, `saw`, `found`, `given` or `concluded`."""
    by: int
    """Lane of whoever told it; −1 if nobody did."""
    value: str
    """What is now held to be so; empty for a secret."""


class Lane(NamedTuple):
    """One character."""

    who: str
    learnt: Sequence[Learnt]


class Flow(NamedTuple):
    """One secret or matter, and how it spread."""

    title: str
    kind: str
    """`secret` or `matter`."""
    lanes: Sequence[Lane]

    @property
    def knowers(self) -> Sequence[Lane]:
        """The lanes of those who hold it in the end."""
        return [lane for lane in self.lanes if lane.learnt]

    @property
    def spread(self) -> bool:
        """Whether anybody came to hold it in the course of the run."""
        return any(learnt.seq > BORN for lane in self.lanes for learnt in lane.learnt)


def flows(reading: Reading) -> list[Flow]:
    """Give the secrets of a run, then the matters most told of."""
    return [*_secrets(reading), *_matters(reading)]


def _secrets(reading: Reading) -> Iterator[Flow]:
    plan = reading.end.plan
    first = reading.before(reading.events[0].seq)
    for secret in plan.secrets:
        learnt: dict[str, list[Learnt]] = {who: [] for who in reading.cast}
        for who in first.knows[secret.id]:
            learnt[who].append(Learnt(BORN, 0.0, "born", -1, ""))
        for event, before, after in reading.steps():
            for who in sorted(after.knows[secret.id] - before.knows[secret.id]):
                told = event.body.kind == "acted" and event.by != who
                by = reading.cast.index(event.by) if told and event.by in reading.cast else -1
                x = _x(reading, event.turn)
                learnt[who].append(Learnt(event.seq, x, "told" if told else "found", by, ""))
        lanes = [Lane(who, found) for who, found in learnt.items()]
        yield Flow(clean(secret.text), "secret", lanes)


def _matters(reading: Reading) -> Iterator[Flow]:
    told = Counter(key_of(showing.claim) for showing in showings(reading) if showing.how == "told")
    secret = {key_of(secret.claim) for secret in reading.end.plan.secrets}
    knowledge = Knowledge(reading)
    for key, _ in [each for each in told.most_common() if each[0] not in secret][:MATTERS]:
        lanes = [Lane(who, list(_learnt(reading, knowledge, who, key))) for who in reading.cast]
        yield Flow(_title(reading, key), "matter", lanes)


def _learnt(reading: Reading, knowledge: Knowledge, who: str, key: Key) -> Iterator[Learnt]:
    """Give when somebody's view of a matter became another one."""
    last: tuple[Scalar, bool] | None = None
    for info in knowledge.about(who, key, reading.events[-1].seq + 1):
        held = (info.claim.value, info.claim.holds)
        if held != last:
            last = held
            yield _info(reading, info)


def _info(reading: Reading, info: Info) -> Learnt:
    by = reading.cast.index(info.by) if info.by in reading.cast else -1
    turn = reading[info.seq].turn if info.seq > BORN else 0
    noun = _noun(reading.end.plan.names, info.claim.value)
    value = noun if info.claim.holds else f"not {noun}"
    return Learnt(info.seq, _x(reading, turn), info.how, by, clean(value) or "nothing")


def _title(reading: Reading, key: Key) -> str:
    subject, attribute = key
    names: Mapping[str, str] = reading.end.plan.names
    phrase: Phrase | None = reading.end.world.phrases.get(attribute)
    if phrase:
        asked = phrase.asks.replace("{subject}", _noun(names, subject)).rstrip("?")
        return capital(clean(asked)) + "?"
    return capital(clean(f"{_noun(names, subject)}: {attribute.replace('_', ' ')}"))


def _noun(names: Mapping[str, str], value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return names.get(str(value), str(value).replace("_", " "))


def _x(reading: Reading, turn: int) -> float:
    return round(100 * turn / max(1, reading.end.turn), 2)
