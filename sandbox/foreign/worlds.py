"""Worlds from elsewhere, written as ours: a world file, and a folder of its characters beside it.

    LIGHT graph          {"nodes": {…}}                                       what LIGHT's world builder saves
    LIGHT environment    {"rooms": …, "characters": …, "objects": …}          the records of LIGHT's data set, as JSON
    TextWorld game       {"world": […], "infos": […], "quests": […]}          the `.json` beside a TextWorld game

What has no counterpart here is left out, and said.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from characters.cards.keeping import as_yaml
from characters.profile import Card
from sandbox.story import clean
from worlds.errors import InputError, UsageError
from worlds.spec import World

__all__ = ["Ids", "Imported", "Loose", "import_world", "keep_world", "said", "shaped"]

MOST = 64_000_000
"""Bytes of a file that is read."""

_LONG = 2000
_TAKEN = frozenset({"actor", "target", "beat", "turn", "round", "day", "hour", "struggle", "done", "dropped"})
"""Ids that mean something in conditions."""


class Imported(NamedTuple):
    """A world read from elsewhere."""

    world: World
    cards: tuple[Card, ...]
    notes: tuple[str, ...]
    """What was left out or had to be made up."""


class Loose(BaseModel):
    """A shape of somebody else's: what we do not read is let be."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_Shape = TypeVar("_Shape", bound=BaseModel)


class Ids:
    """Gives ids of ours to names of theirs: small letters, and each only once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """Keep clear of ids that are taken."""
        self._given: dict[str, str] = {}
        self._used = {*taken, *_TAKEN}

    def __getitem__(self, theirs: str) -> str:
        return self._given[theirs]

    def __contains__(self, theirs: str) -> bool:
        return theirs in self._given

    def get(self, theirs: str) -> str:
        """Give the id of one of theirs; empty if it has none."""
        return self._given.get(theirs, "")

    def give(self, theirs: str, name: str) -> str:
        """Give the id for one of theirs, made of its name."""
        if theirs not in self._given:
            self._given[theirs] = self.fresh(name)
        return self._given[theirs]

    def fresh(self, name: str) -> str:
        """Give an id nothing has yet."""
        word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40].strip("_") or "it"
        word = word if word[0].isalpha() else f"n_{word}"
        id_, number = word, 1
        while id_ in self._used:
            number += 1
            id_ = f"{word}_{number}"
        self._used.add(id_)
        return id_


def import_world(path: Path) -> Imported:
    """Read a world of another program; `InputError` says what is wrong with it, `UsageError` that it is not there."""
    from sandbox.foreign.worlds_light import from_graph  # noqa: PLC0415 - they build on this
    from sandbox.foreign.worlds_light_records import from_environment  # noqa: PLC0415 - the same
    from sandbox.foreign.worlds_textworld import from_game  # noqa: PLC0415 - the same

    data = _read(path)
    forms: Sequence[tuple[tuple[str, ...], Callable[[Mapping[str, Any], Path], Imported]]] = (
        (("nodes",), from_graph),
        (("rooms", "characters", "objects"), from_environment),
        (("world", "infos"), from_game),
    )
    for keys, read in forms:
        if all(key in data for key in keys):
            return read(data, path)
    found = ", ".join(map(str, list(data)[:6])) or "nothing"
    raise InputError(
        f"{path}: neither a LIGHT world nor a TextWorld game by its keys ({found}); give a JSON file of one"
    )


def keep_world(read: Imported, out: Path, *, force: bool = False) -> list[Path]:
    """Write a world file and its characters beside it; `UsageError` rather than write over anything."""
    texts = {out: _yaml(read.world)}
    texts |= {out.parent / "characters" / f"{card.id}.yaml": as_yaml(card) for card in read.cards}
    there = [path for path in texts if path.exists()]
    if there and not force:
        raise UsageError(f"{there[0]} exists already; choose another --out, or give --force to write over it")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def shaped(data: object, shape: type[_Shape], where: str) -> _Shape:
    """Read data into a shape; `InputError` names the place and what is wrong there."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        spot = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{where}{f': {spot}' if spot else ''}: {first['msg']}; mend it there and try again"
        ) from error


def said(*parts: str | None) -> str:
    """Put texts together as sentences of one line, without what a terminal would obey."""
    whole = []
    for part in parts:
        text = " ".join(clean(part or "").split())[:_LONG]
        if text:
            whole.append(text if text[-1] in '.!?”"’)' else f"{text}.")
    return " ".join(whole)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MOST:
            raise InputError(f"{path}: the file has more than {MOST} bytes; a world is smaller")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: a world is an object, not {type(data).__name__}")
    return data


def _yaml(world: World) -> str:
    data = world.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
