"""Small windows that ask for one thing: a choice, a line of text; and the one that shows the keys."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Region, Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from sandbox.story import clean

__all__ = ["Ask", "Choose", "Line", "Over", "Reading", "Window"]


class Line(Input):
    """A line to type in, whose cursor keeps still where motion is not wanted."""

    def on_mount(self) -> None:
        """Look whether motion is wanted."""
        self.cursor_blink = self.app.animation_level != "none"


class Over(ModalScreen[str | None]):
    """A screen over another, which shines through. That one is drawn when it changes, not for every picture."""

    _below: tuple[Size, list[Strip]] | None = None

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Draw again; where parts are named, they have changed below."""
        if regions:
            self._below = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """Give a line of the screen below, in the shade of this one's background."""
        if self._below is None or self._below[0] != self.size:
            stack = self.app.screen_stack
            below = stack[stack.index(self) - 1]
            style, shade = self.rich_style, self.styles.background
            lines = below._compositor.render_strips()  # noqa: SLF001 - nothing public gives the lines of a screen
            self._below = (self.size, [_shaded(line, style, shade) for line in lines])
        lines = self._below[1]
        return lines[y] if y < len(lines) else Strip.blank(self.size.width)


def _shaded(line: Strip, over: Style, shade: Color) -> Strip:
    return Strip(
        [Segment(text, _shade(style or Style(), over, shade)) for text, style, _ in line], line.cell_length
    )


@lru_cache(maxsize=1000)
def _shade(style: Style, over: Style, shade: Color) -> Style:
    """Give a style in the shade; what can be clicked or followed in it no longer can."""
    plain = style.clear_meta_and_links()
    fore, back = (
        (Color.from_rich_color(colour) + shade).rich_color if colour else None
        for colour in (plain.color, plain.bgcolor)
    )
    return over + plain + Style(color=fore, bgcolor=back)


class Window(Over):
    """Asks for one thing, and takes the first answer: a second enter, before it is gone, is none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "back", id="dialog.back")]

    _answered = False

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Give the answer and go."""
        if self._answered:
            return AwaitComplete()
        self._answered = True
        return super().dismiss(result)


class Choose(Window):
    """Lets one of several be chosen; gives its id, or None."""

    def __init__(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        """Offer ids with their labels."""
        super().__init__()
        self._title = title
        self._choices = options

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title), classes="dialog-title")
            yield OptionList(*(Option(Text(clean(label)), id=id_ or "-") for id_, label in self._choices))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the choice."""
        _ = self.dismiss("" if event.option.id == "-" else event.option.id)


class Ask(Window):
    """Asks for a line of text; gives it, or None."""

    def __init__(self, title: str, hint: str = "", value: str = "") -> None:
        """Ask under a title; the hint says what can be written."""
        super().__init__()
        self._title = title
        self._hint = hint
        self._value = value

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title), classes="dialog-title")
            yield Line(self._value, select_on_focus=True)
            yield Static(Text(self._hint), classes="dialog-hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the text."""
        _ = self.dismiss(event.value)


class Reading(Window):
    """Shows a text until it is put away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark", "dismiss(None)", "back", id="dialog.back")
    ]

    def __init__(self, title: str, text: Text) -> None:
        """Show a text under a title."""
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="dialog wide"):
            yield Static(Text(self._title), classes="dialog-title")
            with VerticalScroll():
                yield Static(self._text)
