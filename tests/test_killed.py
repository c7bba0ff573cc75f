"""What a kill leaves behind."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.conftest import ROOT, Sandbox

_PLAY = ("-m", "sandbox")


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
    """SIGKILL again and again, resume each time: not one byte differs in the end."""
    sandbox("run", "tavern", "--turns", "150", "--seed", "7", "--out", "whole", "-q")
    draw, log, kills = Random(5), tmp_path / "broken" / "events.jsonl", 0
    words = ["run", "tavern", "--turns", "150", "--seed", "7", "--out", "broken", "-q"]
    target = 0
    while kills < 20:
        process = _start(*words, cwd=tmp_path)
        target += draw.randrange(2_000, 9_000)
        while process.poll() is None and (log.stat().st_size if log.exists() else 0) < target:
            time.sleep(0.002)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        words = ["resume", "broken", "-q"]
        target = log.stat().st_size
    else:
        sandbox("resume", "broken", "-q")

    assert kills >= 5
    assert (tmp_path / "whole" / "events.jsonl").read_bytes() == log.read_bytes()
