"""An interview: questions put to a character as of the cursor, which never join the log."""

import asyncio
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from sandbox.story import clean
from sandbox.tui.colours import Colours
from sandbox.tui.dialogs import Line, Window
from sandbox.tui.engine import Staged
from worlds.trajectory import Trajectory

__all__ = ["Interview"]


class Interview(Window):
    """A talk with one character outside the story."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "back", id="interview.back")]

    def __init__(self, log: Trajectory, who: str, colours: Colours, staged: Staged | None) -> None:
        """Ask a character as of the end of a log."""
        super().__init__()
        self._log = log
        self._who = who
        self._colours = colours
        self._staged = staged
        self._text = Text()

    @property
    def text(self) -> str:
        """What has been asked and answered so far."""
        return self._text.plain

    def compose(self) -> ComposeResult:
        """Lay it out."""
        name = clean(self._log.state.cast[self._who].name)
        with Vertical(classes="dialog wide"):
            yield Static(Text(f"Interview with {name}, turn {self._log.state.turn}"), classes="dialog-title")
            with VerticalScroll(id="answers"):
                yield Static(id="answers-text")
            yield Line(placeholder="a question; nobody in the story hears it")

    def on_mount(self) -> None:
        """Be ready to type."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        question = clean(event.value).strip()
        if question:
            self.query_one(Input).value = ""
            self.run_worker(self._put(question))

    async def _put(self, question: str) -> None:
        self._say(question, self._colours.faint)
        try:
            answer = await asyncio.to_thread(self._answer, question)
        except Exception as error:  # noqa: BLE001 - a failing model must not end the show
            self._say(f"{type(error).__name__}: {error}", self._colours.bad)
            return
        name = self._log.state.cast[self._who].name
        self._say(f"{name}: {answer}", self._colours.of(clean(name)))

    def _say(self, text: str, style: str) -> None:
        self._text.append(f"{clean(text)}\n", style=style)
        self.query_one("#answers-text", Static).update(self._text.copy())
        self.query_one("#answers", VerticalScroll).scroll_end(animate=False)

    def _answer(self, question: str) -> str:
        from sandbox.casting import stage_for  # noqa: PLC0415 - langgraph takes a second; looking on needs none

        stage = (self._staged or stage_for)(self._log, None)
        mind = stage.minds.get(self._who)
        if mind is None:
            return "(is played by a person; ask them)"

        async def ask() -> str:
            return await mind.answer(await stage.view(self._log, self._who), question)

        return asyncio.run(ask())
