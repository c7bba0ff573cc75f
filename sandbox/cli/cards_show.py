"""What is told of cards on a terminal and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from characters.cards.limits import Limits
    from characters.cards.reading import CardFile
    from characters.cards.repairs import Repair
    from characters.profile import Card
    from worlds.lore import Lorebook

__all__ = ["described", "lines_of", "rows", "shown", "summary"]


def rows(repairs: "Iterable[Repair]") -> list[dict[str, str]]:
    """Give findings as they are written in JSON."""
    return [{**repair._asdict(), "what": repair.what} for repair in repairs]


def summary(card: "Card", repairs: "Iterable[Repair]") -> dict[str, object]:
    """Say what became of a card."""
    core = card.core
    return {
        "id": card.id,
        "name": card.name,
        "identity": core.identity,
        "samples": len(core.voice.samples),
        "traits": list(core.traits),
        "taboos": len(core.taboos),
        "secrets": len(card.secrets),
        "lore": len(card.lore.entries),
        "findings": rows(repairs),
    }


def lines_of(told: Mapping[str, object]) -> Iterator[str]:
    """Put what was done into lines."""
    made = told.get("character") or told.get("lore") or told.get("card")
    if "identity" in told:
        counts = ", ".join(f"{told[part]} {part}" for part in ("samples", "taboos", "secrets", "lore"))
        yield f"{made}  {told['identity']} ({counts})"
    elif "card" in told:
        yield f"{told['card']}  {told['character']} as {told['format']}"
    elif "entries" in told:
        yield f"{made}  {told['entries']} entries"
    yield from _findings(told)


def described(path: Path, limits: "Limits") -> dict[str, object]:
    """Say what is in a file."""
    from characters.cards.chats import is_chat, read_chat
    from characters.cards.fields import is_card
    from characters.cards.reading import read_file
    from characters.cards.repairs import Repairs
    from characters.lore import is_book, read_book

    file = read_file(path, limits)
    document: dict[str, object] = {
        "schema": "sandbox.cards/1",
        "file": str(path),
        "container": file.container,
    }
    if is_chat(file):
        chat = read_chat(file)
        inside = {"character": chat.character, "user": chat.user, "messages": len(chat.messages)}
        return {**document, "kind": "chat", **inside, "findings": rows(file.repairs)}
    if is_book(file.tree) and not is_card(file.tree):
        repairs = Repairs(file.repairs)
        book = read_book(file.tree, path.name, repairs, limits)
        return {**document, "kind": "lorebook", **_book(book), "findings": rows(repairs)}
    return {**document, "kind": "card", **_card(file, limits)}


def shown(document: Mapping[str, object]) -> str:
    """Put a description into lines."""
    told = [f"{document['file']}: a {document['kind']} in {str(document['container']).upper()}"]
    for name, value in document.items():
        if name in ("schema", "file", "kind", "container", "findings", "identity"):
            continue
        words = ", ".join(map(str, value)) if isinstance(value, list | dict) else value
        told.append(f"{name:12} {words}")
    return "\n".join([*told, *_findings(document)])


def _card(file: "CardFile", limits: "Limits") -> dict[str, object]:
    from characters.cards.importing import import_card

    read = import_card(file, limits=limits)
    fields = [f"{name} ({len(text):,})" for name, text in read.fields.text.items() if text]
    assets = [str(asset.get("uri", ""))[:60] for asset in read.fields.assets]
    inside = {"version": read.fields.version, "fields": fields, "assets": assets, **_book(read.card.lore)}
    return {**inside, **summary(read.card, read.repairs)}


def _book(book: "Lorebook") -> dict[str, object]:
    return {"entries": [entry.id for entry in book.entries]}


def _findings(told: Mapping[str, object]) -> Iterator[str]:
    found = told.get("findings")
    for row in found if isinstance(found, list) else ():
        yield f"  {row['rule']}: {row['what']}"
