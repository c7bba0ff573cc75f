"""Trajectories from elsewhere: runs as they are, and what other programs write, read into the same log.

    OpenAI messages        {"messages": [{"role", "content", "name"?}, …]}      one object a line, or one, or a list
    ShareGPT               {"conversations": [{"from", "value"}, …]}            the same
    SillyTavern            a header, then {"name", "is_user", "mes", …}         one chat a file
    CharacterBox           {"scene", "characters", "record"}, or a scene        one object a line, or a list

What a file does not say is said (`Trial.lacks`), and judges who would need it abstain.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from judges.verdict import Verdict
from sandbox.foreign.boxes import box, scene
from sandbox.foreign.chats import messages, sharegpt, tavern
from sandbox.foreign.records import Record, records
from sandbox.foreign.script import Lack, Script, lacks_of, staged, withheld
from sandbox.runs import EVENTS, read_run
from worlds.errors import InputError, UsageError
from worlds.trajectory import Trajectory

__all__ = ["Lack", "Trial", "is_run", "trajectories_of"]

_FORMS = "OpenAI messages, ShareGPT conversations, a SillyTavern chat, or CharacterBox records"


class Trial(NamedTuple):
    """A trajectory to be judged."""

    path: Path
    name: str
    """The path, and which of the file's conversations it is if there are several."""
    log: Trajectory
    lacks: tuple[Lack, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out of a foreign file, or had to be guessed."""

    @property
    def foreign(self) -> bool:
        """Whether another program wrote it: nothing is kept beside it."""
        return bool(self.lacks)

    def fair(self, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
        """Give the verdicts, with those withheld that rest on what the file does not say."""
        return tuple(withheld(verdicts, self.lacks))


def is_run(path: Path) -> bool:
    """Whether a path is meant as a run of ours: a folder, an events file, or a name that is no file."""
    return not path.is_file() or path.name == EVENTS


def trajectories_of(paths: Sequence[Path]) -> Iterator[Trial]:
    """Give the trajectories meant by paths: runs, folders of runs, and files of other programs.

    `UsageError` if there is none; `InputError` names file and line of what cannot be read.
    """
    found = False
    for path in paths:
        inside = sorted(log.parent for log in path.glob(f"*/{EVENTS}")) if path.is_dir() else []
        for run in inside if inside and not (path / EVENTS).exists() else [path]:
            for trial in [Trial(run, str(run), read_run(run).log)] if is_run(run) else _foreign(run):
                found = True
                yield trial
    if not found:
        raise UsageError("there is no run to judge; `sandbox run WORLD` makes one")


def _foreign(path: Path) -> Iterator[Trial]:
    rows = list(records(path))
    if not rows:
        raise InputError(f"{path}: the file is empty; give {_FORMS}")
    if _has(rows[0], "crc", "body"):
        yield Trial(path, str(path), read_run(path).log)
        return
    scripts = list(_scripts(rows))
    for number, script in enumerate(scripts, start=1):
        name = f"{path}#{number}" if len(scripts) > 1 else str(path)
        yield Trial(path, name, staged(script), lacks_of(script), script.notes)


def _scripts(rows: Sequence[Record]) -> Iterator[Script]:
    if any(_has(row, "mes") for row in rows[:2]):
        yield _told(rows[0], tavern(rows))
        return
    for row in rows:
        yield _told(row, _script(row))


def _script(row: Record) -> Script:
    if _has(row, "messages"):
        return messages(row)
    if _has(row, "conversations"):
        return sharegpt(row)
    if _has(row, "record", "characters"):
        return box(row)
    if _has(row, "characters", "actions"):
        return scene(row)
    raise row.refuse(
        f"no form known by its keys ({', '.join(map(str, list(row.data)[:6]))})", f"give {_FORMS}"
    )


def _told(row: Record, script: Script) -> Script:
    if not any(line.who for line in script.lines):
        raise row.refuse("nobody says or does anything", "drop the record")
    return script


def _has(row: Record, *keys: str) -> bool:
    return all(key in row.data for key in keys)
