"""Takes the pictures of docs/report.md: `python scripts/report_pictures.py`.

Plays a tavern from a fixed seed and plants some faults in it, plays six more runs, writes a report on the one and one
on all of them, and keeps what a headless chromium shows of them. Looks at console and network as well.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from judges.damage import damage  # noqa: E402 - the tree is not installed
from tests.chromium import Tab, browsing  # noqa: E402
from worlds.store import load, write_line  # noqa: E402

WIDE, PHONE = (1280, 860), (400, 860)


class Shot(NamedTuple):
    """A picture: a page, where on it, and what is done there."""

    name: str
    page: str
    at: str = ""
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    chosen: bool = False


SHOTS = (
    Shot("report", "tavern/report.html"),
    Shot("report-found", "tavern/report.html", "r1-found"),
    Shot("report-knew", "tavern/report.html", "r1-knew", scheme="dark"),
    Shot("report-why", "tavern/report.html", "r1-why", scheme="dark", chosen=True),
    Shot("report-phone", "tavern/report.html", "r1-drift", PHONE),
    Shot("report-many", "many.html"),
    Shot("report-many-dark", "many.html", "runs", scheme="dark"),
)

CHOOSE = """
(() => {
  const often = {};
  for (const arc of document.querySelectorAll(".threads path.recalls, .threads path.answers"))
    often[arc.dataset.earlier] = (often[arc.dataset.earlier] || 0) + 1;
  const [seq] = Object.entries(often).sort((a, b) => b[1] - a[1])[0];
  document.querySelector(`.knot[data-seq="${seq}"]`)
    .dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
})()
"""
"""Chooses the event most others rest on."""

FAULTS = ("broken_taboo", "against_belief", "forgotten_injury", "out_of_fiction")


def sandbox(folder: Path, *words: str) -> None:
    """Run the program."""
    subprocess.run(
        [sys.executable, "-m", "sandbox", *words],
        cwd=folder, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
    )  # fmt: skip


def spoil(run: Path) -> None:
    """Plant a few faults of each kind in a run."""
    events = tuple(load(run).log)
    for kind in FAULTS:
        events = damage(events, kind, dose=0.12, seed="5").events
    (run / "events.jsonl").write_text("".join(map(write_line, events)), encoding="utf-8")


async def take(tab: Tab, shot: Shot, folder: Path) -> Path:
    """Open the page, go there, keep the picture."""
    await tab.open((folder / shot.page).as_uri(), shot.size, shot.scheme)
    if shot.at:
        await tab.run(f"location.hash = {shot.at!r}")
        await asyncio.sleep(0.3)
    if shot.chosen:
        await tab.run(CHOOSE)
        await asyncio.sleep(0.3)
    path = IMAGES / f"{shot.name}.png"
    path.write_bytes(await tab.picture())
    return path


async def main(folder: Path) -> None:
    """Take all pictures."""
    async with browsing() as tab:
        for shot in SHOTS:
            print(await take(tab, shot, folder))
        remote = [url for url in tab.asked if not url.startswith("file:")]
        print(f"complaints: {tab.complaints or 'none'}; asked of the network: {remote or 'nothing'}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        sandbox(place, "run", "tavern", "--turns", "200", "--seed", "7", "-q", "--out", "tavern")
        spoil(place / "tavern")
        for world in ("tavern", "station", "opera"):
            for seed in ("21", "22"):
                out = f"runs/{world}-{seed}"
                sandbox(place, "run", world, "--turns", "90", "--seed", seed, "-q", "--out", out)
        sandbox(place, "judge", "tavern", "runs")
        sandbox(place, "report", "tavern")
        sandbox(place, "report", "tavern", "runs", "--out", "many.html")
        asyncio.run(main(place))
