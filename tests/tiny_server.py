"""A real language-model server on loopback, with a model that is written on the spot.

It is llama.cpp's own server, in this process: the OpenAI protocol, decoding by JSON Schema, usage, prompt cache,
parallel slots. Only the weights are random. So what it says has the shape that was asked for and no sense: numbers out
of range, people who do not exist, half a surrogate pair, and now and then an object that is cut off. Both the protocol
and the mending of replies are tested on it.

Needs `xllamacpp` and `gguf`; the tests that use it are skipped where they are not installed. The model is 60 kB and
written in some milliseconds. It reads bytes, so 10 000 characters are 10 000 tokens; with one layer that takes 0.4 s.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["running", "write_model"]

WIDTH, HIDDEN = 32, 32
"""Small, and on one thread: several would wait for one another on a busy machine."""

CONTEXT = 32_768
SLOTS = 3

_SPECIAL = ("<s>", "</s>", "<|im_start|>", "<|im_end|>")
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{m.role}}\n{{m.content}}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the server; give the address a model spec begins with, `http://127.0.0.1:PORT/v1`. Skips if it cannot run."""
    llama = pytest.importorskip(
        "xllamacpp", reason="the server of the tests needs `pip install xllamacpp gguf`"
    )
    params = llama.CommonParams()
    params.model.path = str(write_model(folder / "tiny.gguf"))
    params.n_ctx = CONTEXT * SLOTS
    params.n_parallel = SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.verbosity = -1
    params.warmup = False
    server = llama.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def write_model(path: Path, seed: int = 0) -> Path:
    """Write a random model of one layer that emits printable ASCII."""
    gguf = pytest.importorskip("gguf", reason="the server of the tests needs `pip install xllamacpp gguf`")
    numpy = pytest.importorskip("numpy")
    tokens = [*_bytes(), *_SPECIAL]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(0)
    _tokenizer(writer, tokens)
    for name, tensor in _tensors(numpy, seed, len(tokens)).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _bytes() -> list[str]:
    """The 256 printable stand-ins that byte-level vocabularies use, in byte order."""
    plain = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def _tokenizer(writer: Any, tokens: list[str]) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 256 + [3] * len(_SPECIAL))
    writer.add_token_merges([f"{tokens[ord('t')]} {tokens[ord('h')]}"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(259)
    writer.add_add_bos_token(False)
    writer.add_chat_template(_TEMPLATE)


def _tensors(numpy: Any, seed: int, size: int) -> dict[str, Any]:
    """Random weights. The first dimension is held constant, so that the output can veto what is not printable."""
    draw = numpy.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> Any:
        return (draw.standard_normal((rows, columns)) * 0.3).astype(numpy.float32)

    embedding, output = matrix(size, WIDTH), matrix(size, WIDTH)
    embedding[:, 0] = 4.0
    printable = [32 <= token < 127 or token == size - 1 for token in range(size)]
    output[:, 0] = numpy.where(numpy.array(printable), 0.0, -100.0)
    tensors = {"token_embd.weight": embedding, "output.weight": output}
    tensors |= {f"blk.0.attn_{part}.weight": matrix(WIDTH, WIDTH) for part in ("q", "k", "v", "output")}
    tensors |= {"blk.0.ffn_gate.weight": matrix(HIDDEN, WIDTH), "blk.0.ffn_up.weight": matrix(HIDDEN, WIDTH)}
    tensors["blk.0.ffn_down.weight"] = matrix(WIDTH, HIDDEN)
    for constant in ("blk.0.attn_output.weight", "blk.0.ffn_down.weight"):
        tensors[constant][0] = 0.0
    for norm in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        tensors[f"{norm}.weight"] = numpy.ones(WIDTH, numpy.float32)
    return tensors
