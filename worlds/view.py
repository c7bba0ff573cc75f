"""What a mind is shown: everything one character may know at one moment, and nothing else.

A `View` is built by `worlds.perception.look` from the log. It holds no reference to the log or to the state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pydantic import JsonValue

from worlds.actions import Action, Claim, Effect, Scalar
from worlds.spec import Deed, Phrase, Secret

__all__ = ["Fellow", "Known", "Percept", "Recollection", "Sight", "View", "Way"]


class Percept(NamedTuple):
    """One event as one character perceives it. Shared by all who perceive it the same way."""

    seq: int
    turn: int
    time: int
    """Minutes of world time since day 1, 00:00."""
    kind: Literal["scene_set", "happened", "acted", "resolved", "intervened", "ended"]
    by: str
    """Id of the character who did it; empty for the world."""
    text: str
    """The percept in prose, third person, with names."""
    whole: bool
    """False for a glimpse: that somebody whispered, that something moved in the dark."""
    action: Action | None = None
    """What was attempted; None if not perceived whole. Of a deed by the owner of the view too."""
    ok: bool = True
    """For `resolved`: whether the attempt came off."""
    effects: tuple[Effect, ...] = ()
    """What visibly changed."""
    claims: tuple[Claim, ...] = ()
    """For the actor's own `resolved`: what it learned."""


class Recollection(NamedTuple):
    """A memory brought back for this decision, and why."""

    seq: int
    text: str
    score: float
    why: str


class Known(NamedTuple):
    """Something this character knows of the world that comes to mind now; see `worlds.lore`."""

    id: str
    text: str
    why: str


class Way(NamedTuple):
    """An exit as seen from here."""

    to: str
    name: str
    door: str
    open: bool
    locked: bool


class Fellow(NamedTuple):
    """Another character who is here."""

    id: str
    name: str
    holds: tuple[str, ...]
    facts: Mapping[str, Scalar]


class Sight(NamedTuple):
    """A thing that can be seen and reached from here."""

    id: str
    name: str
    text: str
    at: str
    """The place, container or character it is with."""
    facts: Mapping[str, Scalar]
    portable: bool
    container: bool
    door: bool


@dataclass(frozen=True, slots=True)
class View:
    """All one character may know when it decides, reflects or answers.

    Two views that are equal must be answered equally by a mind that is a pure function.
    """

    who: str
    name: str
    core: Mapping[str, JsonValue]
    """The profile's fixed part; read it with `characters.profile.Core`."""
    slots: Mapping[str, Scalar]
    """The profile's changing part as of now."""
    secrets: tuple[Secret, ...]
    """Secrets of the world this character knows by now."""
    draw: str
    """Address for random draws: equal for equal position in the run. Use `Random(view.draw)`."""
    seq: int
    """The newest event there was when this was seen."""
    turn: int
    own_turn: int
    """How many turns this character has had."""
    time: int
    """Minutes of world time since day 1, 00:00."""
    title: str
    premise: str
    """Of the scene."""
    place: str
    place_name: str
    place_text: str
    dark: bool
    ways: tuple[Way, ...]
    fellows: tuple[Fellow, ...]
    """Who else is here and can be perceived."""
    sights: tuple[Sight, ...]
    """Things here, in open containers here, or in own hands."""
    news: tuple[Percept, ...]
    """What it perceived since its own last turn, oldest first."""
    past: tuple[Percept, ...]
    """What it perceived before that: a bounded tail, oldest first, own acts included."""
    said: tuple[str, ...]
    """Own lines so far, a bounded tail, oldest first."""
    done: Mapping[str, int]
    """How often it has done what so far: a verb, or `say.` and a speech act."""
    recollections: tuple[Recollection, ...]
    options: tuple[Action, ...]
    """Admissible actions besides speech and free deeds, each complete."""
    deeds: tuple[Deed, ...]
    """Named deeds the world offers here and now."""
    names: Mapping[str, str]
    """Id to name for everything public: cast, places, things it has seen."""
    map: Mapping[str, tuple[str, ...]]
    """Place to neighbouring places, as everybody here knows them."""
    phrases: Mapping[str, Phrase]
    topics: tuple[str, ...]
    lore: tuple[Known, ...] = ()
    """What comes to mind of the world and may be known by this character; in the order to tell it."""
    extra: Mapping[str, JsonValue] = field(default_factory=dict)
    """What a caller adds for one kind of mind, such as the question in an interview."""
