"""How far a figure can be trusted: intervals, paired tests, and the bootstrap over characters or runs.

Everything is at 95 % unless told otherwise; `z` is the normal quantile. The bootstrap draws from an address, so that
the same data give the same interval.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from judges.statistics import auroc

__all__ = ["Interval", "Z", "auroc_interval", "bootstrap", "mcnemar", "wilson"]

Z = 1.959963984540054
"""The normal quantile of 95 %."""

Row = TypeVar("Row")


class Interval(NamedTuple):
    """A figure and the range it can be expected in."""

    value: float
    low: float
    high: float


def wilson(hits: int, total: int, z: float = Z) -> Interval:
    """Give a share with its score interval (Wilson 1927); the whole range if there is nothing to go by."""
    if not total:
        return Interval(math.nan, 0.0, 1.0)
    share, weight = hits / total, z * z / total
    middle = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return Interval(share, low, 1.0 if hits == total else min(1.0, middle + half))


def mcnemar(only_one: int, only_other: int) -> float:
    """Give the p-value that two judges differ, from the items only one of them got right (McNemar 1947).

    Exact while either count is below 25, else chi-square with continuity correction.
    """
    n, least = only_one + only_other, min(only_one, only_other)
    if n == 0:
        return 1.0
    if least < 25:
        return min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / float(2**n))
    chi = max(0.0, abs(only_one - only_other) - 1) ** 2 / n
    return math.erfc(math.sqrt(chi / 2))


def auroc_interval(bad: Sequence[float], good: Sequence[float], z: float = Z) -> Interval:
    """Give the AUROC with an interval that stays honest near 1 (Newcombe 2006, method 5)."""
    area = auroc(bad, good)
    if math.isnan(area):
        return Interval(area, 0.0, 1.0)
    return Interval(
        area, _bound(area, len(bad), len(good), 0.0, z), _bound(area, len(bad), len(good), 1.0, z)
    )


def _bound(area: float, bad: int, good: int, end: float, z: float) -> float:
    """Find by halving where an AUROC stops being compatible with the one seen, towards 0 or 1."""
    inside, outside = area, end
    for _ in range(50):
        middle = (inside + outside) / 2
        if abs(area - middle) <= z * math.sqrt(_spread(middle, bad, good)):
            inside = middle
        else:
            outside = middle
    return inside


def _spread(area: float, bad: int, good: int) -> float:
    n = (bad + good) / 2 - 1
    lift = 1 + n * (1 - area) / (2 - area) + n * area / (1 + area)
    return area * (1 - area) * lift / (bad * good)


def bootstrap(
    groups: Mapping[str, Sequence[Row]],
    figure: Callable[[Sequence[Row]], float],
    *,
    address: str,
    draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Give a figure with its percentile interval, drawing whole groups: characters or runs, never single items.

    Items of one character are alike; drawing them singly would make any interval too narrow. After Efron and
    Tibshirani (1993).
    Draws in which the figure does not exist are left out.
    """
    names = sorted(groups)
    whole = figure([row for name in names for row in groups[name]])
    if len(names) < 2:
        return Interval(whole, math.nan, math.nan)
    draw, found = Random(address), []
    for _ in range(draws):
        value = figure([row for _ in names for row in groups[draw.choice(names)]])
        if not math.isnan(value):
            found.append(value)
    if not found:
        return Interval(whole, math.nan, math.nan)
    found.sort()
    edge = (1 - level) / 2
    return Interval(
        whole, found[int(edge * (len(found) - 1))], found[math.ceil((1 - edge) * (len(found) - 1))]
    )
