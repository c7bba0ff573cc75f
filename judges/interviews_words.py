"""Profiles in the words of an interview: what a slot is about, what a value of it says, why it changed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations
from random import Random
from typing import NamedTuple

from judges.tracking_timeline import family
from worlds.actions import Scalar
from worlds.spec import Phrase

__all__ = ["Wording", "balanced", "level", "plain", "shortened"]

_NOTHING = {
    "injury": "whole, with nothing wrong there",
    "fear": "not afraid of it at all",
    "taste": "no feeling about it either way",
    "belief": "nothing that could be called a belief",
}
_DEGREES = {
    "trust": ("no trust at all", "some mistrust", "neither trust nor mistrust", "some trust", "full trust"),
    "liking": ("open dislike", "some dislike", "no feeling either way", "some liking", "great fondness"),
}
_EDGES = (-0.5, -0.15, 0.15, 0.5)
_WANTS = {
    "have": "to have {0}",
    "learn": "to find out about {0}",
    "at": "to get to {0}",
    "alone": "to be alone with {0}",
    "trust": "to win the trust of {0}",
    "make": "to see to {0}",
    "tell": "to tell {1} the truth",
    "hide": "to keep {0} hidden",
    "keep": "to keep hold of {0}",
    "give": "to give {0} to {1}",
    "expose": "to show up {0}",
    "befriend": "to be friends with {0}",
}
_TAILS = (
    ", it seems", ", so they say", ", by all accounts", ", as far as can be told", ", when all is said",
    ", for what it is worth", ", if one looks closely", ", to put it plainly", ", one would say", ", all in all",
    ", in a word", ", on the whole", ", to be exact", ", or very nearly so", ", as things go", ", truth be told",
)  # fmt: skip
_MARGIN = 0.08
_SPACE = re.compile(r"\s+")


class Wording(NamedTuple):
    """Names and phrases of one world."""

    names: Mapping[str, str]
    phrases: Mapping[str, Phrase]
    people: Mapping[str, str]

    def noun(self, id_: str) -> str:
        """Give what an id is called."""
        return self.names.get(id_, id_.replace("_", " "))

    def topic(self, slot: str) -> str:
        """Say what a slot is about, as it stands after `as to`."""
        kind, _, rest = slot.partition(".")
        if kind == "belief":
            subject, _, attribute = rest.partition(".")
            phrase = self.phrases.get(attribute)
            asks = phrase.asks.replace("{subject}", self.noun(subject)) if phrase else ""
            return f"the question {asks.rstrip('?')}" if asks else f"the {attribute} of {self.noun(subject)}"
        if kind == "goal":
            return "a want that came up on the way"
        return self.noun(rest) if rest in self.names else rest.replace("_", " ").replace(".", ", ")

    def value(self, slot: str, value: Scalar) -> str:
        """Say what a value amounts to, as it stands after a colon; empty for what cannot be put in words."""
        kind = family(slot)
        if kind in _DEGREES:
            return _DEGREES[kind][level(value)] if isinstance(value, int | float) else _DEGREES[kind][2]
        if value == "":
            return _NOTHING.get(kind, "")
        if isinstance(value, bool):
            return "yes" if value else "no"
        return self.want(str(value)) if kind == "goal" else self.noun(str(value))

    def want(self, phrase: str) -> str:
        """Put a want of the language of goals in words; empty for one that is done or dropped."""
        kind, *args = phrase.split()
        if kind not in _WANTS or not args:
            return ""
        nouns = [self.noun(arg.partition(".")[0]) for arg in args]
        return _WANTS[kind].format(*nouns, *[nouns[-1]] * 2)

    def reason(self, text: str) -> str:
        """Give a reason with the people left out, so that no name gives away whose it is."""
        for name in sorted(self.people.values(), key=len, reverse=True):
            text = re.sub(rf"\b{re.escape(name)}\b", "someone", text)
        return _SPACE.sub(" ", text).strip()


def level(value: Scalar) -> int:
    """Give the degree of a bond, 0 to 4."""
    number = float(value) if isinstance(value, int | float) else 0.0
    return sum(number >= edge for edge in _EDGES)


def shortened(texts: tuple[str, ...], most: int = 110) -> tuple[str, ...]:
    """Cut texts to one length, at words, as near the shortest as 10 % allows."""
    length = min(most, *(len(text) for text in texts))
    return tuple(text if len(text) <= length * 1.05 else _cut(text, length) for text in texts)


def balanced(texts: tuple[str, ...], draw: Random) -> tuple[str, ...] | None:
    """Fill up texts with words that say nothing until their lengths are within 10 %; None if they are too unequal."""
    longest = max(map(len, texts)) + draw.choice((9, 12, 15, 18, 21))
    fillings, lengths = _fillings()
    made = []
    for text in texts:
        low = bisect_left(lengths, (1 - _MARGIN) * longest - len(text))
        high = bisect_right(lengths, longest - len(text))
        if low >= high:
            return None
        made.append(text + fillings[draw.randrange(low, high)])
    return tuple(made)


def plain(text: str) -> str:
    """Give an option without the words that only fill it up."""
    for tail in _TAILS * 3:
        text = text.removesuffix(tail)
    return text


def _cut(text: str, length: int) -> str:
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-") + " …"


@lru_cache(maxsize=1)
def _fillings() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Give everything that fills up, shortest first, and the lengths."""
    found = sorted(("".join(tails) for count in range(4) for tails in combinations(_TAILS, count)), key=len)
    return tuple(found), tuple(map(len, found))
