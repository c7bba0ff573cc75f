"""The verbs of a designer of characters: audition, compare."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from worlds.errors import UsageError

__all__ = ["register"]

BELOW = 6
"""Exit code for a score below `--fail-under`."""


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(audition)
    app.command()(compare)


def audition(
    character: Annotated[
        str, typer.Argument(help="CARD or CARD@MIND: a name or a file, and a model's spec.")
    ],
    world: Annotated[str, typer.Option(help="Where; the character's own world if not given.")] = "",
    seed: Annotated[int, typer.Option(help="Luck.")] = 1,
    fail_under: Annotated[
        float, typer.Option(min=0, max=1, help="Leave with 6 if the score is lower.")
    ] = 0.0,
    out: Annotated[Path | None, typer.Option(help="New folder to keep the scenes in, each a run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Try a character out: contrasting partners, temptations, an interview; what to change in the card."""
    from sandbox.design.audition import audition as hear
    from sandbox.design.page import as_lines
    from sandbox.design.variants import variant
    from sandbox.runs import new_run

    if out is not None and out.exists():
        raise UsageError(f"{out} exists already and is never overwritten; choose another --out")
    card = asyncio.run(hear(variant(character), world, seed))
    for scene in card.played if out is not None else ():
        with new_run((out or Path()) / scene.scene.id.replace(" ", "-"), scene.log):
            pass
    if as_json:
        marks = [
            {**mark._asdict(), "quotes": [quote._asdict() for quote in mark.quotes]} for mark in card.marks
        ]
        document = {"schema": "sandbox.audition/1", "character": card.character, "world": card.world}
        typer.echo(json.dumps({**document, "score": card.score, "marks": marks}))
    else:
        typer.echo("\n".join(as_lines(card)))
    if card.score < fail_under:
        raise typer.Exit(BELOW)


def compare(
    first: Annotated[str, typer.Argument(help="CARD or CARD@MIND; both are measured by this card.")],
    second: Annotated[str, typer.Argument(help="CARD or CARD@MIND, in the same part.")],
    world: Annotated[
        list[str] | None, typer.Option(help="A world; may be given again. The card's own if not.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=6, help="Pairs of runs in each world.")] = 10,
    turns: Annotated[int, typer.Option(min=10, help="How long each run is.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare two cards, or two minds, in one part on the same worlds and seeds: what differs, and where they part."""
    from sandbox.design.comparing import compared
    from sandbox.design.page import compared_lines
    from sandbox.design.variants import home_of, variant
    from worlds.files import load_world

    one, two = variant(first), variant(second)
    worlds = world or [home_of(one.card, one.file)]
    result = asyncio.run(compared(one, two, worlds, range(1, seeds + 1), turns))
    if as_json:
        rows = [
            {**row._asdict(), "change": row.change._asdict(), "differs": row.is_one}
            for row in result.differences
        ]
        typer.echo(json.dumps({"schema": "sandbox.compare/1", "pairs": result.pairs, "differences": rows}))
        return
    names = {who: who.capitalize() for name in worlds for who in load_world(name).cast}
    typer.echo("\n".join(compared_lines(result, first, second, names)))
