"""Lore: that each entry can come to somebody's mind, and is for those who are here."""

from collections import Counter
from collections.abc import Iterator

from worlds.checks.ground import Finding, Ground, Path, dangling
from worlds.conditions import parse
from worlds.errors import InputError
from worlds.lore import Lore, Lorebook

__all__ = ["find"]


def find(ground: Ground) -> Iterator[Finding]:
    """Find lore that nobody can know or that nothing brings to mind."""
    yield from _book(ground, ground.world.lore)
    for character in ground.cast:
        for finding in _book(ground, character.lore):
            yield finding._replace(of=character.id)
        for i, entry in enumerate(character.lore.entries):
            yield from _readable(("lore", "entries", i, "when"), entry, character.id)


def _book(ground: Ground, book: Lorebook) -> Iterator[Finding]:
    counts = Counter(entry.id for entry in book.entries)
    for i, entry in enumerate(book.entries):
        path: Path = ("lore", "entries", i)
        if counts[entry.id] > 1:
            what = f"two entries have the id `{entry.id}`"
            yield Finding("error", (*path, "id"), what, "give each an id of its own")
        if not entry.keys and not entry.constant:
            what = f"nothing brings `{entry.id}` to mind"
            yield Finding("warning", path, what, "give it `keys`, or `constant: true`")
        known = ground.people | ground.secrets.keys()
        for j, name in enumerate(entry.known_by):
            for finding in dangling((*path, "known_by", j), name, known, "character or secret"):
                # A character may well come with lore for people of another world.
                yield finding._replace(severity="error" if book is ground.world.lore else "warning")


def _readable(path: Path, entry: Lore, of: str) -> Iterator[Finding]:
    """Find conditions of a character's own lore that do not read; whether they mean something is the world's to say."""
    for j, text in enumerate(entry.when):
        try:
            parse(text)
        except InputError as error:
            what, _, mend = str(error).partition(";")
            yield Finding("error", (*path, j), what, mend.strip(), of)
