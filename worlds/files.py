"""World files: where they are, what is wrong with one, and the `World` in it."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from worlds.errors import InputError, UsageError
from worlds.source import Source, read
from worlds.spec import World
from worlds.wrongs import meant, schema_of, spell, wrongs

__all__ = [
    "Source",
    "find",
    "find_world",
    "load_world",
    "names_in",
    "read",
    "schema_of",
    "validate",
    "world_names",
    "world_schema",
]

STAGES = Path(__file__).parent / "stages"
"""Where the bundled worlds are."""

SUFFIXES = (".yaml", ".yml", ".json")
MOST = 20
"""How many errors of one file are listed."""

_Model = TypeVar("_Model", bound=BaseModel)


def world_names() -> tuple[str, ...]:
    """Name the bundled worlds."""
    return names_in(STAGES)


def find_world(name: str | Path) -> Path:
    """Give the file of a bundled world, or of a path as it is; `UsageError` for a name nobody knows."""
    return find(name, STAGES, "world")


def load_world(name: str | Path) -> World:
    """Read a world by name or path; `UsageError` if it is not found, `InputError` if it is no world."""
    return validate(read(find_world(name)), World)


def world_schema() -> dict[str, JsonValue]:
    """Give the JSON Schema of world files."""
    return schema_of(World)


def names_in(directory: Path) -> tuple[str, ...]:
    """Name the authoring files in a directory, without their suffixes, sorted."""
    if not directory.is_dir():
        return ()
    return tuple(sorted({file.stem for file in directory.iterdir() if file.suffix in SUFFIXES}))


def find(name: str | Path, directory: Path, kind: str) -> Path:
    """Give the file called `name` in a directory, or the path itself if `name` is one.

    What holds a slash or has a suffix is a path. Anything else is a name: `UsageError` lists those there are.
    """
    path = Path(name)
    if path.suffix or len(path.parts) != 1 or path.is_absolute():
        return path
    for suffix in SUFFIXES:
        file = directory / f"{path.name}{suffix}"
        if file.is_file():
            return file
    known = names_in(directory)
    there = f"choose from {', '.join(known)}" if known else "none is bundled"
    raise UsageError(
        f"there is no {kind} called {path.name!r}{meant(path.name, known)} "
        f"({there}, or give a path such as ./{path.name}.yaml)"
    )


def validate(source: Source, model: type[_Model]) -> _Model:
    """Read a file's data into a model; `InputError` lists what is wrong, each with its line and its mend."""
    if not isinstance(source.data, dict):
        found = "a list" if isinstance(source.data, list) else "a single value"
        kind = model.__name__.lower()
        raise InputError(f"{source.path}:{source.line()}: a {kind} is a mapping of fields, not {found}")
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        whats = wrongs(source.data, model, error.errors(include_url=False))
        lines = [
            f"{source.path}:{source.line(where)}: {spell(where) or 'file'}: {what}"
            for where, what in sorted(whats.items(), key=lambda entry: source.line(entry[0]))
        ]
        more = [f"{source.path}: and {len(lines) - MOST} more"] if len(lines) > MOST else []
        raise InputError("\n".join([*lines[:MOST], *more])) from error
