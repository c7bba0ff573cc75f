"""The right side: tabs about a character, an event, and what stood behind a decision."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.widgets import OptionList, TabbedContent, TabPane
from textual.widgets.option_list import Option
from textual.worker import Worker

from sandbox.story import clean
from sandbox.tui import behind, critics, happenings, memories, people
from sandbox.tui.colours import Colours
from sandbox.tui.page import Page
from sandbox.tui.show import Show
from worlds.errors import SandboxError
from worlds.events import Event

__all__ = ["Details", "Glance"]

TABS = {
    "who": "Who",
    "event": "Event",
    "graph": "Graph",
    "memory": "Memory",
    "prompt": "Prompt",
    "judges": "Judges",
}

REST = 0.1
"""Seconds a decision is looked at before memory is asked about it."""


class Glance(NamedTuple):
    """What the tabs are to show."""

    show: Show
    colours: Colours
    who: str
    run: Path
    """Folder beside whose log the calls and verdicts lie."""


class Details(Vertical):
    """Tabs, of which only the one that is open is worked out."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        super().__init__(id="right", classes="pane")
        self._memories = memories.Memories()
        self._last: Glance | None = None

    def compose(self) -> ComposeResult:
        """Lay the tabs out."""
        with TabbedContent(id="tabs"):
            for name, label in TABS.items():
                with TabPane(label, id=name), VerticalScroll(can_focus=True):
                    yield Page(f"{name}-text", filled=name != "event")
                    if name == "event":
                        yield OptionList(id="ties")

    @property
    def active(self) -> str:
        """Which tab is open."""
        return self.query_one(TabbedContent).active

    @active.setter
    def active(self, name: str) -> None:
        self.query_one(TabbedContent).active = name

    @property
    def room(self) -> tuple[Size, Size]:
        """How much room there is, which decides how a tab is drawn."""
        return self.content_size, self.query_one(f"#{self.active} > VerticalScroll").size

    def plain(self, name: str) -> str:
        """Give what a tab says as plain lines."""
        return self.query_one(f"#{name}-text", Page).plain

    def draw(self, glance: Glance) -> None:
        """Draw the tab that is open."""
        self._last = glance
        show, colours, who, run = glance
        width = max(20, self.content_size.width - 4)
        if self.active == "event":
            self._draw_ties(show)
        tabs: dict[str, Callable[[], Text]] = {
            "who": lambda: people.character(show, colours, width, who),
            "event": lambda: happenings.event(show, colours, width),
            "graph": lambda: happenings.graph(show, colours, width),
            "memory": lambda: self._decided(glance, lambda act: self._memory(glance, act, width)),
            "prompt": lambda: self._decided(
                glance, lambda act: behind.prompt(show, colours, width, act, run)
            ),
            "judges": lambda: critics.judgement(show, colours, width, critics.bench_of(run)),
        }
        self.query_one(f"#{self.active}-text", Page).say(tabs[self.active]())

    @staticmethod
    def _decided(glance: Glance, draw: Callable[[Event], Text]) -> Text:
        """Draw what stood behind the latest decision of whom the tabs are about."""
        show, colours, who, _ = glance
        name = clean(show.index.names.get(who, who))
        if show.pov and show.pov != who:
            return Text(f"What goes on in {name} is not seen from here.", style=colours.faint)
        act = behind.decision(show, who)
        return draw(act) if act else Text(f"{name} has not decided anything yet.", style=colours.faint)

    def _memory(self, glance: Glance, act: Event, width: int) -> Text:
        found = self._memories.of(act)
        if found is None and memories.remembers(glance.show.log):
            _: Worker[None] = self.run_worker(partial(self._remember, act), exclusive=True, group="memory")
        return memories.memory(glance.show, glance.colours, width, act, found)

    async def _remember(self, act: Event) -> None:
        """Have memory asked again, beside the screen, and draw what it says."""
        await asyncio.sleep(REST)  # the cursor may be on its way elsewhere
        if self._last is None:
            return
        try:
            await asyncio.to_thread(self._memories.ask, self._last.show.log, act)
        except SandboxError as error:
            self.notify(clean(str(error)), severity="warning", markup=False)
        else:
            self.draw(self._last)

    def _draw_ties(self, show: Show) -> None:
        options = self.query_one("#ties", OptionList)
        options.clear_options()
        options.add_options(
            Option(Text(tie.label), id=f"{number}-{tie.seq}")
            for number, tie in enumerate(happenings.ties(show))
        )
