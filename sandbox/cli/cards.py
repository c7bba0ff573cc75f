"""The verbs for cards of other programs: cards import, cards export, cards show."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandbox.cli.cards_show import described, lines_of, rows, shown, summary
from sandbox.cli.cards_source import character_and_card, form_named, of_run, tree_of
from worlds.errors import UsageError

if TYPE_CHECKING:
    from characters.cards.chats import Chat
    from characters.cards.importing import Imported
    from characters.cards.limits import Limits
    from characters.cards.reading import CardFile
    from characters.cards.repairs import Repairs
    from worlds.lore import Lorebook

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
MaxMb = Annotated[
    int | None, typer.Option(min=1, help="Largest file to read, in MiB; 32 for a PNG, 256 for a CHARX.")
]

_app = typer.Typer(no_args_is_help=True, help="Bring character cards in, and take characters out as cards.")


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.add_typer(_app, name="cards")


@_app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Cards; lorebooks and chats that belong to them.")],
    out: Annotated[Path, typer.Option(help="Folder for the characters.")] = Path("characters"),
    model: Annotated[
        str, typer.Option(help="A model that reads the cards, too; by rules alone if empty.")
    ] = "",
    user: Annotated[str, typer.Option(help="Whom `{{user}}` means.")] = "",
    name: Annotated[str, typer.Option("--id", help="Id of the character, if there is one card.")] = "",
    max_mb: MaxMb = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Make characters of cards (PNG, CHARX, JSON, YAML), offline by rules; every repair is told.

    Lorebooks and chats given along with cards go into each of them; a lorebook alone becomes `lore:` for a world.
    """
    from characters.cards.importing import STRANGER
    from characters.cards.keeping import keep, keep_lore
    from characters.cards.repairs import Repairs

    cards, rest = _sorted(files, _limits(max_mb))
    if name and len(cards) != 1:
        raise UsageError("--id names one character; give one card with it")
    told: list[dict[str, object]] = []
    notes = Repairs()
    books, chats = _belongings(rest, notes)
    for file in cards:
        read = _with(_imported(file, user or STRANGER, name, model), books, chats)
        path = keep(read, out, force=force)
        told.append({"file": str(file.path), "character": str(path), **summary(read.card, read.repairs)})
    if not cards:
        if not books:
            raise UsageError("there is no card among these files; a chat is imported along with one")
        for file, book in books:
            path = keep_lore(book, out / f"{file.path.stem}.lore.yaml", force=force)
            told.append({"file": str(file.path), "lore": str(path), "entries": len(book.entries)})
    if notes:
        told.append({"file": ", ".join(str(file.path) for file in rest), "findings": rows(tuple(notes))})
    _print(told, as_json=as_json)


@_app.command()
def export(
    source: Annotated[str, typer.Argument(help="A character, by name or file, or a run folder.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    form: Annotated[str, typer.Option("--format", help="v2-png, v3-png, json or charx.")] = "v3-png",
    who: Annotated[str, typer.Option(help="Whose card, of a run.")] = "",
    at: Annotated[int | None, typer.Option(min=0, help="As of the end of this turn of the run.")] = None,
    card: Annotated[
        Path | None, typer.Option(help="The card it came from, if it does not lie beside the character.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="A PNG to put the card into.")] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a character as a card: as it was imported, or as it has become in a run."""
    from characters.cards.exporting import became, blank, write_card

    if out.exists() and not force:
        raise UsageError(f"{out} exists already; choose another --out, or give --force to write over it")
    wanted = form_named(form)
    if Path(source, "events.jsonl").is_file() or Path(source).name == "events.jsonl":
        mine, origin, end = of_run(Path(source), who, at, card)
    else:
        mine, origin, end = *character_and_card(source, card), None
    tree = tree_of(mine, origin, end) if origin else became(blank(mine), mine, end)
    left = write_card(out, wanted, tree, origin, picture)
    told: dict[str, object] = {
        "character": mine.id,
        "card": str(out),
        "format": wanted,
        "findings": rows(left),
    }
    _print([told], as_json=as_json)


@_app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A card, a lorebook or a chat.")],
    max_mb: MaxMb = None,
    as_json: Json = False,
) -> None:
    """Say what is in a card, a lorebook or a chat, and what is odd about it; nothing is written."""
    document = described(file, _limits(max_mb))
    typer.echo(json.dumps(document) if as_json else shown(document))


# ── import ─────────────────────────────────────────────────────────────────────────────────────────


def _limits(max_mb: int | None) -> "Limits":
    from characters.cards.limits import LIMITS

    return LIMITS._replace(picture=max_mb << 20, archive=max_mb << 20) if max_mb else LIMITS


def _sorted(files: list[Path], limits: "Limits") -> "tuple[list[CardFile], list[CardFile]]":
    """Read the files, and tell cards from what goes with them."""
    from characters.cards.chats import is_chat
    from characters.cards.fields import is_card
    from characters.cards.reading import read_file
    from characters.lore import is_book

    read = [read_file(path, limits) for path in files]
    rest = [file for file in read if is_chat(file) or (is_book(file.tree) and not is_card(file.tree))]
    return [file for file in read if file not in rest], rest


def _belongings(
    rest: "list[CardFile]", notes: "Repairs"
) -> "tuple[list[tuple[CardFile, Lorebook]], list[Chat]]":
    """Read the lorebooks and chats."""
    from characters.cards.chats import is_chat, read_chat
    from characters.lore import read_book

    for file in rest:
        notes += [repair for repair in file.repairs if repair not in notes]
    books = [(file, read_book(file.tree, file.path.name, notes)) for file in rest if not is_chat(file)]
    return books, [read_chat(file) for file in rest if is_chat(file)]


def _imported(file: "CardFile", user: str, name: str, model: str) -> "Imported":
    """Make a character of a card, by rules or with a model."""
    from characters.cards.importing import import_card

    read = import_card(file, user=user, name=name)
    if not model:
        return read
    from characters.calls import Memo
    from characters.cards.modelled import refine
    from characters.models import connect, usable

    wrong = usable(model)
    if wrong:
        raise UsageError(wrong)
    return asyncio.run(refine(connect(model), read, Memo()))


def _with(read: "Imported", books: "list[tuple[CardFile, Lorebook]]", chats: "list[Chat]") -> "Imported":
    """Give a character the lore and the lines that came along."""
    from characters.cards.chats import with_voice
    from characters.lore import joined

    card = with_voice(read.card, chats)
    if books:
        own = [card.lore] if card.lore.entries else []
        card = card.model_copy(update={"lore": joined([*own, *(book for _, book in books)])})
    return read._replace(card=card)


# ── what is printed ────────────────────────────────────────────────────────────────────────────────


def _print(told: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.cards/1", "cards": told}))
        return
    for one in told:
        for line in lines_of(one):
            typer.echo(line)
