import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sandbox.tui.app import Playhouse
from sandbox.tui.home import Home
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.stagecraft import CAST, WORLD
from tests.theatregoers import finished, kept, picture, same_picture, show, until
from worlds.actions import Change, Do, Say
from worlds.events import Acted, Cued, Draft, Happened, Reflected, Resolved, SceneSet, Started, TurnEnded
from worlds.spec import Settings
from worlds.trajectory import Trajectory, extend, start

SIZES = {"wide": (140, 40), "narrow": (60, 20)}

SCREENS = {
    "story": "end shift+left shift+left",
    "thoughts": "end t",
    "event": "end shift+left shift+left 2",
    "graph": "end shift+left shift+left 3",
    "memory": "end 4",
    "prompt": "end 5",
    "judges": "end 6",
    "keys": "question_mark",
    "choose": "end v",
    "fork": "end k",
    "search": "end slash s a i d",
}


@pytest.mark.golden
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(name: str, size: str, tmp_path: Path) -> None:
    """Each screen, at two sizes, is drawn as the kept picture has it."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press(*SCREENS[name].split())
        await pilot.pause(0.3)
        screen.tick()
        same_picture(f"{name}-{size}", await picture(pilot))

    show(Opening(finished(tmp_path)), script, SIZES[size])


@pytest.mark.parametrize(
    "size", [(60, 20), (80, 24), (99, 30), (100, 30), (129, 40), (130, 40), (220, 60), (20, 6)]
)
def test_the_theatre_fits_any_terminal(size: tuple[int, int], tmp_path: Path) -> None:
    """At every size the story can be read, and resizing while it is open does no harm."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end", "1", "2")
        await pilot.resize_terminal(140, 40)
        await pilot.pause(0.1)
        await pilot.resize_terminal(*size)
        await pilot.pause(0.1)
        if screen.has_class("-narrow"):
            assert screen.has_class("page-right")
            screen.query_one("#pages").active = "centre-page"  # type: ignore[attr-defined]
            await pilot.pause(0.1)
        assert size[1] < 10 or "said" in screen.query_one(Transcript).text()

    show(Opening(finished(tmp_path)), script, size)


NASTY = (
    "[/red] [bold]not bold[/] [@click=app.quit]x[/] \\[",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J bell\x07 null\x00",
    "\u202eright to left\u202c \u2066isolated\u2069 \u200f\u200e",
    "W" * 10_000,
    "🧙‍♀️👩‍👩‍👧‍👦🏳️‍🌈 é̷̱ 漢字かな " * 20,
    "tab\tnew\nline\rreturn\u2028separator\u0085",
    "{braces} %s $x {0} \ud83d".encode("utf-8", "replace").decode(),
)


def nasty_log() -> Trajectory:
    """A run in which every text that can be written by a card, a model or a person is out to do harm."""
    bad = " ".join(NASTY)
    cast = tuple(
        person.model_copy(update={"name": text, "core": {"identity": text, "summary": text}})
        for person, text in zip(CAST, NASTY, strict=False)
    )
    world = WORLD.model_copy(update={"title": bad, "premise": bad})
    log = extend(
        start(Started(world=world, cast=cast, settings=Settings(turns=9))),
        [Draft(SceneSet(scene="one", text=bad))],
    )
    for text in NASTY:
        for who, action in (("ada", Say(text=text, to=("ben",))), ("ben", Do(text=text))):
            log = extend(
                log,
                [
                    Draft(Happened(beat="rain", text=text)),
                    Draft(Cued(who=(who,), reason=text)),
                    Draft(Acted(action=action, thought=text, feeling=text), who),
                    Draft(Resolved(ok=True, text=text), who),
                    Draft(
                        Reflected(
                            text=text,
                            changes=(Change("mood", text, 1), Change(f"belief.well.{text[:9]}", text, 1)),
                        ),
                        who,
                    ),
                    Draft(TurnEnded()),
                ],
            )
            if log.state.phase != "cue":
                return log
    return log


@pytest.mark.parametrize("size", [(140, 40), (60, 20)])
def test_nothing_that_is_written_breaks_the_screen(size: tuple[int, int], tmp_path: Path) -> None:
    """Markup, escapes, direction marks, endless words and emoji are shown as text, in every tab and window."""
    run = kept(nasty_log(), tmp_path / "runs" / "bad")

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("t")
        for seq in range(len(screen.show_.log)):
            screen.go(seq)
            for key in "123456":
                screen.action_tab(
                    {"1": "who", "2": "event", "3": "graph", "4": "memory", "5": "prompt", "6": "judges"}[key]
                )
                screen.tick()
            await pilot.pause(0)
        await pilot.press("v")
        await pilot.pause(0.1)
        svg = pilot.app.export_screenshot()
        assert not any(ord(letter) < 32 and letter != "\n" for letter in svg)
        await pilot.press("escape", "x", "escape", "end")
        shown = screen.query_one(Transcript).text()
        assert not any(mark in shown for mark in "\x1b\u202e\x07\x00\x9b")
        assert screen.is_running

    show(Opening(run), script, size)


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


def test_keys_can_be_rebound(tmp_path: Path) -> None:
    """A key map gives a binding another key by its id, and the old key does nothing any more."""
    opening = Opening(finished(tmp_path))

    async def run() -> None:
        app = Playhouse(opening, keys={"end": "z"}, still=True)
        async with app.run_test(size=(140, 40)) as pilot:
            await until(lambda: isinstance(app.screen, Stagehand) and app.screen.show_.ready, pilot)
            screen = app.screen
            assert isinstance(screen, Stagehand)
            await until(lambda: screen.feed is not None and screen.feed.whole, pilot)
            await pilot.pause(0.1)
            before = screen.show_.cursor
            await pilot.press("end")
            assert screen.show_.cursor == before
            await pilot.press("z")
            assert screen.show_.cursor == screen.show_.last
            screen.close()

    asyncio.run(run())
