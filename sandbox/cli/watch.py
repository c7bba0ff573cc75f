"""The verb that shows: watch."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sandbox.cli.options import Seed, TurnOrder, minds_of, order_named
from worlds.errors import UsageError

if TYPE_CHECKING:
    from sandbox.tui.opening import Opening

__all__ = ["home", "register"]

Theme = Annotated[
    str, typer.Option(help="Theme: footlights, matinee, or one of textual's.", envvar="SANDBOX_THEME")
]
Still = Annotated[bool, typer.Option("--still", help="No motion.", envvar="SANDBOX_STILL")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(watch)


def watch(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(help="A run folder to watch, or a world to play; the home screen if empty.")
    ] = "",
    cast: Annotated[
        str, typer.Option("--cast", help="Characters, with commas; the world's own if empty.")
    ] = "",
    turns: Annotated[int | None, typer.Option(min=1, help="How many character turns to play.")] = None,
    seed: Seed = 1,
    order: TurnOrder = None,
    model: Annotated[
        str, typer.Option(help="What plays the characters: improv, or a model.", envvar="SANDBOX_MODEL")
    ] = "improv",
    mind: Annotated[
        list[str] | None, typer.Option(help="What plays one character, as `mira=SPEC`, or `mira=person`.")
    ] = None,
    narrator: Annotated[
        str, typer.Option(help="What narrates; as the characters if empty.", envvar="SANDBOX_NARRATOR")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Folder of the new run.")] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Do not begin to play by itself.")] = False,
    theme: Theme = "",
    still: Still = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show it in a browser, on this machine only.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of the page.")] = 8642,
) -> None:
    """Watch a run, or play a world, on one screen: step, rewind, fork, take over, ask."""
    if serve:
        _serve([word for word in sys.argv[1:] if word != "--serve"], port)
        return
    if (
        not sys.stdout.isatty() and "TEXTUAL_DRIVER" not in os.environ
    ):  # by which textual-serve says it is there
        raise UsageError("watch needs a terminal; `sandbox show RUN` prints a run")
    from sandbox.tui.app import Playhouse

    opening = _run(what)
    if opening is None and what:
        opening = _world(what, cast, Wanted(turns, seed, order, model, mind or [], narrator, out))
    keys = (context.default_map or {}).get("keys", {})
    if not isinstance(keys, dict):
        raise UsageError('the settings\' [watch.keys] is a table of ids and keys, such as play = "space"')
    Playhouse(opening, keys=keys, theme=theme, paused=paused, still=still).run()


def home() -> None:
    """Open the home screen."""
    from sandbox.tui.app import Playhouse

    Playhouse().run()


class Wanted(NamedTuple):
    """How a new run is to be played."""

    turns: int | None
    seed: int
    order: str | None
    model: str
    minds: list[str]
    narrator: str
    out: Path | None


def _run(what: str) -> "Opening | None":
    """Give the run that is meant, if it is one: a folder with a log in it, here or under runs/."""
    from sandbox.tui.opening import Opening

    for path in (Path(what), Path("runs") / what):
        if what and ((path / "events.jsonl").is_file() or (path.name == "events.jsonl" and path.is_file())):
            return Opening(path)
    return None


def _world(what: str, cast: str, wanted: Wanted) -> "Opening":
    """Give the beginning of a new run of a world."""
    from sandbox.tui.opening import opening
    from worlds.files import load_world
    from worlds.spec import Settings

    world = load_world(what)
    ids = tuple(part.strip() for part in cast.split(",") if part.strip()) or tuple(world.cast)
    settings = Settings(
        seed=wanted.seed,
        turns=wanted.turns or world.turns,
        order=order_named(wanted.order),
        minds=minds_of(world, ids, wanted.model, wanted.minds),
        narrator=wanted.narrator or wanted.model,
    )
    if {*settings.minds.values(), settings.narrator} - {"improv", "person"}:
        from sandbox.casting import check_minds

        check_minds(settings)
    return opening(what, ids, settings, wanted.out)


def _serve(words: list[str], port: int) -> None:
    """Show the same program in a browser: each visitor has a process of their own, on loopback."""
    try:
        from textual_serve.server import Server
    except ImportError:
        raise UsageError("--serve needs textual-serve: pip install 'roleplay-sandbox[serve]'") from None
    command = shlex.join([sys.executable, "-m", "sandbox", *words])
    Server(command, host="127.0.0.1", port=port, title="sandbox").serve()
