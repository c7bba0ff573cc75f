"""What kills leave behind: of a worker, of the parent, of everything, and of actors on a cluster."""

import os
import signal
import sys
import time
from pathlib import Path
from random import Random

import pytest

from sandbox.batch.parent import Parent
from sandbox.batch.queue import open_queue
from sandbox.batch.spec import Limits
from tests.batches import family, hashes, kill, opened, plan_at, playing, reasons, undisturbed, until
from tests.conftest import ROOT
from worlds.errors import SandboxError

RUNS = "grid: {worlds: ./shed.yaml, seeds: 1..16}"


def _done(folder: Path) -> int:
    return len([*folder.glob("*/events.jsonl")])


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_batch_killed_at_random_moments_is_the_undisturbed_batch(tmp_path: Path) -> None:
    """SIGKILL of the parent, of workers, of both, again and again: the same logs in the end, and no run failed."""
    whole = undisturbed(tmp_path, RUNS, turns=60)
    plan_at(tmp_path, RUNS, turns=60)
    draw, out = Random("kills"), tmp_path / "out"
    for mark in (1, 8):
        with playing("plan.yaml", "--workers", "2", cwd=tmp_path) as process:
            until(lambda: _done(out) >= mark or process.poll() is not None)  # noqa: B023 - called at once
            time.sleep(draw.uniform(0, 0.3))
            victims = family(process.pid)
            for pid in draw.choice([victims, victims[:1], victims[1:2]]):
                kill(pid)
    with playing("plan.yaml", "--workers", "2", cwd=tmp_path) as process:
        assert process.wait(120) == 0
    assert hashes(out) == whole
    assert not (out / "failed").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    """The parent goes on without being started again, and ends well."""
    plan_at(tmp_path, RUNS, turns=60)
    with playing("plan.yaml", "--workers", "2", cwd=tmp_path) as process:
        until(lambda: _done(tmp_path / "out") >= 3)
        kill(family(process.pid)[1])
        assert process.wait(120) == 0
    assert _done(tmp_path / "out") == 16


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    """They see it within a beat, and give back what they have."""
    plan_at(tmp_path, RUNS, turns=2_000)
    with playing("plan.yaml", "--workers", "1", cwd=tmp_path) as process:
        until(
            lambda: len(family(process.pid)) == 2 and any((tmp_path / "out" / ".batch" / "begun").glob("*"))
        )
        (worker,) = family(process.pid)[1:]
        kill(process.pid)
        process.wait()
        until(lambda: not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text())
    with open_queue(tmp_path / "out") as queue:
        assert queue.counts() == {"waiting": 16}


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_that_is_interrupted_says_how_to_go_on(sign: int, tmp_path: Path) -> None:
    """Ctrl-C and what a batch system sends: exit code 130, state saved, nothing in anybody's hands."""
    plan_at(tmp_path, RUNS, turns=60)
    with playing("plan.yaml", "--workers", "2", cwd=tmp_path) as process:
        until(lambda: _done(tmp_path / "out") >= 3)
        process.send_signal(sign)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
    assert "goes on" in said
    assert "Traceback" not in said
    with open_queue(tmp_path / "out") as queue:
        assert set(queue.counts()) <= {"done", "waiting"}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["spin", "exit"])
def test_a_run_that_takes_its_worker_down_is_set_aside(how: str, tmp_path: Path) -> None:
    """One that never gives back the processor, one that ends the process: given up; none beside it is blamed."""
    with opened(plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..4}")) as queue:
        limits = Limits(hang=1.0, attempts=2)
        queue.put(limits=limits.model_dump_json())
        command = (sys.executable, "-m", "tests.poisoned", how)
        parent = Parent(queue, limits, 1, command=command)
        here = Path.cwd()
        os.chdir(ROOT)
        try:
            sight = parent.run()
        finally:
            os.chdir(here)
        assert sight.counts == {"done": 3, "failed": 1}
        assert "dies" in reasons(queue)[0]
        (aside,) = (queue.folder / "failed").iterdir()
        assert "-2-" in aside.name
        assert "dies" in (aside / "reason.txt").read_text()
        assert (aside / "events.jsonl").exists()


@pytest.mark.slow
def test_workers_that_cannot_start_end_the_batch(tmp_path: Path) -> None:
    """They are not started for ever, and what the last one said is told."""
    with opened(plan_at(tmp_path)) as queue:
        command = (sys.executable, "-c", "raise SystemExit('no such module')")
        with pytest.raises(SandboxError, match=r"as soon as they are started.*no such module"):
            Parent(queue, Limits(), 1, command=command, look=0.05).run()
