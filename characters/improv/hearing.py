"""Speech as its hearer takes it: who said what to whom, and what it asks or demands.

A line carries its meaning in `Say.intent`, `Say.claims` and `Say.topic`. What has no field of its own travels in
the topic: a question as `subject.attribute`, a demand in goal language (`give ring mira`). Lines of other minds
may lack all of that; then it is read from the words, as far as it goes.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from characters.profile import GOALS
from worlds.actions import Claim, Say
from worlds.view import Percept, View

__all__ = ["Heard", "hear", "words"]

_DEMANDING = ("persuade", "bargain", "threaten", "order", "promise", "ask", "agree", "refuse")
_SMALL = frozenset(
    {"a", "an", "the", "of", "is", "has", "who", "what", "where", "did", "do", "does", "was", "to"}
)


class Heard(NamedTuple):
    """One line another character said, as one character took it."""

    seq: int
    turn: int
    by: str
    to: tuple[str, ...]
    aim: float
    """How much it was meant for the hearer: 1 addressed, less for the room, 0 for a line to somebody else."""
    intent: str
    topic: str
    asks: tuple[str, str] | None
    want: str
    claims: tuple[Claim, ...]
    manner: str
    percept: Percept


def hear(view: View, percept: Percept) -> Heard | None:
    """Read a percept as speech by another; None if it is not, or was not understood whole."""
    say = percept.action
    if percept.by == view.who or percept.kind != "acted" or not isinstance(say, Say):
        return None
    intent = _intent(say)
    asks, want = _asked(view, say, intent), ""
    if " " in say.topic and say.topic.split()[0] in GOALS and intent in _DEMANDING:
        want = say.topic
        if want.startswith("learn "):
            subject, _, attribute = want.removeprefix("learn ").partition(".")
            asks = (subject, attribute)
    return Heard(
        percept.seq, percept.turn, percept.by, say.to, _aim(view, percept, say), intent,
        say.topic, asks, want, say.claims, say.manner, percept,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """Give the telling words of a text, lower case."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower())) - _SMALL


def _intent(say: Say) -> str:
    """Name the speech act a hearer perceives. A lie sounds like a statement."""
    if say.intent == "lie":
        return "tell" if not say.claims or say.claims[0].holds else "deny"
    if say.intent is not None:
        return say.intent
    return "ask" if say.text.rstrip().endswith("?") else "tell" if say.claims else "small_talk"


def _aim(view: View, percept: Percept, say: Say) -> float:
    if view.who in say.to:
        return 1.0 if len(say.to) == 1 else 0.85
    if say.to:
        return 0.0
    others = len(view.fellows)
    named = view.name.split()[0].lower() in words(percept.text)
    return 1.0 if others <= 1 else 0.8 if named else 0.5 if others == 2 else 0.35


def _asked(view: View, say: Say, intent: str) -> tuple[str, str] | None:
    if re.fullmatch(r"\w+\.\w+", say.topic):
        subject, _, attribute = say.topic.partition(".")
        return subject, attribute
    if intent != "ask":
        return None
    return _asked_in(say.text, _Names(view.names), _Names({key: p.asks for key, p in view.phrases.items()}))


class _Names(dict[str, str]):
    """A mapping that is hashed by its contents."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__(names)
        self.key = tuple(self.items())

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self.key)


@lru_cache(maxsize=1024)
def _asked_in(text: str, names: _Names, asks: _Names) -> tuple[str, str] | None:
    """Find the subject and attribute a question in free words is about; None if it cannot be told.

    `asks` maps an attribute to its question form, such as `who has {subject}`.
    """
    spoken = words(text)
    subjects = [id_ for id_, name in names.items() if (own := words(name)) and own <= spoken]
    if not subjects:
        return None
    subject = max(subjects, key=lambda id_: len(words(names[id_])))
    for attribute, form in asks.items():
        telling = words(form.replace("{subject}", ""))
        if telling and telling & spoken:
            return subject, attribute
    lowered = text.lower()
    if "where" in lowered:
        return subject, "at"
    return (subject, "holder") if re.search(r"\bwho (has|holds|took|keeps)\b", lowered) else None
