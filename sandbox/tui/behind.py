"""The Prompt tab: what a mind was shown for a decision, and what it answered."""

from functools import lru_cache
from pathlib import Path

from rich.text import Text

from characters.calls import Call
from sandbox.budget import Budget
from sandbox.calls import CALLS, CallFile
from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf
from sandbox.tui.show import Show
from worlds.errors import SandboxError
from worlds.events import Acted, Event
from worlds.look import look
from worlds.prose import attempt
from worlds.view import View

__all__ = ["calls_of", "decision", "prompt"]

LONG = 12_000
"""Characters of one message that are shown."""


def decision(show: Show, who: str) -> Event | None:
    """Give the latest attempt of a character at the cursor, if there is one."""
    for seq in range(show.cursor, max(-1, show.cursor - 4000), -1):
        event = show.log[seq]
        if isinstance(event.body, Acted) and event.by == who:
            return event
    return None


def prompt(show: Show, colours: Colours, width: int, act: Event, run: Path) -> Text:
    """Draw exactly what a mind was shown for a decision, and what it answered."""
    leaf, before, who = Leaf(colours, width), show.log.upto(act.seq), act.by
    view = look(before, who)
    calls = calls_of(run)
    call = calls.latest(f"{who}:{before.state.own.get(who, 0)}") if calls else None
    if call is not None:
        _asked(leaf, call)
        return leaf.text
    leaf.note(
        f"No model was asked for #{act.seq}: this is the view {before.state.settings.minds.get(who, 'improv')} had."
    )
    body = act.body
    if isinstance(body, Acted):
        leaf.head("answered", f"turn {act.turn}")
        leaf.line("  ", attempt(view.name, body.action, show.index.names), hang=2)
        leaf.item("thinks", body.thought, "italic")
        leaf.item("feels", body.feeling, "italic")
    _viewed(leaf, view)
    return leaf.text


def _asked(leaf: Leaf, call: Call) -> None:
    usage, cost = call.usage, f" · ${call.cost:.4f}" if call.cost is not None else ""
    leaf.note(f"{call.model} · {call.at} · {usage.prompt}+{usage.reply} tokens · {call.seconds:.1f} s{cost}")
    for message in call.messages:
        leaf.head(message.role)
        leaf.line(message.text[:LONG])
    leaf.head("reply", call.problem or call.error)
    leaf.line(call.reply[:LONG])


def _viewed(leaf: Leaf, view: View) -> None:
    leaf.head("place", view.place_name)
    leaf.line(view.place_text)
    ways = ", ".join(f"{way.name}{'' if way.open else ' (shut)'}" for way in view.ways)
    for label, told in (
        ("ways", ways),
        ("here", ", ".join(fellow.name for fellow in view.fellows)),
        ("sees", ", ".join(sight.name for sight in view.sights)),
    ):
        leaf.item(label, told or "nobody and nothing")
    leaf.head("news", f"{len(view.news)} since the last turn")
    for percept in view.news:
        leaf.line((f"{percept.seq:>5} ", leaf.colours.faint), percept.text, hang=6)
    leaf.head("could", f"{len(view.options)} admissible actions, {len(view.deeds)} deeds")
    for option in view.options:
        leaf.line("  ", attempt(view.name, option, view.names), hang=4)


def calls_of(run: Path) -> CallFile | None:
    """Give the calls kept beside a run, as far as they can be read; None if there are none."""
    kept = _kept(run / CALLS)
    try:
        kept.catch_up()
    except (OSError, SandboxError):
        return kept.calls if kept.lines else None
    return kept.calls


class _Kept:
    """A file of calls that only grows, read once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.calls = CallFile(str(path), None, Budget())
        self.lines = 0
        self._size = self._tried = 0

    def catch_up(self) -> None:
        """Read the whole lines there are more, if the file has grown since."""
        size = self.path.stat().st_size
        if size == self._tried:
            return
        self._tried = size
        with self.path.open("rb") as file:
            file.seek(self._size)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self.calls.read(self.lines + 1, line)
                self._size, self.lines = self._size + len(line), self.lines + 1


@lru_cache(maxsize=2)
def _kept(path: Path) -> _Kept:
    return _Kept(path)
