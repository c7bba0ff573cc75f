"""The engine: plays a run in a thread of its own, so that it never waits for the screen, nor the screen for it.

The screen reads `log`, a value published at every event. What it asks for is done between two events. All that is
given out has been written to the run's file before.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from characters.calls import Calls
from worlds.errors import SandboxError
from worlds.events import Body, Cued, Draft
from worlds.state import PHASES
from worlds.trajectory import Trajectory, extend

if TYPE_CHECKING:
    from characters.minds import Mind
    from sandbox.loop import Stage
    from sandbox.runs import Run

__all__ = ["Engine", "Staged"]

Staged: TypeAlias = Callable[[Trajectory, Calls | None], "Stage"]
"""Gives the stage a log is played on; calls to models are found and kept in the calls."""

EVERY = 0.03
"""Seconds between two values of the log being published while playing."""


class Engine:
    """A run being played."""

    def __init__(self, path: Path, log: Trajectory | None, staged: Staged | None = None) -> None:
        """Make a new run from a log, or open the one at `path` to go on with it; `start` does it."""
        self.path = path
        self.log = log or Trajectory()
        self.allowed = 0.0
        """Turns that may still be played; endless while playing freely."""
        self.pace = 2.0
        """Turns a second; 0 for as fast as can be."""
        self.mine: frozenset[str] = frozenset()
        """Whom a person plays."""
        self.error = ""
        self.busy = False
        """Whether something is being waited for right now."""
        self.opened = False
        self.cueless = False
        """Whether the turn order leaves it to a person to say who is next, and none has."""
        self._new = log is not None
        self._staged = staged
        self._minds: dict[str, Mind] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = Thread(target=self._main, name="engine", daemon=True)

    @property
    def playing(self) -> bool:
        """Whether it may go on by itself."""
        return self.allowed > 0

    @property
    def failed(self) -> bool:
        """Whether the run could not be opened; `error` says why."""
        return bool(self.error) and not self.opened and not self._thread.is_alive()

    @property
    def waiting(self) -> str:
        """Whose decision is awaited from a person; empty if nobody's."""
        now = self.log.state if len(self.log) else None
        if now is None or now.phase != "act" or self.busy:
            return ""
        return next((who for who in now.cued if who not in now.acts and who not in self._minds), "")

    def start(self) -> None:
        """Open the run and wait for what is asked."""
        self._thread.start()

    def play(self, turns: float) -> None:
        """Play so many turns more; 0 to stop after this event."""
        self.allowed = turns
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def possess(self, who: str) -> None:
        """Take a character over from its mind, from its next turn on; or give it back."""
        self.mine = self.mine ^ {who}
        self._ask(self._recast)

    def act(self, body: Body, who: str) -> "Future[str]":
        """Let a person act for a character and the turn go on; the future gives what was wrong, if anything."""
        self.allowed = max(self.allowed, 1)
        return self._ask(lambda: self._append(Draft(body, who), frozenset({"act"})))

    def tell(self, body: Body) -> "Future[str]":
        """Let something happen from outside the story: an intervention, a cue."""
        phases = frozenset(phase for phase, kinds in PHASES.items() if body.kind in kinds)
        return self._ask(lambda: self._append(Draft(body), phases))

    def cue(self, who: str) -> "Future[str]":
        """Give a character the next turn."""
        self.allowed = max(self.allowed, 1)
        return self.tell(Cued(who=(who,)))

    def stop(self) -> None:
        """Close the run; all that was played is kept."""
        self.allowed = 0
        if self._loop is not None and self._thread.is_alive():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._quit.set)
            self._thread.join(timeout=5)

    def _ask(self, job: Callable[[], Awaitable[str]]) -> "Future[str]":
        """Have a job done between two events."""
        done: Future[str] = Future()
        if self._loop is None or not self._thread.is_alive():
            done.set_result(self.error or "the run is not open yet")
            return done
        asyncio.run_coroutine_threadsafe(self._between(job, done), self._loop)
        return done

    def _main(self) -> None:
        """Hold the run while it is open: all of this is the thread's."""
        from sandbox.calls import open_calls  # noqa: PLC0415 - the same
        from sandbox.casting import models_of  # noqa: PLC0415 - langgraph takes a second; a replay needs none
        from sandbox.runs import free_name, new_run, open_run  # noqa: PLC0415 - the same

        if self._new:
            self.path = free_name(self.path.parent, self.path.name)
        opened: AbstractContextManager[Run]
        opened = new_run(self.path, self.log) if self._new else open_run(self.path)
        try:
            with opened as run, ExitStack() as stack:
                models = models_of(run.log.state.settings)
                calls = stack.enter_context(open_calls(run.path)) if models else None
                asyncio.run(self._serve(run, calls))
        except SandboxError as error:
            self.error = str(error)
        finally:
            self.allowed, self.busy = 0, False

    async def _serve(self, run: "Run", calls: Calls | None) -> None:
        """Open the stage and wait for what is asked."""
        from sandbox.casting import stage_for  # noqa: PLC0415 - the same

        self._run, self._stage = run, (self._staged or stage_for)(run.log, calls)
        self._all = self._minds = dict(self._stage.minds)
        self.log, self._loop = run.log, asyncio.get_running_loop()
        self._wake, self._quit, self._table = asyncio.Event(), asyncio.Event(), asyncio.Lock()
        await self._recast()
        self._task: asyncio.Task[None] | None = None
        self.opened = True
        if self.allowed:
            self._wake.set()
        quitting = asyncio.ensure_future(self._quit.wait())
        while not self._quit.is_set():
            waking = asyncio.ensure_future(self._wake.wait())
            await asyncio.wait({waking, quitting}, return_when=asyncio.FIRST_COMPLETED)
            waking.cancel()
            self._wake.clear()
            if self.allowed > 0 and not self._quit.is_set():
                async with self._table:
                    self._task = asyncio.ensure_future(self._go())
                await asyncio.wait({self._task, quitting}, return_when=asyncio.FIRST_COMPLETED)
                await self._halt()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        if rest:
            await asyncio.wait(rest, timeout=1)

    async def _go(self) -> None:
        """Play until what is allowed is used up, the story ends, or a person has to act."""
        self.error, self.busy, self.cueless = "", True, False
        played = self._run.play(self._stage)
        began, published = perf_counter(), 0.0
        try:
            async for event in played:
                if perf_counter() - published > EVERY:
                    self.log, published = self._run.log, perf_counter()
                if event.body.kind == "turn_ended":
                    self.allowed -= 1
                    self.log = self._run.log
                    began = await self._rest(began)
                if self.allowed <= 0:
                    break
            self.cueless = self.allowed > 0 and self._run.log.state.phase == "cue"
        except SandboxError as error:
            self.error, self.allowed = str(error), 0
        except Exception as error:  # noqa: BLE001 - whatever a model's library throws must not end the show
            self.error, self.allowed = f"{type(error).__name__}: {error}", 0
        finally:
            await played.aclose()
            self.log, self.busy = self._run.log, False
            if self.log.state.phase == "over":
                self.allowed = 0

    async def _rest(self, began: float) -> float:
        """Keep the pace: a turn takes its time."""
        while self.pace and self.allowed > 0 and (left := 1 / self.pace - (perf_counter() - began)) > 0:  # noqa: ASYNC110 - pace and leave may change meanwhile
            await asyncio.sleep(min(left, 0.05))
        return perf_counter()

    async def _halt(self) -> None:
        """Break play off where it is; nothing written is lost, and going on from there needs no more than the log."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _between(self, job: Callable[[], Awaitable[str]], done: "Future[str]") -> None:
        async with self._table:
            await self._halt()
            try:
                done.set_result(await job())
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                done.set_result(str(error) or type(error).__name__)
        self._wake.set()

    async def _recast(self) -> str:
        self._minds = {who: mind for who, mind in self._all.items() if who not in self.mine}
        self._stage.minds = self._minds
        return ""

    async def _append(self, draft: Draft, phases: frozenset[str]) -> str:
        """Write an event of a person's; if it cannot come now, the turn is played until it can."""
        if self._run.log.state.phase not in phases:
            async for _ in self._run.play(self._stage):
                if self._run.log.state.phase in phases:
                    break
        self._run.append(extend(self._run.log, [draft]))
        self.log = self._run.log
        return ""
