"""A program in a pseudo-terminal: keys are pressed, and what it draws is timed."""

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from pathlib import Path

__all__ = ["Program"]

ROOT = Path(__file__).resolve().parent.parent

QUIET = 0.15
"""Seconds without output after which a redraw is over."""

REST = 0.09
"""Seconds without output after which what comes is no longer the key's: memory is asked beside, and answers then."""


class Program:
    """`sandbox …` in a pseudo-terminal."""

    def __init__(self, folder: Path, *words: str) -> None:
        """Start python with these words."""
        self.began = time.perf_counter()
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            env = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            for name in ("COLUMNS", "LINES", "NO_COLOR"):
                env.pop(name, None)
            os.execve(sys.executable, [sys.executable, *words], env)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 42, 140, 0, 0))

    def until(self, text: bytes, patience: float = 60.0) -> float:
        """Wait until a text has been written; give the seconds since the start."""
        seen = b""
        while text not in seen and time.perf_counter() - self.began < patience:
            seen = seen[-4000:] + self.read(1.0)
        return time.perf_counter() - self.began

    def read(self, wait: float) -> bytes:
        """Give what comes within so many seconds."""
        ready, _, _ = select.select([self.file], [], [], wait)
        try:
            return os.read(self.file, 1 << 16) if ready else b""
        except OSError:
            return b""

    def key(self, key: bytes) -> tuple[float, float, float, int]:
        """Press a key; give the seconds to the first and to the last of what it redraws, of work, and its bytes."""
        self.drain()
        began, size, worked = time.perf_counter(), 0, self.worked
        os.write(self.file, key)
        first = last = 0.0
        while data := self.read(QUIET if first else 0.5):
            now = time.perf_counter() - began
            if first and now > last + REST:
                break
            last, size = now, size + len(data)
            first = first or last
        return first, last, self.worked - worked, size

    @property
    def worked(self) -> float:
        """Seconds of processor it has had: what remains the same on a machine that others keep busy."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def drain(self) -> None:
        """Take away what is still being written, for at most two seconds."""
        until = time.perf_counter() + 2.0
        while self.read(QUIET) and time.perf_counter() < until:
            pass

    @property
    def megabytes(self) -> float:
        """Memory in use."""
        fields = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """Quit it."""
        with contextlib.suppress(OSError):
            os.write(self.file, b"q")
        self.drain()
        os.close(self.file)
        os.waitpid(self.pid, 0)
