import asyncio
import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from characters.calls import Call, Message
from judges.verdict import Verdict
from sandbox.calls import open_calls
from sandbox.doctor import Checked
from sandbox.tui.app import Playhouse
from sandbox.tui.details import Details
from sandbox.tui.home import Home
from sandbox.tui.opening import Opening
from sandbox.tui.page import Page
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.conftest import Sandbox
from tests.stagecraft import CAST, WORLD
from tests.theatregoers import finished, kept, picture, same_picture, show, until
from worlds.actions import Change, Do, Say
from worlds.events import Acted, Cued, Draft, Happened, Reflected, Resolved, SceneSet, Started, TurnEnded
from worlds.spec import Settings
from worlds.store import load
from worlds.trajectory import Trajectory, extend, start

SIZES = {"wide": (140, 40), "narrow": (60, 20)}

SCREENS = {
    "story": ("end shift+left shift+left", "end"),
    "thoughts": ("t", "t"),
    "search": ("slash s a i d", "escape"),
    "event": ("shift+left shift+left 2", ""),
    "graph": ("3", ""),
    "memory": ("end 4", ""),
    "prompt": ("5", ""),
    "judges": ("6", "1"),
    "keys": ("question_mark", "escape"),
    "view": ("v", "escape"),
    "kinds": ("o", "escape"),
    "go": ("ctrl+g", "escape"),
    "jump": ("ctrl+o", "escape"),
    "interview": ("x enter W h y ? enter", "escape"),
    "fork": ("k", "enter"),
    "possess": ("p", "enter"),
    "cue": ("u", "escape"),
    "intervene": ("i", "escape"),
    "acting": ("n", ""),
    "commands": ("slash o p e n", ""),
}
"""Each screen with the keys that bring it up, from the one before, and those that put it away."""


def verdicts(run: Path, log: Trajectory) -> None:
    """Keep some verdicts beside a run: one character does better and better, one worse and worse."""
    acts = [event for event in log if isinstance(event.body, Acted)]
    found = [
        Verdict(
            judge="fidelity",
            subject=act.by,
            dimension="fidelity.voice",
            value={"ada": place / len(acts), "ben": 1 - place / len(acts)}.get(act.by, 0.9),
            evidence=(act.seq,),
            reason="sounds like it, or does not",
        )
        for place, act in enumerate(acts)
    ]
    lines = "".join(f"{verdict.model_dump_json(exclude_defaults=True)}\n" for verdict in found)
    (run / "verdicts.jsonl").write_text(lines, encoding="utf-8")


@pytest.mark.golden
@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_every_screen_looks_as_it_did(size: str, tmp_path: Path) -> None:
    """Each screen, at two sizes, is drawn as the kept picture has it."""
    run = finished(tmp_path)
    verdicts(run, load(run).log)
    wrong: list[str] = []

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        for name, (there, back) in SCREENS.items():
            await pilot.press(*there.split())
            await rested(pilot, screen)
            wrong.extend(same_picture(f"{name}-{size}", await picture(pilot)))
            await pilot.press(*back.split())
            await rested(pilot, screen)

    show(Opening(run), script, SIZES[size])
    assert not wrong, "\n".join(wrong)


async def rested(pilot: Pilot[None], screen: Stagehand) -> None:
    """Wait until whatever was asked for is there: an engine, an answer, a memory, a turn of a person's."""
    engine = screen.engine
    pilot.app.clear_notifications()
    await pilot.pause(0.05)
    await until(
        lambda: (
            not [worker for worker in pilot.app.workers if worker.is_running]
            and (engine is None or (engine.opened and not engine.busy))
        ),
        pilot,
    )
    screen.tick()
    await pilot.pause(0.05)


@pytest.mark.golden
@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_home_screen_looks_as_it_did(size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds, a run and the doctor; and its keys."""
    finished(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sandbox.tui.home.examine", lambda: DOCTOR)
    wrong: list[str] = []

    async def run() -> None:
        app = Playhouse(still=True)
        async with app.run_test(size=SIZES[size]) as pilot:
            await until(lambda: isinstance(app.screen, Home), pilot)
            wrong.extend(same_picture(f"home-{size}", await picture(pilot)))
            await pilot.press("question_mark")
            wrong.extend(same_picture(f"home-keys-{size}", await picture(pilot)))

    asyncio.run(run())
    assert not wrong, "\n".join(wrong)


DOCTOR = (
    Checked("python", ok=True, found="3.11.7"),
    Checked("runs", ok=False, found="the disk is full"),
    Checked("http", ok=True, found="ready", needed=False),
    Checked("gguf", ok=False, found="needs llama.cpp", needed=False),
)


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
            assert not set("\x1b\u202e\x07\x00\x9b") & set(screen.query_one(Details).plain(tab))
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


LINES = (
    "The garnet was in the coffer last night.",
    "Whoever has the key has the coffer.",
    "Snow keeps a thief in as well as it keeps us.",
    "Ask the ostler who went to the stable.",
    "A debt is a reason, and there are debts in this house.",
)


@pytest.mark.slow
def test_the_tabs_read_what_the_program_writes(tmp_path: Path, sandbox: Sandbox) -> None:
    """Memory, Prompt and Judges show the recollections, the calls and the verdicts of a run a model played."""
    turns = ({"thought": "I keep my own counsel.", "act": "say", "speech": line} for line in LINES)
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, turns)))
    words = ("--turns", "50", "--order", "list", "-q", "--out", "runs/inn")
    sandbox("run", "tavern", "--model", "scripted:lines.jsonl", *words)
    sandbox("judge", "runs/inn")
    run = tmp_path / "runs" / "inn"
    texts: dict[str, str] = {}

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end", "shift+left")
        for key, tab in (("4", "memory"), ("5", "prompt"), ("6", "judges")):
            await pilot.press(key)
            await rested(pilot, screen)
            texts[tab] = screen.query_one(Details).plain(tab)

    show(Opening(run), script)
    log = load(run).log
    assert "CAME TO MIND" in texts["memory"]
    parts = ("relevance", "words", "recency", "importance")
    assert all(part in texts["memory"] for part in parts)
    act = next(event for event in reversed([*log][: log.turn_at(50)]) if isinstance(event.body, Acted))
    shown = " ".join(texts["prompt"].split())
    assert all(part in shown for part in ("scripted:lines.jsonl", "SYSTEM", "USER", "REPLY", "tokens"))
    assert f"{act.by}:10" in shown
    assert act.body.action.text in shown.partition("REPLY")[2]
    assert all(name in texts["judges"] for name in ("FIDELITY", "CONSISTENCY", "Mira", "LOW"))


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
            assert screen.query_one(Details).plain("event")

    asyncio.run(run_())
