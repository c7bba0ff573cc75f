"""Variants of a character that can take the same part: a card, or a card played by another mind."""

from pathlib import Path
from typing import NamedTuple

from characters.files import find_card, load_card
from characters.profile import Card
from worlds.events import Started
from worlds.files import find_world, load_world, world_names
from worlds.spec import Entrance, Settings, World
from worlds.trajectory import Trajectory, start

__all__ = ["Variant", "home_of", "opening", "variant"]


class Variant(NamedTuple):
    """Who plays the part, and by what mind."""

    label: str
    card: Card
    mind: str
    file: str


def variant(text: str) -> Variant:
    """Read `CARD` or `CARD@MIND`: a name or a path, and `improv` or a model's spec."""
    name, at, mind = text.partition("@")
    return Variant(text, load_card(name), mind if at else "improv", str(find_card(name)))


def home_of(card: Card, file: str = "") -> str:
    """Give the world a character belongs to: the one beside its file, a bundled one, or else the tavern."""
    beside = Path(file).resolve().parent.parent
    near = [path for path in sorted(beside.glob("*.y*ml")) if path.is_file()] if file else []
    for path in near:
        if (
            "places:" in path.read_text(encoding="utf-8", errors="replace")
            and card.id in load_world(path).cast
        ):
            return str(path)
    return next((name for name in world_names() if card.id in load_world(name).cast), "tavern")


def opening(world: str, part: str, who: Variant, seed: int, turns: int) -> Trajectory:
    """Give the first line of a run in which a variant plays a part.

    A part the world does not have is added to it, at the entrance of the first of its cast.
    """
    spec = load_world(world)
    base = find_world(world)
    own = who.card.model_copy(update={"id": part}).character()
    cast = [own if id_ == part else load_card(id_, base).character() for id_ in spec.cast]
    if part not in spec.cast:
        cast, spec = [own, *cast], _with_part(spec, part)
    settings = Settings(seed=seed, turns=turns, minds={part: who.mind} if who.mind != "improv" else {})
    return start(Started(world=spec, cast=tuple(cast), settings=settings))


def _with_part(world: World, part: str) -> World:
    first = next(iter(world.cast.values()), Entrance(at=next(iter(world.places))))
    return world.model_copy(update={"cast": {part: Entrance(at=first.at), **world.cast}})
