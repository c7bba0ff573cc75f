"""The theatre: a run on the screen that is read, tailed or played, and the keys that move it."""

import asyncio
import gc
from pathlib import Path
from time import perf_counter

from sandbox.tui.critics import bench_of, stamp_of
from sandbox.tui.engine import Engine, Staged
from sandbox.tui.feed import Feed
from sandbox.tui.looking import Looking
from sandbox.tui.page import Page
from sandbox.tui.status import status, title
from sandbox.tui.timeline import Timeline
from worlds.errors import SandboxError
from worlds.trajectory import Trajectory

__all__ = ["SPEEDS", "Theatre"]

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 0.0)
"""Turns a second; 0 is as fast as can be."""

SLICE = 0.02
"""Seconds a long log is read for before keys are looked at again."""

TAIL = 0.25
"""Seconds between two looks at a file another process may be writing."""

BUSY = 0.1
"""Seconds between two pictures while the engine plays."""


class Theatre(Looking):
    """One screen for live play and replay."""

    def __init__(self, run: Path, *, new: Trajectory | None = None, staged: Staged | None = None) -> None:
        """Open the run in a folder, or make it from the beginning of a new log."""
        super().__init__(run)
        self.staged = staged
        self.engine: Engine | None = None
        self.feed: Feed | None = None
        self.following = False
        self.playing = False
        """Whether the cursor runs on by itself through what is there already."""
        self.trouble = ""
        self.thinking = 0.0
        self._new = new
        self.pace = SPEEDS.index(2.0)
        self.owed = 0.0
        self._ticked = self._tailed = perf_counter()
        self._stamp = (run, -1)

    @property
    def speed(self) -> float:
        """Turns a second; 0 is as fast as can be."""
        return SPEEDS[self.pace]

    @property
    def over(self) -> bool:
        """Whether the story has ended."""
        log = self.show_.log
        return bool(len(log)) and log.state.phase == "over"

    def on_mount(self) -> None:
        """Open what there is to be shown."""
        super().on_mount()
        if self._new is not None:
            self.following = True
            self.take(self._new)
            self.engage(self.run, self._new, play=not getattr(self.app, "paused", False))
        else:
            self.feed = Feed(self.run / "events.jsonl" if self.run.is_dir() else self.run)
            self.following = not self.feed.ended
            self.run_worker(self._load(), exclusive=True, group="load")

    def close(self) -> None:
        """Let go of the run; what was played is kept."""
        if self.engine:
            self.engine.stop()
            self.engine = None
        if self.feed:
            self.feed.close()
            self.feed = None

    async def _load(self) -> None:
        """Read the file to its end in slices; nothing read here is garbage, so the collector need not look at it."""
        feed = self.feed
        while feed is self.feed and feed is not None and self._read(feed, SLICE):
            gc.freeze()
            if self.show_.cursor == 0:
                self.go(self._opening())
            await asyncio.sleep(0)

    def _opening(self) -> int:
        """Give the event a run opens at: just before the first turn."""
        turns = self.show_.index.turns
        return turns[0] - 1 if turns else self.show_.last

    def _read(self, feed: Feed, seconds: float) -> int:
        """Read on; what comes before a line that cannot be trusted is shown."""
        try:
            count = feed.read(seconds)
        except SandboxError as error:
            self.trouble, count = str(error), 0
            self.take(feed.log)
            feed.close()
            self.feed = None
        if count:
            self.take(feed.log)
        return count

    def take(self, log: Trajectory) -> None:
        """Show a log that has grown; stay at its end if following."""
        self.show_.take(log)
        if self.following:
            self.show_.go(self.show_.last)

    # ── time ───────────────────────────────────────────────────────────────────────────────────────

    def beat(self) -> None:
        """Leave a busy engine time, and keys their turn: while it plays, ten pictures a second are enough."""
        if not (self.engine and self.engine.playing) or perf_counter() - self._ticked >= BUSY:
            self.tick()

    def tick(self) -> None:
        """Take in what is new, let the cursor run on, draw."""
        now = perf_counter()
        passed, self._ticked = now - self._ticked, now
        engine = self.engine
        if engine is not None:
            self.trouble = engine.error or self.trouble
            self.run = engine.path
            if engine.failed:
                self.engine = engine = None
        if engine is not None and engine.opened:
            if len(engine.log) != len(self.show_.log):
                self.take(engine.log)
        elif self.feed is not None and now - self._tailed > TAIL:
            self._tailed = now
            self._read(self.feed, SLICE)
        if self.playing and self.show_.ready:
            self._run_on(passed)
        super().tick()
        self.draw_status()
        stamp = stamp_of(self.run)
        if stamp != self._stamp and (self.feed is None or self.feed.whole):
            self._stamp = stamp
            self.run_worker(self._hear(stamp[0]), exclusive=True, group="verdicts")

    async def _hear(self, verdicts: Path) -> None:
        """Have verdicts read beside the screen, and draw them."""
        self.bench = await asyncio.to_thread(bench_of, verdicts)
        self.query_one(Timeline).low = self.bench.marks
        self.show_.version += 1
        self.tick()

    def _run_on(self, passed: float) -> None:
        """Let the cursor run through what is there, a turn in its time; then let the engine go on, if it may."""
        show = self.show_
        turn = show.event.turn
        turns = show.index.turns
        events = (turns[turn] - turns[turn - 1]) if 0 < turn < len(turns) else 5
        self.owed += passed * (self.speed or 200.0) * events
        steps, self.owed = int(self.owed), self.owed % 1
        if steps:
            self.show_.go(show.cursor + steps)
        if show.at_end:
            self.playing = False
            self.following = self.following or not self.over
            if self.engine:
                self.engine.play(float("inf"))

    def draw_status(self) -> None:
        """Draw the first and the last line."""
        if not self.show_.ready:
            return
        self.query_one("#status", Page).say(status(self))
        self.query_one("#title", Page).say(title(self))

    def play_on(self, turns: float) -> None:
        """Let so many turns be played; the run is opened for it if it is not."""
        self.following = True
        if self.engine is None:
            self.engage(self.run if self.run.is_dir() else self.run.parent, None, play=False)
        if self.engine:
            self.trouble, self.engine.error = "", ""
            self.engine.play(turns)

    def engage(self, path: Path, log: Trajectory | None, *, play: bool) -> None:
        """Open a run for playing."""
        if self.engine:
            self.engine.stop()
        self.engine = Engine(path, log, self.staged)
        self.engine.pace = self.speed
        self.engine.allowed = float("inf") if play else 0
        self.engine.start()
