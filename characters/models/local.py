"""Models from files, by llama.cpp in this process: it is asked over loopback, by the protocol it speaks anyway."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from characters.models.specs import Options
from worlds.errors import UsageError

__all__ = ["serve"]

_SERVERS: dict[tuple[Path, Options], Any] = {}
"""A model is loaded once in a process."""

_SLOTS = 4


def serve(path: Path, options: Options) -> str:
    """Load a model and answer for it on a free loopback port; give the base URL.

    `UsageError` if it cannot be loaded.
    """
    known = (path.resolve(), replace(options, prompts=""))
    if known not in _SERVERS:
        llama = import_module("xllamacpp")
        params = llama.CommonParams()
        slots = options.parallel or _SLOTS
        params.model.path = str(path)
        params.n_parallel = slots
        params.n_ctx = options.context * slots
        params.verbosity = -1
        params.warmup = False
        if options.threads:
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads
        try:
            _SERVERS[known] = llama.Server(params)
        except (RuntimeError, ValueError) as error:
            raise UsageError(
                f"gguf:{path} cannot be loaded: {error}; is it a GGUF file, and does it fit in memory?"
            ) from error
    return f"{_SERVERS[known].listening_address}/v1"
