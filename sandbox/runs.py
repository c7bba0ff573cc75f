"""The run folder: `runs/<name>/events.jsonl` is the truth; one process writes it at a time.

Every event is handed to the system before the next is asked for, and the disk is synced after every turn, while the
next one is thought about; a turn that comes while the disk is still busy is synced with the next. A crash of the
program loses nothing that was shown, one of the machine at most what was played during one sync: as a rule, a turn.
A run is never overwritten.
"""

import os
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, closing, contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from sandbox.loop import Stage
from worlds.errors import BusyError, InputError, SandboxError, UsageError
from worlds.events import Event
from worlds.store import Loaded, load, write_line
from worlds.trajectory import Trajectory

__all__ = ["EVENTS", "Run", "folder_of", "free_name", "locked", "new_run", "open_run", "read_run"]

EVENTS = "events.jsonl"


@dataclass(slots=True)
class Run:
    """A run opened for writing."""

    path: Path
    torn: bool
    """Whether a torn last line was dropped when it was opened."""
    _file: FileIO
    sync: bool = True
    """Whether every turn is forced to disk; if not, whoever opened it sees to that."""
    _log: Trajectory = field(default_factory=Trajectory)
    _stage: Stage | None = None
    _syncer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _syncing: "Future[None] | None" = None

    @property
    def log(self) -> Trajectory:
        """The log as far as it has been written."""
        return self._stage.log if self._stage else self._log

    async def play(self, stage: Stage) -> AsyncGenerator[Event, None]:
        """Play on, writing each event before it is given out."""
        async with aclosing(stage.play(self.log)) as events:
            try:
                async for event in events:
                    self._stage = stage
                    self._write(event)
                    yield event
            finally:
                self._log, self._stage = self.log, None

    def append(self, log: Trajectory) -> tuple[Event, ...]:
        """Write what `log` has beyond the run, as when a person acted; give those events."""
        events = tuple(log.since(self.log.seq))
        for event in events:
            self._write(event)
        self._log = log
        return events

    def _write(self, event: Event) -> None:
        try:
            rest = memoryview(write_line(event).encode())
            while rest:
                rest = rest[self._file.write(rest) :]
            free = self._syncing is None or self._syncing.done()
            if self.sync and free and event.body.kind == "cued":
                self._settle()  # minds think now; nothing is written meanwhile
                self._syncing = self._syncer.submit(os.fsync, self._file.fileno())
        except OSError as error:
            message = (
                f"{self.path / EVENTS}: event {event.seq} could not be written: {error.strerror}; "
                f"all before it is safe: free some space, then `sandbox resume {self.path}`"
            )
            raise SandboxError(message) from error

    def close(self) -> None:
        """Wait until all that was written is on the disk."""
        try:
            self._settle()
            if self.sync:
                os.fsync(self._file.fileno())
        finally:
            self._syncer.shutdown()

    def _settle(self) -> None:
        """Wait for the sync that is under way, and hear what it met with."""
        if self._syncing is not None:
            self._syncing.result()
            self._syncing = None


def free_name(parent: Path, stem: str) -> Path:
    """Give a folder path that is not taken: `tavern-7`, then `tavern-7-2`."""
    number, path = 1, parent / stem
    while path.exists():
        number += 1
        path = parent / f"{stem}-{number}"
    return path


@contextmanager
def new_run(path: Path, log: Trajectory, *, sync: bool = True) -> Iterator[Run]:
    """Make a run folder and write the log so far; `UsageError` if there is something there already."""
    if (path / EVENTS).exists() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        message = f"{path} exists already and is never overwritten; choose another --out, or `sandbox resume {path}`"
        raise UsageError(message)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{path}: the run folder cannot be made: {error.strerror}; choose another --out"
        raise UsageError(message) from error
    with locked(path), _opened(path, "xb") as file:
        run = Run(path, torn=False, _file=file, sync=sync)
        with closing(run):
            run.append(log)
            yield run


@contextmanager
def open_run(path: Path, *, sync: bool = True) -> Iterator[Run]:
    """Open a run to go on with it; a torn last line is cut off."""
    path = folder_of(path)
    with locked(path):
        loaded = load(path / EVENTS)
        with _opened(path, "r+b") as file:
            file.truncate(loaded.size)
            file.seek(loaded.size)
            with closing(Run(path, torn=loaded.torn, _file=file, sync=sync, _log=loaded.log)) as run:
                yield run


def read_run(path: Path) -> Loaded:
    """Read a run without opening it for writing; another process may be writing it."""
    return load(folder_of(path) / EVENTS if folder_of(path).is_dir() else path)


def folder_of(path: Path) -> Path:
    """Give the folder of a run by its path or name; `InputError` if there is no such run."""
    if path.name == EVENTS:
        return path.parent
    if not path.exists() and (Path("runs") / path).exists():
        return Path("runs") / path
    if not path.exists():
        message = f"{path}: no such run; `sandbox run WORLD --out {path}` makes one"
        raise InputError(message)
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the one process that writes a run; `BusyError` if another is."""
    lock = FileLock(path / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        message = f"{path}: another process is writing this run; wait for it, or fork the run"
        raise BusyError(message) from None
    except OSError as error:
        message = f"{path}: the run cannot be locked: {error.strerror}; is the folder read-only?"
        raise UsageError(message) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[FileIO]:
    try:
        file = FileIO(path / EVENTS, mode)
    except OSError as error:
        message = f"{path / EVENTS}: cannot be written: {error.strerror}"
        raise UsageError(message) from error
    with file:
        yield file
