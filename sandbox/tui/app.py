"""The app: themes, settings, the palette, and the two screens there are."""

import gc
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from sandbox.doctor import examine
from sandbox.tui.colours import FOOTLIGHTS, MATINEE
from sandbox.tui.dialogs import Window
from sandbox.tui.engine import Staged
from sandbox.tui.home import Home
from sandbox.tui.interview import Interview
from sandbox.tui.keys import HOME, THEATRE
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.theatre import Theatre
from sandbox.tui.transcript import Transcript
from worlds.trajectory import Trajectory

__all__ = ["Playhouse", "key_ids"]

TIDY = 0.2
"""Seconds between two looks at whether there is something to collect."""

PAUSE = 0.15
"""Seconds after an event, such as a key, in which what it brings is drawn first."""

YOUNG = 8_000
"""New objects from which on the collector looks at them; it never looks at old ones: they are the log."""


def key_ids() -> frozenset[str]:
    """Give the ids of all bindings, by which the settings can give them other keys."""
    screens = (THEATRE, HOME, Transcript.BINDINGS, Window.BINDINGS, Interview.BINDINGS)
    return frozenset(
        binding.id for of in screens for binding in of if isinstance(binding, Binding) and binding.id
    )


class Playhouse(App[None]):
    """`sandbox watch`, and plain `sandbox` on a terminal."""

    CSS_PATH = Path(__file__).with_name("theatre.tcss")
    TITLE = "sandbox"
    ENABLE_COMMAND_PALETTE = True
    examine = staticmethod(examine)
    """Asks the doctor."""
    runs = Path("runs")
    """Where the home screen looks for runs; in the folder of a batch, those under way too."""

    def __init__(
        self,
        opening: Opening | None = None,
        *,
        keys: dict[str, str] | None = None,
        theme: str = "",
        staged: Staged | None = None,
        paused: bool = False,
        still: bool = False,
    ) -> None:
        """Open a run, or the home screen; `keys` gives bindings other keys, `still` turns all motion off."""
        super().__init__()
        self.keymap = keys or {}
        self.paused = paused
        self.staged = staged
        self._opening = opening
        self._pressed = 0.0
        self.register_theme(FOOTLIGHTS)
        self.register_theme(MATINEE)
        self.theme = theme if theme in self.available_themes else "footlights"
        if still:
            self.animation_level = "none"

    def on_mount(self) -> None:
        """Open the first screen."""
        # The engine is a busy thread of this process: the screen must not wait long for its turn, nor for the
        # collector, which by itself comes in the midst of a picture, and goes through every event again and again.
        sys.setswitchinterval(0.0005)
        gc.freeze()
        gc.disable()
        self.set_interval(TIDY, self._tidy)
        self.set_keymap(self.keymap)
        if self._opening is None:
            _ = self.push_screen(Home())
        else:
            self.watch_run(*self._opening)

    async def on_event(self, event: events.Event) -> None:
        """Take note of when something was last pressed or clicked."""
        if isinstance(event, events.InputEvent):
            self._pressed = perf_counter()
        await super().on_event(event)

    def _tidy(self) -> None:
        """Collect what has become garbage since the last time, which takes some milliseconds."""
        count = gc.get_count()[0]
        if count > YOUNG and (perf_counter() - self._pressed > PAUSE or count > 10 * YOUNG):
            gc.collect(1)

    def on_unmount(self) -> None:
        """Leave the process as it was."""
        gc.enable()

    def watch_run(self, run: Path, new: Trajectory | None = None) -> None:
        """Open a run on the screen."""
        _ = self.push_screen(Stagehand(run, new=new, staged=self.staged))

    async def action_quit(self) -> None:
        """Leave; what was played is kept."""
        for screen in self.screen_stack:
            if isinstance(screen, Theatre):
                screen.close()
        self.exit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer in the palette all that has a key, and what textual offers."""
        if isinstance(screen, Theatre):
            for binding in THEATRE:
                if isinstance(binding, Binding) and "," not in binding.key:
                    yield SystemCommand(
                        f"theatre: {binding.description}",
                        f"key {binding.key}",
                        lambda action=binding.action: screen.run_action(action),
                    )
        yield from super().get_system_commands(screen)
