"""What an export is made from: runs that were played, what judges say of them, and what was asked for."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeAlias, overload

from pydantic import ValidationError

from judges.panel import Panel, named
from judges.verdict import Verdict
from sandbox.budget import Budget
from sandbox.runs import EVENTS, folder_of, read_run
from worlds.errors import InputError, UsageError
from worlds.trajectory import Trajectory

__all__ = ["Form", "Options", "Played", "Shelf", "files_for", "library", "people", "runs_in", "write_lines"]

VERDICTS = "verdicts.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What can be asked of an export; each form reads what concerns it."""

    who: tuple[str, ...] = ()
    """Whose points of view; everybody's if empty."""
    thoughts: bool = False
    """Whether a character's own thoughts stand before its replies."""
    past: int = 40
    """How many exchanges a prompt goes back at most."""
    threshold: float = 0.9
    """From which score on a turn counts as good, 0..1."""
    samples: int = 0
    """How many ways to go on are played at each fork; 0 plays none and compares the runs given."""
    points: int = 4
    """At how many of a character's turns a run is forked."""
    at: int = 0
    """The turn to fork at, or the character's next after it; 0 spreads `points` over the run."""
    ahead: int = 6
    """How many turns are played, or judged, from a fork on."""
    margin: float = 0.05
    """By how much the better of a pair has to be better, 0..1."""
    forks: Path | None = None
    """Where the forks that are played are kept as runs; nowhere if None."""
    budget: Budget = field(default_factory=Budget)
    """What the models of all forks together may spend."""
    judges: tuple[str, ...] = ()
    """Judges by name; all that work without a model if empty."""


@dataclass
class Played:
    """A run, read."""

    name: str
    log: Trajectory
    path: Path | None = None
    """Its folder, if it has one."""
    _heard: dict[tuple[str, ...], tuple[Verdict, ...]] = field(default_factory=dict)

    @cached_property
    def kept(self) -> tuple[Verdict, ...]:
        """What judges said last, kept beside the log; nothing if they were never asked."""
        file = self.path / VERDICTS if self.path else None
        return _read_verdicts(file, len(self.log)) if file and file.is_file() else ()

    def verdicts(self, judges: tuple[str, ...] = ()) -> tuple[Verdict, ...]:
        """Give what these judges say: as it is kept beside the log, or of the log now if it is not."""
        if judges not in self._heard:
            kept = [verdict for verdict in self.kept if not judges or verdict.judge in judges]
            self._heard[judges] = tuple(kept) or Panel(named(judges)).judge(self.log)
        return self._heard[judges]


class Shelf(Sequence[Played]):
    """Runs on disk, each read when it is its turn, so that thousands can be exported in little memory."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Name the run folders; two that are called the same get numbers."""
        self.paths = tuple(paths)
        taken: dict[str, int] = {}
        names = []
        for path in self.paths:
            stem = folder_of(path).resolve().name
            taken[stem] = taken.get(stem, 0) + 1
            names.append(stem if taken[stem] == 1 else f"{stem}-{taken[stem]}")
        self.names = tuple(names)

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, index: int) -> Played: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Played]: ...
    def __getitem__(self, index: int | slice) -> Played | Sequence[Played]:
        """Read a run; `InputError` and `LogError` are those of `read_run`."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        path = self.paths[index]
        return Played(self.names[index], read_run(path).log, folder_of(path))


Form: TypeAlias = Callable[[Sequence[Played], Path, Options], list[Path]]
"""Writes runs to a file or folder that does not exist yet; gives the files it wrote."""


def runs_in(paths: Iterable[Path]) -> list[Path]:
    """Give the run folders meant: each path itself if it is a run, else all that are somewhere in it."""
    found = []
    for path in paths:
        folder = folder_of(path)
        inside = sorted(log.parent for log in folder.rglob(EVENTS)) if not (folder / EVENTS).exists() else []
        shown = [run for run in inside if not any(p.startswith(".") for p in run.relative_to(folder).parts)]
        found += shown or [folder]
    return found


def people(run: Played, options: Options) -> tuple[str, ...]:
    """Give whose points of view are wanted of a run, in the order of its cast."""
    return tuple(who for who in run.log.state.cast if not options.who or who in options.who)


def files_for(names: Sequence[str], out: Path, suffix: str) -> list[Path]:
    """Give a file for each name: `out` itself for a single one, else `out` as a folder of them."""
    if len(names) == 1:
        out.parent.mkdir(parents=True, exist_ok=True)
        return [out]
    out.mkdir(parents=True)
    return [out / f"{name}{suffix}" for name in names]


def write_lines(out: Path, records: Iterable[Mapping[str, object]]) -> list[Path]:
    """Write records as JSON lines; `UsageError` if there is none, since an empty file tells nobody why."""
    with out.open("x", encoding="utf-8") as file:
        count = sum(bool(file.write(f"{line}\n")) for line in _lines(records))
    if not count:
        raise UsageError(
            f"{out.name}: nothing to write: no turn, verdict or pair in these runs fits what was asked for; "
            "ask for less, or give more runs"
        )
    return [out]


def library(module: str, extra: str) -> ModuleType:
    """Give a library that only some exports need; `UsageError` says how to get it."""
    try:
        return import_module(module)
    except ImportError as error:
        message = f"this needs {module.partition('.')[0]}: pip install 'roleplay-sandbox[{extra}]' ({error})"
        raise UsageError(message) from error


def _lines(records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    return (json.dumps(record, ensure_ascii=False) for record in records)


def _read_verdicts(file: Path, events: int) -> tuple[Verdict, ...]:
    verdicts = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            verdict = Verdict.model_validate_json(line)
        except ValidationError as error:
            what = error.errors(include_url=False)[0]["msg"]
            message = f"{file}:{number}: no verdict: {what}; `sandbox judge {file.parent}` writes it anew"
            raise InputError(message) from error
        if verdict.evidence and max(verdict.evidence) >= events:
            message = (
                f"{file}:{number}: rests on event {max(verdict.evidence)}, the log has {events}; "
                f"`sandbox judge {file.parent}` writes it anew"
            )
            raise InputError(message)
        verdicts.append(verdict)
    return tuple(verdicts)
