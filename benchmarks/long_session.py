"""What a long session costs: `python benchmarks/long_session.py [--turns 10000] [--no-memory] [--json]`.

Three improv characters, memory on, the log on disk. Prints for each tenth of the session how many milliseconds of
processor time a character turn took, minds, memory and disk included, how many by the clock, and the middle turn's
processor time, which a busy neighbour disturbs less; then how much dearer the dearest tenth is than the cheapest after
the first, by the mean and by the middle turn, and the peak of memory used.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from characters.files import load_cast
from sandbox.calm import calm
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


class Tenth(NamedTuple):
    """What a turn took, in milliseconds."""

    processor: float
    clock: float
    middle: float


async def measure(turns: int, *, memory: bool) -> list[Tenth]:
    """Play, and give what a turn took in each tenth."""
    log, part = begin(turns, memory=memory), max(1, turns // 10)
    tenths: list[Tenth] = []
    with tempfile.TemporaryDirectory() as folder, new_run(Path(folder) / "run", log) as run:
        began, last = (time.process_time(), time.perf_counter()), time.process_time()
        took: list[float] = []
        async for event in run.play(stage_for(log, run="long")):
            if isinstance(event.body, TurnEnded):
                now = time.process_time(), time.perf_counter()
                took.append(now[0] - last)
                last = now[0]
                if len(took) == part:
                    means = ((n - b) / part for n, b in zip(now, began, strict=True))
                    tenths.append(Tenth(*(round(each * 1000, 3) for each in (*means, median(took)))))
                    began, took = now, []
    return tenths


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    calm()  # as the program does
    tenths = asyncio.run(measure(given.turns, memory=not given.no_memory))
    spread, spread_middle = (
        round(max(later) / min(later) - 1, 3)
        for later in ([each.processor for each in tenths[1:]], [each.middle for each in tenths[1:]])
    )
    mean = round(sum(each.processor for each in tenths) / len(tenths), 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if given.json:
        found = {"turns": given.turns, "tenths": tenths, "mean": mean, "peak MB": peak}
        found |= {"spread": spread, "spread of the middle": spread_middle}
        print(json.dumps({"schema": "sandbox.bench.long/3", **found}))
        return
    print("ms per character turn: processor, clock, middle turn's processor")
    for number, each in enumerate(tenths, start=1):
        print(
            f"turns up to {number * given.turns // 10:6}: {each.processor:6.2f} {each.clock:6.2f} {each.middle:6.2f}"
        )
    print(
        f"mean {mean:.2f}; spread after the first tenth {spread:.0%}, of the middle turn {spread_middle:.0%}; {peak} MB"
    )


if __name__ == "__main__":
    main()
