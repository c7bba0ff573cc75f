"""Lorebooks: what can be known of a world, by whom, and when it comes to mind.

`read_book` reads those of other programs; `lore_for` gives what comes to one character's mind.
"""

from characters.lore.reading import is_book, joined, known_by, read_book
from characters.lore.recall import lore_for, may_know

__all__ = ["is_book", "joined", "known_by", "lore_for", "may_know", "read_book"]
