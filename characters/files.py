"""Character files: where they are, and the `Card` in each. Cards of other programs are read as they are met."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue

from characters.cards.fields import is_card
from characters.cards.importing import Imported, import_card
from characters.cards.reading import is_card_file, read_file
from characters.profile import Card
from worlds.errors import CardError, InputError, UsageError
from worlds.files import find, names_in, read, schema_of, validate
from worlds.spec import Character, World

__all__ = [
    "card_schema",
    "character_names",
    "find_card",
    "foreign_card",
    "load_card",
    "load_cast",
]

CAST = Path(__file__).parent / "cast"
"""Where the bundled characters are."""

BESIDE = ("characters", "cast")
"""Directories beside a world file in which its own characters are looked for."""

HERE = Path("characters")
"""Directory in the current one in which imported and own characters are looked for."""


def character_names() -> tuple[str, ...]:
    """Name the bundled characters."""
    return names_in(CAST)


def card_schema() -> dict[str, JsonValue]:
    """Give the JSON Schema of character files."""
    return schema_of(Card)


def find_card(name: str | Path, base: Path | None = None) -> Path:
    """Give the file of a character: a path as it is, a name from beside a world file, from here, or a bundled one.

    `base` is the world file, or its directory. `UsageError` for a name nobody knows.
    """
    if base is not None:
        home = base if base.is_dir() else base.parent
        for directory in (home / beside for beside in BESIDE):
            if str(name) in names_in(directory):
                return find(name, directory, "character")
    if str(name) in names_in(HERE):
        return find(name, HERE, "character")
    return find(name, CAST, "character")


def load_card(name: str | Path, base: Path | None = None) -> Card:
    """Read a character by name or path.

    `UsageError` if it is not found; `InputError` if it is no character, or goes by another id than its file. A card of
    another program is imported by rules, and goes by its own name.
    """
    path = find_card(name, base)
    foreign = foreign_card(path)
    if foreign is not None:
        return foreign.card
    source = read(path)
    card = validate(source, Card)
    if path != Path(name) and card.id != path.stem:
        line = source.line(("id",))
        raise InputError(
            f"{path}:{line}: id: is {card.id!r}; a character is called by its file, {path.stem!r}"
        )
    return card


def foreign_card(path: Path) -> Imported | None:
    """Read a card of another program; None if the file is one of ours, or no card at all. `CardError` if damaged."""
    if is_card_file(path):
        return import_card(read_file(path))
    if path.suffix.lower() != ".json":
        return None
    try:
        file = read_file(path)
    except CardError:
        # Whatever is wrong with a file of ours is told with its line by our own reader.
        return None
    return import_card(file) if "core" not in file.tree and is_card(file.tree) else None


def load_cast(world: World, ids: Iterable[str] = (), base: Path | None = None) -> tuple[Character, ...]:
    """Read the characters of a run, in order: those named, or the world's own cast.

    `base` is the file the world was read from. Errors are those of `load_card`, and `UsageError` if one comes
    twice.
    """
    cast: list[Character] = []
    for name in ids or tuple(world.cast):
        character = load_card(name, base).character()
        if any(character.id == other.id for other in cast):
            raise UsageError(f"{character.id!r} is in the cast twice; name each character once")
        cast.append(character)
    return tuple(cast)
