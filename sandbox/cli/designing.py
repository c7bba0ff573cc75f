"""The verbs of a designer of characters: audition, compare, new."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from worlds.errors import UsageError

if TYPE_CHECKING:
    from sandbox.design.scaffolds import Question

__all__ = ["register"]

BELOW = 6
"""Exit code for a score below `--fail-under`."""


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(audition)
    app.command()(compare)
    new = typer.Typer(help="Write a new character, a world, or prompts of your own.", no_args_is_help=True)
    new.command("character")(new_character)
    new.command("world")(new_world)
    new.command("prompts")(new_prompts)
    app.add_typer(new, name="new")


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
    first: Annotated[
        str,
        typer.Argument(
            help="CARD, CARD@MIND or 'CARD@MODEL?prompts=FOLDER'; both are measured by this card."
        ),
    ],
    second: Annotated[str, typer.Argument(help="Another, in the same part.")],
    world: Annotated[
        list[str] | None, typer.Option(help="A world; may be given again. The card's own if not.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=6, help="Pairs of runs in each world.")] = 10,
    turns: Annotated[int, typer.Option(min=10, help="How long each run is.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare two cards, minds or prompts in one part on the same worlds and seeds: what differs, where they part."""
    from sandbox.design.comparing import compared
    from sandbox.design.page import compared_lines
    from sandbox.design.variants import home_of, prompting, variant
    from worlds.files import load_world

    one, two = variant(first), variant(second)
    prompts = prompting(one, two)
    worlds = world or [home_of(one.card, one.file)]
    result = asyncio.run(compared(one, two, worlds, range(1, seeds + 1), turns))
    if as_json:
        rows = [
            {**row._asdict(), "change": row.change._asdict(), "differs": row.is_one}
            for row in result.differences
        ]
        document = {"schema": "sandbox.compare/1", "first": first, "second": second, "pairs": result.pairs}
        told = {"prompts": prompts._asdict()} if prompts else {}
        typer.echo(json.dumps({**document, **told, "differences": rows}))
        return
    names = {who: who.capitalize() for name in worlds for who in load_world(name).cast}
    typer.echo("\n".join(compared_lines(result, first, second, names, prompts)))


Answer = Annotated[
    list[str] | None, typer.Option("--set", help="An answer beforehand, KEY=TEXT; may be given again.")
]
Out = Annotated[Path, typer.Option(help="Folder for the file.")]


def new_character(
    id_: Annotated[str, typer.Argument(metavar="ID")], given: Answer = None, out: Out = Path("characters")
) -> None:
    """Ask a few questions and write a character that can be auditioned at once."""
    from sandbox.design.scaffolds import CHARACTER, write_character

    path = write_character(id_, _answers(CHARACTER, given), out)
    typer.echo(f"{path}\nNow: sandbox check {path}; sandbox audition {path}")


def new_world(
    id_: Annotated[str, typer.Argument(metavar="ID")], given: Answer = None, out: Out = Path()
) -> None:
    """Ask a few questions and write a world that can be played at once."""
    from sandbox.design.scaffolds import WORLD, write_world

    path = write_world(id_, _answers(WORLD, given), out)
    typer.echo(f"{path}\nNow: sandbox check {path}; sandbox run {path}")


def new_prompts(folder: Annotated[Path, typer.Argument(help="New folder for them.")]) -> None:
    """Write copies of the prompts that models are asked with, to change, and what can stand in them."""
    from sandbox.design.scaffolds import write_prompts

    path = write_prompts(folder)
    typer.echo(
        f"{path}\nNow: read {path / 'README.md'}, change a sentence, and\n"
        f"sandbox compare CARD@MODEL 'CARD@MODEL?prompts={quote(str(path))}'"
    )


def _answers(questions: "Sequence[Question]", given: list[str] | None) -> dict[str, str | list[str]]:
    """Take answers from the flags, else ask for them; who only presses enter gets the example."""
    known = dict(text.partition("=")[::2] for text in given or ())
    strange = sorted(known.keys() - {question.key for question in questions})
    if strange:
        keys = ", ".join(question.key for question in questions)
        raise UsageError(f"--set {strange[0]}: nothing of that name is asked; choose from {keys}")
    answers: dict[str, str | list[str]] = {}
    for question in questions:
        text = known.get(question.key)
        if text is None and sys.stdin.isatty():
            text = typer.prompt(question.text, default=question.example, err=True)
        text = question.example if text is None else text
        many = [part.strip() for part in text.split(";") if part.strip()]
        answers[question.key] = many if question.many else text.strip()
    return answers
