"""What is put on: a run that is there, or a world from its beginning."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from characters.files import load_cast
from worlds.events import Started
from worlds.files import find_world, load_world
from worlds.spec import Settings
from worlds.trajectory import Trajectory, start

__all__ = ["Opening", "opening"]


class Opening(NamedTuple):
    """What the theatre opens with."""

    run: Path
    new: Trajectory | None = None
    """The first event of a run to be made in that folder; None to open the run that is there."""


def opening(
    world: str, cast: Iterable[str] = (), settings: Settings | None = None, out: Path | None = None
) -> Opening:
    """Give the beginning of a new run of a world; errors are those of the files."""
    stage = load_world(world)
    people = load_cast(stage, tuple(cast) or tuple(stage.cast), find_world(world).parent)
    settings = settings or Settings(seed=1, turns=stage.turns)
    log = start(Started(world=stage, cast=people, settings=settings))
    return Opening(out or Path("runs") / f"{stage.id}-{settings.seed}", log)
