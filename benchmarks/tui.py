"""What the screen costs: `python benchmarks/tui.py [--quick]`.

The real program in a pseudo-terminal: from starting it to the first picture, from a key to the end of what it redraws,
on a finished run of 100 000 events; then live play at 50 turns a second, with the growth of its memory.
"""

import asyncio
import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sandbox.loop import Stage  # noqa: E402
from sandbox.narrator import ImprovNarrator  # noqa: E402
from tests.stagecraft import CAST, WORLD, Anything  # noqa: E402 - the path comes first
from worlds.events import Started  # noqa: E402
from worlds.spec import Scene, Settings  # noqa: E402
from worlds.store import save  # noqa: E402
from worlds.trajectory import start  # noqa: E402

QUIET = 0.15
"""Seconds without output after which a redraw is over."""


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
        while data := self.read(QUIET if first else 2.0):
            last, size = time.perf_counter() - began, size + len(data)
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


def keep(folder: Path, turns: int) -> int:
    """Play a run that lasts so many turns; give its length."""
    world = WORLD.model_copy(update={"beats": (), "endings": (), "scenes": (Scene(id="one", premise="Go."),)})
    log = start(Started(world=world, cast=CAST, settings=Settings(seed=1, turns=turns, order="list")))
    stage = Stage({person.id: Anything() for person in CAST}, ImprovNarrator())

    async def play() -> None:
        async for _ in stage.play(log):
            pass

    asyncio.run(play())
    folder.mkdir(parents=True)
    save(stage.log, folder / "events.jsonl")
    return len(stage.log)


LEFT, TURN, HOME, END, PAGE = b"\x1b[D", b"\x1b[1;2D", b"\x1b[H", b"\x1b[F", b"\x1b[5~"

KEYS: dict[str, list[bytes]] = {
    "start and end in turn": [END, HOME] * 4 + [END],
    "event back": [LEFT] * 9,
    "turn back": [TURN] * 9,
    "page up": [PAGE] * 9,
    "thoughts on and off": [b"t"] * 8,
    "search, a letter more": [b"/", *(bytes([letter]) for letter in b"who:ben said")],
}
"""What is pressed, in this order: every press changes what is shown."""


def replay(turns: int) -> None:
    """Measure a long finished run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events = keep(folder / "runs" / "big", turns)
        opened = []
        for _ in range(3):
            program = Program(folder, "-m", "sandbox", "watch", "big", "--still")
            opened.append(program.until(b"Story"))
            whole = program.until(b"replay")
            if len(opened) < 3:
                program.stop()
        print(
            f"{events} events: first picture after {median(opened):.2f} s, read to the end after {whole:.2f} s"
        )
        program.drain()
        every: list[float] = []
        for what, keys in KEYS.items():
            firsts, lasts, works, sizes = zip(*(program.key(key) for key in keys), strict=True)
            print(
                f"  {what:22} first {median(firsts) * 1000:4.0f} ms  last {median(lasts) * 1000:4.0f} ms  "
                f"worst {max(lasts) * 1000:4.0f} ms  work {sum(works) / len(works) * 1000:4.0f} ms a key  "
                f"{min(sizes)} to {max(sizes)} bytes redrawn"
            )
            every += lasts
        most = sorted(every)[int(len(every) * 0.95)]
        print(f"  all {len(every)} keys: median {median(every) * 1000:.0f} ms, 95 % {most * 1000:.0f} ms")
        print(f"  memory {program.megabytes:.0f} MB")
        program.stop()


LIVE = """
from pathlib import Path
from sandbox.tui.app import Playhouse
from sandbox.tui.opening import Opening
from tests.stagecraft import WORLD, begin
from tests.theatregoers import staged
world = WORLD.model_copy(update={"endings": ()})
Playhouse(Opening(Path("runs/live"), begin(turns=100000, world=world)), staged=staged, still=True).run()
"""
"""The theatre with minds that answer at once, so that the pace is the screen's to keep."""


def live(seconds: float) -> None:
    """Measure live play at 50 turns a second."""
    with tempfile.TemporaryDirectory() as name:
        program = Program(Path(name), "-c", LIVE)
        program.until(b"live")
        time.sleep(2)
        for _ in range(4):
            os.write(program.file, b"]")
            program.drain()
        count = _events(name)
        before, times, began = program.megabytes, [], time.perf_counter()
        while time.perf_counter() - began < seconds:
            press = time.perf_counter()
            os.write(program.file, b"/")
            seen = b""
            while b"kind:speech" not in seen and time.perf_counter() - press < 2:
                seen = seen[-200:] + program.read(0.5)
            times.append(time.perf_counter() - press)
            os.write(program.file, b"\x1b")
            program.read(0.5)
            program.drain()
        passed = time.perf_counter() - began
        worst = sorted(times)[int(len(times) * 0.95)]
        print(
            f"live, {(_events(name) - count) / passed:.0f} events/s for {passed:.0f} s ({len(times)} keys): "
            f"key to screen median {median(times) * 1000:.0f} ms, 95 % {worst * 1000:.0f} ms; "
            f"memory +{program.megabytes - before:.0f} MB"
        )
        program.stop()


def _events(name: str) -> int:
    with (Path(name) / "runs" / "live" / "events.jsonl").open("rb") as file:
        return sum(1 for _ in file)


def main() -> None:
    """Measure and print."""
    quick = "--quick" in sys.argv
    replay(2_000 if quick else 20_500)
    live(10 if quick else 60)


if __name__ == "__main__":
    main()
