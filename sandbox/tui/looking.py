"""The keys that look around: whose eyes, which lines, what is searched, which pane. They change nothing else."""

from textual import on
from textual.widgets import Input, OptionList, Tabs

from sandbox.tui.details import Details
from sandbox.tui.dialogs import Choose, Reading
from sandbox.tui.index import BIT, KINDS
from sandbox.tui.jump import Jump
from sandbox.tui.keys import THEATRE, help_text
from sandbox.tui.search import Query, parse
from sandbox.tui.transcript import Transcript
from sandbox.tui.viewing import Viewing

__all__ = ["Looking"]


class Looking(Viewing):
    """A run that can be looked around in."""

    def go(self, seq: int, *, jump: bool = False) -> None:
        """Put the cursor somewhere; a jump can be gone back from."""
        if jump:
            self.jumps.append(self.show_.cursor)
        self.show_.go(seq)
        self.query_one(Transcript).follow()
        self.tick()

    def let(self, *, pov: str | None = None, wanted: int | None = None, query: Query | None = None) -> None:
        """Let something else through, and draw it at once."""
        self.show_.show(pov=pov, wanted=wanted, query=query)
        self.tick()

    def action_pov(self) -> None:
        """Choose whose eyes to look through."""
        if self.show_.ready:
            people_ = [(who, person.name) for who, person in self.show_.state.cast.items()]
            _ = self.app.push_screen(
                Choose("Whose point of view?", [("", "everything"), *people_]), self._see_as
            )

    def _see_as(self, who: str | None) -> None:
        if who is not None:
            self.let(pov=who)

    def action_inner(self) -> None:
        """Show or hide thoughts and changes of profile."""
        self.let(wanted=self.show_.wanted ^ BIT["inner"])

    def action_kinds(self) -> None:
        """Show or hide one kind of lines."""
        shown = [(kind, f"{'▣' if self.show_.wanted & BIT[kind] else '▢'} {kind}") for kind in KINDS]
        _ = self.app.push_screen(Choose("Show or hide", shown), self._toggle)

    def _toggle(self, kind: str | None) -> None:
        if kind:
            self.let(wanted=self.show_.wanted ^ BIT[kind])

    def action_search(self) -> None:
        """Open the search line."""
        self.to_story()
        line = self.query_one("#search", Input)
        line.add_class("on")
        line.focus()

    def to_story(self) -> None:
        """Turn to the page of the story, where one page is shown at a time."""
        self.query_one("#pages", Tabs).active = "centre-page"

    @on(Input.Changed, "#search")
    def _search(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, text: str) -> None:
        """Show what is looked for, and nothing else, at its newest line."""
        query = parse(text)
        if query != self.show_.query:
            self.query_one(Transcript).follow()
            self.let(query=query)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.query_one(Transcript).focus()

    def action_leave(self) -> None:
        """Leave the search line, or what is typed for a character."""
        line = self.query_one("#search", Input)
        line.value = ""
        line.remove_class("on")
        self.query_one(Transcript).focus()
        self._find("")

    def action_next_character(self) -> None:
        """Keep the next character's tab open; after the last, follow who is up again."""
        if self.show_.ready:
            order = [*self.show_.state.cast, ""]
            self.pinned = order[(order.index(self.pinned) + 1) % len(order)]
            self.action_tab("who")

    def action_details(self) -> None:
        """Show what the event at the cursor is."""
        self.action_tab("event")

    def action_tab(self, name: str) -> None:
        """Open a tab."""
        self.query_one(Details).active = name
        if self.has_class("-narrow"):
            self.query_one("#pages", Tabs).active = "right-page"
        self.tick()

    def action_back(self) -> None:
        """Go back to before the last jump."""
        if self.jumps:
            self.go(self.jumps.pop())

    def action_jump(self) -> None:
        """Show a letter on each pane, and go to the one that is pressed."""
        _ = self.app.push_screen(Jump({"p": "#places", "c": "#cast", "s": "#transcript", "d": "#right"}))

    def action_keys(self) -> None:
        """Show the keys."""
        keymap = getattr(self.app, "keymap", {})
        _ = self.app.push_screen(Reading("Keys", help_text(THEATRE, keymap, self.colours)))

    @on(OptionList.OptionSelected, "#ties")
    def _tie(self, event: OptionList.OptionSelected) -> None:
        self.go(int((event.option.id or "0-0").partition("-")[2]), jump=True)

    @on(Tabs.TabActivated, "#tabs")
    def _turned(self) -> None:
        self.tick()

    @on(Tabs.TabActivated, "#pages")
    def _page(self, event: Tabs.TabActivated) -> None:
        for page in ("left", "centre", "right"):
            self.set_class(event.tab.id == f"{page}-page", f"page-{page}")
