"""The left side: a map of the places, and the cast."""

from rich.text import Text

from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf
from sandbox.tui.show import Show
from worlds.reach import exits, passable
from worlds.spec import Exit
from worlds.state import State

__all__ = ["cast", "places"]


def places(show: Show, colours: Colours, width: int, height: int) -> Text:
    """Draw who is where, and where the doors are. A point of view sees its own place and the ways out of it.

    Where there is no room for all ways, those of empty places are left out.
    """
    whole = _places(show, colours, width, every=True)
    return whole if whole.plain.count("\n") < height else _places(show, colours, width, every=False)


def _places(show: Show, colours: Colours, width: int, *, every: bool) -> Text:
    leaf, state = Leaf(colours, width), show.state
    seen = state.where.get(show.pov, "") if show.pov else ""
    speaking = _speaking(show)
    for id_, place in state.world.places.items():
        here = state.here(id_) if not show.pov or id_ == seen else ()
        busy = bool(here)
        mark = ("●", colours.accent) if busy else ("○", colours.faint)
        dark = (" dark", colours.faint) if state.dark(id_) else ""
        leaf.line(mark, " ", (_bare(place.name), "bold" if busy else ""), dark)
        if here:
            leaf.line("  ", *_people(state, here, speaking, colours), hang=2)
        ways = exits(state, id_) if busy or (every and not show.pov) else ()
        if ways:
            leaf.line("  ", *_ways(state, ways, colours), hang=4)
    return leaf.text


def cast(show: Show, colours: Colours, width: int, mine: frozenset[str]) -> Text:
    """List the cast: who is up, mood, place; and whom a person plays."""
    leaf, state = Leaf(colours, width), show.state
    speaking = _speaking(show)
    seen = state.where.get(show.pov, "") if show.pov else ""
    names = max((len(person.name) for person in state.cast.values()), default=6)
    for who, person in state.cast.items():
        known = not show.pov or who == show.pov or state.where[who] == seen
        up = ("▸", colours.accent) if who in speaking else " "
        role = ("you", f"reverse {colours.accent}") if who in mine else ""
        name = f"{person.name:{min(names, 12)}}"
        leaf.line(
            up,
            " ",
            (name, colours.of(person.name, bold=who in speaking)),
            " " if role else "",
            role,
            *_how(state, who, colours, known=known),
        )
        if known and width >= 30:
            held = [state.plan.names[thing] for thing, holder in state.held.items() if holder == who]
            if held:
                leaf.line("    ", (_cut(", ".join(map(_bare, held)), width - 5), colours.faint))
    return leaf.text


def _how(state: State, who: str, colours: Colours, *, known: bool) -> list[tuple[str, str]]:
    if not known:
        return [("  elsewhere", colours.faint)]
    if state.fact(who, "alive") is not True:
        return [("  dead", colours.bad)]
    if state.fact(who, "present") is not True:
        return [("  gone", colours.faint)]
    slots = state.slots[who]
    parts = [(f"  {slots.get('mood', '')}", "italic")]
    hurt = any(name.startswith("injury.") and value for name, value in slots.items())
    if hurt or state.fact(who, "hurt"):
        parts.append((" ✚", colours.bad))
    if state.fact(who, "restrained") is True:
        parts.append((" bound", colours.bad))
    return parts


def _speaking(show: Show) -> tuple[str, ...]:
    """Say who is up: whoever acts in the event at the cursor, else those cued."""
    if show.event.by:
        return (show.event.by,)
    return show.state.cued if show.state.phase in ("act", "resolve", "reflect") else ()


def _people(
    state: State, here: tuple[str, ...], speaking: tuple[str, ...], colours: Colours
) -> list[str | tuple[str, str]]:
    parts: list[str | tuple[str, str]] = []
    for who in here:
        name = state.cast[who].name
        parts += [", "] if parts else []
        parts.append((name, colours.of(name, bold=who in speaking)))
        if who in speaking:
            parts.append((" ◂", colours.accent))
    return parts


def _ways(state: State, ways: tuple[Exit, ...], colours: Colours) -> list[str | tuple[str, str]]:
    parts: list[str | tuple[str, str]] = []
    for way in ways:
        parts.append(("· " if parts else "→ ", colours.faint))
        parts.append((_bare(state.world.places[way.to].name), colours.faint))
        if way.door:
            locked = state.fact(way.door, "locked") is True
            sign = "▯" if passable(state, way) else "▣" if locked else "▮"
            parts.append((f" {sign}", colours.good if sign == "▯" else colours.bad))
        parts.append(" ")
    return parts


def _bare(name: str) -> str:
    return name.removeprefix("the ").removeprefix("The ").removeprefix("a ").removeprefix("an ")


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(1, room - 1)]}…"
