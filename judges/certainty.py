"""A choosing judge measured against gold: accuracy, position, certainty, and when it should rather abstain.

The measures of "Can LLM be a Personalized Judge?" (Dong et al. 2024). An answer that is none of the options is
counted, shown and left out of the accuracy; it is neither wrong nor missing.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from judges.statistics import Point, accuracy, aurc, ece, kappa, recalls, threshold_for
from judges.statistics_spread import Interval, bootstrap, wilson

__all__ = ["HIGH", "Choice", "Measured", "Part", "measure"]

HIGH = 80.0
"""Stated certainty, of 100, from which on a judge counts as sure."""


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
    choices: Sequence[Choice], options: Sequence[str] = ("A", "B"), *, wanted: float = 0.8
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
