"""The first and the last line of the screen."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from sandbox.story import clean
from sandbox.tui.behind import calls_of
from worlds.state import MINUTES_A_DAY

if TYPE_CHECKING:
    from sandbox.tui.theatre import Theatre

__all__ = ["status", "title"]


def title(screen: "Theatre") -> Text:
    """Say which run this is, and what is being done with it."""
    show, colours = screen.show_, screen.colours
    name = screen.run.name if screen.run.name != "events.jsonl" else screen.run.parent.name
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(clean(show.state.world.title), style=colours.heading)
    text.append(f"  {clean(name)}", style=colours.faint)
    text.append(f"   {_mode(screen)}", style=colours.accent)
    if screen.trouble:
        text.append(f"   {clean(screen.trouble)}", style=colours.bad)
    return text


def _mode(screen: "Theatre") -> str:
    engine, speed = screen.engine, f"{screen.speed:g} turns/s" if screen.speed else "full speed"
    if screen.playing:
        return f"▶ replay {speed}"
    if engine and engine.waiting:
        return "◆ your turn"
    if engine and engine.playing:
        return f"▶ live {speed}"
    if screen.feed is not None and not screen.feed.whole:
        return f"reading {len(screen.show_.log):,} of about {screen.feed.size:,}"
    if screen.over:
        return "▮▮ replay, space plays" if not screen.show_.at_end else "■ the end"
    if screen.following and engine is None:
        return "◉ following the file"
    return "▮▮ paused, space goes on"


def status(screen: "Theatre") -> Text:
    """Say when in the story this is, who plays it, and what it costs."""
    show, state, faint = screen.show_, screen.show_.state, screen.colours.faint
    day, minute = divmod(state.clock, MINUTES_A_DAY)
    minds = sorted(set(state.settings.minds.values())) or ["improv"]
    parts = [
        f"turn {state.turn}/{state.settings.turns}",
        f"day {day + 1} {minute // 60:02}:{minute % 60:02}",
        f"#{show.cursor}/{show.last}",
        f"round {state.round + 1}",
        ", ".join(minds),
        f"seed {state.settings.seed}",
    ]
    busy = _thinking(screen)
    spent = calls.spent if (calls := calls_of(screen.run)) else None
    if spent:
        parts.append(f"{spent.calls} calls · {spent.tokens:,} tokens · ${spent.cost:.4f}")
    text, room = Text(no_wrap=True), screen.size.width - 2
    for part, style in [*((part, "") for part in parts), (busy, screen.colours.accent)]:
        # What has no room is left out whole.
        if part and text.cell_len + cell_len(part) + (5 if text else 0) <= room:
            text.append("  ·  " if text else "", style=faint)
            text.append(clean(part), style=style)
    return text


def _thinking(screen: "Theatre") -> str:
    """Say who has been cued and has not decided yet, while the engine waits for them."""
    engine = screen.engine
    if not engine or not engine.busy or not len(engine.log):
        return ""
    now = engine.log.state
    names = [screen.show_.index.names.get(who, who) for who in now.cued if who not in now.acts]
    return clean(f"in flight: {', '.join(names)}") if now.phase == "act" and names else ""
