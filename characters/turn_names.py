"""Who and what a model means by the words it uses for them, and whose words it writes."""

import re
from functools import cached_property

from characters.turn_prompt import people
from worlds.actions import Say
from worlds.view import View

__all__ = ["Names", "others_words", "own_words"]

_EVERYBODY = frozenset(
    {
        "",
        "all",
        "everyone",
        "everybody",
        "anyone",
        "the room",
        "room",
        "none",
        "nobody",
        "no one",
        "self",
        "myself",
    }
)
_QUOTES = "\"“”„«»'‘’`*_ "
_DERIVED = frozenset({"holder", "at", "open", "locked", "alive"})
"""Attributes everybody can make statements about."""


class Names:
    """The names in a view, read leniently: ids, names, first names, with articles or without, in bold."""

    def __init__(self, view: View) -> None:
        """Read names as the owner of this view would mean them."""
        self.view = view

    @cached_property
    def _ids(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for id_, name in self.view.names.items():
            for word in (id_, name, _bare(name), id_.replace("_", " ")):
                found.setdefault(word.lower(), id_)
        for id_ in self.people:
            found.setdefault(self.view.names[id_].split()[0].lower(), id_)
        return found

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Ids of the cast."""
        return people(self.view)

    @cached_property
    def _told(self) -> frozenset[str]:
        """Ids known from secrets, and from what others have claimed."""
        claims = [secret.claim for secret in self.view.secrets]
        for percept in (*self.view.past, *self.view.news):
            claims += percept.action.claims if isinstance(percept.action, Say) else percept.claims
        return frozenset(
            part for claim in claims for part in (claim.subject, claim.value) if isinstance(part, str)
        )

    @cached_property
    def attributes(self) -> frozenset[str]:
        """What statements can be about: what the world has words for, and what is known already."""
        beliefs = {slot.rpartition(".")[2] for slot in self.view.slots if slot.startswith("belief.")}
        return frozenset(
            {*self.view.phrases, *(s.claim.attribute for s in self.view.secrets), *beliefs, *_DERIVED}
        )

    def id(self, word: str) -> str:
        """Give the id of what is called so; empty if nothing known is."""
        plain = word.strip(_QUOTES + "()[]#.,:").lower()
        return self._ids.get(plain) or self._ids.get(_bare(plain)) or self._of_claims(plain)

    def _of_claims(self, word: str) -> str:
        return word if word in self._told else ""

    def person(self, word: str) -> str:
        """Give the id of the member of the cast who is called so; empty if nobody is."""
        id_ = self.id(word)
        return id_ if id_ in self.people else ""

    def fellow(self, word: str) -> str:
        """Give the id of somebody present who is called so; empty if nobody is."""
        id_ = self.id(word)
        return id_ if any(id_ == fellow.id for fellow in self.view.fellows) else ""

    def everybody(self, word: str) -> bool:
        """Whether a word means no one in particular."""
        return word.strip(_QUOTES + ".").lower() in _EVERYBODY

    def subject(self, text: str) -> str:
        """Give the name of somebody else who does what the text tells; empty if nobody else does."""
        for id_ in self.people:
            name = self.view.names[id_]
            if id_ != self.view.who and re.match(rf"\W*{re.escape(name)}\b(?!['’])", text, re.IGNORECASE):
                return name
        return ""

    def without_self(self, text: str) -> str:
        """Give a deed without the name, or the `I`, it begins with."""
        return re.sub(
            rf"^\W*(?:{re.escape(self.view.name)}\b(?!['’])|I\b|You\b)[\s,:]*", "", text, flags=re.IGNORECASE
        )


def others_words(names: Names, speech: str) -> str:
    """Give the name of somebody else whose line stands in a speech, as in a play; empty if all is one's own."""
    for id_ in names.people:
        name = names.view.names[id_]
        label = (
            rf"(?:^|\n|[”\"]\s)\W*(?:{re.escape(name)}|{re.escape(id_)})\W{{0,3}}(?:\([^)\n]*\)\s*)?[:\uff1a]"
        )
        if id_ != names.view.who and re.search(label, speech, re.IGNORECASE):
            return name
    return ""


def own_words(names: Names, speech: str) -> str:
    """Give a speech without the name before it and the marks around it."""
    label = rf"^\W*{re.escape(names.view.name)}\W{{0,3}}(?:\([^)\n]*\)\s*)?[:\uff1a]\s*"
    words = re.sub(label, "", speech.strip(), flags=re.IGNORECASE).strip()
    if len(words) > 1 and (words[0], words[-1]) in {('"', '"'), ("“", "”"), ("«", "»"), ("'", "'")}:
        words = words[1:-1]
    return words.strip("* ")


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.IGNORECASE).lower()
