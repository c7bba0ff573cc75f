"""What the engine costs: `python benchmarks/engine.py [--json] [--quick]`.

Minds answer at once (their own time is measured and taken off) or wait 50 ms; everything else is real: the loop,
rules, perception, views, the log on disk. Prints a table, or JSON.
"""

import asyncio
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from characters.files import load_cast
from characters.minds import Decision, Reflection, ScriptedMind
from sandbox.calm import calm
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from sandbox.runs import EVENTS, new_run
from worlds.actions import Action, Change, Say
from worlds.events import Acted, Cued, Ended, Happened, Intervened, Reflected, Resolved, SceneSet, Started
from worlds.files import load_world
from worlds.spec import Entrance, Exit, Order, Place, Scene, Settings, World
from worlds.store import load, write_line
from worlds.trajectory import Trajectory, start
from worlds.view import View

WAIT = 0.05
"""Seconds a waiting mind takes: a fast model's latency."""

Row = dict[str, float | int | str]


@dataclass(slots=True)
class Timed(ScriptedMind):
    """Talks and acts at random; counts the seconds it takes itself."""

    seconds: float = 0.0
    wait: float = 0.0
    waits: bool = field(default=False)

    async def decide(self, view: View) -> Decision:
        """Say something two times of three, else do what is possible."""
        began = time.perf_counter()
        draw = Random(view.draw)
        action = self._action(view, draw)
        self.seconds += time.perf_counter() - began
        if self.wait:
            await asyncio.sleep(self.wait)
        return Decision(action, thought="So be it, then.", feeling="calm")

    async def reflect(self, view: View) -> Reflection:
        """Change one slot because of the newest percept."""
        if not view.news:
            return Reflection()
        return Reflection(
            changes=(Change("mood.joy", round(Random(view.draw).random(), 2), view.news[-1].seq),)
        )

    @staticmethod
    def _action(view: View, draw: Random) -> Action:
        if draw.random() < 0.66 or view.place == "":
            to = (draw.choice(view.fellows).id,) if view.fellows else ()
            return Say(
                text=f"I have said it {view.own_turn} times and will say it again.", to=to, intent="tell"
            )
        return draw.choice(
            [option for option in view.options if option.verb not in ("attack", "restrain", "go")]
        )


def begin(world: World, ids: tuple[str, ...], turns: int, order: Order) -> Trajectory:
    """Give the first line of a run; beats and endings are left out so that it lasts as long as asked."""
    world = world.model_copy(update={"beats": (), "endings": (), "scenes": (Scene(id="one", premise="Go."),)})
    cast = load_cast(world, ids, None)
    return start(Started(world=world, cast=cast, settings=Settings(seed=7, turns=turns, order=order)))


def instant(turns: int, order: Order) -> Row:
    """Measure the engine with minds that answer at once, the log on disk included."""
    world = load_world("tavern")
    ids = tuple(world.cast)[:3]
    with _run(begin(world, ids, turns, order)) as (seconds, minds, log, size):
        acts = sum(isinstance(event.body, Acted) for event in log)
        own = sum(mind.seconds for mind in minds)
        return {
            "what": f"{order}, {turns} turns",
            "ms per character turn": round((seconds - own) / acts * 1000, 3),
            "ms per event": round((seconds - own) / len(log) * 1000, 3),
            "bytes per event beyond text": round((size - _text(log) - len(write_line(log[0]))) / len(log), 1),
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def waiting(order: Order, *, apart: bool) -> Row:
    """Measure wall time over the critical path with minds that wait."""
    world = _islands() if apart else load_world("tavern")
    ids = tuple(load_world("tavern").cast)[:3]
    turns = 60
    if apart:
        world = world.model_copy(update={"cast": {who: Entrance(at=f"isle{n}") for n, who in enumerate(ids)}})
    log = begin(world, ids, turns, order)
    with _run(log, wait=WAIT) as (seconds, _, played, _size):
        calls = sum(isinstance(event.body, Acted) for event in played)
        rounds = calls / 3
        path = WAIT * (rounds if apart or order == "together" else calls)
        return {
            "what": f"{order}{', apart' if apart else ''}",
            "wall over critical path": round(seconds / path, 3),
        }


def reading(turns: int) -> Row:
    """Measure loading: parse, check and fold a log from disk."""
    world = load_world("tavern")
    log = begin(world, tuple(world.cast)[:3], turns, "list")
    with tempfile.TemporaryDirectory() as folder:
        with new_run(Path(folder) / "run", log) as run:
            asyncio.run(_drain(run, Stage({who: Timed() for who in log.state.cast}, ImprovNarrator())))
        path = Path(folder) / "run" / EVENTS
        whole = _best(lambda: load(path))
        events = list(load(path).log)
    folded = _best(lambda: Trajectory(events))
    return {
        "what": f"load {len(events)} events",
        "load ms per 1000": round(whole / len(events) * 1e6, 1),
        "of it fold": round(folded / len(events) * 1e6, 1),
    }


def _best(work: Callable[[], object]) -> float:
    """Give the shortest of three times, in seconds."""
    times = []
    for _ in range(3):
        gc.collect()
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


@contextmanager
def _run(log: Trajectory, wait: float = 0.0) -> Iterator[tuple[float, list[Timed], Trajectory, int]]:
    minds = {who: Timed(wait=wait, waits=wait > 0) for who in log.state.cast}
    with tempfile.TemporaryDirectory() as folder, new_run(Path(folder) / "run", log) as run:
        began = time.perf_counter()
        asyncio.run(_drain(run, Stage(minds, ImprovNarrator())))
        seconds = time.perf_counter() - began
        yield seconds, list(minds.values()), run.log, (Path(folder) / "run" / EVENTS).stat().st_size


async def _drain(run, stage):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    async for _ in run.play(stage):
        pass


def _text(log: Trajectory) -> int:
    """Count the bytes of prose in a log: what was said, thought, told."""
    total = 0
    for event in log:
        body = event.body
        if isinstance(body, Acted):
            total += len(f"{getattr(body.action, 'text', '')}{body.thought}{body.feeling}".encode())
        if isinstance(body, SceneSet | Happened | Resolved | Reflected | Intervened | Ended):
            total += len(body.text.encode())
        if isinstance(body, Cued):
            total += len(body.reason.encode())
    return total


def _islands() -> World:
    places = {
        f"isle{n}": Place(name=f"isle {n}", text="Sand.", exits=(Exit(to=f"reef{n}"),)) for n in range(3)
    }
    places |= {
        f"reef{n}": Place(name=f"reef {n}", text="Rock.", exits=(Exit(to=f"isle{n}"),)) for n in range(3)
    }
    return World(
        id="isles", title="Isles", genre="test", premise="Apart.", places=places, cast={},
        scenes=(Scene(id="one", premise="Go."),),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    quick = "--quick" in sys.argv
    instant(100, "list")  # the first run pays for imports and caches
    calm()  # as the program does
    lengths = (100, 1000) if quick else (100, 1000, 10_000)
    rows = [instant(turns, "list") for turns in lengths]
    rows += [instant(lengths[-2], "natural"), instant(lengths[-2], "together")]
    rows += [waiting("list", apart=False), waiting("together", apart=False), waiting("list", apart=True)]
    rows.append(reading(lengths[-2]))
    if "--json" in sys.argv:
        print(json.dumps({"schema": "sandbox.bench.engine/1", "rows": rows}))
        return
    for row in rows:
        print(
            "  ".join(f"{name}: {value}" if name != "what" else f"{value:24}" for name, value in row.items())
        )


if __name__ == "__main__":
    main()
