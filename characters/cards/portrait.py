"""What can be read out of a card's prose by rules: attributes, sentences by what they are about, lines that are said.

Cards are written as prose, as lists (`Age: 120`), or in the notations W++ (`Age("120")`) and Boostyle
(`Age = "120"`). All of it is untrusted text, and every pattern here takes time in proportion to it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

__all__ = ["Portrait", "lines_said", "portrait", "sentences", "spoken"]

_PLUS = re.compile(r"([A-Za-z][\w '/-]{0,40}?)\s*\(\s*(\"[^\"()]*\"(?:\s*[+,]\s*\"[^\"()]*\")*)\s*\)")
_LINE = re.compile(r"^[\s*#>•\[({-]*([A-Za-z][\w '/&-]{0,40}?)(?:'s)?[\s*]*[:=][\s*]*(\S.*)$")
_QUOTED = re.compile(r"\"([^\"]*)\"")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’)*]*\s+(?=[\"“‘(*]?[^\W\d_a-z])|\n+")
_MARKUP = re.compile(r"<[^<>\n]{1,200}>|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)")
_STARS = re.compile(r"\*+[^*\n]{0,500}\*+")
_SAID = re.compile(r"[\"“«]([^\"“”«»\n]{1,400})[\"”»]")
_STRESSED = re.compile(r"(?<=[\w,] )\*([^*\s]{1,40})\*")
_OTHERS = 40
"""How many further attributes are kept."""
_SPLIT = re.compile(r"[,;+/|]|\band\b")

_STATES = "been|seen|had|knew|told|found|met|was|left"
_KINDS: dict[str, re.Pattern[str]] = {
    "secret": re.compile(
        r"\bsecretly\b|\bin secret\b|\b(?:his|her|their|one|dark|only|own) secret\b|\bhas never told\b|"
        r"\b(?:nobody|no one) (?:else )?knows\b|\b(?:hides|hiding) the fact\b",
        re.IGNORECASE,
    ),
    "taboo": re.compile(
        rf"\b(?:would|will) never\b|\bnever (?!(?:{_STATES})\b)\w+s\b|\brefuses to\b|\bwon't ever\b",
        re.IGNORECASE,
    ),
    "voice": re.compile(r"\b(?:speaks?|talks?|voice|accent|drawl|lisp|stutters?|mutters)\b", re.IGNORECASE),
}
"""What makes a sentence one about a secret, about something never done, or about a voice."""
_FEAR = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:afraid|scared|terrified) of ([^.;,\n]{2,60})|\bfears ([^.;,\n]{2,60})",
    re.IGNORECASE,
)

_FIELDS = {
    "identity": (
        "age",
        "species",
        "race",
        "gender",
        "occupation",
        "job",
        "profession",
        "role",
        "class",
        "title",
    ),
    "traits": ("personality", "traits", "mind", "attributes", "attribute", "character traits", "persona"),
    "likes": ("likes", "loves", "hobbies", "interests"),
    "dislikes": ("dislikes", "hates"),
    "fear": ("fears", "fear", "phobias"),
    "secret": ("secret", "secrets"),
    "taboo": ("taboo", "taboos", "limits", "never"),
    "voice": ("speech", "voice", "speech style", "speaking style", "manner of speech", "accent"),
    "habits": ("habits", "quirks", "mannerisms", "tics"),
    "phrases": ("catchphrase", "catchphrases", "catch phrase"),
    "values": ("values", "ideals", "beliefs"),
    "knows": ("skills", "abilities", "knowledge", "knows", "expertise"),
    "ignores": ("ignores", "does not know", "weaknesses in knowledge"),
    "goals": ("goals", "goal", "motivation", "wants", "dream"),
    "prose": (
        "description",
        "summary",
        "overview",
        "background",
        "backstory",
        "history",
        "bio",
        "story",
        "lore",
    ),
    "": (
        "name",
        "full name",
        "character",
        "nickname",
        "aliases",
        "genre",
        "tags",
        "scenario",
        "note",
        "notes",
    ),
}
_WHOLE = ("secret", "voice", "taboo", "goals", "identity", "phrases", "prose")
"""What is told in sentences, whose commas are their own."""
_FIELD_OF = {name: kind for kind, names in _FIELDS.items() for name in names}


class Portrait(NamedTuple):
    """A description taken apart."""

    attributes: Mapping[str, tuple[str, ...]]
    """What is listed, by what it is: a kind of `_FIELDS`."""
    other: tuple[str, ...]
    """Further attributes, `Hair: silver`."""
    prose: tuple[str, ...]
    """Sentences that are about nothing in particular."""
    kinds: Mapping[str, tuple[str, ...]]
    """Sentences by what they are about: `secret`, `taboo`, `voice`, `fear`."""


def portrait(text: str, name: str) -> Portrait:
    """Take a description apart."""
    # Runs of spaces say nothing, and would cost the patterns below dearly.
    text = re.sub(r"\n\s+", "\n", re.sub(r"[^\S\n]+", " ", _MARKUP.sub(" ", text)))
    listed = _Listed(name)
    lines = (part for line in _PLUS.sub(listed.plus, text).split("\n") for part in _parts(line))
    rest = [line for line in lines if not listed.line(line)]
    rest += [text if text[-1:] in ".!?" else f"{text}." for text in listed.attributes.pop("prose", ())]
    kinds: dict[str, list[str]] = {}
    prose: list[str] = []
    for sentence in sentences("\n".join(rest)):
        kind = next((kind for kind, pattern in _KINDS.items() if pattern.search(sentence)), "")
        (kinds.setdefault(kind, []) if kind else prose).append(sentence)
        fears = [match[1] or match[2] for match in _FEAR.finditer(sentence)]
        kinds.setdefault("fear", []).extend(fears)
    return Portrait(_frozen(listed.attributes), tuple(listed.other), tuple(prose), _frozen(kinds))


class _Listed:
    """Collects the attributes that a text lists."""

    def __init__(self, name: str) -> None:
        self.names = (name.lower(), *name.lower().split())
        self.attributes: dict[str, list[str]] = {}
        self.other: list[str] = []

    def plus(self, match: re.Match[str]) -> str:
        """Take an attribute in the notation W++; nothing is left of it."""
        self.note(match[1], [value.strip() for value in _QUOTED.findall(match[2]) if value.strip()])
        return "\n"

    def line(self, line: str) -> bool:
        """Take a line if it states an attribute, is a heading, or says nothing at all."""
        found = _LINE.match(line)
        if found and 0 < len(self.label(found[1]).split()) <= 3:
            self.note(found[1], _values(self.label(found[1]), found[2]))
            return True
        return line.startswith("#") or not line.strip(" []{}()*\t")

    def label(self, label: str) -> str:
        """Give a label without the character's name before it."""
        bare = label.lower()
        for name in self.names:
            bare = bare.removeprefix(f"{name}'s ")
        return bare.removesuffix("'s").strip()

    def note(self, label: str, values: list[str]) -> None:
        kind = _FIELD_OF.get(self.label(label))
        if kind:
            self.attributes.setdefault(kind, []).extend(values)
        elif kind is None and self.label(label) and len(self.other) < _OTHERS:
            self.other.append(f"{self.label(label).capitalize()}: {', '.join(values)}.")


def sentences(text: str) -> Iterator[str]:
    """Give the sentences of a text, each on one line."""
    for part in _SENTENCE.split(text):
        line = " ".join(part.replace("*", "").split()).strip(" []{}")
        if any(sign.isalpha() for sign in line):
            yield line


def lines_said(text: str, names: tuple[str, ...]) -> Iterator[str]:
    """Give what one of these names says in an example dialogue: lines `Name: …` and what follows them."""
    speaker = re.compile(r"^\s*(?:\*\*)?([^\s:{}<>][^:\n{}<>]{0,40})(?:\*\*)?\s*:\s*(.*)$")
    wanted = {name.lower() for name in names}
    said: list[str] = []
    for line in text.split("\n"):
        cut = line.strip().lower().startswith(("<start>", "***", "---"))
        match = None if cut else speaker.match(line)
        if cut or match:
            yield from _given(said)
            said = [match[2]] if match and match[1].strip(" *").lower() in wanted else []
        elif said:
            said.append(line)
    yield from _given(said)


def spoken(text: str) -> str:
    """Give the words of a passage that are said aloud: what is in quotes, else what is not between stars."""
    # A single starred word after another one is stressed; longer or at the beginning, it is a deed.
    text = _STRESSED.sub(r"\1", _MARKUP.sub(" ", text))
    said = _SAID.findall(text)
    words = " ".join(said) if said else _STARS.sub(" ", text)
    return " ".join(words.replace("*", " ").split())


def _parts(line: str) -> list[str]:
    """Take a list in brackets apart: `[Emil's persona: shy, polite; Emil's clothes: brown coat]`."""
    inner = line.strip()
    listed = inner.startswith("[") and ";" in inner and ":" in inner
    return [part for part in inner.strip("[]").split(";") if part.strip()] if listed else [line]


def _given(said: list[str]) -> Iterator[str]:
    words = spoken("\n".join(said))
    if any(sign.isalpha() for sign in words):
        yield words


def _values(label: str, text: str) -> list[str]:
    text = text.strip(" *[]{}()\t").rstrip(".;")
    quoted = _QUOTED.findall(text)
    whole = _FIELD_OF.get(label) in (
        "secret",
        "voice",
        "taboo",
        "goals",
        "identity",
        "phrases",
    )
    parts = quoted or ([text] if whole else _SPLIT.split(text))
    return [part.strip(" *.") for part in parts if part.strip(" *.")]


def _frozen(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(values)) for name, values in lists.items()}
