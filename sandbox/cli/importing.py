"""The verb that reads worlds of other programs: `worlds import`; `worlds` alone lists the bundled ones."""

import json
from pathlib import Path
from typing import Annotated

import typer

from sandbox.cli import read

__all__ = ["register"]

_app = typer.Typer(
    help="List the bundled worlds, or read worlds of other programs.", invoke_without_command=True
)


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.add_typer(_app, name="worlds")


@_app.callback()
def worlds(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the bundled worlds; `worlds import` reads LIGHT's and TextWorld's."""
    if context.invoked_subcommand is None:
        read.worlds(as_json=as_json)


@_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A LIGHT world or environment, or a TextWorld game, as JSON.")],
    out: Annotated[Path, typer.Option(help="World file to make; its characters are put beside it.")],
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Read a world of LIGHT's or TextWorld's, and write it as one of ours."""
    from sandbox.foreign.worlds import import_world, keep_world

    found = import_world(file)
    written = keep_world(found, out, force=force)
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    if as_json:
        files = [str(path) for path in written]
        typer.echo(
            json.dumps(
                {
                    "schema": "sandbox.worlds-import/1",
                    "world": found.world.id,
                    "files": files,
                    "notes": found.notes,
                }
            )
        )
        return
    things, people = len(found.world.things), len(found.world.cast)
    typer.echo(f"{out} · {len(found.world.places)} places, {things} things, {people} characters")
    typer.echo(f"`sandbox check {out}` looks it over; `sandbox run {out}` plays it", err=True)
