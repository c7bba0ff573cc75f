"""Changes of a profile in plain words, third person, for remembering."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal, TypeAlias

from worlds.actions import Change, Scalar
from worlds.state import State

__all__ = ["Family", "family", "relation_word", "tell_change", "wanted"]

Family: TypeAlias = Literal["", "belief", "relation", "goal", "self"]

_FAMILIES: Mapping[str, Family] = {
    "belief": "belief", "trust": "relation", "liking": "relation", "goal": "goal",
    "taste": "self", "fear": "self", "injury": "self",
}  # fmt: skip
_MOOD = "mood"
_BOUNDS = (-0.5, -0.15, 0.15, 0.5)
_RELATIONS = {
    "trust": ("deeply distrusts", "distrusts", "neither trusts nor distrusts", "trusts", "deeply trusts"),
    "liking": ("hates", "dislikes", "neither likes nor dislikes", "likes", "is very fond of"),
}
_UNSURE = 0.7


def family(slot: str, *, authored: bool) -> Family:
    """Say what kind of thing a slot holds; empty for what is not worth remembering.

    Moods pass, and minds keep books in slots of their own. A slot of any other name is remembered if the
    character's author gave it (`authored`).
    """
    name = slot.partition(".")[0]
    if name in _FAMILIES:
        return _FAMILIES[name]
    return "self" if authored and name != _MOOD else ""


def relation_word(slot: str, value: Scalar) -> str:
    """Give the word for a degree of trust or liking."""
    words = _RELATIONS[slot.partition(".")[0]]
    number = value if isinstance(value, int | float) else 0.0
    return words[bisect_right(_BOUNDS, number)]


def tell_change(state: State, who: str, change: Change, before: Scalar) -> str:
    """Put a slot's new value into a sentence; `before` is the value it had, empty if none."""
    name = state.plan.names[who]
    match family(change.slot, authored=True):
        case "belief":
            return f"{name} {_believed(state, change, before)}"
        case "relation":
            other = _named(state, change.slot.partition(".")[2])
            return f"{name} now {relation_word(change.slot, change.value)} {other}."
        case "goal":
            return f"{name} {_aimed(state, who, change, before)}"
        case _:
            return f"{name}: {_own(state, change, before)}"


def wanted(state: State, want: Scalar) -> str:
    """Give a goal in the little language of wants with names in place of ids."""
    words = str(want).replace(".", " ").split()
    return " ".join((words[0], *(_named(state, word) for word in words[1:]))) if words else ""


def _believed(state: State, change: Change, before: Scalar) -> str:
    subject, _, attribute = change.slot.removeprefix("belief.").partition(".")
    if change.value == "":
        return f"no longer believes that {_clause(state, subject, attribute, before)}."
    clause = _clause(state, subject, attribute, change.value)
    source = f", as {_named(state, change.source)} said" if change.source else ""
    return f"{'believes' if change.sure >= _UNSURE else 'suspects'} that {clause}{source}."


def _clause(state: State, subject: str, attribute: str, value: Scalar) -> str:
    phrase = state.world.phrases.get(attribute)
    if phrase is not None:
        says = phrase.denies if value is False else phrase.says
        # Two plain replacements, since what authors write is never formatted.
        return says.replace("{subject}", _named(state, subject)).replace("{value}", _named(state, str(value)))
    what = attribute.replace("_", " ").replace(".", " ")
    shown = str(value).lower() if isinstance(value, bool) else _named(state, str(value))
    return f"the {what} of {_named(state, subject)} is {shown}"


def _aimed(state: State, who: str, change: Change, before: Scalar) -> str:
    aim = (
        _goal(state, who, change.slot)
        or wanted(state, before)
        or change.slot.removeprefix("goal.").replace("_", " ")
    )
    match change.value:
        case "done":
            return f"has reached this goal: {aim}."
        case "dropped" | "":
            return f"has given this goal up: {aim}."
        case _:
            return f"has a goal now: {wanted(state, change.value)}."


def _goal(state: State, who: str, slot: str) -> str:
    """Give a goal in the words of the character's own core; empty if it is none of those."""
    goals = state.cast[who].core.get("goals")
    for goal in goals if isinstance(goals, list) else ():
        if isinstance(goal, dict) and f"goal.{goal.get('id')}" == slot:
            return str(goal.get("text", ""))
    return ""


def _own(state: State, change: Change, before: Scalar) -> str:
    what = change.slot.replace("_", " ").replace(".", " of ", 1)
    if change.value == "":
        return f"{what} is over; it was: {before}."
    was = f" Before, it was: {before}." if before not in ("", change.value) else ""
    return f"{what} is now: {_named(state, str(change.value))}.{was}"


def _named(state: State, id_: str) -> str:
    return state.plan.names.get(id_, id_.replace("_", " "))
