"""A real terminal for tests: a program in tmux, keys pressed, its screen read."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT

__all__ = ["Terminal"]

PATIENCE = 40.0
"""Seconds something may take on a busy machine."""


class Terminal:
    """One program in a tmux session of its own server."""

    def __init__(self, folder: Path) -> None:
        """Begin in a folder."""
        self.folder = folder
        self.socket = str(folder / "tmux")

    def tmux(self, *words: str) -> str:
        """Tell tmux something."""
        done = subprocess.run(
            ["tmux", "-S", self.socket, *words], capture_output=True, encoding="utf-8", check=False, timeout=30,
            env={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "TMUX")},
        )  # fmt: skip
        return done.stdout

    def start(self, *words: str, size: tuple[int, int] = (140, 40)) -> None:
        """Start `sandbox …` in the terminal."""
        program = f"{sys.executable} -m sandbox {' '.join(words)}; echo left with $?; exec cat"
        width, height = size
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), "-c", str(self.folder),
                  "-e", f"PYTHONPATH={ROOT}", "-e", "NO_COLOR=1", "-e", "LANG=C.UTF-8", program)  # fmt: skip

    def keys(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text and press enter."""
        self.tmux("send-keys", "-l", text)
        self.keys("Enter")

    def screen(self) -> str:
        """What is on the screen."""
        return self.tmux("capture-pane", "-p")

    def until(self, true: "str | Callable[[], object]") -> None:
        """Wait until a text is on the screen, or something is so."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            if true in self.screen() if isinstance(true, str) else true():
                return
            time.sleep(0.1)
        raise AssertionError(f"{true} has not come about; the screen is\n{self.screen()}")

    def leave(self) -> None:
        """Press escape and q until the program has ended well; not close together, or they are taken for one key."""

        def left() -> bool:
            self.keys("Escape")
            time.sleep(1)
            self.keys("q")
            time.sleep(1)
            return "left with 0" in self.screen()

        self.until(left)
