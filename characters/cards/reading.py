"""Reading a card file of another program: what kind of file it is, and the raw tree of the card in it.

The raw tree is the card's JSON with nothing added, dropped or renamed; all that is unknown in it survives.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from pydantic import JsonValue

from characters.cards import charx, png
from characters.cards.jsontext import loads
from characters.cards.limits import LIMITS, Limits
from characters.cards.repairs import Repair, Repairs
from worlds import source
from worlds.errors import CardError, InputError

__all__ = ["CardFile", "Container", "Tree", "is_card_file", "read_file"]

Container: TypeAlias = Literal["png", "charx", "json", "yaml", "jsonl"]
Tree: TypeAlias = dict[str, JsonValue]

PICTURES = frozenset({".png", ".apng", ".charx", ".card", ".jpg", ".jpeg"})
"""Suffixes by which a file is known not to be one of ours. `.card` is kept beside an imported character."""

_OURS = "no card, lorebook or chat; a card is PNG, CHARX, JSON or YAML"


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file of another program, as it is."""

    path: Path
    container: Container
    tree: Tree
    """The raw tree. For a chat, its lines under `chat`."""
    text: bytes
    """The JSON as it stood in the file; empty where it had to be mended, and for what is no JSON."""
    repairs: tuple[Repair, ...]


def is_card_file(path: Path) -> bool:
    """Whether a file is by its name a card of another program; JSON and YAML may be either's."""
    return path.suffix.lower() in PICTURES


def read_file(path: Path, limits: Limits = LIMITS) -> CardFile:
    """Read a card, a lorebook or a chat; `CardError`, with the path, if it is none that can be read."""
    try:
        return _read(path, limits)
    except CardError as error:
        raise CardError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise CardError(f"{path}: does not exist; check the name and the directory") from error
    except (OSError, ValueError) as error:
        raise CardError(f"{path}: cannot be read ({error}); check its name and permissions") from error


def _read(path: Path, limits: Limits) -> CardFile:
    if path.exists() and not path.is_file():
        raise CardError("is no regular file; name a card")
    repairs = Repairs()
    with path.open("rb") as file:
        size, head = file.seek(0, 2), _from(file, 0, 16)
        if head.startswith(png.SIGNATURE):
            return _png(path, file, repairs, limits)
        if charx.is_archive(file):
            _small_enough(size, limits.archive, "archive")
            raw = charx.card_in(file, repairs, limits)
            return _made(path, "charx", _mapping(loads(raw, "card.json", repairs, limits)), raw, repairs)
        _small_enough(size, limits.text, "text")
        raw = _from(file, 0, limits.text + 1)
    if b"\0" in raw[:1024] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CardError(f"is a binary file of no known kind: {_OURS}")
    return _text(path, raw, repairs, limits)


def _png(path: Path, file: BinaryIO, repairs: Repairs, limits: Limits) -> CardFile:
    size = file.seek(0, 2)
    archive = charx.is_archive(file)
    _small_enough(size, limits.archive if archive else limits.picture, "picture")
    raw = _from(file, 0, min(size, limits.picture))
    problem = "the picture holds no card; was it saved again by a program for pictures?"
    for copy in png.stored(raw, repairs, limits):
        try:
            text = png.unbase(copy.value, copy.where, repairs)
            tree = _mapping(loads(text, copy.keyword, repairs, limits))
        except CardError as error:
            repairs.add("png.unread", copy.where, error)
        else:
            return _made(path, "png", tree, text, repairs)
    if archive:
        text = charx.card_in(file, repairs, limits)
        return _made(path, "charx", _mapping(loads(text, "card.json", repairs, limits)), text, repairs)
    unread = next((repair for repair in repairs if repair.rule == "png.unread"), None)
    raise CardError(f"the card in {unread.where} cannot be read: {unread.before}" if unread else problem)


def _text(path: Path, raw: bytes, repairs: Repairs, limits: Limits) -> CardFile:
    suffix, start = path.suffix.lower(), raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if suffix == ".jsonl":
        lines: list[JsonValue] = [*_lines(raw, repairs, limits)]
        return _made(path, "jsonl", {"chat": lines}, b"", repairs)
    if suffix in (".yaml", ".yml") or (start not in (b"{", b"[", b"\xff", b"\xfe") and suffix != ".json"):
        try:
            return _made(path, "yaml", _mapping(source.read(path).data), b"", repairs)
        except InputError as error:
            what = str(error).removeprefix(f"{path}").lstrip(":")
            raise CardError(f"{what}; ({_OURS})") from error
    tree = loads(raw, "the file", repairs, limits)
    return _made(path, "json", _mapping(tree), raw, repairs)


def _lines(raw: bytes, repairs: Repairs, limits: Limits) -> Iterator[JsonValue]:
    for number, line in enumerate(raw.splitlines(), 1):
        if number > limits.entries:
            repairs.add("field.many", "the lines of the chat")
            return
        if line.strip():
            yield loads(line, f"line {number}", repairs, limits)


def _made(path: Path, container: Container, tree: Tree, text: bytes, repairs: Repairs) -> CardFile:
    mended = any(repair.rule in _MENDED for repair in repairs)
    return CardFile(path, container, tree, b"" if mended else text, tuple(repairs))


_MENDED = ("file.bom", "text.utf8", "text.surrogate", "text.control", "json.duplicate", "json.trailing")
"""After these the text is not what it should be, and is written anew on export."""


def _mapping(tree: JsonValue) -> Tree:
    # Some exporters put a single card or book in a list.
    if isinstance(tree, list) and len(tree) == 1:
        tree = tree[0]
    if not isinstance(tree, dict):
        raise CardError(f"holds {'a list' if isinstance(tree, list) else 'a single value'}, no card")
    return tree


def _small_enough(size: int, most: int, kind: str) -> None:
    if size > most:
        mend = "is it the right file? --max-mb allows more"
        raise CardError(f"is larger than {most >> 20} MiB, the most a card's {kind} may be; {mend}")


def _from(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)
