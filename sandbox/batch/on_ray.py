"""The same batch on a Ray cluster: the desk is a named actor, every worker an actor that is asynchronous inside.

The queue stays with the parent, on its machine; workers on any machine meet it through the desk, and write their runs
into the batch's folder, which therefore all machines must see under the same path.
"""

import hashlib
import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from sandbox.batch.after import sweep
from sandbox.batch.database import BATCH
from sandbox.batch.desk import Grant, QueueDesk, Report, Taken
from sandbox.batch.parent import HASTY, Sight, watch_time
from sandbox.batch.player import Folders
from sandbox.batch.queue import Ended, Queue, open_queue
from sandbox.batch.roll import Roll
from sandbox.batch.spec import Limits
from sandbox.batch.worker import Worker
from sandbox.calm import calm
from worlds.errors import SandboxError, UsageError

__all__ = ["Cluster"]


class DeskActor:
    """The desk in an actor of its own. When it dies Ray starts it again; all it knows is in the queue."""

    def __init__(self, folder: str) -> None:
        """Open the queue."""
        self._stack = ExitStack()
        self._desk = QueueDesk(self._stack.enter_context(open_queue(Path(folder))))

    async def ask(self, what: str, given: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever that method gives
        """Pass a call on to the desk."""
        return await getattr(self._desk, what)(*given)


class RayDesk:
    """The desk as workers on a cluster meet it."""

    def __init__(self, actor: Any) -> None:  # noqa: ANN401 - a handle of Ray's
        """Ask this actor."""
        self._actor = actor

    async def _ask(self, what: str, *given: Any) -> Any:  # noqa: ANN401 - passed on
        try:
            return await self._actor.ask.remote(what, given)
        except import_module("ray").exceptions.RayError as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, SandboxError):
                raise cause from error
            raise SandboxError(f"the desk cannot be reached: {str(error).splitlines()[0]}") from error

    async def join(self, *, locks: bool) -> int:
        """Is done by the parent, which sees an actor die."""
        raise UsageError(f"a worker on a cluster is given its number (locks={locks})")

    async def settings(self) -> tuple[Limits, str]:
        """Give the plan's limits and judges."""
        limits, judges = await self._ask("settings")
        return limits, judges

    async def take(self, worker: int, holding: tuple[int, ...], room: tuple[int, int]) -> Taken:
        """Lease runs."""
        taken: Taken = await self._ask("take", worker, holding, room)
        return taken

    async def part(self, digest: str) -> str:
        """Give a world or a cast."""
        return str(await self._ask("part", digest))

    async def opened(self, worker: int, run: int, length: int) -> None:
        """Note the length of a log that is taken over."""
        await self._ask("opened", worker, run, length)

    async def tick(self, worker: int, report: Report) -> Grant:
        """Take a report."""
        grant: Grant = await self._ask("tick", worker, report)
        return grant

    async def end(self, worker: int, run: int, ended: Ended) -> str:
        """Take a run back."""
        return str(await self._ask("end", worker, run, ended))

    async def to_judge(self, worker: int) -> tuple[int, str] | None:
        """Lease a finished run for its judges."""
        leased: tuple[int, str] | None = await self._ask("to_judge", worker)
        return leased

    async def judged(self, worker: int, run: int) -> None:
        """Note that the judges have sat."""
        await self._ask("judged", worker, run)

    async def leave(self, worker: int) -> None:
        """Give back all."""
        await self._ask("leave", worker)


class WorkerActor:
    """A worker in an actor."""

    def __init__(self, folder: str, home: str, desk: Any, number: int) -> None:  # noqa: ANN401 - a handle of Ray's
        """Sit down at a desk; relative paths in specs of models are seen from `home`, where there is such a folder."""
        if Path(home).is_dir():
            os.chdir(home)
        self._folder = Path(folder)
        self._worker = Worker(RayDesk(desk), Folders(self._folder), number=number)

    async def work(self) -> str:
        """Work; say why it stopped, if that was before its time."""
        if not (self._folder / BATCH).is_dir():
            where = f"{self._folder} is not seen by {socket.gethostname()}"
            return f"{where}; put the batch's `out` on storage that all machines share"
        calm()
        try:
            await self._worker.work()
        except SandboxError as error:
            return str(error)
        return ""


class Cluster:
    """The parent of workers on a cluster."""

    def __init__(self, queue: Queue, number: int, address: str, show: Callable[[Sight], None]) -> None:
        """Play the batch of this queue with so many workers; without an address, on a cluster of this machine's own."""
        self._queue = queue
        self._limits = Limits.model_validate_json(queue.get("limits") or "{}")
        self._number = number
        self._address = address
        self._show = show
        self._began = time.monotonic()
        self._roll = Roll(queue, self._limits.attempts)
        self._hands: dict[Any, tuple[int, Any]] = {}
        self._silent: dict[int, tuple[int, float]] = {}
        self._looked = self._began
        self._deaths = 0
        try:
            self._ray: Any = import_module("ray")
        except ImportError:
            raise UsageError("--engine ray needs Ray: pip install 'roleplay-sandbox[ray]'") from None

    def run(self) -> Sight:
        """Play and judge everything; say how it stands in the end."""
        self._connect()
        try:
            for (worker,) in self._queue.read("SELECT id FROM worker WHERE host = ''"):
                self._roll.gone(worker)
            desk = self._desk()
            for _ in range(self._number):
                self._start(desk)
            while self._hands:
                self._watch(desk)
                if self._hands:
                    self._show(self.sight())
        finally:
            self._ray.shutdown()
            for number, _ in self._hands.values():
                self._roll.gone(number, died=False)
        sweep(self._queue, Folders(self._queue.folder))
        last = self.sight()
        self._show(last)
        return last

    def sight(self) -> Sight:
        """Say how it stands."""
        seconds = time.monotonic() - self._began
        return Sight(self._queue.counts(), self._queue.tally(), seconds, len(self._hands))

    def _connect(self) -> None:
        own = {} if self._address else {"num_cpus": self._number, "include_dashboard": False}
        try:
            self._ray.init(
                address=self._address or "local", logging_level="ERROR", log_to_driver=False, **own
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise UsageError(f"no Ray cluster at {self._address or 'this machine'}: {error}") from error

    def _desk(self) -> Any:  # noqa: ANN401 - a handle of Ray's
        """Start the desk, by name, where the queue is."""
        folder = str(self._queue.folder.resolve())
        here = self._ray.get_runtime_context().get_node_id()
        strategies = import_module("ray.util.scheduling_strategies")
        options = {
            "name": f"sandbox-desk-{hashlib.sha256(folder.encode()).hexdigest()[:12]}",
            "num_cpus": 0,
            "max_restarts": -1,
            "max_task_retries": -1,
            "scheduling_strategy": strategies.NodeAffinitySchedulingStrategy(node_id=here, soft=False),
        }
        return self._ray.remote(DeskActor).options(**options).remote(folder)

    def _start(self, desk: Any) -> None:  # noqa: ANN401 - a handle of Ray's
        number = self._roll.join(locks=False)
        folder, home = str(self._queue.folder.resolve()), str(Path.cwd())
        actor = self._ray.remote(WorkerActor).options(num_cpus=1).remote(folder, home, desk, number)
        self._hands[actor.work.remote()] = (number, actor)

    def _watch(self, desk: Any) -> None:  # noqa: ANN401 - a handle of Ray's
        """See who has finished, who has died, who is silent."""
        ended, _ = self._ray.wait([*self._hands], timeout=0.25)
        for one in ended:
            number, _ = self._hands.pop(one)
            try:
                why = self._ray.get(one)
            except self._ray.exceptions.RayActorError as error:
                self._deaths += 1
                self._roll.gone(number)
                if self._deaths > HASTY * self._number and not self.sight().finished:
                    raise SandboxError(f"workers on the cluster die: {str(error).splitlines()[0]}") from error
                self._start(desk)
                continue
            if why and not self._queue.get("stop"):
                raise SandboxError(why)
        self._listen()
        watch_time(self._queue, self._limits, time.monotonic() - self._began)

    def _listen(self) -> None:
        """Kill the workers that have been silent for too long."""
        beats: dict[int, int] = dict(self._queue.read("SELECT id, beat FROM worker"))
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, 1.0), now  # a machine that slept has not listened
        for number, actor in self._hands.values():
            beat, (last, silent) = beats.get(number, 0), self._silent.get(number, (0, 0.0))
            self._silent[number] = (beat, silent + passed if beat == last > 0 else 0.0)
            if self._silent[number][1] > self._limits.hang:
                self._ray.kill(actor)
