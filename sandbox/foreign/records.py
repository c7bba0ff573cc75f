"""Records of files other programs wrote: JSON or one object a line, read with a place for every complaint.

Such files are data from anywhere. Whatever is wrong with one is said with file, line and the mend; nothing is
guessed at, and nothing in them is executed.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from sandbox.story import clean
from worlds.errors import InputError

__all__ = ["LONGEST", "MOST", "Record", "plain", "records"]

MOST = 64_000_000
"""Bytes a file may have."""

LONGEST = 16_000_000
"""Bytes a line may have."""


class Record(NamedTuple):
    """One object of a file, and where it stands."""

    file: str
    line: int
    data: Mapping[str, JsonValue]
    path: str = ""
    """Where within the line: `messages[3]`."""

    def refuse(self, what: str, mend: str) -> InputError:
        """Give the error that names file, line, what is wrong there and the mend."""
        inside = f"{self.path}: " if self.path else ""
        return InputError(f"{self.file}:{self.line}: {inside}{what}; {mend}")

    def text(self, key: str, default: str = "") -> str:
        """Give a text without control characters; the default if it is absent or null."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.refuse(f"`{key}` is {_kind(value)}", "write a text")
        return plain(value)

    def flag(self, key: str) -> bool:
        """Give a yes or no; no if it is absent or null."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.refuse(f"`{key}` is {_kind(value)}", "write true or false")
        return bool(value)

    def inner(self, key: str) -> "Record":
        """Give the object under a key; an empty one if it is absent or null."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.refuse(f"`{key}` is {_kind(value)}", "write an object")
        return self._replace(data=value or {}, path=self._at(key))

    def rows(self, key: str) -> "list[Record]":
        """Give the objects listed under a key; none if it is absent or null."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refuse(f"`{key}` is {_kind(value)}", "write a list of objects")
        return [self._row(key, index, item) for index, item in enumerate(value)]

    def _row(self, key: str, index: int, item: JsonValue) -> "Record":
        path = f"{self._at(key)}[{index}]"
        if not isinstance(item, dict):
            raise self._replace(path=path).refuse(f"this is {_kind(item)}", "write an object")
        return self._replace(data=item, path=path)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def plain(text: str) -> str:
    """Take out what a text file cannot hold or a terminal should not see."""
    return clean(text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8"))


def records(path: Path) -> Iterator[Record]:
    """Give the objects of a file: one a line, the one it is, or those of its list.

    `InputError` for a file that cannot be read, is too large, or is no JSON.
    """
    text = _text(path)
    if not text.strip():
        return
    first, _, rest = text.lstrip().partition("\n")
    by_line = rest.strip() and first[:1] + first.rstrip()[-1:] in ("{}", "[]") and first.rstrip() != "[]"
    if by_line:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield Record(str(path), number, _object(str(path), number, _parsed(path, line, number)))
        return
    whole = _parsed(path, text, 1)
    for item in whole if isinstance(whole, list) and not _key(whole) else [whole]:
        yield Record(str(path), 1, _object(str(path), 1, item))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST:
            raise InputError(f"{path}: larger than {MOST // 1_000_000} MB; split it into several files")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check the name") from error


def _parsed(path: Path, text: str, first: int) -> JsonValue:
    if len(text) > LONGEST:
        raise InputError(f"{path}:{first}: more than {LONGEST // 1_000_000} MB in one record; split it")
    try:
        found: JsonValue = json.loads(text)
    except json.JSONDecodeError as error:
        line = first + error.lineno - 1
        raise InputError(
            f"{path}:{line}: not JSON: {error.msg} at column {error.colno}; mend or drop it"
        ) from None
    except (RecursionError, ValueError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else "a number too long to read"
        raise InputError(f"{path}:{first}: {what}; mend or drop it") from None
    return found


def _key(rows: JsonValue) -> str:
    """Say what a bare list of turns would be called; empty if it is no such list."""
    first = rows[0] if isinstance(rows, list) and rows else None
    if not isinstance(first, dict):
        return ""
    return "messages" if "role" in first else "conversations" if "from" in first else ""


def _object(file: str, line: int, value: JsonValue) -> Mapping[str, JsonValue]:
    if key := _key(value):
        return {key: value}
    if not isinstance(value, dict):
        raise InputError(f"{file}:{line}: this is {_kind(value)}; a conversation is an object")
    return value


def _kind(value: JsonValue) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    return "nothing" if value is None else kinds.get(type(value), "a number")
