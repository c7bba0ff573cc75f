import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from characters.calls import Call, Message
from judges.verdict import Verdict
from sandbox.calls import open_calls
from sandbox.tui.app import Playhouse
from sandbox.tui.details import Details
from sandbox.tui.opening import Opening
from sandbox.tui.page import Page
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.stagecraft import CAST, WORLD
from tests.theatregoers import finished, kept, rested, show, until
from worlds.actions import Change, Do, Say
from worlds.events import Acted, Cued, Draft, Happened, Reflected, Resolved, SceneSet, Started, TurnEnded
from worlds.spec import Settings
from worlds.trajectory import Trajectory, extend, start

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


@pytest.mark.slow
@pytest.mark.parametrize("size", [(140, 40), (60, 20)])
def test_nothing_that_is_written_breaks_the_screen(size: tuple[int, int], tmp_path: Path) -> None:
    """Markup, escapes, direction marks, endless words and emoji are shown as text, in every tab and window."""
    run = kept(nasty_log(), tmp_path / "runs" / "bad")
    bad = " ".join(NASTY)
    with open_calls(run) as calls:
        for at in (f"{who}:{turn}" for who in ("ada", "ben") for turn in range(1, 9)):
            calls.keep(Call(at, 0, bad, at, (Message("system", bad), Message("user", bad)), bad, problem=bad))
    verdict = Verdict(judge=bad, subject=bad, dimension=bad, value=0.0, evidence=(3,), reason=bad)
    (run / "verdicts.jsonl").write_text(f"{verdict.model_dump_json()}\n{bad}\n", encoding="utf-8")

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("t")
        tabs = ("who", "event", "graph", "memory", "prompt", "judges")
        for seq in range(len(screen.show_.log)):
            screen.go(seq)
            screen.action_tab(tabs[seq % 6])
            screen.tick()
            await pilot.pause(0)
        for tab in tabs:
            screen.action_tab(tab)
            await rested(pilot, screen)
            assert not set("\x1b\u202e\x07\x00\x9b") & set(screen.query_one(Details).plain)
        await pilot.press("v")
        await pilot.pause(0.1)
        svg = pilot.app.export_screenshot()
        assert not any(ord(letter) < 32 and letter != "\n" for letter in svg)
        await pilot.press("escape", "x", "escape", "end")
        shown = screen.query_one(Transcript).text()
        assert not any(mark in shown for mark in "\x1b\u202e\x07\x00\x9b")
        assert screen.is_running

    show(Opening(run), script, size)


def test_a_damaged_run_is_shown_up_to_the_damage(tmp_path: Path) -> None:
    """The first line says which line cannot be trusted; what comes before it can be looked at to its end."""
    run = finished(tmp_path)
    lines = (run / "events.jsonl").read_text().splitlines(keepends=True)
    lines[60] = lines[60].replace('"turn"', '"tern"')
    (run / "events.jsonl").write_text("".join(lines))

    async def run_() -> None:
        app = Playhouse(Opening(run), still=True)
        async with app.run_test(size=(140, 40)) as pilot:
            await until(lambda: isinstance(app.screen, Stagehand) and app.screen.trouble, pilot)
            screen = app.screen
            assert isinstance(screen, Stagehand)
            await pilot.press("end", "2")
            assert screen.show_.cursor == 59
            assert ":61:" in screen.query_one("#title", Page).plain
            assert screen.query_one(Details).plain

    asyncio.run(run_())
