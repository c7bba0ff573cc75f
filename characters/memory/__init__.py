"""Memory: what a character once perceived or concluded, brought back when it bears on the moment.

Memory cannot be written to. It is an index that catches up with the log before it answers; so it can be thrown
away, rebuilt, or asked as of any moment. The newest memories are searched exactly, older ones by Chroma, in this
process or by a server.
"""

import asyncio
from collections.abc import Sequence
from threading import Lock
from weakref import finalize

from characters.embedders import Embedder, Hashing, Vectors
from characters.memory.chroma import BATCH, Chroma
from characters.recall_library import Library
from characters.recall_score import Moment, Query, query_of
from characters.recall_search import Asked, search
from worlds.errors import UsageError
from worlds.trajectory import Trajectory
from worlds.view import Recollection, View

__all__ = ["NEAR", "Memory"]

NEAR = 8192
"""How many of the newest memories are searched exactly: that takes less time than asking an index."""


class Memory:
    """What the characters of one run remember."""

    def __init__(self, run: str, embedder: Embedder, *, server: str = "", near: int = NEAR) -> None:
        """Remember a run by its id; `server` is `http://host:port` of a Chroma server, if not in this process.

        `UsageError` if no such server answers.
        """
        self._embedder = embedder
        self._near = near
        self._far = Chroma(f"{run} {embedder.id}", server)
        finalize(self, self._far.close)  # who drops a memory without closing it leaves nothing behind either
        self._library: Library | None = None
        self._lock = Lock()
        self._waits = bool(server) or not isinstance(embedder, Hashing)

    def recall(
        self, log: Trajectory, who: str, query: str, k: int = 8, before: int | None = None
    ) -> tuple[Recollection, ...]:
        """Give the `k` memories of a character that bear most on a query, best first.

        Only what `who` perceived or concluded before seq `before` (by default: until now). Raises `UsageError` if
        the log was made with another embedder, `ModelError` if the embedder or the Chroma server fails.
        """
        before = len(log) if before is None else min(before, len(log))
        if before <= 0:
            return ()
        moment = Moment(before, log.upto(before).state.clock)
        return self._recall(log, Asked(who, Query(((query, 1.0),)), moment, k))

    async def for_view(self, log: Trajectory, view: View, k: int = 8) -> tuple[Recollection, ...]:
        """Give what a view calls to mind, leaving out what it holds anyway."""
        state = log.state
        acting = state.phase == "act" and view.who in state.cued
        before = state.cued_at + 1 if acting else len(log)
        seen = frozenset(percept.seq for percept in (*view.past, *view.news))
        asked = Asked(view.who, query_of(state, view), Moment(before, view.time, seen), k)
        return await asyncio.to_thread(self._recall, log, asked) if self._waits else self._recall(log, asked)

    def close(self) -> None:
        """Forget everything and let go of Chroma. What is asked after this is answered, from the log."""
        with self._lock:
            self._library = None
            self._far.close()

    def _recall(self, log: Trajectory, asked: Asked) -> tuple[Recollection, ...]:
        with self._lock:
            _check(log, self._embedder)
            library, rows = self._catch_up(log, asked.query.texts)
            return search(log, library, self._far, asked, rows)

    def _catch_up(self, log: Trajectory, texts: Sequence[str]) -> tuple[Library, Vectors]:
        library = self._library
        self._library = None  # should the embedder fail halfway, what was half read is forgotten
        if library is None or not library.follows(log):
            self._far.clear()
            library = Library(log, self._embedder)
        rows = library.catch_up(log, texts)
        self._library = library
        while len(library.bank) - self._far.count >= self._near + BATCH:
            self._far.grow(library, BATCH)
        return library, rows


def _check(log: Trajectory, embedder: Embedder) -> None:
    used = log.state.settings.embedder
    if used not in ("", embedder.id):
        raise UsageError(
            f"this run remembers with embedder {used!r}, not {embedder.id!r}, and their vectors cannot be compared; "
            f"name {used!r}, or fork the run to go on with another"
        )
