"""Chroma, in this process or on a server. Nothing else imports chromadb, and this does when it is first needed.

Vectors are always ours, telemetry is off, and nothing is ever downloaded.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np

from characters.embedders import Embed, Vectors
from characters.recall_library import Library
from worlds.errors import ModelError, UsageError

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

__all__ = ["BATCH", "Chroma", "minilm"]

BATCH = 1024
"""How many memories go into Chroma at once."""
_PATIENCE = 60
"""Seconds to wait for a server."""

Answer = TypeVar("Answer")

_NUMBERS = count()
_HNSW: Any = {"space": "ip", "ef_construction": 128, "ef_search": 128, "max_neighbors": 24}


class Chroma:
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
        """Empty it. If Chroma cannot be reached it is told when it is needed next."""
        if self._collection is not None and self._client is not None:
            with suppress(Exception):
                self._client.delete_collection(self._name)
        self.count, self._collection = 0, None

    def close(self) -> None:
        """Empty it and close the connection."""
        self.clear()
        for session in _sessions(self._client):
            session.close()
        self._client = None

    def _ask(self, library: Library, call: "Callable[[Collection], Answer]") -> Answer:
        """Ask the collection; make it anew if it is gone, as after a restart of the server."""
        from chromadb.errors import NotFoundError  # noqa: PLC0415 - slow to import, and seldom needed

        try:
            with suppress(NotFoundError):
                return call(self._collection or self._open())
            collection = self._open()
            _fill(collection, library, 0, self.count)
            return call(collection)
        except Exception as error:
            where = self._server or "in this process"
            raise ModelError(f"Chroma {where} failed: {error}; once it is well, resume the run") from error

    def _open(self) -> "Collection":
        from chromadb.errors import NotFoundError  # noqa: PLC0415 - the same

        self._client = self._client or _connect(self._server)
        with suppress(NotFoundError):
            self._client.delete_collection(self._name)
        self._collection = self._client.create_collection(
            self._name, configuration={"hnsw": _HNSW}, embedding_function=None
        )
        return self._collection


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
        client = HttpClient(url.hostname, port, ssl=url.scheme == "https", settings=quiet)
    except Exception as error:
        raise UsageError(
            f"no Chroma server answers at {server} ({error}); start one with `chroma run`"
        ) from error
    for session in _sessions(client):
        session.timeout = _PATIENCE
    return client


def _sessions(client: "ClientAPI | None") -> list[Any]:
    """Give the HTTP connections of a client: it opens two, lets them wait for ever, and never closes them."""
    apis = (client, getattr(client, "_admin_client", None))
    found = (getattr(getattr(api, "_server", None), "_session", None) for api in apis)
    return [session for session in found if session is not None]


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
