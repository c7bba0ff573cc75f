"""Logs as files: one event a line, each line with a checksum of its own.

The format is the seam: anything that writes such lines is a run. A last line without its end is what a crash
leaves and is dropped; damage anywhere else is refused with its line number, never guessed at.
"""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pydantic import ValidationError

from worlds.errors import IllegalError, InputError, LogError
from worlds.events import VERSION, Event
from worlds.trajectory import Trajectory

__all__ = ["Loaded", "follow", "load", "read_line", "save", "write_line"]

_SUM = ',"crc":"'


class Loaded(NamedTuple):
    """A log read from a file."""

    log: Trajectory
    size: int
    """Bytes that are good; what follows is a torn last line."""
    torn: bool


def write_line(event: Event) -> str:
    """Give the line of an event, with its newline."""
    text = event.model_dump_json(exclude_defaults=True)
    return f'{text[:-1]}{_SUM}{crc32(text.encode()):08x}"}}\n'


def read_line(line: str, number: int, where: str) -> Event:
    """Read one line back; `LogError` names file and line for what cannot be trusted."""
    text, mark, rest = line.rstrip("\n").rpartition(_SUM)
    if not mark or not rest.endswith('"}'):
        message = f"{where}:{number}: not a line of a log; restore it from a copy, or cut the file before it"
        raise LogError(message)
    text += "}"
    if number == 1:
        _check_version(text, where)
    if f"{crc32(text.encode()):08x}" != rest[:-2]:
        message = (
            f"{where}:{number}: the line was changed after it was written (its checksum differs); "
            "restore it from a copy, or fork the run before this event"
        )
        raise LogError(message)
    try:
        return Event.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        message = f"{where}:{number}: no valid event: {path}: {first['msg']}"
        raise LogError(message) from error


def load(path: Path) -> Loaded:
    """Read a log; raise `InputError` if there is none and `LogError` if it cannot be trusted."""
    if path.is_dir():
        path = path / "events.jsonl"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        message = f"{path}: no such log; `sandbox run WORLD --out DIR` makes one"
        raise InputError(message) from None
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise InputError(message) from error
    whole, newline, rest = data.rpartition(b"\n")
    size = len(whole) + len(newline)
    return Loaded(_read(whole, path), size, torn=bool(rest))


def save(log: Trajectory, path: Path) -> None:
    """Write a log to a new file; `FileExistsError` if there is one."""
    with path.open("x", encoding="utf-8") as file:
        file.writelines(write_line(event) for event in log)


def follow(path: Path, seq: int = -1) -> Iterator[Event]:
    """Give the whole lines there are now after event `seq`; call again for what another process writes since."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if number - 1 > seq and line.endswith(b"\n"):
                yield read_line(line.decode("utf-8"), number, str(path))


def _read(data: bytes, path: Path) -> Trajectory:
    def events() -> Iterator[Event]:
        for number, line in enumerate(data.split(b"\n") if data else (), start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                message = f"{path}:{number}: not UTF-8 text; restore the line from a copy"
                raise LogError(message) from None
            event = read_line(text, number, str(path))
            if event.seq != number - 1:
                message = f"{path}:{number}: event {event.seq} where {number - 1} should be; lines are missing or moved"
                raise LogError(message)
            yield event

    try:
        with _undisturbed():
            log = Trajectory(events())
    except IllegalError as error:
        message = f"{path}: not a possible history: {error}"
        raise LogError(message) from error
    if not len(log):
        message = f"{path}: the log is empty; start the run again"
        raise LogError(message)
    return log


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector from walking over a growing log again and again: a third of the time is left."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_version(text: str, where: str) -> None:
    """Refuse a log of an unknown schema before its fields are looked at."""
    try:
        version = json.loads(text)["body"].get("version", VERSION)
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    if version != VERSION:
        message = (
            f"{where}:1: schema version {version} is unknown, this program reads {VERSION}; "
            "use the program that wrote it"
        )
        raise LogError(message)
