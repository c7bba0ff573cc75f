"""Small batches for tests: a plan on disk, its queue, and workers in this process."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from characters.models import Endpoint, Model
from characters.models.scripted import ScriptedChat
from sandbox.batch.desk import QueueDesk
from sandbox.batch.parent import driving
from sandbox.batch.player import Folders
from sandbox.batch.prepare import Part, checked, fill, folder_of
from sandbox.batch.queue import Queue
from sandbox.batch.spec import load_plan
from sandbox.batch.worker import Worker
from tests.conftest import ROOT
from tests.players import turn

__all__ = [
    "crew", "family", "hashes", "kill", "opened", "plan_at", "played", "playing", "reasons", "speaking", "undisturbed",
    "until",
]  # fmt: skip

SHED = """
id: shed
title: The Shed
genre: test
premise: Two people wait for the rain to stop.
places:
  shed: {name: the shed, text: A shed., exits: [{to: yard}]}
  yard: {name: the yard, text: A yard., exits: [{to: shed}]}
things:
  cup: {name: a cup, at: shed}
cast: {ada: {at: shed}, ben: {at: shed}}
scenes: [{id: one, premise: Rain.}]
topics: [the rain, the roof]
"""

ADA = "{id: ada, name: Ada, core: {identity: a waiting woman, summary: She waits.}}"
BEN = "{id: ben, name: Ben, core: {identity: a waiting man, summary: He waits.}}"


def plan_at(folder: Path, text: str = "grid: {worlds: ./shed.yaml, seeds: 1..4}", **more: Any) -> Path:
    """Write the shed, its people and a plan; give the plan's path. `more` are further fields of it."""
    (folder / "characters").mkdir(parents=True, exist_ok=True)
    (folder / "shed.yaml").write_text(SHED)
    (folder / "characters" / "ada.yaml").write_text(ADA)
    (folder / "characters" / "ben.yaml").write_text(BEN)
    fields = {"turns": 8, "out": str(folder / "out"), **more}
    plan = folder / "plan.yaml"
    plan.write_text("\n".join([text, *(f"{name}: {json.dumps(value)}" for name, value in fields.items())]))
    return plan


@contextmanager
def opened(plan: Path) -> Iterator[Queue]:
    """Open the queue of a plan, filled, as its parent does."""
    read = load_plan(plan)
    expansion, jobs = checked(read, Part())
    with driving(folder_of(read, Part()), new=True) as queue:
        fill(queue, read.plan, expansion, jobs)
        yield queue


def crew(queue: Queue, number: int = 1, connect: Callable[[str], Model] | None = None) -> list[Worker]:
    """Give workers for a queue, each with a desk of its own; `connect` gives them models."""
    workers = [Worker(QueueDesk(queue), Folders(queue.folder)) for _ in range(number)]
    for worker in workers:
        if connect:
            worker.player.connect = connect
    return workers


def played(queue: Queue, *workers: Worker) -> dict[str, int]:
    """Let workers play in this process; give how the batch stands then."""

    async def work() -> None:
        await asyncio.gather(*(worker.work() for worker in workers or crew(queue)))

    asyncio.run(work())
    return queue.counts()


def hashes(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every finished log."""
    return {
        log.parent.name: hashlib.sha256(log.read_bytes()).hexdigest() for log in folder.glob("*/events.jsonl")
    }


def reasons(queue: Queue) -> list[str]:
    """Give why runs failed."""
    return [str(row[0]) for row in queue.read("SELECT reason FROM run WHERE state = 'failed' ORDER BY id")]


def speaking(script: Callable[..., Any] | None = None, **given: Any) -> Callable[[str], Model]:
    """Give what connects every model to a script; without one, everybody says the same."""
    options: dict[str, Any] = {"wait": 0.0, "patience": 0.01, "tries": 2} | given
    chat = ScriptedChat(script=script or (lambda _: turn(speech="It rains.")))
    return lambda spec: Model(spec=spec, chat=chat, endpoint=Endpoint(8), **options)


@contextmanager
def playing(*words: str, cwd: Path) -> "Iterator[subprocess.Popen[str]]":
    """Start the program; whatever is left of it at the end is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "batch", *words],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        for pid in family(process.pid):
            kill(pid)
        process.communicate()


def family(parent: int) -> list[int]:
    """Give a process and its children."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [parent, *(int(word) for word in text.split())]


def kill(pid: int) -> None:
    """Send SIGKILL, if there is still somebody to get it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def until(true: Callable[[], Any]) -> None:
    """Wait for something that will be so."""
    for _ in range(3_000):
        if true():
            return
        time.sleep(0.02)
    raise TimeoutError


def undisturbed(
    folder: Path, text: str = "grid: {worlds: ./shed.yaml, seeds: 1..4}", **more: Any
) -> dict[str, str]:
    """Give the hashes of a batch that nothing happens to."""
    with opened(plan_at(folder / "undisturbed", text, **more)) as queue:
        played(queue)
    return hashes(folder / "undisturbed" / "out")
