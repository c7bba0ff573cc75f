import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from judges.verdict import Verdict
from sandbox.tui.details import Details
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.conftest import Sandbox
from tests.theatregoers import finished, picture, rested, same_picture, show
from worlds.events import Acted
from worlds.store import load
from worlds.trajectory import Trajectory

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
            texts[tab] = screen.query_one(Details).plain

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
