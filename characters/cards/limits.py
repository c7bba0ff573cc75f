"""How much of a card is read before it is refused. Cards come from strangers."""

from typing import NamedTuple

__all__ = ["LIMITS", "Limits"]

MIB = 1 << 20


class Limits(NamedTuple):
    """What a card may be at most."""

    picture: int = 32 * MIB
    """Bytes of a PNG."""
    archive: int = 256 * MIB
    """Bytes of a CHARX."""
    text: int = 6 * MIB
    """Bytes of the card's JSON, decoded and unpacked. One sign beyond the usual makes four bytes of each in memory."""
    members: int = 4096
    """Files in an archive."""
    unpacked: int = 512 * MIB
    """Bytes of all files of an archive together."""
    ratio: int = 200
    """Bytes that one byte of an archive may unpack to."""
    depth: int = 64
    """Levels of lists and mappings."""
    values: int = 400_000
    """Values in the JSON."""
    field: int = 256 * 1024
    """Characters of one field that are looked at."""
    entries: int = 10_000
    """Entries of a lorebook."""
    chunks: int = 8
    """Copies of a card that are tried in one PNG."""


LIMITS = Limits()
