"""The last hand on a line: contractions, dialect, punctuation, capitals."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

__all__ = ["contract", "expand", "say_dialect", "sentences", "tidy"]

_NOT = re.compile(
    r"(?<!\ball )\b(do|does|did|is|are|was|were|has|have|had|could|would|should|must|need) not\b(?! only\b)",
    re.IGNORECASE,
)
_ODD_NOT = re.compile(r"\b(will not|cannot|can not|shall not)\b", re.IGNORECASE)
_ODD = {"will not": "won't", "cannot": "can't", "can not": "can't", "shall not": "shan't"}
_JOINED = {"am": "'m", "are": "'re", "is": "'s", "will": "'ll", "would": "'d", "have": "'ve"}
_PRONOUN = re.compile(
    r"(?<![\w'])(?P<who>I|you|we|they|he|she|it|that|there|what|who|where|here)"
    r" (?P<verb>am|are|is|will|would|have)(?= [a-z])"
    r"(?! (?:it|that|this|he|she|there|you|I)[?.!,])",
    re.IGNORECASE,
)
_PERFECT = re.compile(
    r" (?:been|seen|heard|known|had|never|already|done|said|told|got|not|come|gone|\w+ed)\b"
)
_BEFORE = re.compile(
    r"\b(?:where|who|what|how|than|as|whatever|wherever|whoever|with|of|about|for|to|by|from|on|in|at) $",
    re.IGNORECASE,
)
_IS_ONLY = frozenset("it that there what who where here he she".split())
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*[\"'”’]?\s*")
_LONGHAND = (
    ("can't", "cannot"), ("won't", "will not"), ("n't", " not"), ("'m ", " am "), ("'re ", " are "),
    ("'ll ", " will "), ("'ve ", " have "), ("'d ", " would "), ("'s ", " is "),
)  # fmt: skip


def contract(text: str) -> str:
    """Write `do not` as `don't` and `I am` as `I'm`, where people do."""
    text = _ODD_NOT.sub(lambda found: _like(found[0], _ODD[found[0].lower()]), text)
    text = _NOT.sub(lambda found: f"{found[1]}n't", text)
    return _PRONOUN.sub(lambda found: _shorten(found, text), text)


def _shorten(found: re.Match[str], text: str) -> str:
    who, verb = found["who"], found["verb"].lower()
    is_it = who.lower() in _IS_ONLY
    fits = is_it == (verb == "is") or (verb in {"will", "would"} and not is_it)
    if not fits or _BEFORE.search(text, max(0, found.start() - 10), found.start()):
        return found[0]
    if verb == "have" and not _PERFECT.match(text, found.end()):
        return found[0]
    return who + _JOINED[verb]


@lru_cache(maxsize=8192)
def expand(text: str) -> str:
    """Undo contractions and capitals, roughly: for finding phrases again in what was said."""
    text = text.lower().replace("’", "'")
    for short, full in _LONGHAND:
        text = text.replace(short, full)
    return text


def say_dialect(text: str, words: Mapping[str, str]) -> str:
    """Replace whole words by a speaker's own, keeping capitals."""
    return _dialect(tuple(words.items()))(text)


@lru_cache(maxsize=256)
def _dialect(words: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    own = {word.lower(): said for word, said in words}
    longest_first = sorted(own, key=len, reverse=True)
    if not own:
        return lambda text: text
    pattern = re.compile(
        rf"(?<![\w'])(?:{'|'.join(map(re.escape, longest_first))})(?!\w|'t\b)", re.IGNORECASE
    )
    return lambda text: pattern.sub(lambda found: _like(found[0], own[found[0].lower()]), text)


def _like(model: str, word: str) -> str:
    """Give the word the capitals of another."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def sentences(text: str) -> list[str]:
    """Cut a line into its sentences."""
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]


_MENDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[{}]"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+([,.!?;:…])"), r"\1"),
    (re.compile(r",+(?=[,.!?;:])"), ""),
    (re.compile(r"[,:;]+(?=[.!?])"), ""),
    (re.compile(r"([.!?])[,.]+"), r"\1"),
    (re.compile(r"…[.,…]+"), "…"),
    (re.compile(r"[?!]*\?[?!]*"), "?"),
    (re.compile(r"\b([Aa]) (?!uni|use|usu|eu|one\b|once\b)(?=[aeiouAEIOU])"), r"\1n "),
    (re.compile(r"\b([Aa])n (?=[b-df-gj-np-tv-z])"), r"\1 "),
)
_CAPITAL = re.compile(r"(^['\"(]?|[.!?]['\"]? )([a-z])")
_ENDS = (".", "!", "?", "…", "—", "'", '"', "”")


def tidy(text: str) -> str:
    """Mend spaces, doubled punctuation, articles and capitals; end with a mark. Nothing stays nothing.

    Braces are dropped: an imported card may hold marks of another program, and nobody says a brace.
    """
    for mend, better in _MENDS:
        text = mend.sub(better, text)
    text = _CAPITAL.sub(lambda found: found[1] + found[2].upper(), text.strip(" ,;"))
    return text if not text or text.endswith(_ENDS) else f"{text}."
