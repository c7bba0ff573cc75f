"""Playing a run through in memory, keeping nothing on disk: for judging, comparing, auditioning."""

import asyncio
from collections.abc import Sequence

from characters.files import load_cast
from sandbox.casting import stage_for
from sandbox.loop import Stage
from worlds.events import Started
from worlds.files import find_world, load_world
from worlds.spec import Settings
from worlds.trajectory import Trajectory, start

__all__ = ["opened", "played", "through"]


def opened(world: str, settings: Settings, cast: Sequence[str] = ()) -> Trajectory:
    """Give the first line of a run of a world, by name or path, with its own cast or with these characters."""
    spec = load_world(world)
    people = load_cast(spec, cast, find_world(world))
    return start(Started(world=spec, cast=people, settings=settings))


async def through(log: Trajectory, stage: Stage | None = None) -> Trajectory:
    """Give the log played to its end, or until somebody without a mind is cued."""
    on = stage or stage_for(log)
    async for _ in on.play(log):
        pass
    return on.log


def played(log: Trajectory, stage: Stage | None = None) -> Trajectory:
    """Do the same where nothing else is waited for."""
    return asyncio.run(through(log, stage))
