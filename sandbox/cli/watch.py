"""The verb that shows: watch."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sandbox.cli.options import Model, Narrator, Remember, Seed, TurnOrder, minds_of, order_named
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
    model: Model = "improv",
    mind: Annotated[
        list[str] | None, typer.Option(help="What plays one character, as `mira=SPEC`, or `mira=person`.")
    ] = None,
    narrator: Narrator = "",
    memory: Remember = "",
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
        opening = _world(what, cast, Wanted(turns, seed, order, model, mind or [], narrator, memory, out))
    keys = _keys((context.default_map or {}).get("keys", {}))
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
    memory: str
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
    from characters.files import load_cast
    from sandbox.tui.opening import opening
    from worlds.files import find_world, load_world
    from worlds.spec import Settings

    world = load_world(what)
    ids = tuple(part.strip() for part in cast.split(",") if part.strip()) or tuple(world.cast)
    people = load_cast(world, ids, find_world(what))
    settings = Settings(
        seed=wanted.seed,
        turns=wanted.turns or world.turns,
        order=order_named(wanted.order),
        minds=minds_of(world, people, wanted.model, wanted.minds),
        narrator=wanted.narrator or wanted.model,
    )
    if {*settings.minds.values(), settings.narrator} - {"improv", "person"} or wanted.memory:
        from sandbox.casting import check_minds, embedder_for

        check_minds(settings)
        settings = settings.model_copy(update={"embedder": embedder_for(wanted.memory, settings)})
    return opening(what, ids, settings, wanted.out)


def _keys(wanted: object) -> dict[str, str]:
    """Read the settings' other keys; `UsageError` for what is no table of known ids."""
    from difflib import get_close_matches

    from sandbox.tui.app import key_ids

    if not isinstance(wanted, dict) or not all(isinstance(key, str) for key in wanted.values()):
        raise UsageError('the settings\' [watch.keys] is a table of ids and keys, such as play = "space"')
    known = key_ids()
    for id_ in wanted:
        if id_ not in known:
            near = get_close_matches(str(id_), known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "press ? in the theatre to see their ids"
            raise UsageError(f"the settings' [watch.keys] names {id_!r}, which is no id of a key; {hint}")
    return wanted


def _serve(words: list[str], port: int) -> None:
    """Show the same program in a browser: each visitor has a process of their own, on loopback."""
    try:
        from textual_serve.server import Server
    except ImportError:
        raise UsageError("--serve needs textual-serve: pip install 'roleplay-sandbox[serve]'") from None
    command = shlex.join([sys.executable, "-m", "sandbox", *words])
    Server(command, host="127.0.0.1", port=port, title="sandbox").serve()
