"""One run of a batch, from a lease to a folder in its place.

A run is played in `.batch/begun/NAME` and renamed to `NAME` when its log is whole and on the disk. Whatever is found
there is gone on with: a log in the middle, calls that were paid for, a folder that stands in its place already.
"""

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from characters.models import Model, connect
from sandbox.batch.database import BATCH
from sandbox.batch.gate import Gates, Kept
from sandbox.batch.queue import Tally
from sandbox.batch.turnstile import PATIENCE, Patience
from sandbox.budget import Budget
from sandbox.calls import CALLS, open_calls
from sandbox.casting import stage_for
from sandbox.loop import Stage
from sandbox.runs import EVENTS, Run, locked, new_run, open_run, read_run
from worlds.errors import InputError, SandboxError
from worlds.events import Started
from worlds.spec import Character, Settings, World
from worlds.store import save
from worlds.trajectory import Trajectory, start

__all__ = ["Folders", "Game", "Player", "opening"]

_WEIGHED = 4
"""How often the files of a run are weighed, in turns."""

_CAST = TypeAdapter(tuple[Character, ...])


class Folders(NamedTuple):
    """Where the runs of a batch are."""

    out: Path

    def done(self, name: str) -> Path:
        """Give the folder of a finished run."""
        return self.out / name

    def work(self, name: str) -> Path:
        """Give the folder of a run that is not finished."""
        return self.out / BATCH / "begun" / name

    def aside(self, name: str) -> Path:
        """Give the folder of a run that was given up."""
        return self.out / "failed" / name


@dataclass(slots=True)
class Game:
    """A run that is being played."""

    name: str
    log: Trajectory
    """As it begins: the first line alone."""
    opened: Callable[[int], Awaitable[None]] | None = None
    """Is told how long the log is when the run is taken over from a worker that died."""
    tally: Tally = field(default_factory=Tally)
    """What it came to so far."""


@dataclass(slots=True)
class Player:
    """Plays runs in this process; many at once."""

    folders: Folders
    gates: Gates
    timeout: float = 1800.0
    megabytes: float = 64.0
    stage: Callable[..., Stage] = stage_for
    """Gives the stage for a log."""
    connect: Callable[[str], Model] = connect
    """Connects a model by its spec; once for all runs."""
    _connected: dict[str, Model] = field(default_factory=dict)
    _ranks: Iterator[int] = field(default_factory=count)

    async def play(self, game: Game) -> str:
        """Play a run to its end, put it in its place, and give its hash; go on with it if it was begun.

        Raises what playing raises, `TimeoutError` if there was no new event for too long.
        """
        done, work = self.folders.done(game.name), self.folders.work(game.name)
        if not (done / EVENTS).exists():
            await self._play(game, work)
        elif read_run(done).log[0] != game.log[0]:
            raise InputError(f"{done} is another run; move it away")
        else:
            game.tally = _tally_of(done)
        return await asyncio.to_thread(_hash, done)

    async def _play(self, game: Game, work: Path) -> None:
        waits = any(spec != "improv" for spec in _specs(game.log.state.settings))
        with _opened(work, game.log, sync=waits) as run, self._calls(work, waits=waits) as kept:
            game.tally = _tally(run.log.state.turn, kept)
            if game.opened:
                await game.opened(len(run.log))
            stage = self.stage(run.log, kept, run=game.name, connect=self._model)
            stage.queue = self.gates.line.wait
            async with asyncio.timeout(None) as limit:
                patience = Patience(self.timeout, limit, next(self._ranks))
                PATIENCE.set(patience)
                patience.again()
                async for event in run.play(stage):
                    patience.again()
                    if event.body.kind == "turn_ended":
                        game.tally = _tally(event.turn, kept)
                        if event.turn % _WEIGHED == 0:
                            self._weigh(work)
            game.tally = _tally(run.log.state.turn, kept)
            if run.log.state.phase != "over":
                raise SandboxError("it stopped without an end: a character has no mind")
            await asyncio.to_thread(_settle, work, self.folders.done(game.name))

    @contextmanager
    def _calls(self, work: Path, *, waits: bool) -> Iterator[Kept | None]:
        if not waits:
            yield None
            return
        with open_calls(work, Budget()) as file:
            yield Kept(file, self.gates)

    def _model(self, specs: str) -> Model:
        if specs not in self._connected:
            self._connected[specs] = self.gates.govern(specs, self.connect(specs))
        return self._connected[specs]

    def _weigh(self, work: Path) -> None:
        size = sum(path.stat().st_size for path in (work / EVENTS, work / CALLS) if path.exists())
        if size > self.megabytes * 1e6:
            raise SandboxError(
                f"its files have grown to {size / 1e6:.0f} MB: raise limits.megabytes if that is meant"
            )


def _opened(work: Path, log: Trajectory, *, sync: bool) -> AbstractContextManager[Run]:
    """Make a run, or open it where it was left."""
    if not work.exists():
        return new_run(work, log, sync=sync)
    with locked(work):
        _begin(work, log)
    return open_run(work, sync=sync)


def _begin(work: Path, log: Trajectory) -> None:
    """See that there is a log to go on with.

    One that cannot be trusted, as a machine that lost its power leaves it, is put aside and begun anew: what was asked
    of models is kept beside it and is not asked again.
    """
    path = work / EVENTS
    if path.exists():
        try:
            if read_run(work).log[0] == log[0]:
                return
        except InputError:
            pass
        path.replace(work / f"{EVENTS}.damaged")
    fresh = work / f".{EVENTS}.new"
    fresh.unlink(missing_ok=True)
    save(log, fresh)
    fresh.replace(path)


@cache
def _world_of(text: str) -> World:
    """Read a world that is queued; once for all its runs."""
    return World.model_validate_json(text)


@cache
def _cast_of(text: str) -> tuple[Character, ...]:
    return _CAST.validate_json(text)


def opening(world: str, cast: str, settings: str) -> Trajectory:
    """Give the first line of a run that is queued."""
    given = Settings.model_validate_json(settings)
    return start(Started(world=_world_of(world), cast=_cast_of(cast), settings=given))


def _specs(settings: Settings) -> tuple[str, ...]:
    return (*settings.minds.values(), settings.narrator)


def _tally(turn: int, kept: Kept | None) -> Tally:
    if kept is None:
        return Tally(turn)
    return Tally(turn, kept.file.spent.calls, kept.file.spent.tokens, kept.file.spent.cost)


def _tally_of(done: Path) -> Tally:
    """Count what a finished run came to."""
    turn = read_run(done).log.state.turn
    if not (done / CALLS).exists():
        return Tally(turn)
    with open_calls(done) as calls:
        return Tally(turn, calls.spent.calls, calls.spent.tokens, calls.spent.cost)


def _settle(work: Path, done: Path) -> None:
    """Force a whole run to the disk and put it in its place."""
    for path in (work / EVENTS, work / CALLS):
        if path.exists():
            _sync(path)
    _sync(work)
    work.rename(done)
    (done / ".lock").unlink(
        missing_ok=True
    )  # held by this process until the end of the run, of no use after it
    _sync(done.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash(done: Path) -> str:
    """Give the SHA-256 of a log."""
    return hashlib.sha256((done / EVENTS).read_bytes()).hexdigest()
