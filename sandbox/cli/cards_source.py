"""What `cards export` starts from: a character, the card it came from, and what a run made of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from worlds.errors import UsageError

if TYPE_CHECKING:
    from characters.cards.exporting import Become, Form
    from characters.cards.reading import CardFile, Tree
    from characters.profile import Card

__all__ = ["character_and_card", "form_named", "of_run", "tree_of"]


def form_named(word: str) -> "Form":
    """Give the card format of this name; `UsageError` if there is none."""
    from characters.cards.exporting import FORMATS

    for form in FORMATS:
        if form == word:
            return form
    raise UsageError(f"there is no card format {word!r}; choose one of {', '.join(FORMATS)}")


def character_and_card(source: str, card: Path | None) -> "tuple[Card, CardFile | None]":
    """Find a character that is not in a run, and the card it came from."""
    from characters.cards.keeping import origin_of
    from characters.cards.reading import read_file
    from characters.files import find_card, foreign_card, load_card

    path = find_card(source)
    foreign = foreign_card(path)
    if foreign is not None:
        return foreign.card, foreign.file
    return load_card(source), read_file(card) if card else origin_of(path)


def of_run(run: Path, who: str, at: int | None, card: Path | None) -> "tuple[Card, CardFile | None, Become]":
    """Find a character of a run as of a moment, and the card it came from."""
    from characters.cards.exporting import Become, in_run
    from characters.cards.keeping import origin_of
    from characters.cards.reading import read_file
    from characters.files import find_card
    from sandbox.runs import read_run

    log = read_run(run).log
    if who not in log.state.cast:
        named = f"{who!r} is not in this run" if who else "--who is missing"
        raise UsageError(f"{named}; its cast is {', '.join(log.state.cast)}")
    if at is not None:
        log = log.upto(max(1, log.turn_at(at + 1)))
    state = log.state
    try:
        origin = read_file(card) if card else origin_of(find_card(who))
    except UsageError:
        origin = None
    name = run.parent.name if run.name == "events.jsonl" else run.resolve().name
    end = Become(state.slots[who], state.plan.names, name, state.turn)
    return in_run(state.cast[who]), origin, end


def tree_of(card: "Card", origin: "CardFile", end: "Become | None") -> "Tree":
    """Give the tree to write: the one there was, if nothing has changed."""
    from characters.cards.exporting import became
    from characters.cards.keeping import unchanged

    return origin.tree if end is None and unchanged(card, origin) else became(origin.tree, card, end)
