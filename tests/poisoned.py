"""A worker with a mind that takes it down: `python -m tests.poisoned HOW [--parent --queue] FOLDER`.

HOW is `spin` (never gives back the processor), `exit` (the process is gone at once), or `jump` (nobody dies, but the
wall clock leaps by a year with every look at it).
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from characters.minds import ScriptedMind
from sandbox.batch.desk import QueueDesk
from sandbox.batch.player import Folders
from sandbox.batch.queue import open_queue
from sandbox.batch.worker import Worker
from sandbox.casting import stage_for
from sandbox.loop import Stage
from worlds.actions import Action, Wait
from worlds.trajectory import Trajectory
from worlds.view import View

__all__: list[str] = []


def _taken_down(how: str) -> Action:
    while how == "spin":
        pass
    os._exit(11)


def _stage(how: str, log: Trajectory, calls: Any = None, **given: Any) -> Stage:
    stage = stage_for(log, calls, **given)
    if log.state.settings.seed != 2 or how == "jump":
        return stage

    def act(view: View) -> Action:
        return _taken_down(how) if view.own_turn == 2 else Wait()

    return Stage({who: ScriptedMind(act) for who in log.state.cast}, stage.narrator)


def _leaps() -> Iterator[float]:
    year = 365 * 86_400.0
    return (1.7e9 + (-1) ** n * n * year for n in count())


def main(how: str, folder: Path) -> None:
    """Work."""
    leaps = _leaps()
    if how == "jump":
        time.time = lambda: next(leaps)  # noqa: TID251 - what must not be looked at is made to lie
    with open_queue(folder) as queue:
        worker = Worker(QueueDesk(queue), Folders(folder))
        worker.player.stage = lambda *given, **more: _stage(how, *given, **more)
        asyncio.run(worker.work())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[-1]))
