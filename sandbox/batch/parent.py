"""The parent: makes the queue from a plan, starts workers, watches them, and says how it goes.

It plays nothing itself. A worker that dies is started again; one that is silent is killed first, for a mind that never
gives back the processor cannot be stopped from inside. The parent can be killed too: its workers see that and leave.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from filelock import FileLock, Timeout

from sandbox.batch.after import sweep
from sandbox.batch.database import BATCH
from sandbox.batch.player import Folders
from sandbox.batch.queue import Queue, Tally, open_queue
from sandbox.batch.roll import Roll
from sandbox.batch.spec import Limits
from worlds.errors import BusyError, SandboxError

__all__ = ["HASTY", "Child", "Parent", "Sight", "driving", "watch_time"]

HASTY = 5
"""So many workers that die in a row without anything getting further, and the batch stops."""

_LEAVE = 15.0
"""Seconds a worker has to leave when it is asked to."""


class Sight(NamedTuple):
    """How a batch stands."""

    counts: dict[str, int]
    tally: Tally
    seconds: float
    """Since the parent began."""
    workers: int

    @property
    def finished(self) -> int:
        """Runs whose log is whole."""
        return sum(self.counts.get(state, 0) for state in ("played", "judging", "done"))


@dataclass(slots=True)
class Child:
    """A worker that was started here."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]
    beat: int = -1
    silent: float = 0.0
    """Seconds this process watched it without a beat."""

    def said(self) -> str:
        """Give the last line it wrote to stderr."""
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(slots=True)
class Parent:
    """Keeps workers at a queue until there is nothing left to do."""

    queue: Queue
    limits: Limits
    number: int
    """How many workers."""
    show: Callable[[Sight], None] = lambda _: None
    """Is told how it stands, again and again."""
    command: Sequence[str] = (sys.executable, "-m", "sandbox", "batch", "worker", "--parent", "--queue")
    """What starts a worker; the batch's folder is put behind it."""
    look: float = 0.25
    """Seconds between two looks."""
    deaths: int = 0
    """Workers that died."""
    _children: list[Child] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _hasty: int = 0
    _mark: object = None
    _roll: Roll = field(init=False)

    def __post_init__(self) -> None:
        """Keep the roll."""
        self._roll = Roll(self.queue, self.limits.attempts)

    def run(self) -> Sight:
        """Play and judge everything; say how it stands in the end.

        `SandboxError` if workers cannot do their work; `KeyboardInterrupt` passes.
        """
        try:
            if set(self.queue.counts()) & {"waiting", "playing", "played", "judging"}:
                for _ in range(self.number):
                    self._start()
            seen = time.monotonic()
            while self._children:
                time.sleep(self.look)
                now = time.monotonic()
                self._watch(min(now - seen, 4 * self.look))  # a machine that slept has not watched
                seen = now
                if self._children:
                    self.show(self.sight())
        except BaseException:
            self._dismiss()
            with suppress(SandboxError):
                self._roll.bury()
            raise
        self._roll.bury()
        sweep(self.queue, Folders(self.queue.folder))
        last = self.sight()
        self.show(last)
        return last

    def sight(self) -> Sight:
        """Say how it stands."""
        seconds = time.monotonic() - self._began
        return Sight(self.queue.counts(), self.queue.tally(), seconds, len(self._children))

    def _start(self) -> None:
        folder = self.queue.folder / BATCH / "workers"
        folder.mkdir(parents=True, exist_ok=True)
        errors = (folder / f"{os.getpid()}-{self.deaths}-{len(self._children)}.err").open("w+b")
        words = [*self.command, str(self.queue.folder)]
        process = subprocess.Popen(  # noqa: S603 - this program, or what a test gives
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        self._children.append(Child(process, errors))

    def _watch(self, passed: float) -> None:
        beats: dict[int, int] = dict(self.queue.read("SELECT pid, beat FROM worker"))
        for child in [*self._children]:
            code = child.process.poll()
            if code is not None:
                self._children.remove(child)
                self._left(child, code)
                continue
            beat = beats.get(child.process.pid, -1)
            child.silent = child.silent + passed if beat == child.beat >= 0 else 0.0
            child.beat = beat
            if child.silent > self.limits.hang:
                child.process.kill()
        watch_time(self.queue, self.limits, time.monotonic() - self._began)

    def _left(self, child: Child, code: int) -> None:
        """Take note of a worker that has ended; start another if it did not mean to."""
        said = child.said()
        child.errors.close()
        Path(child.errors.name).unlink(missing_ok=True)
        if code == 0 or self.queue.get("stop"):
            return
        self.deaths += 1
        self._roll.bury()
        if said.startswith("error: "):  # it says itself that it cannot work; another could not either
            raise SandboxError(said.removeprefix("error: "))
        mark = (self.queue.counts(), self.queue.tally(), self.queue.read("SELECT sum(crashes) FROM run"))
        self._hasty = self._hasty + 1 if mark == self._mark else 0
        self._mark = mark
        if self._hasty >= HASTY:
            raise SandboxError(f"workers die as soon as they are started, the last with code {code}: {said}")
        self._start()

    def _dismiss(self) -> None:
        """Ask all workers to leave; kill those that do not."""
        for child in self._children:
            child.process.terminate()
        until = time.monotonic() + _LEAVE
        for child in self._children:
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.errors.close()


def watch_time(queue: Queue, limits: Limits, seconds: float) -> None:
    """Stop the batch when its time is up."""
    most = limits.max_seconds
    if most is not None and seconds > most and not queue.get("stop"):
        why = f"the batch has spent its time ({most:g} s): raise limits.max_seconds"
        queue.put(stop=why, stop_code="5")


@contextmanager
def driving(folder: Path, *, new: bool = False) -> Iterator[Queue]:
    """Open a queue as its one parent; `BusyError` if there is another. What had stopped the batch is forgotten."""
    with open_queue(folder, new=new) as queue:
        lock = FileLock(folder / BATCH / "parent.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BusyError(
                f"{folder} is being played by another process; `sandbox batch status {folder}` shows how it goes, "
                f"`sandbox batch worker --queue {folder}` lends it a hand"
            ) from None
        try:
            queue.put(stop="", stop_code="", down="0")
            yield queue
        finally:
            lock.release()
