"""The verb that shows: watch."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    seed: Annotated[int, typer.Option(help="Decides everything that is left to chance.")] = 1,
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
    if not sys.stdout.isatty():
        raise UsageError("watch needs a terminal; `sandbox show RUN` prints a run")
    from sandbox.tui.app import Playhouse

    opening = _opening(what, cast, turns, seed, out) if what else None
    keys = (context.default_map or {}).get("keys", {})
    if not isinstance(keys, dict):
        raise UsageError('the settings\' [watch.keys] is a table of ids and keys, such as play = "space"')
    Playhouse(opening, keys=keys, theme=theme, paused=paused, still=still).run()


def home() -> None:
    """Open the home screen."""
    from sandbox.tui.app import Playhouse

    Playhouse().run()


def _opening(what: str, cast: str, turns: int | None, seed: int, out: Path | None) -> "Opening":
    """Tell a run from a world: a run is a folder with a log in it."""
    from sandbox.tui.opening import Opening, opening
    from worlds.files import load_world
    from worlds.spec import Settings

    for path in (Path(what), Path("runs") / what):
        if (path / "events.jsonl").is_file() or path.name == "events.jsonl":
            return Opening(path)
    world = load_world(what)
    ids = [part.strip() for part in cast.split(",") if part.strip()]
    return opening(what, ids, Settings(seed=seed, turns=turns or world.turns), out)


def _serve(words: list[str], port: int) -> None:
    """Show the same program in a browser: each visitor has a process of their own, on loopback."""
    try:
        from textual_serve.server import Server  # type: ignore[import-not-found]
    except ImportError:
        raise UsageError("--serve needs textual-serve: pip install 'roleplay-sandbox[serve]'") from None
    import shlex

    command = shlex.join([sys.executable, "-m", "sandbox", *words])
    Server(command, host="127.0.0.1", port=port, title="sandbox").serve()
