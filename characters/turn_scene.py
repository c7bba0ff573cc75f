"""The moment in words: where one is, who and what is there, and how things stand with oneself."""

from collections.abc import Iterator

from characters.profile import core_of
from worlds.actions import Scalar
from worlds.state import MINUTES_A_DAY
from worlds.view import Fellow, Sight, View

__all__ = ["now_lines", "standing_lines"]

_SHOWN = ("restrained", "hurt", "alive")
"""Facts about people that can be seen."""

_OVER = ("done", "dropped", "")
"""What a goal is when it is none any more."""


def now_lines(view: View) -> Iterator[str]:
    """Say when and where it is, who is here, and what is at hand."""
    day, minute = divmod(view.time, MINUTES_A_DAY)
    yield f"Day {day + 1}, {minute // 60:02}:{minute % 60:02}. You are in {view.place_name} ({view.place})."
    if view.dark:
        yield "It is too dark to see anything."
    yield f"Here with you: {'; '.join(_fellow(view, fellow) for fellow in view.fellows) or 'nobody'}."
    carried = [sight for sight in view.sights if sight.at == view.who]
    others = [sight for sight in view.sights if sight.at != view.who]
    yield f"You carry: {', '.join(_thing(view, sight) for sight in carried) or 'nothing'}."
    if others:
        yield f"In sight: {', '.join(_thing(view, sight) for sight in others)}."
    for way in view.ways:
        if not way.open:
            yield f"The way to {view.names.get(way.to, way.to)} is {'locked' if way.locked else 'shut'}."
    if not view.dark:
        yield " ".join(view.place_text.split())


def standing_lines(view: View) -> Iterator[str]:
    """Say what one feels, wants and believes, and what one thinks of the others; the slots as they are now.

    What matters most comes first, since in a long story this is cut: what is over is said last.
    """
    families: dict[str, dict[str, Scalar]] = {}
    for slot, value in view.slots.items():
        family, _, rest = slot.partition(".")
        if value not in ("", 0) or family == "goal":
            families.setdefault(family, {})[rest] = value
    yield _mood(families.get("mood", {}))
    for family in ("injury", "fear", "taste"):
        for name, value in families.get(family, {}).items():
            yield f"{family}.{name}: {value}"
    for who in dict.fromkeys((*families.get("trust", {}), *families.get("liking", {}))):
        trust, liking = (families.get(kind, {}).get(who, 0) for kind in ("trust", "liking"))
        yield f"{view.names.get(who, who)}: trust.{who} {trust}, liking.{who} {liking}"
    goals = families.get("goal", {})
    words = {goal.id for goal in core_of(view.core).goals}
    open_ = {name: value for name, value in goals.items() if value not in _OVER}
    yield from (f"You want: {value} (goal.{name})." for name, value in open_.items() if name not in words)
    for name, value in families.get("belief", {}).items():
        yield _belief(view, name, value, families)
    if len(open_) < len(goals):
        over = (f"goal.{name} {goals[name] or 'dropped'}" for name in goals if name not in open_)
        yield f"No longer wanted: {', '.join(over)}."


def _mood(moods: dict[str, Scalar]) -> str:
    strong = ", ".join(f"mood.{name} {value}" for name, value in moods.items() if name)
    word = moods.get("", "nothing in particular")
    return f"You feel {word} ({strong})." if strong else f"You feel {word}."


def _belief(view: View, name: str, value: Scalar, families: dict[str, dict[str, Scalar]]) -> str:
    subject, _, attribute = name.partition(".")
    phrase = view.phrases.get(attribute)
    words = f"{subject}.{attribute} is {value}"
    if phrase:
        named = view.names.get(subject, subject), view.names.get(str(value), str(value))
        words = phrase.says.replace("{subject}", named[0]).replace("{value}", named[1])
    sure, source = families.get("sure", {}).get(name), families.get("source", {}).get(name)
    notes = [f"belief.{name} = {value}", f"sure {sure}" if sure else "", f"from {source}" if source else ""]
    return f"You believe: {words} ({', '.join(note for note in notes if note)})."


def _fellow(view: View, fellow: Fellow) -> str:
    notes = [
        f"{name} {fellow.facts[name]}"
        for name in _SHOWN
        if fellow.facts.get(name) not in (None, False, 0, True)
    ]
    notes += ["held fast"] if fellow.facts.get("restrained") is True else []
    held = ", ".join(view.names.get(thing, thing) for thing in fellow.holds)
    notes += [f"carrying {held}"] if held else []
    return ", ".join([f"{fellow.name} ({fellow.id})", *notes])


def _thing(view: View, sight: Sight) -> str:
    facts = [word for word in ("open", "locked", "lit", "broken") if sight.facts.get(word) is True]
    facts += ["shut"] if sight.facts.get("open") is False else []
    inside = sight.at not in (view.place, view.who) and sight.at in view.names
    where = [f"in {view.names[sight.at]}"] if inside and not sight.door else []
    return f"{sight.name} ({', '.join([sight.id, *facts, *where])})"
