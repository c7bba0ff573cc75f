"""What a turn leaves behind in a character: the changes a model named, held against what it perceived."""

import re

from characters.minds import Reflection
from characters.replies import tidy
from characters.turn_names import Names
from characters.turn_reply import ChangeReply, TurnReply
from worlds.actions import Change, Scalar
from worlds.events import Link
from worlds.view import Percept, View

__all__ = ["reflection_of"]

_MOST = 6
_CONCLUSION = 300
_WORDS = 80
_BETWEEN = ("mood", "trust", "liking")
"""Families whose values are numbers from -1 to 1."""


def reflection_of(view: View, reply: TurnReply) -> Reflection:
    """Give what of a form about the turn bears on the character. `view` is the one after the ruling."""
    seen = {percept.seq: percept for percept in (*view.past, *view.news)}
    latest = max(seen, default=None)
    if latest is None:
        return Reflection()
    names, changes = Names(view), dict[str, Change]()
    for found in (*_mood(reply), *reply.changes):
        cause = seen.get(found.because) or seen[_newest_of_others(view, latest)]
        change = _change(names, found, cause)
        if change and view.slots.get(change.slot, "") != change.value:
            changes[change.slot] = change
    text = tidy(reply.conclusion, _CONCLUSION)
    links = tuple(Link(number, "because") for number in dict.fromkeys(reply.used) if text and number in seen)
    return Reflection(text=text, changes=tuple(changes.values())[:_MOST], links=links)


def _mood(reply: TurnReply) -> tuple[ChangeReply, ...]:
    word = tidy(reply.feeling, _WORDS // 2).lower().rstrip(".!")
    return (ChangeReply(slot="mood", value=word),) if re.search(r"\w", word) else ()


def _newest_of_others(view: View, latest: int) -> int:
    """Give the seq of what a change is put down to if the model does not say: the newest that was not one's own."""
    return next((percept.seq for percept in reversed(view.news) if percept.by != view.who), latest)


def _change(names: Names, found: ChangeReply, cause: Percept) -> Change | None:
    """Give a change if the slot is one that may change so; None if not."""
    family, _, rest = tidy(found.slot, _WORDS).lower().partition(".")
    rest = re.sub(r"\W+", "_", rest) if family != "belief" else rest
    value: Scalar | None = None
    if family == "mood" and not rest:
        value = tidy(str(found.value), _WORDS)
    elif family in _BETWEEN:
        rest = rest if family == "mood" else names.person(rest)
        value = _degree(found.value) if rest and rest != names.view.who else None
    elif family == "goal":
        known = f"goal.{rest}" in names.view.slots
        value = (
            str(found.value).strip().lower()
            if known and str(found.value).strip().lower() in ("done", "dropped")
            else None
        )
    elif family == "belief":
        return _belief(names, rest, found, cause)
    elif family in ("taste", "fear"):
        value = tidy(str(found.value), _WORDS)
    if value is None or (family != "mood" and not rest):
        return None
    return Change(f"{family}.{rest}" if rest else family, value, cause.seq)


def _degree(value: Scalar) -> float | None:
    """Give a number from -1 to 1; what is beyond is no number on this scale, and not the nearest either."""
    if isinstance(value, str) and re.fullmatch(r"\s*[-+−]?\d*\.?\d+\s*", value):
        value = float(value.replace("−", "-"))
    if isinstance(value, bool | str) or not -1 <= value <= 1:
        return None
    return round(float(value), 2)


def _belief(names: Names, rest: str, found: ChangeReply, cause: Percept) -> Change | None:
    subject, _, attribute = rest.partition(".")
    subject = names.id(subject)
    if not subject or attribute not in names.attributes:
        return None
    value = found.value
    if isinstance(value, str):
        value = names.id(value) or tidy(value, _WORDS)
    source = cause.by if cause.kind == "acted" and cause.by != names.view.who else ""
    return Change(f"belief.{subject}.{attribute}", value, cause.seq, source=source)
