"""A character's own words: the lines its author wrote for it come before anything the grammar could say."""

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from characters.improv.speech_grammar import Draw
from characters.improv.speech_polish import expand, tidy
from characters.improv.speech_utterance import Utterance
from characters.profile import Voice

__all__ = ["OwnLine", "own_line"]

_OWN_SLOT = re.compile(r"\{(to|topic|claim|place|thing)\}")
_ANY_SLOT = re.compile(r"\{[^{}]*\}")
_SLOTS = {"to": ("address",), "topic": ("topic", "about")}
_IDLE = frozenset({"small_talk", "muse"})
_PRESSING = frozenset({"persuade", "bargain", "threaten", "order", "promise"})
_USUAL, _COMMANDING, _SAMPLE = 0.85, 0.2, 0.08


class OwnLine(NamedTuple):
    """A line in the character's own words."""

    text: str
    complete: bool
    """Whether it says all that was to be said."""


def own_line(voice: Voice, utterance: Utterance, draw: Draw) -> OwnLine | None:
    """Say it in own words if there are some that fit and were not used lately."""
    if not draw.rng.random() < _fitness(utterance):
        return None
    idle = utterance.intent in _IDLE and draw.rng.random() < _SAMPLE
    templates = voice.samples if idle else voice.lines.get(utterance.intent, ())
    for template in _ordered(templates, utterance, draw.rng):
        text = _fill(template, draw)
        if text:
            return OwnLine(text, _is_complete(template, utterance, draw.rng))
    return None


def _fitness(utterance: Utterance) -> float:
    """How often own words are looked for: seldom where they could contradict what is to be said."""
    if utterance.intent == "tell" and utterance.asks and not utterance.claims:
        return 0.0
    return _COMMANDING if utterance.intent == "order" and utterance.want else _USUAL


def _ordered(templates: Sequence[str], utterance: Utterance, rng: Random) -> list[str]:
    """Shuffle, but try first what takes in the content."""
    shuffled = rng.sample(templates, len(templates))
    slot = "{claim}" if utterance.claims else "{topic}" if utterance.topic or utterance.asks else ""
    return sorted(shuffled, key=lambda text: slot not in text and rng.random() < 0.8) if slot else shuffled


def _is_complete(template: str, utterance: Utterance, rng: Random) -> bool:
    slots = set(_OWN_SLOT.findall(template))
    if utterance.claims:
        return "claim" in slots
    if utterance.asks and utterance.intent != "refuse":
        return "topic" in slots and rng.random() < 0.5
    return not (utterance.want and utterance.intent in _PRESSING)


def _fill(template: str, draw: Draw) -> str:
    """Fill an own line; empty if a slot cannot be filled or the line was used lately."""
    chunk = max(_ANY_SLOT.split(template), key=len)
    if expand(chunk).strip(" ,.!?:;") in draw.said:
        return ""
    names = _OWN_SLOT.findall(template)
    if len(names) < len(_ANY_SLOT.findall(template)) or any(_value(name, draw) is None for name in names):
        return ""
    return tidy(_OWN_SLOT.sub(lambda found: _value(found[1], draw) or "", template))


def _value(name: str, draw: Draw) -> str | None:
    return next((value for slot in _SLOTS.get(name, (name,)) if (value := draw.fill(slot)) is not None), None)
