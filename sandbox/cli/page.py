"""Lines of a story on a terminal: wrapped and styled there, plain when piped."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sandbox.story import Told

__all__ = ["Page"]

_STYLES = {
    "heading": "bold",
    "frame": "italic",
    "beat": "italic yellow",
    "inner": "dim",
    "fault": "red",
    "end": "bold italic",
}

WIDTH = 96
"""Widest column a story is set in."""


class Page:
    """Where a story is printed."""

    def __init__(self) -> None:
        """Print to stdout; rich leaves colour and wrapping out when it is no terminal."""
        self._console = Console(highlight=False, markup=False, emoji=False)

    def print(self, lines: Iterable[Told]) -> None:
        """Print these lines."""
        for line in lines:
            if not self._console.is_terminal:
                self._console.file.write(_plain(line))
                continue
            if line.kind in ("heading", "end", "frame"):
                self._console.print()
            indent = 2 if line.kind in ("deed", "beat", "inner") else 0
            width = min(self._console.width, WIDTH)
            self._console.print(Padding(_styled(line), (0, 0, 0, indent)), width=width)
        self._console.file.flush()


def _plain(line: Told) -> str:
    match line.kind:
        case "heading":
            return f"\n## {line.text}\n\n"
        case "frame" | "end":
            return f"{line.text}\n\n"
        case "speech":
            return f"{line.who}: {line.text}\n"
        case "inner" | "fault":
            return f"  [{line.who}: {line.text}]\n"
        case _:
            return f"  {line.text}\n"


def _styled(line: Told) -> Text:
    if line.kind == "speech":
        return Text.assemble((line.who, "bold cyan"), " ", line.text)
    if line.kind in ("inner", "fault"):
        return Text(f"{line.who}: {line.text}", style=_STYLES[line.kind])
    return Text(line.text, style=_STYLES.get(line.kind, ""))
