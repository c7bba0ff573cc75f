"""The last line of a screen: its most useful keys. What has no room is left out whole, never cut."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from sandbox.tui.colours import colours_of
from sandbox.tui.keys import key_name

__all__ = ["KeyLine"]

TYPING = (("enter", "go", ""), ("esc", "leave", "leave"))
"""What is shown while something is typed, when letters are letters."""

LAST = 2
"""So many keys at the end of the list stay, however narrow the screen."""


class KeyLine(Widget):
    """Keys that can be pressed, or clicked. One widget: a key costs nothing to draw."""

    def __init__(self, bindings: Sequence[BindingType], keymap: dict[str, str]) -> None:
        """Show those bindings that are meant to be shown, under the keys the settings gave them."""
        super().__init__(id="keys")
        self._keys = [
            (key_name(keymap.get(binding.id or "", binding.key)), binding.description, binding.action)
            for binding in bindings
            if isinstance(binding, Binding) and binding.show
        ]
        self._ends: list[tuple[int, str]] = []

    def on_mount(self) -> None:
        """Look at what is typed into."""
        self.watch(self.screen, "focused", self._again, init=False)

    def render(self) -> Text:
        """Draw the keys there is room for."""
        colours = colours_of(self.app.current_theme, ())
        typing = isinstance(self.screen.focused, Input)
        text, self._ends = Text(no_wrap=True), []
        for key, what, action in TYPING if typing else self._fitting():
            text.append("  " if text else "")
            text.append(key, style=f"bold {colours.accent}").append(f" {what}")
            self._ends.append((text.cell_len, action))
        if not typing and self.size.width - text.cell_len > len("^p palette") + 3:
            text.append("^p palette".rjust(self.size.width - text.cell_len), style=colours.faint)
            self._ends.append((text.cell_len, "app.command_palette"))
        return text

    def _again(self) -> None:
        self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        action = next((action for end, action in self._ends if event.x <= end), "")
        if action:
            await self.screen.run_action(action)

    def _fitting(self) -> list[tuple[str, str, str]]:
        keys = list(self._keys)
        while (
            len(keys) > LAST and sum(cell_len(key + what) + 3 for key, what, _ in keys) > self.size.width + 2
        ):
            del keys[-LAST - 1]
        return keys
