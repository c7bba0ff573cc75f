"""The state of a run at one moment: a fold over its events, never saved.

`State` is immutable; its mappings are never changed in place, so older states stay valid and share what did
not change. Only `worlds.fold.apply` makes a new one.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from worlds.actions import Action, Scalar
from worlds.conditions import OPERATORS, parse
from worlds.plan import Plan
from worlds.spec import Character, Scene, Settings, World

__all__ = ["MINUTES_A_DAY", "PHASES", "Firing", "Phase", "State", "hold", "minutes", "read"]

Phase: TypeAlias = Literal["start", "open", "cue", "act", "resolve", "reflect", "close", "over"]

PHASES: dict[Phase, frozenset[str]] = {
    "start": frozenset({"started"}),
    "open": frozenset({"scene_set", "intervened", "forked", "faulted"}),
    "cue": frozenset({"cued", "happened", "intervened", "forked", "faulted"}),
    "act": frozenset({"acted", "intervened", "forked", "faulted"}),
    "resolve": frozenset({"resolved", "forked", "faulted"}),
    "reflect": frozenset({"reflected", "profile_changed", "turn_ended", "forked", "faulted"}),
    "close": frozenset({"ended", "intervened", "forked", "faulted"}),
    "over": frozenset(),
}
"""What may happen in each phase. `Trajectory.extend` refuses anything else."""

_DEFAULTS: dict[str, Scalar] = {
    "alive": True,
    "present": True,
    "restrained": False,
    "hurt": 0,
    "locked": False,
    "lit": False,
    "broken": False,
    "hidden": False,
}

MINUTES_A_DAY = 24 * 60

_HEAD = re.compile(r"\w+")


class Firing(NamedTuple):
    """The latest time a beat fired."""

    seq: int
    turn: int


class State(NamedTuple):
    """Everything that is so at one moment."""

    phase: Phase
    world: World
    cast: Mapping[str, Character]
    plan: Plan
    settings: Settings
    clock: int
    """Minutes since day 1, 00:00."""
    where: Mapping[str, str]
    """Character to place."""
    held: Mapping[str, str]
    """Thing to the character, container or place it is with; a thing that is nowhere is absent."""
    facts: Mapping[str, Mapping[str, Scalar]]
    """Subject to attribute to value."""
    slots: Mapping[str, Mapping[str, Scalar]]
    """Character to slot to value."""
    knows: Mapping[str, frozenset[str]]
    """Secret to who knows it."""
    turn: int = 0
    round: int = 0
    round_began: int = 0
    """Turn at which the current round began."""
    scene: int = -1
    scene_rounds: int = 0
    cued: tuple[str, ...] = ()
    cued_at: int = 0
    """Seq of the latest `cued`: what the cued characters may know ends there."""
    acts: Mapping[str, tuple[int, Action]] = {}
    """This turn's attempts: who to (seq, action)."""
    resolved: tuple[str, ...] = ()
    reflected: tuple[str, ...] = ()
    had: frozenset[str] = frozenset()
    """Who has had a turn in this round."""
    own: Mapping[str, int] = {}
    """How many turns each has had."""
    done: Mapping[str, Mapping[str, int]] = {}
    """Character to how often it has done what: a verb, or `say.` and a speech act."""
    marks: Mapping[str, int] = {}
    """Seq of the end of each one's latest own turn."""
    fired: Mapping[str, Firing] = {}
    deeds: Mapping[str, int] = {}
    """`who deed` to the turn it was last tried in."""
    since: Mapping[str, int] = {}
    """`subject.attribute`, `thing.holder`, `who.at` to the seq that last changed it."""

    def fact(self, subject: str, attribute: str) -> Scalar:
        """Give a fact's value; a fact never stated has its usual value."""
        known = self.facts.get(subject)
        if known is not None and attribute in known:
            return known[attribute]
        return _DEFAULTS.get(attribute, "")

    def able(self, who: str) -> bool:
        """Whether this character is on stage and can act."""
        facts = self.facts.get(who)
        return not facts or (facts.get("alive", True) is True and facts.get("present", True) is True)

    def place_of(self, id_: str) -> str:
        """Give the place a character or thing is in; empty for what is nowhere."""
        for _ in range(len(self.held) + 2):
            if id_ in self.world.places:
                return id_
            if id_ in self.where:
                return self.where[id_]
            id_ = self.held.get(id_, "")
        return ""

    def here(self, place: str) -> tuple[str, ...]:
        """Give who is in a place and able, in cast order."""
        return tuple(who for who, at in self.where.items() if at == place and self.able(who))

    def dark(self, place: str) -> bool:
        """Whether one cannot see there: a dark place without a light that is lit."""
        spec = self.world.places.get(place)
        if spec is None or not spec.dark:
            return False
        lit = (thing for thing, facts in self.facts.items() if facts.get("lit") is True)
        return not any(thing in self.held and self.place_of(thing) == place for thing in lit)

    @property
    def scene_now(self) -> Scene:
        """The scene being played, or the first one before it opens."""
        return self.world.scenes[max(self.scene, 0)]

    @property
    def players(self) -> tuple[str, ...]:
        """Who of this scene's cast is able to act, in cast order."""
        cast = self.scene_now.cast or tuple(self.cast)
        return tuple(who for who in cast if who in self.cast and self.able(who))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who has not had a turn in this round."""
        return tuple(who for who in self.players if who not in self.had)


def minutes(text: str) -> int:
    """Read `day 2 07:30` or `07:30` (of day 1) as minutes since day 1, 00:00; `ValueError` if neither."""
    *day, clock = text.split()
    if day and (len(day) != 2 or day[0] != "day"):
        message = f"{text!r} is no time; write `day 2 07:30`"
        raise ValueError(message)
    hours, _, rest = clock.partition(":")
    number = int(day[1]) if day else 1
    return (number - 1) * MINUTES_A_DAY + int(hours) * 60 + int(rest)


def hold(state: State, conditions: tuple[str, ...], stand_in: Mapping[str, str] | None = None) -> bool:
    """Whether all conditions hold; `stand_in` names who `actor` and `target` are."""
    for text in conditions:
        condition = parse(text)
        left, right = condition.left, condition.right
        if stand_in:
            head = _HEAD.match(left)
            if head and head[0] in stand_in:
                left = stand_in[head[0]] + left[head.end() :]
            right = stand_in.get(right, right) if isinstance(right, str) else right
        if not OPERATORS[condition.op](read(state, left), right):
            return False
    return True


def read(state: State, left: str) -> Scalar:
    """Give the value of a condition's left side in this state."""
    if left in ("turn", "round", "day", "hour"):
        day, minute = divmod(state.clock, MINUTES_A_DAY)
        return {"turn": state.turn, "round": state.round, "day": day + 1, "hour": minute // 60}[left]
    who, colon, slot = left.partition(":")
    if colon:
        return state.slots.get(who, {}).get(slot, "")
    subject, _, attribute = left.partition(".")
    if subject == "beat":
        return attribute in state.fired
    if subject in state.knows and attribute.startswith("know"):
        return _knowing(state.knows[subject], attribute)
    if attribute == "holder":
        return state.held.get(subject, "")
    if attribute == "at":
        return state.place_of(subject)
    return state.fact(subject, attribute)


def _knowing(knowers: frozenset[str], attribute: str) -> Scalar:
    if attribute == "knowers":
        return len(knowers)
    return attribute.removeprefix("known.") in knowers
