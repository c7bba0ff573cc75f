"""PNG files as lists of chunks: the card in one is found, the picture is never decoded.

A card stands in a text chunk (`tEXt`, `zTXt` or `iTXt`, before or after the picture's data) under the keyword
`chara`, or `ccv3` for the third version. PNG specification (third edition), sections 5.3 and 11.3.3.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from characters.cards.limits import LIMITS, Limits
from characters.cards.repairs import Repairs, brief
from worlds.errors import CardError

__all__ = ["KEYWORDS", "SIGNATURE", "Stored", "plain_picture", "stored", "unbase", "write_png"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORDS = ("ccv3", "chara")
"""Where a card stands, the newer one first."""

_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_SPACES = b" \t\r\n\0"
_LONGEST_KEYWORD = 79


class Chunk(NamedTuple):
    """One chunk: its kind, its data, and where it stands, from its length to its checksum."""

    number: int
    kind: bytes
    data: memoryview
    start: int
    stop: int
    crc_ok: bool
    whole: bool

    def __str__(self) -> str:
        return f"chunk {self.number} ({self.kind.decode('latin-1')})"


class Stored(NamedTuple):
    """A copy of a card in a PNG."""

    keyword: str
    """In lower case."""
    where: str
    value: bytes
    """As it stands, base64 if the writer kept to the rules."""


def chunks(raw: bytes) -> Iterator[Chunk]:
    """Walk over the chunks; the last one is not `whole` if the file ends in it."""
    view, at, number = memoryview(raw), len(SIGNATURE), 0
    while at + 8 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        stop = at + 12 + length
        data = view[at + 8 : min(at + 8 + length, len(raw))]
        whole = stop <= len(raw)
        # Checksums of pictures are their viewers' business, and would take a pass over the whole file.
        checked = whole and kind in _TEXTS
        crc_ok = (
            not checked or zlib.crc32(data, zlib.crc32(kind)) == struct.unpack_from(">I", raw, stop - 4)[0]
        )
        yield Chunk(number, kind, data, at, min(stop, len(raw)), crc_ok, whole)
        if kind == b"IEND" or not whole:
            return
        at, number = stop, number + 1


def stored(raw: bytes, repairs: Repairs, limits: Limits = LIMITS) -> Iterator[Stored]:
    """Give the copies of a card in a PNG one by one, in the order in which they are to be tried."""
    found = _copies(raw, repairs)[: limits.chunks]
    held = [keyword.lower() for keyword, _ in found]
    for keyword in KEYWORDS:
        if held.count(keyword) > 1:
            repairs.add("png.several", f"`{keyword}`")
    if len(set(held)) > 1:
        repairs.add("png.older", "`chara`")
    for keyword, chunk in found:
        copy = _copy(chunk, keyword, repairs, limits)
        if copy is not None:
            yield copy


def _copies(raw: bytes, repairs: Repairs) -> list[tuple[str, Chunk]]:
    """Find the chunks that hold a card, those to be tried first before the others."""
    found: list[tuple[str, Chunk]] = []
    last = b""
    for chunk in chunks(raw):
        last = chunk.kind if chunk.whole else b""
        keyword = _keyword(chunk.data) if chunk.kind in _TEXTS else ""
        if keyword.lower().startswith("chara-ext-asset_"):
            repairs.add("png.asset", str(chunk), keyword[16:])
        elif keyword.lower() in KEYWORDS:
            found.append((keyword, chunk))
    if last != b"IEND":
        repairs.add("png.truncated", "the picture")
    return sorted(found, key=lambda entry: (KEYWORDS.index(entry[0].lower()), _TEXTS.index(entry[1].kind)))


def unbase(value: bytes, where: str, repairs: Repairs) -> bytes:
    """Decode base64 as people write it; `CardError` if it is none."""
    text = value.strip(_SPACES)
    if text[:1] in (b"{", b"["):
        repairs.add("base64.raw", where)
        return text
    how = ["a data: address"] if text.startswith(b"data:") else []
    text = text.partition(b",")[2] if how else text
    how += ["spaces"] if len(text.translate(None, _SPACES)) < len(text) else []
    how += ["the alphabet of addresses"] if b"-" in text or b"_" in text else []
    text = text.translate(bytes.maketrans(b"-_", b"+/"), _SPACES)
    bare = text.rstrip(b"=")
    padded = bare + b"=" * (-len(bare) % 4)
    how += ["padding"] if padded != text else []
    try:
        decoded = base64.b64decode(padded, validate=True)
    except binascii.Error as error:
        shown = brief(value[:40].decode("latin-1"))
        raise CardError(f"{where} is not base64 ({shown}): {error}; save the card again") from error
    if how:
        repairs.add("base64.cleaned", where, ", ".join(how))
    return decoded


def write_png(picture: bytes, cards: Mapping[str, bytes], repairs: Repairs) -> bytes:
    """Put cards, keyword to JSON, into a picture before its end; all else in it stays as it is, byte for byte.

    Older and compressed copies under these keywords are left out. `CardError` if it is no PNG.
    """
    if not picture.startswith(SIGNATURE):
        raise CardError("the picture is no PNG; give one with --picture")
    parts, stop = [SIGNATURE], len(SIGNATURE)
    for chunk in chunks(picture):
        if chunk.kind == b"IEND" or not chunk.whole:
            stop = chunk.stop
            break
        stop = chunk.stop
        keyword = _keyword(chunk.data).lower() if chunk.kind in _TEXTS else ""
        if keyword in KEYWORDS and (keyword not in cards or chunk.kind != b"tEXt"):
            repairs.add("export.twin", str(chunk), keyword)
        if keyword not in KEYWORDS:
            parts.append(picture[chunk.start : chunk.stop])
    parts += [
        _chunk(b"tEXt", keyword.encode() + b"\0" + base64.b64encode(card)) for keyword, card in cards.items()
    ]
    return b"".join([*parts, _chunk(b"IEND", b""), picture[stop:]])


def plain_picture(name: str) -> bytes:
    """Make a picture for a card that has none: two tones that hang on the name."""
    width, height, seed = 192, 288, zlib.crc32(name.encode())
    tones = [bytes((seed >> shift & 63) + base for shift in (0, 8, 16)) for base in (48, 144)]
    rows = b"".join(b"\0" + tones[y * 2 // height] * width for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return SIGNATURE + b"".join(body)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _keyword(data: memoryview) -> str:
    return bytes(data[: _LONGEST_KEYWORD + 1]).partition(b"\0")[0].decode("latin-1")


def _copy(chunk: Chunk, keyword: str, repairs: Repairs, limits: Limits) -> Stored | None:
    """Take a copy out of its chunk; None, and a word about it, if that cannot be done."""
    where = f"{chunk} `{keyword}`"
    if keyword != keyword.lower():
        repairs.add("png.case", where)
    if not chunk.crc_ok:
        repairs.add("png.crc", where)
    try:
        value = _value(chunk, len(keyword), limits)
    except (CardError, zlib.error, IndexError) as error:
        repairs.add("png.unread", where, error)
        return None
    if chunk.kind != b"tEXt":
        repairs.add("png.compressed", where, "iTXt" if chunk.kind == b"iTXt" else "")
    return Stored(keyword.lower(), where, value)


def _value(chunk: Chunk, skip: int, limits: Limits) -> bytes:
    rest, most = chunk.data[skip + 1 :], limits.text * 4 // 3 + 1024
    if chunk.kind == b"zTXt":
        return _inflate(rest[1:], most)
    if chunk.kind == b"iTXt":
        packed = rest[0] == 1
        head = bytes(rest[2:512]).split(b"\0", 2)
        rest = rest[2 + len(head[0]) + 1 + len(head[1]) + 1 :]
        if packed:
            return _inflate(rest, most)
    if len(rest) > most:
        raise CardError(f"it is larger than {most >> 20} MiB")
    return bytes(rest)


def _inflate(data: memoryview, most: int) -> bytes:
    """Unpack no more than may be had."""
    unpacker = zlib.decompressobj()
    value = unpacker.decompress(data, most)
    if unpacker.unconsumed_tail:
        raise CardError(f"it unpacks to more than {most >> 20} MiB")
    return value
