"""Boxes and arrows as text: Graphviz and Mermaid.

Time runs downward, and arrows point up, from an event to what it rests on. Whatever a story says is escaped:
in a picture it is text, never markup.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Arrow", "Box", "dot", "mermaid"]

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
_MARKUP = re.compile(r"[^\w .,:!?'’“”„«»–—…·()-]")


class Box(NamedTuple):
    """One event in a picture."""

    seq: int
    kind: str
    text: str


class Arrow(NamedTuple):
    """One reason in a picture, from the later event to the earlier."""

    later: int
    earlier: int
    rel: str
    dashed: bool = False


def dot(boxes: Iterable[Box], arrows: Iterable[Arrow]) -> str:
    """Write a picture for Graphviz."""
    lines = [
        "digraph events {",
        "  rankdir=BT;",
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=10];',
        '  edge [fontname="Helvetica", fontsize=8, color="#555555"];',
    ]
    for box in boxes:
        label = _label(box).replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'  n{box.seq} [label="{label}", fillcolor="{_colour(box.kind)}"];')
    for arrow in arrows:
        style = ", style=dashed" if arrow.dashed else ""
        lines.append(f'  n{arrow.later} -> n{arrow.earlier} [label="{arrow.rel}"{style}];')
    return "\n".join([*lines, "}", ""])


def mermaid(boxes: Iterable[Box], arrows: Iterable[Arrow]) -> str:
    """Write a picture for Mermaid, as a flow chart."""
    lines, kinds = ["flowchart BT"], dict[str, None]()
    for box in boxes:
        # Everything but letters, digits and plain punctuation as a code that Mermaid shows and never reads.
        label = _MARKUP.sub(lambda sign: f"#{ord(sign.group())};", _label(box))
        lines.append(f'  n{box.seq}["{label}"]:::{box.kind}')
        kinds[box.kind] = None
    for arrow in arrows:
        line = "-.->" if arrow.dashed else "-->"
        lines.append(f"  n{arrow.later} {line}|{arrow.rel}| n{arrow.earlier}")
    lines += [f"  classDef {kind} fill:{_colour(kind)},stroke:#555555" for kind in kinds]
    return "\n".join([*lines, ""])


def _label(box: Box) -> str:
    """Give the words in a box: one line, shortened, nothing unprintable."""
    printable = "".join(sign if sign.isprintable() else " " for sign in box.text)
    text = " ".join(printable.split()) or box.kind.replace("_", " ")
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    return f"{box.seq} · {short}"


def _colour(kind: str) -> str:
    return _COLOURS.get(kind, "#ffffff")
