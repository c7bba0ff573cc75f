"""Jump mode: a letter on each pane; pressing it goes there."""

from collections.abc import Mapping

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from sandbox.tui.dialogs import Over

__all__ = ["Jump"]


class Jump(Over):
    """Letters over the panes of the screen below."""

    def __init__(self, panes: Mapping[str, str]) -> None:
        """Give a letter to each of these selectors."""
        super().__init__()
        self._panes = panes

    def compose(self) -> ComposeResult:
        """Put each letter where its pane is."""
        below = self.app.screen_stack[-2]
        for letter, selector in self._panes.items():
            region = below.query_one(selector).region
            if region:
                label = Static(Text(f" {letter} "))
                label.styles.offset = (region.x + region.width // 2 - 2, region.y + region.height // 2)
                yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the pane of that letter, if it is one."""
        event.stop()
        below, selector = self.app.screen_stack[-2], self._panes.get(event.key)
        _ = self.dismiss()
        if selector:
            pane = below.query_one(selector)
            (pane if pane.can_focus else next((w for w in pane.query("*") if w.focusable), pane)).focus()
