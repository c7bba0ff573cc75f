"""A page of text for a pane: sections, labelled lines, small charts. What is put in is data and never markup."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from sandbox.story import clean
from sandbox.tui.colours import Colours

__all__ = ["Leaf", "bar", "spark"]

BLOCKS = "▁▂▃▄▅▆▇█"

_WRAPS = Console(file=StringIO())
"""Asked by rich for its width of a tab, and for nothing else."""


class Leaf:
    """Builds a text, line by line."""

    def __init__(self, colours: Colours, width: int) -> None:
        """Begin an empty page of so many cells a line."""
        self.colours = colours
        self.width = max(16, width)
        self.text = Text()

    def head(self, title: str, note: str = "") -> None:
        """Begin a section."""
        if self.text.plain:
            self.text.append("\n")
        self.text.append(clean(title).upper(), style=self.colours.heading)
        self.text.append(f"  {clean(note)}" if note else "", style=self.colours.faint)
        self.text.append("\n")

    def line(self, *parts: str | tuple[str, str], hang: int = 0) -> None:
        """Add a line of pieces, each a text or a text with its style; where it goes on, it is indented by `hang`."""
        line = Text()
        for part in parts:
            text, style = part if isinstance(part, tuple) else (part, "")
            line.append(clean(text), style=style)
        if line.cell_len <= self.width and "\n" not in line.plain:
            self.text.append_text(line).append("\n")
            return
        first = line.wrap(_WRAPS, self.width)[0]
        rest = line[len(first.plain) :]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
        self.text.append_text(first).append("\n")
        for piece in rest.wrap(_WRAPS, self.width - hang) if rest.plain else ():
            self.text.append(" " * hang).append_text(piece).append("\n")

    def item(self, label: str, value: str, style: str = "") -> None:
        """Add a labelled value."""
        self.line("  ", (label, self.colours.faint), " ", (value, style), hang=4)

    def note(self, text: str, hang: int = 0) -> None:
        """Add a line that stands back."""
        self.line((text, self.colours.faint), hang=hang)

    def rows(self, left: str, chart: Sequence[tuple[str, str]], right: str, style: str = "") -> None:
        """Add a name, a chart and a value, in columns."""
        room = max(6, self.width - sum(len(part) for part, _ in chart) - 10)
        name = left if len(left) <= room else f"{left[: room - 1]}…"
        self.line("  ", (f"{name:{room}}", ""), " ", *chart, " ", (f"{right:>6}", style))


def spark(values: Sequence[float], low: float, high: float, width: int) -> str:
    """Draw a series in so many cells, the newest at the right; each cell shows the last value that falls in it."""
    if not values:
        return " " * width
    if len(values) > width:
        values = [values[(cell + 1) * len(values) // width - 1] for cell in range(width)]
    span = (high - low) or 1.0
    drawn = "".join(BLOCKS[round((min(max(v, low), high) - low) / span * (len(BLOCKS) - 1))] for v in values)
    return drawn.rjust(width)


def bar(value: float, half: int = 4) -> str:
    """Draw a value of −1..1 as a bar to either side of a middle."""
    cells = round(min(1.0, abs(value)) * half)
    left = "█" * cells if value < 0 else ""
    right = "█" * cells if value > 0 else ""
    return f"{left:>{half}}│{right:<{half}}"
