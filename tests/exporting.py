"""Runs to export: short ones by improv in the bundled worlds, and wild ones whose words are marked as somebody's."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.exports import Options, Played, export
from sandbox.playing import opened, played
from tests.stagecraft import begin, play
from worlds.files import load_world
from worlds.spec import Order, Settings
from worlds.trajectory import Trajectory

__all__ = ["improvised", "lines", "shelf", "wild", "written"]


@cache
def improvised(world: str = "tavern", seed: int = 1, turns: int = 12) -> Trajectory:
    """Give a run of three of a world's own cast."""
    cast = tuple(load_world(world).cast)[:3]
    return played(opened(world, Settings(seed=seed, turns=turns), cast))


def wild(seed: int = 1, order: Order = "natural", turns: int = 24) -> Played:
    """Give a run of `tests.stagecraft`, in which what is said, thought and changed is marked as whose it is."""
    return Played(f"yard-{seed}", play(begin(seed=seed, order=order, turns=turns)))


def shelf() -> list[Played]:
    """Give one run of each of four worlds, and a second of one of them."""
    worlds = (("tavern", 1), ("tavern", 2), ("opera", 1), ("station", 1), ("village", 1))
    return [Played(f"{world}-{seed}", improvised(world, seed)) for world, seed in worlds]


def written(runs: list[Played], form: str, out: Path, **wishes: Any) -> list[Path]:
    """Export."""
    return export(runs, form, out, Options(**wishes))


def lines(file: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
