"""Memory: what a character once perceived or concluded, brought back when it bears on the moment.

Memory cannot be written to. It is an index that catches up with the log before it answers; so it can be thrown
away, rebuilt, or asked as of any moment. The newest memories are searched exactly, older ones by Chroma, in this
process or by a server. This is the only module that knows Chroma.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from characters.embedders import Embedder, Embeddings, Hashing, Vectors
from characters.recall_library import Library
from characters.recall_score import Moment, Parts, Query, query_of, recency
from characters.recall_shelf import Bank, Shelf
from characters.recall_words import Rows
from worlds.errors import ModelError, UsageError
from worlds.trajectory import Trajectory
from worlds.view import Recollection, View

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

__all__ = ["BATCH", "NEAR", "Memory", "minilm"]

NEAR = 8192
"""How many of the newest memories are searched exactly: that takes less time than asking an index."""
BATCH = 1024
"""How many memories go into Chroma at once, when that many more than `NEAR` have gathered."""
_WIDE = 64
"""How many memories each kind of search proposes; all of them are then weighed."""

Answer = TypeVar("Answer")


class Memory:
    """What the characters of one run remember."""

    def __init__(self, run: str, embedder: Embedder, *, server: str = "", near: int = NEAR) -> None:
        """Remember a run by its id; `server` is `http://host:port` of a Chroma server, if not in this process.

        `UsageError` if no such server answers.
        """
        self._embedder = embedder
        self._near = near
        self._far = _Far(f"{run} {embedder.id}", server)
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
        return self._recall(log, who, Query(((query, 1.0),)), moment, k)

    async def for_view(self, log: Trajectory, view: View, k: int = 8) -> tuple[Recollection, ...]:
        """Give what a view calls to mind, leaving out what it holds anyway."""
        state = log.state
        acting = state.phase == "act" and view.who in state.cued
        before = state.cued_at + 1 if acting else len(log)
        seen = frozenset(percept.seq for percept in (*view.past, *view.news))
        asked = log, view.who, query_of(state, view), Moment(before, view.time, seen), k
        return await asyncio.to_thread(self._recall, *asked) if self._waits else self._recall(*asked)

    def close(self) -> None:
        """Forget everything, and free what Chroma holds of it in this process."""
        with self._lock:
            self._library = None
            self._far.clear()

    def _recall(
        self, log: Trajectory, who: str, query: Query, moment: Moment, k: int
    ) -> tuple[Recollection, ...]:
        with self._lock:
            _check(log, self._embedder)
            library, rows = self._catch_up(log, query.texts)
            shelf = library.shelves[who]
            upto = shelf.upto(moment.before)
            if not upto or not query.parts:
                return ()
            vector = query.vector(rows)
            words = shelf.words.weigh(query.terms(library.names), upto)
            near, far = self._nearest(library, who, vector, moment.before)
            found = np.unique(np.concatenate((near, far, shelf.words.candidates(words, _WIDE))))
            records = np.frombuffer(shelf.records, np.uint32)[found]
            cosines = library.bank.vectors[records] @ vector
            matches = shelf.words.scores(words, found, upto)
        scored = zip(found.tolist(), cosines.tolist(), matches.tolist(), strict=True)
        weighed = [_weigh(library, shelf, one, moment) for one in scored]
        best = sorted((one for one in weighed if one.seq not in moment.seen), key=_rank)[:k]
        return tuple(_shown(log, shelf, one, moment.before) for one in best)

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
