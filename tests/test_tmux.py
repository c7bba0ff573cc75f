"""The real program in a real terminal."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Sandbox
from tests.stagecraft import begin, play
from tests.terminal import Terminal
from worlds.actions import Action
from worlds.events import Acted, Intervened
from worlds.store import load, write_line
from worlds.trajectory import Trajectory

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in an empty folder."""
    made = Terminal(tmp_path)
    yield made
    made.tmux("kill-server")


def log_of(folder: Path, name: str) -> Trajectory:
    """The log of a run, as far as it is written in whole lines."""
    return load(folder / "runs" / name).log


def test_a_show_from_curtain_to_curtain(terminal: Terminal, tmp_path: Path, sandbox: Sandbox) -> None:
    """Play, pause, step, rewind, possess, intervene, interview, fork, quit; then `resume` goes on with the log."""
    terminal.start("watch", "tavern", "--seed", "3", "--turns", "60")
    _plays_and_rewinds(terminal, tmp_path)
    _takes_part(terminal, tmp_path)
    _asks(terminal)
    _forks(terminal, tmp_path)
    terminal.leave()
    before = log_of(tmp_path, "tavern-3")
    sandbox("resume", "runs/tavern-3")
    after = log_of(tmp_path, "tavern-3")
    assert list(after)[: len(before)] == list(before)
    assert after.state.phase == "over"
    said = sandbox("show", "runs/tavern-3").stdout
    assert "I count five of us." in said
    assert "A shutter bangs." in said
    assert sum(isinstance(event.body, Acted) and event.by == "mira" for event in after) > 1


def _plays_and_rewinds(terminal: Terminal, folder: Path) -> None:
    terminal.until(lambda: (folder / "runs/tavern-3").exists() and log_of(folder, "tavern-3").state.turn >= 3)
    terminal.keys("Space")
    terminal.until("paused")
    turn = log_of(folder, "tavern-3").state.turn
    terminal.keys("n")
    terminal.until(lambda: log_of(folder, "tavern-3").state.turn > turn)
    terminal.until("paused")
    terminal.keys("Home")
    terminal.until("#0/")
    terminal.keys("S-Right")
    terminal.until(lambda: "#0/" not in terminal.screen())
    terminal.keys("End")


def _takes_part(terminal: Terminal, folder: Path) -> None:
    terminal.keys("p")
    terminal.until("Whom do you play?")
    terminal.keys("Enter")
    terminal.until("You play Mira")
    terminal.keys("Space")
    terminal.until("You are Mira")
    terminal.type("I count five of us.")
    terminal.until(lambda: "I count five of us." in str([event.body for event in log_of(folder, "tavern-3")]))
    terminal.until("You are Mira")
    terminal.keys("Escape")
    time.sleep(1)  # else the terminal takes escape and the next key for one
    terminal.keys("p")
    terminal.until("release Mira")
    terminal.keys("Enter")
    terminal.until("goes on alone")
    terminal.keys("Space")
    terminal.until("paused")
    terminal.keys("i")
    terminal.until("What happens?")
    terminal.type("@common A shutter bangs.")
    terminal.until(lambda: any(isinstance(event.body, Intervened) for event in log_of(folder, "tavern-3")))


def _asks(terminal: Terminal) -> None:
    terminal.keys("x")
    terminal.until("Whom do you ask?")
    terminal.keys("Enter")
    terminal.until("Interview with Mira")
    terminal.type("Who are you?")
    terminal.until("Mira: ")
    terminal.keys("Escape")
    time.sleep(1)


def _forks(terminal: Terminal, folder: Path) -> None:
    terminal.keys("S-Left", "S-Left", "k")
    terminal.until("Fork at turn")
    terminal.keys("Enter")
    terminal.until("tavern-3-at-")
    terminal.until("paused")
    terminal.keys("n")
    fork = next((folder / "runs").glob("tavern-3-at-*")).name
    turn = int(fork.rpartition("-")[2])
    terminal.until(lambda: log_of(folder, fork).state.turn > turn)


PORCH = """
id: porch
title: The Porch
genre: test
premise: Two people wait for the rain to stop.
order: list
places:
  porch: {name: the porch, text: A porch., exits: [{to: house}]}
  house: {name: the house, text: A house., exits: [{to: porch}]}
things: {jug: {name: the jug, at: porch}}
cast: {mira: {at: porch}, bram: {at: porch}}
scenes: [{id: rain, premise: It rains., rounds: 4}, {id: sun, premise: It stops., rounds: 2}]
"""

LINES = (
    "It will not stop today.",
    "@bram Is there anything to drink?",
    "/take jug",
    "*sits down on the step",
)


def test_a_character_is_played_for_a_scene(terminal: Terminal, tmp_path: Path, sandbox: Sandbox) -> None:
    """A person plays a character from a scene's first turn to its last; the log is read by all that read logs."""
    (tmp_path / "porch.yaml").write_text(PORCH)
    terminal.start("watch", "porch.yaml", "--mind", "mira=person", "--seed", "3", "--turns", "12")
    for number, line in enumerate(LINES, 1):
        signs = ("You are Mira", f"turn {2 * number - 1}/12")  # an older picture may still be on the screen
        terminal.until(lambda signs=signs: all(sign in terminal.screen() for sign in signs))  # type: ignore[misc]
        terminal.type(line)
        terminal.until(lambda number=number: len(acts(tmp_path)) == number)  # type: ignore[misc]
    terminal.until(lambda: log_of(tmp_path, "porch-3").state.scene == 1)
    terminal.until("It stops.")
    terminal.leave()

    said, spoken, taken, sat = acts(tmp_path)[:4]
    assert (said.verb, spoken.verb, taken.verb, sat.verb) == ("say", "say", "take", "do")
    assert (
        log_of(tmp_path, "porch-3").upto(log_of(tmp_path, "porch-3").turn_at(9)).state.held["jug"] == "mira"
    )
    assert "Is there anything to drink?" in sandbox("show", "runs/porch-3").stdout
    assert "mira" in sandbox("judge", "runs/porch-3").stdout
    sandbox("export", "runs/porch-3", "--format", "messages", "--out", "told.jsonl")
    assert "It will not stop today." in (tmp_path / "told.jsonl").read_text(encoding="utf-8")


def acts(folder: Path) -> list[Action]:
    """What Mira has done so far."""
    events = log_of(folder, "porch-3")
    return [event.body.action for event in events if isinstance(event.body, Acted) and event.by == "mira"]


WRITER = """
import time
from filelock import FileLock
with FileLock("runs/long/.lock"):
    for line in open("lines"):
        with open("runs/long/events.jsonl", "a") as file:
            file.write(line)
        time.sleep(0.15)
"""


def test_a_run_another_process_writes_is_watched(terminal: Terminal, tmp_path: Path) -> None:
    """While another process writes, `sandbox watch` shows what comes, and refuses to write beside it."""
    run = tmp_path / "runs" / "long"
    run.mkdir(parents=True)
    (tmp_path / "lines").write_text("".join(write_line(event) for event in play(begin(turns=60))))
    with subprocess.Popen([sys.executable, "-c", WRITER], cwd=tmp_path) as writer:
        terminal.until((run / "events.jsonl").exists)
        terminal.start("watch", "runs/long")
        terminal.until("following the file")
        terminal.keys("p")
        terminal.until("Whom do you play?")
        terminal.keys("Enter")
        terminal.until("another process is writing")
        seen = len(load(run).log)
        terminal.until(lambda: int((re.findall(r"#(\d+)/", terminal.screen()) or [0])[0]) > seen + 5)
        writer.terminate()
    terminal.leave()
