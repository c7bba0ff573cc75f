"""Runs for games: scripts that compile and say what was said, tables that load, bundles that hold a character."""

import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest

from characters.cards.reading import read_file
from characters.files import load_card
from sandbox.exports.source import Options, Played
from sandbox.games import FORMS, solo
from sandbox.games.godot import godot_script
from sandbox.games.ink import ink_script
from sandbox.games.telling import play_of
from sandbox.games.twee import twee_script
from sandbox.games.yarn import yarn_script
from sandbox.playing import played
from tests.conftest import Sandbox
from tests.exporting import improvised
from tests.nodejs import INK, TWEE, YARN, node
from worlds.spec import Settings


@cache
def runs() -> tuple[Played, Played]:
    """A run, and a fork of it that went another way."""
    log = improvised("tavern", 3, 24)
    fork = log.upto(log.turn_at(12)).fork("tavern-3", Settings(seed=99, turns=24))
    return Played("tavern-3", log), Played("fork", played(fork))


def test_forks_share_what_they_have_in_common() -> None:
    """A run and its fork make one tree: what they share stands in it once, and it parts where they do."""
    one, both = play_of(runs()[:1], Options()), play_of(runs(), Options())
    forks = [node for node in both.nodes.values() if len(node.next) > 1]
    assert len(forks) == 1
    assert len(both.roots) == 1
    assert len(both.nodes) < 2 * len(one.nodes)
    said = [line.text for node in both.nodes.values() for line in node.lines if line.who]
    assert {bark.line.text for bark in both.barks} == set(said)


def test_a_told_secret_needs_to_be_known() -> None:
    """A line that tells a secret needs its flag, which a line before it has set, or which holds from the start."""
    log = improvised("tavern", 3, 24)
    play = play_of([Played("a", log)], Options())
    told = [line for node in play.nodes.values() for line in node.lines if line.needs]
    sets = {flag for node in play.nodes.values() for line in node.lines for flag in line.sets}
    assert all(play.flags[flag] or flag in sets for line in told for flag in line.needs)
    assert set(play.flags) == sets | {flag for line in told for flag in line.needs}


def test_ink_compiles_a_run(tmp_path: Path) -> None:
    """The ink of a run and its fork compiles without a warning, and all that was said is told by its knots."""
    play = play_of(runs(), Options())
    text = ink_script(play)
    found = node(INK, "inkjs/full", text, re.findall(r"^=== (\w+)", text, re.MULTILINE), tmp_path)
    assert found["wrong"] == []
    told = {line for _, line, _ in found["told"]}
    assert {f"{b.line.name}: {b.line.text}" for b in play.barks if not b.line.needs} <= told


def test_yarn_runs_a_run(tmp_path: Path) -> None:
    """The Yarn of a run and its fork runs from every node, and every line's id is there once."""
    play = play_of(runs(), Options())
    text = yarn_script(play)
    ids = re.findall(r"#line:(\S+)", text)
    assert len(ids) == len(set(ids))
    assert re.findall(r"<<jump (\w+)>>", text)
    titles = re.findall(r"^title: (\w+)$", text, re.MULTILINE)
    assert set(re.findall(r"<<jump (\w+)>>", text)) <= set(titles)
    assert len(titles) == len(set(titles))
    found = node(YARN, "yarn-bound", text, titles, tmp_path)
    assert found["wrong"] == []
    told = {line.strip() for _, line, _ in found["told"]}
    said = {line.text for node in play.nodes.values() for line in node.lines if line.who and not line.needs}
    assert said <= told


def test_twee_links_lead_somewhere(tmp_path: Path) -> None:
    """Every link of the tree leads to a passage, the fork is marked, and the story has the data Twine asks for."""
    found = node(TWEE, "extwee", twee_script(play_of(runs(), Options())), [], tmp_path)
    names = {name for name, _, _ in found["told"]}
    links = {link for _, text, _ in found["told"] for link in re.findall(r"->([^\]]+)\]\]", text)}
    assert links <= names
    assert any("fork" in tags for _, _, tags in found["told"])
    assert (found["name"], found["start"]) == ("The Last Lamp", "Start")
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", found["ifid"])


def test_godots_grammar_is_kept() -> None:
    """Each line of a Dialogue Manager script is one of its kinds; jumps lead to cues, ids are there once."""
    text = godot_script(play_of(runs(), Options()))
    kinds = (
        r"# .*|",
        r"~ [A-Za-z_]\w*",
        r"=> (?P<goto>\w+)",
        r"- .+ => (?P<way>\w+)",
        r"if Story\.\w+( and Story\.\w+)*",
        r"\t?set Story\.\w+ = true",
        r"\t?(%\d+ )?[^:\[\]]+: .+? \[#[\w=, ]+\] \[ID:\w+\]",
        r"\t?Narrator: .+ \[ID:\w+\]",
    )
    cues = set(re.findall(r"^~ (\w+)$", text, re.MULTILINE)) | {"END"}
    for line in text.splitlines():
        assert any(re.fullmatch(kind, line) for kind in kinds), line
    assert set(re.findall(r"=> (\w+)$", text, re.MULTILINE)) <= cues
    ids = re.findall(r"\[ID:(\w+)\]", text)
    assert len(ids) == len(set(ids))


def test_tables_load(tmp_path: Path) -> None:
    """Unreal's CSV has unique row names and whole texts; Unity's JSON is flat rows under one root, without null."""
    play = play_of(runs(), Options())
    texts = [line.text for node in play.nodes.values() for line in node.lines]
    for file in FORMS["unreal"](runs(), tmp_path / "unreal", Options()):
        with file.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert len({row["Name"] for row in rows}) == len(rows)
        if file.stem == "dialogue":
            assert [row["Text"] for row in rows] == texts
    for file in FORMS["unity"](runs(), tmp_path / "unity", Options()):
        items = json.loads(file.read_text(encoding="utf-8"))["items"]
        assert all(isinstance(value, str | int | float) for row in items for value in row.values())
        if file.stem == "dialogue":
            assert [row["Text"] for row in items] == texts


def test_a_bundle_is_a_character(tmp_path: Path) -> None:
    """A bundle holds who somebody is and became, its lines, its ways and a card; twice is the same to the byte."""
    for out in ("a", "b"):
        FORMS["npc"](runs()[:1], tmp_path / out, Options(who=("mira",)))
    folder = tmp_path / "a" / "mira"
    files = sorted(path.name for path in folder.iterdir())
    assert files == sorted(
        [
            "barks.csv",
            "card.png",
            "dialogue.ink",
            "dialogue.twee",
            "dialogue.yarn",
            "profile.json",
            "schedule.json",
            "state.json",
        ]
    )
    assert all(
        (tmp_path / "b" / "mira" / name).read_bytes() == (folder / name).read_bytes() for name in files
    )
    log = runs()[0].log
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    assert state["relations"]["bram"]["trust"] == log.state.slots["mira"].get("trust.bram", 0)
    assert state["place"] == log.state.where["mira"]
    with (folder / "barks.csv").open(encoding="utf-8", newline="") as file:
        barks = list(csv.DictReader(file))
    assert any(bark["source_event"] for bark in barks)
    assert any(not bark["source_event"] for bark in barks)
    assert (
        json.loads((folder / "schedule.json").read_text(encoding="utf-8"))["items"][-1]["place"]
        == state["place"]
    )
    assert "Mira" in str(read_file(folder / "card.png").tree)


def test_a_character_without_a_run_is_exported_too(tmp_path: Path) -> None:
    """A character that was in no run yet has a bundle, of what its author wrote."""
    FORMS["npc"]([solo(load_card("odo"))], tmp_path / "out", Options())
    folder = tmp_path / "out" / "odo"
    assert len((folder / "barks.csv").read_text(encoding="utf-8").splitlines()) > 20
    found = node(
        INK, "inkjs/full", (folder / "dialogue.ink").read_text(encoding="utf-8"), ["Start"], tmp_path
    )
    assert found["wrong"] == []


@pytest.mark.slow
def test_the_verb(tmp_path: Path, sandbox: Sandbox) -> None:
    """`export` writes a run as a script and a character without a run as a bundle; an unknown name is refused."""
    sandbox("run", "tavern", "--turns", "8", "-q", "--out", "run")
    sandbox("export", "run", "--format", "yarn", "--out", "run.yarn")
    assert (tmp_path / "run.yarn").read_text(encoding="utf-8").startswith("title: Start\n---\n")
    sandbox("export", "odo", "--format", "npc", "--out", "bundle")
    assert (tmp_path / "bundle" / "odo" / "card.png").is_file()
    assert "nobody" in sandbox("export", "nobody", "--format", "npc", "--out", "other", code=2).stderr
