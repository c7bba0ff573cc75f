"""Beats: the changes an author schedules, and when each is due."""

from functools import lru_cache
from random import Random

from worlds.conditions import parse
from worlds.effects import enact, illegal
from worlds.events import Draft, Happened, Link
from worlds.spec import Beat
from worlds.state import State, hold, minutes

__all__ = ["due"]


def due(state: State) -> Draft | None:
    """Give the first beat that fires now, as a draft; None if nothing is due.

    Ask again after appending it, until there is none. The answer depends on the state alone, chance included.
    """
    fired = state.fired
    for beat in state.world.beats:
        if (beat.every or beat.id not in fired) and _fires(state, beat):
            draw = Random(f"{state.settings.seed}:{state.turn}:{beat.id}:told")
            text = draw.choice((beat.text, *beat.also))
            body = Happened(beat=beat.id, text=text, place=beat.place, effects=beat.effects)
            return Draft(body, links=_causes(state, beat))
    return None


def _fires(state: State, beat: Beat) -> bool:
    last = state.fired.get(beat.id)
    if last is not None and (not beat.every or state.turn - last.turn < beat.every):
        return False
    if last is None and not beat.at and not beat.after and not beat.when and state.turn < beat.every:
        return False
    if beat.at and not _reached(state, beat.at):
        return False
    if beat.after:
        before = state.fired.get(beat.after)
        if before is None or state.turn - before.turn < beat.delay:
            return False
    if not hold(state, beat.when) or not _lucky(state, beat):
        return False
    return _possible(state, beat)


def _reached(state: State, at: str) -> bool:
    moment = _moment(at)
    return state.turn >= -moment if moment < 0 else state.clock >= moment


@lru_cache(maxsize=1024)
def _moment(at: str) -> int:
    """Give minutes of world time, or a turn as a negative number."""
    return -int(at.removeprefix("turn ")) if at.startswith("turn ") else minutes(at)


def _lucky(state: State, beat: Beat) -> bool:
    if beat.chance >= 1:
        return True
    return Random(f"{state.settings.seed}:{state.turn}:{beat.id}").random() < beat.chance


def _possible(state: State, beat: Beat) -> bool:
    """Whether every effect is legal, one after the other; a beat that is overtaken by events does not fire."""
    for effect in beat.effects:
        if illegal(state, effect):
            return False
        state = enact(state, effect, 0)
    return True


def _causes(state: State, beat: Beat) -> tuple[Link, ...]:
    """Link the beat to what it follows and to what last made its conditions true."""
    seqs = [state.fired[beat.after].seq] if beat.after else []
    seqs += [state.since[left] for text in beat.when if (left := parse(text).left) in state.since]
    return tuple(Link(seq, "because") for seq in dict.fromkeys(seqs))
