"""A real Ray on this machine: the same logs, and what the death of its actors does."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batches import hashes, plan_at, playing, undisturbed, until

pytest.importorskip("ray", reason="the test of --engine ray needs `pip install ray`")

RUNS = "grid: {worlds: ./shed.yaml, seeds: 1..24}"


def _below(pid: int) -> Iterator[int]:
    """All processes that a process has started, and theirs."""
    for tasks in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            words = tasks.read_text().split()
        except OSError:
            continue
        for word in words:
            yield int(word)
            yield from _below(int(word))


def _actors(pid: int, name: str) -> list[int]:
    """The processes in which Ray runs actors of this class."""
    found = []
    for one in _below(pid):
        try:
            if name in Path(f"/proc/{one}/cmdline").read_text():
                found.append(one)
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_actors_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    """SIGKILL of a worker's actor, then of the desk's: the logs of an undisturbed local batch, to the byte."""
    whole = undisturbed(tmp_path, RUNS, turns=60)
    plan_at(tmp_path, RUNS, turns=60)
    out = tmp_path / "out"
    words = ("plan.yaml", "--workers", "2", "--engine", "ray")
    with playing(*words, cwd=tmp_path) as process:
        for mark, name in ((2, "WorkerActor"), (9, "DeskActor")):
            until(lambda: process.poll() is not None or len([*out.glob("*/events.jsonl")]) >= mark)  # noqa: B023
            victims = _actors(process.pid, name)
            assert victims, f"no {name}: {process.poll()}"
            os.kill(victims[0], signal.SIGKILL)
            time.sleep(0.1)
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said
    assert hashes(out) == whole
    assert not (out / "failed").exists()
