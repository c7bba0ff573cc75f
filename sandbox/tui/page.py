"""A page of text in a pane, drawn again only where it says something else."""

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

__all__ = ["Page"]

STEP = 8
"""Lines by which a page longer than its pane grows."""


class Page(Static):
    """A text that changes often. Only one of another height has the screen laid out again, which is dear."""

    def __init__(self, id_: str, *, filled: bool = True) -> None:
        """Begin empty; `filled` pages are as high as their pane, so that their height seldom changes."""
        super().__init__(id=id_)
        self._filled = filled
        self._said: Text | None = None

    @property
    def plain(self) -> str:
        """What it says, as plain lines: for tests and for copying."""
        return self._said.plain if self._said else ""

    def say(self, text: Text) -> None:
        """Show a text."""
        if self._filled and isinstance(self.parent, VerticalScroll):
            _fill(text, self.parent.scrollable_content_region.height)
        before, self._said = self._said, text
        if before != text:
            same = before is not None and before.plain.count("\n") == text.plain.count("\n")
            self.update(text, layout=not same)


def _fill(text: Text, room: int) -> None:
    """Fill a text up to so many lines, or beyond them to the next step; a pane not laid out yet has no lines."""
    if room:
        text.rstrip()
        lines = text.plain.count("\n") + 1
        text.append("\n" * (room - lines if lines <= room else (room - lines) % STEP))
