"""Those who are put into a world, as physics sees them."""

from pydantic import JsonValue

from worlds.actions import Claim, Frozen, Scalar
from worlds.lore import Lorebook

__all__ = ["Character", "Entrance", "Secret"]


class Secret(Frozen):
    """Something only some know at first. It spreads by witnessed talk and by finding its clues."""

    id: str
    text: str
    """A full sentence, third person."""
    claim: Claim
    known_by: tuple[str, ...]


class Character(Frozen):
    """Who someone is: a fixed core (opaque to physics), secrets, and slots that change."""

    id: str
    name: str
    core: dict[str, JsonValue] = {}
    secrets: tuple[Secret, ...] = ()
    slots: dict[str, Scalar] = {}
    lore: Lorebook = Lorebook()
    """What this character alone knows of the world, found when it is spoken of."""
    mind: str = ""
    """What plays it if neither the run nor the world says so: `improv`, `person`, or a model."""


class Entrance(Frozen):
    """Where a member of the cast starts, and with what."""

    at: str
    holds: tuple[str, ...] = ()
    mind: str = ""
    """What plays it, if not what the run is told to use: `improv`, `person`, or a model."""
