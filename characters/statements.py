"""A profile as atomic sentences, each with an id that stays the same over a run: what judges check singly.

An id says where the sentence comes from: `core.trait.proud`, `core.taboo.0`, `secret.theft`,
`slot.belief.ring.holder`. Judging a reply against each sentence of a profile follows APC (Peng and
Shang, "Quantifying and Optimizing Global Faithfulness in Persona-driven Role-playing", 2024). As slots
change, a sentence here holds as of one moment, and has a successor under the same id.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from characters.profile import Core, Voice, core_of
from worlds.actions import Scalar
from worlds.spec import Character, Phrase

__all__ = ["Kind", "Statement", "statements"]

Kind: TypeAlias = Literal[
    "identity", "trait", "value", "voice", "taboo", "knowledge", "secret", "goal",
    "relation", "belief", "injury", "fear", "taste", "mood", "other",
]  # fmt: skip


class Statement(NamedTuple):
    """One sentence about a character."""

    id: str
    text: str
    kind: Kind
    slot: str = ""
    """The slot it renders; empty for the fixed core and for secrets."""


_FACTORS = {
    "openness": ("open to new things", "set in old ways"),
    "conscientiousness": ("orderly and dependable", "careless and easily diverted"),
    "extraversion": ("outgoing", "withdrawn"),
    "agreeableness": ("warm and obliging", "hard and contrary"),
    "neuroticism": ("easily upset", "calm under strain"),
}
_LEVELS = {
    "formality": ("formally", "casually"),
    "verbosity": ("at length", "in few words"),
    "warmth": ("warmly", "coldly"),
    "hedging": ("with many reservations", "bluntly"),
    "humour": ("with humour", "in earnest"),
}
_FEELINGS = {"trust": ("trusts", "distrusts"), "liking": ("likes", "dislikes")}
_NOTES = frozenset({"asked", "sought", "seen", "told", "lied", "sure", "source"})
"""Slots in which an improv mind notes what it has done: nothing of who somebody is."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_MILD, _STRONG = 0.15, 0.3
"""How far from the average 0.5 something must be to be said, and to be said with weight."""


def statements(
    character: Character,
    slots: Mapping[str, Scalar] | None = None,
    names: Mapping[str, str] | None = None,
    phrases: Mapping[str, Phrase] | None = None,
) -> tuple[Statement, ...]:
    """Give a character's profile in sentences: the core, the secrets known at first, and the slots as of now.

    `slots` defaults to those of the start; `names` (id to name) and `phrases` are a world's own wording.
    """
    core, name = core_of(character.core), character.name
    writer = _Slots(name, core, names or {}, phrases or {})
    now = character.slots if slots is None else slots
    return (
        *_identity(name, core),
        *_habits(name, core.voice, names or {}),
        *(
            Statement(f"secret.{secret.id}", f"{name} keeps a secret: {secret.text}", "secret")
            for secret in character.secrets
        ),
        *(made for slot, value in now.items() if (made := writer.write(slot, value)) is not None),
    )


def _identity(name: str, core: Core) -> Iterator[Statement]:
    summary = ((f"summary.{i}", sentence) for i, sentence in enumerate(_SENTENCE.split(core.summary.strip())))
    for part, text in (("identity", _sentence(core.identity)), *summary):
        if text.strip(" ."):
            yield Statement(f"core.{part}", text, "identity")
    for trait, strength in core.traits.items():
        if degree := _degree(strength):
            yield Statement(f"core.trait.{trait}", f"{name} is {degree}{trait}.", "trait")
    for factor, (high, low) in _FACTORS.items():
        level = float(getattr(core.big_five, factor))
        if abs(level - 0.5) >= _MILD:
            yield Statement(f"core.big_five.{factor}", f"{name} is {high if level > 0.5 else low}.", "trait")
    yield from _listed(name, core)


def _listed(name: str, core: Core) -> Iterator[Statement]:
    listed: tuple[tuple[str, tuple[str, ...], str, Kind], ...] = (
        ("value", core.values, "cares about", "value"),
        ("taboo", core.taboos, "", "taboo"),
        ("taboo_verb", core.taboo_verbs, "will never", "taboo"),
        ("knows", core.knows, "knows much about", "knowledge"),
        ("ignores", core.ignores, "knows nothing of", "knowledge"),
    )
    for part, texts, verb, kind in listed:
        for i, text in enumerate(texts):
            said = " ".join(filter(None, (name, verb, text.replace("_", " "))))
            yield Statement(f"core.{part}.{i}", _sentence(said), kind)


def _habits(name: str, voice: Voice, names: Mapping[str, str]) -> Iterator[Statement]:
    if voice.manner:
        yield Statement("core.voice.manner", _sentence(f"{name} talks like this: {voice.manner}"), "voice")
    for level, (high, low) in _LEVELS.items():
        amount = float(getattr(voice, level))
        if abs(amount - 0.5) >= _MILD:
            how = high if amount > 0.5 else low
            yield Statement(f"core.voice.{level}", f"{name} talks {how}.", "voice")
    for i, habit in enumerate(voice.habits):
        yield Statement(f"core.voice.habit.{i}", _sentence(f"{name} {habit}"), "voice")
    for i, phrase in enumerate(voice.catchphrases):
        yield Statement(f"core.voice.catchphrase.{i}", f"{name} likes to say “{phrase}”", "voice")
    for who, form in voice.addresses.items():
        text = f"{name} calls {_noun(who, names)} “{form}”."
        yield Statement(f"core.voice.address.{who}", text, "voice")


class _Slots:
    """Puts slots into sentences, for one character in one world."""

    def __init__(
        self, name: str, core: Core, names: Mapping[str, str], phrases: Mapping[str, Phrase]
    ) -> None:
        self.name, self.names, self.phrases = name, names, phrases
        self.goals = {goal.id: goal for goal in core.goals}
        self.forms: dict[str, Callable[[str, Scalar], tuple[Kind, str]]] = {
            "goal": self.goal,
            "trust": self.trust,
            "liking": self.liking,
            "belief": self.belief,
            "injury": self.injury,
            "fear": self.fear,
            "taste": self.taste,
            "mood": self.mood,
        }

    def write(self, slot: str, value: Scalar) -> Statement | None:
        """Give the sentence of one slot; None for one that is empty, average, or about another slot."""
        head, _, rest = slot.partition(".")
        if value == "" or head in _NOTES:
            return None
        form = self.forms.get(head, self.other)
        kind, text = form(slot if form == self.other else rest, value)
        return Statement(f"slot.{slot}", _sentence(text), kind, slot) if text else None

    def goal(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        goal = self.goals.get(rest)
        what = goal.text if goal else rest.replace("_", " ")
        if value == "done":
            return "goal", f"{self.name} has achieved this: {what}"
        if value == "dropped":
            return "goal", f"{self.name} has given this up: {what}"
        if goal and value == goal.want:
            return "goal", f"{self.name} wants this: {what}"
        words = (self.noun(word) if word in self.names else word for word in str(value).split())
        return "goal", f"{self.name} wants this now: {' '.join(words)}"

    def trust(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        return "relation", self.feeling("trust", rest, value)

    def liking(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        return "relation", self.feeling("liking", rest, value)

    def feeling(self, what: str, whom: str, value: Scalar) -> str:
        level = float(value) if isinstance(value, int | float) else 0.0
        if abs(level) < _MILD:
            return ""
        verb = _FEELINGS[what][level < 0]
        weight = " deeply" if abs(level) >= 0.6 else " a little" if abs(level) < _STRONG else ""
        return f"{self.name} {verb} {self.noun(whom)}{weight}"

    def belief(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        subject, _, attribute = rest.partition(".")
        phrase = self.phrases.get(attribute)
        noun = self.noun(subject)
        if phrase and not (isinstance(value, bool) and "{value}" in phrase.says):
            form = phrase.denies if value is False else phrase.says
            return "belief", f"{self.name} believes that {_fill(form, noun, self.noun(str(value)))}"
        words = attribute.replace("_", " ")
        if isinstance(value, bool):
            return "belief", f"{self.name} believes that {noun} is {'' if value else 'not '}{words}"
        if attribute == "at":
            return "belief", f"{self.name} believes that {noun} is in {self.noun(str(value))}"
        return "belief", f"{self.name} believes that the {words} of {noun} is {self.noun(str(value))}"

    def injury(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        return "injury", f"{self.name} is hurt in the {rest.replace('_', ' ')}: {value}"

    def fear(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        return "fear", f"{self.name} is afraid of {self.noun(rest)}: {value}"

    def taste(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        return "taste", f"{self.name} on {self.noun(rest)}: {value}"

    def mood(self, rest: str, value: Scalar) -> tuple[Kind, str]:
        if not rest:
            return "mood", f"{self.name} is in this mood: {value}"
        level = float(value) if isinstance(value, int | float) else 0.0
        degree = "much" if level >= 0.6 else "some" if level >= _STRONG else ""
        return "mood", f"{self.name} feels {degree} {rest}" if degree else ""

    def other(self, slot: str, value: Scalar) -> tuple[Kind, str]:
        words = slot.replace("_", " ").replace(".", ", ")
        return (
            "other",
            f"About {self.name}, {words}: {str(value).lower() if isinstance(value, bool) else value}",
        )

    def noun(self, id_: str) -> str:
        """Give what an id is called."""
        return _noun(id_, self.names)


def _noun(id_: str, names: Mapping[str, str]) -> str:
    return names.get(id_, id_.replace("_", " "))


def _fill(form: str, subject: str, value: str) -> str:
    # One pass, so that a name with braces in it is not filled again.
    nouns = {"subject": subject, "value": value}
    return re.sub(r"\{(subject|value)\}", lambda blank: nouns[blank.group(1)], form)


def _degree(strength: float) -> str:
    """Put a strength 0..1 into the words before an adjective; empty for an average one."""
    if strength >= 0.5 + _STRONG:
        return "very "
    if strength >= 0.5 + _MILD:
        return "rather "
    if strength <= 0.5 - _STRONG:
        return "not at all "
    return "not very " if strength <= 0.5 - _MILD else ""


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "”", '"')) else ".")
