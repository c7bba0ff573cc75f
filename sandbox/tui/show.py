"""What the screen is looking at: a log, one cursor in it, and what is let through to be seen.

Everything that is drawn is a function of this. It knows nothing of widgets.
"""

from bisect import bisect_left, bisect_right

from sandbox.tui.index import BIT, Index
from sandbox.tui.search import Query
from worlds.events import Event
from worlds.state import State
from worlds.trajectory import Trajectory

__all__ = ["Show"]

USUAL = sum(bit for kind, bit in BIT.items() if kind not in ("inner", "stage", "heading"))
"""Kinds of lines that are shown unless told otherwise."""


class Show:
    """A log and the moment in it that is shown."""

    def __init__(self) -> None:
        """Begin with an empty log; `take` gives it events."""
        self.log = Trajectory()
        self.index = Index()
        self.cursor = -1
        self.pov = ""
        self.wanted = USUAL
        self.query = Query()
        self.shown: list[int] = []
        """Seqs that have something to show, over the whole log."""
        self.version = 0
        """Changes whenever lines already laid out may look different."""
        self._here = self.log
        self._sifted = 0

    @property
    def ready(self) -> bool:
        """Whether there is anything to show."""
        return self.cursor >= 0

    @property
    def last(self) -> int:
        """Seq of the newest event."""
        return len(self.log) - 1

    @property
    def at_end(self) -> bool:
        """Whether the cursor is at the newest event."""
        return self.cursor >= self.last

    @property
    def here(self) -> Trajectory:
        """The log up to the cursor."""
        if self._here.seq != self.cursor:
            self._here = self.log.upto(self.cursor + 1)
        return self._here

    @property
    def state(self) -> State:
        """What is so at the cursor."""
        return self.here.state

    @property
    def event(self) -> Event:
        """The event at the cursor."""
        return self.log[self.cursor]

    @property
    def subject(self) -> Event:
        """The event of the newest line that is shown; the one at the cursor if there is none."""
        count = self.visible
        return self.log[self.shown[count - 1]] if count else self.event

    @property
    def visible(self) -> int:
        """How many of `shown` are not after the cursor."""
        return bisect_right(self.shown, self.cursor)

    def take(self, log: Trajectory) -> None:
        """Look at a log that has grown."""
        self.log = log
        self.index.grow(log)
        self._sift()
        if self.cursor < 0 and len(log):
            self.cursor = 0

    def switch(self, log: Trajectory, same: int) -> None:
        """Look at another log, of which the first so many events are those of the old one."""
        self.index.cut(same, log.upto(same).state)
        self._here = Trajectory()
        self.take(log)
        self.show()
        self.go(min(self.cursor, self.last))

    def show(self, *, pov: str | None = None, wanted: int | None = None, query: Query | None = None) -> None:
        """Change what is let through."""
        self.pov = self.pov if pov is None else pov
        self.wanted = self.wanted if wanted is None else wanted
        self.query = self.query if query is None else query
        self.shown, self._sifted = [], 0
        self.version += 1
        self._sift()

    def go(self, seq: int) -> None:
        """Put the cursor on an event, the nearest there is."""
        self.cursor = max(0 if len(self.log) else -1, min(seq, self.last))

    def move(self, steps: int) -> None:
        """Go on or back so many shown events; the ends of the log are stops too."""
        place = self.visible - 1 + steps
        if steps < 0 and self.shown and self.visible and self.shown[self.visible - 1] < self.cursor:
            place += 1  # the cursor stands between two lines: the first step back is to the line above
        self.go(self.last if place >= len(self.shown) else self.shown[place] if place >= 0 else 0)

    def move_turn(self, steps: int) -> None:
        """Go to the end of the next turn, or of the one before."""
        ends = self.index.turns
        now = bisect_left(ends, self.cursor + 1)
        # The event before a cue is the last of the turn before it, beats that were due included.
        place = now + steps - (1 if steps > 0 and now < len(ends) and ends[now] - 1 > self.cursor else 0)
        self.go(ends[place] - 1 if 0 <= place < len(ends) else self.last if steps > 0 else 0)

    def move_round(self) -> None:
        """Go on until everybody present has had a turn."""
        began = self.state.round
        while not self.at_end:
            self.move_turn(1)
            if self.state.round != began:
                break

    def _sift(self) -> None:
        """Find what is shown among the events that came since."""
        seqs = self.index.seqs(self._sifted, self.wanted, self.pov)
        self.shown.extend(self.query.sift(self.index, seqs))
        self._sifted = len(self.log)
