"""A page of text for a pane: sections, labelled lines, small charts. What is put in is data and never markup."""

from collections.abc import Sequence

from rich.text import Text

from sandbox.story import clean
from sandbox.tui.colours import Colours

__all__ = ["Leaf", "bar", "spark"]

BLOCKS = "▁▂▃▄▅▆▇█"


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

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Add a line of pieces, each a text or a text with its style."""
        for part in parts:
            text, style = part if isinstance(part, tuple) else (part, "")
            self.text.append(clean(text), style=style)
        self.text.append("\n")

    def item(self, label: str, value: str, style: str = "", indent: int = 2) -> None:
        """Add a labelled value."""
        self.line(" " * indent, (label, self.colours.faint), " ", (value, style))

    def note(self, text: str) -> None:
        """Add a line that stands back."""
        self.line((text, self.colours.faint))

    def rows(self, left: str, chart: str, right: str, style: str = "") -> None:
        """Add a name, a chart and a value, in columns."""
        room = max(6, self.width - len(chart) - 10)
        name = left if len(left) <= room else f"{left[: room - 1]}…"
        self.line("  ", (f"{name:{room}}", ""), " ", (chart, style), " ", (f"{right:>6}", style))


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
