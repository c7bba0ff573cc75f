"""The verbs that play: run, resume, fork."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worlds.errors import StoppedError, UsageError

if TYPE_CHECKING:
    from sandbox.runs import Run
    from worlds.events import Event
    from worlds.spec import Order
    from worlds.trajectory import Trajectory

__all__ = ["register"]

ORDERS: "tuple[Order, ...]" = ("list", "natural", "pooled", "initiative", "director", "together")

Out = Annotated[
    Path | None, typer.Option(help="Folder of the new run; a free name under runs/ if not given.")
]
Turns = Annotated[
    int | None, typer.Option(min=1, help="How many character turns to play.", envvar="SANDBOX_TURNS")
]
Seed = Annotated[int, typer.Option(help="Decides everything that is left to chance.", envvar="SANDBOX_SEED")]
TurnOrder = Annotated[
    str | None, typer.Option(help=f"Turn order: {', '.join(ORDERS)}.", envvar="SANDBOX_ORDER")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not print the story.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document about the run instead of the story.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(run)
    app.command()(resume)
    app.command()(fork)


def run(
    world: Annotated[str, typer.Argument(help="A bundled world, or the path of a world file.")],
    cast: Annotated[
        str, typer.Option("--cast", help="Characters, by id or file, with commas; the world's own if empty.")
    ] = "",
    turns: Turns = None,
    seed: Seed = 1,
    order: TurnOrder = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Play a world: print the story as it happens and keep the run."""
    from characters.files import load_cast
    from sandbox.runs import free_name, new_run
    from worlds.events import Started
    from worlds.files import find_world, load_world
    from worlds.spec import Settings
    from worlds.trajectory import start

    stage = load_world(world)
    ids = tuple(part.strip() for part in cast.split(",") if part.strip())
    people = load_cast(stage, ids or tuple(stage.cast), find_world(world).parent)
    settings = Settings(seed=seed, turns=turns or stage.turns, order=_order(order))
    log = start(Started(world=stage, cast=people, settings=settings))
    with new_run(out or free_name(Path("runs"), f"{stage.id}-{seed}"), log) as opened:
        _play(opened, quiet=quiet, as_json=as_json)


def resume(
    run: Annotated[Path, typer.Argument(help="A run folder.")], quiet: Quiet = False, as_json: Json = False
) -> None:
    """Go on with a run that was interrupted."""
    from sandbox.runs import open_run

    with open_run(run) as opened:
        if opened.torn:
            typer.echo(f"{opened.path}: a torn last line was dropped; all before it stands", err=True)
        if opened.log.state.phase == "over":
            ended = f"{opened.path}: this story has ended"
            message = (
                f"{ended}; `sandbox fork {opened.path} --at TURN --turns N` goes on from an earlier moment"
            )
            raise UsageError(message)
        _play(opened, quiet=quiet, as_json=as_json)


def fork(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    at: Annotated[int, typer.Option(min=0, help="Turn before which the new run leaves the old one.")],
    turns: Turns = None,
    seed: Annotated[int | None, typer.Option(help="Another seed from there on.")] = None,
    order: TurnOrder = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Branch a run: the same events up to a turn, then on its own."""
    from sandbox.runs import free_name, new_run, read_run

    old = read_run(run).log
    if at > old.state.turn:
        message = f"{run} has {old.state.turn} turns; choose --at between 0 and {old.state.turn}"
        raise UsageError(message)
    log = old.upto(max(1, old.turn_at(max(at, 1))))
    given = {"seed": seed, "turns": turns, "order": _order(order)}
    settings = log.state.settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    log = log.fork(run.name, settings)
    path = out or free_name(run.resolve().parent, f"{run.resolve().name}-at-{at}")
    with new_run(path, log) as opened:
        _play(opened, quiet=quiet, as_json=as_json)


def _order(word: str | None) -> "Order | None":
    if word is None:
        return None
    for order in ORDERS:
        if order == word:
            return order
    message = f"there is no turn order {word!r}; choose one of {', '.join(ORDERS)}"
    raise UsageError(message)


def _play(opened: "Run", *, quiet: bool, as_json: bool) -> None:
    from sandbox.casting import stage_for

    try:
        asyncio.run(_drain(opened, opened.play(stage_for(opened.log)), quiet=quiet or as_json))
    except KeyboardInterrupt:
        message = (
            f"stopped after turn {opened.log.state.turn}; `sandbox resume {opened.path}` goes on from there"
        )
        raise StoppedError(message) from None
    if as_json:
        typer.echo(json.dumps(_summary(opened.path, opened.log)))
    else:
        typer.echo(f"{opened.path} · {len(opened.log)} events · `sandbox show {opened.path}`", err=True)


async def _drain(opened: "Run", events: "AsyncIterator[Event]", *, quiet: bool) -> None:
    from sandbox.cli.page import Page
    from sandbox.story import Teller

    teller, page = Teller(), Page()
    before = list(teller.tell(opened.log))
    if not quiet:
        page.print(before)
    async for event in events:
        lines = teller.tell([event])
        if not quiet:
            page.print(lines)


def _summary(path: Path, log: "Trajectory") -> dict[str, object]:
    last = log[log.seq].body
    ending = last.ending if last.kind == "ended" else None
    state = log.state
    return {
        "schema": "sandbox.run/1",
        "run": str(path),
        "world": state.world.id,
        "cast": list(state.cast),
        "seed": state.settings.seed,
        "turns": state.turn,
        "events": len(log),
        "ending": ending,
    }
