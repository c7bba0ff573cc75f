"""Names and small words: who and what is spoken of, as this speaker says it to this hearer.

Nouns carry their person, so that verbs and pronouns can agree: `I have`, `you have`, `Odo has`, `the keys are`.
"""

import re
from collections.abc import Collection
from typing import Literal, NamedTuple, TypeAlias

from worlds.actions import Scalar
from worlds.view import View

__all__ = [
    "Noun",
    "Person",
    "base_form",
    "conjugate",
    "in_place",
    "name_of",
    "noun_of",
    "noun_phrase",
    "number_words",
    "subject_of",
]

Person: TypeAlias = Literal["i", "you", "one", "many"]

_ON = frozenset(
    "deck terrace roof stage pier quay jetty balcony stairs stair steps road path trail track bridge "
    "platform island shore beach hill ridge pass slope catwalk gangway walkway ledge rampart green porch veranda "
    "ship boat train ferry moor heath cliff summit mountain gallery rigging staircase".split()
)
_AT = frozenset(
    "door gate well dock landing entrance crossroads fountain altar lookout window bar ford spring".split()
)
_SINGULAR_S = frozenset("gas lens canvas atlas compass news cosmos chaos us this".split())
_TO_BE = {"is": ("am", "are"), "was": ("was", "were"), "has": ("have", "have"), "does": ("do", "do")}
_ADVERBS = frozenset(
    "never always still also once often secretly only just really now already truly hardly both all ever".split()
)
_VERB = re.compile(rf"(\s+(?:(?:{'|'.join(sorted(_ADVERBS))}|no longer)\s+)*)([a-z']+)")
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()


class Noun(NamedTuple):
    """Somebody or something as it is called, and the person its verb agrees with."""

    text: str
    person: Person = "one"

    @property
    def object(self) -> str:
        """The form after a verb or preposition."""
        return "me" if self.person == "i" else self.text

    @property
    def possessive(self) -> str:
        """The form before what belongs to it."""
        if self.person in {"i", "you"}:
            return "my" if self.person == "i" else "your"
        return f"{self.text}'" if self.person == "many" and self.text.endswith("s") else f"{self.text}'s"


def name_of(view: View, who: str) -> str:
    """Name somebody or something as one does in talk: `the silver ring`, `Mira`, `the cellar`."""
    known = view.names.get(who) or next((sight.name for sight in view.sights if sight.id == who), "")
    known = known or next((way.name for way in view.ways if way.to == who), "")
    if not known:
        return f"the {who.replace('_', ' ')}" if who else "that"
    return noun_phrase(known)


def noun_phrase(name: str) -> str:
    """Make a name definite: what is talked about is known to both."""
    first, _, rest = name.partition(" ")
    if first.lower() in {"a", "an", "the", "some"} and rest:
        return f"the {rest}"
    return name


def noun_of(view: View, word: Scalar, to: Collection[str] = ()) -> Noun:
    """Give the noun for an id or a plain value; the speaker is I, and who is spoken to alone is you."""
    if isinstance(word, bool):
        return Noun("so" if word else "not so")
    if isinstance(word, int | float):
        return Noun(number_words(word))
    if word == view.who:
        return Noun("I", "i")
    if word in to and len(to) == 1:
        return Noun("you", "you")
    if word not in view.names and not any(sight.id == word for sight in view.sights):
        return Noun(word.replace("_", " "), "one")
    text = name_of(view, word)
    return Noun(text, "many" if text.startswith("the ") and _is_plural(text) else "one")


def subject_of(view: View, subject: str, to: Collection[str] = ()) -> Noun:
    """Give the noun for what a fact is about; what has no name is called by its id: `the station`."""
    noun = noun_of(view, subject, to)
    unnamed = noun.person == "one" and subject not in view.names and " " not in subject
    return Noun(name_of(view, subject)) if unnamed else noun


def _is_plural(text: str) -> bool:
    head = re.split(r" (?:of|with|in|on|from|for|to|that|by|at) |,", text)[0].rsplit(" ", 1)[-1].lower()
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "'s")) and head not in _SINGULAR_S


def number_words(value: float) -> str:
    """Write small whole numbers out."""
    if value == int(value) and 0 <= value < len(_SMALL):
        return _SMALL[int(value)]
    return f"{value:g}"


def in_place(place: str) -> str:
    """Put the right preposition before the name of a place: `in the cellar`, `on the bridge`, `at the gate`."""
    head = (
        re.split(r" (?:of|with|in|to|above|below|behind) ", place)[0].replace("-", " ").lower().split()[-1:]
    )
    return f"{'on' if _ON.issuperset(head) else 'at' if _AT.issuperset(head) else 'in'} {place}"


def conjugate(words: str, person: Person) -> str:
    """Make the first verb of what follows a subject agree with it; the text comes in the third person singular."""
    if person == "one":
        return words
    found = _VERB.match(words)
    if not found:
        return words
    gap, verb = found.groups()
    return f"{gap}{_agree(verb, person)}{words[found.end() :]}"


def _agree(verb: str, person: Person) -> str:
    stem, negated = (verb[:-3], " not") if verb.endswith("n't") else (verb, "")
    if stem in _TO_BE:
        return _TO_BE[stem][0 if person == "i" else 1] + negated
    return verb if negated else base_form(verb)


def base_form(verb: str) -> str:
    """Take a verb in the present tense back from the third person: `carries` to `carry`."""
    if verb in _TO_BE:
        return _TO_BE[verb][1]
    if not verb.endswith("s") or verb.endswith(("ss", "us", "is")):
        return verb
    if verb.endswith("ies") and len(verb) > len("dies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")) else verb[:-1]
