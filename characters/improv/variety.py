"""What makes an idea more or less welcome after what was done lately: repetition, novelty, restlessness, talk."""

from collections.abc import Iterable
from typing import NamedTuple

from characters.improv.ideas import Idea, Utterance, appetite, signature
from characters.improv.me import Me
from worlds.actions import Go, Say

__all__ = ["Lately", "buttonholed", "lately_of", "variety"]

_LATE = 8
"""How many own acts back a repetition is noticed."""

_BUTTONHOLE = 0.3
"""How much less one wants to speak a third time running to the same person."""

_FRESH = {"go": 0.0, "examine": 0.0, "do": 0.05, "wait": 0.0, "drop": 0.05, "close": 0.05, "give": 0.05}
"""What a verb gains that has not been used within memory, where that is not `_NEW`."""

_NEW = 0.35
_NEW_WORDS = 0.14
_COMPANY = 0.06
"""What words are worth for being words: people talk."""

_IDLE_HANDS = 0.12
"""What any work of the hands gains when there has been nothing but talk for a while."""

_LONELY = 0.07
_LONELIEST = 0.4

_LONG = 25
"""Own turns after which it is high time to try what was never tried."""

_UNTRIED = 0.8
_UNTRIED_WORDS = 0.5

_ITCHES = ("take", "use", "open", "examine", "put", "show")
_SPELL = 4
_ITCH = 0.42
"""What the hands itch for: one kind of work that is at hand and was long not done, another each spell of turns."""

_UNDO = {
    "take": ("drop", "put", "give"),
    "drop": ("take",),
    "put": ("take",),
    "open": ("close",),
    "close": ("open",),
    "lock": ("unlock",),
    "unlock": ("lock",),
}


class Lately(NamedTuple):
    """What was done within memory, as far as it colours the next choice."""

    signs: list[tuple[str, ...]]
    """Signatures of own acts, oldest first."""
    used: frozenset[str]
    """Verbs and speech acts among them."""
    moved: list[bool]
    """Whether each of the last few acts was a move."""
    itch: str
    """The verb the hands itch for; empty if there is none."""
    hunger: float
    """How much talk is wanted."""
    idle_hands: bool
    """Whether there was nothing but talk and walking."""


def lately_of(me: Me, found: Iterable[Idea]) -> Lately:
    """Sum up own acts within memory, given the ideas there are now."""
    signs = [signature(me, percept.action) for percept in me.acts[-_LATE:] if percept.action is not None]
    used = frozenset(sign[1] if sign[0] == "say" else sign[0] for sign in signs)
    at_hand = {signature(me, idea.act)[0] for idea in found} - used
    start = (me.view.own_turn // _SPELL + len(me.view.who) + ord(me.view.who[-1])) % len(_ITCHES)
    return Lately(
        signs=signs,
        used=used,
        moved=[sign[0] == "go" for sign in signs[-4:]],
        itch=next((verb for verb in (*_ITCHES[start:], *_ITCHES[:start]) if verb in at_hand), ""),
        hunger=appetite(me),
        idle_hands=len(signs) >= 4 and all(sign[0] in ("say", "go") for sign in signs[-4:]),
    )


def variety(me: Me, idea: Idea, lately: Lately) -> float | None:
    """Say what an idea gains or loses by what was done lately; None if doing it again is out of the question."""
    sign = signature(me, idea.act)
    if lately.signs[-2:] == [sign, sign]:
        return None
    gain = _novelty(me, sign, lately) - _staleness(sign, lately.signs)
    if isinstance(idea.act, Utterance):
        gain += lately.hunger if me.view.fellows else min(0.0, lately.hunger)
        if buttonholed(me, idea.act):
            if idea.act.manner != "aloud" or not idea.act.to:
                return None
            gain -= _BUTTONHOLE
    elif isinstance(idea.act, Go):
        gain -= _restless(me, idea.act, lately, solitary=bool(idea.goal) and not me.view.fellows)
        gain += 0.0 if me.view.fellows else _lonely(lately)
    elif lately.idle_hands and sign[0] != "wait":
        gain += _IDLE_HANDS
    return gain


def _lonely(lately: Lately) -> float:
    """Say how much one would like to be where people are, after so many acts without a word."""
    silent = next((n for n, sign in enumerate(reversed(lately.signs)) if sign[0] == "say"), len(lately.signs))
    return min(_LONELIEST, _LONELY * silent)


def buttonholed(me: Me, act: Utterance) -> bool:
    """Whether the last two acts were words to these very people already."""
    last = me.acts[-2:]
    return len(last) == 2 and all(isinstance(p.action, Say) and p.action.to == act.to for p in last)


def _novelty(me: Me, sign: tuple[str, ...], lately: Lately) -> float:
    """Say what an act gains by being of a kind not done for a while, or not at all."""
    if sign[0] == "say":
        untried = _untried(me, f"say.{sign[1]}") * _UNTRIED_WORDS
        return _COMPANY + untried + (0.0 if sign[1] in lately.used else _NEW_WORDS)
    if sign[0] in lately.used or sign[0] == "wait":
        return 0.0
    untried = _untried(me, sign[0]) * _UNTRIED
    return untried + _FRESH.get(sign[0], _NEW) + (_ITCH if sign[0] == lately.itch else 0.0)


def _untried(me: Me, kind: str) -> float:
    """Say, 0..1, how long a kind of act has been left untried."""
    return 0.0 if kind in me.view.done else min(1.0, me.view.own_turn / _LONG)


def _staleness(sign: tuple[str, ...], signs: list[tuple[str, ...]]) -> float:
    """Say how stale an act is: the same again, the same kind of words to the same people, the undoing of an act."""
    stale, verb, size = 0.0, sign[0], len(signs)
    if verb == "say":
        for index, before in enumerate(signs):
            if before[0] == "say":
                age = size - index
                stale += (0.9 if age <= 3 else 0.5) if before == sign else _echo(sign, before, age)
        return stale
    undone = _UNDO.get(verb, ())
    for index, before in enumerate(signs):
        if before == sign:
            stale += 0.9 if size - index <= 3 else 0.5
        elif before[0] in undone and before[1] == sign[1]:
            stale += 0.7
        elif before[0] == verb != "go" and size - index <= 2:
            stale += 0.12
    return stale


def _echo(sign: tuple[str, ...], before: tuple[str, ...], age: int) -> float:
    """Say how much one line sounds like another: speech act, topic and ear."""
    same_intent, same_topic, same_ear = (
        sign[1] == before[1],
        sign[2] == before[2] != "",
        sign[3:] == before[3:],
    )
    if same_intent and same_ear and (same_topic or age <= 2):
        return 0.35
    if same_intent:
        return 0.2 if age <= 3 else 0.07
    return 0.08 if same_topic and same_ear and age <= 3 else 0.0


def _restless(me: Me, act: Go, lately: Lately, *, solitary: bool) -> float:
    """Keep people from running to and fro: from leaving in mid-talk, or when they have only just come."""
    last = me.acts[-1].action if me.acts else None
    if isinstance(last, Say) and last.intent == "take_leave" and last.topic == act.to:
        return -0.6
    loss = 0.5 if lately.moved[-1:] == [True] else 0.25 if any(lately.moved) else 0.0
    if solitary:
        loss *= 0.4
    went = [sign[1] for sign in lately.signs if sign[0] == "go"]
    if len(went) > 1 and act.to == went[-2]:
        loss += 0.35
    if any(line.aim > 0.6 for line in me.fresh):
        loss += 0.35
    if me.view.fellows and sum(isinstance(p.action, Say) for p in me.acts[-3:]) < 2:
        loss += 0.2
    return loss
