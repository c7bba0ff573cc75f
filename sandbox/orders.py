"""Turn orders: who is next.

list        as the cast is written
natural     who was spoken to or named; else by talkativeness, first those where the last act was
pooled      by chance, each once a round
initiative  by a draw each round, plus the core's bonus
director    the narrator picks, with a reason
together    all at once, on the same moment
manual      nobody, until somebody outside cues
"""

from collections import Counter
from random import Random

from worlds.actions import Say
from worlds.deeds import trait
from worlds.events import Acted
from worlds.spec import Order
from worlds.state import State
from worlds.trajectory import Trajectory

__all__ = ["apart", "order_of", "pick", "quiet_place"]


def order_of(state: State) -> Order:
    """Give the turn order in force: the run's, else the scene's, else the world's."""
    return state.settings.order or state.scene_now.order or state.world.order


def pick(log: Trajectory) -> tuple[str, ...]:
    """Give who is cued next under every order but `director` and `manual`."""
    state = log.state
    waiting = state.waiting
    draw = Random(f"{state.settings.seed}:{state.turn}:order")
    match order_of(state):
        case "together":
            return waiting
        case "pooled":
            return (draw.choice(waiting),)
        case "natural":
            return (_addressed(log) or _talkative(state, draw),)
        case "initiative":
            return (max(waiting, key=lambda who: _initiative(state, who)),)
        case _:
            return waiting[:1]


def _addressed(log: Trajectory) -> str:
    """Give who waits and was spoken to, or named, in what was last said."""
    state = log.state
    for seq in range(log.seq, max(log.seq - 12, 0), -1):
        body = log[seq].body
        if isinstance(body, Acted) and isinstance(body.action, Say):
            named = [*body.action.to, *(w for w in state.waiting if state.cast[w].name in body.action.text)]
            return next((who for who in named if who in state.waiting), "")
    return ""


def _talkative(state: State, draw: Random) -> str:
    last = state.where.get(state.cued[-1]) if state.cued else None
    near = tuple(who for who in state.waiting if state.where[who] == last) or state.waiting
    return draw.choices(near, [0.1 + _number(state, who, "talkativeness", 0.5) for who in near])[0]


def _initiative(state: State, who: str) -> float:
    draw = Random(f"{state.settings.seed}:{state.round}:{who}:initiative").random()
    return draw + _number(state, who, "initiative", 0.0) + 0.2 * trait(state, who, "brave")


def _number(state: State, who: str, field: str, default: float) -> float:
    value = state.cast[who].core.get(field, default)
    return float(value) if isinstance(value, int | float) else default


def quiet_place(state: State) -> str:
    """Give the place the narrator says something of now: the fullest, at every third round, once."""
    if state.phase != "cue" or state.had or state.round % 3 != 1:
        return ""
    place = Counter(state.where[who] for who in state.players).most_common(1)[0][0]
    last = state.fired.get(f"mood.{place}")
    return place if last is None or last.turn < state.turn else ""


def apart(state: State) -> tuple[str, ...]:
    """Give who waits in this round more than one exit away from everybody else who will act in it."""
    others = {who: state.where[who] for who in (*state.cued, *state.waiting)}
    return tuple(
        who
        for who in state.waiting
        if who not in state.cued
        and not any(_near(state, state.where[who], at) for other, at in others.items() if other != who)
    )


def _near(state: State, place: str, other: str) -> bool:
    return place == other or any(
        way.to == b for a, b in ((place, other), (other, place)) for way in state.world.places[a].exits
    )
