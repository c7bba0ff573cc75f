"""Processes and machines that fail a batch; see docs/reliability.md."""

import asyncio
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.batch.database import BATCH
from sandbox.batch.parent import driving
from sandbox.batch.queue import open_queue
from sandbox.runs import locked
from tests.batches import crew, hashes, opened, plan_at, played, undisturbed
from tests.conftest import ROOT, Sandbox
from worlds.errors import BusyError, SandboxError

# ── processes ──────────────────────────────────────────────────────────────────────────────────────


def test_workers_at_one_queue_play_every_run_once(tmp_path: Path) -> None:
    """Three workers, one queue: the logs of one worker, and no run is in two hands."""
    text = "grid: {worlds: ./shed.yaml, seeds: 1..12}"
    whole = undisturbed(tmp_path, text)
    with opened(plan_at(tmp_path, text)) as queue:
        assert played(queue, *crew(queue, 3)) == {"done": 12}
        assert queue.tally().turns == 12 * 8
    assert hashes(tmp_path / "out") == whole


def test_what_a_dead_worker_had_is_gone_on_with(tmp_path: Path) -> None:
    """A log in the middle, a torn line, damage, a log that is whole but not in its place: the same logs in the end."""
    whole = undisturbed(tmp_path)
    names, finished = sorted(whole), tmp_path / "undisturbed" / "out"
    with opened(plan_at(tmp_path)) as queue:
        work = queue.folder / BATCH / "begun"
        for place, name in enumerate(names):
            (work / name).mkdir(parents=True)
            lines = (finished / name / "events.jsonl").read_bytes().splitlines(keepends=True)
            cut = [b"".join(lines[:20]), b"".join(lines[:20])[:-9], b"".join([*lines[:9], *lines[11:]])][
                place % 3
            ]
            (work / name / "events.jsonl").write_bytes(b"".join(lines) if place == 3 else cut)
        assert played(queue) == {"done": 4}
    assert hashes(tmp_path / "out") == whole


def test_a_run_that_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    """A worker that was frozen, not dead, keeps its run by the lock; whoever was given it waits."""
    with opened(plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..2}")) as queue:
        (name,) = (str(row[0]) for row in queue.read("SELECT name FROM run WHERE id = 1"))
        frozen = queue.folder / BATCH / "begun" / name
        frozen.mkdir(parents=True)

        async def work() -> None:
            (worker,) = crew(queue)
            with locked(frozen):
                working = asyncio.create_task(worker.work())
                while queue.counts().get("done") != 1:  # noqa: ASYNC110 - the queue tells nobody
                    await asyncio.sleep(0.01)
                assert not (frozen / "events.jsonl").exists()
            await working

        asyncio.run(work())
        assert queue.counts() == {"done": 2}


def test_a_finished_run_is_not_played_again_if_the_queue_is_lost(tmp_path: Path) -> None:
    """The queue is made again from the plan; what stands in its place is found there."""
    with opened(plan_at(tmp_path)) as queue:
        played(queue)
    times = {log: log.stat().st_mtime_ns for log in (tmp_path / "out").glob("*/events.jsonl")}
    shutil.rmtree(tmp_path / "out" / BATCH)
    with opened(tmp_path / "plan.yaml") as queue:
        assert played(queue) == {"done": 4}
        assert queue.tally().turns == 32
    assert {log: log.stat().st_mtime_ns for log in times} == times


def test_a_damaged_queue_is_told_with_its_mend(tmp_path: Path) -> None:
    """It says which file to remove, and that nothing is lost by it."""
    with opened(plan_at(tmp_path)):
        pass
    (tmp_path / "out" / BATCH / "queue.db").write_bytes(b"not a database, " * 4096)
    for file in (tmp_path / "out" / BATCH).glob("queue.db-*"):
        file.unlink()
    with pytest.raises(SandboxError, match=r"remove queue\.db"), open_queue(tmp_path / "out"):
        pass


def test_a_second_parent_is_refused(tmp_path: Path) -> None:
    """One parent drives a batch; another is told how to look at it, and how to lend a hand."""
    with opened(plan_at(tmp_path)) as queue:
        with pytest.raises(BusyError, match="lends it a hand"), driving(queue.folder):
            pass
        played(queue)


# ── the machine ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bytes_", [6_000, 14_000, 60_000])
def test_a_full_disk_stops_the_batch_and_fails_no_run(bytes_: int, tmp_path: Path) -> None:
    """It says what is wrong; with space again the logs are those of an undisturbed batch."""
    whole = undisturbed(tmp_path)
    with opened(plan_at(tmp_path)) as queue:
        queue.read("PRAGMA wal_checkpoint(TRUNCATE)")
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, usual[1]))
        try:
            with pytest.raises(SandboxError, match=r"nothing is lost"):
                played(queue)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        assert queue.counts().get("failed", 0) == 0
    with opened(tmp_path / "plan.yaml") as queue:
        assert played(queue) == {"done": 4}
    assert hashes(tmp_path / "out") == whole


def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path, sandbox: Sandbox) -> None:
    """Exit code 2, before anything is played."""
    (tmp_path / "file").write_text("in the way")
    plan_at(tmp_path, out="file/out")
    assert "choose another `out`" in sandbox("batch", "plan.yaml", code=2).stderr


def _work(how: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    words = [sys.executable, "-m", "tests.poisoned", how, str(folder)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, timeout=120, check=False)


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path) -> None:
    """A worker whose wall clock leaps by years, beside one whose does not: every run once, the usual logs."""
    whole = undisturbed(tmp_path)
    with opened(plan_at(tmp_path)) as queue:
        done = _work("jump", queue.folder)
        assert done.returncode == 0, done.stderr
        assert queue.counts() == {"done": 4}
    assert hashes(tmp_path / "out") == whole


def test_every_row_of_the_table_is_a_test() -> None:
    """docs/reliability.md names, for each fault, tests that exist."""
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    assert len(named) >= 15
    assert {name for name in named if f"def {name}(" not in sources} == set()
