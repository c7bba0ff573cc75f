"""Published data to test against: read where `SANDBOX_SHARED` says, or from `shared` beside the project; else skip."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

__all__ = ["lines", "table", "whole"]

_FOLDER = Path(os.environ.get("SANDBOX_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


def _path(name: str) -> Path:
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not here; set SANDBOX_SHARED")
    return path


def lines(name: str) -> list[dict[str, Any]]:
    """Give the objects of a file with one on each line."""
    return [json.loads(line) for line in _path(name).read_text(encoding="utf-8").splitlines()]


def whole(name: str) -> Any:
    """Give a file of JSON."""
    return json.loads(_path(name).read_text(encoding="utf-8"))


def table(name: str) -> list[dict[str, str]]:
    """Give the rows of a file of comma-separated values."""
    with _path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
