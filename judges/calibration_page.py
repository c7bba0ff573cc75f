"""The calibration table for people and for programs, and the one that ships: `calibration.json`."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, JsonValue, ValidationError

from judges.calibration import GRADED, Calibrated, Cell, Clean
from judges.damage import damages
from judges.statistics_spread import Interval
from worlds.errors import InputError

__all__ = ["SHIPPED", "as_json", "markdown", "read_json", "shipped"]

SHIPPED = Path(__file__).with_name("calibration.json")
"""The table of this version, as `sandbox calibrate --out` wrote it."""


class _Document(BaseModel):
    """What is read of a calibration.json; the rest follows from it."""

    runs: tuple[str, ...]
    clean: tuple[Clean, ...]
    cells: tuple[Cell, ...]


def as_json(table: Calibrated) -> dict[str, JsonValue]:
    """Give the whole table as plain data; intervals are `[value, low, high]`."""
    return {
        "runs": list(table.runs),
        "clean": [{**c._asdict(), "alarms": _three(c.alarms)} for c in table.clean],
        "cells": [
            {
                **c._asdict(),
                "auroc": {dose: _three(value) for dose, value in c.auroc.items()},
                "detection": _three(c.detection),
                "response": None if math.isnan(c.response) else round(c.response, 4),
            }
            for c in table.cells
        ],
        "failures": list(table.failures()),
    }


def read_json(path: Path) -> Calibrated:
    """Read a table back; `InputError` for a file that holds none."""
    mend = "`sandbox calibrate --out` makes one"
    try:
        document: JsonValue = json.loads(path.read_bytes())
        found = _Document.model_validate(_filled(document))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; {mend}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{path}: no calibration: {where}: {first['msg']}; {mend}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}; {mend}") from error
    return Calibrated(found.runs, found.clean, found.cells)


def _filled(value: JsonValue) -> JsonValue:
    """Put nan where JSON has nothing."""
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return math.nan if value is None else value


def shipped() -> Calibrated:
    """Give the calibration of this version."""
    return read_json(SHIPPED)


def markdown(table: Calibrated) -> str:
    """Give the page: what each kind is, who notices it, who else reacts, and the false alarms."""
    return "\n".join((*_own(table), "", *_reactions(table), "", *_clean(table))) + "\n"


def _own(table: Calibrated) -> Iterator[str]:
    yield (
        "| damage | what is wrong | noticed by | AUROC least dose | ½ dose | full dose "
        "| places found | dose response | runs |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    kinds = damages()
    for cell in table.cells:
        if cell.part == "own":
            areas = [_auroc(cell, dose) for dose in cell.auroc]
            found = f"{cell.detection.value:.2f} of {cell.sites}"
            shown = (*areas, found, f"{cell.response:.2f}", str(cell.runs))
            row = (cell.kind, kinds[cell.kind].does, cell.dimension, *shown)
            yield f"| {' | '.join(row)} |"


def _reactions(table: Calibrated) -> Iterator[str]:
    yield "| damage | reacts too, as declared (AUROC, full dose) | reacts undeclared |"
    yield "|---|---|---|"
    for kind in dict.fromkeys(cell.kind for cell in table.cells):
        row = [_stirred(table, kind, part) for part in ("also", "other")]
        yield f"| {kind} | {row[0]} | {row[1]} |"


def _stirred(table: Calibrated, kind: str, part: str) -> str:
    cells = [c for c in table.cells if c.kind == kind and c.part == part and c.auroc["1.0"].low > 0.6]
    return ", ".join(f"{c.dimension} {c.auroc['1.0'].value:.2f}" for c in cells) or "none"


def _clean(table: Calibrated) -> Iterator[str]:
    yield f"Clean runs: {len(table.runs)}."
    yield ""
    yield "| dimension | false alarms | verdicts | mean badness | same when judged again |"
    yield "|---|---|---|---|---|"
    for c in table.clean:
        share = f"{c.alarms.value:.3f} [{c.alarms.low:.3f}, {c.alarms.high:.3f}]"
        alarms = "graded" if c.dimension in GRADED else share
        yield f"| {c.dimension} | {alarms} | {c.verdicts} | {c.badness:.3f} | {c.retest:.2f} |"


def _auroc(cell: Cell, dose: str) -> str:
    found = cell.auroc.get(dose)
    return f"{found.value:.3f} [{found.low:.2f}, {found.high:.2f}]" if found else "–"


def _three(interval: Interval) -> list[JsonValue]:
    return [None if math.isnan(x) else round(x, 4) for x in interval]
