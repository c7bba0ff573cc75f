"""Exports: runs in the formats in which people train, evaluate and draw.

export(Shelf([Path("runs/tavern-7")]), "sft", Path("tavern.jsonl"))

A form is a function `(runs, out, options) → files`. It writes to a path where nothing is yet; what it wrote is moved to
where it was wanted when it is whole, so that an export is there whole or not at all. Forms that take a point of view
hold nothing that character did not perceive.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.exports.chats import messages, sharegpt, sillytavern
from sandbox.exports.evals import agentevals, langsmith
from sandbox.exports.graphs import graphml, node_link, prov
from sandbox.exports.hub import parquet
from sandbox.exports.inspect_log import inspect
from sandbox.exports.lm_eval import lm_eval
from sandbox.exports.source import Form, Options, Played, Shelf, runs_in
from sandbox.exports.training import best_of, kto, preferences, prompts, rewards, sft
from sandbox.exports.turns import turns
from sandbox.games import FORMS as GAMES
from worlds.errors import SandboxError, UsageError

__all__ = ["FORMS", "Form", "Options", "Played", "Shelf", "export", "runs_in"]

FORMS: Mapping[str, Form] = {
    "messages": messages,
    "sharegpt": sharegpt,
    "sillytavern": sillytavern,
    "sft": sft,
    "turns": turns,
    "prompt": prompts,
    "preferences": preferences,
    "best-of": best_of,
    "kto": kto,
    "rewards": rewards,
    "parquet": parquet,
    "inspect": inspect,
    "langsmith": langsmith,
    "agentevals": agentevals,
    "lm-eval": lm_eval,
    "graphml": graphml,
    "node-link": node_link,
    "prov": prov,
    **GAMES,
}
"""Every format by its name."""

WHOLE = frozenset({"graphml", "node-link", "prov"})
"""Those that show whole runs, so that choosing characters means nothing to them."""


def export(
    runs: Sequence[Played], form: str, out: Path, options: Options | None = None, *, force: bool = False
) -> list[Path]:
    """Write runs in a format; give the files that were written.

    `UsageError` if there is no such format, nothing to write, a library that is not installed, or something at `out`
    already. With `force`, files of an earlier export are written over; anything else there is left alone, and refused.
    """
    options = options or Options()
    write = _form(form)
    _check(runs, form, options)
    if out.exists() and not force:
        raise UsageError(f"{out} exists already; choose another --out, or write over it with --force")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
            return _moved(write(runs, Path(scratch) / out.name, options), Path(scratch), out)
    except OSError as error:
        message = f"{out}: cannot be written: {error.strerror or error}; nothing was left there"
        raise SandboxError(message) from error


def _form(name: str) -> Form:
    if name not in FORMS:
        raise UsageError(f"there is no format {name!r}; choose from {', '.join(FORMS)}")
    return FORMS[name]


def _check(runs: Sequence[Played], form: str, options: Options) -> None:
    if not runs:
        raise UsageError("there is no run to export; `sandbox run WORLD` makes one")
    if options.who and form in WHOLE:
        raise UsageError(f"{form} shows whole runs; leave --who out")
    if options.who and len(runs) == 1:
        cast = tuple(runs[0].log.state.cast)
        strange = sorted(set(options.who) - set(cast))
        if strange:
            raise UsageError(f"{strange[0]!r} is not in this run; its cast is {', '.join(cast)}")


def _moved(written: Sequence[Path], scratch: Path, out: Path) -> list[Path]:
    """Put files where they were wanted, over those of the same name; refuse a folder with other files in it."""
    wanted = [out.parent / path.relative_to(scratch) for path in written]
    if out.is_dir():
        strange = sorted(path for path in out.rglob("*") if path.is_file() and path not in wanted)
        if strange:
            raise UsageError(
                f"{strange[0]} is no part of this export, and would be mixed with it; choose another --out"
            )
    for path, target in zip(written, wanted, strict=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    return wanted
