"""The transcript: a virtual list. Lines exist while they are on the screen, whatever the length of the run."""

from collections import OrderedDict
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from sandbox.story import Told, clean
from sandbox.tui.colours import Colours
from sandbox.tui.show import Show
from worlds.prose import capital
from worlds.state import MINUTES_A_DAY

__all__ = ["Transcript"]

KEPT = 2000
"""Laid-out events, and lines of them, that are remembered."""

LONGEST = 20_000
"""Characters of one line that are laid out; nobody reads more of it here."""

NAME = 12
"""Cells a name takes in the margin at most."""

WIDE = 50
"""Cells from which on names have a margin of their own."""

SIGNS = {"deed": "·", "beat": "▲", "inner": "~", "fault": "✗", "stage": "▸", "secret": "✦"}

Block = list[tuple[Strip, int]]
"""Lines with the seq a click on them means; −1 for none."""


class Transcript(Widget, can_focus=True):
    """The story up to the cursor, anchored at its newest line; scrolling looks back without moving the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(1)", "scroll up", show=False, id="transcript.up"),
        Binding("down", "scroll(-1)", "scroll down", show=False, id="transcript.down"),
        Binding("pageup", "page(1)", "page up", show=False, id="transcript.page_up"),
        Binding("pagedown", "page(-1)", "page down", show=False, id="transcript.page_down"),
    ]

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, seq: int) -> None:
            """Tell which event it is of."""
            super().__init__()
            self.seq = seq

    def __init__(self, show: Show, colours: Colours) -> None:
        """Show the story of a log."""
        super().__init__(id="transcript")
        self.show_ = show
        self.colours = colours
        self.back = 0
        """Lines scrolled back from the newest."""
        self._blocks: OrderedDict[tuple[int, int], Block] = OrderedDict()
        self._rows: dict[Told, list[Strip]] = {}
        self._key: tuple[object, ...] = ()
        self._page: list[tuple[Strip, int]] = []
        self._drawn: tuple[object, ...] = ()
        self._style = Style()

    def follow(self) -> None:
        """Show the newest line."""
        self.back = 0
        self.refresh()

    def action_scroll(self, lines: int) -> None:
        """Scroll back, or on if negative."""
        self.back = max(0, self.back + lines)
        self.refresh()

    def action_page(self, pages: int) -> None:
        """Scroll by what fits on the screen."""
        self.action_scroll(pages * max(1, self.size.height - 2))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look back."""
        event.stop()
        self.action_scroll(3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look on."""
        event.stop()
        self.action_scroll(-3)

    def on_click(self, event: events.Click) -> None:
        """Choose the event of the clicked line."""
        seq = self.seq_at(event.y)
        if seq >= 0:
            self.post_message(self.Chosen(seq))

    def seq_at(self, y: int) -> int:
        """Give the seq of the event on a line of the page; −1 if there is none."""
        return self._page[y][1] if 0 <= y < len(self._page) else -1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take the room there is."""
        del viewport, width
        return container.height

    def render_line(self, y: int) -> Strip:
        """Give one line of the page."""
        page = self._laid()
        if y == 0:
            self._style = self.rich_style
        style = self._style
        if y >= len(page):
            return Strip.blank(self.size.width, style)
        strip, seq = page[y]
        if seq >= 0 and seq == self.marked:
            style += Style(bgcolor=self.colours.cursor)
        return strip.adjust_cell_length(self.size.width).apply_style(style)

    @property
    def marked(self) -> int:
        """Seq of the line the cursor is on, or the last one before it; −1 if there is none."""
        count = self.show_.visible
        return self.show_.shown[count - 1] if count else -1

    def text(self) -> str:
        """Give what is on the page as plain lines: for tests and for copying."""
        return "\n".join(strip.text.rstrip() for strip, _ in self._laid())

    def _laid(self) -> list[tuple[Strip, int]]:
        """Lay the page out, from the bottom up, as far as there is room."""
        show, height = self.show_, self.size.height
        key = (show.version, self.size.width, self.colours)
        if key != self._key:
            if key[1:] != self._key[1:] or len(self._rows) > KEPT:
                self._rows.clear()
            self._key = key
            self._blocks.clear()
        drawn = (key, height, show.visible, show.cursor, self.back, len(show.shown))
        if drawn == self._drawn:
            return self._page
        lines: list[tuple[Strip, int]] = []
        place = show.visible
        while place > 0 and len(lines) < height + self.back:
            place -= 1
            seq = show.shown[place]
            block = self._block(seq, show.shown[place - 1] if place else -1)
            lines.extend(reversed(block))
        self.back = max(0, min(self.back, len(lines) - height))
        page = lines[self.back : self.back + height][::-1]
        drawn = (key, height, show.visible, show.cursor, self.back, len(show.shown))
        self._page, self._drawn = page, drawn
        return page

    def _block(self, seq: int, before: int) -> Block:
        key = (seq, before)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self._set(seq, before)
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        return block

    def _set(self, seq: int, before: int) -> Block:
        """Set an event's lines, under a heading if the story has moved since the line before."""
        show = self.show_
        rows = show.index.lines(show.log[seq], show.wanted, show.pov)
        block = [(strip, -1) for strip in self._heading(seq, before)]
        for row in rows:
            strips = self._rows.get(row)
            if strips is None:
                strips = self._rows[row] = self._row(row)
            block.extend((strip, seq) for strip in strips)
        return block

    def _heading(self, seq: int, before: int) -> list[Strip]:
        index = self.show_.index
        place = index.place[seq]
        if not place or (before >= 0 and index.place[before] == place):
            return []
        clock = self.show_.log.upto(seq + 1).state.clock
        day, minute = divmod(clock, MINUTES_A_DAY)
        name = clean(capital(index.names.get(place, place)))
        text = Text(f"─ {name} ", style=self.colours.heading, no_wrap=True, overflow="ellipsis")
        text.append(f"day {day + 1} · {minute // 60:02}:{minute % 60:02} ", style=self.colours.faint)
        room = self.size.width - text.cell_len - 3
        text.append("─" * max(0, room), style=self.colours.faint)
        return [Strip([]), *self._strips(text, 0)]

    def _row(self, row: Told) -> list[Strip]:
        """Set one line: a name or a mark in the margin, the words beside it."""
        colours, body = self.colours, row.text[:LONGEST]
        wide = self.size.width >= WIDE
        names = max((len(name) for name in colours.names.values()), default=8)
        column = min(names, NAME) + 2 if wide else 2
        style = colours.kinds.get(row.kind, "")
        if row.kind in ("heading", "frame", "end"):
            return self._strips(Text(body, style=style), 2 if row.kind != "heading" else 0)
        if row.kind == "speech":
            name = Text(row.who[:NAME], style=colours.of(row.who, bold=True))
            said = _speech(body, colours)
            return (
                self._strips(said, column, name) if wide else self._strips(Text.assemble(name, " ", said), 0)
            )
        text = Text(body, style=style)
        if row.kind in ("inner", "fault") and row.who:
            text = Text.assemble((f"{row.who} ", colours.of(row.who)), text)
        elif row.kind == "deed" and row.who and body.startswith(row.who):
            text.stylize(colours.of(row.who), 0, len(row.who))
        return self._strips(text, column, Text(SIGNS.get(row.kind, " "), style=style))

    def _strips(self, text: Text, room: int, head: Text | None = None) -> list[Strip]:
        """Wrap a text with so much room left of it; its head stands there in the first line."""
        console, block = self.app.console, []
        for number, line in enumerate(text.wrap(console, max(8, self.size.width - room - 3)) or [Text()]):
            lead = head if head and number == 0 else Text()
            pad = Segment(" " * (room - lead.cell_len + 1))
            block.append(Strip([Segment(" "), *_plain(lead, self), pad, *_plain(line, self)]))
        return block


def _plain(text: Text, widget: Widget) -> list[Segment]:
    """Give a text's segments; rich leaves the style of a text without spans out."""
    console = widget.app.console
    return list(Segment.apply_style(text.render(console, end=""), console.get_style(text.style)))


def _speech(body: str, colours: Colours) -> Text:
    """Set what is said; how and to whom stands back."""
    text = Text(body)
    if body.startswith("("):
        close = body.find(") “")
        if close > 0:
            text.stylize(colours.faint, 0, close + 1)
    return text
