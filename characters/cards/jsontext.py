"""Cards' JSON: read with limits and without losing anything, written back as it was.

Numbers keep the way they were written (`1.50`, `1e3`, `-0`), for a field nobody here knows may be anything.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Self

from pydantic import JsonValue

from characters.cards.limits import LIMITS, Limits
from characters.cards.repairs import Repairs
from worlds.errors import CardError

__all__ = ["Figure", "dumps", "loads", "text_of"]

# Possessive, for a pattern that could give back would remember each of its millions of steps; and never failing, for
# one that fails is tried again from every place on. Strings are stepped over, an unfinished one to the end.
_STRING = rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+([\[\]{}]|\Z)", re.DOTALL)
_COMMA = re.compile(rb'(?:[^",]++|' + _STRING + rb")*+(?:,|\Z)", re.DOTALL)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGITS = 400
_quoted = json.encoder.encode_basestring


class Figure(float):
    """A number that remembers how it was written."""

    __slots__ = ("written",)

    def __new__(cls, written: str) -> Self:
        """Read a number; `CardError` if it is too large to be one."""
        figure = super().__new__(cls, written)
        if not math.isfinite(figure):
            raise CardError(f"number {written[:20]} is too large to be a number; quote it if it is text")
        figure.written = written
        return figure

    written: str


def text_of(raw: bytes, where: str, repairs: Repairs) -> str:
    """Decode text: UTF-8 with or without mark, or UTF-16 with one; what cannot be decoded is replaced."""
    if raw.startswith(b"\xef\xbb\xbf"):
        repairs.add("file.bom", where)
        raw = raw[3:]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        repairs.add("text.utf8", where, "UTF-16", "read as that")
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        repairs.add("text.utf8", where, f"byte {error.start}")
        return raw.decode("utf-8", errors="replace")


def loads(raw: bytes, where: str, repairs: Repairs, limits: Limits = LIMITS) -> JsonValue:
    """Read JSON; `CardError` says why it cannot be read. `where` names it in messages."""
    if len(raw) > limits.text:
        raise CardError(f"{where} is larger than {limits.text >> 20} MiB; no card needs that")
    text = text_of(raw, where, repairs).strip("\0 \t\r\n")
    # What was decoded otherwise is looked at in the form it has now.
    _measure(raw if raw[:1] in b"{[" else text.encode("utf-8", "replace"), where, limits)
    tree = _parse(text, where, repairs)
    return _mended(tree, where, repairs) if _HALF.search(raw) else tree


def dumps(tree: JsonValue) -> str:
    """Write JSON, compact, numbers as they were."""
    return "".join(_written(tree))


def _measure(raw: bytes, where: str, limits: Limits) -> None:
    """Refuse what nests too deep or holds too much, before anything is built of it."""
    depth = values = 0
    for match in _BRACKET.finditer(raw):
        opens = match[1] in (b"[", b"{")
        depth += 1 if opens else -1
        values += opens
        if depth > limits.depth:
            raise CardError(f"{where} nests more than {limits.depth} levels deep; write it flatter")
        if values > limits.values:
            break
    if values <= limits.values < raw.count(b",") + values:
        values += sum(1 for _ in islice(_COMMA.finditer(raw), limits.values + 1))
    if values > limits.values:
        raise CardError(f"{where} holds more than {limits.values:,} values; no card needs that")


def _parse(text: str, where: str, repairs: Repairs) -> JsonValue:
    try:
        try:
            tree, end = _decoder(where, repairs, strict=True).raw_decode(text)
        except json.JSONDecodeError as error:
            if "control character" not in error.msg:
                raise
            tree, end = _decoder(where, repairs, strict=False).raw_decode(text)
            repairs.add("text.control", where)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise CardError(f"{where} is not JSON: {error.msg} ({place}); was the file cut off?") from error
    except RecursionError as error:
        raise CardError(f"{where} nests far too deep; write it flatter") from error
    if text[end:].strip("\0 \t\r\n"):
        repairs.add("json.trailing", where, text[end : end + 40])
    made: JsonValue = tree
    return made


def _decoder(where: str, repairs: Repairs, *, strict: bool) -> json.JSONDecoder:
    def mapping(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        made = dict(pairs)
        if len(made) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            for name in (name for name, count in counts.most_common(3) if count > 1):
                repairs.add("json.duplicate", f"{where}: `{name[:60]}`")
        return made

    return json.JSONDecoder(
        object_pairs_hook=mapping,
        parse_int=_whole,
        parse_float=Figure,
        parse_constant=_refuse,
        strict=strict,
    )


def _whole(written: str) -> int | Figure:
    if len(written) > _DIGITS:
        raise CardError(f"number {written[:12]}… is too long; quote it if it is text")
    number = int(written)
    return number if str(number) == written else Figure(written)


def _refuse(word: str) -> Any:  # noqa: ANN401 - what a JSON hook gives back, if it ever did
    raise CardError(f"{word} is no number JSON knows; write null, or quote it")


def _mended(tree: JsonValue, where: str, repairs: Repairs) -> JsonValue:
    """Replace what no file could be written with."""
    match tree:
        case str():
            if _SURROGATE.search(tree):
                repairs.add("text.surrogate", where)
                return _SURROGATE.sub("\ufffd", tree)
            return tree
        case list():
            return [_mended(item, where, repairs) for item in tree]
        case dict():
            return {
                str(_mended(name, where, repairs)): _mended(item, where, repairs)
                for name, item in tree.items()
            }
        case _:
            return tree


def _written(tree: JsonValue) -> Iterator[str]:
    match tree:
        case dict():
            yield "{"
            for i, (name, item) in enumerate(tree.items()):
                yield f"{',' if i else ''}{_quoted(name)}:"
                yield from _written(item)
            yield "}"
        case list():
            yield "["
            for i, item in enumerate(tree):
                yield "," if i else ""
                yield from _written(item)
            yield "]"
        case str():
            yield _quoted(tree)
        case Figure():
            yield tree.written
        case _:
            yield json.dumps(tree)
