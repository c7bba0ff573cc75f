"""Admission: a model that cannot tell who speaks has no business judging whether somebody speaks as written.

After PersonaEval (Zhou et al. 2025), which asks judges whose line it is before it trusts their marks, and finds them
well behind people. The lines are samples from the cards: written by the characters' author, held out from the
descriptions shown. Candidates are people of the same story, which is the hard case; where there are too few, bundled
characters make up the number.

The model is **admitted** if its share of right answers surely (95 %) lies above `LEVEL`; no answer counts as wrong. Its
stated certainties, with the truth beside them, also say whether its certainty means anything, and below which it had
better abstain.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, WithJsonSchema

from characters.asking import Question
from characters.files import character_names, load_card
from characters.profile import core_of
from characters.prompting import fill
from characters.replies import UnfitError, tidy
from characters.shapes import Line, Reply, Text
from characters.statements import statements
from judges.bench import Answer, Bench, at_once
from judges.certainty import Choice, abstention
from judges.reading import Reading, read
from judges.rubric_replies import Certainty
from judges.sheets import prompt
from judges.statistics_spread import Interval, wilson
from judges.verdict import Log, Verdict
from judges.words import stems
from worlds.spec import Character

__all__ = ["LEVEL", "Admission", "Item", "WhoReply", "examine", "items"]

LEVEL = 0.5
"""Share of right answers that must surely be exceeded: twice what guessing among four gives."""

LINES = 20
"""How many lines are shown, if the cards have so many."""

_LETTERS = ("a", "b", "c", "d")
_SHOWN = frozenset({"identity", "value", "knowledge", "voice"})
_WORDS = 300
"""Longest line of a description, in characters."""


class Item(NamedTuple):
    """A line, and those who may have said it."""

    speaker: str
    line: str
    """With names masked."""
    people: tuple[str, ...]
    """Descriptions, in the order of the letters."""
    gold: int

    @property
    def user(self) -> str:
        """The item in words."""
        people = (f"# ({_LETTERS[index]})\n\n{text}" for index, text in enumerate(self.people))
        return fill(prompt("line"), {"people": "\n\n".join(people), "line": self.line})


class WhoReply(Reply):
    """Whose line it is."""

    why: Line = Field(default="", description="what in the line speaks for one of them")
    who: Annotated[Text, WithJsonSchema({"type": "string", "enum": list(_LETTERS)})] = Field(
        description="the letter"
    )
    sure: Certainty = Field(default=-1.0, description="how sure, from 0 to 100")


class Admission(NamedTuple):
    """What a model showed when it was asked who speaks."""

    items: int
    answered: int
    right: Interval
    """Of all items; one without an answer is not right."""
    by_words: float
    """Share that shared words alone get right: what needs no model."""
    threshold: float | None
    """Stated certainty, 0..1, below which its verdicts are held back; None if its certainty says nothing."""
    calls: int
    stopped: bool = False

    @property
    def admitted(self) -> bool | None:
        """Whether it may judge; None if it could not be examined."""
        return None if self.stopped or not self.items else self.right.low > LEVEL

    def verdict(self, model: str) -> Verdict:
        """Put it in the form all share: a verdict on the judge rather than on a character."""
        known = self.admitted is not None
        return Verdict(
            judge="admission",
            subject="",
            dimension="admission.speakers",
            value=self.right.value if known else None,
            reason=self.told if known else "could not be examined",
            parsed="clean" if known and self.answered else "unparsed",
            calls=self.calls,
            model=model,
        )

    @property
    def told(self) -> str:
        """Say it in a line."""
        low, high = self.right.low, self.right.high
        verdict = "admitted" if self.admitted else f"not admitted: surely above {LEVEL} is asked for"
        sure = "says nothing" if self.threshold is None else f"counts from {self.threshold:.0%}"
        return (
            f"named the speaker of {self.right.value:.2f} [{low:.2f}, {high:.2f}] of {self.items} lines, "
            f"{self.items - self.answered} unanswered (shared words alone: {self.by_words:.2f}); {verdict}; "
            f"its certainty {sure}"
        )


async def examine(log: Log, bench: Bench) -> Admission:
    """Ask a model whose the lines are."""
    shown = items(read(log))
    answers = await at_once(bench.put(_question(item, number)) for number, item in enumerate(shown))
    choices = [
        Choice(letter, _LETTERS[item.gold], certainty)
        for item, (letter, certainty) in zip(shown, map(_answer, answers), strict=True)
    ]
    hits = sum(choice.answer == choice.gold for choice in choices)
    certain = abstention(choices, _LETTERS)
    return Admission(
        len(shown),
        sum(bool(choice.answer) for choice in choices),
        wilson(hits, len(shown)),
        sum(_by_words(item) == item.gold for item in shown) / max(1, len(shown)),
        None if certain is None else certain / 100,
        sum(answer.calls for answer in answers),
        bench.stopped is not None,
    )


def items(reading: Reading) -> tuple[Item, ...]:
    """Give the lines to be shown, gold in each place equally often."""
    people = _people(reading)
    names = re.compile("|".join(rf"\b{re.escape(person.name)}\b" for person in people) or r"(?!)")
    names_of = {person.id: person.name for person in people}
    told = [_description(person, names_of) for person in people]
    found: list[Item] = []
    for index, line in _lines(people):
        others = [(index + step) % len(people) for step in range(1, len(people))]
        start = len(found) % len(others)
        order = [*others[start:], *others[:start]][: len(_LETTERS) - 1]
        gold = len(found) % (len(order) + 1)
        order.insert(gold, index)
        masked = names.sub("#", tidy(line, _WORDS))
        found.append(Item(people[index].id, masked, tuple(told[i] for i in order), gold))
    return tuple(found)


def _people(reading: Reading) -> list[Character]:
    """Give the cast, and bundled characters if it is too small to choose among."""
    people = list(reading.before(reading.events[0].seq).cast.values())
    for name in character_names():
        if len(people) >= len(_LETTERS):
            break
        if all(person.id != name for person in people):
            people.append(load_card(name).character())
    return people


def _lines(people: Sequence[Character]) -> Iterator[tuple[int, str]]:
    """Give samples, everybody's first before anybody's second."""
    samples = [core_of(person.core).voice.samples for person in people]
    rounds = range(max(map(len, samples), default=0))
    every = [(who, own[turn]) for turn in rounds for who, own in enumerate(samples) if turn < len(own)]
    yield from every[:LINES]


def _description(person: Character, names: dict[str, str]) -> str:
    """Say who somebody is, without a word of what they say."""
    voice = core_of(person.core).voice
    said = {text.lower() for text in (*voice.samples, *voice.catchphrases)}
    told = (tidy(one.text, _WORDS) for one in statements(person, {}, names) if one.kind in _SHOWN)
    return "\n".join(f"- {text}" for text in told if not any(part in text.lower() for part in said))


def _question(item: Item, number: int) -> Question[WhoReply, tuple[str, float]]:
    def accept(reply: WhoReply) -> tuple[str, float]:
        letter = reply.who.strip(" ().").lower()
        if letter not in _LETTERS[: len(item.people)]:
            raise UnfitError(f"`who` must be one of the letters {', '.join(_LETTERS[: len(item.people)])}")
        return letter, reply.sure

    return Question(f"judge:admission:{item.speaker}:{number}", prompt("who"), item.user, WhoReply, accept)


def _answer(answer: Answer[tuple[str, float]]) -> tuple[str, float | None]:
    if answer.value is None:
        return "", None
    letter, sure = answer.value
    return letter, sure if sure >= 0 else None


def _by_words(item: Item) -> int:
    line = set(stems(item.line))
    shares = [len(line & set(stems(text))) / max(1, len(set(stems(text)))) ** 0.5 for text in item.people]
    return shares.index(max(shares))
