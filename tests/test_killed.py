"""What a kill leaves behind."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.conftest import ROOT, Sandbox

_PLAY = ("-m", "sandbox")
TURNS = "400"


def _start(*words: str, cwd: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, *_PLAY, *words],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_run_killed_at_random_moments_and_resumed_is_the_undisturbed_run(
    tmp_path: Path, sandbox: Callable[..., "subprocess.CompletedProcess[str]"] | Sandbox
) -> None:
    """SIGKILL at 20 random moments, resumed each time: not one byte differs in the end."""
    sandbox("run", "tavern", "--turns", TURNS, "--seed", "7", "--out", "whole", "-q")
    whole = (tmp_path / "whole" / "events.jsonl").read_bytes()
    draw, log = Random(5), tmp_path / "broken" / "events.jsonl"
    words = ["run", "tavern", "--turns", TURNS, "--seed", "7", "--out", "broken", "-q"]
    for left in range(20, 0, -1):
        size = _size(log)
        target = size + draw.randrange(2 * (len(whole) - size) // (left + 8))
        process = _start(*words, cwd=tmp_path)
        while process.poll() is None and _size(log) <= target:
            time.sleep(0.001)
        assert process.poll() is None, "it got to the end before it could be killed"
        process.kill()
        process.wait()
        words = ["resume", "broken", "-q"]
    sandbox("resume", "broken", "-q")

    assert log.read_bytes() == whole


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
