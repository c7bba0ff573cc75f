"""Those who are put into a world, as physics sees them."""

from pydantic import JsonValue

from worlds.actions import Claim, Frozen, Scalar

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


class Entrance(Frozen):
    """Where a member of the cast starts, and with what."""

    at: str
    holds: tuple[str, ...] = ()
    mind: str = ""
    """What plays it, if not what the run is told to use: `improv`, `person`, or a model."""
