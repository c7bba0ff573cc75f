"""A choosing judge measured against gold: accuracy, position, certainty, and when it should rather abstain.

The measures of "Can LLM be a Personalized Judge?" (Dong et al. 2024). An answer that is none of the options is
counted, shown and left out of the accuracy; it is neither wrong nor missing.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from judges.statistics import Point, accuracy, aurc, ece, kappa, mean, recalls, threshold_for
from judges.statistics_spread import Interval, bootstrap, wilson

__all__ = [
    "HIGH",
    "WANTED",
    "Choice",
    "Measured",
    "Orders",
    "Part",
    "abstention",
    "both_orders",
    "measure",
]

HIGH = 80.0
"""Stated certainty, of 100, from which on a judge counts as sure."""

WANTED = 0.8
"""Accuracy to abstain for."""


class Choice(NamedTuple):
    """One answer of a judge."""

    answer: str
    gold: str
    certainty: float | None = None
    """As stated, 0..100; None if it stated none."""
    group: str = ""
    """Who or what the item belongs to, for intervals."""


class Part(NamedTuple):
    """The answers within one range of certainty."""

    low: float
    accuracy: Interval
    items: int


class Measured(NamedTuple):
    """What a judge's answers are worth."""

    items: int
    valid: int
    """Items answered with one of the options."""
    accuracy: Interval
    """Of the valid ones."""
    strict: float
    """The same with an invalid answer counted as wrong."""
    kappa: float
    recall: dict[str, float]
    first: float
    """Share answered with the first option: half if position does not matter and gold is balanced."""
    high: Part
    """What it was sure of."""
    bands: tuple[Part, ...]
    """By tens of certainty, highest first."""
    error: float
    aurc: float
    """Area under risk–coverage; certainty says something only if this is below the error."""
    ece: float
    trusted: bool
    """Whether AURC is below the error by a margin the bootstrap confirms: only then may certainty decide abstention."""
    threshold: Point | None
    """Where to abstain for the wanted accuracy."""


def measure(
    choices: Sequence[Choice], options: Sequence[str] = ("A", "B"), *, wanted: float = WANTED
) -> Measured:
    """Measure answers against gold; `wanted` is the accuracy to abstain for."""
    valid = [choice for choice in choices if choice.answer in options]
    found, gold = [c.answer for c in valid], [c.gold for c in valid]
    right = [a == b for a, b in zip(found, gold, strict=True)]
    sure = [_sure(choice) for choice in valid]
    error = 1 - accuracy(found, gold)
    return Measured(
        items=len(choices),
        valid=len(valid),
        accuracy=wilson(sum(right), len(valid)),
        strict=sum(right) / len(choices) if choices else math.nan,
        kappa=kappa(found, gold),
        recall=recalls(found, gold),
        first=sum(answer == options[0] for answer in found) / len(found) if found else math.nan,
        high=_part(valid, HIGH, 1e9),
        bands=tuple(band for low in range(100, -1, -10) if (band := _part(valid, low, low + 10)).items),
        error=error,
        aurc=aurc(sure, right),
        ece=ece([max(0.0, value) / 100 for value in sure], right),
        trusted=_trusted(valid),
        threshold=threshold_for(sure, right, wanted),
    )


def abstention(
    choices: Sequence[Choice], options: Sequence[str] = ("A", "B"), *, wanted: float = WANTED
) -> float | None:
    """Give the certainty, of 100, below which a judge had better abstain; None if it must not go by certainty.

    It is the lowest at which the answers above it are as right as wanted, and there is one only where the judge's
    certainty has been shown to say something.
    """
    found = measure(choices, options, wanted=wanted)
    return found.threshold.threshold if found.trusted and found.threshold else None


class Orders(NamedTuple):
    """What comes of putting every pair in both orders."""

    pairs: int
    valid: int
    """Pairs answered in both orders."""
    agreed: float
    """Share of the valid ones in which both orders have the same winner; `nan` of none."""
    first: float
    """Share of all choices that fell on what was shown first: half if position does not matter."""
    ties: float
    """Share of the valid ones without a winner, because both orders said so or because they disagree."""
    accuracy: float
    """Of the valid ones with a gold answer, a tie counting half."""
    recall: dict[str, float]
    """The same by gold answer."""


def both_orders(forward: Sequence[Choice], backward: Sequence[Choice]) -> Orders:
    """Compare the answers to pairs shown as A B and as B A; answers name the contents, not the places.

    A pair whose two answers differ has no winner: its choice was made by position.
    """
    rows = [
        (one, other)
        for one, other in zip(forward, backward, strict=True)
        if one.answer in ("A", "B", "C") and other.answer in ("A", "B", "C")
    ]
    won = [one.answer if one.answer == other.answer else "C" for one, other in rows]
    shown = [one.answer == "A" for one, _ in rows if one.answer != "C"]
    shown += [other.answer == "B" for _, other in rows if other.answer != "C"]
    points = [
        (one.gold, 0.5 if winner == "C" else float(winner == one.gold))
        for (one, _), winner in zip(rows, won, strict=True)
        if one.gold
    ]
    return Orders(
        pairs=len(forward),
        valid=len(rows),
        agreed=mean([float(one.answer == other.answer) for one, other in rows]),
        first=mean([float(at_first) for at_first in shown]),
        ties=mean([float(winner == "C") for winner in won]),
        accuracy=mean([point for _, point in points]),
        recall={gold: mean([p for g, p in points if g == gold]) for gold in sorted({g for g, _ in points})},
    )


def _sure(choice: Choice) -> float:
    return -1.0 if choice.certainty is None else choice.certainty


def _part(choices: Sequence[Choice], low: float, high: float) -> Part:
    inside = [choice for choice in choices if choice.certainty is not None and low <= choice.certainty < high]
    return Part(low, wilson(sum(c.answer == c.gold for c in inside), len(inside)), len(inside))


def _gain(choices: Sequence[Choice]) -> float:
    right = [choice.answer == choice.gold for choice in choices]
    return 1 - sum(right) / len(right) - aurc([_sure(choice) for choice in choices], right)


def _trusted(choices: Sequence[Choice]) -> bool:
    if len(choices) < 2:
        return False
    groups: dict[str, list[Choice]] = {}
    for index, choice in enumerate(choices):
        groups.setdefault(choice.group or str(index), []).append(choice)
    return bootstrap(groups, _gain, address="certainty", draws=200).low > 0
