"""From verdicts to scores: item → character and window → character → run, with intervals.

Windows are equal parts of a character's own turns, so that a long session is not averaged into one number: the
slope over them is the **drift**. Verdicts count by their confidence; those without a value are counted apart.
Intervals are bootstrap percentiles over runs and, within a run, over characters, never over items: items of one
character are not independent (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 8 and 13).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from judges.reading import Reading, read
from judges.verdict import Log, Verdict

__all__ = ["Comparison", "Estimate", "Score", "Tally", "compare", "estimate", "goodness", "slope", "tally"]

DRAWS = 1000
LEVEL = 0.95


class Score(NamedTuple):
    """One character in one dimension over one run."""

    value: float | None
    """Mean over the windows there is anything in, on the dimension's own scale; None if nothing was judged."""
    windows: tuple[float | None, ...]
    """Mean of each window, first to last."""
    drift: float | None
    """Change over the whole session, by the slope of the windows; None with fewer than two."""
    items: int
    """How many verdicts have a value."""
    failed: int
    """How many have none."""


Tally: TypeAlias = Mapping[str, Mapping[str, Score]]
"""Dimension to character to score. A family, such as `consistency`, stands beside its dimensions: there, 1 is good."""


class Estimate(NamedTuple):
    """A mean over runs and characters, with a 95 % interval."""

    value: float
    low: float
    high: float
    runs: int
    characters: int


class Comparison(NamedTuple):
    """How the second of two sets of runs differs from the first, pair by pair."""

    difference: Estimate
    better: int
    """Pairs of characters for which the second is higher."""
    worse: int
    chance: float
    """How often a difference this large comes up if signs are given to the pairs of runs by chance (two-sided)."""


def goodness(verdict: Verdict) -> float | None:
    """Give a value as 0..1 with 1 for good, whatever its scale; None if it has no value."""
    if verdict.value is None:
        return None
    low, high, good = verdict.scale
    return max(0.0, 1 - abs(verdict.value - good) / max(good - low, high - good))


def tally(log: Log, verdicts: Iterable[Verdict], parts: int = 3) -> Tally:
    """Add up the verdicts of one run."""
    reading = read(log)
    cells: dict[str, dict[str, _Cells]] = {}
    for verdict in verdicts:
        dimension, who = verdict.dimension, verdict.subject
        family = dimension.partition(".")[0]
        part = _part(reading, verdict, parts)
        for name, value in {dimension: verdict.value, family: goodness(verdict)}.items():
            own = cells.setdefault(name, {}).setdefault(who, _Cells(parts))
            own.add(dimension, part, value, verdict.confidence)
    return {name: {who: own.score() for who, own in of.items()} for name, of in cells.items()}


def slope(windows: Sequence[float | None]) -> float | None:
    """Give the change from the first window to the last along the least-squares line; None with fewer than two."""
    points = [
        (index / max(1, len(windows) - 1), value) for index, value in enumerate(windows) if value is not None
    ]
    if len(points) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def estimate(runs: Sequence[Tally], dimension: str, seed: int = 0) -> Estimate | None:
    """Give the mean of a dimension over runs and their characters; None if it was judged nowhere."""
    return _estimate([list(_values(run, dimension).values()) for run in runs], f"{seed}:{dimension}")


def compare(pairs: Sequence[tuple[Tally, Tally]], dimension: str, seed: int = 0) -> Comparison | None:
    """Compare two sets of runs that go together, such as the same worlds and seeds with other minds.

    Characters are paired by id within each pair of runs; None if none is judged in both.
    """
    groups = []
    for first, second in pairs:
        one, two = _values(first, dimension), _values(second, dimension)
        groups.append([two[who] - one[who] for who in one if who in two])
    difference = _estimate(groups, f"{seed}:{dimension}:pairs")
    if difference is None:
        return None
    flat = [value for group in groups for value in group]
    return Comparison(
        difference=difference,
        better=sum(value > 0 for value in flat),
        worse=sum(value < 0 for value in flat),
        chance=_by_chance(
            [sum(group) / len(group) for group in groups if group], f"{seed}:{dimension}:signs"
        ),
    )


class _Cells:
    """The verdicts on one character in one dimension or family, window by window."""

    def __init__(self, parts: int) -> None:
        self.sums: dict[str, list[list[float]]] = {}
        self.parts, self.items, self.failed = parts, 0, 0

    def add(self, dimension: str, part: int | None, value: float | None, weight: float) -> None:
        """Count one verdict; one without a place in time counts in every window."""
        if value is None or weight == 0:
            self.failed += 1
            return
        self.items += 1
        sums = self.sums.setdefault(dimension, [[0.0, 0.0] for _ in range(self.parts)])
        for index in range(self.parts) if part is None else (part,):
            sums[index][0] += value * weight
            sums[index][1] += weight

    def score(self) -> Score:
        """Average: over a family's dimensions within each window, then over the windows."""
        windows = tuple(_mean(self._means(index)) for index in range(self.parts))
        value = _mean([window for window in windows if window is not None])
        return Score(value, windows, slope(windows), self.items, self.failed)

    def _means(self, index: int) -> list[float]:
        return [sums[index][0] / sums[index][1] for sums in self.sums.values() if sums[index][1]]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _part(reading: Reading, verdict: Verdict, parts: int) -> int | None:
    """Give the window a verdict falls into: that of the own turn it starts in."""
    if verdict.window is None:
        return None
    turns = len(reading.acts.get(verdict.subject, ())) if verdict.subject else reading.end.turn
    seq = min(max(verdict.window.first, reading.events[0].seq), reading.events[-1].seq)
    number = reading.own_turn(verdict.subject, seq) if verdict.subject else reading[seq].turn
    starts = [turns * part // parts for part in range(parts)]
    return starts.index(starts[bisect_right(starts, max(0, number - 1)) - 1])


def _values(run: Tally, dimension: str) -> dict[str, float]:
    return {who: score.value for who, score in run.get(dimension, {}).items() if score.value is not None}


def _estimate(groups: Sequence[Sequence[float]], address: str) -> Estimate | None:
    """Average groups of numbers, each group weighing the same, with an interval over groups and within them."""
    groups = [group for group in groups if group]
    value = _mean_of_means(groups)
    if value is None:
        return None
    draws = sorted(_resampled(groups, Random(address)))
    cut = round((1 - LEVEL) / 2 * len(draws))
    return Estimate(value, draws[cut], draws[-1 - cut], len(groups), sum(map(len, groups)))


def _resampled(groups: Sequence[Sequence[float]], draw: Random) -> Iterator[float]:
    for _ in range(DRAWS):
        chosen = draw.choices(groups, k=len(groups))
        yield sum(sum(draw.choices(group, k=len(group))) / len(group) for group in chosen) / len(chosen)


def _mean_of_means(groups: Sequence[Sequence[float]]) -> float | None:
    return _mean([sum(group) / len(group) for group in groups])


def _by_chance(differences: Sequence[float], address: str) -> float:
    """Give the two-sided sign-flip p-value: exact for up to ten pairs, else from draws."""
    observed = abs(sum(differences)) - 1e-12
    if len(differences) <= 10:
        flips: Iterable[int] = range(2 ** len(differences))
    else:
        draw = Random(address)
        flips = [draw.getrandbits(len(differences)) for _ in range(DRAWS)]
    found = [abs(_flipped(differences, bits)) >= observed for bits in flips]
    return sum(found) / len(found)


def _flipped(differences: Sequence[float], bits: int) -> float:
    return sum(-value if bits >> index & 1 else value for index, value in enumerate(differences))
