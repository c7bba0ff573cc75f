import asyncio
from pathlib import Path

import pytest

from sandbox.doctor import Checked
from sandbox.tui.app import Playhouse
from sandbox.tui.home import Home
from sandbox.tui.stagehand import Stagehand
from tests.theatregoers import finished, picture, same_picture, until

SIZES = {"wide": (140, 40), "narrow": (60, 20)}

DOCTOR = (
    Checked("python", ok=True, found="3.11.7"),
    Checked("runs", ok=False, found="the disk is full"),
    Checked("http", ok=True, found="ready", needed=False),
    Checked("gguf", ok=False, found="needs llama.cpp", needed=False),
)


class Clinic(Playhouse):
    """The program, where the doctor always finds the same."""

    examine = staticmethod(lambda: DOCTOR)


@pytest.mark.golden
@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_home_screen_looks_as_it_did(size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds, a run and the doctor; and its keys."""
    finished(tmp_path)
    monkeypatch.chdir(tmp_path)
    wrong: list[str] = []

    async def run() -> None:
        app = Clinic(still=True)
        async with app.run_test(size=SIZES[size]) as pilot:
            await until(lambda: isinstance(app.screen, Home), pilot)
            wrong.extend(same_picture(f"home-{size}", await picture(pilot)))
            await pilot.press("question_mark")
            wrong.extend(same_picture(f"home-keys-{size}", await picture(pilot)))

    asyncio.run(run())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", [(140, 40), (60, 20)])
def test_the_home_screen_opens_worlds_and_runs(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worlds, runs and characters are listed and looked at; enter on a run opens it; leaving it comes back."""
    finished(tmp_path)
    monkeypatch.chdir(tmp_path)

    async def run() -> None:
        app = Playhouse(still=True)
        async with app.run_test(size=size) as pilot:
            await until(lambda: isinstance(app.screen, Home), pilot)
            await pilot.press("down", "tab", "down", "tab", "down", "shift+tab")
            await pilot.press("home", "enter")
            await until(lambda: isinstance(app.screen, Stagehand), pilot)
            screen = app.screen
            assert isinstance(screen, Stagehand)
            await until(lambda: screen.show_.ready, pilot)
            await pilot.press("q")
            await until(lambda: isinstance(app.screen, Home), pilot)

    asyncio.run(run())
