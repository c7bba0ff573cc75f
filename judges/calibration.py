"""Calibration: whether judges notice what is wrong, and nothing else.

Clean runs are spoilt, one kind of damage at a time and in rising doses, and judged. A dimension's **badness** in a run
is the mean of 1 − goodness over its verdicts, weighed by their confidence. From it come, for each kind and dimension:

    AUROC        how well badness tells spoilt runs from clean ones, with a 95 % interval, at each dose
    detection    share of the spoilt places an alarm points at, at full dose
    response     rank correlation of dose and badness within a run, averaged
    alarms       share of verdicts on clean runs that are bad: false alarms
    retest       share of verdicts that are the same when a run is judged again

An **alarm** is a verdict with goodness below one half. Dimensions that describe rather than accuse (`GRADED`) have no
alarms. Runs are played elsewhere: this takes trajectories.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from judges.damage import Damage, Damaged, damage, damages
from judges.reading import Reading, read
from judges.scores import goodness
from judges.statistics import mean, spearman
from judges.statistics_spread import Interval, auroc_interval, wilson
from judges.verdict import Judge, Log, Verdict

__all__ = ["DOSES", "GRADED", "Calibrated", "Cell", "Clean", "calibrate"]

DOSES = (0.05, 0.5, 1.0)
"""Doses that are tried, in rising order: a single place or nearly, half, full."""

GRADED = frozenset(
    {
        "fidelity.apc", "fidelity.missed", "fidelity.attribution", "tracking.acted_on", "tracking.lag", "tracking.f1",
        "tracking.retention", "tracking.precision", "tracking.staleness",
    }
)  # fmt: skip
"""Dimensions that say how much rather than that something is wrong."""

_STIRRED = 0.6
"""A dimension whose AUROC surely lies above this reacts to a kind of damage."""


class Clean(NamedTuple):
    """One dimension on clean runs."""

    dimension: str
    alarms: Interval
    """Share of its verdicts that are alarms."""
    verdicts: int
    badness: float
    """Mean over the runs."""
    retest: float


class Cell(NamedTuple):
    """One dimension and one kind of damage."""

    kind: str
    dimension: str
    part: str
    """`own`, `also` or `other`: whether it must, may or should not react."""
    runs: int
    auroc: Mapping[str, Interval]
    """Dose to AUROC."""
    detection: Interval
    sites: int
    response: float


class Calibrated(NamedTuple):
    """The whole table."""

    runs: tuple[str, ...]
    clean: tuple[Clean, ...]
    cells: tuple[Cell, ...]

    def failures(self, full: float = 0.95, half: float = 0.85, alarms: float = 0.05) -> list[str]:
        """Say what falls short: AUROC at full and half dose, false alarms, reactions nobody declared."""
        found = [
            f"{c.dimension}: {c.alarms.value:.3f} false alarms on clean runs"
            for c in self.clean
            if c.dimension not in GRADED and c.alarms.value > alarms
        ]
        for cell in self.cells:
            name = f"{cell.kind} × {cell.dimension}"
            if cell.part == "own":
                wanted = {"1.0": full, "0.5": half}
                low = [
                    d for d, least in wanted.items() if d in cell.auroc and not cell.auroc[d].value >= least
                ]
                found += [f"{name}: AUROC {cell.auroc[d].value:.3f} at dose {d}" for d in low]
            elif cell.part == "other" and cell.auroc["1.0"].low > _STIRRED:
                found.append(f"{name}: reacts undeclared, AUROC {cell.auroc['1.0'].value:.3f}")
        return found


class _Judged(NamedTuple):
    badness: Mapping[str, float]
    alarmed: Mapping[str, frozenset[int]]
    """Dimension to the seqs its alarms point at."""
    counts: Mapping[str, tuple[int, int]]
    """Dimension to alarms and verdicts."""
    verdicts: tuple[Verdict, ...]


class _Spoilt(NamedTuple):
    run: str
    dose: float
    judged: _Judged
    places: tuple[tuple[int, ...], ...]


def calibrate(
    runs: Mapping[str, Log],
    judges: Sequence[Judge],
    *,
    kinds: Sequence[str] = (),
    doses: Sequence[float] = DOSES,
    seed: str = "0",
    progress: Callable[[str], None] = lambda _: None,
) -> Calibrated:
    """Spoil clean runs (name to log) in all ways, or in some, and see which judges notice."""
    table = damages()
    clean = {name: _judged(log, judges) for name, log in runs.items()}
    again = {name: _judged(log, judges) for name, log in runs.items()}
    cells: list[Cell] = []
    for kind in kinds or table:
        spoilt: list[_Spoilt] = []
        for name, log in runs.items():
            reading = read(log)
            spoilt += [s for dose in doses if (s := _spoilt(name, reading, judges, kind, (dose, seed)))]
        progress(f"{kind}: {len({s.run for s in spoilt})} runs")
        if spoilt:
            cells += _cells(table[kind], clean, spoilt, doses)
    return Calibrated(tuple(runs), tuple(_clean(clean, again)), tuple(cells))


def _spoilt(
    name: str, log: Reading, judges: Sequence[Judge], kind: str, strength: tuple[float, str]
) -> _Spoilt | None:
    dose, seed = strength
    made: Damaged = damage(log, kind, dose=dose, seed=f"{seed}:{name}")
    return _Spoilt(name, dose, _judged(made.events, judges), made.places) if made.places else None


def _judged(log: Iterable[object], judges: Sequence[Judge]) -> _Judged:
    reading = Reading(log)  # type: ignore[arg-type] # anew, so that judging again is judging again
    verdicts = tuple(verdict for judge in judges for verdict in judge.judge(reading))
    sums: dict[str, list[float]] = {}
    alarmed: dict[str, set[int]] = {}
    counts: dict[str, tuple[int, int]] = {}
    for verdict in verdicts:
        good = goodness(verdict)
        if good is None:
            continue
        own = sums.setdefault(verdict.dimension, [0.0, 0.0])
        own[0] += (1 - good) * verdict.confidence
        own[1] += verdict.confidence
        bad = good < 0.5
        hits, total = counts.get(verdict.dimension, (0, 0))
        counts[verdict.dimension] = (hits + bad, total + 1)
        if bad:
            alarmed.setdefault(verdict.dimension, set()).update(verdict.evidence)
    badness = {dimension: a / b if b else 0.0 for dimension, (a, b) in sums.items()}
    return _Judged(badness, {d: frozenset(seqs) for d, seqs in alarmed.items()}, counts, verdicts)


def _clean(runs: Mapping[str, _Judged], again: Mapping[str, _Judged]) -> Iterable[Clean]:
    same = {
        (name, index): one == other
        for name, judged in runs.items()
        for index, (one, other) in enumerate(zip(judged.verdicts, again[name].verdicts, strict=False))
    }
    for dimension in sorted({d for judged in runs.values() for d in judged.counts}):
        hits = sum(judged.counts.get(dimension, (0, 0))[0] for judged in runs.values())
        total = sum(judged.counts.get(dimension, (0, 0))[1] for judged in runs.values())
        kept = [
            float(same.get((name, index), False))
            for name, judged in runs.items()
            for index, verdict in enumerate(judged.verdicts)
            if verdict.dimension == dimension
        ]
        badness = mean([judged.badness.get(dimension, 0.0) for judged in runs.values()])
        yield Clean(dimension, wilson(hits, total), total, badness, mean(kept))


def _cells(
    kind: Damage, clean: Mapping[str, _Judged], spoilt: Sequence[_Spoilt], doses: Sequence[float]
) -> Iterable[Cell]:
    names = list(dict.fromkeys(s.run for s in spoilt))
    dimensions = sorted({d for judged in clean.values() for d in judged.badness} | set(kind.own))
    for dimension in dimensions:
        part = "own" if dimension in kind.own else "also" if dimension in kind.also else "other"
        base = [judged.badness.get(dimension, 0.0) for judged in clean.values()]
        auroc = {
            str(dose): auroc_interval(
                [s.judged.badness.get(dimension, 0.0) for s in spoilt if s.dose == dose], base
            )
            for dose in doses
        }
        full = [s for s in spoilt if s.dose == max(doses)]
        hits = sum(_found(s, dimension) for s in full)
        sites = sum(len(s.places) for s in full)
        curves = [_curve(clean[name], [s for s in spoilt if s.run == name], dimension) for name in names]
        response = mean([value for value in curves if value == value])  # noqa: PLR0124 - nan is left out
        yield Cell(kind.name, dimension, part, len(names), auroc, wilson(hits, sites), sites, response)


def _found(spoilt: _Spoilt, dimension: str) -> int:
    seqs = spoilt.judged.alarmed.get(dimension, frozenset())
    return sum(bool(seqs & set(site)) for site in spoilt.places)


def _curve(clean: _Judged, spoilt: Sequence[_Spoilt], dimension: str) -> float:
    """Give the rank correlation of dose and badness in one run."""
    doses = [0.0, *(s.dose for s in spoilt)]
    return spearman(
        doses, [judged.badness.get(dimension, 0.0) for judged in (clean, *(s.judged for s in spoilt))]
    )
