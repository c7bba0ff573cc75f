"""Damage to what is said and how: voices, traits, taboos, bounds, the fiction, the period."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from characters.profile import Core, core_of
from judges.damage import Damage, Site
from judges.damage_tools import quiet, reacted, spoken
from judges.fidelity_lexicon import CUT, SAYING
from judges.reading import Reading
from judges.words import tokens
from judges.words_lexicon import OPPOSITES
from worlds.actions import Action, Do, Say, Touch
from worlds.events import Event

__all__ = ["LINES"]

_VOICES = ("fidelity.attribution", "fidelity.apc")
_ANY = ("fidelity.voice", "fidelity.attribution", "fidelity.apc", "fidelity.missed", "consistency.repetition")
"""A strange line may sound strange too, and says nothing it was asked for."""


def _swapped(reading: Reading, address: str) -> Iterator[Site]:
    del address
    lines = [event for event in quiet(reading) if len(tokens(spoken(event).text)) >= 6]
    for one, other in pairwise(lines):
        if one.by != other.by:
            first, second = spoken(one), spoken(other)
            yield {
                one.seq: reacted(one, first.model_copy(update={"text": second.text})),
                other.seq: reacted(other, second.model_copy(update={"text": first.text})),
            }


def _borrowed(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        say, draw = spoken(event), Random(f"{address}:{event.seq}")
        other = draw.choice([who for who in reading.cast if who != event.by])
        own = core_of(reading.end.cast[other].core).voice
        lines = [*(own.lines.get(say.intent, ()) if say.intent else ()), *own.samples]
        names = reading.end.plan.names
        to = names.get(say.to[0], "friend") if say.to else "friend"
        full = [line.replace("{to}", to) for line in lines]
        whole = [line for line in full if "{" not in line and len(tokens(line)) >= 6]
        if whole:
            yield {event.seq: reacted(event, say.model_copy(update={"text": draw.choice(whole)}))}


_TURNED = (
    "I have never been {trait} in my life.",
    "There is nothing {trait} about me, and there never was.",
    "I am {opposite}. I was born {opposite}.",
    "If you want to know what I am, I am {opposite}, through and through.",
)
_CARELESS = (
    "I do not care about {value}.",
    "I never cared about {value}, not for an hour.",
    "I care nothing for {value}; I have never seen the use.",
)
_IGNORANT = ("I know nothing about {topic}.", "I never knew a thing about {topic}.")


def _strange(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        draw = Random(f"{address}:{event.seq}")
        lines = list(_denials(core_of(reading.end.cast[event.by].core), draw))
        if lines:
            yield _told(event, draw.choice(lines))


def _denials(core: Core, draw: Random) -> Iterator[str]:
    """Give lines in which somebody denies who he is."""
    for trait, strength in core.traits.items():
        against = _against(trait)
        if strength >= 0.65 and against:
            yield draw.choice(_TURNED).format(trait=trait, opposite=draw.choice(against))
        elif strength <= 0.35:
            yield f"I am {trait}, more {trait} than anybody I know."
    for value in core.values:
        yield draw.choice(_CARELESS).format(value=value)
    for topic in core.knows:
        yield draw.choice(_IGNORANT).format(topic=topic)


def _against(trait: str) -> Sequence[str]:
    for line in OPPOSITES:
        one, other = (side.split() for side in line.split("|"))
        if trait in one or trait in other:
            return other if trait in one else one
    return ()


_BROKEN = (
    "There, I have said it: {what}.",
    "Let me say it for once: {what}.",
    "Why should I not say it? {what}, I say.",
)


def _tabooed(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        draw = Random(f"{address}:{event.seq}")
        acts = list(_forbidden(reading, event, draw))
        if acts:
            yield {event.seq: reacted(event, draw.choice(acts))}


def _forbidden(reading: Reading, event: Event, draw: Random) -> Iterator[Action]:
    """Give what somebody would never do."""
    core, say = core_of(reading.end.cast[event.by].core), spoken(event)
    state = reading.before(event.seq)
    near = [who for who in state.here(state.where[event.by]) if who != event.by]
    for verb in core.taboo_verbs:
        if verb == "attack" and near:
            yield Touch(verb="attack", target=draw.choice(near))
        elif verb == "restrain" and near:
            yield Touch(verb="restrain", target=draw.choice(near))
        elif verb in ("threaten", "joke", "lie"):
            yield Say.model_validate({**say.model_dump(), "intent": verb})
    for taboo in core.taboos:
        plain = CUT.split(re.sub(r"^\s*never\s+", "", taboo, flags=re.IGNORECASE))[0].strip(" .")
        verb, _, what = plain.partition(" ")
        if verb.lower() in SAYING and what:
            yield say.model_copy(update={"text": draw.choice(_BROKEN).format(what=what)})
        elif verb.lower() not in SAYING:
            yield Do(text=plain)


_EXPERT = (
    "I know all there is to know about {topic}.",
    "Let me explain {topic} to you. I have studied it for years.",
    "I am an expert in {topic}, as anybody here can tell you.",
)


def _expert(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        draw, core = Random(f"{address}:{event.seq}"), core_of(reading.end.cast[event.by].core)
        if core.ignores:
            yield _told(event, draw.choice(_EXPERT).format(topic=draw.choice(core.ignores)))


_MACHINES = (
    "As an AI language model, I have no feelings about that.",
    "I'm sorry, but I cannot assist with that request.",
    "I am only an AI, and my training data does not cover it.",
    "How can I assist you today?",
    "Let us stay in character for the rest of this role-play.",
    "That goes against the content policy.",
)


def _outside(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        yield _told(event, Random(f"{address}:{event.seq}").choice(_MACHINES))


_LATER = (
    "I read all about it on the internet.",
    "Wait while I look for it on my smartphone.",
    "I saw the same thing on television.",
    "Send me an email about it in the morning.",
    "We could be out of here by helicopter within the hour.",
)


def _late(reading: Reading, address: str) -> Iterator[Site]:
    genre = reading.end.world.genre
    if "science" in genre or "modern" in genre:
        return
    for event in quiet(reading):
        yield _told(event, Random(f"{address}:{event.seq}").choice(_LATER))


def _told(event: Event, text: str) -> Site:
    say = spoken(event).model_copy(update={"text": text, "intent": "tell", "topic": ""})
    return {event.seq: reacted(event, say)}


LINES = (
    Damage("swapped_speakers", "two people say each other's lines", ("fidelity.voice",), _VOICES, _swapped),
    Damage("another_voice", "lines come from another's card", ("fidelity.voice",), _VOICES, _borrowed),
    Damage("out_of_character", "somebody denies who he is", ("fidelity.violated",), _ANY, _strange),
    Damage("broken_taboo", "somebody does what he never does", ("fidelity.taboo",), _ANY, _tabooed),
    Damage("overstepped_bounds", "an ignorant man speaks as an expert", ("fidelity.bounds",), _ANY, _expert),
    Damage("out_of_fiction", "somebody talks as a language model", ("fidelity.fiction",), _ANY, _outside),
    Damage("anachronism", "a word of a later time", ("fidelity.period",), _ANY, _late),
)
