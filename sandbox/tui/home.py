"""The home screen: worlds to play, runs to watch, characters, and what the doctor says."""

from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from characters.files import character_names, load_card
from sandbox.doctor import examine
from sandbox.story import clean
from sandbox.tui.colours import colours_of
from sandbox.tui.dialogs import Reading
from sandbox.tui.feed import Feed
from sandbox.tui.keys import HOME, THEATRE, help_text
from sandbox.tui.leaf import Leaf
from sandbox.tui.opening import opening
from worlds.errors import SandboxError
from worlds.events import Started
from worlds.files import load_world, world_names

__all__ = ["Home"]

BANNER = """\
┌─┐┌─┐┌┐┌┌┬┐┌┐ ┌─┐─┐ ┬
└─┐├─┤│││ ││├┴┐│ │┌┴┬┘
└─┘┴ ┴┘└┘─┴┘└─┘└─┘┴ └─
a stage for characters"""


class Home(Screen[None]):
    """Where one lands without naming a run."""

    BINDINGS: ClassVar[list[BindingType]] = HOME
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(Text(BANNER, justify="center"), id="banner")
        with Horizontal(id="home-body"):
            with Vertical(id="home-lists"):
                yield OptionList(id="worlds")
                yield OptionList(id="runs")
                yield OptionList(id="people")
            with VerticalScroll(id="home-view", classes="pane"):
                yield Static(id="home-text")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the lists."""
        for name, title in (
            ("worlds", "Worlds: enter plays"),
            ("runs", "Runs: enter watches"),
            ("people", "Characters"),
        ):
            self.query_one(f"#{name}").border_title = title
        stages = [load_world(id_) for id_ in world_names()]
        self._fill("worlds", [(world.id, world.title, world.genre) for world in stages])
        cards = [load_card(id_) for id_ in character_names()]
        self._fill(
            "people", [(card.id, card.name, _short(card.core.identity.partition(", ")[2])) for card in cards]
        )
        self.call_after_refresh(self._doctor)

    def on_screen_resume(self) -> None:
        """Look for runs again: one may have been made."""
        folders = sorted(Path("runs").glob("*/events.jsonl"), key=lambda file: -file.stat().st_mtime)
        rows = [
            (file.parent.name, file.parent.name, f"{file.stat().st_size / 1000:,.0f} kB") for file in folders
        ]
        self._fill("runs", rows)

    def _fill(self, name: str, rows: list[tuple[str, str, str]]) -> None:
        """List ids, each with its title and a note that stands back."""
        faint = colours_of(self.app.current_theme, ()).faint
        options = self.query_one(f"#{name}", OptionList)
        options.clear_options()
        for id_, title, note in rows:
            label = Text.assemble(
                clean(title), (f"  {clean(note)}", faint), no_wrap=True, overflow="ellipsis"
            )
            options.add_option(Option(label, id=f"{name}/{id_}"))

    def _leaf(self) -> Leaf:
        return Leaf(colours_of(self.app.current_theme, ()), self.query_one("#home-view").content_size.width)

    def _doctor(self) -> None:
        leaf = self._leaf()
        leaf.head("welcome")
        leaf.line("Play a world, watch a run, or look at who there is. Press ? for the keys.")
        leaf.head("the doctor says")
        for found in examine():
            sign = ("✔ ", leaf.colours.good) if found.ok else ("✘ ", leaf.colours.bad)
            leaf.line(sign, f"{found.what:15}", (found.found, leaf.colours.faint), hang=17)
        self.query_one("#home-text", Static).update(leaf.text)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if not event.option_list.has_focus:
            return
        kind, _, name = (event.option.id or "").partition("/")
        leaf = self._leaf()
        try:
            {"worlds": self._world, "runs": self._run, "people": self._person}[kind](leaf, name)
        except (SandboxError, OSError) as error:
            leaf.line((str(error), leaf.colours.bad))
        self.query_one("#home-text", Static).update(leaf.text)

    def _world(self, leaf: Leaf, name: str) -> None:
        world = load_world(name)
        leaf.head(world.title, world.genre)
        leaf.line(world.premise)
        leaf.head("cast")
        leaf.line("  ", ", ".join(world.cast))
        leaf.head("made of")
        leaf.item("places", str(len(world.places)))
        leaf.item("things", str(len(world.things)))
        leaf.item("beats", str(len(world.beats)))
        leaf.item("secrets", str(len(world.secrets)))

    def _run(self, leaf: Leaf, name: str) -> None:
        feed = Feed(Path("runs") / name / "events.jsonl")
        try:
            feed.read(0.05)
            log, ended = feed.log, feed.ended
            first = log[0].body
            size = feed.path.stat().st_size
            about = f"{len(log)}" if feed.whole else f"about {feed.size:,}"
        finally:
            feed.close()
        if isinstance(first, Started):
            leaf.head(first.world.title, name)
            leaf.item("events", f"{about} ({size / 1000:,.0f} kB)")
            leaf.item("cast", ", ".join(person.name for person in first.cast))
            leaf.item("seed", str(first.settings.seed))
            leaf.item("state", "ended" if ended else "unfinished: watch it and press space to go on")

    def _person(self, leaf: Leaf, name: str) -> None:
        card = load_card(name)
        leaf.head(card.name, card.id)
        leaf.line((card.core.identity, "italic"))
        leaf.line(card.core.summary)
        leaf.head("says")
        for sample in card.core.voice.samples[:4]:
            leaf.line("  ", f"“{sample}”")
        leaf.head("wants")
        for goal in card.core.goals:
            leaf.line("  ", ("○ ", leaf.colours.faint), goal.text)

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        from sandbox.tui.app import Playhouse  # noqa: PLC0415 - the app knows its screens, not the other way round

        kind, _, name = (event.option.id or "").partition("/")
        app = self.app
        assert isinstance(app, Playhouse)  # noqa: S101 - this screen is made by it
        try:
            if kind == "worlds":
                app.watch_run(*opening(name))
            elif kind == "runs":
                app.watch_run(Path("runs") / name)
        except SandboxError as error:
            self.notify(clean(str(error)), severity="error", markup=False)

    def action_keys(self) -> None:
        """Show the keys."""
        colours = colours_of(self.app.current_theme, ())
        _ = self.app.push_screen(Reading("Keys of the theatre", help_text(THEATRE, {}, colours)))


def _short(text: str) -> str:
    return text if len(text) <= 26 else f"{text[:25].rstrip(' ,;')}…"
