"""The theatre: a run on the screen that is read, tailed or played, and the keys that move it."""

import asyncio
import gc
from pathlib import Path
from time import perf_counter

from textual.widgets import Input, TabbedContent

from sandbox.tui.dialogs import Ask
from sandbox.tui.engine import Engine, Staged
from sandbox.tui.feed import Feed
from sandbox.tui.viewing import TABS, Viewing
from worlds.errors import SandboxError
from worlds.trajectory import Trajectory

__all__ = ["SPEEDS", "Theatre"]

SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 0.0)
"""Turns a second; 0 is as fast as can be."""

SLICE = 0.02
"""Seconds a long log is read for before keys are looked at again."""

TAIL = 0.25
"""Seconds between two looks at a file another process may be writing."""


class Theatre(Viewing):
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
        self._speed = SPEEDS.index(2.0)
        self._owed = 0.0
        self._ticked = self._tailed = perf_counter()

    @property
    def speed(self) -> float:
        """Turns a second; 0 is as fast as can be."""
        return SPEEDS[self._speed]

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

    async def _load(self) -> None:
        """Read the file to its end in slices, the collector standing back: nothing read here is garbage."""
        feed = self.feed
        gc.disable()
        try:
            while feed is self.feed and feed is not None and self._read(feed, SLICE):
                if self.show_.cursor == 0:
                    self.go(self._opening())
                await asyncio.sleep(0)
        finally:
            gc.freeze()
            gc.enable()

    def _opening(self) -> int:
        """Give the event a run opens at: just before the first turn."""
        turns = self.show_.index.turns
        return turns[0] - 1 if turns else self.show_.last

    def _read(self, feed: Feed, seconds: float) -> int:
        try:
            count = feed.read(seconds)
        except SandboxError as error:
            self.trouble, count = str(error), 0
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

    def tick(self) -> None:
        """Take in what is new, let the cursor run on, draw."""
        now = perf_counter()
        passed, self._ticked = now - self._ticked, now
        engine = self.engine
        if engine is not None:
            self.trouble = engine.error or self.trouble
            if engine.opened and (len(engine.log) != len(self.show_.log)):
                self.take(engine.log)
            self.run = engine.path
        elif self.feed is not None and now - self._tailed > TAIL:
            self._tailed = now
            self._read(self.feed, SLICE)
        if self.playing and self.show_.ready:
            self._run_on(passed)
        super().tick()
        self.draw_status()

    def _run_on(self, passed: float) -> None:
        """Let the cursor run through what is there, a turn in its time; then let the engine go on, if it may."""
        show = self.show_
        turn = show.event.turn
        turns = show.index.turns
        events = (turns[turn] - turns[turn - 1]) if 0 < turn < len(turns) else 5
        self._owed += passed * (self.speed or 200.0) * events
        steps, self._owed = int(self._owed), self._owed % 1
        if steps:
            self.show_.go(show.cursor + steps)
        if show.at_end:
            self.playing = False
            self.following = self.following or not self.over
            if self.engine:
                self.engine.play(float("inf"))

    # ── keys that move ─────────────────────────────────────────────────────────────────────────────

    def action_play(self) -> None:
        """Play or pause: through what is there, and on from its end."""
        show, engine = self.show_, self.engine
        if self.playing or (engine and engine.playing):
            self.playing = False
            if engine:
                engine.play(0)
        elif not show.at_end:
            self.playing, self._owed = True, 0.0
        elif self.over:
            self.notify("The story has ended. Home rewinds it, k forks it from here.")
        else:
            self._play_on(float("inf"))

    def action_step(self) -> None:
        """Go on by one turn."""
        self.playing = False
        if not self.show_.at_end:
            self.show_.move_turn(1)
        elif not self.over:
            self._play_on(1)

    def action_step_round(self) -> None:
        """Go on by one round."""
        self.playing = False
        if not self.show_.at_end:
            self.show_.move_round()
        elif not self.over:
            self._play_on(max(1, len(self.show_.state.waiting) or len(self.show_.state.players)))

    def _play_on(self, turns: float) -> None:
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

    def action_move(self, steps: int) -> None:
        """Move the cursor by events that are shown."""
        self._look(lambda: self.show_.move(steps))

    def action_move_turn(self, steps: int) -> None:
        """Move the cursor by turns."""
        self._look(lambda: self.show_.move_turn(steps))

    def action_start(self) -> None:
        """Go to the start."""
        self._look(lambda: self.show_.go(0))

    def action_end(self) -> None:
        """Go to the end, and stay there while the run grows."""
        self._look(lambda: self.show_.go(self.show_.last))

    def _look(self, move) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        self.playing = False
        move()
        self.following = self.show_.at_end and not self.over
        self.query_one("#transcript").follow()  # type: ignore[attr-defined]
        self.tick()

    def action_follow(self) -> None:
        """Stay at the newest event, or stay here."""
        self.following = not self.following
        if self.following:
            self.go(self.show_.last)

    def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self._speed = max(0, min(len(SPEEDS) - 1, self._speed + steps))
        if self.engine:
            self.engine.pace = self.speed
        self.draw_status()

    def action_go(self) -> None:
        """Ask for a turn or an event to go to."""
        self.app.push_screen(Ask("Go to", "a turn: 12 · an event: #140"), self._go_to)

    def _go_to(self, text: str | None) -> None:
        text = (text or "").strip()
        turns = self.show_.index.turns
        if text.startswith("#") and text[1:].isdecimal():
            self.go(int(text[1:]), jump=True)
        elif text.isdecimal() and turns:
            number = max(1, min(int(text), len(turns)))
            self.go(turns[number] - 1 if number < len(turns) else self.show_.last, jump=True)
