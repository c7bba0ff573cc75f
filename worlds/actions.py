"""What can be attempted, and what can come of it.

An **action** is an attempt by one character; an **effect** is one typed change to the world. Both are closed
unions told apart by one field (`verb`, `effect`). Nothing is computed when one is built.
"""

from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
)

__all__ = [
    "INTENTS",
    "Action",
    "Became",
    "Change",
    "Changes",
    "Claim",
    "Claims",
    "Created",
    "Destroyed",
    "Do",
    "Effect",
    "Frozen",
    "Go",
    "Handle",
    "Intent",
    "Manner",
    "Moved",
    "Passed",
    "Profile",
    "Say",
    "Scalar",
    "Tagged",
    "Touch",
    "Wait",
]

Scalar: TypeAlias = bool | int | float | str
"""The value of a fact or of a profile slot."""

Manner: TypeAlias = Literal["aloud", "aside", "whisper", "shout"]
"""How something is said: to the room, under one's breath to somebody near, into an ear, or through walls."""

Intent: TypeAlias = Literal[
    "ask", "tell", "deny", "lie", "accuse", "persuade", "bargain", "promise", "refuse", "comfort",
    "threaten", "confide", "joke", "small_talk", "take_leave", "greet", "thank", "apologise",
    "agree", "admit", "warn", "order", "muse",
]  # fmt: skip
"""What an utterance is meant to do: its speech act."""

INTENTS: tuple[str, ...] = get_args(Intent)


class Frozen(BaseModel):
    """The base of everything that crosses into JSON: immutable, and no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tagged(Frozen):
    """A member of a closed union: its tag is written even when defaults are left out."""

    @model_serializer(mode="wrap")
    def _write_tag(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        tag = next(iter(type(self).model_fields))
        return {tag: getattr(self, tag), **handler(self)}


class Claim(NamedTuple):
    """A statement as data: *subject* has *value* for *attribute* (or has not, if `holds` is false)."""

    subject: str
    attribute: str
    value: Scalar
    holds: bool = True


class Change(NamedTuple):
    """A new value for one slot of one profile, and the event it comes of."""

    slot: str
    value: Scalar
    because: int
    """Seq of the event that caused it."""
    sure: float = 1.0
    """Confidence in 0..1; matters for `belief.*` slots."""
    source: str = ""
    """Who said so, for a belief that was told; empty for what was seen or concluded."""


def _brief(row: Claim | Change) -> list[Scalar]:
    """Leave out the values at the end that are the usual ones; a log has many such rows."""
    length, usual = len(row), row._field_defaults
    while row._fields[length - 1] in usual and row[length - 1] == usual[row._fields[length - 1]]:
        length -= 1
    return list(row[:length])


Claims: TypeAlias = tuple[Annotated[Claim, PlainSerializer(_brief)], ...]
Changes: TypeAlias = tuple[Annotated[Change, PlainSerializer(_brief)], ...]


# ── actions ────────────────────────────────────────────────────────────────────────────────────────


class Say(Tagged):
    """Speech. Besides its words it carries its meaning, so that beliefs can spread and judges can check."""

    verb: Literal["say"] = "say"
    text: str
    to: tuple[str, ...] = ()
    """Ids of the addressees; empty means everyone in the room."""
    manner: Manner = "aloud"
    intent: Intent | None = None
    topic: str = ""
    claims: Claims = ()


class Go(Tagged):
    """Leave for a neighbouring place."""

    verb: Literal["go"] = "go"
    to: str


class Touch(Tagged):
    """A verb on one target: a thing, a door, a character or the place itself."""

    verb: Literal["take", "drop", "open", "close", "lock", "unlock", "examine", "attack", "restrain"]
    target: str


class Handle(Tagged):
    """A verb that brings a thing together with somebody or something: give, put, use, show."""

    verb: Literal["give", "put", "use", "show"]
    thing: str
    to: str = ""
    """The receiver, the container or what it is used on; empty for a thing used by itself."""


class Do(Tagged):
    """A deed in free words, for the narrator to rule on."""

    verb: Literal["do"] = "do"
    text: str
    deed: str = ""
    """Id of the deed if the world offers it by name."""
    to: str = ""


class Wait(Tagged):
    """Let the moment pass."""

    verb: Literal["wait"] = "wait"


Action: TypeAlias = Annotated[Say | Go | Touch | Handle | Do | Wait, Field(discriminator="verb")]


# ── effects ────────────────────────────────────────────────────────────────────────────────────────


class Moved(Tagged):
    """A character is now in another place."""

    effect: Literal["moved"] = "moved"
    who: str
    to: str


class Passed(Tagged):
    """A thing is now with a character, in a container, or lying in a place."""

    effect: Literal["passed"] = "passed"
    thing: str
    to: str


class Became(Tagged):
    """A fact has a new value of the same type."""

    effect: Literal["became"] = "became"
    subject: str
    attribute: str
    value: Scalar
    add: bool = False
    """Whether `value` is added to the present number rather than put in its place."""


class Created(Tagged):
    """A thing the world file describes but did not place comes into being."""

    effect: Literal["created"] = "created"
    thing: str
    at: str


class Destroyed(Tagged):
    """A thing is gone for good."""

    effect: Literal["destroyed"] = "destroyed"
    thing: str


class Profile(Tagged):
    """A slot of a character's profile has a new value: an injury, a belief disproved, a taste changed."""

    effect: Literal["profile"] = "profile"
    who: str
    slot: str
    value: Scalar
    sure: float = 1.0


Effect: TypeAlias = Annotated[
    Moved | Passed | Became | Created | Destroyed | Profile, Field(discriminator="effect")
]
