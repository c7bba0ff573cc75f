"""Variants of a character that can take the same part: a card, or one played by another mind or with other prompts."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from characters.files import find_card, load_card
from characters.models import usable
from characters.models.specs import Spec, prompts_of, read_spec
from characters.own_prompts import apart
from characters.profile import Card
from worlds.errors import UsageError
from worlds.events import Started
from worlds.files import find_world, load_world, world_names
from worlds.spec import Entrance, Settings, World
from worlds.trajectory import Trajectory, start

__all__ = ["Prompting", "Variant", "home_of", "opening", "prompting", "variant"]

_IN_THE_PART = ("mind", "turn", "shape", "again")
"""The templates a part is asked with; the others are for interviews and the narrator, who is improv here."""


class Variant(NamedTuple):
    """Who plays the part, and by what mind."""

    label: str
    card: Card
    mind: str
    file: str


class Prompting(NamedTuple):
    """How the prompts of two variants differ."""

    first: str
    """The folder the first one's are from; empty for the program's own."""
    second: str
    templates: tuple[str, ...]
    """Files in which they differ, of those the part is asked with."""
    alone: bool
    """Whether the two differ in nothing else."""


def variant(text: str) -> Variant:
    """Read `CARD` or `CARD@MIND`: a name or a path, and `improv` or a model's spec.

    `UsageError` if that model cannot be used as things are.
    """
    name, at, mind = text.partition("@")
    read = Variant(text, load_card(name), mind if at else "improv", str(find_card(name)))
    wrong = "" if read.mind == "improv" else usable(read.mind)
    if wrong:
        raise UsageError(wrong)
    return read


def prompting(one: Variant, two: Variant) -> Prompting | None:
    """Say how the prompts of two variants differ; None if none are brought, or one needs none."""
    if "improv" in (one.mind, two.mind):
        return None
    (first, stands_in), (second, other) = _read(one), _read(two)
    folders = first.options.prompts, second.options.prompts
    if not any(folders):
        return None
    names = apart(prompts_of(first), prompts_of(second))
    alone = (one.file, stands_in, _but_for_prompts(first)) == (two.file, other, _but_for_prompts(second))
    return Prompting(*folders, tuple(f"{name}.md" for name in _IN_THE_PART if name in names), alone)


def _read(who: Variant) -> tuple[Spec, str]:
    """Give the spec of a variant's model, and of what stands in for it."""
    spec, _, stands_in = who.mind.partition(",")
    return read_spec(spec.strip()), stands_in


def _but_for_prompts(spec: Spec) -> Spec:
    return spec._replace(address=spec.address.partition("?")[0], options=replace(spec.options, prompts=""))


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
