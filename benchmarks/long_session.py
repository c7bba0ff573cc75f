"""What a long session costs: `python benchmarks/long_session.py [--turns 10000] [--no-memory] [--json]`.

Three improv characters, memory on, the log on disk. Prints milliseconds per character turn for each tenth of the
session, minds and memory included, and the peak of memory used.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from pathlib import Path

from characters.files import load_cast
from sandbox.casting import stage_for
from sandbox.runs import new_run
from worlds.events import Started, TurnEnded
from worlds.files import load_world
from worlds.spec import Scene, Settings
from worlds.trajectory import Trajectory, start


def begin(turns: int, *, memory: bool) -> Trajectory:
    """Give the first line of a session that lasts as long as asked: the village, without an end."""
    world = load_world("village")
    world = world.model_copy(update={"endings": (), "scenes": (Scene(id="one", premise="Go on."),)})
    cast = load_cast(world, tuple(world.cast)[:3])
    embedder = "hashing" if memory else ""
    return start(
        Started(
            world=world, cast=cast, settings=Settings(seed=7, turns=turns, order="list", embedder=embedder)
        )
    )


async def measure(turns: int, *, memory: bool) -> list[float]:
    """Play, and give the milliseconds per turn of each tenth."""
    log = begin(turns, memory=memory)
    tenths: list[float] = []
    with tempfile.TemporaryDirectory() as folder, new_run(Path(folder) / "run", log) as run:
        began, done = time.perf_counter(), 0
        async for event in run.play(stage_for(log, run="long")):
            if isinstance(event.body, TurnEnded):
                done += 1
                if done % max(1, turns // 10) == 0:
                    now = time.perf_counter()
                    tenths.append(round((now - began) / (turns / 10) * 1000, 3))
                    began = now
    return tenths


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    tenths = asyncio.run(measure(given.turns, memory=not given.no_memory))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if given.json:
        print(
            json.dumps(
                {"schema": "sandbox.bench.long/1", "turns": given.turns, "tenths": tenths, "peak MB": peak}
            )
        )
        return
    for number, each in enumerate(tenths, start=1):
        print(f"turns up to {number * given.turns // 10:6}: {each} ms per character turn")
    print(f"peak: {peak} MB")


if __name__ == "__main__":
    main()
