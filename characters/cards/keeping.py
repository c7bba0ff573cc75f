"""Imported characters in a folder: `elf.yaml` is the profile, `elf.card` the file it came from, byte for byte.

The profile is the author's to edit. The card beside it is what `export` starts from, so that nothing in it is lost.
"""

import re
import shutil
from pathlib import Path

import yaml

from characters.cards.importing import Imported, import_card
from characters.cards.reading import CardFile, is_card_file, read_file
from characters.cards.repairs import brief
from characters.profile import Card
from worlds.errors import UsageError
from worlds.lore import Lorebook

__all__ = ["ORIGIN", "as_yaml", "keep", "keep_lore", "origin_of", "unchanged"]

_NUMBER = re.compile(r"[-+]?[0-9.][0-9.eE+-]*")
"""Text that could be taken for a number."""

ORIGIN = ".card"
"""Suffix of the file a character came from."""


def keep(read: Imported, folder: Path, *, force: bool = False) -> Path:
    """Write a character and the card it came from; `UsageError` rather than write over another one."""
    path = folder / f"{read.card.id}.yaml"
    origin = path.with_suffix(ORIGIN)
    came = brief(read.file.path.name)
    _put(
        path,
        f"# Imported from {came}; `sandbox cards export` gives it back.\n{as_yaml(read.card)}",
        force=force,
    )
    if origin.resolve() != read.file.path.resolve():
        shutil.copyfile(read.file.path, origin)
    return path


def keep_lore(book: Lorebook, path: Path, *, force: bool = False) -> Path:
    """Write a lorebook as `lore:`, to be put into a world or character file."""
    _put(path, _dumped({"lore": book.model_dump(mode="json", exclude_defaults=True)}), force=force)
    return path


def _put(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; choose another --out, or give --force to write over it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); choose another --out") from error


def as_yaml(card: Card) -> str:
    """Write a character file."""
    data = card.model_dump(mode="json", exclude_defaults=True)
    return _dumped({**data, "core": data.get("core", {})})


def origin_of(path: Path) -> CardFile | None:
    """Give the card a character file came from; None if there is none beside it."""
    if is_card_file(path):
        return read_file(path)
    origin = path.with_suffix(ORIGIN)
    return read_file(origin) if origin.is_file() else None


def unchanged(card: Card, origin: CardFile) -> bool:
    """Whether a character is just what its card makes of itself."""
    return import_card(origin, name=card.id).card == card


class _Dumper(yaml.SafeDumper):
    """Writes YAML that is read the same by YAML's 1.1 and 1.2 rules."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    quoted = '"' if _NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


_Dumper.add_representer(str, _text)


def _dumped(data: object) -> str:
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
