"""The verbs that play: run, resume, fork."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sandbox.cli.options import (
    Chroma,
    Json,
    MaxCost,
    MaxSeconds,
    MaxTokens,
    Model,
    Narrator,
    Out,
    Quiet,
    Remember,
    Seed,
    TurnOrder,
    Turns,
    minds_of,
    order_named,
)
from worlds.errors import StoppedError, UsageError

if TYPE_CHECKING:
    from sandbox.calls import CallFile
    from sandbox.runs import Run
    from worlds.events import Event
    from worlds.trajectory import Trajectory

__all__ = ["register"]


class Wish(NamedTuple):
    """How a run is to be played, whatever is in it."""

    quiet: bool
    as_json: bool
    budget: tuple[int | None, float | None, float | None]
    replay: Path | None = None
    chroma: str = ""


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
    model: Model = "improv",
    mind: Annotated[
        list[str] | None, typer.Option(help="What plays one character, as `mira=SPEC`; can be repeated.")
    ] = None,
    narrator: Narrator = "",
    out: Out = None,
    memory: Remember = "",
    chroma: Chroma = "",
    replay: Annotated[
        Path | None,
        typer.Option(help="Answer every call from this run's records; a call not there is an error."),
    ] = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_seconds: MaxSeconds = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Play a world: print the story as it happens and keep the run."""
    from characters.files import load_cast
    from sandbox.casting import check_minds, embedder_for
    from sandbox.runs import free_name, new_run
    from worlds.events import Started
    from worlds.files import find_world, load_world
    from worlds.spec import Settings
    from worlds.trajectory import start

    stage = load_world(world)
    ids = tuple(part.strip() for part in cast.split(",") if part.strip()) or tuple(stage.cast)
    people = load_cast(stage, ids, find_world(world).parent)
    settings = Settings(
        seed=seed,
        turns=turns or stage.turns,
        order=order_named(order),
        minds=minds_of(stage, people, model, mind or []),
        narrator=narrator or model,
    )
    check_minds(settings, on_record=replay is not None)
    settings = settings.model_copy(update={"embedder": embedder_for(memory, settings)})
    log = start(Started(world=stage, cast=people, settings=settings))
    with new_run(out or free_name(Path("runs"), f"{stage.id}-{seed}"), log) as opened:
        _play(opened, Wish(quiet, as_json, (max_tokens, max_cost, max_seconds), replay, chroma))


def resume(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_seconds: MaxSeconds = None,
    chroma: Chroma = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Go on with a run that was interrupted."""
    from sandbox.runs import open_run

    with open_run(run) as opened:
        if opened.torn:
            typer.echo(f"{opened.path}: a torn last line was dropped; all before it stands", err=True)
        if opened.log.state.phase == "over":
            raise UsageError(
                f"{opened.path}: this story has ended; "
                f"`sandbox fork {opened.path} --at TURN --turns N` goes on from an earlier moment"
            )
        _play(opened, Wish(quiet, as_json, (max_tokens, max_cost, max_seconds), chroma=chroma))


def fork(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    at: Annotated[int, typer.Option(min=0, help="Turn before which the new run leaves the old one.")],
    turns: Turns = None,
    seed: Annotated[int | None, typer.Option(help="Another seed from there on.")] = None,
    order: TurnOrder = None,
    out: Out = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_seconds: MaxSeconds = None,
    chroma: Chroma = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Branch a run: the same events up to a turn, then on its own."""
    from sandbox.casting import check_minds
    from sandbox.runs import free_name, new_run, read_run

    old = read_run(run).log
    if at > old.state.turn:
        raise UsageError(f"{run} has {old.state.turn} turns; choose --at between 0 and {old.state.turn}")
    log = old.upto(max(1, old.turn_at(max(at, 1))))
    given = {"seed": seed, "turns": turns, "order": order_named(order)}
    settings = log.state.settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    check_minds(settings)
    log = log.fork(run.name, settings)
    path = out or free_name(run.resolve().parent, f"{run.resolve().name}-at-{at}")
    with new_run(path, log) as opened:
        _play(opened, Wish(quiet, as_json, (max_tokens, max_cost, max_seconds), chroma=chroma))


def _play(opened: "Run", wish: Wish) -> None:
    from characters.models import connect
    from characters.models.scripted import recorded
    from sandbox.calm import calm
    from sandbox.casting import stage_for

    with _calls(opened, wish) as calls:
        by = connect if wish.replay is None else recorded
        stage = stage_for(opened.log, calls, run=opened.path.name, chroma=wish.chroma, connect=by)
        calm()
        try:
            asyncio.run(_drain(opened, opened.play(stage), quiet=wish.quiet or wish.as_json))
        except KeyboardInterrupt:
            turn = opened.log.state.turn
            raise StoppedError(f"stopped after turn {turn}; `sandbox resume {opened.path}` goes on") from None
    if wish.as_json:
        typer.echo(json.dumps(_summary(opened.path, opened.log)))
    else:
        typer.echo(f"{opened.path} · {len(opened.log)} events · `sandbox show {opened.path}`", err=True)


@contextmanager
def _calls(opened: "Run", wish: Wish) -> "Iterator[CallFile | None]":
    """Open the record of a run's calls; there is none where no model is asked."""
    from sandbox.budget import Budget
    from sandbox.calls import open_calls, replayed
    from sandbox.casting import models_of

    if wish.replay is not None:
        yield replayed(wish.replay)
    elif models_of(opened.log.state.settings):
        with open_calls(opened.path, Budget(*wish.budget)) as calls:
            yield calls
    else:
        yield None


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
