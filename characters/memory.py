"""Memory: what a character once perceived or concluded, brought back when it bears on the moment.

Memory cannot be written to. It is an index that catches up with the log before it answers; so it can be thrown
away, rebuilt, or asked as of any moment. The newest memories are searched exactly, older ones by Chroma, in this
process or by a server. This is the only module that knows Chroma.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np

from characters.embedders import Embed, Embedder, Hashing, Vectors
from characters.recall_library import Library
from characters.recall_score import Moment, Query, query_of
from characters.recall_search import Asked, search
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
        """Forget everything, and free what Chroma holds of it in this process."""
        with self._lock:
            self._library = None
            self._far.clear()

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


# ── Chroma ─────────────────────────────────────────────────────────────────────────────────────────


_NUMBERS = count()
_HNSW: Any = {"space": "ip", "ef_construction": 128, "ef_search": 128, "max_neighbors": 24}


class _Far:
    """One Chroma collection: the oldest records of a run.

    Behind each vector stands one number for each of the cast, 1 for who knows the record. A query has a 1 for who
    asks, so that whatever is this character's is nearer than all that is not: the index itself keeps them apart.
    To filter by metadata Chroma reads every row the filter lets through, 1 ms for each 1000; so that is done only
    for what came after the moment asked about.
    """

    def __init__(self, name: str, server: str) -> None:
        self.count = 0
        digest = blake2b(name.encode(), digest_size=12).hexdigest()
        # All clients in one process share one store, so a name of its own for each; a server is given the run's.
        self._name = f"memory-{digest}" if server else f"memory-{digest}-{next(_NUMBERS)}"
        self._server = server
        self._client: ClientAPI | None = _connect(server) if server else None
        self._collection: Collection | None = None

    def grow(self, library: Library, more: int) -> None:
        """Take in so many more records."""
        self._ask(library, lambda collection: _fill(collection, library, self.count, self.count + more))
        self.count += more

    def nearest(
        self, library: Library, vector: Vectors, who: str, before: int | None, most: int
    ) -> Sequence[int]:
        """Give the numbers of the records of a character nearest to a vector; if asked, only what came before."""
        past = {"$and": [{"owners": {"$contains": who}}, {"seq": {"$lt": before}}]} if before else None
        asks: dict[str, Any] = {
            "query_embeddings": np.append(vector, [who == other for other in library.shelves])[None],
            "n_results": min(most, self.count),
            "where": past,
            "include": [],
        }
        found = self._ask(library, lambda collection: collection.query(**asks))
        return [int(id_) for id_ in found["ids"][0]]

    def clear(self) -> None:
        """Empty it."""
        client = self._client if self._collection is not None else None
        self.count, self._collection = 0, None
        if client is not None:
            with self._talking():
                _drop(client, self._name)

    def _ask(self, library: Library, call: "Callable[[Collection], Answer]") -> Answer:
        """Ask the collection; make it anew if it is gone, as after a restart of the server."""
        from chromadb.errors import NotFoundError  # noqa: PLC0415 - slow to import, and seldom needed

        with self._talking():
            with suppress(NotFoundError):
                return call(self._collection or self._open())
            collection = self._open()
            _fill(collection, library, 0, self.count)
            return call(collection)

    def _open(self) -> "Collection":
        self._client = self._client or _connect("")
        _drop(self._client, self._name)
        self._collection = self._client.create_collection(
            self._name, configuration={"hnsw": _HNSW}, embedding_function=None
        )
        return self._collection

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            where = self._server or "in this process"
            raise ModelError(f"Chroma {where} failed: {error}; once it is well, resume the run") from error


def _fill(collection: "Collection", library: Library, start: int, stop: int) -> None:
    """Put records into a collection, a batch at a time."""
    for low in range(start, stop, BATCH):
        high = min(low + BATCH, stop)
        records = library.bank.records[low:high]
        knows = [[1.0 if who in record.owners else 0.0 for who in library.shelves] for record in records]
        collection.upsert(
            ids=[str(number) for number in range(low, high)],
            embeddings=np.hstack((library.bank.vectors[low:high], np.array(knows, np.float32))),
            metadatas=[{"owners": list(record.owners), "seq": record.seq} for record in records],
        )


def _drop(client: "ClientAPI", name: str) -> None:
    from chromadb.errors import NotFoundError  # noqa: PLC0415 - slow to import, and seldom needed

    with suppress(NotFoundError):
        client.delete_collection(name)


def _connect(server: str) -> "ClientAPI":
    from chromadb import EphemeralClient, HttpClient  # noqa: PLC0415 - a second, for who never comes to need it
    from chromadb.config import Settings  # noqa: PLC0415 - the same

    quiet = Settings(anonymized_telemetry=False)
    if not server:
        return EphemeralClient(quiet)
    url = urlsplit(server)
    if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
        raise UsageError(f"{server!r} is no Chroma server; write http://HOST:PORT")
    port = url.port or (443 if url.scheme == "https" else 8000)
    try:
        return HttpClient(url.hostname, port, ssl=url.scheme == "https", settings=quiet)
    except Exception as error:
        raise UsageError(
            f"no Chroma server answers at {server} ({error}); start one with `chroma run`"
        ) from error


def minilm() -> Embed:
    """Give the model Chroma comes with; `UsageError` if its files are not on this machine. Nothing is downloaded."""
    from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2  # noqa: PLC0415 - slow to import

    folder = ONNXMiniLM_L6_V2.DOWNLOAD_PATH / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    lacking = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if lacking:
        raise UsageError(
            f"embedder minilm needs {', '.join(lacking)} in {folder} and downloads nothing; "
            "put them there, or use hashing"
        )
    model = ONNXMiniLM_L6_V2()
    return lambda texts: [vector.tolist() for vector in model(texts)]


_MODEL_FILES = (
    "config.json", "model.onnx", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt",
)  # fmt: skip
