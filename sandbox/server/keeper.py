"""The keeper of sessions: opens them, finds them again, puts away what is idle.

A session's name is the name of its run folder, directly under the keeper's folder; nothing else can be reached.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from sandbox.runs import EVENTS, free_name
from sandbox.server.session import Session
from sandbox.server.shapes import NAME
from sandbox.server.visits import MissingError
from worlds.errors import BusyError, UsageError
from worlds.trajectory import Trajectory

__all__ = ["FullError", "Keeper", "Limits"]


class FullError(UsageError):
    """There are as many sessions as there may be, and all of them are at work."""


class Limits(NamedTuple):
    """How much is let in."""

    body: int = 1_000_000
    """Bytes of one request."""
    sessions: int = 256
    """Open at once; beyond it the longest idle one is put away."""
    idle: float = 900.0
    """Seconds after which a session nobody asks is put away."""
    rate: int = 1200
    """Requests a minute from one address; 0 for no limit."""
    turns: int = 8
    """Turns that are thought about at once."""
    line: int = 8000
    """Characters of one message."""


class Keeper:
    """All sessions of one server."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Keep the runs of sessions in `folder`."""
        self.folder = folder
        self.limits = limits
        self._thinking = asyncio.Semaphore(limits.turns)
        self._open: dict[str, Session] = {}

    def names(self) -> list[str]:
        """Name the sessions there are, open or put away, the latest last."""
        if not self.folder.is_dir():
            return []
        kept = [
            path
            for path in self.folder.iterdir()
            if re.fullmatch(NAME, path.name) and (path / EVENTS).is_file()
        ]
        return [path.name for path in sorted(kept, key=lambda path: (self.written(path.name), path.name))]

    def exists(self, name: str) -> bool:
        """Whether there is a session of this name."""
        return (self._path(name) / EVENTS).is_file()

    def written(self, name: str) -> int:
        """Say when something was last written in a session, in seconds since 1970."""
        return int((self._path(name) / EVENTS).stat().st_mtime)

    def opened(self, name: str) -> Session | None:
        """Give a session if it is open just now."""
        return self._open.get(name)

    def make(self, name: str, log: Trajectory) -> Session:
        """Open a new session; a number is put behind a name that is taken. Call `using` with its name."""
        self._make_room()
        path = free_name(self.folder, self._path(name).name)
        session = Session(path, self._thinking, log)
        self._open[session.name] = session
        return session

    @asynccontextmanager
    async def using(self, name: str) -> AsyncIterator[Session]:
        """Hold a session: opened again if it was put away, settled, and nobody else's meanwhile.

        `MissingError` if there is none, `FullError` if there is no room.
        """
        self.sweep()
        while True:
            session = self._found(name)
            async with session.lock:
                if self._open.get(name) is not session:
                    continue  # put away while we waited for it
                if session.log.state.phase not in ("cue", "over"):
                    await session.settle()
                yield session
                session.used = perf_counter()
                return

    def _found(self, name: str) -> Session:
        if name not in self._open:
            if not self.exists(name):
                raise MissingError(f"there is no session {name!r}; POST /api/sessions opens one")
            self._make_room()
            self._open[name] = Session(self._path(name), self._thinking)
        return self._open[name]

    def put_away(self, name: str) -> None:
        """Close a session; its run stays. `BusyError` if it is at work, `MissingError` if there is none."""
        if not self.exists(name):
            raise MissingError(f"there is no session {name!r}")
        session = self._open.get(name)
        if session is not None:
            if session.lock.locked():
                raise BusyError(f"session {name!r} is at work; ask again when its turn is over")
            del self._open[name]
            session.close()

    def sweep(self) -> None:
        """Put away the sessions that have been idle for long."""
        late = perf_counter() - self.limits.idle
        for name, session in tuple(self._open.items()):
            if session.used < late and not session.lock.locked() and not session.listeners:
                self.put_away(name)

    def close(self) -> None:
        """Put everything away."""
        for session in self._open.values():
            with suppress(OSError):
                session.close()
        self._open.clear()

    def _make_room(self) -> None:
        while len(self._open) >= self.limits.sessions:
            free = [
                session
                for session in self._open.values()
                if not session.lock.locked() and not session.listeners
            ]
            if not free:
                raise FullError(f"{self.limits.sessions} sessions are at work; try again in a moment")
            self.put_away(min(free, key=lambda session: session.used).name)

    def _path(self, name: str) -> Path:
        if not re.fullmatch(NAME, name):
            raise UsageError(
                f"{name!r} is no name for a session; use small letters, digits, _ and -, at most 64"
            )
        return self.folder / name
