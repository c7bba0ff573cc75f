"""What the screen costs: `python benchmarks/tui.py [--quick]`.

The real program in a pseudo-terminal: from starting it to the first picture, from a key to the end of what it redraws,
on a finished, judged run of 100 000 events; then live play at 50 turns a second, with the growth of its memory.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.terminal import Program  # noqa: E402 - the path comes first
from judges.verdict import Verdict, Window  # noqa: E402
from sandbox.loop import Stage  # noqa: E402
from sandbox.narrator import ImprovNarrator  # noqa: E402
from tests.stagecraft import CAST, WORLD, Anything  # noqa: E402 - the path comes first
from worlds.events import Started  # noqa: E402
from worlds.spec import Scene, Settings  # noqa: E402
from worlds.store import save  # noqa: E402
from worlds.trajectory import start  # noqa: E402


def keep(folder: Path, turns: int) -> int:
    """Play a run that lasts so many turns, with verdicts beside it; give its length."""
    world = WORLD.model_copy(update={"beats": (), "endings": (), "scenes": (Scene(id="one", premise="Go."),)})
    log = start(Started(world=world, cast=CAST, settings=Settings(seed=1, turns=turns, order="list")))
    stage = Stage({person.id: Anything() for person in CAST}, ImprovNarrator())

    async def play() -> None:
        async for _ in stage.play(log):
            pass

    asyncio.run(play())
    folder.mkdir(parents=True)
    save(stage.log, folder / "events.jsonl")
    with (folder / "verdicts.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(f"{verdict(seq).model_dump_json()}\n" for seq in range(len(stage.log)))
    return len(stage.log)


def verdict(seq: int) -> Verdict:
    """Make up a verdict on an event; some are low."""
    family = ("fidelity.violated", "consistency.knowledge", "tracking.lag")[seq % 3]
    value, who = seq % 500 / 500, CAST[seq // 5 % len(CAST)].id
    return Verdict(
        judge="made up", subject=who, dimension=family, value=value, evidence=(seq,), window=Window(seq, seq)
    )


LEFT, TURN, HOME, END, DOWN = b"\x1b[D", b"\x1b[1;2D", b"\x1b[H", b"\x1b[F", b"\x1b[B"
ESCAPE = b"\x1b[27u"
"""As terminals send it that tell it from the beginning of a sequence. With others textual waits 0.1 s for the rest."""


def letters(text: str) -> list[bytes]:
    """Give a text as keys."""
    return [bytes([letter]) for letter in text.encode()]


KEYS: dict[str, list[bytes]] = {
    "start and end in turn": [END, HOME] * 4 + [END],
    "event back": [LEFT] * 9,
    "turn back": [TURN] * 9,
    "line and page up": [b"\x1b[A", b"\x1b[5~"] * 5,
    "thoughts on and off": [b"t"] * 8,
    "search opened, closed": [b"/", ESCAPE],
    "search, a letter more": [b"/", *letters("who:ben said")],
    "go to an event, back": [ESCAPE, b"\x07", *letters("#50000"), b"\r", b"b"],
    "point of view": [b"v", DOWN, b"\r", LEFT, b"v", b"\r"],
    "kinds of lines": [b"o", b"\r"] * 2,
    "tab, event back": [END, *(key for tab in b"23561" for key in (bytes([tab]), LEFT, LEFT))],
    "next character": [b"1", *[b"c"] * 4],
    "pane, jump mode, keys": [b"\t", b"\x0f", b"d", b"\x0f", b"s", b"?", ESCAPE],
    "memory, event back": [END, b"4", LEFT, LEFT, b"1"],
}
"""What is pressed, in this order, twice. Memory comes last: asked the first time it goes through the whole run, in a
thread of the same process."""

LIMIT = 0.05
"""Seconds a key may take."""


class Press(NamedTuple):
    """A key, and what came of it: seconds to the first and the last of what it redraws, of work, and bytes."""

    what: str
    key: bytes
    nth: int
    """Which time it was pressed in this place: 0 for the first."""
    first: float
    last: float
    work: float
    size: int


def press(program: Program) -> list[Press]:
    """Press all keys, twice."""
    times: dict[tuple[str, bytes], int] = {}
    pressed = []
    for what, keys in (*KEYS.items(), *KEYS.items()):
        for key in keys:
            nth = times[what, key] = times.get((what, key), -1) + 1
            pressed.append(Press(what, key, nth, *program.key(key)))
        time.sleep(3 if what == [*KEYS][-1] else 0)
    return pressed


def tell(pressed: list[Press]) -> None:
    """Print the keys by what they are for, and each that took too long."""
    for what in KEYS:
        of = [one for one in pressed if one.what == what]
        early, late = ([one.last * 1000 for one in of if bool(one.nth) is again] for again in (False, True))
        print(
            f"  {what:22} pressed first: {median(early):3.0f} ms, worst {max(early):3.0f}   "
            f"later: {median(late):3.0f} ms, worst {max(late):3.0f}   "
            f"work {sum(one.work for one in of) / len(of) * 1000:2.0f} ms   up to {max(one.size for one in of)} bytes"
        )
    lasts = sorted(one.last for one in pressed)
    most = lasts[int(len(lasts) * 0.95)]
    print(f"  all {len(lasts)} keys: median {median(lasts) * 1000:.0f} ms, 95 % {most * 1000:.0f} ms")
    slow = [one for one in pressed if one.last > LIMIT]
    print(f"  over {LIMIT * 1000:.0f} ms: {len(slow)}")
    for one in slow:
        print(
            f"    {one.what}: {one.key!r} pressed {'again' if one.nth else 'first'}: {one.last * 1000:.0f} ms"
        )


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
        time.sleep(2)  # the verdicts are being read
        tell(press(program))
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
