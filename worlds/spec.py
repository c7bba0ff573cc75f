"""The world as written: places, things, secrets, beats, scenes, endings, and the people put into it.

These are the models a world file is read into. They say what *can* be; what *is* stands in `State`.
Ids of places, things and characters share one namespace within a world.
"""

from typing import Literal, TypeAlias

from pydantic import Field

from worlds.actions import Claim, Effect, Frozen, Scalar
from worlds.lore import Lore, Lorebook
from worlds.people import Character, Entrance, Secret

__all__ = [
    "Beat",
    "Character",
    "Clock",
    "Clue",
    "Deed",
    "Ending",
    "Entrance",
    "Exit",
    "Lore",
    "Lorebook",
    "Order",
    "Phrase",
    "Place",
    "Scene",
    "Secret",
    "Settings",
    "Thing",
    "Use",
    "World",
]

Order: TypeAlias = Literal["list", "natural", "pooled", "initiative", "director", "together", "manual"]
"""How the next to act is chosen; see `sandbox.orders`."""


class Exit(Frozen):
    """A way out of a place."""

    to: str
    name: str = ""
    """How the way is called from here; the target's name if empty."""
    door: str = ""
    """Id of the thing that can close it."""
    one_way: bool = False
    """Marks that there is no way back by design."""
    hidden: str = ""
    """A condition under which the way is known, for example `panel.found is true`."""


class Place(Frozen):
    """Where one can be."""

    name: str
    text: str
    exits: tuple[Exit, ...] = ()
    dark: bool = False
    """Dark unless something lit is here."""
    moods: tuple[str, ...] = ()
    """Sentences the narrator may use for this place: sounds, smells, light."""


class Clue(Frozen):
    """What a character finds by examining a thing."""

    text: str
    claim: Claim | None = None
    when: tuple[str, ...] = ()


class Use(Frozen):
    """What comes of using a thing, by itself or on something."""

    on: str = ""
    when: tuple[str, ...] = ()
    text: str
    """What witnesses see, with `{who}` for the actor's name."""
    effects: tuple[Effect, ...] = ()
    """`actor` stands for who uses it."""


class Thing(Frozen):
    """What one can hold, open, examine or use."""

    name: str
    """With its article: `a silver ring`, `the cellar door`."""
    text: str = ""
    at: str = ""
    """Place, container or character it starts with; empty for a thing yet to be created."""
    portable: bool = True
    small: bool = False
    """Can be carried unseen: others do not see who has it."""
    capacity: int = 0
    """How many things it can contain; 0 for what is no container."""
    door: bool = False
    key: str = ""
    """Thing that locks and unlocks it."""
    hidden: bool = False
    """Not seen until its place or container is examined."""
    facts: dict[str, Scalar] = {}
    """Starting facts; `open`, `locked`, `lit` and `broken` mean something to the rules."""
    clues: tuple[Clue, ...] = ()
    uses: tuple[Use, ...] = ()


class Deed(Frozen):
    """A deed the world offers by name. Anybody may also try what is not listed."""

    id: str
    text: str
    """Verb phrase, third person: `searches the ashes for bones`."""
    at: str = ""
    to: Literal["", "character"] = ""
    trait: str = ""
    """Core trait or Big Five factor that helps."""
    chance: float = 0.7
    when: tuple[str, ...] = ()
    ok: str = ""
    """What is seen when it comes off; `{who}` and `{to}` are names."""
    fails: str = ""
    effects: tuple[Effect, ...] = ()
    """On success; `actor` and `target` stand for the two characters."""
    claim: Claim | None = None
    """What the actor learns on success."""
    again: int = 12
    """Turns before the same character may do it again."""


class Beat(Frozen):
    """A change the author schedules. All the conditions given must hold for it to fire."""

    id: str
    text: str
    also: tuple[str, ...] = ()
    """Other ways to tell it, for a beat that fires again and again."""
    place: str = ""
    at: str = ""
    """A turn (`turn 30`) or a time (`day 2 07:30`) from which on it can fire."""
    every: int = 0
    """Fires again after so many turns; 0 means once."""
    after: str = ""
    """Id of a beat that must have fired `delay` turns before."""
    delay: int = 0
    when: tuple[str, ...] = ()
    chance: float = 1.0
    """Probability to fire in a turn in which it could."""
    effects: tuple[Effect, ...] = ()


class Scene(Frozen):
    """A premise, who is in it, and how it ends."""

    id: str
    premise: str
    cast: tuple[str, ...] = ()
    """Empty means everyone."""
    order: Order | None = None
    rounds: int = 0
    """Ends after so many rounds; 0 for no limit."""
    until: tuple[str, ...] = ()
    skip: int = 0
    """Minutes that pass before it opens."""


class Ending(Frozen):
    """One way the story can end. The first whose condition holds is taken."""

    id: str
    text: str
    when: tuple[str, ...]
    after: int = 0
    """Not before this turn."""


class Clock(Frozen):
    """World time. A round takes `minutes`; between `dusk` and `dawn` it jumps to the next dawn if both are set."""

    start: str = "day 1 08:00"
    minutes: int = 5
    dawn: str = ""
    dusk: str = ""


class Phrase(Frozen):
    """How an attribute is put into words; `{subject}` and `{value}` are names."""

    says: str
    """`{value} has {subject}`"""
    asks: str
    """A question without its mark, `{subject}` only: `who has {subject}`"""
    denies: str
    """`{value} does not have {subject}`"""


class World(Frozen):
    """A stage as its author wrote it."""

    id: str
    title: str
    genre: str
    premise: str
    clock: Clock = Clock()
    weather: tuple[str, ...] = ()
    """Sentences the narrator may use anywhere."""
    allows: tuple[Literal["attack", "restrain"], ...] = ()
    carry: int = 5
    """How many things a character can hold."""
    order: Order = "natural"
    turns: int = 120
    """How long a run lasts unless told otherwise."""
    places: dict[str, Place]
    things: dict[str, Thing] = {}
    facts: dict[str, Scalar] = {}
    """Further starting facts, `subject.attribute`."""
    phrases: dict[str, Phrase] = {}
    """Attribute to wording, for talk about facts and beliefs."""
    topics: tuple[str, ...] = ()
    """What people here talk about when nothing presses: noun phrases."""
    secrets: tuple[Secret, ...] = ()
    lore: Lorebook = Lorebook()
    """What can be known of this world, by whom, and when it comes to mind."""
    deeds: tuple[Deed, ...] = ()
    beats: tuple[Beat, ...] = ()
    scenes: tuple[Scene, ...] = Field(min_length=1)
    endings: tuple[Ending, ...] = ()
    cast: dict[str, Entrance]
    """Default cast: character id to where it enters."""


class Settings(Frozen):
    """How a run is played. Written into its first line."""

    seed: int = 0
    turns: int = 120
    order: Order | None = None
    """Overrides the scenes' own order."""
    minds: dict[str, str] = {}
    """Character to the mind it is played by; `improv` where absent."""
    narrator: str = "improv"
    embedder: str = ""
