"""Scores as strips: a dot for each character, the mean over all with its interval, and where it drifted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from judges.scores import Estimate, Score, Tally, estimate, tally
from judges.verdict import Scale
from sandbox.report.sources import Reported
from sandbox.report.words import number, order

__all__ = ["PARTS", "Curve", "Dot", "Row", "curves", "path", "rows", "scales_of", "tallied"]

PARTS = 6
"""Windows of the drift plots."""

_GOOD = Scale(0.0, 1.0, 1.0)


class Dot(NamedTuple):
    """A value on a strip."""

    who: str
    x: float
    """0 is bad, 100 is good."""
    value: str
    drift: float
    """Over the session, as a share of the scale; above 0 is for the better."""


class Row(NamedTuple):
    """One dimension or family."""

    dimension: str
    mean: str
    spread: str
    """The 95 % interval, printed; empty with a single character."""
    x: float | None
    """Where the mean stands; None if nothing was judged."""
    band: tuple[float, float]
    """Where its interval begins, and how wide it is."""
    dots: Sequence[Dot]
    items: int
    failed: int


class Curve(NamedTuple):
    """How one character did in one family, window by window: 0..1, 1 for good; None where nothing was judged."""

    who: str
    points: Sequence[float | None]


def tallied(one: Reported, parts: int = 3) -> Tally:
    """Add up the verdicts of a run."""
    return tally(one.reading, one.verdicts, parts)


def rows(tallies: Mapping[str, Tally], scales: Mapping[str, Scale]) -> list[Row]:
    """Give a row a dimension. Of one run the dots are its characters, of several they are the runs."""
    names = sorted({name for run in tallies.values() for name in run}, key=order)
    return [_row(name, tallies, scales.get(name, _GOOD)) for name in names]


def scales_of(runs: Iterable[Reported]) -> dict[str, Scale]:
    """Give the scale of each dimension."""
    return {v.dimension: v.scale for one in runs for v in one.verdicts if v.value is not None}


def curves(finer: Tally) -> dict[str, list[Curve]]:
    """Give the drift of each family, character by character."""
    return {
        name: [Curve(who, score.windows) for who, score in of.items() if who and score.value is not None]
        for name, of in sorted(finer.items(), key=lambda each: order(each[0]))
        if "." not in name
    }


def path(points: Sequence[float | None], width: float, height: float) -> str:
    """Give the line through these points as an SVG path; gaps stay gaps."""
    step = width / max(1, len(points) - 1)
    found = []
    for index, value in enumerate(points):
        if value is not None:
            drawn = index > 0 and points[index - 1] is not None
            found.append(f"{'L' if drawn else 'M'}{index * step:.1f} {height * (1 - value):.1f}")
    return "".join(found)


def _row(name: str, tallies: Mapping[str, Tally], scale: Scale) -> Row:
    scores = [score for run in tallies.values() for score in run.get(name, {}).values()]
    mean = estimate(list(tallies.values()), name)
    dots = (
        _of_run(next(iter(tallies.values())), name, scale)
        if len(tallies) == 1
        else _of_runs(tallies, name, scale)
    )
    ends = (0.0, 0.0) if mean is None else sorted((_place(mean.low, scale), _place(mean.high, scale)))
    return Row(
        name,
        number(mean.value if mean else None),
        _spread(mean),
        _place(mean.value, scale) if mean else None,
        (ends[0], ends[1] - ends[0]),
        dots,
        sum(score.items for score in scores),
        sum(score.failed for score in scores),
    )


def _of_run(run: Tally, name: str, scale: Scale) -> list[Dot]:
    return [
        Dot(who, _place(score.value, scale), number(score.value), _drift(score, scale))
        for who, score in run.get(name, {}).items()
        if score.value is not None
    ]


def _of_runs(tallies: Mapping[str, Tally], name: str, scale: Scale) -> list[Dot]:
    means = {run: estimate([of], name) for run, of in tallies.items()}
    return [
        Dot(run, _place(mean.value, scale), number(mean.value), 0.0)
        for run, mean in means.items()
        if mean is not None
    ]


def _spread(mean: Estimate | None) -> str:
    if mean is None or (mean.runs == 1 and mean.characters == 1):
        return ""
    low, high = number(mean.low), number(mean.high)
    return "" if low == high else f"{low} … {high}"


def _place(value: float, scale: Scale) -> float:
    """Put a value on a strip from bad to good."""
    far = max(scale.good - scale.low, scale.high - scale.good)
    return round(100 * max(0.0, 1 - abs(value - scale.good) / far), 2)


def _drift(score: Score, scale: Scale) -> float:
    if score.drift is None:
        return 0.0
    towards = 1 if scale.good >= scale.high else -1
    return towards * score.drift / (scale.high - scale.low)
