"""Lorebooks of other programs, read into ours.

Cards' own, the third version's files, SillyTavern's world info, NovelAI's, Agnai's and Risu's: a small table says what
is called how, the rest is one reader.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from characters.cards.limits import LIMITS, Limits
from characters.cards.naming import free, slug
from characters.cards.repairs import Repairs
from characters.lore.decorators import decorated
from characters.lore.entries import Given
from characters.lore.patterns import problem, split
from worlds.errors import CardError
from worlds.lore import Logic, Lore, Lorebook

__all__ = ["is_book", "joined", "known_by", "read_book"]

_Tree = Mapping[str, JsonValue]

_USUAL = {
    "key": "keys", "keysecondary": "secondary_keys", "order": "insertion_order", "uid": "id", "comment": "name",
    "text": "content", "displayname": "name", "forceactivation": "constant", "searchrange": "scan_depth",
    "entry": "content", "keywords": "keys", "secondkey": "secondary_keys", "insertorder": "insertion_order",
    "alwaysactive": "constant", "activationpercent": "probability",
}  # fmt: skip
"""What others call the fields of an entry, in lower case, with their names in cards."""

_TOTAL, _KEYS = 1_000_000, 50_000
"""Characters and keys that a book's entries may have together: it has to fit into a character file."""
_PATTERNS = 200
"""How many keys of one book may be patterns."""
_LOGIC: tuple[Logic, ...] = ("any", "not_all", "not_any", "all")


def is_book(tree: _Tree) -> bool:
    """Whether a raw tree is that of a lorebook."""
    data = tree.get("data")
    entries = tree.get("entries", data.get("entries") if isinstance(data, dict) else None)
    return isinstance(entries, list | dict) or (tree.get("type") == "risu" and isinstance(data, list))


def read_book(tree: JsonValue, where: str, repairs: Repairs, limits: Limits = LIMITS) -> Lorebook:
    """Read a lorebook of any kind; what is wrong in it is repaired and told. `CardError` if it is none."""
    if not isinstance(tree, dict):
        raise CardError(f"{where} is no lorebook; one is a mapping with `entries`")
    data = tree.get("data")
    if isinstance(data, dict) and "entries" not in tree:
        tree = data
    found = tree.get("entries", data if isinstance(data, list) else None)
    rows = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise CardError(f"{where} is no lorebook; it holds no `entries`")
    if len(rows) > limits.entries:
        repairs.add("field.many", f"{where}.entries", f"{len(rows):,}", f"{limits.entries:,}")
    given = Given(tree, where, repairs)
    return Lorebook(
        entries=tuple(_Entries(where, repairs, limits).read(rows[: limits.entries])),
        depth=given.whole("scan_depth", Lorebook().depth),
        budget=given.whole("token_budget", 0),
        recursive=given.flag("recursive_scanning", usual=True),
    )


def joined(books: list[Lorebook]) -> Lorebook:
    """Make one book of several: all entries, and of their settings the widest."""
    ids: dict[str, int] = {}
    entries = (entry for book in books for entry in book.entries)
    return Lorebook(
        entries=tuple(entry.model_copy(update={"id": free(entry.id, ids)}) for entry in entries),
        depth=max((book.depth for book in books), default=Lorebook().depth),
        budget=max((book.budget for book in books), default=0) if all(book.budget for book in books) else 0,
        recursive=any(book.recursive for book in books) or not books,
    )


def known_by(book: Lorebook, who: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Lorebook:
    """Give a book whose entries are known by others: `who` says by whom instead."""
    entries = tuple(
        entry.model_copy(update={"known_by": who(entry.known_by)}) if entry.known_by else entry
        for entry in book.entries
    )
    return book.model_copy(update={"entries": entries})


class _Entries:
    """Reads the entries of one book."""

    def __init__(self, where: str, repairs: Repairs, limits: Limits) -> None:
        self.where, self.repairs, self.limits = where, repairs, limits
        self.taken: dict[str, int] = {}
        self.length = self.keyed = 0
        self.patterns = 0

    def read(self, rows: list[JsonValue]) -> Iterator[Lore]:
        for number, row in enumerate(rows):
            where = f"{self.where}.entries[{number}]"
            if not isinstance(row, dict):
                self.repairs.add("lore.skipped", where, row)
                continue
            entry = self.entry(Given(_usual(row), where, self.repairs), where)
            self.length += len(entry.text)
            self.keyed += len(entry.keys) + len(entry.also)
            if self.length > _TOTAL or self.keyed > _KEYS:
                self.repairs.add("field.many", f"{self.where}.entries", f"from {number} on left out")
                return
            yield entry

    def entry(self, given: Given, where: str) -> Lore:
        content = given.text("content")
        if len(content) > self.limits.field:
            self.repairs.add("field.long", f"{where}.content", f"{len(content):,} characters")
        text, asked = decorated(content[: self.limits.field], where, self.repairs)
        keys = self.keys(given, "keys", where)
        selective = given.flag("selective", usual=bool(given.value("secondary_keys"))) is not False
        name = given.text("name") or (keys[0] if keys else "") or given.text("id")
        fields: dict[str, Any] = {
            "id": free(slug(name, "entry"), self.taken),
            "text": text,
            "also": self.keys(given, "secondary_keys", where) if selective else (),
            "logic": _LOGIC[given.whole("selective_logic", 0) % 4],
            **given.plain(),
            **given.known_by(),
            **asked,
        }
        fields["keys"] = (*keys, *asked.get("keys", ()))
        given.remark()
        return Lore(**fields)

    def keys(self, given: Given, field: str, where: str) -> tuple[str, ...]:
        """Read keys. Patterns are written between slashes; anything else is words, whatever `use_regex` says."""
        kept = []
        plain = 0
        for key in given.texts(field):
            if split(key):
                self.patterns += 1
                why = problem(key) if self.patterns <= _PATTERNS else f"there are more than {_PATTERNS}"
                if why:
                    self.repairs.add("lore.pattern", f"{where}.{field}", key, why)
                    continue
            plain += not split(key)
            kept.append(key)
        if plain and given.flag("use_regex", usual=False):
            self.repairs.add("lore.plain", f"{where}.{field}", kept[0])
            if given.flag("constant", usual=False):
                self.repairs.add("lore.regex_flags", f"{where}.constant")
        return tuple(kept)


def _usual(row: _Tree) -> dict[str, JsonValue]:
    """Give an entry under the names that cards use, everything that is an extension there beside them."""
    extensions = row.get("extensions")
    context = row.get("contextConfig")
    inner = {**(extensions if isinstance(extensions, dict) else {})}
    if isinstance(context, dict) and "budgetPriority" in context:
        inner["insertion_order"] = context["budgetPriority"]
    made = {_snake(name): value for name, value in inner.items()}
    made["place"] = made.pop("position", None)
    for name, value in row.items():
        made[_USUAL.get(name.lower(), _snake(name))] = value
    if "disable" in row:
        made["enabled"] = not row["disable"]
    return made


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[:80]).lower()
