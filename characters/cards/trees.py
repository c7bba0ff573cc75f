"""Raw trees of one version made into another: nothing in them is dropped, only moved to where the version has it."""

from pydantic import JsonValue

from characters.cards.fields import FIRST, FOREIGN, version_of
from characters.cards.reading import Tree

__all__ = ["data_of", "downgraded", "upgraded"]

_SPEC = {2: ("chara_card_v2", "2.0"), 3: ("chara_card_v3", "3.0")}
_EMPTY: dict[str, JsonValue] = {
    **dict.fromkeys(FIRST, ""),
    **dict.fromkeys(("creator_notes", "system_prompt", "post_history_instructions"), ""),
    "alternate_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "",
    "extensions": {},
}
NOTE = "This is a copy for programs of the second version; the third, beside it, holds more."
"""Put before the creator's notes where a card is written down a version, as the third version's text asks."""


def data_of(tree: Tree) -> Tree:
    """Give the mapping that holds a tree's fields."""
    data = tree.get("data")
    return data if isinstance(data, dict) else tree


def upgraded(tree: Tree, version: int) -> Tree:
    """Give the tree as one of this version or a later one: unchanged if it is one already."""
    now = version_of(tree)
    spec = str(tree.get("spec", ""))
    if now >= version and spec:
        return tree
    target = max(now, version)
    name, number = _SPEC[target]
    if now == 1:
        fields = {
            field: value for field, value in tree.items() if field not in ("spec", "spec_version", "data")
        }
        named = {new: fields[old] for old, new in FOREIGN.items() if old in fields and not fields.get(new)}
        data: Tree = {**_EMPTY, **fields, **named}
    else:
        data = dict(data_of(tree))
    if target == 3:
        data.setdefault("group_only_greetings", [])
        data = _with_patterns(data)
    rest = (
        {}
        if now == 1
        else {field: value for field, value in tree.items() if field not in ("spec", "spec_version")}
    )
    return {"spec": name, "spec_version": number, **rest, "data": data}


def downgraded(tree: Tree) -> Tree:
    """Give the tree as one of the second version, for programs that know no other; a note says so in it."""
    tree = upgraded(tree, 2)
    if version_of(tree) == 2:
        return tree
    data = dict(data_of(tree))
    notes = data.get("creator_notes")
    notes = notes if isinstance(notes, str) else ""
    data["creator_notes"] = notes if notes.startswith(NOTE) else f"{NOTE}\n\n{notes}".rstrip()
    book = data.get("character_book")
    entries = book.get("entries") if isinstance(book, dict) else None
    if isinstance(book, dict) and isinstance(entries, list):
        data["character_book"] = {**book, "entries": [_undecorated(entry) for entry in entries]}
    name, number = _SPEC[2]
    return {**tree, "spec": name, "spec_version": number, "data": data}


def _with_patterns(data: Tree) -> Tree:
    """Say of each lore entry whether its keys are patterns, which the third version wants said."""
    book = data.get("character_book")
    entries = book.get("entries") if isinstance(book, dict) else None
    if not isinstance(book, dict) or not isinstance(entries, list):
        return data
    said: list[JsonValue] = [
        {**entry, "use_regex": False} if isinstance(entry, dict) and "use_regex" not in entry else entry
        for entry in entries
    ]
    return {**data, "character_book": {**book, "entries": said}}


def _undecorated(entry: JsonValue) -> JsonValue:
    content = entry.get("content") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(content, str) or not content.lstrip().startswith("@@"):
        return entry
    lines = content.lstrip().split("\n")
    used = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("@@")), len(lines))
    return {**entry, "content": "\n".join(lines[used:])}
