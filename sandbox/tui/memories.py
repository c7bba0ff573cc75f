"""The Memory tab: what came to mind for a decision, and why; what was fresh, and what was in view."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf
from sandbox.tui.show import Show
from worlds.events import Event
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import Recollection

if TYPE_CHECKING:
    from characters.memory import Memory

__all__ = ["Memories", "memory"]

KEPT = 256
"""Decisions whose recollections are kept."""

BAR = 16
"""Cells of a score of 1."""

WIDE = 66
"""Cells from which on the parts of a score stand in one line."""

_PART = re.compile(r"(\w+) (\d+\.\d+)")
"""How `Recollection.why` writes a part of a score, and what it adds."""


class Memories:
    """Asks the memory of a run again what it gave for a decision: it answers as it did then, from the log alone."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._memory: Memory | None = None
        self._found: OrderedDict[tuple[int, int], tuple[Recollection, ...]] = OrderedDict()

    def of(self, act: Event) -> tuple[Recollection, ...] | None:
        """Give what has been asked before; None if it has not."""
        return self._found.get((id(act), act.seq))

    def ask(self, log: Trajectory, act: Event) -> tuple[Recollection, ...]:
        """Ask for what came to mind before an attempt. A long log takes seconds the first time: ask in a thread."""
        from characters.embedders import load_embedder  # noqa: PLC0415 - numpy and what it brings; most look at other tabs
        from characters.memory import Memory  # noqa: PLC0415 - the same

        if self._memory is None:
            self._memory = Memory("watch", load_embedder(log.state.settings.embedder))
        before = log.upto(act.seq)
        found = asyncio.run(self._memory.for_view(before, look(before, act.by)))
        self._found[id(act), act.seq] = found
        if len(self._found) > KEPT:
            self._found.popitem(last=False)
        return found


def remembers(log: Trajectory) -> bool:
    """Whether memory can be asked again at no cost: an embedder that is a model is not asked for looking on."""
    return log.state.settings.embedder.partition(":")[0] in ("", "hashing", "minilm")


def memory(
    show: Show, colours: Colours, width: int, act: Event, found: tuple[Recollection, ...] | None
) -> Text:
    """Draw what was in mind at a decision; `found` is what memory gives for it, None if that is not known yet."""
    leaf, before = Leaf(colours, width), show.log.upto(act.seq)
    view = look(before, act.by)
    embedder = before.state.settings.embedder
    used = {link.to for link in act.links if link.rel == "recalls"}
    leaf.head("came to mind" if embedder else "would come to mind", f"for #{act.seq}, turn {act.turn}")
    if not embedder:
        leaf.note("This run plays without memory (--memory); this is what it would bring back.")
    if found is None:
        leaf.note(
            "remembering …" if remembers(show.log) else f"{embedder} is not asked again for looking on."
        )
    _recalled(leaf, found or (), used)
    if found == ():
        leaf.note("nothing bears on this moment")
    rest = sorted(used - {item.seq for item in found or ()})
    if rest:
        texts = {percept.seq: percept.text for percept in before.percepts(act.by) if percept.seq in rest}
        leaf.head("rests on", "named by the decision itself")
        for seq in rest:
            leaf.line((f"{seq:>5} ", colours.accent), texts.get(seq, show.index.text[seq]), hang=6)
    answered = {link.to for link in act.links if link.rel == "answers"}
    leaf.head("fresh", f"{len(view.news)} since turn {view.turn}; ↩ answered")
    for percept in view.news:
        mark = ("↩", colours.accent) if percept.seq in answered else " "
        leaf.line((f"{percept.seq:>5} ", colours.faint), mark, " ", percept.text, hang=8)
    leaf.head("before that", f"{len(view.past)} in view")
    for percept in view.past[-12:]:
        leaf.line((f"{percept.seq:>5}   {percept.text}", colours.faint), hang=8)
    return leaf.text


def _recalled(leaf: Leaf, found: Sequence[Recollection], used: set[int]) -> None:
    """Draw each memory, and under it what its score is made of."""
    styles = (
        leaf.colours.good,
        leaf.colours.accent,
        leaf.colours.faint,
        leaf.colours.heading.removeprefix("bold "),
    )
    for item in found:
        mark = ("◆", leaf.colours.accent) if item.seq in used else " "
        leaf.line((f"{item.seq:>5} ", leaf.colours.accent), mark, " ", item.text, hang=8)
        parts = [(name, float(value)) for name, value in _PART.findall(item.why)]
        chart = [("█" * round(value * BAR), style) for (_, value), style in zip(parts, styles, strict=False)]
        told = [(f"{name} {value:.2f}  ", style) for (name, value), style in zip(parts, styles, strict=False)]
        leaf.line("        ", *chart, (f" {item.score:.2f}", "bold"))
        for row in [told] if leaf.width >= WIDE else [told[:2], told[2:]]:
            leaf.line("        ", *row)
