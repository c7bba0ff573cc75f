import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding

from characters.embedders import Borrowed, Hashing, load_embedder
from characters.recall_lexicon import terms
from worlds.errors import ModelError, UsageError

ROOT = Path(__file__).parent.parent
LINES = ("The miller's grey mule bit Odo.", "Où est la clé ?", "鍵はどこ", "don’t, DON'T", "", "…")


def near(one: str, other: str) -> float:
    """How near two texts are to the default embedder."""
    rows = load_embedder().embed([one, other])
    return float(rows[0] @ rows[1])


def test_hashing_is_the_same_in_every_process() -> None:
    """Another process, with another hash seed, gives the same bytes."""
    code = (
        "import sys, hashlib; from characters.embedders import Hashing; from tests.test_embedders import LINES\n"
        "print(hashlib.sha256(Hashing().embed(LINES).tobytes()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(Hashing().embed(LINES).tobytes()).hexdigest()


@given(texts=st.lists(st.text(), max_size=5))
def test_any_text_has_a_vector_of_length_one_or_none(texts: list[str]) -> None:
    """Whatever the text, its vector has length 1, or is 0 if there is no word in it; alone or among others."""
    rows = Hashing(64).embed(texts)

    assert rows.shape == (len(texts), 64)
    assert rows.dtype == np.float32
    for row, text in zip(rows, texts, strict=True):
        length = float(np.linalg.norm(row))
        assert length == pytest.approx(1, abs=1e-5) or (length == 0 and not terms(text).words)
        assert np.array_equal(row, Hashing(64).embed([text])[0])


def test_what_is_alike_is_near() -> None:
    """The same words are nearest, then parts of words, then other words for the same thing; the rest is far."""
    asked = "Who stole the silver ring?"

    assert near(asked, "Someone stole a silver ring") > 0.8
    assert near("the lamplighter", "the lamplighters") > near("the lamplighter", "by lamplight") > 0.1
    assert near("She is afraid.", "Her terror grew.") > 0.3
    assert abs(near(asked, "Bread rises overnight.")) < 0.15


@pytest.mark.parametrize("spec", ["", "hashing", "hashing:64", "hashing:4096"])
def test_an_id_makes_the_same_embedder_again(spec: str) -> None:
    """What stands in the log names the embedder that made it."""
    made = load_embedder(spec)
    again = load_embedder(made.id)

    assert (again.id, again.size) == (made.id, made.size)
    assert np.array_equal(made.embed(LINES), again.embed(LINES))


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("hash", "choose hashing, minilm"),
        ("openai:", "choose hashing, minilm"),
        ("hashing:8", "from 16 to 4096"),
        ("hashing:many", "from 16 to 4096"),
        ("nonesuch:model", "nonesuch"),
    ],
)
def test_a_spec_that_is_none_is_refused(spec: str, says: str) -> None:
    """A spec that names nothing usable is a matter of usage, and the message says what to choose."""
    with pytest.raises(UsageError, match=says):
        load_embedder(spec)


@pytest.mark.skipif(find_spec("langchain") is not None, reason="langchain is installed here")
def test_a_missing_package_is_named_with_its_extra() -> None:
    """A provider whose package is not installed is refused with the command that installs it."""
    with pytest.raises(UsageError, match=r"roleplay-sandbox\[embeddings\]' langchain-openai"):
        load_embedder("openai:text-embedding-3-small")


@pytest.mark.skipif(
    (Path.home() / ".cache/chroma/onnx_models").exists(), reason="the model is on this machine"
)
def test_minilm_downloads_nothing() -> None:
    """Chroma's own model is refused where its files are not, before anything is fetched."""
    with pytest.raises(UsageError, match=r"needs config.json, model.onnx.*downloads nothing"):
        load_embedder("minilm")


def test_any_langchain_embeddings_will_do() -> None:
    """What gives one list of numbers a text is an embedder: vectors come back with length 1, the size is found out."""
    borrowed = Borrowed("fake:16", DeterministicFakeEmbedding(size=16).embed_documents)

    assert borrowed.size == 16
    assert borrowed.embed([]).shape == (0, 16)
    assert np.linalg.norm(borrowed.embed(["one", "two"]), axis=1) == pytest.approx([1, 1])


@pytest.mark.parametrize("answer", [[[1.0, 2.0]], [1.0, 2.0], [[1.0], [float("nan")]], [["a"], ["b"]], []])
def test_an_answer_that_is_none_is_a_failure_of_the_model(answer: list[list[float]]) -> None:
    """Too few rows, no rows, no numbers: never a vector that means nothing."""
    with pytest.raises(ModelError, match="embedder broken"):
        Borrowed("broken", lambda _: answer).embed(["one", "two"])


def test_memory_finds_more_than_plain_bm25() -> None:
    """On PersonaBench, if it is here, the default memory finds more of the evidence than BM25, at either noise."""
    bench = import_module("benchmarks.retrieval")
    folder = bench.folder_of()
    if folder is None:
        pytest.skip("PersonaBench is not on this machine")
    for noise in bench.NOISES:
        data = bench.read(folder, noise)

        def recall(rank: object, data: object = data) -> Sequence[float]:
            return list(bench.mean([bench.score(rank(one.who, one.text), one) for one in data.questions]))  # type: ignore[attr-defined,operator]

        published = recall(bench.bm25(data, bench.whole))
        assert published == pytest.approx({"0.0": (0.234, 0.207), "0.5": (0.212, 0.171)}[noise], abs=0.03)
        ours, plain = recall(bench.remembered(data, load_embedder())), recall(bench.bm25(data, bench.told))
        assert all(one > other for one, other in zip(ours, plain, strict=True))
        assert all(one > other + 0.03 for one, other in zip(ours, published, strict=True))
