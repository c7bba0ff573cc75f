import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Sandbox
from tests.stagecraft import begin, play
from worlds.store import save

SMALL = """
id: shed
title: The Shed
genre: test
premise: Two people wait for the rain to stop.
places:
  shed: {name: the shed, text: A shed.}
cast: {ada: {at: shed}}
scenes: [{id: one, premise: Rain.}]
"""

ADA = """
id: ada
name: Ada
core: {identity: a waiting woman, summary: She waits.}
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run in the small world."""
    folder = tmp_path / "run"
    folder.mkdir()
    save(play(begin(turns=12)), folder / "events.jsonl")
    return folder


def _bomb() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(rows)


BAD_FILES = {
    "bomb": (_bomb(), "alias"),
    "syntax": ("places: [unclosed", "world.yaml"),
    "type": (SMALL.replace("genre: test", "genre: [1, 2]"), "genre"),
    "unknown field": (SMALL.replace("premise: Two", "premis: Two"), "premise"),
    "unknown id": (SMALL.replace("at: shed", "at: shde"), "shde"),
    "empty": ("", "world.yaml"),
    "no text": ("\x00\x01\x02", "world.yaml"),
    "list": ("- 1\n- 2\n", "world.yaml"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_world_file_gets_one_clear_message(name: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """`check` says file and fault and leaves with 3; there is no traceback."""
    text, hint = BAD_FILES[name]
    (tmp_path / "world.yaml").write_text(text)
    (tmp_path / "ada.yaml").write_text(ADA)

    done = sandbox("check", "world.yaml", code=3)

    assert hint in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_good_world_file_of_ones_own_plays(tmp_path: Path, sandbox: Sandbox) -> None:
    """A world file with its characters beside it runs like a bundled one."""
    (tmp_path / "world.yaml").write_text(SMALL)
    (tmp_path / "characters").mkdir()
    (tmp_path / "characters" / "ada.yaml").write_text(ADA)

    sandbox("check", "world.yaml")
    done = sandbox("run", "world.yaml", "--turns", "6", "--out", "mine")

    assert "The Shed" in done.stdout
    assert (tmp_path / "mine" / "events.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("run", "tavrn"), 2, "tavern"),
        (("run", "tavern", "--cast", "mira,nobody"), 2, "nobody"),
        (("run", "tavern", "--order", "chaos"), 2, "natural"),
        (("run", "tavern", "--turns", "0"), 2, "--turns"),
        (("show", "nowhere"), 3, "nowhere"),
        (("resume", "nowhere"), 3, "nowhere"),
        (("show", "run", "--pov", "nobody"), 2, "ada, ben, cy"),
        (("show", "run", "--turns", "a:b"), 2, "10:20"),
        (("show", "run", "--graph", "oil"), 2, "mermaid"),
        (("fork", "run", "--at", "999"), 2, "12"),
        (("resume", "run"), 2, "fork"),
    ],
)
@pytest.mark.usefixtures("run")
def test_wrong_words_get_one_clear_message(
    words: tuple[str, ...], code: int, hint: str, sandbox: Sandbox
) -> None:
    """What cannot be done is said in one message, with what could be."""
    done = sandbox(*words, code=code)

    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fork_shares_the_past_and_leaves_the_old_run_alone(run: Path, sandbox: Sandbox) -> None:
    """The first lines are the same bytes; then it is on its own."""
    before = (run / "events.jsonl").read_text()

    sandbox("fork", "run", "--at", "6", "--seed", "9", "--turns", "14", "--out", "branch", "-q")

    branch = (run.parent / "branch" / "events.jsonl").read_text().splitlines()
    old = before.splitlines()
    same = next(n for n, (a, b) in enumerate(zip(old, branch, strict=False)) if a != b)
    assert json.loads(branch[same])["body"]["kind"] == "forked"
    assert json.loads(branch[same - 1])["turn"] == 5
    assert before == (run / "events.jsonl").read_text()


def test_a_point_of_view_shows_only_what_was_perceived(run: Path, sandbox: Sandbox) -> None:
    """`show --pov` leaves out the words of those who were elsewhere, and thoughts but its own."""
    everything = sandbox("show", "run", "--inner").stdout
    seen = sandbox("show", "run", "--inner", "--pov", "cy").stdout

    assert "<thought ada 1>" in everything
    assert "<thought ada" not in seen
    assert "<thought cy 1>" in seen
    assert len(seen) < len(everything)


@pytest.mark.parametrize("verb", ["worlds", "characters", "doctor"])
def test_reading_verbs_speak_json(verb: str, sandbox: Sandbox) -> None:
    """`--json` prints one document with a schema."""
    assert json.loads(sandbox(verb, "--json").stdout)["schema"].startswith("sandbox.")


@pytest.mark.parametrize("form", ["mermaid", "dot", "graphml", "node-link"])
@pytest.mark.usefixtures("run")
def test_a_run_can_be_drawn(form: str, sandbox: Sandbox) -> None:
    """The event graph comes out in every form."""
    assert "because" in sandbox("show", "run", "--graph", form).stdout


def test_settings_come_from_flags_then_environment_then_file(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file gives defaults, the environment beats it, a flag beats both."""
    (tmp_path / "sandbox.toml").write_text("[run]\nturns = 3\nseed = 3\n")

    def turns(*words: str) -> int:
        done = sandbox("run", "tavern", "--json", *words)
        shutil.rmtree(tmp_path / "runs")
        return int(json.loads(done.stdout)["turns"])

    assert turns() == 3
    monkeypatch.setenv("SANDBOX_TURNS", "4")
    assert turns() == 4
    assert turns("--turns", "5") == 5


@pytest.mark.usefixtures("run")
def test_an_interview_asks_as_of_any_moment_and_writes_nothing(run: Path, sandbox: Sandbox) -> None:
    """The character of turn 3 answers; the run is as it was."""
    before = (run / "events.jsonl").read_bytes()

    done = sandbox("interview", "run", "--who", "ada", "--at", "3", "--json", "Who are you?")

    answer = json.loads(done.stdout)
    assert answer["seq"] < len(before.splitlines()) - 1
    assert "Ada" in answer["answers"][0]["answer"]
    assert before == (run / "events.jsonl").read_bytes()
    assert sorted(path.name for path in run.iterdir()) == ["events.jsonl"]


@pytest.mark.usefixtures("run")
def test_judging_writes_verdicts_beside_the_run_and_a_table(run: Path, sandbox: Sandbox) -> None:
    """Every verdict points at events that exist; the log is not touched; a bar that is missed gives 6."""
    before = (run / "events.jsonl").read_bytes()

    done = sandbox("judge", "run", "--judges", "consistency")
    sandbox("judge", "run", "--judges", "consistency", "--fail-under", "1")
    sandbox("judge", "run", "--fail-under", "1", code=6)
    sandbox("judge", "run", "--judges", "taste", code=2)

    verdicts = [json.loads(line) for line in (run / "verdicts.jsonl").read_text().splitlines()]
    assert "consistency" in done.stdout
    assert verdicts
    assert all(
        0 <= seq < len(before.splitlines()) for verdict in verdicts for seq in verdict.get("evidence", ())
    )
    assert before == (run / "events.jsonl").read_bytes()
