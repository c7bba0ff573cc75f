"""What dresses a sentence: a form of address, a filler, a habit of speech."""

import re
from collections.abc import Collection

from characters.improv.speech_grammar import Draw
from characters.improv.speech_polish import contract, sentences, tidy
from characters.profile import Voice
from worlds.view import View

__all__ = ["call", "dress", "lower"]

_HABIT = re.compile(
    r"\b(ends|closes|finishes|begins|starts|opens)\b[^\"“]*[\"“]([^\"”]{1,30})[\"”]", re.IGNORECASE
)
_ENDINGS = frozenset({"ends", "closes", "finishes"})
_CALL, _CALL_WARM, _CALL_SHOUT = 0.1, 0.25, 0.9
_FILLER, _OPENER, _HABITUAL = 0.2, 0.08, 0.18
_SHORT = 12


def dress(text: str, view: View, voice: Voice, draw: Draw) -> str:
    """Add at most one of these, or nothing."""
    address = draw.slots.get("address")
    if address and address[0].lower() not in text.lower() and draw.rng.random() < _calling(voice, draw.have):
        return call(text, view, draw)
    if "angry" not in draw.have and draw.rng.random() < (_FILLER if voice.fillers else _OPENER):
        return _filler(text, view, voice, draw)
    if voice.habits and draw.rng.random() < _HABITUAL:
        return _habit(text, view, draw.rng.choice(voice.habits))
    return text


def _calling(voice: Voice, have: Collection[str]) -> float:
    return _CALL_SHOUT if "shout" in have else _CALL + _CALL_WARM * voice.warmth


def call(text: str, view: View, draw: Draw) -> str:
    """Call the hearer by name, after a short first sentence or before it all."""
    name = draw.rule("vocative") or draw.slots["address"][0]
    if "shout" in draw.have:
        return f"{name}! {text}"
    first = sentences(text)[0]
    takes_it = len(first.split()) <= _SHORT and first[-1:] in ".?" and "," not in first[-20:]
    if takes_it and draw.rng.random() < 0.6:
        return f"{first[:-1]}, {name}{first[-1]}{text[len(first) :]}"
    return f"{name}, {lower(text, view)}"


def _filler(text: str, view: View, voice: Voice, draw: Draw) -> str:
    own = draw.rng.choice(voice.fillers) if voice.fillers and draw.rng.random() < 0.8 else ""
    filler = own or contract(draw.rule("opener") or "")
    bare = filler.rstrip(",").strip()
    if not bare or bare.lower() in text.lower():
        return text
    if bare[-1] in ".!?…":
        return f"{bare} {text}"
    if own and not own.endswith((",", " but")) and text[-1] in ".!?" and draw.rng.random() < 0.5:
        return f"{text[:-1]}, {lower(bare, view)}{text[-1]}"
    gap = " " if bare.endswith(" but") else ", "
    return f"{bare}{gap}{lower(text, view)}"


def _habit(text: str, view: View, habit: str) -> str:
    """Follow a habit that quotes its words: `ends questions with "no?"`, `closes with a bare "So."`."""
    found = _HABIT.search(habit)
    if not found or found[2].strip(" ,.?!…").lower() in text.lower():
        return text
    word, asking = found[2].strip(" ,…"), text.endswith("?")
    if found[1].lower() not in _ENDINGS:
        return f"{word} {text}" if word[-1] in ".!?:" else f"{word}, {lower(text, view)}"
    if text[-1] not in ".?" or asking != ("question" in found[0].lower()):
        return text
    if word[:1].isupper():
        return tidy(f"{text} {word}")
    return f"{text[:-1]}, {word}" if word[-1] in ".?!" else f"{text[:-1]}, {word}{text[-1]}"


def lower(text: str, view: View) -> str:
    """Begin in lower case what is no longer the beginning, unless it is a name."""
    found = re.match(r"[\w-]*", text)
    first = found[0] if found else ""
    names = {part for name in view.names.values() for part in name.split() if part[:1].isupper()}
    return text if first == "I" or first in names else text[:1].lower() + text[1:]
