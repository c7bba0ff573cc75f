"""Pictures of an event graph as text: Graphviz and Mermaid.

Both draw time downward, with arrows from an event up to what it rests on. Whatever a story says is escaped:
in a picture it is text, never markup.
"""

import re
from collections.abc import Iterator

from worlds.eventgraph import DERIVED, Graph

__all__ = ["to_dot", "to_mermaid"]

_PLUMBING = frozenset({"started", "cued", "turn_ended", "forked"})
"""Events of the stage, not of the story: left out."""

_LONGEST = 90
_COLOURS = {
    "scene_set": "#e8e4f3",
    "happened": "#fbe3c4",
    "intervened": "#fbe3c4",
    "acted": "#dcebfa",
    "resolved": "#eef3f7",
    "reflected": "#e3f3e1",
    "profile_changed": "#e3f3e1",
    "faulted": "#f8d7da",
    "ended": "#e8e4f3",
}
_PLAIN = re.compile(r"[^\w .,:!?'’“”„«»–—…·→()-]")


def to_dot(graph: Graph, *, derived: bool = False) -> str:
    """Draw for Graphviz; with `derived`, the edges `witnessed` and `next` too, dashed."""
    lines = [
        "digraph events {",
        "  rankdir=BT;",
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10];',
        '  edge [fontname="Helvetica", fontsize=8, color="#555555"];',
    ]
    for seq, label, kind in _nodes(graph):
        lines.append(f'  n{seq} [label="{_dot(label)}", fillcolor="{_COLOURS.get(kind, "#ffffff")}"];')
    for later, earlier, rel in _edges(graph, derived=derived):
        dashed = ", style=dashed" if rel in DERIVED else ""
        lines.append(f'  n{later} -> n{earlier} [label="{rel}"{dashed}];')
    return "\n".join([*lines, "}", ""])


def to_mermaid(graph: Graph, *, derived: bool = False) -> str:
    """Draw for Mermaid, as a flow chart; take a few turns with `between`, for Mermaid stops at 500 edges."""
    lines = ["flowchart BT"]
    for seq, label, kind in _nodes(graph):
        lines.append(f'  n{seq}["{_mermaid(label)}"]:::{kind}')
    for later, earlier, rel in _edges(graph, derived=derived):
        arrow = "-.->" if rel in DERIVED else "-->"
        lines.append(f"  n{later} {arrow}|{rel}| n{earlier}")
    kinds = dict.fromkeys(kind for _, _, kind in _nodes(graph))
    lines += [f"  classDef {kind} fill:{_COLOURS.get(kind, '#ffffff')},stroke:#555555" for kind in kinds]
    return "\n".join([*lines, ""])


def _nodes(graph: Graph) -> Iterator[tuple[int, str, str]]:
    for seq in sorted(graph):
        kind = str(graph.nodes[seq]["kind"])
        if kind not in _PLUMBING:
            text = " ".join(str(graph.nodes[seq]["text"]).split()) or kind.replace("_", " ")
            yield seq, f"{seq} · {_short(text)}", kind


def _edges(graph: Graph, *, derived: bool) -> Iterator[tuple[int, int, str]]:
    shown = {seq for seq, _, _ in _nodes(graph)}
    for later, earlier, rel in sorted(graph.edges(keys=True)):
        if later in shown and earlier in shown and (derived or rel not in DERIVED):
            yield later, earlier, rel


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _dot(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')


def _mermaid(text: str) -> str:
    """Write all but letters, digits and plain punctuation as `#code;`, which Mermaid only shows."""
    return _PLAIN.sub(lambda sign: f"#{ord(sign.group())};" if sign.group().isprintable() else " ", text)
