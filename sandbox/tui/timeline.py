"""The timeline: the whole run in two lines, marks above, the cursor in the bar below."""

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from sandbox.tui.colours import Colours
from sandbox.tui.index import MARKS
from sandbox.tui.show import Show

__all__ = ["Timeline", "marked"]

_RANK = ("faulted", "ended", "forked", "secret", "intervened", "verdict", "happened", "scene_set")
"""Which mark is drawn where several fall into one cell."""

_SIGNS = {**MARKS, "verdict": "▾"}


def marked(marks: list[tuple[int, str]], last: int, width: int) -> list[str]:
    """Give the kind of mark in each of so many cells; empty where there is none."""
    cells = [""] * width
    for seq, kind in marks:
        cell = cell_of(seq, last, width)
        if not cells[cell] or _RANK.index(kind) < _RANK.index(cells[cell]):
            cells[cell] = kind
    return cells


def cell_of(seq: int, last: int, width: int) -> int:
    """Give the cell an event falls into."""
    return min(width - 1, max(0, round(seq * (width - 1) / max(1, last))))


class Timeline(Widget):
    """A run from its first event to its newest. Click to go there."""

    class Chosen(Message):
        """A moment was clicked."""

        def __init__(self, seq: int) -> None:
            """Tell which."""
            super().__init__()
            self.seq = seq

    def __init__(self, show: Show, colours: Colours) -> None:
        """Show a log's."""
        super().__init__(id="timeline")
        self.show_ = show
        self.colours = colours
        self.low: tuple[int, ...] = ()
        """Where low verdicts rest on."""
        self._marks: tuple[tuple[object, ...], list[str]] = ((), [])

    def render(self) -> Text:
        """Draw both lines."""
        show, width = self.show_, max(10, self.size.width - 2)
        if not show.ready:
            return Text()
        at = cell_of(show.cursor, show.last, width)
        line = Text(" ")
        for kind in self._cells(width):
            line.append(_SIGNS.get(kind, " "), style=self._style(kind))
        line.append("\n ")
        line.append("━" * at, style=self.colours.accent)
        line.append("●", style=f"bold {self.colours.accent}")
        line.append("─" * (width - at - 1), style=self.colours.faint)
        return line

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked moment."""
        width = max(10, self.size.width - 2)
        cell = min(max(0, event.x - 1), width - 1)
        self.post_message(self.Chosen(round(cell * self.show_.last / (width - 1))))

    def _cells(self, width: int) -> list[str]:
        show = self.show_
        key = (len(show.index.marks), show.last, width, self.low)
        if key != self._marks[0]:
            marks = [*show.index.marks, *((seq, "verdict") for seq in self.low)]
            self._marks = (key, marked(marks, show.last, width))
        return self._marks[1]

    def _style(self, kind: str) -> str:
        if kind in ("faulted", "verdict"):
            return self.colours.bad
        return self.colours.accent if kind in ("intervened", "forked", "secret") else self.colours.faint
