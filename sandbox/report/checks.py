"""How good a judge is, beside what it says: its figures from calibration."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from judges.calibration import GRADED, Calibrated, Cell
from judges.damage import damages
from judges.statistics_spread import Interval

__all__ = ["Catch", "Check", "checks"]


class Catch(NamedTuple):
    """A kind of fault a dimension is made for."""

    kind: str
    does: str
    areas: Sequence[Interval]
    """AUROC at each dose, least first."""
    found: float
    """Share of the spoilt places its alarms point at, at full dose."""
    sites: int


class Check(NamedTuple):
    """What is known of one dimension."""

    dimension: str
    alarms: Interval | None
    """Share of false alarms on clean runs; None for one that grades and raises none."""
    catches: Sequence[Catch]

    @property
    def least(self) -> float | None:
        """The lowest AUROC at the least dose; None if no fault was planted for it."""
        return min((catch.areas[0].value for catch in self.catches if catch.areas), default=None)

    @property
    def full(self) -> float | None:
        """The lowest AUROC at full dose."""
        return min((catch.areas[-1].value for catch in self.catches if catch.areas), default=None)


def checks(table: Calibrated) -> Mapping[str, Check]:
    """Give the figures of each dimension that was calibrated."""
    own: dict[str, list[Catch]] = {}
    for cell in table.cells:
        if cell.part == "own":
            own.setdefault(cell.dimension, []).append(_catch(cell))
    return {
        clean.dimension: Check(
            clean.dimension,
            None if clean.dimension in GRADED else clean.alarms,
            tuple(own.get(clean.dimension, ())),
        )
        for clean in table.clean
    }


def _catch(cell: Cell) -> Catch:
    kinds = damages()
    does = kinds[cell.kind].does if cell.kind in kinds else ""
    areas = [area for _, area in sorted(cell.auroc.items(), key=lambda each: float(each[0]))]
    return Catch(cell.kind, does, areas, cell.detection.value, cell.sites)
