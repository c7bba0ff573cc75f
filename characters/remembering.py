"""What there is to remember: each event of a log as what it leaves with those who perceived it.

    episodic      percepts, as they were perceived, shared by all who perceived them the same way
    reflections   what a character concluded, in its own words
    semantic      beliefs with their sources, tastes, fears, injuries and wants; a newer value supersedes an older one
    relational    trust and liking, told when they pass from one word to another

What was perceived just now (*working* memory) is in the view itself. Nothing here decides what is recalled.
"""

from bisect import bisect_left
from collections.abc import Generator, Iterator
from typing import NamedTuple

from characters.recall_lexicon import FEELINGS, terms
from characters.recall_phrases import family, relation_word, tell_change
from worlds.actions import Became, Change, Claim, Effect, Moved, Passed, Profile, Say, Scalar
from worlds.events import Event, Happened, Intervened, ProfileChanged, Reflected, Resolved
from worlds.trajectory import Trajectory
from worlds.view import Percept

__all__ = ["Impression", "Remembering", "importance"]

_CONCLUDED = 0.6
"""Importance of a reflection or of a change of mind."""
_LONGEST = 160
"""How many letters of a cause are told along with its consequence."""


class Impression(NamedTuple):
    """What one event leaves in the memory of one or more characters."""

    seq: int
    time: int
    """Minutes of world time since day 1, 00:00."""
    text: str
    owners: tuple[str, ...]
    weights: tuple[float, ...]
    """How important it is to each owner, 0..1."""
    slot: str = ""
    """The slot of the profile it is about, for what a later value supersedes; empty for what stays true."""


class Remembering:
    """Reads a log once, forwards, and says what each event leaves behind."""

    def __init__(self, log: Trajectory) -> None:
        """Begin before the first event of this log."""
        state = log.state
        self._next = dict.fromkeys(state.cast, 0)
        self._slots = {
            (who, slot): value for who in state.cast for slot, value in state.cast[who].slots.items()
        }
        self._secrets = frozenset(secret.claim for secret in state.plan.secrets)

    def read(self, log: Trajectory, event: Event) -> Iterator[Impression]:
        """Give what one event leaves; events are to be read in order, each once."""
        time = yield from self._perceived(log, event)
        body = event.body
        if isinstance(body, Reflected | ProfileChanged):
            now = self._last(log, event.by, event.seq)
            if isinstance(body, Reflected) and body.text:
                name = log.state.plan.names[event.by]
                told = f"{name} thought: “{body.text}”"
                yield Impression(event.seq, now, told, (event.by,), (_CONCLUDED,))
            for change in body.changes:
                yield from self._changed(log, event, event.by, change, now)
        elif isinstance(body, Resolved | Happened | Intervened):
            aware = (*event.witnesses, *event.glimpses)
            for effect in body.effects:
                if isinstance(effect, Profile) and effect.who in aware:
                    change = Change(effect.slot, effect.value, event.seq, effect.sure)
                    yield from self._changed(log, event, effect.who, change, time)

    def _perceived(self, log: Trajectory, event: Event) -> Generator[Impression, None, int]:
        """Give the percepts of an event, each with all who share it; return the time of the event, if perceived."""
        time = 0
        effects: tuple[Effect, ...] = getattr(event.body, "effects", ())
        for group in (event.witnesses, event.glimpses):
            owners = [who for who in group if self._comes(log, who, event.seq)]
            if not owners:
                continue
            percept = log.percepts(owners[0])[self._next[owners[0]] - 1]
            time = percept.time
            if percept.text:
                weights = tuple(importance(percept, who, effects, self._secrets) for who in owners)
                yield Impression(event.seq, time, percept.text, tuple(owners), weights)
        return time

    def _comes(self, log: Trajectory, who: str, seq: int) -> bool:
        """Whether this character's next percept is of this event; if so, step over it."""
        percepts, at = log.percepts(who), self._next[who]
        if at < len(percepts) and percepts[at].seq == seq:
            self._next[who] += 1
            return True
        return False

    @staticmethod
    def _last(log: Trajectory, who: str, seq: int) -> int:
        """Give the time of the latest percept before an event that is none."""
        percepts = log.percepts(who)
        at = bisect_left(percepts, seq, key=_seq)
        return percepts[at - 1].time if at else 0

    def _changed(
        self, log: Trajectory, event: Event, who: str, change: Change, time: int
    ) -> Iterator[Impression]:
        """Give a change of profile in words, if it is of a kind worth remembering and says something new."""
        key = (who, change.slot)
        kind = family(change.slot, authored=key in self._slots)
        if not kind:
            return
        before = self._slots.get(key, "")
        self._slots[key] = change.value
        if before == change.value or (kind == "relation" and _same_word(change.slot, before, change.value)):
            return
        text = tell_change(log.state, who, change, before)
        if kind == "relation":
            text += self._because(log, who, change.because)
        yield Impression(event.seq, time, text, (who,), (_CONCLUDED,), change.slot)

    @staticmethod
    def _because(log: Trajectory, who: str, seq: int) -> str:
        """Give the percept a change came of, if the character has it."""
        percepts = log.percepts(who)
        at = bisect_left(percepts, seq, key=_seq)
        if at == len(percepts) or percepts[at].seq != seq or not percepts[at].text:
            return ""
        text = percepts[at].text
        return f" It came of this: {text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + ' …'}"


def _seq(percept: Percept) -> int:
    return percept.seq


def _same_word(slot: str, before: Scalar, after: Scalar) -> bool:
    return relation_word(slot, before) == relation_word(slot, after)


def importance(percept: Percept, who: str, effects: tuple[Effect, ...], secrets: frozenset[Claim]) -> float:
    """Say by rule how important a percept is to a character, 0..1.

    `effects` are the event's own, with what goes on inside people, which the percept leaves out.
    """
    action = percept.action
    said = action.claims if isinstance(action, Say) else ()
    claims = said + percept.claims
    worth = 0.1
    if isinstance(action, Say) and who in action.to:
        worth += 0.25
    if claims:
        worth += 0.2
    if not secrets.isdisjoint(claims):
        worth += 0.3
    if any(_touches(effect, who) for effect in (*percept.effects, *effects)):
        worth += 0.35
    if not FEELINGS.isdisjoint(terms(percept.text).notions):
        worth += 0.1
    if percept.kind in ("happened", "intervened"):
        worth += 0.1
    return min(1.0, worth if percept.whole else worth / 2)


def _touches(effect: Effect, who: str) -> bool:
    match effect:
        case Moved() | Profile():
            return effect.who == who
        case Passed():
            return effect.to == who
        case Became():
            return effect.subject == who
        case _:
            return False
