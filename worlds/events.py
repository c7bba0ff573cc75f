"""Everything that happens: one immutable event at a time.

An event is a **body** (what happened) with its place in the log, who it is by, who witnessed it, and links to
the earlier events it rests on. The union of bodies is closed. Nothing is stamped or computed in a constructor:
`Trajectory.extend` alone gives an event its place.
"""

from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import Field, JsonValue

from worlds.actions import Action, Changes, Claims, Effect, Frozen, Tagged
from worlds.spec import Character, Settings, World

__all__ = [
    "VERSION",
    "Acted",
    "Body",
    "Cued",
    "Draft",
    "Ended",
    "Event",
    "Faulted",
    "Forked",
    "Happened",
    "Intervened",
    "Link",
    "ProfileChanged",
    "Reflected",
    "Rel",
    "Resolved",
    "SceneSet",
    "Started",
    "TurnEnded",
]

VERSION = 1
"""The schema version written into every log. Older ones are upcast, unknown ones refused."""

Rel: TypeAlias = Literal["answers", "recalls", "because"]
"""Why an event points back: it reacts to it, its maker was thinking of it, or it was caused by it."""


class Link(NamedTuple):
    """A stored reason: this event rests on the earlier event `to`."""

    to: int
    rel: Rel


class Started(Tagged):
    """The first line of every log: all that is needed to replay it."""

    kind: Literal["started"] = "started"
    version: int = VERSION
    world: World
    cast: tuple[Character, ...]
    settings: Settings


class SceneSet(Tagged):
    """The narrator opens a scene."""

    kind: Literal["scene_set"] = "scene_set"
    scene: str
    text: str


class Cued(Tagged):
    """It is the turn of these characters, at once if several."""

    kind: Literal["cued"] = "cued"
    who: tuple[str, ...]
    reason: str = ""


class Happened(Tagged):
    """A beat of the world fires."""

    kind: Literal["happened"] = "happened"
    beat: str
    text: str
    place: str = ""
    """Where it can be perceived; empty means everywhere."""
    effects: tuple[Effect, ...] = ()


class Acted(Tagged):
    """A character attempts something. Witnesses perceive the action, never the thought or the feeling."""

    kind: Literal["acted"] = "acted"
    action: Action
    thought: str = ""
    feeling: str = ""


class Resolved(Tagged):
    """What came of an attempt by `Event.by`."""

    kind: Literal["resolved"] = "resolved"
    ok: bool
    text: str = ""
    effects: tuple[Effect, ...] = ()
    claims: Claims = ()
    """What the actor alone learns by it, as when examining a thing."""


class Reflected(Tagged):
    """A character draws a conclusion in words, and may change by it. Private."""

    kind: Literal["reflected"] = "reflected"
    text: str
    changes: Changes = ()


class ProfileChanged(Tagged):
    """A character's slots change, each for a stored cause. Private."""

    kind: Literal["profile_changed"] = "profile_changed"
    changes: Changes


class TurnEnded(Tagged):
    """The turn is over."""

    kind: Literal["turn_ended"] = "turn_ended"


class Intervened(Tagged):
    """A person outside the story changes it."""

    kind: Literal["intervened"] = "intervened"
    text: str
    place: str = ""
    effects: tuple[Effect, ...] = ()


class Faulted(Tagged):
    """A mind or narrator failed; what stands in for it follows."""

    kind: Literal["faulted"] = "faulted"
    error: str
    detail: dict[str, JsonValue] = {}


class Forked(Tagged):
    """All before this line is another run's; from here on these settings hold."""

    kind: Literal["forked"] = "forked"
    of: str
    settings: Settings


class Ended(Tagged):
    """The story is over."""

    kind: Literal["ended"] = "ended"
    ending: str
    text: str


Body: TypeAlias = Annotated[
    Started
    | SceneSet
    | Cued
    | Happened
    | Acted
    | Resolved
    | Reflected
    | ProfileChanged
    | TurnEnded
    | Intervened
    | Faulted
    | Forked
    | Ended,
    Field(discriminator="kind"),
]


class Draft(NamedTuple):
    """An event before it has a place in the log."""

    body: Body
    by: str = ""
    links: tuple[Link, ...] = ()


class Event(Frozen):
    """One immutable thing that happened."""

    seq: int
    turn: int
    by: str = ""
    """Id of the character who did it; empty for the stage itself."""
    body: Body
    witnesses: tuple[str, ...] = ()
    """Who perceived it whole."""
    glimpses: tuple[str, ...] = ()
    """Who perceived only that something was done: a whisper across the room, a noise in the dark."""
    links: tuple[Link, ...] = ()
