"""Choosing: ideas are weighed against repetition, and one is drawn from the best of them."""

from collections.abc import Iterator
from math import exp
from random import Random

from characters.improv.ideas import Idea, Utterance, appetite, barred, signature
from characters.improv.idle import idle
from characters.improv.me import Me
from characters.improv.plans import plans
from characters.improv.replies import replies
from characters.improv.social import social
from worlds.actions import Go, Say, Wait
from worlds.view import Percept

__all__ = ["buttonholed", "choose", "ideas", "weighed"]

_HEAT = 0.13
"""Temperature of the choice, in units of worth: how often the second best is done."""

_BEST = 7
"""How many of the best ideas are drawn from."""

_LATE = 8
"""How many own acts back a repetition is noticed."""

_BUTTONHOLE = 0.3
"""How much less one wants to speak a third time running to the same person."""

_FRESH = {"go": 0.0, "examine": 0.0, "do": 0.05, "wait": 0.0, "drop": 0.05, "close": 0.05, "give": 0.05}
"""What a verb gains that has not been used within memory, where that is not `_NEW`."""

_NEW = 0.35
_NEW_WORDS = 0.1
_COMPANY = 0.06
"""What words are worth for being words: people talk."""

_IDLE_HANDS = 0.12
"""What any work of the hands gains when there has been nothing but talk for a while."""

_ITCHES = ("take", "use", "show", "open", "examine", "put")
_SPELL = 4
_ITCH = 0.35
"""What the hands itch for: each kind of work in turn for a spell of own turns, so that nobody only talks."""

_UNDO = {
    "take": ("drop", "put", "give"),
    "drop": ("take",),
    "put": ("take",),
    "open": ("close",),
    "close": ("open",),
    "lock": ("unlock",),
    "unlock": ("lock",),
}


def choose(me: Me, rng: Random) -> Idea:
    """Choose what to do next."""
    best = sorted(weighed(me), key=lambda idea: (-idea.worth, signature(me, idea.act)))[:_BEST]
    if not best:
        return Idea(0.0, Wait(), "wait")
    top = best[0].worth
    weights = [exp((idea.worth - top) / _HEAT) for idea in best]
    return rng.choices(best, weights)[0]


def ideas(me: Me) -> Iterator[Idea]:
    """Give every idea this character has now."""
    yield from replies(me)
    yield from plans(me)
    yield from social(me)
    yield from idle(me)


def weighed(me: Me) -> Iterator[Idea]:
    """Give the ideas that are neither taboo nor a dull repetition, with their worth as of now."""
    lately = [signature(me, percept.action) for percept in me.acts[-_LATE:] if percept.action is not None]
    used = {sign[1] if sign[0] == "say" else sign[0] for sign in lately}
    itch = _ITCHES[(me.view.own_turn // _SPELL + len(me.view.who) + ord(me.view.who[-1])) % len(_ITCHES)]
    hunger = appetite(me)
    talked = len(lately) >= 4 and all(sign[0] in ("say", "go") for sign in lately[-4:])
    moved = [isinstance(percept.action, Go) for percept in me.acts[-4:]]
    for idea in ideas(me):
        if barred(me, idea.act) or _absent(me, idea.act):
            continue
        sign = signature(me, idea.act)
        if lately[-2:] == [sign, sign]:
            continue
        worth = idea.worth - _staleness(sign, lately) - (_BUTTONHOLE if buttonholed(me, idea.act) else 0.0)
        worth += _novelty(sign, used) + (_ITCH if sign[0] == itch and itch not in used else 0.0) + (_IDLE_HANDS if talked and sign[0] not in ("say", "go", "wait") else 0.0)
        if isinstance(idea.act, Utterance):
            worth += hunger if me.view.fellows else min(0.0, hunger)
        if isinstance(idea.act, Go):
            worth -= _restless(me, idea, moved)
        yield idea._replace(worth=worth)


def buttonholed(me: Me, act: object) -> bool:
    """Whether the last two acts were words to these very people already."""
    if not isinstance(act, Utterance) or len(me.acts) < 2:
        return False
    return all(isinstance(p.action, Say) and p.action.to == act.to for p in me.acts[-2:])


def _absent(me: Me, act: object) -> bool:
    """Whether words go to somebody who is not here."""
    return isinstance(act, Utterance) and any(me.fellow(who) is None for who in act.to)


def _novelty(sign: tuple[str, ...], used: set[str]) -> float:
    """Say what an act gains by being of a kind not done for a while."""
    if sign[0] == "say":
        return _COMPANY + (0.0 if sign[1] in used else _NEW_WORDS)
    return 0.0 if sign[0] in used else _FRESH.get(sign[0], _NEW)


def _staleness(sign: tuple[str, ...], lately: list[tuple[str, ...]]) -> float:
    """Say how stale an act is: the same again, the same kind of words to the same people, the undoing of an act."""
    count = len(lately)
    stale = 0.0
    for index, before in enumerate(lately):
        age = count - index
        if before == sign:
            stale += 0.9 if age <= 3 else 0.5
        elif sign[0] == "say" and before[0] == "say":
            stale += _echo(sign, before, age)
        elif before[0] in _UNDO.get(sign[0], ()) and before[1] == sign[1]:
            stale += 0.7
        elif before[0] == sign[0] and sign[0] != "go" and age <= 2:
            stale += 0.12
    return stale


def _echo(sign: tuple[str, ...], before: tuple[str, ...], age: int) -> float:
    same_intent, same_topic, same_ear = sign[1] == before[1], sign[2] == before[2] != "", sign[3:] == before[3:]
    if same_intent and same_ear and (same_topic or age <= 2):
        return 0.35
    if same_intent:
        return 0.2 if age <= 3 else 0.07
    return 0.08 if same_topic and same_ear and age <= 3 else 0.0


def _restless(me: Me, idea: Idea, moved: list[bool]) -> float:
    """Keep people from running to and fro: leaving company mid-talk, or having only just come."""
    just_come = 0.5 if moved[-1:] == [True] else 0.25 if any(moved) else 0.0
    if idea.goal and not me.view.fellows:
        just_come *= 0.4
    came_from = next((p for p in reversed(me.acts) if isinstance(p.action, Go)), None)
    back = isinstance(idea.act, Go) and came_from is not None and _left(me, came_from) == idea.act.to
    in_talk = 0.35 if any(line.aim > 0.6 for line in me.fresh) else 0.0
    if me.view.fellows and sum(isinstance(p.action, Say) for p in me.acts[-3:]) < 2:
        in_talk += 0.2
    last = me.acts[-1].action if me.acts else None
    took_leave = (
        isinstance(last, Say) and last.intent == "take_leave" and isinstance(idea.act, Go) and last.topic == idea.act.to
    )
    return just_come + (0.35 if back else 0.0) + (0.0 if took_leave else in_talk) - (0.6 if took_leave else 0.0)


def _left(me: Me, went: Percept) -> str:
    """Give the place left by that move, as far as remembered: the target of the move before it."""
    before = [p.action.to for p in me.acts if isinstance(p.action, Go) and p.seq < went.seq]
    return before[-1] if before else ""
