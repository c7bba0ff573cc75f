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
from textual.widgets import OptionList, Tab, Tabs
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
    """Folder beside whose log the calls lie."""
    bench: critics.Bench


class Details(Vertical):
    """Tabs, of which only the one that is open is worked out."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        super().__init__(id="right", classes="pane")
        self._memories = memories.Memories()
        self._last: Glance | None = None
        self._turned = ""

    def compose(self) -> ComposeResult:
        """Lay the tabs out."""
        yield Tabs(*(Tab(label, id=name) for name, label in TABS.items()), id="tabs")
        with VerticalScroll(id="leaf", can_focus=True):
            yield Page("leaf-text")
            yield OptionList(id="ties")

    @property
    def active(self) -> str:
        """Which tab is open."""
        return self.query_one(Tabs).active

    @active.setter
    def active(self, name: str) -> None:
        self.query_one(Tabs).active = name

    @property
    def room(self) -> Size:
        """How much room there is, which decides how a tab is drawn."""
        return self.query_one("#leaf").scrollable_content_region.size

    @property
    def plain(self) -> str:
        """What the open tab says, as plain lines."""
        return self.query_one("#leaf-text", Page).plain

    def draw(self, glance: Glance) -> None:
        """Draw the tab that is open."""
        self._last = glance
        show, colours, who, run, bench = glance
        width, active = max(20, self.content_size.width - 4), self.active
        tabs: dict[str, Callable[[], Text]] = {
            "who": lambda: people.character(show, colours, width, who),
            "event": lambda: happenings.event(show, colours, width),
            "graph": lambda: happenings.graph(show, colours, width),
            "memory": lambda: self._decided(glance, lambda act: self._memory(glance, act, width)),
            "prompt": lambda: self._decided(
                glance, lambda act: behind.prompt(show, colours, width, act, run)
            ),
            "judges": lambda: critics.judgement(show, colours, width, bench),
        }
        self._turn(active, happenings.ties(show) if active == "event" else [])
        self.query_one("#leaf-text", Page).say(tabs[active](), 0 if active == "event" else self.room.height)

    def _turn(self, active: str, ties: list[happenings.Tie]) -> None:
        """Begin another tab at its top, and list below the page what can be followed."""
        if active != self._turned:
            self._turned = active
            self.query_one("#leaf").scroll_home(animate=False)
        options = self.query_one("#ties", OptionList)
        options.display = active == "event"
        if ties or options.options:
            options.set_options(
                Option(Text(tie.label), id=f"{number}-{tie.seq}") for number, tie in enumerate(ties)
            )

    @staticmethod
    def _decided(glance: Glance, draw: Callable[[Event], Text]) -> Text:
        """Draw what stood behind the latest decision of whom the tabs are about."""
        show, colours, who, *_ = glance
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
