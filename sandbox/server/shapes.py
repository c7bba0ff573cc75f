"""What crosses the wire: requests and answers of the interface for engines."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from sandbox.server.taming import MOST_WORDS, StrictAction, StrictEffect, whole
from worlds.actions import Claims, Scalar

__all__ = [
    "NAME",
    "ActRequest",
    "Deed",
    "Delta",
    "Done",
    "Emotion",
    "EventRow",
    "Happen",
    "Happening",
    "Note",
    "OpenRequest",
    "Person",
    "Player",
    "SessionInfo",
    "SessionName",
    "Spoken",
    "TurnFields",
    "TurnRequest",
]

NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"
_ID = r"^[a-z][a-z0-9_]{0,31}$"

SessionName = Annotated[str, StringConstraints(pattern=NAME)]
"""A session's name is that of its run folder: no dots, no slashes."""

Words = Annotated[str, StringConstraints(max_length=MOST_WORDS), AfterValidator(whole)]
Id = Annotated[str, StringConstraints(pattern=_ID)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Player(_Shape):
    """Somebody the game plays."""

    id: Id = "player"
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")] = (
        "Stranger"
    )
    identity: Words = ""
    """One line about them; what the others may know."""


class OpenRequest(_Shape):
    """A session to be opened."""

    world: Annotated[str, StringConstraints(max_length=64)]
    name: SessionName | None = None
    """A free name is made if none is given."""
    seed: int = Field(default=1, ge=0, lt=2**31)
    cast: list[Id] = Field(default=[], max_length=32)
    """Who of the world's people is in it; all if empty."""
    players: list[Player] = Field(default=[Player()], max_length=8)
    at: Annotated[str, StringConstraints(max_length=64)] = ""
    """The place the players enter at; where the first of the cast is if empty."""
    turns: int = Field(default=1_000_000, ge=1, le=1_000_000)


class Person(_Shape):
    """Somebody in a session."""

    id: str
    name: str
    place: str
    able: bool
    player: bool


class SessionInfo(_Shape):
    """A session as it stands."""

    name: str
    world: str
    title: str
    seed: int
    events: int
    turn: int
    round: int
    minutes: int
    """World time since day 1, 00:00."""
    cast: list[Person]
    over: bool


class Happening(_Shape):
    """What the game says happened."""

    text: Words = ""
    place: Annotated[str, StringConstraints(max_length=64)] = ""
    """Where it can be perceived; everywhere if empty."""
    effects: list[StrictEffect] = Field(default=[], max_length=64)


class Spoken(_Shape):
    """What somebody the game plays says, read for what it means by the names and phrases of the world."""

    who: Id = "player"
    say: Words
    to: str = ""
    """Whom the words are for; the one other person there if empty."""


class Done(_Shape):
    """What somebody the game plays does."""

    who: Id = "player"
    action: StrictAction


ActRequest: TypeAlias = Spoken | Done


class TurnRequest(_Shape):
    """Whose turn it is."""

    who: Id | None = None
    """Somebody with a mind; who is most concerned if not given."""


class EventRow(_Shape):
    """One event, as far as games care."""

    seq: int
    turn: int
    kind: str
    by: str
    text: str
    witnesses: list[str]


class Happen(_Shape):
    """What was written down, and who perceived it."""

    events: list[EventRow]


class Deed(_Shape):
    """What a character attempts."""

    verb: str
    text: str = ""
    thing: str | None = None
    manner: str | None = None
    intent: str | None = None
    topic: str = ""
    to: list[str] = []
    claims: Claims = ()


class Emotion(_Shape):
    """How a character feels."""

    label: str
    intensity: float
    levels: dict[str, float]
    """Joy, anger, fear, sadness, pride, shame: −1..1, where not 0."""


class Delta(_Shape):
    """How a character's stance towards somebody changed."""

    of: str
    kind: Literal["trust", "liking"]
    was: float
    now: float
    delta: float
    because: int
    """Seq of the event that caused it."""


class Note(_Shape):
    """Something a character will remember."""

    slot: str
    value: Scalar
    because: int
    source: str = ""


class TurnFields(_Shape):
    """A turn of a character."""

    who: str
    seq: tuple[int, int]
    """First and last event of the turn."""
    say: str | None
    action: Deed
    target: str | None
    ok: bool
    """Whether what was attempted came off."""
    text: str
    """All of it in a sentence or two, third person."""
    emotion: Emotion
    relation_deltas: list[Delta]
    goal_updates: list[Note]
    memory_notes: list[Note]
    thought: str
    happened: list[str]
    effects: list[dict[str, JsonValue]]
    """What changed in the world by it."""
    faults: list[str]
    over: bool
