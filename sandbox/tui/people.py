"""The Character tab: who someone is, and every slot over time."""

from bisect import bisect_left
from collections.abc import Iterable

from rich.text import Text

from characters.profile import Core, core_of
from sandbox.story import clean
from sandbox.tui.colours import Colours
from sandbox.tui.index import Step
from sandbox.tui.leaf import Leaf, bar, spark
from sandbox.tui.show import Show
from worlds.actions import Scalar

__all__ = ["character"]

Slots = dict[str, list[Step]]


def character(show: Show, colours: Colours, width: int, who: str) -> Text:
    """Draw a character at the cursor."""
    leaf, person = Leaf(colours, width), show.state.cast[who]
    place = show.state.where.get(who, "") if show.pov in ("", who) else ""
    where = f"  in {show.index.names.get(place, place)}" if place else ""
    leaf.line((person.name, colours.of(person.name, bold=True)), (where, colours.faint))
    if show.pov and who != show.pov:
        leaf.note("What goes on in others is not seen from this point of view.")
        return leaf.text
    core = core_of(person.core)
    _who(leaf, core)
    slots: Slots = dict(show.index.slots(who, show.cursor))
    _mood(leaf, show, slots)
    _goals(leaf, core, slots)
    _relations(leaf, show, slots)
    _beliefs(leaf, show, slots)
    _rest(leaf, slots)
    _secrets(leaf, show, who)
    return leaf.text


def _who(leaf: Leaf, core: Core) -> None:
    if core.identity:
        leaf.line((core.identity, "italic"))
    traits = sorted(core.traits.items(), key=lambda trait: -abs(trait[1] - 0.5))[:6]
    if traits:
        marks = [f"{name} {spark([strength], 0, 1, 1)}" for name, strength in traits]
        leaf.note("  ".join(marks))
    if core.taboos:
        leaf.note("never: " + "; ".join(taboo.removeprefix("never ") for taboo in core.taboos))


def _mood(leaf: Leaf, show: Show, slots: Slots) -> None:
    now = _now(slots, "mood")
    leaf.head("mood", str(now) if now != "" else "")
    for slot in sorted(slots):
        if slot.startswith("mood.") and len(slots[slot]):
            _series(leaf, show, slot.removeprefix("mood."), slots[slot])


def _series(leaf: Leaf, show: Show, name: str, steps: list[Step]) -> None:
    """Draw a number over the turns so far, with where it stands; below zero in another colour."""
    value, cells = _number(steps[-1].value), max(6, min(18, leaf.width - 22))
    good, bad, faint = leaf.colours.accent, leaf.colours.bad, leaf.colours.faint
    drawn = [
        (spark([abs(level)], 0.0, 1.0, 1), faint if abs(level) < 0.05 else good if level > 0 else bad)
        for level in _over_turns(show, steps, cells)
    ]
    chart = [(" " * (cells - len(drawn)), ""), *drawn]
    leaf.rows(name, chart, f"{value:+.2f}", bad if value < 0 else good)


def _over_turns(show: Show, steps: list[Step], cells: int) -> list[float]:
    """Give a slot's value at so many moments spread evenly over the log up to the cursor."""
    count = min(cells, show.cursor + 1)
    ends = ((cell + 1) * (show.cursor + 1) // count for cell in range(count))
    places = (bisect_left(steps, end, key=lambda step: step.seq) for end in ends)
    return [_number(steps[place - 1].value) if place else 0.0 for place in places]


def _goals(leaf: Leaf, core: Core, slots: Slots) -> None:
    words = {f"goal.{goal.id}": goal.text for goal in core.goals}
    goals = [slot for slot in slots if slot.startswith("goal.") and _now(slots, slot) != ""]
    if goals:
        leaf.head("goals")
    for slot in goals:
        now = str(_now(slots, slot))
        sign, style = {"done": ("✔", leaf.colours.good), "dropped": ("✘", leaf.colours.faint)}.get(
            now, ("○", "")
        )
        wants = [str(step.value) for step in slots[slot] if step.value not in ("done", "dropped", "")]
        leaf.line("  ", (sign, style), " ", (words.get(slot, wants[-1] if wants else slot), style), hang=4)


def _relations(leaf: Leaf, show: Show, slots: Slots) -> None:
    others = dict.fromkeys(slot.partition(".")[2] for slot in slots if slot.startswith(("trust.", "liking.")))
    if not others:
        return
    leaf.head("relations", "trust      liking")
    for other in others:
        name = show.index.names.get(other, other)
        parts: list[str | tuple[str, str]] = ["  ", (f"{clean(name):11.11}", leaf.colours.of(name)), " "]
        for kind in ("trust", "liking"):
            value = _number(_now(slots, f"{kind}.{other}"))
            style = leaf.colours.bad if value < 0 else leaf.colours.good
            parts += [(bar(value), style), " "]
        leaf.line(*parts)


def _beliefs(leaf: Leaf, show: Show, slots: Slots) -> None:
    beliefs = [slot for slot in slots if slot.startswith("belief.") and _now(slots, slot) != ""]
    if beliefs:
        leaf.head("beliefs")
    for slot in beliefs:
        step, name = slots[slot][-1], slot.removeprefix("belief.")
        sure = _now(slots, f"sure.{name}")
        source = str(_now(slots, f"source.{name}") or step.source)
        leaf.line("  ", name, (" = ", leaf.colours.faint), (str(step.value), leaf.colours.accent))
        told = f"told by {show.index.names.get(source, source)}" if source else _came(step)
        level = f"{_number(sure if sure != '' else step.sure):.0%} sure"
        leaf.line("    ", (f"{level}, {told}", leaf.colours.faint), hang=4)


def _came(step: Step) -> str:
    return f"because of {step.because}" if step.because >= 0 else "from the start"


def _rest(leaf: Leaf, slots: Slots) -> None:
    known = (
        "mood",
        "goal.",
        "trust.",
        "liking.",
        "belief.",
        "sure.",
        "source.",
        "seen.",
        "asked.",
        "sought.",
        "lied.",
    )
    rest = [slot for slot in slots if not slot.startswith(known) and _now(slots, slot) != ""]
    if rest:
        leaf.head("and")
    for slot in rest:
        style = leaf.colours.bad if slot.startswith("injury.") else ""
        leaf.item(slot.replace(".", " ").replace("_", " "), str(_now(slots, slot)), style)


def _secrets(leaf: Leaf, show: Show, who: str) -> None:
    state = show.state
    known: Iterable[str] = [secret.text for secret in state.plan.secrets if who in state.knows[secret.id]]
    texts = list(known)
    if texts:
        leaf.head("knows")
    for text in texts:
        leaf.line("  ", ("◦ ", leaf.colours.faint), text, hang=4)


def _now(slots: Slots, slot: str) -> Scalar:
    steps = slots.get(slot)
    return steps[-1].value if steps else ""


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
