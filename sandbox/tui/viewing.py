"""The screen a run is watched on: what is drawn of the log at the cursor, and the keys that look around."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Tab, Tabs

from sandbox.story import clean
from sandbox.tui import places
from sandbox.tui.actbar import ActBar
from sandbox.tui.colours import Colours, colours_of
from sandbox.tui.critics import UNREAD
from sandbox.tui.details import Details, Glance
from sandbox.tui.dialogs import Line
from sandbox.tui.index import BIT, KINDS
from sandbox.tui.keyline import KeyLine
from sandbox.tui.keys import THEATRE
from sandbox.tui.page import Page
from sandbox.tui.search import Query
from sandbox.tui.show import Show
from sandbox.tui.timeline import Timeline
from sandbox.tui.transcript import Transcript

__all__ = ["Viewing"]


class Viewing(Screen[None]):
    """A run on the screen. It changes nothing but what is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = THEATRE
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (130, "-wide")]
    AUTO_FOCUS = "#transcript"

    def __init__(self, run: Path) -> None:
        """Look at the run in a folder."""
        super().__init__()
        self.run = run
        self.show_ = Show()
        self.colours: Colours = colours_of(self.app.current_theme, ())
        self.pinned = ""
        """Whose Character tab is kept open; empty to follow who is up."""
        self.mine: frozenset[str] = frozenset()
        self.jumps: list[int] = []
        self.bench = UNREAD
        self._drawn: tuple[object, ...] = ()
        self._titled = ("", "")

    def compose(self) -> ComposeResult:
        """Lay the panes out."""
        yield Page("title")
        yield Tabs(
            Tab("Places", id="left-page"),
            Tab("Story", id="centre-page"),
            Tab("Details", id="right-page"),
            id="pages",
        )
        with Horizontal(id="body"):
            with Vertical(id="left"):
                with VerticalScroll(id="places", classes="pane"):
                    yield Page("places-text")
                with VerticalScroll(id="cast", classes="pane"):
                    yield Page("cast-text")
            with Vertical(id="centre"):
                with Vertical(id="story", classes="pane"):
                    yield Transcript(self.show_, self.colours)
                yield ActBar()
                yield Line(placeholder="words, kind:speech who: place: turn:10-20", id="search", compact=True)
            yield Details()
        yield Timeline(self.show_, self.colours)
        yield Page("status")
        yield KeyLine(THEATRE, getattr(self.app, "keymap", {}))

    def on_mount(self) -> None:
        """Name the panes and begin to draw."""
        self.query_one("#places").border_title = "Places"
        self.query_one("#cast").border_title = "Cast"
        self.query_one("#pages", Tabs).active = "centre-page"
        self.query_one("#pages", Tabs).can_focus = False
        self.app.theme_changed_signal.subscribe(self, lambda _: self.recolour())
        self.set_interval(1 / 20, self.beat)

    def beat(self) -> None:
        """Draw what the run has brought, when it is time to."""
        self.tick()

    def tick(self) -> None:
        """Draw what has changed since, once there is a screen to draw on; what feeds it comes before."""
        show = self.show_
        if not show.ready or not self.query_one(Timeline).size:
            return
        if not self.colours.names:
            self.recolour()
        key = (
            self.query_one(Details).room,
            self.query_one("#places").content_size,
            show.cursor,
            show.last,
            show.version,
            self.size,
            self.pinned,
            self.mine,
            self.query_one(Details).active,
            self.colours,
        )
        if key != self._drawn:
            self._drawn = key
            self.draw()

    @property
    def who(self) -> str:
        """Whom the Character tab is about."""
        show = self.show_
        if self.pinned or show.pov:
            return self.pinned or show.pov
        if show.subject.by:
            return show.subject.by
        cued = show.state.cued
        return cued[0] if cued else next(iter(show.state.cast))

    def recolour(self) -> None:
        """Take the colours from the theme that is on."""
        state = self.show_.state if self.show_.ready else None
        names = tuple(clean(person.name) for person in state.cast.values()) if state else ()
        self.colours = colours_of(self.app.current_theme, names)
        self.query_one(Transcript).colours = self.query_one(Timeline).colours = self.colours
        self.show_.version += 1

    def draw(self) -> None:
        """Draw every pane that can be seen."""
        show, colours = self.show_, self.colours
        room = self.query_one("#places").scrollable_content_region
        left = max(12, room.width)
        self.query_one("#places-text", Page).say(places.places(show, colours, left, room.height), room.height)
        self.query_one("#cast-text", Page).say(places.cast(show, colours, left, self.mine))
        self.query_one(Transcript).refresh()
        self.query_one(Timeline).refresh()
        self.query_one(Details).draw(Glance(show, colours, self.who, self.run, self.bench))
        self.draw_title()

    def draw_title(self) -> None:
        """Say in the borders what is let through."""
        show = self.show_
        seen = show.index.names.get(show.pov, "") if show.pov else "everything"
        hidden = [kind for kind in KINDS if not show.wanted & BIT[kind] and kind not in ("inner", "stage")]
        story = self.query_one("#story")
        title = clean(f"Story · {seen}" + (f" · without {', '.join(hidden)}" if hidden else ""))
        found = f"{show.visible} of {len(show.shown)}" if not show.at_end else f"{len(show.shown)}"
        subtitle = f"{found} found" if show.query != Query() else ""
        if (title, subtitle) != self._titled:
            self._titled = story.border_title, story.border_subtitle = title, subtitle
