"""The theatre under test: runs to look at, the app driven by its keys, and screens compared with kept pictures."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from textual.pilot import Pilot

from characters.calls import Calls
from sandbox.loop import Stage
from sandbox.tui.app import Playhouse
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from tests.stagecraft import begin, play, stage
from worlds.store import save
from worlds.trajectory import Trajectory

__all__ = [
    "Script",
    "finished",
    "kept",
    "picture",
    "rested",
    "same_picture",
    "show",
    "staged",
    "unfinished",
    "until",
]

SNAPSHOTS = Path(__file__).parent / "snapshots"
PATIENCE = 15.0
"""Seconds something may take on a busy machine."""

Script: TypeAlias = Callable[[Pilot[None], Stagehand], Awaitable[None]]


def staged(log: Trajectory, calls: Calls | None) -> Stage:
    """Give the small world's stage, whoever the log says plays."""
    del log, calls
    return stage()


def finished(folder: Path, turns: int = 24) -> Path:
    """Keep a finished run in the small world."""
    return kept(play(begin(turns=turns)), folder / "runs" / "yard")


def unfinished(folder: Path, events: int = 40) -> Path:
    """Keep a run that broke off."""
    return kept(play(begin(turns=24)).upto(events), folder / "runs" / "yard")


def kept(log: Trajectory, run: Path) -> Path:
    """Write a log as a run."""
    run.mkdir(parents=True)
    save(log, run / "events.jsonl")
    return run


async def until(true: Callable[[], object], pilot: Pilot[None]) -> None:
    """Wait until something is so; what is awaited stands in the failure."""
    for _ in range(int(PATIENCE / 0.02)):
        if true():
            return
        await pilot.pause(0.02)
    raise AssertionError("that has not come about")


def show(opening: Opening, script: Script, size: tuple[int, int] = (140, 42), *, paused: bool = True) -> None:
    """Open the theatre and let a script use it."""

    async def run() -> None:
        app = Playhouse(opening, staged=staged, paused=paused, still=True)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(lambda: isinstance(app.screen, Stagehand), pilot)
            screen = app.screen
            assert isinstance(screen, Stagehand)
            await until(lambda: screen.show_.ready and (screen.feed is None or screen.feed.whole), pilot)
            await pilot.pause(0.1)
            try:
                await script(pilot, screen)
            finally:
                screen.close()

    asyncio.run(run())


async def picture(pilot: Pilot[None]) -> str:
    """Give the screen as SVG once it has come to rest."""
    before, now = "", pilot.app.export_screenshot(title="sandbox")
    while _plain(before) != _plain(now):
        await pilot.pause(0.2)
        before, now = now, pilot.app.export_screenshot(title="sandbox")
    return now


def _plain(svg: str) -> str:
    """Take out what differs from one export to the next."""
    return re.sub(r"terminal-\d+-", "terminal-", svg)


def same_picture(name: str, svg: str) -> list[str]:
    """Compare a screen with its kept picture and say if it differs; `SNAP=1` keeps the new one instead."""
    svg = "\n".join(line.rstrip() for line in _plain(svg).splitlines()) + "\n"
    file = SNAPSHOTS / f"{name}.svg"
    if os.environ.get("SNAP"):
        file.write_text(svg, encoding="utf-8")
    fresh = file.with_suffix(".new.svg")
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    if svg != known:
        fresh.write_text(svg, encoding="utf-8")
        return [f"{file} differs from {fresh}; look at both, and if it should, run `make snap`"]
    fresh.unlink(missing_ok=True)
    return []


async def rested(pilot: Pilot[None], screen: Stagehand) -> None:
    """Wait until whatever was asked for is there: an engine, an answer, a memory, a turn of a person's."""
    engine = screen.engine
    pilot.app.clear_notifications()
    await pilot.pause(0.05)
    await until(
        lambda: (
            not [worker for worker in pilot.app.workers if worker.is_running]
            and (engine is None or (engine.opened and not engine.busy))
        ),
        pilot,
    )
    screen.tick()
    await pilot.pause(0.05)
