"""Where a person acts for a character: a line to type in, and what is possible below it."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from sandbox.story import clean
from sandbox.tui.acting import Choice, choices, read_action
from sandbox.tui.dialogs import Line
from worlds.actions import Action
from worlds.view import View

__all__ = ["ActBar"]


class ActBar(Vertical):
    """Asks a person for one character's action. Hidden while nobody is asked."""

    class Acted(Message):
        """A person has decided."""

        def __init__(self, who: str, action: Action) -> None:
            """Tell for whom, and what."""
            super().__init__()
            self.who = who
            self.action = action

    def __init__(self) -> None:
        """Ask nobody yet."""
        super().__init__(id="act")
        self._view: View | None = None
        self._choices: list[Choice] = []

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Line(placeholder="say it · @name to whom · *a deed · /go …", compact=True)
        yield OptionList()

    @property
    def asked(self) -> str:
        """Who is asked; empty if nobody."""
        return self._view.who if self._view else ""

    def ask(self, view: View | None) -> None:
        """Ask for an action on this view; None to stop asking."""
        self._view = view
        self.set_class(view is not None, "on")
        if view is not None:
            self.border_title = clean(f"You are {view.name}, {view.place_name}")
            self.border_subtitle = "↓ picks · esc looks around, a comes back"
            self.query_one(Input).value = ""
            self._offer("")
            self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._offer(event.value)

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        action = read_action(self._view, event.value) if self._view else None
        if action is not None:
            self.post_message(self.Acted(self.asked, action))
        elif event.value:
            self.notify("That is not possible here. Plain words are spoken, / lists what can be done.")

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Acted(self.asked, self._choices[event.option_index].action))

    def _offer(self, typed: str) -> None:
        self._choices = choices(self._view, typed) if self._view else []
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Text(clean(choice.label))) for choice in self._choices)
