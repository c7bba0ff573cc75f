"""A worker: one process, one event loop, as many runs as its limits allow.

It takes runs from the desk, plays them side by side, and gives back what came of each. Nothing that goes wrong in one
run reaches another. What it cannot notice itself (that it hangs, that it was killed) others see from outside.
"""

import asyncio
import errno
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from sandbox.batch.after import judge_run, set_aside
from sandbox.batch.desk import Desk, Report
from sandbox.batch.gate import Gates
from sandbox.batch.player import Folders, Game, Player, opening
from sandbox.batch.queue import ALONE, Ended, Lease
from worlds.errors import BudgetError, BusyError, ModelError, SandboxError

__all__ = ["BEAT", "Worker"]

BEAT = 0.5
"""Seconds between two reports."""

BUSY = 2
"""Runs at once that keep the processor busy: while one is put on the disk, the other goes on."""

_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EMFILE, errno.ENFILE}
)
"""What is wrong with the machine and not with a run."""


@dataclass(slots=True)
class Worker:
    """Plays runs until there are none left, or it is told to stop."""

    desk: Desk
    folders: Folders
    kept_on: Callable[[], bool] = lambda: True
    """Is asked at every beat whether to go on."""
    gates: Gates = field(default_factory=Gates)
    player: Player = field(init=False)
    number: int = 0
    """Given by the desk when it joins, unless it has one."""
    halted: str = ""
    """Why it stops before its time, what it has in hand left as it is."""
    _games: dict[int, Game] = field(default_factory=dict)
    _leases: dict[int, Lease] = field(default_factory=dict)
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _parts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Seat the player."""
        self.player = Player(self.folders, self.gates)

    async def work(self) -> None:
        """Work until everything is played and judged, or the batch stops.

        `SandboxError` says why it stopped before its time, if nobody told it to.
        """
        limits, judges = await self.desk.settings()
        self.player.timeout, self.player.megabytes = limits.timeout, limits.megabytes
        self.number = self.number or await self.desk.join(locks=True)
        beating = asyncio.create_task(self._beat())
        try:
            await self._play_all(limits.runs)
            if judges:
                await self._judge_all(judges)
        finally:
            beating.cancel()
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(beating, *self._tasks.values(), return_exceptions=True)
            with suppress(SandboxError):
                await self._report()
                await self.desk.leave(self.number)
        if self.halted:
            raise SandboxError(self.halted)

    def halt(self, why: str) -> None:
        """Stop soon, what is in hand left as it is."""
        self.halted = self.halted or why

    # ── playing ────────────────────────────────────────────────────────────────────────────────────

    async def _play_all(self, most: int) -> None:
        while not self.halted:
            taken = await self.desk.take(self.number, tuple(self._leases), self._room(most))
            for lease in taken.leases:
                self._leases[lease.id] = lease
                self._tasks[lease.id] = asyncio.create_task(self._play(lease), name=lease.job.name)
            if not self._tasks and not taken.more:
                return
            if self._tasks:
                await asyncio.wait(self._tasks.values(), timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(BEAT)

    def _room(self, most: int) -> tuple[int, int]:
        """Say how many runs more can be taken, those that keep the processor busy and those that wait."""
        if any(lease.crashes >= ALONE for lease in self._leases.values()):
            return 0, 0
        busy = sum(not lease.job.waits for lease in self._leases.values())
        return BUSY - busy, most - len(self._leases) + busy

    async def _play(self, lease: Lease) -> None:
        """Play one run and give it back, whatever came of it. One that is cancelled is given back at the end."""
        try:
            ended, details = await self._ended(lease)
            if game := self._games.get(lease.id):
                ended = ended._replace(tally=game.tally)
            if await self.desk.end(self.number, lease.id, ended) == "failed":
                await asyncio.to_thread(set_aside, self.folders, lease.job.name, ended.reason, details)
        except SandboxError as error:
            self.halt(str(error))
        finally:
            for held in (self._games, self._leases, self._tasks):
                held.pop(lease.id, None)

    async def _ended(self, lease: Lease) -> tuple[Ended, str]:
        """Say what came of a run, and in detail what went wrong."""
        try:
            return await self._played(lease), ""
        except (BudgetError, BusyError) as error:
            return Ended("waiting", str(error)), ""
        except ModelError as error:
            return Ended("waiting", str(error), tried=True, down=True), ""
        except TimeoutError:
            return Ended("waiting", f"no new event for {self.player.timeout:g} s", tried=True), ""
        except Exception as error:  # noqa: BLE001 - what breaks one run must not reach another
            if broken := _machine(error):
                why = f"{self.folders.out}: {broken}; nothing is lost: mend that, then start the batch again"
                self.halt(why)
                return Ended("waiting", why), ""
            return Ended("failed", _told(error), tried=True), "".join(traceback.format_exception(error))

    async def _played(self, lease: Lease) -> Ended:
        job = lease.job
        world, cast = await self._part(job.world), await self._part(job.cast)
        game = Game(job.name, opening(world, cast, job.settings))
        if lease.crashes:
            game.opened = lambda length: self.desk.opened(self.number, lease.id, length)
        self._games[lease.id] = game
        return Ended("played", hash=await self.player.play(game))

    async def _part(self, digest: str) -> str:
        if digest not in self._parts:
            self._parts[digest] = await self.desk.part(digest)
        return self._parts[digest]

    async def _judge_all(self, judges: str) -> None:
        while not self.halted and (leased := await self.desk.to_judge(self.number)):
            run, name = leased
            await asyncio.to_thread(judge_run, self.folders.done(name), judges)
            await self.desk.judged(self.number, run)

    # ── reporting ──────────────────────────────────────────────────────────────────────────────────

    async def _beat(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.gates.changed.wait(), BEAT)
            self.gates.changed.clear()
            try:
                await self._report()
            except SandboxError as error:
                self.halt(str(error))
            if not self.kept_on():
                self.halt("whoever started this worker is gone")

    async def _report(self) -> None:
        waiting = sum(lease.job.waits for lease in self._leases.values())
        runs = {run: game.tally for run, game in self._games.items()}
        grant = await self.desk.tick(self.number, Report(runs, self.gates.needs(waiting)))
        self.gates.give(grant.shares)
        self.gates.tokens, self.gates.cost = grant.left
        self.gates.stop = grant.stop


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _machine(error: BaseException) -> str:
    """Say what is wrong with the machine, if that is what an error comes from."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in _MACHINE:
            return f"{cause.strerror} ({cause.filename})" if cause.filename else str(cause.strerror)
    return ""


def _told(error: Exception) -> str:
    """Say in a line what went wrong."""
    text = " ".join(str(error).split())[:500]
    return text if isinstance(error, SandboxError) and text else f"{type(error).__name__}: {text}"
