"""CHARX files: a zip with `card.json` at its root and assets beside it, sometimes behind a picture.

Nothing is ever unpacked to disk, and no size that the archive states is believed.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from characters.cards.limits import LIMITS, Limits
from characters.cards.repairs import Repairs
from worlds.errors import CardError

__all__ = ["CARD", "card_in", "is_archive", "member", "write_charx"]

CARD = "card.json"

_TAIL = 65_557
"""How far from the end of a file the end of an archive can be, in bytes."""
_DIRECTORY = 1 << 20
"""Longest table of contents that is read, in bytes."""
_PIECE = 1 << 16
_SMALL = 1 << 20
"""Below so many bytes nobody asks how well something was packed."""
_END = struct.Struct("<4s4H2LH")
_SCRIPTS = ("module.risum",)

# Whatever a damaged archive can make the reader raise.
_TROUBLE = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError,
    ValueError, KeyError, IndexError, OverflowError,
)  # fmt: skip


def is_archive(file: BinaryIO) -> bool:
    """Whether a zip ends this file, whatever it begins with."""
    return _end(file) is not None


def card_in(file: BinaryIO, repairs: Repairs, limits: Limits = LIMITS) -> bytes:
    """Give the JSON of the card in an archive; `CardError` if there is none, or the archive is up to something."""
    with _opened(file, limits) as archive:
        inside = {info.filename for info in archive.infolist()}
        if CARD not in inside:
            raise CardError(f"the archive holds no {CARD}; is it a CHARX file?")
        if min(info.header_offset for info in archive.infolist()) > 0:
            repairs.add("charx.prefix", "the file")
        for name in sorted(inside & {*_SCRIPTS}):
            repairs.add("charx.extra", name)
        return b"".join(_pieces(archive, archive.getinfo(CARD), limits.text, limits))


def member(file: BinaryIO, name: str, most: int, limits: Limits = LIMITS) -> bytes:
    """Give one file of an archive, of at most so many bytes; `CardError` if it is not there."""
    with _opened(file, limits) as archive:
        try:
            info = archive.getinfo(name)
        except KeyError as error:
            raise CardError(f"the archive holds no {name[:80]!r}") from error
        return b"".join(_pieces(archive, info, most, limits))


def write_charx(
    out: Path, card: bytes, source: Path | None, added: Mapping[str, bytes], limits: Limits = LIMITS
) -> None:
    """Write an archive with this card: what the source holds besides stays as it is, the picture before it too."""
    with out.open("wb") as file:
        if source is None:
            _write(file, card, None, added, limits)
            return
        with source.open("rb") as before, _opened(before, limits) as archive:
            _copy(before, file, min((info.header_offset for info in archive.infolist()), default=0))
            _write(file, card, archive, added, limits)


def _write(
    file: BinaryIO, card: bytes, archive: zipfile.ZipFile | None, added: Mapping[str, bytes], limits: Limits
) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in {CARD: card, **added}.items():
            made.writestr(_named(name), data)
        left = limits.unpacked
        for info in archive.infolist() if archive else ():
            if archive is None or info.filename == CARD or info.filename in added:
                continue
            copy = _named(info.filename, info)
            if info.is_dir():
                made.writestr(copy, b"")
                continue
            with made.open(copy, "w") as into:
                for piece in _pieces(archive, info, left, limits):
                    left -= len(piece)
                    into.write(piece)


def _named(name: str, like: zipfile.ZipInfo | None = None) -> zipfile.ZipInfo:
    """Name a member; its date is the one it had, or the first there is, so that equal cards make equal files."""
    info = zipfile.ZipInfo(name, like.date_time if like else (1980, 1, 1, 0, 0, 0))
    info.compress_type = like.compress_type if like else zipfile.ZIP_DEFLATED
    return info


def _copy(source: BinaryIO, into: BinaryIO, length: int) -> None:
    source.seek(0)
    while length > 0 and (piece := source.read(min(length, _PIECE))):
        into.write(piece)
        length -= len(piece)


# ── suspicion ──────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _opened(file: BinaryIO, limits: Limits) -> Iterator[zipfile.ZipFile]:
    end = _end(file)
    if end is None:
        raise CardError("this is no archive; a CHARX file is a zip")
    _, disk, start_disk, _, entries, length, offset, _ = end
    if 0xFFFF in (disk, start_disk, entries) or 0xFFFFFFFF in (length, offset):
        raise CardError("the archive is split or of the large kind, which no card needs; pack it again")
    if length > _DIRECTORY or entries > limits.members:
        raise CardError(f"the archive holds more than {limits.members:,} files; no card needs that")
    try:
        with zipfile.ZipFile(file) as archive:
            _inspect(archive, limits)
            yield archive
    except CardError:
        raise
    except _TROUBLE as error:
        raise CardError(f"the archive is damaged ({str(error)[:80]}); get the file again") from error


def _end(file: BinaryIO) -> tuple[int, ...] | None:
    """Read the record that ends an archive; None if there is none."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        return None
    record: tuple[int, ...] = _END.unpack_from(tail, at)
    return record


def _inspect(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive that could do harm, or of which one could not say what is in it."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise CardError(f"the archive holds more than {limits.members:,} files; no card needs that")
    seen: set[str] = set()
    for info in members:
        name = info.filename
        wrong = _wrong(info)
        if name in seen:
            wrong = "is in the archive twice"
        if wrong:
            raise CardError(f"the archive's {name[:80]!r} {wrong}; pack it again without that")
        seen.add(name)
    if sum(info.file_size for info in members) > limits.unpacked:
        raise CardError(f"the archive unpacks to more than {limits.unpacked >> 20} MiB; no card needs that")


def _wrong(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "\0" in name or parts[0][1:2] == ":":
        return "has a path that leads out of it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.flag_bits & 0x41:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"
    return ""


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, limits: Limits) -> Iterator[bytes]:
    """Unpack a member bit by bit, no more than may be had."""
    given = 0
    with archive.open(info) as file:
        while piece := file.read(_PIECE):
            given += len(piece)
            if given > most:
                raise CardError(f"the archive's {info.filename[:80]!r} is larger than {most >> 20} MiB")
            if given > max(_SMALL, info.compress_size * limits.ratio):
                raise CardError(
                    f"the archive's {info.filename[:80]!r} unpacks to far more than it is; no card does"
                )
            yield piece
