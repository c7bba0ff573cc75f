"""The home screen: worlds to play, runs to watch, characters, and what the doctor says."""

from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from characters.files import character_names, load_card
from sandbox.doctor import examine
from sandbox.story import clean
from sandbox.tui.colours import colours_of
from sandbox.tui.dialogs import Reading
from sandbox.tui.feed import Feed
from sandbox.tui.keyline import KeyLine
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
            with Vertical(id="home-right"):
                with VerticalScroll(id="home-view", classes="pane"):
                    yield Static(id="home-text")
                with VerticalScroll(id="doctor", classes="pane"):
                    yield Static(id="doctor-text")
        yield KeyLine(HOME, getattr(self.app, "keymap", {}))

    def on_mount(self) -> None:
        """Fill the lists."""
        for name, title, what in (
            ("worlds", "Worlds", "enter plays"),
            ("runs", "Runs", "enter watches"),
            ("people", "Characters", ""),
        ):
            options = self.query_one(f"#{name}")
            options.border_title, options.border_subtitle = title, what
        self.query_one("#doctor").border_title = "The doctor says"
        stages = [load_world(id_) for id_ in world_names()]
        self._fill("worlds", [(world.id, world.title, world.genre) for world in stages])
        cards = [load_card(id_) for id_ in character_names()]
        self._fill("people", [(card.id, card.name, card.core.identity.partition(", ")[2]) for card in cards])
        self.query_one("#worlds", OptionList).focus().highlighted = 0
        self.call_after_refresh(self._doctor)

    def on_screen_resume(self) -> None:
        """Look for runs again: one may have been made."""
        rows = []
        for file in (*self._runs.glob("*/events.jsonl"), *self._runs.glob(".batch/begun/*/events.jsonl")):
            with suppress(OSError):  # a batch has moved it meanwhile
                id_ = str(file.parent.relative_to(self._runs))
                rows.append((file.stat().st_mtime, (id_, file.parent.name, _about(file))))
        self._fill("runs", [row for _, row in sorted(rows, reverse=True)])

    @property
    def _runs(self) -> Path:
        runs: Path = getattr(self.app, "runs", Path("runs"))
        return runs

    def _fill(self, name: str, rows: list[tuple[str, str, str]]) -> None:
        """List ids, each with its title and a note that stands back."""
        faint = colours_of(self.app.current_theme, ()).faint
        options = self.query_one(f"#{name}", OptionList)
        options.clear_options()
        column = min(28, max((len(clean(title)) for _, title, _ in rows), default=0))
        for id_, title, note in rows:
            label = Text.assemble(f"{clean(title):{column}}", (f"  {clean(note)}", faint))
            options.add_option(Option(label, id=f"{name}/{id_}"))
        if not rows:
            options.add_option(Option(Text("none yet: play a world", style=faint), disabled=True))

    def _leaf(self, pane: str = "#home-view") -> Leaf:
        width = self.query_one(pane).scrollable_content_region.width
        return Leaf(colours_of(self.app.current_theme, ()), width)

    def _doctor(self) -> None:
        """Say what is wrong, and of what is not needed, what is there."""
        leaf = self._leaf("#doctor")
        found = getattr(self.app, "examine", examine)()
        needed = [one for one in found if one.needed]
        wrong = [one for one in needed if not one.ok]
        for one in wrong:
            leaf.line(("✘ ", leaf.colours.bad), f"{one.what:11} ", (one.found, leaf.colours.faint), hang=14)
        if not wrong:
            leaf.line(("✔ ", leaf.colours.good), f"All {len(needed)} things that are needed are there.")
        ready = ", ".join(one.what for one in found if not one.needed and one.ok)
        missing = ", ".join(one.what for one in found if not one.needed and not one.ok)
        leaf.line(("✔ ", leaf.colours.good), f"Besides improv, these can play: {ready or 'none'}.", hang=2)
        if missing:
            hint = f"{missing}: `sandbox doctor` says what they need."
            leaf.line(("· ", leaf.colours.faint), (hint, leaf.colours.faint), hang=2)
        self.query_one("#doctor-text", Static).update(leaf.text)

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
        leaf.line("  ", ", ".join(who.replace("_", " ").title() for who in world.cast), hang=2)
        leaf.head("made of")
        parts = (
            (len(world.places), "places"),
            (len(world.things), "things"),
            (len(world.beats), "beats"),
            (len(world.secrets), "secrets"),
        )
        leaf.line("  ", " · ".join(f"{count} {name}" for count, name in parts if count), hang=2)

    def _run(self, leaf: Leaf, name: str) -> None:
        feed = Feed(self._runs / name / "events.jsonl")
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
                app.watch_run(app.runs / name)
        except SandboxError as error:
            self.notify(clean(str(error)), severity="error", markup=False)

    def action_keys(self) -> None:
        """Show the keys."""
        colours = colours_of(self.app.current_theme, ())
        _ = self.app.push_screen(Reading("Keys of the theatre", help_text(THEATRE, {}, colours)))


def _about(file: Path) -> str:
    """Say of a run's file how long it is and whether the story is over."""
    feed = Feed(file)
    try:
        return f"{file.stat().st_size / 1000:,.0f} kB · {'ended' if feed.ended else 'unfinished'}"
    finally:
        feed.close()
