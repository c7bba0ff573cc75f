"""The verb that exports: runs in the formats of trainers, evaluators and engines."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandbox.cli.options import MaxCost, MaxTokens
from worlds.errors import UsageError

if TYPE_CHECKING:
    from sandbox.exports import Played

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(export)


def export(
    runs: Annotated[list[Path] | None, typer.Argument(help="Run folders, or folders of them.")] = None,
    form: Annotated[str, typer.Option("--format", help="Format; `list` says which there are.")] = "list",
    out: Annotated[Path | None, typer.Option(help="File or folder to make.")] = None,
    who: Annotated[str, typer.Option(help="Whose points of view, with commas; everybody's if empty.")] = "",
    thoughts: Annotated[
        bool, typer.Option("--thoughts", help="Put a character's own thought before each of its replies.")
    ] = False,
    past: Annotated[int, typer.Option(min=1, help="Exchanges a prompt goes back at most.")] = 40,
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="kto: score from which on a turn is good.")
    ] = 0.9,
    samples: Annotated[
        int, typer.Option(min=0, help="preferences, best-of: ways to go on that are played at each fork.")
    ] = 0,
    points: Annotated[int, typer.Option(min=1, help="At how many turns of a character to fork.")] = 4,
    at: Annotated[int, typer.Option(min=0, help="Fork at this turn instead, or the next of its own.")] = 0,
    ahead: Annotated[int, typer.Option(min=1, help="How many turns to play and judge from a fork on.")] = 6,
    margin: Annotated[
        float, typer.Option(min=0, max=1, help="How much better the better one has to be.")
    ] = 0.05,
    forks: Annotated[Path | None, typer.Option(help="Folder to keep the forks that are played in.")] = None,
    judges: Annotated[str, typer.Option("--judges", help="Judges, with commas; all if empty.")] = "",
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an earlier export.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write runs as messages, datasets, graphs, logs and tasks that others read."""
    from sandbox.budget import Budget
    from sandbox.exports import Options, Shelf, runs_in
    from sandbox.exports import export as write

    if form == "list":
        _list(as_json=as_json)
        return
    if out is None:
        raise UsageError("say where to: --out PATH")
    options = Options(
        who=_words(who),
        thoughts=thoughts,
        past=past,
        threshold=threshold,
        samples=samples,
        points=points,
        at=at,
        ahead=ahead,
        margin=margin,
        forks=forks,
        budget=Budget(max_tokens, max_cost),
        judges=_words(judges),
    )
    wanted = runs or []
    solos = form == "npc" and wanted and not any(path.exists() for path in wanted)
    shelf = _solos(wanted) if solos else Shelf(runs_in(wanted))
    written = write(shelf, form, out, options, force=force)
    if as_json:
        files = [str(path) for path in written]
        typer.echo(
            json.dumps({"schema": "sandbox.export/1", "format": form, "out": str(out), "files": files})
        )
    else:
        typer.echo(out)


def _solos(names: list[Path]) -> "list[Played]":
    """Give characters by name, each as a run in which nothing has happened yet."""
    from characters.files import load_card
    from sandbox.games import solo

    return [solo(load_card(name)) for name in names]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _list(*, as_json: bool) -> None:
    from sandbox.exports import FORMS

    rows = [{"format": name, "what": _what(form.__doc__ or "")} for name, form in FORMS.items()]
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.formats/1", "formats": rows}))
        return
    for row in rows:
        typer.echo(f"{row['format']:14} {row['what']}")


def _what(text: str) -> str:
    """Give the first line of a docstring as a phrase for a list."""
    return text.partition("\n")[0].removeprefix("Write ").rstrip(".")
