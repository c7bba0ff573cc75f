"""Reads an authoring file, YAML or JSON, as plain data that remembers its lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pydantic import JsonValue

from worlds.errors import InputError
from worlds.tokens import BadTextError, Token, json_tokens, yaml_tokens

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "Key", "Source", "read"]

MAX_BYTES = 4_000_000
"""The largest file that is read, in bytes."""

MAX_DEPTH = 40
"""How deep lists and mappings may nest."""

MAX_VALUES = 200_000
"""How many values a file may hold once its aliases are written out."""

Key: TypeAlias = str | int
"""One step into a file: the name of a field or the index of a list entry."""


class _Node(NamedTuple):
    """A value, where it stands, how many values it holds, and what is in it."""

    value: JsonValue
    line: int
    size: int = 1
    inside: "dict[Key, _Node]" = {}


@dataclass(frozen=True, slots=True)
class Source:
    """The data of one file, and the line of every value in it."""

    path: Path
    data: JsonValue
    root: _Node = field(repr=False)

    def line(self, where: tuple[Key, ...] = ()) -> int:
        """Give the line (from 1) of what stands at a path such as `("places", "hall", "exits", 0, "to")`.

        A path that leads nowhere has the line of the last value on the way, so that a missing field is missed
        where the mapping that lacks it begins.
        """
        node = self.root
        for key in where:
            if key not in node.inside:
                break
            node = node.inside[key]
        return node.line


def read(path: Path) -> Source:
    """Read a `.json` file as JSON and any other as YAML.

    Raises `InputError`, with the line if there is one, for whatever is no regular UTF-8 text file of at most
    `MAX_BYTES`, for bad syntax, repeated names, YAML tags, and for too many values or levels of them.
    """
    text = _text(path)
    cut = json_tokens if path.suffix.lower() == ".json" else yaml_tokens
    try:
        root = _Builder(cut(text)).root()
    except BadTextError as error:
        raise InputError(f"{path}:{error.line}: {error}") from error
    return Source(path, root.value, root)


class _Builder:
    """Builds nodes from tokens, counting what aliases repeat as if it were written out."""

    def __init__(self, tokens: Iterator[Token]) -> None:
        self.tokens = tokens
        self.anchors: dict[str, _Node] = {}
        self.size = 0

    def root(self) -> _Node:
        first = next(self.tokens, None)
        if first is None or (first.kind == "value" and first.value is None):
            raise BadTextError(1, "nothing is in it; see docs/worlds.md for what to write")
        node = self.node(first, 0)
        # What follows can only be refused: the tokens of a second document.
        for _ in self.tokens:
            pass
        return node

    def node(self, token: Token, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels of lists and mappings; write it flatter"
            raise BadTextError(token.line, what)
        match token.kind:
            case "alias":
                node = self.repeated(token)
            case "mapping":
                node = self.mapping(token, depth)
            case "list":
                inside: dict[Key, _Node] = {}
                for entry in self.entries():
                    inside[len(inside)] = self.node(entry, depth + 1)
                node = _Node([inner.value for inner in inside.values()], token.line, _size(inside), inside)
            case _:
                node = _Node(token.value, token.line)
        self.count(token.line, node.size if token.kind == "alias" else 1)
        if token.anchor:
            self.anchors[token.anchor] = node
        return node

    def mapping(self, token: Token, depth: int) -> _Node:
        inside: dict[Key, _Node] = {}
        data: dict[str, JsonValue] = {}
        for name in self.entries():
            if name.kind != "value":
                what = "a list or mapping stands where a name should; quote it if it is text"
                raise BadTextError(name.line, what)
            if name.text in inside:
                where = f"stands on line {inside[name.text].line} already"
                raise BadTextError(name.line, f"`{name.text[:60]}` {where}; keep one of the two")
            node = self.node(next(self.tokens), depth + 1)
            inside[name.text] = node._replace(line=name.line)
            data[name.text] = node.value
        return _Node(data, token.line, _size(inside), inside)

    def repeated(self, token: Token) -> _Node:
        if token.anchor not in self.anchors:
            what = (
                f"*{token.anchor[:40]} repeats nothing that is complete here; quote text that begins with *"
            )
            raise BadTextError(token.line, what)
        return self.anchors[token.anchor]

    def entries(self) -> Iterator[Token]:
        while (token := next(self.tokens)).kind != "end":
            yield token

    def count(self, line: int, size: int) -> None:
        self.size += size
        if self.size > MAX_VALUES:
            raise BadTextError(line, f"more than {MAX_VALUES:,} values with aliases written out; write less")


def _size(inside: dict[Key, _Node]) -> int:
    return 1 + sum(node.size for node in inside.values())


def _text(path: Path) -> str:
    """Give the text of a file, or say why it has none."""
    try:
        if path.exists() and not path.is_file():
            kind = "a directory" if path.is_dir() else "no regular file"
            raise InputError(f"{path} is {kind}; name a .yaml or .json file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the name and the directory") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read ({error}); check its name and permissions") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB; is it the right file?")
    if b"\0" in raw:
        raise InputError(f"{path} is a binary file; name a YAML or JSON text file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: not UTF-8 text; save the file with the encoding UTF-8") from error
