import asyncio
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from sandbox.cli.watch import _keys
from sandbox.tui import actbar, app, dialogs, home, interview, jump, keyline, theatre, transcript
from sandbox.tui.actbar import ActBar
from sandbox.tui.app import Playhouse, key_ids
from sandbox.tui.details import Details
from sandbox.tui.dialogs import Ask
from sandbox.tui.keyline import KeyLine
from sandbox.tui.keys import THEATRE
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from tests.conftest import ROOT
from tests.stagecraft import begin
from tests.theatregoers import finished, show, staged, until
from worlds.errors import UsageError

KEYS = [binding for binding in THEATRE if isinstance(binding, Binding)]


def test_every_binding_has_an_id_of_its_own() -> None:
    """Whatever key a screen or a widget of ours answers to can be named in the settings."""
    for module in (actbar, app, dialogs, home, interview, jump, keyline, theatre, transcript):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__.startswith("sandbox.tui"):
                for binding in kind.__dict__.get("BINDINGS", ()):
                    assert isinstance(binding, Binding)
                    assert binding.id in key_ids()
    assert len({binding.id for binding in KEYS}) == len(KEYS)


class Recording(Playhouse):
    """Notes the actions that keys call for."""

    done: list[str]

    async def run_action(self, action: Any, *words: Any, **named: Any) -> bool:
        """Note an action and do it."""
        self.done.append(str(action))
        return await super().run_action(action, *words, **named)


@pytest.mark.slow
@pytest.mark.parametrize("other", [False, True], ids=["as they are", "rebound"])
def test_every_key_does_what_the_help_says(other: bool, tmp_path: Path) -> None:
    """Each key of the ? screen does its action and no error comes; given another key, that one does instead."""
    keys = {binding.id or "": f"f{number}" for number, binding in enumerate(KEYS, 1)} if other else {}
    running = Recording(Opening(finished(tmp_path)), keys=keys, staged=staged, still=True)
    running.done = []

    async def run() -> None:
        async with running.run_test(size=(140, 40)) as pilot:
            await until(lambda: isinstance(running.screen, Stagehand) and running.screen.show_.ready, pilot)
            screen = running.screen
            assert isinstance(screen, Stagehand)
            for binding in KEYS[:-1]:  # the last one leaves
                running.done.clear()
                await pilot.press(keys.get(binding.id or "", binding.key))
                assert binding.action in running.done
                while running.screen is not screen:
                    await pilot.press("escape")
                screen.query_one("#transcript").focus()
                await pilot.pause()
            if other:
                running.done.clear()
                await pilot.press(*(binding.key.split(",")[0] for binding in KEYS if binding.id != "leave"))
                assert not set(running.done) & {binding.action for binding in KEYS}
            await pilot.press(keys.get("quit", "q"))
            assert running.done[-1] == "home"

    asyncio.run(run())


def test_a_key_the_settings_get_wrong_is_told() -> None:
    """An id that is none is refused with the one that was meant, and so is a table of something else."""
    assert _keys({"play": "g"}) == {"play": "g"}
    with pytest.raises(UsageError, match="'play'"):
        _keys({"plai": "g"})
    with pytest.raises(UsageError, match="table"):
        _keys({"play": 3})
    with pytest.raises(UsageError, match="table"):
        _keys("g")


def test_the_manual_names_every_key() -> None:
    """docs/watch.md has each key of the ? screen."""
    told = (ROOT / "docs" / "watch.md").read_text(encoding="utf-8")
    names = {"left_square_bracket": "[", "right_square_bracket": "]", "slash": "/", "question_mark": "?"}
    names |= {"left": "←", "right": "→", "shift+left": "shift ←", "shift+right": "→", "escape": "escape"}
    names |= {str(digit): "`1`–`6`" for digit in range(1, 7)}
    assert not [binding.key for binding in KEYS if names.get(binding.key, binding.key) not in told]


def test_the_palette_has_what_the_keys_have(tmp_path: Path) -> None:
    """ctrl+p, a few letters and enter do what a key does."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        offered = [command.title for command in pilot.app.get_system_commands(screen)]
        assert {f"theatre: {binding.description}" for binding in KEYS} <= set(offered)
        await pilot.press("end", "ctrl+p", *"theatre fork")
        await pilot.pause(0.3)
        await pilot.press("down", "enter")
        await until(lambda: isinstance(pilot.app.screen, Ask), pilot)

    show(Opening(finished(tmp_path)), script)


@pytest.mark.slow
def test_j_has_the_run_judged(tmp_path: Path) -> None:
    """The judges read the run in a process of their own; their verdicts come into the tab and the timeline."""
    run = finished(tmp_path)

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end", "j")
        await until(lambda: screen.bench.heard, pilot)
        assert screen.query_one(Details).active == "judges"
        await until(lambda: "CONSISTENCY" in screen.query_one(Details).plain, pilot)

    show(Opening(run), script)


def test_a_goes_back_to_acting(tmp_path: Path) -> None:
    """Escape leaves the line one acts in to look around, `a` comes back to it, and nothing typed is lost."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        await pilot.press("p", "enter", "n")
        await until(lambda: screen.query_one(ActBar).asked, pilot)
        line = screen.query_one(ActBar).query_one(Input)
        await pilot.press(*"I was", "escape", "left", "end")
        assert screen.focused is not line
        await pilot.press("a")
        assert screen.focused is line
        assert line.value == "I was"

    show(Opening(tmp_path / "new", begin(turns=12)), script)


def test_the_last_line_fits_and_can_be_clicked(tmp_path: Path) -> None:
    """Where there is little room whole keys are left out, the last ones never; a click does what the key does."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        line = screen.query_one(KeyLine)
        drawn = str(line.render())
        assert len(drawn) <= 58
        assert drawn.endswith("q quit")
        await pilot.click(KeyLine, offset=(drawn.index("? keys") + 2, 0))
        await until(lambda: isinstance(pilot.app.screen, dialogs.Reading), pilot)

    show(Opening(finished(tmp_path)), script, (60, 20))


def test_no_color_and_no_motion_are_heeded(tmp_path: Path) -> None:
    """Under NO_COLOR, which tests have, everything is grey; with `--still` nothing blinks or slides."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        colours = set(re.findall(r"(?:fill|fill:) ?=?\"?(#[0-9a-f]{6})", pilot.app.export_screenshot()))
        window = {"#ff5f57", "#febc2e", "#28c840", "#292929", "#c5c8c6"}  # drawn around it by the export
        assert all(len({colour[1:3], colour[3:5], colour[5:]}) == 1 for colour in colours - window)
        assert pilot.app.animation_level == "none"
        assert not any(line.cursor_blink for line in screen.query(Input))

    show(Opening(finished(tmp_path)), script)
