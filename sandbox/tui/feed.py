"""Where the screen's log comes from: a file of events, read bit by bit while somebody may be writing it."""

from os import fstat
from pathlib import Path
from time import perf_counter

from worlds.errors import IllegalError, InputError, LogError
from worlds.store import read_line
from worlds.trajectory import Trajectory, replay

__all__ = ["Feed"]

CHUNK = 1 << 20
"""Bytes read at once."""

TAIL = 1 << 16
"""Bytes at the end in which the last line is looked for."""


class Feed:
    """The log of a run's file, as far as it has been read.

    Nothing is read before it is asked for, and never for longer than it is allowed to take: so a long run opens at
    once, and a run that another process is writing is followed with the same call.
    """

    def __init__(self, path: Path) -> None:
        """Open a run's file; `InputError` if there is none."""
        self.path = path
        self._log = Trajectory()
        self._rest = b""
        self._lines: list[bytes] = []
        self._next = 0
        self._read = 0
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise InputError(
                f"{path}: no such log: {error.strerror}; `sandbox run WORLD` makes one"
            ) from error

    @property
    def log(self) -> Trajectory:
        """The events read so far, as a value of their own."""
        return self._log.upto(len(self._log))

    @property
    def size(self) -> int:
        """How many events the file seems to hold, judged by its size and by what has been read."""
        return max(len(self._log), int(len(self._log) * self._bytes / self._read)) if self._read else 0

    @property
    def whole(self) -> bool:
        """Whether everything that is in the file now has been read."""
        return self._next >= len(self._lines) and self._file.tell() >= self._bytes

    @property
    def ended(self) -> bool:
        """Whether the last line says that the story is over; looked up without reading the rest."""
        with self.path.open("rb") as file:
            file.seek(max(0, self._bytes - TAIL))
            return b'"kind":"ended"' in file.read().rstrip(b"\n").rpartition(b"\n")[2]

    @property
    def _bytes(self) -> int:
        return fstat(self._file.fileno()).st_size

    def read(self, seconds: float) -> int:
        """Read for about so long or to the end of what is there; give how many events came.

        Raises `LogError` for a line that cannot be trusted; what came before it stays.
        """
        until, before = perf_counter() + seconds, len(self._log)
        while self._next < len(self._lines) or self._fill():
            self._take(self._lines[self._next])
            self._next += 1
            if perf_counter() > until:
                break
        return len(self._log) - before

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _fill(self) -> bool:
        """Read on in the file; a line without its end waits for it."""
        data = self._rest + self._file.read(CHUNK)
        *self._lines, self._rest = data.split(b"\n")
        self._next = 0
        return bool(self._lines)

    def _take(self, line: bytes) -> None:
        number, where = len(self._log) + 1, str(self.path)
        self._read += len(line) + 1
        try:
            event = read_line(line.decode("utf-8"), number, where)
            if event.seq != number - 1:
                raise LogError(f"{where}:{number}: event {event.seq} where {number - 1} should be")
            replay(self._log, (event,))
        except UnicodeDecodeError:
            raise LogError(f"{where}:{number}: not UTF-8 text; restore the line from a copy") from None
        except IllegalError as error:
            raise LogError(f"{where}:{number}: not a possible history: {error}") from error
