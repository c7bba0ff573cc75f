"""A page of text in a pane, drawn again only where it says something else."""

from rich.text import Text
from textual.widgets import Static

__all__ = ["Page"]

STEP = 8
"""Lines by which a page longer than its pane grows."""


class Page(Static):
    """A text that changes often. Only one of another height has the screen laid out again, which is dear."""

    def __init__(self, id_: str) -> None:
        """Begin empty."""
        super().__init__(id=id_)
        self._said: Text | None = None

    @property
    def plain(self) -> str:
        """What it says, as plain lines: for tests and for copying."""
        return self._said.plain if self._said else ""

    def say(self, text: Text, room: int = 0) -> None:
        """Show a text, made as high as the room there is for it, so that its height seldom changes."""
        _fill(text, room)
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
