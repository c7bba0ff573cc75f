"""Small readings of a card's words: lists, slots, lengths."""

from collections.abc import Iterable, Iterator

from characters.cards.naming import slug
from characters.cards.portrait import Portrait
from worlds.actions import Scalar

__all__ = [
    "BRACES",
    "SAMPLE",
    "SENTENCE",
    "adjectives",
    "as_sentences",
    "cut",
    "few",
    "identified",
    "level",
    "lowered",
    "passages",
    "samples_of",
    "slots",
    "taboo_verbs",
]

SAMPLE, SENTENCE = 220, 240
"""Longest line and sentence of a profile, in characters."""
SAMPLES, FEW = 14, 6
"""Most lines, and most items of any other list."""
BRACES = str.maketrans("{}", "()")
"""Braces mean something in lines of ours."""


def samples_of(lines: Iterable[str]) -> tuple[str, ...]:
    """Choose lines that show a voice: different ones, neither endless nor a bare word, braces taken out."""
    kept: dict[str, str] = {}
    for line in lines:
        words = line.translate(BRACES)
        if len(words) > SAMPLE:
            cut = max(words.rfind(end, 0, SAMPLE) for end in ".!?")
            words = words[: cut + 1] if cut > 0 else ""
        if len(words) >= 3:
            kept.setdefault(words.lower(), words)
        if len(kept) == SAMPLES:
            break
    return tuple(kept.values())


def slots(said: Portrait) -> Iterator[tuple[str, Scalar]]:
    """Give the slots that likes, dislikes and fears make."""
    for kind, word in (("likes", "likes it"), ("dislikes", "cannot stand it")):
        for what in few(said.attributes.get(kind, ())):
            yield f"taste.{slug(what, 'thing')}", word
    for what in few((*said.attributes.get("fear", ()), *said.kinds.get("fear", ()))):
        yield f"fear.{slug(what, 'thing')}", what


def adjectives(text: str) -> tuple[str, ...]:
    """Take a personality written as a list of adjectives for what it is; prose gives none."""
    parts = [part.strip(" .\"'()[]{}") for part in text.replace("\n", ",").replace(";", ",").split(",")]
    words = [part.removeprefix("and ").removeprefix("very ").strip() for part in parts[:60] if part]
    single = [word for word in words if len(word.split()) == 1]
    return tuple(single) if len(single) * 2 > len(words) else ()


def as_sentences(text: str) -> str:
    """Leave out a list of adjectives: it is no prose."""
    return "" if adjectives(text) else text


def lowered(text: str) -> Iterator[str]:
    """Give the words of a text in lower case, bare of signs."""
    return (word.strip(".,;:!?\"'()[]") for word in text[:20_000].lower().split())


def taboo_verbs(texts: Iterable[str]) -> Iterator[str]:
    """Name the verbs that taboos are about."""
    stems = {
        "lie": ("lie", "lies", "lying"),
        "attack": ("attack", "attacks", "harm", "harms", "kill", "kills", "fight"),
    }
    words = {word for text in texts for word in lowered(text)}
    return (verb for verb, forms in stems.items() if not words.isdisjoint(forms))


def passages(said: str) -> Iterator[str]:
    """Give a spoken passage whole if it is short, else its first sentences."""
    if len(said) <= SAMPLE:
        return iter((said,) if said else ())
    parts = said.replace("! ", "!\n").replace("? ", "?\n").replace(". ", ".\n").split("\n")
    return iter(parts[:4])


def few(texts: Iterable[str]) -> tuple[str, ...]:
    """Give the first few different texts, each of sensible length."""
    kept = dict.fromkeys(cut(" ".join(text.split()), SENTENCE) for text in texts)
    return tuple(text for text in kept if text)[:FEW]


def cut(text: str, length: int) -> str:
    """Shorten a text to whole words."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return f"{head[: head.rfind(' ')] if ' ' in head[length // 2 :] else head}…"


def identified(name: str, identity: str) -> str:
    """Say who somebody is on one line with their name in it."""
    bare = identity.removeprefix("You are ").strip()
    words = {word.strip(",.;:'’s") for word in bare.split()}
    named = not words.isdisjoint(word.strip(",.;:'’s") for word in name.split())
    return bare if named else f"{name}, {bare}".rstrip(", ")


def level(value: float | str) -> float:
    """Read a level from 0 to 1; the average if it is none."""
    try:
        return round(max(0.0, min(float(value), 1.0)), 2)
    except (ValueError, OverflowError):
        return 0.5
