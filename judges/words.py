"""Words as the rule judges read them: stems, clauses, what is negated, numbers, opposites, fields of meaning.

Everything is a pure function of its text and remembered, since a run says few different things and judges read
them again and again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from judges.words_lexicon import FIELDS, NEGATORS, NUMBERS, OPPOSITES, RIVALS, STOP

__all__ = [
    "Clause",
    "Text",
    "clauses",
    "number_contexts",
    "numbers",
    "opposed",
    "read_text",
    "rivals",
    "stem",
    "stems",
    "tokens",
]

_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*|\d+")
_BREAK = re.compile(
    r"[.!?;:…]+|,\s+(?=(?:but|and|so|though|while|whereas|yet|or)\b)"
    r"|\b(?:but|though|although|however|because|since|yet)\b|[—–]"
)
_CURLY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_SHORT = (
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("shan't", "shall not"),
    ("ain't", "is not"),
    ("n't", " not"),
)
_SCOPE = 7
"""So many telling words after a negator are negated."""
_INSTEAD = re.compile(
    r"\b(?:rather than|instead of|unlike|other than|no longer|used to|anything but|far from|except)\b"
)

_OVER = re.compile(r"(\b(?:prefer|enjoy|like|love|want)\w*\b[^.!?;]*?)\b(?:over|more than)\b")
_CONTRAST = re.compile(
    r"\s*(?:well, |oh, )?(?:actually|no\b|not really|not at all|never|on the contrary|quite the opposite)"
)
_SLOT = re.compile(r"([a-z]+) (?:in|at|on|with|for|of|as|from) ((?:[a-z]+ ?){1,4})")


def plain(text: str) -> str:
    """Give a text in lower case, its contractions of `not` written out."""
    text = text.translate(_CURLY).lower()
    for short, full in _SHORT:
        text = text.replace(short, full)
    return _OVER.sub(r"\1 never ", _INSTEAD.sub(" never ", text))


def tokens(text: str) -> tuple[str, ...]:
    """Give the words of a text in lower case, hyphenated ones as one."""
    return tuple(_TOKEN.findall(plain(text)))


def _endings(text: str) -> tuple[tuple[str, str], ...]:
    """Read `ending=what stays of it`."""
    return tuple((ending, rest) for ending, _, rest in (part.partition("=") for part in text.split()))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Cut common English endings; crude, and the same for every form it knows: `sketches`, `sketching` → `sketch`."""
    for endings in (_INFLECTIONS, _DERIVATIONS):
        for ending, rest in endings:
            if word.endswith(ending) and len(word) - len(ending) >= (3 if endings is _INFLECTIONS else 4):
                word = word[: len(word) - len(ending)] + rest
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
            word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        return word[:-1] + "i"
    return word.removesuffix("e") if len(word) > 3 else word


_INFLECTIONS = _endings("ings= ing= edly= ies=y ied=y ches=ch shes=sh sses=ss xes=x ed= ss=ss us=us is=is s=")
_DERIVATIONS = _endings(
    "ionally= fulness= iveness= ingly= ively= ivity= ments= ment= ness= ational= ional= ation= "
    "ally= ist= ion= ive= ful= ous= ity= ly= al= er= or= ic="
)


def stems(text: str) -> tuple[str, ...]:
    """Give the stems of the telling words of a text, in order."""
    return tuple(stem(part) for word in tokens(text) for part in (word, *_parts(word)) if part not in STOP)


def _parts(word: str) -> Sequence[str]:
    return word.split("-") if "-" in word else ()


class Clause(NamedTuple):
    """A stretch of text in which a negation reaches."""

    stems: frozenset[str]
    """All telling stems, the negated included."""
    negated: frozenset[str]
    """Those said not to be."""


class Text(NamedTuple):
    """A text, read."""

    stems: frozenset[str]
    affirmed: frozenset[str]
    """Stems said at least once without a negation."""
    negated: frozenset[str]
    """Stems said at least once with one."""
    clauses: tuple[Clause, ...]
    fields: frozenset[int]
    slots: dict[str, frozenset[str]]
    """A telling stem before a preposition, to the telling stems after it: `live` → `{chireiden}`."""
    contrast: bool
    """Whether it opens by turning something down: `Actually, …`, `No, …`."""


@lru_cache(maxsize=32768)
def read_text(text: str) -> Text:
    """Read a text once."""
    found = tuple(clauses(text))
    every = frozenset().union(*(clause.stems for clause in found)) if found else frozenset()
    affirmed = (
        frozenset().union(*(clause.stems - clause.negated for clause in found)) if found else frozenset()
    )
    negated = frozenset().union(*(clause.negated for clause in found)) if found else frozenset()
    fields = frozenset(field for word in every for field in _FIELD.get(word, ()))
    return Text(every, affirmed, negated, found, fields, _slots(text), bool(_CONTRAST.match(plain(text))))


def _slots(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for head, rest in _SLOT.findall(plain(text)):
        filler = frozenset(stem(word) for word in rest.split() if word not in STOP)
        if head not in STOP and filler:
            found[stem(head)] = found.get(stem(head), frozenset()) | filler
    return found


def clauses(text: str) -> Iterator[Clause]:
    """Cut a text into clauses and say what is negated in each."""
    for part in _BREAK.split(plain(text)):
        if part and part.strip():
            yield _clause(_TOKEN.findall(part))


def _clause(words: Sequence[str]) -> Clause:
    said: list[str] = []
    denied: list[str] = []
    reach = 0
    for word in words:
        if word in NEGATORS:
            reach = _SCOPE
        if word in STOP or word in NEGATORS:
            continue
        pieces = [stem(piece) for piece in (word, *_parts(word))]
        said += pieces
        denied += pieces if reach else []
        reach = max(0, reach - 1)
    return Clause(frozenset(said), frozenset(denied))


def numbers(text: str) -> Iterator[int]:
    """Give the numbers in a text, in figures or words: `twenty-six`, `twenty six`, `26`; a bare `one` is no number."""
    for value, _ in number_contexts(text):
        yield value


@lru_cache(maxsize=16384)
def number_contexts(text: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """Give each number of a text with the stems next to it: `(26, {year, old})`."""
    words = [part for word in tokens(text) for part in (_parts(word) or (word,))]
    found, at = [], 0
    while at < len(words):
        value, width = _number_at(words, at)
        if value >= 0:
            beside = [*words[max(0, at - 1) : at], *words[at + width : at + width + 2]]
            found.append((value, frozenset(stem(word) for word in beside if word not in STOP)))
        at += width
    return tuple(found)


def _number_at(words: Sequence[str], at: int) -> tuple[int, int]:
    """Give the number that begins at a word, or −1, and how many words it takes."""
    word = words[at]
    if word.isdigit():
        return int(word), 1
    value = NUMBERS.get(word, -1)
    after = NUMBERS.get(words[at + 1], -1) if at + 1 < len(words) else -1
    if value in range(20, 100, 10) and 0 < after < 10:
        return value + after, 2
    return (value, 1) if word != "one" else (-1, 1)


def opposed(word: str) -> frozenset[str]:
    """Give the stems that deny a stem."""
    return _AGAINST.get(word, frozenset())


def rivals(word: str) -> frozenset[str]:
    """Give the stems of the other values of its kind."""
    return _RIVALS.get(word, frozenset())


def _stemmed(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


def _against(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        one, other = (_stemmed(side) for side in line.split("|"))
        for side, against in ((one, other), (other, one)):
            for word in side:
                found[word] = found.get(word, frozenset()) | (against - side)
    return found


def _by_line(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        kind = _stemmed(line)
        for word in kind:
            found[word] = found.get(word, frozenset()) | (kind - {word})
    return found


def _fields(lines: Sequence[str]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for index, line in enumerate(lines):
        for word in _stemmed(line):
            found[word] = found.get(word, frozenset()) | {index}
    return found


_AGAINST = _against(OPPOSITES)
_RIVALS = _by_line(RIVALS)
_FIELD = _fields(FIELDS)
