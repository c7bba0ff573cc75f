"""The figures judges are measured by: pure functions of plain sequences, no state and no dependencies.

Rates are 0..1. Where a figure does not exist (a correlation with a constant, a curve of nothing) the answer is
`nan`, never an exception and never 0. Intervals and tests are in `judges.statistics_spread`.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

__all__ = [
    "Calibration",
    "Point",
    "accuracy",
    "aurc",
    "auroc",
    "balanced_accuracy",
    "brier_per_item",
    "brier_per_option",
    "ece",
    "f1",
    "kappa",
    "kendall",
    "macro_f1",
    "mean",
    "pearson",
    "ranks",
    "recalls",
    "reliability",
    "risk_coverage",
    "slope",
    "spearman",
    "threshold_for",
    "variance",
]

Label = TypeVar("Label", bound=Hashable)
NAN = math.nan


class Point(NamedTuple):
    """One point of a risk–coverage curve."""

    threshold: float
    """Items with at least this certainty are answered."""
    coverage: float
    """Share of the items answered."""
    risk: float
    """Share of those answered that are wrong."""


class Calibration(NamedTuple):
    """One bin of a reliability diagram."""

    low: float
    high: float
    items: int
    confidence: float
    """Mean stated certainty in the bin."""
    accuracy: float


def mean(values: Sequence[float]) -> float:
    """Give the mean; `nan` of nothing."""
    return math.fsum(values) / len(values) if values else NAN


def variance(values: Sequence[float]) -> float:
    """Give the sample variance (n − 1); `nan` of fewer than two."""
    if len(values) < 2:
        return NAN
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def accuracy(found: Sequence[Label], gold: Sequence[Label]) -> float:
    """Give the share found right."""
    return mean([float(a == b) for a, b in zip(found, gold, strict=True)])


def recalls(found: Sequence[Label], gold: Sequence[Label]) -> dict[Label, float]:
    """Give for each gold label the share of its items found."""
    pairs = list(zip(found, gold, strict=True))
    return {label: mean([float(a == b) for a, b in pairs if b == label]) for label in dict.fromkeys(gold)}


def balanced_accuracy(found: Sequence[Label], gold: Sequence[Label]) -> float:
    """Give the mean of the recalls of the gold labels."""
    return mean(list(recalls(found, gold).values()))


def f1(found: frozenset[Label], gold: frozenset[Label]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of a set; `nan` where one is not defined, and both empty is perfect."""
    if not found and not gold:
        return 1.0, 1.0, 1.0
    hits = len(found & gold)
    precision = hits / len(found) if found else NAN
    recall = hits / len(gold) if gold else NAN
    return precision, recall, 2 * hits / (len(found) + len(gold))


def macro_f1(found: Sequence[Label], gold: Sequence[Label]) -> float:
    """Give the mean F1 of the labels that occur in either sequence."""
    made, true = Counter(found), Counter(gold)
    hits = Counter(a for a, b in zip(found, gold, strict=True) if a == b)
    return mean([2 * hits[label] / (made[label] + true[label]) for label in dict.fromkeys((*gold, *found))])


def kappa(one: Sequence[Label], other: Sequence[Label]) -> float:
    """Give Cohen's kappa: agreement beyond what the two distributions give by chance (Cohen 1960)."""
    n = len(one)
    if not n:
        return NAN
    ours, theirs = Counter(one), Counter(other)
    chance = sum(ours[label] * theirs[label] for label in ours) / n**2
    return (accuracy(one, other) - chance) / (1 - chance) if chance < 1 else NAN


def ranks(values: Sequence[float]) -> list[float]:
    """Give ranks from 1, ties sharing their mean rank."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for index in order[at : end + 1]:
            found[index] = (at + end) / 2 + 1
        at = end + 1
    return found


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the product-moment correlation; `nan` if either is constant."""
    mine, theirs = mean(one), mean(other)
    joint = math.fsum((a - mine) * (b - theirs) for a, b in zip(one, other, strict=True))
    spread = math.sqrt(math.fsum((a - mine) ** 2 for a in one) * math.fsum((b - theirs) ** 2 for b in other))
    return joint / spread if spread else NAN


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the correlation of the ranks (Spearman 1904)."""
    return pearson(ranks(one), ranks(other))


def kendall(one: Sequence[float], other: Sequence[float]) -> float:
    """Give tau-b: agreement of orders, corrected for ties (Kendall 1945)."""
    pairs = list(zip(one, other, strict=True))
    agree = tied_one = tied_other = total = 0
    for i, (a, b) in enumerate(pairs):
        for c, d in pairs[:i]:
            agree += ((a > c) - (a < c)) * ((b > d) - (b < d))
            tied_one += a == c
            tied_other += b == d
            total += 1
    spread = math.sqrt((total - tied_one) * (total - tied_other))
    return agree / spread if spread else NAN


def slope(values: Sequence[float]) -> float:
    """Give the least-squares slope over equal steps: the drift of a series; `nan` of fewer than two."""
    if len(values) < 2:
        return NAN
    middle, level = (len(values) - 1) / 2, mean(values)
    joint = math.fsum((i - middle) * (value - level) for i, value in enumerate(values))
    return joint / math.fsum((i - middle) ** 2 for i in range(len(values)))


def _squares(probabilities: Mapping[Label, float], gold: Label) -> float:
    return math.fsum((p - (label == gold)) ** 2 for label, p in probabilities.items())


def brier_per_item(items: Sequence[tuple[Mapping[Label, float], Label]]) -> float:
    """Give the Brier score as it was defined: squared error summed over the options, mean over items; 0..2."""
    return mean([_squares(probabilities, gold) for probabilities, gold in items])


def brier_per_option(items: Sequence[tuple[Mapping[Label, float], Label]]) -> float:
    """Give the squared error averaged over all options of all items, as PersonaEval reports it; 0..1."""
    options = sum(len(probabilities) for probabilities, _ in items)
    return math.fsum(_squares(*item) for item in items) / options if options else NAN


def reliability(certainty: Sequence[float], right: Sequence[bool], bins: int = 20) -> list[Calibration]:
    """Sort certainties (0..1) into bins of equal width; empty bins are left out."""
    kept: dict[int, list[tuple[float, bool]]] = {}
    for sure, ok in zip(certainty, right, strict=True):
        kept.setdefault(min(bins - 1, int(sure * bins)), []).append((sure, ok))
    return [
        Calibration(
            b / bins,
            (b + 1) / bins,
            len(rows),
            mean([sure for sure, _ in rows]),
            mean([float(ok) for _, ok in rows]),
        )
        for b, rows in sorted(kept.items())
    ]


def ece(certainty: Sequence[float], right: Sequence[bool], bins: int = 20) -> float:
    """Give the expected calibration error over bins of equal width (Naeini et al. 2015)."""
    if not certainty:
        return NAN
    found = reliability(certainty, right, bins)
    return math.fsum(b.items * abs(b.accuracy - b.confidence) for b in found) / len(certainty)


def risk_coverage(certainty: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """Give the curve over the distinct certainties, most certain first: equal certainties are answered together."""
    at: dict[float, list[bool]] = {}
    for sure, ok in zip(certainty, right, strict=True):
        at.setdefault(sure, []).append(ok)
    curve, answered, wrong = [], 0, 0
    for sure in sorted(at, reverse=True):
        answered += len(at[sure])
        wrong += len(at[sure]) - sum(at[sure])
        curve.append(Point(sure, answered / len(certainty), wrong / answered))
    return curve


def aurc(certainty: Sequence[float], right: Sequence[bool]) -> float:
    """Give the area under the risk–coverage curve, in steps (Geifman et al. 2019); low is good."""
    if not certainty:
        return NAN
    curve = [Point(math.inf, 0.0, 0.0), *risk_coverage(certainty, right)]
    return math.fsum((b.coverage - a.coverage) * b.risk for a, b in pairwise(curve))


def threshold_for(certainty: Sequence[float], right: Sequence[bool], wanted: float) -> Point | None:
    """Give the point of widest coverage whose accuracy is as wanted; None if no threshold reaches it."""
    fit = [point for point in risk_coverage(certainty, right) if 1 - point.risk >= wanted]
    return max(fit, key=lambda point: point.coverage, default=None)


def auroc(bad: Sequence[float], good: Sequence[float]) -> float:
    """Give the probability that a bad one scores higher than a good one, ties counting half (Mann–Whitney)."""
    if not bad or not good:
        return NAN
    rank = ranks([*bad, *good])
    return (math.fsum(rank[: len(bad)]) - len(bad) * (len(bad) + 1) / 2) / (len(bad) * len(good))
