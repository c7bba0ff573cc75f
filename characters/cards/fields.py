"""A card's fields, whatever version and program they come from: the raw tree read leniently, repairs told."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from characters.cards.limits import LIMITS, Limits
from characters.cards.reading import CardFile, Tree
from characters.cards.repairs import Repairs
from worlds.errors import CardError

__all__ = ["FIRST", "FOREIGN", "Fields", "fields_of", "is_card", "version_of"]

FIRST = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
"""The fields of the first version, all of them text."""

_LATER = (
    "creator_notes",
    "system_prompt",
    "post_history_instructions",
    "creator",
    "character_version",
    "nickname",
)
_LISTS = ("alternate_greetings", "group_only_greetings", "tags", "source")

FOREIGN = {
    "char_name": "name",
    "char_persona": "description",
    "world_scenario": "scenario",
    "char_greeting": "first_mes",
    "example_dialogue": "mes_example",
    "context": "description",
    "greeting": "first_mes",
}
"""Pygmalion's and Gradio's names, and those of SillyTavern's YAML, with the usual ones."""

_SPECS = {"chara_card_v2": 2, "chara_card_v3": 3}


class Fields(NamedTuple):
    """What a card says."""

    name: str
    text: Mapping[str, str]
    """Every text field by its name in the third version; empty where it is missing."""
    lists: Mapping[str, tuple[str, ...]]
    """`alternate_greetings`, `group_only_greetings`, `tags`, `source`."""
    extensions: Tree
    book: JsonValue
    """The lorebook as it stands; None if there is none."""
    assets: tuple[Tree, ...]
    version: int
    """1, 2 or 3."""


def is_card(tree: Tree) -> bool:
    """Whether a raw tree is that of a card, as opposed to a lorebook, a chat or anything else."""
    data = tree.get("data")
    inner = data if isinstance(data, dict) else {}
    if str(tree.get("spec", "")).lower().startswith("lorebook") or (
        "entries" in tree and "first_mes" not in tree
    ):
        return False
    known = {*FIRST, *FOREIGN} - {"name", "context"}
    named = {"name", "context"} <= tree.keys()
    return (
        named or not known.isdisjoint(tree) or not known.isdisjoint(inner) or str(tree.get("spec")) in _SPECS
    )


def version_of(tree: Tree) -> int:
    """Give the version a raw tree is of, by its form: 1 where the fields stand at the top."""
    if not isinstance(tree.get("data"), dict):
        return 1
    # Whatever comes after the third version is likely to be an extension of it.
    later = re.search(r"_v([1-9])\d*$", str(tree.get("spec"))[:40].lower())
    return max(2, min(int(later[1]), 3)) if later else 2


def fields_of(file: CardFile, repairs: Repairs, limits: Limits = LIMITS) -> Fields:
    """Read a card's fields; `CardError` if it is no card. What is wrong in it is repaired and told."""
    tree = file.tree
    if not is_card(tree):
        raise CardError(f"{file.path}: holds no character: no name, description or greeting is in it")
    data = _data(tree, repairs)
    where = "data." if data is not tree else ""
    reader = _Reader(data, where, repairs, limits)
    text = {field: reader.text(field) for field in (*FIRST, *_LATER)}
    if not text["name"].strip():
        repairs.add("field.name", f"{where}name", "", file.path.stem)
    book = data.get("character_book")
    if book is None and data is not tree and tree.get("character_book") is not None:
        book = tree["character_book"]
        repairs.add("book.root", "character_book")
    elif "character_book" in data and book is None:
        repairs.add("field.null", f"{where}character_book")
    return Fields(
        name=text["name"].strip() or file.path.stem.partition(".")[0].strip() or "Nobody",
        text=text,
        lists={field: reader.items(field) for field in _LISTS},
        extensions=reader.mapping("extensions"),
        book=book,
        assets=reader.assets(),
        version=version_of(tree),
    )


def _data(tree: Tree, repairs: Repairs) -> Tree:
    """Find the mapping that holds the fields, and say what is odd about where it is."""
    spec = str(tree.get("spec", "")).lower()
    data = tree.get("data")
    if not isinstance(data, dict):
        flat = _renamed(tree, repairs)
        repairs.add("spec.flat" if spec else "spec.v1", "spec" if spec else "the card", spec)
        return flat
    if not spec:
        repairs.add("spec.missing", "spec")
    elif spec not in _SPECS:
        repairs.add("spec.unknown", "spec", spec)
    _newer(tree, spec, repairs)
    for field in FIRST:
        if isinstance(tree.get(field), str) and field in data and tree[field] != data[field]:
            repairs.add("spec.disagree", field, tree[field], data[field])
    return _renamed(data, repairs)


def _newer(tree: Tree, spec: str, repairs: Repairs) -> None:
    try:
        version = float(str(tree.get("spec_version") or "0"))
    except ValueError:
        repairs.add("field.text", "spec_version", tree.get("spec_version"), "no number")
        return
    if version >= _SPECS.get(spec, 3) + 1:
        repairs.add("spec.newer", "spec_version", tree.get("spec_version"))


def _renamed(data: Tree, repairs: Repairs) -> Tree:
    """Take another program's names for the usual ones; the tree itself stays as it is."""
    missing = {new: old for old, new in FOREIGN.items() if old in data and not data.get(new)}
    for new, old in missing.items():
        repairs.add("spec.foreign", old, old, new)
    return {**data, **{new: data[old] for new, old in missing.items()}} if missing else data


class _Reader:
    """Reads fields of any type as what they should be."""

    def __init__(self, data: Tree, where: str, repairs: Repairs, limits: Limits) -> None:
        self.data, self.where, self.repairs, self.limits = data, where, repairs, limits

    def text(self, field: str) -> str:
        value, where = self.data.get(field, ""), f"{self.where}{field}"
        if value is None:
            self.repairs.add("field.null", where)
            return ""
        if isinstance(value, list):
            self.repairs.add("field.text", where, value)
            value = "\n".join(item for item in value if isinstance(item, str))
        elif not isinstance(value, str):
            self.repairs.add("field.text", where, value)
            value = "" if isinstance(value, dict) else str(value)
        if len(value) > self.limits.field:
            self.repairs.add("field.long", where, f"{len(value):,} characters")
            value = value[: self.limits.field]
        return value

    def items(self, field: str) -> tuple[str, ...]:
        value, where = self.data.get(field), f"{self.where}{field}"
        if value is None:
            if field in self.data:
                self.repairs.add("field.null", where)
            return ()
        if isinstance(value, str) and field == "tags":
            self.repairs.add("field.tags", where, value)
            return tuple(part.strip() for part in value.split(",") if part.strip())[:1000]
        if not isinstance(value, list):
            self.repairs.add("field.list", where, value)
            value = [value] if isinstance(value, str) and value else []
        texts = tuple(item[: self.limits.field] for item in value[:1000] if isinstance(item, str))
        if len(texts) < len(value):
            rule = "field.many" if len(value) > len(texts) >= 1000 else "field.text"
            self.repairs.add(rule, where, value, f"{len(texts)} texts")
        return texts

    def mapping(self, field: str) -> Tree:
        value = self.data.get(field, {})
        if isinstance(value, dict):
            return value
        self.repairs.add("field.null" if value is None else "field.mapping", f"{self.where}{field}", value)
        return {}

    def assets(self) -> tuple[Tree, ...]:
        value = self.data.get("assets")
        if value is not None and not isinstance(value, list):
            self.repairs.add("field.list", f"{self.where}assets", value)
        return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
