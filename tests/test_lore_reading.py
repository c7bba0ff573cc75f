"""Lorebooks of other programs, read into ours."""

from typing import Any

import pytest

from characters.cards.repairs import Repairs
from characters.lore import is_book, read_book
from characters.lore.decorators import decorated
from worlds.errors import CardError
from worlds.lore import FOREVER

WORLD_INFO: dict[str, Any] = {
    "entries": {
        "7": {
            "uid": 7, "key": ["bell", "/b.ll/i"], "keysecondary": ["tower"], "comment": "The Bell",
            "content": "Cracked.", "constant": False,
            "selective": True, "selectiveLogic": 2, "order": 30, "position": 4, "disable": False,
            "probability": 40, "useProbability": True, "depth": 4, "group": "sounds, more", "groupOverride": True,
            "groupWeight": 70, "scanDepth": 9, "caseSensitive": True, "matchWholeWords": None, "sticky": 2,
            "cooldown": 3, "delay": 1, "excludeRecursion": True, "preventRecursion": True,
            "delayUntilRecursion": False, "vectorized": True, "outletName": "",
            "characterFilter": {"isExclude": False, "names": ["Élise the Tall"], "tags": []},
        },
        "8": {"uid": 8, "key": [], "content": "Off.", "disable": True, "constant": True, "position": 0},
    }
}  # fmt: skip


def test_sillytaverns_world_info_is_read_whole() -> None:
    """Every setting that means something here finds its field; the others are told."""
    repairs = Repairs()
    bell, off = read_book(WORLD_INFO, "book", repairs).entries
    wanted = {
        "id": "the_bell", "text": "Cracked.", "keys": ["bell", "/b.ll/i"], "also": ["tower"], "logic": "not_any",
        "order": 30, "place": "late", "chance": 0.4, "group": "sounds", "chosen": True, "weight": 70, "depth": 9,
        "case": True, "sticky": 2, "cooldown": 3, "delay": 1, "found_by_lore": False, "finds_lore": False,
        "known_by": ["elise_the_tall"],
    }  # fmt: skip
    assert bell.model_dump(mode="json", exclude_defaults=True) == wanted
    assert (off.enabled, off.constant, off.place) == (False, True, "before")
    assert {repair.rule for repair in repairs} == {"lore.vector", "lore.filter"}


def test_the_extension_knows_the_position_better() -> None:
    """Exports fold all positions but one into `after_char`; the true one is in the extension."""
    entry: dict[str, Any] = {
        "keys": ["a"],
        "content": "x",
        "position": "after_char",
        "extensions": {"position": 4, "selectiveLogic": 3},
    }
    (read,) = read_book({"entries": [entry]}, "book", Repairs()).entries
    assert (read.place, read.logic) == ("late", "all")


def test_patterns_by_name_only_are_words() -> None:
    """`use_regex` with a plain key is a word, and constant and second keys are honoured all the same."""
    repairs = Repairs()
    entry: dict[str, Any] = {
        "keys": ["b.ll"],
        "secondary_keys": ["rope"],
        "use_regex": True,
        "constant": True,
        "content": "x",
    }
    (read,) = read_book({"entries": [entry]}, "book", repairs).entries
    assert (read.keys, read.also, read.constant) == (("b.ll",), ("rope",), True)
    assert {repair.rule for repair in repairs} == {"lore.plain", "lore.regex_flags"}


@pytest.mark.parametrize(
    "book",
    [
        {"lorebookVersion": 4, "entries": [{"text": "T", "displayName": "N", "keys": ["k"], "forceActivation": True,
                                            "contextConfig": {"budgetPriority": 400}, "enabled": True}]},
        {"kind": "memory", "entries": [{"name": "N", "entry": "T", "keywords": ["k"], "weight": 1, "enabled": True}]},
        {"type": "risu", "ver": 1, "data": [{"key": "k", "content": "T", "insertorder": 400, "alwaysActive": True,
                                             "comment": "N", "activationPercent": 100}]},
        {"spec": "lorebook_v3", "data": {"entries": [{"keys": ["k"], "content": "T", "name": "N"}]}},
    ],
)  # fmt: skip
def test_books_of_other_programs_are_read(book: dict[str, Any]) -> None:
    """NovelAI, Agnai, Risu and the third version's files say the same in other words."""
    assert is_book(book)
    (entry,) = read_book(book, "book", Repairs()).entries
    assert (entry.id, entry.text, entry.keys) == ("n", "T", ("k",))


def test_decorators_become_fields() -> None:
    """Decorators are taken off; those that mean something here are done, fallbacks only where they are needed."""
    repairs = Repairs()
    content = (
        "@@activate_only_after 3\n@@nonsense 1\n@@@scan_depth 5\n@@@depth 1\n@@additional_keys a, b\n"
        "@@exclude_keys c\n\n@@keep_activate_after_match\n\nThe bell.\n@@depth 4 stays text"
    )
    text, made = decorated(content, "entry", repairs)
    assert text == "The bell.\n@@depth 4 stays text"
    assert made == {"delay": 3, "depth": 5, "keys": ("a", "b"), "unless": ("c",), "sticky": FOREVER}
    assert [repair.before for repair in repairs] == ["@@nonsense 1"]


def test_a_book_has_bounds() -> None:
    """Ten thousand entries are read, more are told of; what is no book is refused."""
    repairs = Repairs()
    book: dict[str, Any] = {"entries": [{"keys": ["k"], "content": "T"}] * 10_003}
    assert len(read_book(book, "book", repairs).entries) == 10_000
    assert [repair.rule for repair in repairs] == ["field.many"]
    patterns: dict[str, Any] = {"entries": [{"keys": [f"/a{n}/"], "content": "T"} for n in range(205)]}
    repairs = Repairs()
    read_book(patterns, "book", repairs)
    assert sum(repair.rule == "lore.pattern" for repair in repairs) == 5
    wrongs: tuple[Any, ...] = ({}, {"entries": 3}, [], None)
    for wrong in wrongs:
        with pytest.raises(CardError):
            read_book(wrong, "book", Repairs())
