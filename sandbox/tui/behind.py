"""The Memory, Prompt and Judges tabs: what stood behind a decision, and what critics made of it."""

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError
from rich.text import Text

from characters.calls import Call
from judges.verdict import Verdict
from sandbox.calls import CALLS, CallFile, replayed
from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf, bar
from sandbox.tui.show import Show
from worlds.errors import SandboxError
from worlds.events import Acted, Event
from worlds.look import look
from worlds.prose import attempt
from worlds.trajectory import Trajectory
from worlds.view import View

__all__ = ["calls_of", "decision", "judgement", "low", "memory", "prompt", "verdicts_of"]

VERDICTS = "verdicts.jsonl"

LONG = 12_000
"""Characters of one message that are shown."""


def decision(show: Show, who: str) -> Event | None:
    """Give the latest attempt of a character at the cursor, if there is one."""
    for seq in range(show.cursor, max(-1, show.cursor - 4000), -1):
        event = show.log[seq]
        if isinstance(event.body, Acted) and event.by == who:
            return event
    return None


def shown_for(log: Trajectory, act: Event) -> tuple[View, Trajectory]:
    """Give what a character was shown when it decided on an attempt."""
    before = log.upto(act.seq)
    return look(before, act.by), before


def memory(show: Show, colours: Colours, width: int, who: str) -> Text:
    """Draw what was in mind at the latest decision: what came back, with why, and what was fresh."""
    leaf, act = Leaf(colours, width), decision(show, who)
    if act is None or (show.pov and show.pov != who):
        leaf.note("No decision yet." if act is None else "What others remember is not seen from here.")
        return leaf.text
    view, before = shown_for(show.log, act)
    leaf.head("recalled", f"for {act.seq}, turn {act.turn}")
    recalled = [link.to for link in act.links if link.rel == "recalls"]
    texts = {percept.seq: percept.text for percept in before.percepts(who) if percept.seq < act.seq}
    for seq in recalled:
        leaf.line("  ", (f"{seq:>4} ", colours.accent), texts.get(seq, show.index.text[seq]))
    if not recalled:
        leaf.note("  nothing was brought back")
    for item in view.recollections:
        leaf.line("  ", (f"{item.seq:>4} ", colours.accent), item.text)
        leaf.line(
            "       ",
            (bar(item.score, 6).strip("│ "), colours.good),
            (f" {item.score:.2f} {item.why}", colours.faint),
        )
    answered = {link.to for link in act.links if link.rel == "answers"}
    leaf.head("fresh", f"since turn {view.turn}")
    for percept in view.news:
        mark = ("↩", colours.accent) if percept.seq in answered else " "
        leaf.line(mark, " ", (f"{percept.seq:>4} ", colours.faint), percept.text, hang=7)
    leaf.head("before that", f"{len(view.past)} kept in view")
    for percept in view.past[-12:]:
        leaf.line("  ", (f"{percept.seq:>4} {percept.text}", colours.faint), hang=7)
    return leaf.text


def prompt(show: Show, colours: Colours, width: int, who: str, run: Path) -> Text:
    """Draw exactly what the mind was shown for its latest decision, and what it answered."""
    leaf, act = Leaf(colours, width), decision(show, who)
    if act is None or (show.pov and show.pov != who):
        leaf.note("No decision yet." if act is None else "What others are shown is not seen from here.")
        return leaf.text
    view, before = shown_for(show.log, act)
    calls = calls_of(run)
    call = calls.latest(f"{who}:{before.state.own.get(who, 0)}") if calls else None
    if call is not None:
        _asked(leaf, call)
        return leaf.text
    leaf.note(f"No model was asked for {act.seq}: this is the view the mind was given.")
    _viewed(leaf, view)
    leaf.head("answered")
    body = act.body
    if isinstance(body, Acted):
        leaf.line("  ", attempt(view.name, body.action, show.index.names))
        leaf.item("thought", body.thought, "italic")
        leaf.item("feeling", body.feeling, "italic")
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
    for way in view.ways:
        leaf.item("way", f"{way.name}{'' if way.open else ' (shut)'}")
    for fellow in view.fellows:
        leaf.item("here", fellow.name)
    for sight in view.sights:
        leaf.item("sees", sight.name)
    leaf.head("news", f"{len(view.news)} since the last turn")
    for percept in view.news:
        leaf.line("  ", (f"{percept.seq:>4} ", leaf.colours.faint), percept.text)
    leaf.head("could", f"{len(view.options)} admissible actions, {len(view.deeds)} deeds")
    for option in view.options:
        leaf.line("  ", attempt(view.name, option, view.names))


def judgement(show: Show, colours: Colours, width: int, verdicts: tuple[Verdict, ...]) -> Text:
    """Draw the verdicts that rest on what has happened by the cursor."""
    leaf = Leaf(colours, width)
    if not verdicts:
        leaf.note("No verdicts yet. Press j to have this run judged, or `sandbox judge RUN` in a shell.")
        return leaf.text
    dimension, now = "", [v for v in verdicts if not v.window or v.window.first <= show.cursor]
    for verdict in sorted(now, key=lambda v: (v.dimension, v.subject, v.window or (0, 0))):
        if verdict.dimension != dimension:
            dimension = verdict.dimension
            leaf.head(dimension, verdict.judge)
        name = show.index.names.get(verdict.subject, verdict.subject or "the run")
        value = "–" if verdict.value is None else f"{verdict.value:.2f}"
        style = colours.bad if low(verdict) else colours.good
        span = f" {verdict.window.first}-{verdict.window.last}" if verdict.window else ""
        leaf.line("  ", (f"{value:>5} ", style), (name, colours.of(name)), (span, colours.faint))
        if verdict.reason:
            seqs = ", ".join(str(seq) for seq in verdict.evidence[:6])
            leaf.line(
                "        ", (f"{verdict.reason[:300]}{f' [{seqs}]' if seqs else ''}", colours.faint), hang=8
            )
    return leaf.text


def low(verdict: Verdict) -> bool:
    """Whether a verdict is in the worse half of its scale."""
    if verdict.value is None:
        return False
    scale = verdict.scale
    return abs(verdict.value - scale.good) > (scale.high - scale.low) / 2


def verdicts_of(run: Path) -> tuple[Verdict, ...]:
    """Read the verdicts kept beside a run; lines that are none are left out."""
    path = run / VERDICTS
    try:
        return _verdicts(path, path.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=2)
def _verdicts(path: Path, changed: int) -> tuple[Verdict, ...]:
    del changed
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(Verdict.model_validate_json(line))
        except ValidationError:
            continue
    return tuple(found)


def calls_of(run: Path) -> CallFile | None:
    """Read the calls kept beside a run, if there are any that can be read."""
    path = run / CALLS
    try:
        return _calls(path, path.stat().st_size)
    except (OSError, SandboxError):
        return None


@lru_cache(maxsize=2)
def _calls(path: Path, size: int) -> CallFile:
    del size
    return replayed(path)
