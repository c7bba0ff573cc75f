import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from tests.conftest import ROOT, Sandbox
from tests.stagecraft import begin, play
from worlds.store import save, write_line


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run in the small world."""
    folder = tmp_path / "run"
    folder.mkdir()
    save(play(begin(turns=12)), folder / "events.jsonl")
    return folder


def test_a_torn_last_line_is_dropped_and_the_run_goes_on(tmp_path: Path, sandbox: Sandbox) -> None:
    """What a crash leaves can be shown, and resumed to the same end."""
    whole = play(begin(turns=12))
    folder = tmp_path / "torn"
    folder.mkdir()
    lines = [write_line(event) for event in whole]
    (folder / "events.jsonl").write_text("".join(lines[:20]) + lines[20][:30])

    shown = sandbox("show", "torn")
    resumed = sandbox("resume", "torn", "-q")

    assert "torn" in shown.stderr
    assert "torn" in resumed.stderr
    kept = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    assert lines[:20] == kept[:20]


EDITS: dict[str, Callable[[list[str]], list[str]]] = {
    "a word": lambda lines: [*lines[:9], lines[9].replace("1", "2", 3), *lines[10:]],
    "a line gone": lambda lines: [*lines[:9], *lines[10:]],
    "two swapped": lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]],
    "another's line": lambda lines: [*lines[:9], '{"hello": "world"}\n', *lines[10:]],
    "no json": lambda lines: [*lines[:9], "hello\n", *lines[10:]],
    "nothing": lambda _: [],
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_log_is_refused_with_its_line(name: str, run: Path, sandbox: Sandbox) -> None:
    """Damage anywhere but at the end is named by file and line, and nothing is changed."""
    path = run / "events.jsonl"
    path.write_text("".join(EDITS[name](path.read_text().splitlines(keepends=True))))
    before = path.read_bytes()

    done = sandbox("resume", "run", code=3)

    assert "events.jsonl" in done.stderr
    assert name == "nothing" or ":10:" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == path.read_bytes()


def test_an_unknown_schema_version_is_refused(run: Path, sandbox: Sandbox) -> None:
    """A log of a later program is not half-read."""
    path = run / "events.jsonl"
    path.write_text(path.read_text().replace('"kind":"started"', '"kind":"started","version":99', 1))

    assert "version 99" in sandbox("show", "run", code=3).stderr


def test_a_run_in_use_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    """There is one writer at a time."""
    folder = tmp_path / "busy"
    folder.mkdir()
    save(play(begin(turns=12)).upto(20), folder / "events.jsonl")
    with FileLock(folder / ".lock"):
        done = sandbox("resume", "busy", code=2)

    assert "another process" in done.stderr
    sandbox("resume", "busy", "-q")


def test_a_run_is_never_overwritten(run: Path, sandbox: Sandbox) -> None:
    """An --out that is taken is refused, and what is there stays."""
    before = (run / "events.jsonl").read_bytes()

    done = sandbox("run", "tavern", "--out", "run", code=2)

    assert "never overwritten" in done.stderr
    assert before == (run / "events.jsonl").read_bytes()


def test_a_full_disk_loses_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """When no more can be written the run stops with a message, and goes on later to the same end."""
    sandbox("run", "tavern", "--turns", "40", "--out", "whole", "-q")
    limit = (tmp_path / "whole" / "events.jsonl").stat().st_size * 9 // 10
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "run", "tavern", "--turns", "40", "--out", "full", "-q"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    sandbox("resume", "full", "-q")
    assert (tmp_path / "whole" / "events.jsonl").read_bytes() == (
        tmp_path / "full" / "events.jsonl"
    ).read_bytes()


def test_stopping_a_run_by_hand_says_how_to_go_on(tmp_path: Path, sandbox: Sandbox) -> None:
    """Ctrl-C leaves with 130, says where it stopped, and leaves a run that can be resumed."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sandbox",
            "run",
            _endless(tmp_path),
            "--turns",
            "100000",
            "--out",
            "long",
            "-q",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    log = tmp_path / "long" / "events.jsonl"
    while not log.exists() or log.read_bytes().count(b"\n") < 20:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]

    assert process.returncode == 130
    assert "sandbox resume long" in told
    assert "Traceback" not in told
    sandbox("show", "long")


def _endless(folder: Path) -> str:
    """Write a world that does not end by itself, however fast it is played."""
    world = yaml.safe_load((ROOT / "worlds" / "stages" / "village.yaml").read_text(encoding="utf-8"))
    del world["endings"]
    world["id"] = "endless"
    path = folder / "endless.yaml"
    path.write_text(yaml.safe_dump(world), encoding="utf-8")
    return str(path)
