"""What words say of a slot: liking or loathing, hurt or well, afraid or not. Lexical, with negation."""

import re
from functools import lru_cache

from judges.consistency_terms import said
from judges.tracking_timeline import family
from worlds.actions import Scalar

__all__ = ["attitude", "mentions", "sentences", "shown_by"]

_GOOD = {
    "taste": "adore adores adored craves crave delight enjoy enjoys favourite fond fonder like liked likes love loved "
    "loves loving relish treasure treasures want wants welcome",
    "injury": "fine healed heals knitted mended recovered sound unhurt well whole",
    "fear": "brave calm fearless unafraid",
}
_BAD = {
    "taste": "abhor bear abide detest detests dislike dislikes disgusts hate hated hates loathe loathes revolts sick "
    "sickens stand stomach thin turned",
    "injury": "ache aches aching bandage bandaged bleeding bleeds broken bruised burned burns burnt crushed cut hurt "
    "hurts injured injury limp limping lame pain painful scalded sling sore splint sprained swollen throbs wound "
    "wounded wrenched",
    "fear": "afraid dread dreaded dreads fear fears feared fearful flinch flinches frighten frightened frightens "
    "haunts nightmare panic scare scared scares shakes shiver shudder terrified terrifies terror",
}
_NOT = frozenset("no not never nothing neither nor without cannot hardly stopped longer".split())
_ONLY_DENIED = frozenset({"bear", "abide", "stand", "stomach"})
"""Words that loathe when they are denied: `cannot bear`."""

_SENTENCE = re.compile(r"[^.!?…;]+")
_WORD = re.compile(r"[a-z]+(?:'t)?")


@lru_cache(maxsize=8192)
def sentences(text: str) -> tuple[str, ...]:
    """Cut a text into sentences."""
    return tuple(part.strip() for part in _SENTENCE.findall(text) if part.strip())


@lru_cache(maxsize=16384)
def attitude(kind: str, text: str) -> int:
    """Say which way a sentence leans in matters of this family: 1 good, −1 bad, 0 neither."""
    good, bad = frozenset(_GOOD[kind].split()), frozenset(_BAD[kind].split())
    total, denied = 0, False
    for word in _WORD.findall(text.lower()):
        if word in _ONLY_DENIED:
            total += -1 if denied and kind == "taste" else 0
        elif word in good or word in bad:
            sign = 1 if word in good else -1
            total += -sign if denied else sign
            denied = False
        denied = denied or word in _NOT or word.endswith("n't") or word == "can't"
    return (total > 0) - (total < 0)


def mentions(slot: str, text: str) -> bool:
    """Whether a sentence names what a slot is about."""
    about = said(slot.partition(".")[2].replace("_", " ").replace(".", " "))
    return bool(about) and about <= _stems(text)


def shown_by(slot: str, values: tuple[Scalar, ...], text: str) -> Scalar | None:
    """Give which of a slot's values, the latest last, a text goes by; None if it goes by none.

    Words of a value that no other has decide first; then whether the text leans as the value does.
    """
    for sentence in sentences(text):
        found = _by_words(slot, values, sentence)
        if found is None and mentions(slot, sentence):
            found = _by_leaning(slot, values, sentence)
        if found is not None:
            return found
    return None


def _by_words(slot: str, values: tuple[Scalar, ...], sentence: str) -> Scalar | None:
    spoken = _stems(sentence)
    about = said(slot.partition(".")[2].replace("_", " "))
    if not about & spoken:
        return None
    best: tuple[float, Scalar] | None = None
    for value in dict.fromkeys(reversed(values)):
        others = frozenset().union(*(said(str(other)) for other in values if other != value))
        own = said(str(value)) - about - others
        share = len(own & spoken) / len(own) if own and value != "" else 0.0
        if share >= 0.5 and (best is None or share > best[0]):
            best = (share, value)
    return best[1] if best else None


def _by_leaning(slot: str, values: tuple[Scalar, ...], sentence: str) -> Scalar | None:
    kind = family(slot)
    if kind not in _GOOD:
        return None
    lean = attitude(kind, sentence)
    for value in dict.fromkeys(reversed(values)):
        if lean and lean == _leaning(kind, value):
            return value
    return None


def _leaning(kind: str, value: Scalar) -> int:
    """Say which way a value itself leans: no injury and no fear are good, any other is bad; a taste is as worded."""
    if kind == "taste":
        return attitude(kind, str(value))
    return 1 if value == "" else -1


@lru_cache(maxsize=16384)
def _stems(text: str) -> frozenset[str]:
    """Give the telling words of a sentence, those in the plural in the singular too."""
    words = said(text)
    return words | {word[:-1] for word in words if word.endswith("s")}
