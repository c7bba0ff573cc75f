"""A small generative grammar: rules of alternatives, written one to a line in `grammar/*.yaml`.

    greet.free: |
      (There you are|So there you are|And here you are)[, at last]. <pleasantry>
      %warm,!angry,thing Sit down. I was just looking at {thing}.

`<rule>` is another rule, `{slot}` is filled from the situation, `(a|b)` is a choice, `[maybe]` is left out about
half of the time. `%tag,!tag` at the start of an alternative says when it may be used; the more tags it asks for,
the likelier it is where they hold. An alternative whose slots or rules cannot be filled is never used, so no slot
is ever left open. The texts are data: only the names above mean anything in them. Verbs are written in full
(`do not`), slots are never the subject of a verb in the present tense: they may be `me`, `you` or `the keys`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import yaml

from characters.improv.speech_polish import expand
from worlds.errors import InputError

__all__ = [
    "Alternative", "Bracket", "Choice", "Draw", "Grammar", "Maybe", "Ref", "Slot", "compile_line", "standard",
]  # fmt: skip

_TOKEN = re.compile(r"<([a-z_.]+)>|\{([a-z_]+)\}|([()\[\]|])|([^<{()\[\]|]+)")
_FRESH_TRIES = 8
_ECHO = 16


class Slot(NamedTuple):
    """A hole to be filled from the situation."""

    name: str


class Ref(NamedTuple):
    """Another rule."""

    name: str


class Bracket(NamedTuple):
    """A sign between parts: it opens, divides or closes."""

    sign: str


class Maybe(NamedTuple):
    """A part that may be left out."""

    inner: "Choice"


class Choice(NamedTuple):
    """One of several alternatives."""

    alternatives: tuple["Alternative", ...]


Part: TypeAlias = str | Slot | Ref | Maybe | Choice


class Alternative(NamedTuple):
    """One way to say it: when it may be used, and its parts."""

    parts: tuple[Part, ...]
    needs: frozenset[str] = frozenset()
    """Tags and slots that must be there."""
    bars: frozenset[str] = frozenset()
    """Tags that must not be there."""
    weight: int = 1
    mark: str = ""
    """Its longest stretch of fixed words in lower case, by which its use in an earlier line is recognised."""


class Grammar(NamedTuple):
    """Named rules."""

    rules: Mapping[str, Choice]


def compile_line(line: str) -> Alternative:
    """Read one alternative. Raises `InputError` for brackets that do not close."""
    gates, _, text = line[1:].partition(" ") if line.startswith("%") else ("", "", line)
    tags = [gate for gate in gates.split(",") if gate]
    tokens = list(_tokens(text))
    choice, end = _choice(tokens, 0)
    if end != len(tokens) or len(choice.alternatives) != 1:
        message = f"cannot read this line of the speech grammar, check its brackets: {line}"
        raise InputError(message)
    parts, needs, *_ = choice.alternatives[0]
    wanted = frozenset(tag for tag in tags if not tag.startswith("!"))
    barred = frozenset(tag[1:] for tag in tags if tag.startswith("!"))
    return Alternative(parts, needs | wanted, barred, 1 + 2 * len(wanted), _mark(parts))


def _tokens(text: str) -> Iterator[Part | Bracket]:
    for found in _TOKEN.finditer(text):
        rule, slot, bracket, words = found.groups()
        yield Ref(rule) if rule else Slot(slot) if slot else Bracket(bracket) if bracket else words


def _choice(tokens: Sequence[Part | Bracket], start: int) -> tuple[Choice, int]:
    """Read alternatives up to a closing bracket or the end."""
    alternatives: list[Alternative] = []
    parts: list[Part] = []
    here = start
    while here < len(tokens):
        token = tokens[here]
        here += 1
        if not isinstance(token, Bracket):
            parts.append(token)
        elif token.sign in "([":
            inner, here = _choice(tokens, here)
            parts.append(inner if token.sign == "(" else Maybe(inner))
            here += 1
        elif token.sign == "|":
            alternatives.append(_plain(parts))
            parts = []
        else:
            here -= 1
            break
    return Choice((*alternatives, _plain(parts))), here


def _plain(parts: Sequence[Part]) -> Alternative:
    return Alternative(tuple(parts), frozenset(part.name for part in parts if isinstance(part, Slot)))


def _mark(parts: Sequence[Part]) -> str:
    words = max((part for part in parts if isinstance(part, str)), key=len, default="")
    mark = expand(words).strip(" ,.!?")
    return mark if len(mark) >= _ECHO else ""


@lru_cache(maxsize=1)
def standard() -> Grammar:
    """Read the grammar that ships with the package, once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rules: dict[str, Choice] = {}
    for path in sorted((Path(__file__).parent / "grammar").glob("*.yaml")):
        for name, text in yaml.load(path.read_text(encoding="utf-8"), loader).items():  # noqa: S506, a safe loader
            lines = [line.strip() for line in text.splitlines()]
            kept = tuple(compile_line(line) for line in lines if line and not line.startswith("#"))
            rules[name] = Choice(kept)
    return Grammar(rules)


class Draw:
    """One attempt at a line: keeps what each slot was filled with, so that a line speaks of one thing."""

    def __init__(
        self,
        grammar: Grammar,
        slots: Mapping[str, Sequence[str]],
        tags: Collection[str],
        rng: Random,
        said: str,
    ) -> None:
        """Prepare; `said` is the text of earlier lines in lower case, whose phrases are avoided."""
        self.grammar = grammar
        self.slots = slots
        self.have = frozenset(tags) | {name for name, values in slots.items() if values}
        self.rng = rng
        self.said = said
        self.wordy = 0.7 if "long" in self.have else 0.2 if "short" in self.have else 0.45
        self.filled: dict[str, str] = {}

    def rule(self, name: str) -> str | None:
        """Say something by the rule; None if there is no such rule or none of it can be said now."""
        choice = self.grammar.rules.get(name)
        return self.choose(choice) if choice else None

    def choose(self, choice: Choice) -> str | None:
        """Say one of the alternatives, preferably one not used lately; None if none can be said."""
        have = self.have
        usable = [alt for alt in choice.alternatives if alt.needs <= have and not alt.bars & have]
        for attempt in range(_FRESH_TRIES):
            if not usable:
                return None
            chosen = self.rng.choices(usable, [alt.weight for alt in usable])[0]
            stale = chosen.mark and chosen.mark in self.said and attempt < _FRESH_TRIES // 2
            text = None if stale else self._say(chosen)
            if text is not None:
                return text
            if len(usable) > 1 or not stale:
                usable = [alt for alt in usable if alt is not chosen]
        return None

    def _say(self, alternative: Alternative) -> str | None:
        texts: list[str] = []
        for part in alternative.parts:
            text = part if isinstance(part, str) else self._part(part)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)

    def _part(self, part: Slot | Ref | Maybe | Choice) -> str | None:
        if isinstance(part, Slot):
            return self.fill(part.name)
        if isinstance(part, Ref):
            return self.rule(part.name)
        if isinstance(part, Choice):
            return self.choose(part)
        return self.choose(part.inner) or "" if self.rng.random() < self.wordy else ""

    def fill(self, name: str) -> str | None:
        """Fill a slot, the same way all through one attempt."""
        if name not in self.filled:
            values = self.slots.get(name, ())
            if not values:
                return None
            drawn = [self.rng.choice(values) for _ in range(_FRESH_TRIES // 2)] if len(values) > 1 else values
            self.filled[name] = next((value for value in drawn if value.lower() not in self.said), drawn[0])
        return self.filled[name]
