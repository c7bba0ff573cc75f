"""What becomes of runs afterwards: judges sit on those that are finished, those that broke are put aside."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from sandbox.batch.player import Folders
from sandbox.batch.queue import Queue
from sandbox.runs import EVENTS, free_name, read_run
from worlds.errors import SandboxError

__all__ = ["export_runs", "judge_run", "set_aside", "sweep", "take_back"]

REASON = "reason.txt"

_LINES = frozenset({"messages", "sharegpt", "sft", "prompt", "kto", "rewards", "preferences", "best-of"})
"""Formats that are one file of JSON lines; the others are folders."""


def judge_run(run: Path, judges: str) -> None:
    """Write the verdicts of judges, named with commas, beside a run's log; one that fails says so in its verdict."""
    panel = import_module("judges.panel")
    names = tuple(name for name in judges.split(",") if name != "all")
    verdicts = panel.Panel(panel.named(names)).judge(read_run(run).log)
    fresh = run / ".verdicts.jsonl.new"
    fresh.write_text(
        "".join(f"{verdict.model_dump_json(exclude_defaults=True)}\n" for verdict in verdicts), "utf-8"
    )
    fresh.replace(run / "verdicts.jsonl")


def export_runs(folders: Folders, names: Sequence[str], forms: Sequence[str]) -> list[Path]:
    """Export finished runs in these formats; give what was written."""
    exports, written = import_module("sandbox.exports"), []
    for form in forms:
        out = folders.out / "exports" / (f"{form}.jsonl" if form in _LINES else form)
        shelf = exports.Shelf([folders.done(name) for name in names])
        exports.export(shelf, form, out, force=True)
        written.append(out)
    return written


def set_aside(folders: Folders, name: str, reason: str, details: str = "") -> None:
    """Move what there is of a run that broke to `failed/NAME`, and say there why."""
    work, aside = folders.work(name), folders.aside(name)
    aside.parent.mkdir(exist_ok=True)
    if work.exists():
        aside = aside if not aside.exists() else free_name(aside.parent, name)
        work.rename(aside)
    aside.mkdir(exist_ok=True)
    mend = f"`sandbox batch retry {folders.out}` goes on with it"
    (aside / REASON).write_text(f"{reason}\n\n{mend}\n\n{details}".rstrip() + "\n", "utf-8")


def take_back(folders: Folders, name: str) -> None:
    """Move a run that was put aside back to where it is gone on with."""
    work, aside = folders.work(name), folders.aside(name)
    if (aside / EVENTS).exists() and not work.exists():
        work.parent.mkdir(parents=True, exist_ok=True)
        (aside / REASON).unlink(missing_ok=True)
        aside.rename(work)


def sweep(queue: Queue, folders: Folders) -> None:
    """Put aside the runs that failed while nobody was left to do it."""
    for name, reason in queue.read("SELECT name, reason FROM run WHERE state = 'failed' AND owner = 0"):
        if not (folders.aside(str(name)) / REASON).exists():
            try:
                set_aside(folders, str(name), str(reason))
            except OSError as error:
                raise SandboxError(f"{folders.aside(str(name))}: cannot be made: {error.strerror}") from error
