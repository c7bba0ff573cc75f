"""Small windows that ask for one thing: a choice, a line of text; and the one that shows the keys."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from sandbox.story import clean

__all__ = ["Ask", "Choose", "Line", "Reading", "Window"]


class Line(Input):
    """A line to type in, whose cursor keeps still where motion is not wanted."""

    def on_mount(self) -> None:
        """Look whether motion is wanted."""
        self.cursor_blink = self.app.animation_level != "none"


class Window(ModalScreen[str | None]):
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
