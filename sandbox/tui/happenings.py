"""The Event and Graph tabs: what an event is, what it rests on, what rests on it, who perceived it."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from rich.text import Text

from sandbox.story import clean
from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf
from sandbox.tui.show import Show
from worlds.actions import Effect
from worlds.eventgraph import CAUSES, Graph, event_graph
from worlds.events import Acted, Event, Faulted, Happened, Intervened, ProfileChanged, Reflected, Resolved
from worlds.trajectory import Trajectory

__all__ = ["Tie", "event", "graph", "ties"]

WINDOW = 750
"""Events before and after the cursor among which causes of causes are looked for."""

STEP = 250
"""The window moves on by so many events at once."""

DEPTH = 4

TOLD = 90
"""Letters of an event that are told where it can be followed to."""


class Tie(NamedTuple):
    """A link that can be followed."""

    seq: int
    label: str


def event(show: Show, colours: Colours, width: int) -> Text:
    """Draw the newest event shown."""
    leaf, now = Leaf(colours, width), show.subject
    name = show.index.names.get(now.by, now.by)
    leaf.line(
        (f"{now.seq} ", colours.accent),
        (now.body.kind.replace("_", " "), "bold"),
        (f"  turn {now.turn}", colours.faint),
    )
    if now.by:
        leaf.line((name, colours.of(name)))
    if not show.pov or show.pov in now.witnesses:
        for part in _told(now, own=show.pov in ("", now.by)):
            leaf.line(*part)
    if show.pov:
        return leaf.text
    for title, group in (("perceived by", now.witnesses), ("glimpsed by", now.glimpses)):
        if group:
            leaf.head(title)
            leaf.line("  ", ", ".join(show.index.names.get(who, who) for who in group))
    return leaf.text


def _told(now: Event, *, own: bool) -> Iterator[tuple[str, ...]]:
    body = now.body
    match body:
        case Acted(action=action):
            yield (f"{action.verb}: {_fields(action.model_dump(exclude_defaults=True))}",)
            if own and body.thought:
                yield (f"thinks: {body.thought}",)
            if own and body.feeling:
                yield (f"feels: {body.feeling}",)
        case Resolved():
            yield ("it comes off" if body.ok else "it does not come off",)
            yield (body.text,)
        case Reflected() | ProfileChanged() if own:
            yield from ((f"{c.slot} → {c.value}  (because of {c.because})",) for c in body.changes)
        case Faulted():
            yield (f"{body.error} {_fields(body.detail) if body.detail else ''}",)
        case _:
            yield (str(getattr(body, "text", "")),)
    if isinstance(body, Resolved | Happened | Intervened):
        yield from ((f"→ {_effect(effect)}",) for effect in body.effects)


def _effect(effect: Effect) -> str:
    return f"{effect.effect}: {_fields(effect.model_dump(exclude={'effect'}, exclude_defaults=True))}"


def _fields(values: object) -> str:
    if not isinstance(values, dict):
        return _plain(values)
    return " · ".join(
        f"{name} {_plain(value)}" for name, value in values.items() if name not in ("verb", "effect")
    )


def _plain(value: object) -> str:
    """Write a value without brackets: names with commas, a claim's parts with blanks."""
    if not isinstance(value, list | tuple):
        return str(value)
    joint = ", " if any(isinstance(part, list | tuple) for part in value) else " "
    return joint.join(_plain(part) for part in value)


def ties(show: Show) -> list[Tie]:
    """Give the causes of the newest event shown, what was merely perceived after them, and its consequences."""
    if show.pov:
        return []
    seq, whole = show.subject.seq, _whole(show)
    if seq not in whole:
        return []
    causes = sorted(
        ((to, rel) for _, to, rel in whole.out_edges(seq, keys=True)), key=lambda tie: (tie[1] in CAUSES, tie)
    )
    found = [Tie(to, f"← {to} {rel}: {_short(_text(whole, to))}") for to, rel in reversed(causes)]
    effects = sorted((by, rel) for by, _, rel in whole.in_edges(seq, keys=True) if rel in CAUSES)
    return found + [Tie(by, f"→ {by} {rel}: {_short(_text(whole, by))}") for by, rel in effects]


def _short(text: str) -> str:
    return text if len(text) <= TOLD else f"{text[:TOLD].rstrip()}…"


def graph(show: Show, colours: Colours, width: int) -> Text:
    """Draw the cone of the newest event shown as a tree: what it came of upwards, what came of it downwards."""
    leaf = Leaf(colours, width)
    if show.pov:
        leaf.note("Causes are seen by nobody in the story; look from nowhere (v) to see them.")
        return leaf.text
    whole, seq = _whole(show), show.subject.seq
    if seq not in whole:
        return leaf.text
    leaf.note("what it came of")
    for line in reversed(list(islice(_tree(whole, seq, back=True), 40))):
        _branch(leaf, whole, *line, arrow="╭")
    leaf.line(("● ", colours.accent), (f"{seq} {_text(whole, seq)}", "bold"))
    for line in islice(_tree(whole, seq, back=False), 60):
        _branch(leaf, whole, *line, arrow="╰")
    leaf.note("what came of it")
    return leaf.text


def _branch(leaf: Leaf, whole: Graph, seq: int, depth: int, *, arrow: str) -> None:
    text = _text(whole, seq)
    room = max(10, leaf.width - 2 * depth - 9)
    short = text if len(text) <= room else f"{text[: room - 1]}…"
    leaf.line((f"{'  ' * depth}{arrow} ", leaf.colours.faint), (f"{seq} ", leaf.colours.accent), short)


def _tree(whole: Graph, seq: int, *, back: bool) -> Iterator[tuple[int, int]]:
    """Walk causes (or consequences) depth first, each event once."""
    seen = {seq}

    def walk(here: int, depth: int) -> Iterator[tuple[int, int]]:
        edges = whole.out_edges(here, keys=True) if back else whole.in_edges(here, keys=True)
        near = sorted({(b if back else a) for a, b, rel in edges if rel in CAUSES}, reverse=back)
        for other in near:
            if other not in seen and depth < DEPTH:
                seen.add(other)
                yield other, depth
                yield from walk(other, depth + 1)

    yield from walk(seq, 1)


def _text(whole: Graph, seq: int) -> str:
    kind, text = whole.nodes[seq]["kind"], str(whole.nodes[seq]["text"])
    return clean(text if kind not in ("cued", "faulted") else f"{kind}: {text}").replace("\n", " ")


def _whole(show: Show) -> Graph:
    """Give the graph around the cursor, both ways: what came of an event comes after it."""
    part = show.subject.seq // STEP * STEP
    first, last = max(0, part - WINDOW), min(show.last, part + STEP + WINDOW)
    return _graph(_Part((show.log[first], show.log[last]), show.log))


class _Part:
    """A part of a log, known by its first and last event."""

    def __init__(self, ends: tuple[Event, Event], log: Trajectory) -> None:
        self.ends = ends
        self.log = log

    def __hash__(self) -> int:
        return hash(tuple(id(end) for end in self.ends))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and all(a is b for a, b in zip(self.ends, other.ends, strict=True))


@lru_cache(maxsize=4)
def _graph(part: _Part) -> Graph:
    """Make the graph of a part of a log; the first event of all is taken along for its names."""
    first, last = part.ends[0].seq, part.ends[1].seq
    return event_graph(part.log[seq] for seq in (*([0] if first else []), *range(first, last + 1)))
