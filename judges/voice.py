"""Who said it? A line is told from others by the stretches of letters a card's own lines are made of.

Each character's voice is a table of letter stretches (three to five long) and words, from the samples and lines of
its card. A masked line goes to the voice that makes it likeliest (naive Bayes with smoothing towards all voices
together; features after Kešelj et al. 2003, use after PersonaEval 2024: whom a line is attributed to). Names of
people, places and things are masked, in the voices as in the lines.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from characters.profile import Voice, core_of
from judges.words import tokens
from worlds.spec import Character

__all__ = ["LEAST", "Attribution", "Voices", "confusion", "spoken", "voices_of"]

_BLANK = re.compile(r"\{\w+\}")
_TEMPER = 0.25
"""Stretches overlap and are no independent witnesses: their sum counts by the root of their number, and by so much."""
_WEIGHT = 25.0
"""How many counts the common background is worth in each voice."""
LEAST = 3
"""A line of fewer telling words has no voice."""


class Attribution(NamedTuple):
    """Whose a line is, by its sound."""

    shares: Mapping[str, float]
    """Character to probability; they sum to 1."""
    words: int
    """Words that could tell anything."""

    @property
    def likeliest(self) -> str:
        """The character it goes to."""
        return max(self.shares, key=lambda who: self.shares[who])


class Voices:
    """The voices of a cast, and whose a line is among them."""

    def __init__(self, lines: Mapping[str, Sequence[str]], names: Iterable[str] = ()) -> None:
        """Take each character's known lines; `names` are masked."""
        self._names = _pattern(names)
        counts = {
            who: Counter(f for line in own for f in _features(self.mask(line))) for who, own in lines.items()
        }
        whole: Counter[str] = Counter()
        for own in counts.values():
            whole.update(own)
        total = sum(whole.values()) or 1
        self._tables: dict[str, tuple[float, ...]] = {}
        sums = {who: sum(own.values()) + _WEIGHT for who, own in counts.items()}
        self.cast = tuple(counts)
        for feature, n in whole.items():
            common = n / total
            odds = [
                math.log((counts[who][feature] + _WEIGHT * common) / sums[who] / common) for who in self.cast
            ]
            self._tables[feature] = tuple(odds)
        self.known = frozenset(who for who, own in counts.items() if own)

    def mask(self, line: str) -> str:
        """Take names and blanks out of a line."""
        return self._names.sub("#", _BLANK.sub("#", line).lower())

    def attribute(self, line: str) -> Attribution:
        """Say whose a line is; equal shares where nothing tells."""
        masked = self.mask(line)
        sums, n = [0.0] * len(self.cast), 0
        for feature in _features(masked):
            odds = self._tables.get(feature)
            n += 1
            if odds is not None:
                sums = [a + b for a, b in zip(sums, odds, strict=True)]
        temper = _TEMPER / math.sqrt(max(1, n))
        top = max(sums, default=0.0)
        weights = [math.exp(temper * (value - top)) for value in sums]
        total = math.fsum(weights)
        shares = {who: weight / total for who, weight in zip(self.cast, weights, strict=True)}
        return Attribution(shares, len(tokens(masked.replace("#", " "))))


def confusion(found: Iterable[tuple[str, Attribution]]) -> dict[str, dict[str, int]]:
    """Count speaker against the one a line is attributed to; a falling diagonal is a voice being lost."""
    table: dict[str, dict[str, int]] = {}
    for speaker, attribution in found:
        row = table.setdefault(speaker, dict.fromkeys(attribution.shares, 0))
        row[attribution.likeliest] = row.get(attribution.likeliest, 0) + 1
    return table


def voices_of(cast: Mapping[str, Character], names: Mapping[str, str]) -> Voices:
    """Give the voices of a cast from their cards; worked out once for the same cast."""
    return _voices(_Cast(tuple(cast.values()), tuple(sorted(set(names.values())))))


class _Cast:
    """Hashes a cast by the identity of its cores, so that the logs of one cast share one set of voices."""

    def __init__(self, cast: tuple[Character, ...], names: tuple[str, ...]) -> None:
        self.cast, self.names = cast, names

    def __hash__(self) -> int:
        return hash(tuple(id(character.core) for character in self.cast))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Cast) or len(self.cast) != len(other.cast) or self.names != other.names:
            return False
        return all(a.core is b.core for a, b in zip(self.cast, other.cast, strict=True))


@lru_cache(maxsize=32)
def _voices(cast: _Cast) -> Voices:
    lines = {
        character.id: (*core_of(character.core).voice.samples, *spoken(core_of(character.core).voice))
        for character in cast.cast
    }
    return Voices(lines, cast.names)


def _lines(voice: Voice) -> tuple[str, ...]:
    return (*voice.samples, *spoken(voice))


def spoken(voice: Voice) -> Iterator[str]:
    """Give a card's own words, samples left out."""
    for _ in range(2):  # what is said again and again counts twice
        yield from voice.catchphrases
        yield from voice.fillers
    for own in voice.lines.values():
        yield from own
    for habit in voice.habits:
        yield from re.findall(r'"([^"]+)"', habit)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    words = {name.lower() for name in names} | {re.sub(r"^(?:a|an|the) ", "", name.lower()) for name in names}
    longest = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in longest) or r"(?!)")


@lru_cache(maxsize=16384)
def _features(masked: str) -> tuple[str, ...]:
    """Give the stretches of three to five letters, and the words, of a masked line."""
    text = f" {' '.join(masked.split())} "
    grams = [
        text[i : i + n] for n in (3, 4, 5) for i in range(len(text) - n + 1) if "#" not in text[i : i + n]
    ]
    return (*grams, *(f"<{word}>" for word in re.findall(r"[a-z']+", masked)))
