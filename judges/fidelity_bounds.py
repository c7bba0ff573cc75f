"""What a character never does or says, cannot know, and cannot talk about from inside the story.

    fidelity.taboo      a verb or speech act of `taboo_verbs`; a line or deed that does what a taboo's sentence forbids
    fidelity.bounds     speaking as one who knows of what the card says the character knows nothing of
    fidelity.fiction    out-of-fiction talk: language models, prompts, policies, the user
    fidelity.period     a word younger than everything in the world's own text

Attempts count: a taboo is broken by trying.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from characters.profile import Core, core_of
from judges.consistency_terms import meant
from judges.fidelity_lexicon import CUT, KNOWING, OUTSIDE, PERIODS, SAYING
from judges.fidelity_replies import Reply, replies, verdict
from judges.reading import Reading
from judges.verdict import Verdict
from judges.words import read_text, stem, tokens
from worlds.actions import Say
from worlds.events import Acted, Event

__all__ = ["bounds"]

_NEVER = re.compile(r"^\s*(?:\w+ )?(?:will )?never\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_SHARE = 0.75
"""Share of a taboo's telling words that must be in one sentence."""
_TOPIC = 0.67
"""The same for what is not known."""
_WH = frozenset({"where", "what", "who", "whether", "why", "how", "which", "that"})


_UNSURE = frozenset(
    "not never nothing if wish wonder want wanted like would should ought might could".split()
)


class _Taboo(NamedTuple):
    text: str
    stems: frozenset[str]
    spoken: bool


def bounds(reading: Reading) -> Iterator[Verdict]:
    """Judge every act and every line of the cast."""
    old = _period(reading)
    for who in reading.cast:
        core = core_of(reading.end.cast[who].core)
        for event in reading.acts.get(who, ()):
            yield _verb(event, core)
    for reply in replies(reading):
        core = core_of(reading.end.cast[reply.who].core)
        yield from _forbidden(reply, core)
        yield _unknown(reply, core)
        yield _outside(reply)
        if old:
            yield _younger(reply, old)


def _verb(event: Event, core: Core) -> Verdict:
    action = event.body.action if isinstance(event.body, Acted) else None
    if action is None:
        return verdict(event, "taboo", "no act", value=None)
    done = {action.verb, action.intent or ""} if isinstance(action, Say) else {action.verb}
    broken = sorted(done & set(core.taboo_verbs))
    if broken:
        return verdict(event, "taboo", f"core.taboo_verbs: {', '.join(broken)}", value=0.0)
    return verdict(event, "taboo", "no forbidden verb")


def _forbidden(reply: Reply, core: Core) -> Iterator[Verdict]:
    """Give the taboos a reply breaks by its words."""
    spoken = isinstance(reply.action, Say)
    for index, text in enumerate(core.taboos):
        taboo = _taboo(text)
        if taboo.spoken != spoken or not taboo.stems:
            continue
        for sentence in _SENTENCE.findall(reply.text):
            said = read_text(sentence)
            share = len(taboo.stems & said.affirmed) / len(taboo.stems)
            if share >= _SHARE and not sentence.rstrip().endswith("?"):
                yield verdict(reply.event, "taboo", f"core.taboo.{index}: “{text}”", value=0.0, sure=0.8)
                break


@lru_cache(maxsize=512)
def _taboo(text: str) -> _Taboo:
    """Read a taboo's sentence: what it forbids, without its reservations, and whether by words or by deeds."""
    core = CUT.split(_NEVER.sub("", text))[0]
    words = tokens(core)
    spoken = bool(words) and words[0] in SAYING
    kept = read_text(" ".join(words[1:] if spoken and len(words) > 1 else words)).stems
    return _Taboo(text, kept, spoken)


def _unknown(reply: Reply, core: Core) -> Verdict:
    """Judge whether somebody speaks as an expert of what lies beyond his bounds."""
    if isinstance(reply.action, Say) and meant(reply.action):
        for index, text in enumerate(core.ignores):
            topic = frozenset(stem(word) for word in tokens(text) if word not in _WH) & read_text(text).stems
            for sentence in _SENTENCE.findall(reply.text):
                if _knowing(sentence, topic):
                    where = f"core.ignores.{index}: “{text}”"
                    return verdict(
                        reply.event, "bounds", f"speaks as one who knows: {where}", value=0.0, sure=0.8
                    )
    return verdict(reply.event, "bounds", "within what can be known")


def _knowing(sentence: str, topic: frozenset[str]) -> bool:
    said = read_text(sentence)
    if not topic or len(topic & said.affirmed) / len(topic) < _TOPIC or sentence.rstrip().endswith("?"):
        return False
    words = set(tokens(sentence))
    return bool(words & KNOWING and words & {"i", "me", "my"}) and not words & _UNSURE


def _outside(reply: Reply) -> Verdict:
    for pattern in OUTSIDE:
        if found := pattern.search(reply.text):
            return verdict(reply.event, "fiction", f"talks from outside the story: “{found[0]}”", value=0.0)
    return verdict(reply.event, "fiction", "inside the story")


def _period(reading: Reading) -> frozenset[str]:
    """Give the words too young for a world; none for a world of today or later."""
    own = _own_words(reading.end.world.model_dump_json()) | frozenset(
        word for character in reading.end.cast.values() for word in _own_words(character.model_dump_json())
    )
    years = [year for year, words in PERIODS.items() if words & own]
    latest = max(years, default=0)
    return frozenset(word for year, words in PERIODS.items() if year > latest for word in words) - own


@lru_cache(maxsize=64)
def _own_words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _younger(reply: Reply, young: frozenset[str]) -> Verdict:
    found = [word for word in tokens(reply.text) if word in young]
    if found:
        return verdict(
            reply.event, "period", f"a word of a later time: {', '.join(found)}", value=0.0, sure=0.9
        )
    return verdict(reply.event, "period", "of its time")
