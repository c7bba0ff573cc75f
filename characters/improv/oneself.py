"""Speaking of oneself: the hurts, fears and tastes one has by now, in the first person.

Authors write such slots as notes about somebody: `fond of it, to her annoyance`. Here they become what she says.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from characters.improv.ideas import Idea, Utterance, leaning, speech_share
from characters.improv.me import Me
from characters.improv.speech_polish import expand, tidy
from characters.profile import Core
from worlds.actions import Intent
from worlds.events import Link
from worlds.view import Fellow, Percept

__all__ = ["of_oneself", "own_words"]

_FAMILIES: Mapping[str, tuple[float, Intent, Intent]] = {
    "injury": (0.3, "admit", "muse"),
    "fear": (0.26, "confide", "muse"),
    "taste": (0.26, "small_talk", "muse"),
}
"""How much one wants to speak of it, and by which speech act in company and alone."""

_STRUCK = 0.35
"""How much more so while what befell one is fresh."""

_PRONOUNS = {
    "she": (("herself", "myself"), ("hers", "mine"), ("her", "my"), ("she", "I")),
    "he": (("himself", "myself"), ("his", "my"), ("him", "me"), ("he", "I")),
    "they": (),
}
_COUNTED = {"she": r"\b(?:she|her|hers)\b", "he": r"\b(?:he|his|him)\b"}
_VERB = re.compile(
    r"^(?P<before>(?:no longer|never|still|hardly|only|has|does not) )?(?P<verb>[a-z]+)\b(?P<rest>.*)$"
)
_AFTER_I = re.compile(r"\bI (?P<verb>[a-z]+s)\b")
_STATE = re.compile(
    r"^(?:(?:rather|helplessly|still|no longer|quite) )?(?:fond|afraid|frightened|suspicious|indifferent|"
    r"shy|wary|curious|happiest|uneasy|ashamed|sure|sick|tired|scared|terrified|nervous|proud|used)\b"
)
_MODAL = frozenset("cannot can could will would must may might should has had did".split())
_NO_VERB = frozenset(
    "is its this his hers as was always sometimes perhaps less thus us does has bellows".split()
)
_OBJECT = re.compile(r"\bmy(?= (?:so|now|again|today|tonight|and|or|to|in|on|at|by|with|of)\b|[.,;:!?]|$)")


def of_oneself(me: Me) -> Iterator[Idea]:
    """Give what one might say of a hurt, a fear or a taste that has not been spoken of yet."""
    said = "\n".join(expand(line) for line in me.view.said)
    cause = _blow(me)
    links = (Link(cause.seq, "because"),) if cause else ()
    near = max(me.view.fellows, key=lambda fellow: _dear(me, fellow), default=None)
    for slot, value in me.slots.items():
        family, _, topic = slot.partition(".")
        if family not in _FAMILIES or not isinstance(value, str) or not value:
            continue
        words = own_words(me.core, slot, value)
        if expand(words).strip(" .!") in said:
            continue
        worth, spoken, alone = _FAMILIES[family]
        worth += speech_share(me) + (_STRUCK if cause else 0.0)
        intent, to = (spoken, (near.id,)) if near else (alone, ())
        act = Utterance(intent, to, topic.replace("_", " "), own=words)
        yield Idea(worth + 0.4 * leaning(me, intent, near.id if near else ""), act, "oneself", links=links)


def own_words(core: Core, slot: str, value: str) -> str:
    """Put a slot into a sentence of one's own, as in `My arm: scalded from wrist to elbow`."""
    return _own_words(core.identity, core.summary, slot, value)


@lru_cache(maxsize=4096)
def _own_words(identity: str, summary: str, slot: str, value: str) -> str:
    family, _, topic = slot.replace("_", " ").partition(".")
    pronoun = _pronoun_of(f"{identity} {summary}".lower())
    about = f"my {topic}" if family == "injury" else _pronouned(topic, pronoun)
    return tidy(f"{about}: {_first_person(value, pronoun)}")


def _dear(me: Me, fellow: Fellow) -> tuple[float, str]:
    return (me.trust(fellow.id) + me.liking(fellow.id), fellow.id)


def _blow(me: Me) -> Percept | None:
    """Give the latest thing that befell one, within memory."""
    name = me.view.name.split()[0]
    for percept in reversed((*me.view.past, *me.view.news)):
        if percept.kind in ("happened", "intervened") and name in percept.text:
            return percept
    return None


def _first_person(value: str, pronoun: str) -> str:
    text = _pronouned(value, pronoun)
    if _STATE.match(text):
        return f"I am {text}"
    found = _VERB.match(text)
    if found is None:
        return text
    before, verb, rest = found["before"] or "", found["verb"], found["rest"]
    if before == "has ":
        return f"I have {verb}{rest}"
    if before == "does not ":
        return f"I do not {verb}{rest}"
    if not before and verb in _MODAL:
        return f"I {'have' if verb == 'has' else verb}{rest}"
    if _is_verb(verb):
        return f"I {before}{_bare(verb)}{rest}"
    return text


def _is_verb(word: str) -> bool:
    """Whether a word that opens a note is a verb in the third person."""
    return word.endswith("s") and not word.endswith("ss") and word not in _NO_VERB


def _bare(verb: str) -> str:
    """Give a verb without the ending of the third person: `flinches`, `tries`, `lies`, `finds`."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y" if len(verb) > 4 else verb[:-1]
    if re.search(r"(?:ch|sh|ss|x|zz|o)es$", verb):
        return verb[:-2]
    return verb[:-1]


def _pronouned(text: str, pronoun: str) -> str:
    """Let what is said of her, or of him, be said of oneself."""
    for theirs, own in _PRONOUNS[pronoun]:
        text = re.sub(rf"\b{theirs}\b", own, text)
    text = _OBJECT.sub("me", text)
    return _AFTER_I.sub(lambda found: f"I {_bare(found['verb'])}", text)


def _pronoun_of(text: str) -> str:
    """Find out by which pronoun the author speaks of this character."""
    counts = {pronoun: len(re.findall(pattern, text)) for pronoun, pattern in _COUNTED.items()}
    best = max(counts, key=lambda pronoun: counts[pronoun])
    return best if counts[best] else "they"
