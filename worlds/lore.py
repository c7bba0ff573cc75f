"""Lore: what can be known of a world beside what happens in it, and comes to mind when it is spoken of.

An entry says when it matters (`keys`, found in what a character perceived) and, which no card format has, who may know
it: `known_by` and `when` are asked of the world before anything else. How entries are found: `characters.lore`.
"""

from typing import Literal, TypeAlias

from pydantic import Field

from worlds.actions import Frozen

__all__ = ["FOREVER", "Logic", "Lore", "Lorebook"]

FOREVER = 1_000_000
"""A number of messages nobody reaches."""

Logic: TypeAlias = Literal["any", "all", "not_any", "not_all"]
"""What the keys in `also` have to do besides: one found, all found, none found, one missing."""


class Lore(Frozen):
    """One entry of a lorebook."""

    id: str
    text: str
    """What is known. `{{char}}` and other macros are filled in."""
    keys: tuple[str, ...] = ()
    """A word, a phrase, or `/pattern/flags`; one of them has to be found."""
    also: tuple[str, ...] = ()
    """Second keys; see `logic`."""
    logic: Logic = "any"
    unless: tuple[str, ...] = ()
    """Keys none of which may be found."""
    constant: bool = False
    """Comes to mind without a key."""
    enabled: bool = True
    known_by: tuple[str, ...] = ()
    """Ids of characters, or of secrets for whoever knows those by now; empty for everybody who has the book."""
    when: tuple[str, ...] = ()
    """Conditions on the world; `actor` stands for the character."""
    order: int = 100
    """Told in rising order; the highest are considered first."""
    priority: int | None = None
    """Who has least of it is left out first where there is no room; `order` if not given."""
    place: Literal["before", "after", "late"] = "after"
    """Told before the others, among them, or last, next to what is new."""
    chance: float = Field(1.0, ge=0, le=1)
    case: bool = False
    """Whether capitals matter in keys."""
    whole: bool = False
    """Whether keys of one word have to be whole words."""
    depth: int | None = Field(None, ge=0)
    """How many of the last messages are looked at; the book's if not given."""
    sticky: int = Field(0, ge=0)
    """Stays for so many messages once it has come to mind."""
    cooldown: int = Field(0, ge=0)
    """Cannot come to mind again for so many messages after that."""
    delay: int = Field(0, ge=0)
    """Not before so many messages."""
    every: int = Field(0, ge=0)
    """Only at every so-manieth own turn."""
    group: str = ""
    """Of entries that share a group, one is told."""
    weight: int = Field(100, ge=0)
    """How likely it is the one of its group."""
    chosen: bool = False
    """Whether it is the one of its group without a draw, the highest `order` first."""
    found_by_lore: bool = True
    """Whether the text of other entries can bring it to mind."""
    finds_lore: bool = True
    """Whether its text can bring others to mind."""
    only_by_lore: bool = False
    """Whether only the text of other entries can bring it to mind."""


class Lorebook(Frozen):
    """Entries, and how they are looked for."""

    entries: tuple[Lore, ...] = ()
    depth: int = Field(6, ge=0)
    """How many of the last messages a character perceived are looked at."""
    budget: int = Field(0, ge=0)
    """Tokens (of about four characters) the entries may take together; 0 for what a prompt has room for."""
    recursive: bool = True
    """Whether the text of entries can bring others to mind."""
