"""From text to vectors, by which memories are found again.

    hashing · hashing:SIZE      words, pairs of words, parts of words and notions, hashed; offline; the default
    minilm                      the small model Chroma comes with, if its files are on this machine
    PROVIDER:NAME               any langchain `Embeddings`, such as `openai:text-embedding-3-small`

Which one a run uses stands in its log (`Settings.embedder`), because vectors of two embedders cannot be compared.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Protocol, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from characters.recall_lexicon import terms
from worlds.errors import ModelError, UsageError

__all__ = ["Borrowed", "Embed", "Embedder", "Hashing", "Vectors", "load_embedder", "unit"]

Vectors: TypeAlias = NDArray[np.float32]

Embed: TypeAlias = Callable[[list[str]], list[list[float]]]
"""What langchain's `Embeddings.embed_documents` is: one list of numbers a text."""


class Embedder(Protocol):
    """What turns texts into vectors of length 1 (or 0, for a text without a word)."""

    @property
    def id(self) -> str:
        """The spec `load_embedder` makes it from again; kept in the log."""
        ...

    @property
    def size(self) -> int:
        """How many numbers a vector has."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row a text."""
        ...


class Hashing:
    """Hashes what a text is made of into a few hundred signed sums.

    It knows wording, not meaning, but for the notions of `characters.recall_lexicon`. The same text gives the same
    vector in every process and on every machine. After Weinberger et al., *Feature Hashing for Large Scale Multitask
    Learning* (2009).
    """

    def __init__(self, size: int = 256) -> None:
        """Use vectors of so many numbers."""
        self.id = "hashing" if size == _USUAL else f"hashing:{size}"
        self.size = size

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row of length 1 a text."""
        return unit(np.array([_summed(text, self.size) for text in texts]).reshape(len(texts), self.size))


@lru_cache(maxsize=512)
def _summed(text: str, size: int) -> Vectors:
    """Sum up what a text is made of; what is around is asked about turn by turn."""
    row = np.zeros(size, np.float32)
    words, notions, small = terms(text)
    # The root of a count: what is said three times is not three times as important.
    counts = Counter(words) + Counter(notions)
    if counts:
        known = np.stack([_feature(term, size) for term in counts])
        row += np.sqrt(np.fromiter(counts.values(), np.float32, len(counts))) @ known
    for one, two in pairwise(words):
        _add(row, f"{one} {two}", _PAIR)
    for word in small:
        _add(row, word, _SMALL)
    return row


_USUAL = 256
_PAIR = 0.3
_PARTS = 0.5
_SMALL = 0.05
_KEPT = 20_000
"""How many terms' vectors are kept at hand: 20 MB at the usual size."""


@lru_cache(maxsize=_KEPT)
def _feature(term: str, size: int) -> Vectors:
    """Give what a term adds: itself, and its parts of 3 to 5 letters, so that `smith` is near `smithy`."""
    vector = np.zeros(size, np.float32)
    _add(vector, term, 1.0)
    marked = f"<{term}>"
    parts = [marked[at : at + n] for n in (3, 4, 5) for at in range(len(marked) - n + 1)]
    if term[0] != "=":
        for part in parts:
            _add(vector, f"~{part}", _PARTS / len(parts) ** 0.5)
    return vector


def _add(row: Vectors, feature: str, weight: float) -> None:
    code = crc32(feature.encode())
    row[(code >> 1) % len(row)] += weight if code & 1 else -weight


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Bring each row to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


class Borrowed:
    """The `embed_documents` of any langchain `Embeddings`, or whatever else gives one list of numbers a text."""

    def __init__(self, id_: str, embed: Embed) -> None:
        """Use it under the id that goes into the log."""
        self.id = id_
        self._embed = embed
        self._size = 0

    @property
    def size(self) -> int:
        """How many numbers a vector has; asks for one vector if there was none yet."""
        if not self._size:
            self.embed(["size"])
        return self._size

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one row of length 1 a text; `ModelError` if the provider fails or answers with something else."""
        if not texts:
            return np.zeros((0, self.size), np.float32)
        try:
            rows = np.asarray(self._embed(list(texts)), np.float32)
        except Exception as error:
            raise ModelError(f"embedder {self.id}: {type(error).__name__}: {error}") from error
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise ModelError(f"embedder {self.id} gave an array {rows.shape} for {len(texts)} texts")
        self._size = rows.shape[1]
        return unit(rows)


def load_embedder(spec: str = "") -> Embedder:
    """Make the embedder a spec names; `UsageError` says what is missing and how to mend it."""
    kind, colon, name = (spec or "hashing").partition(":")
    if kind == "hashing":
        return Hashing(_size(name)) if colon else Hashing()
    if kind == "minilm" and not colon:
        return Borrowed("minilm", import_module("characters.memory.chroma").minilm())
    if colon and name:
        return Borrowed(spec, _from_langchain(spec))
    raise UsageError(
        f"there is no embedder {spec!r}; choose hashing, minilm, or PROVIDER:NAME such as openai:…"
    )


def _size(name: str) -> int:
    if not name.isdecimal() or not 16 <= int(name) <= 4096:
        raise UsageError(f"hashing:{name}: the size of a vector is a number from 16 to 4096")
    return int(name)


def _from_langchain(spec: str) -> Embed:
    try:
        made: Embed = import_module("langchain.embeddings").init_embeddings(spec).embed_documents
    except ImportError as error:
        provider = spec.partition(":")[0]
        mend = f"pip install 'roleplay-sandbox[embeddings]' langchain-{provider.replace('_', '-')}"
        raise UsageError(
            f"embedder {spec!r} needs a package that is not installed ({error}); {mend}"
        ) from error
    except Exception as error:
        raise UsageError(f"embedder {spec!r} cannot be used: {error}") from error
    return made
