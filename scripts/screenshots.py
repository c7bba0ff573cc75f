"""Takes the pictures in docs/: `python scripts/screenshots.py [NAME…]`.

Plays a world from a fixed seed, drives the theatre by its keys, and keeps what is on the screen as SVG; a headless
chromium, if there is one, makes PNG of it.
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from sandbox.tui.app import Playhouse
from sandbox.tui.opening import Opening

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"


class Shot(NamedTuple):
    """A picture: keys pressed in a run, on a screen of some size."""

    name: str
    keys: str
    size: tuple[int, int] = (140, 42)
    run: str = "tavern"
    theme: str = ""


REVEAL = "slash k i n d colon s e c r e t enter home right escape"
"""To the moment a secret is told."""

SHOTS = (
    Shot("watch", REVEAL),
    Shot("event", f"{REVEAL} 2"),
    Shot("graph", f"{REVEAL} 3"),
    Shot("memory", f"{REVEAL} right 4", (160, 45)),
    Shot("prompt", f"{REVEAL} 5"),
    Shot("judges", "end shift+left 6"),
    Shot("view", "end shift+left v down down enter t"),
    Shot("acting", "end shift+left k enter p enter space"),
    Shot("narrow", REVEAL, (60, 20)),
    Shot("light", REVEAL, theme="matinee"),
    Shot("keys", "question_mark"),
    Shot("home", "", (110, 36), run=""),
)


async def take(shot: Shot, folder: Path) -> Path:
    """Press the keys and keep the screen."""
    app = Playhouse(Opening(folder / "runs" / shot.run) if shot.run else None, theme=shot.theme, still=True)
    async with app.run_test(size=shot.size) as pilot:
        await pilot.pause(1.0)
        for key in shot.keys.split():
            await pilot.press(key)
            await pilot.pause(0.1 if key not in ("enter", "space") else 1.5)
        await pilot.pause(1.0)
        path = IMAGES / f"{shot.name}.svg"
        path.write_text(app.export_screenshot(title="sandbox watch"), encoding="utf-8")
        await app.action_quit()
    return path


def to_png(path: Path) -> None:
    """Draw an SVG with chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print(f"{path}: no chromium, so no PNG")
        return
    svg = path.read_text(encoding="utf-8")
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found, "textual writes a viewBox"
    width, height = (round(float(number)) for number in found.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        style = f"body{{margin:0;background:#0b0a09}} svg{{width:{width}px;height:{height}px}}"
        page.write_text(f"<meta charset='utf-8'><style>{style}</style>{svg}", encoding="utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             f"--window-size={width},{height}", f"--screenshot={path.with_suffix('.png')}", str(page)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def main() -> None:
    """Take all pictures, or those named."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "sandbox", "run", "tavern", "--turns", "60", "--seed", "7", "-q"]
        subprocess.run(
            [*command, "--out", "runs/tavern"],
            cwd=folder,
            check=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        subprocess.run(
            [sys.executable, "-m", "sandbox", "judge", "runs/tavern"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        os.chdir(folder)
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                path = asyncio.run(take(shot, folder))
                to_png(path)
                path.unlink()
                print(path.with_suffix(".png"))


if __name__ == "__main__":
    main()
