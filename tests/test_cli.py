import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import ROOT, Sandbox
from tests.stagecraft import begin, play
from worlds.store import save, write_line

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


def test_a_torn_last_line_is_dropped_and_the_run_goes_on(tmp_path: Path, sandbox: Sandbox) -> None:
    """What a crash leaves can be shown, and resumed to the same end."""
    whole = play(begin(turns=12))
    folder = tmp_path / "torn"
    folder.mkdir()
    lines = [write_line(event) for event in whole]
    (folder / "events.jsonl").write_text("".join(lines[:20]) + lines[20][:30])

    shown = sandbox("show", "torn")
    resumed = sandbox("resume", "torn", "-q")

    assert "torn" in shown.stderr
    assert "torn" in resumed.stderr
    kept = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    assert lines[:20] == kept[:20]


EDITS = {
    "a word": lambda lines: [*lines[:9], lines[9].replace("1", "2", 3), *lines[10:]],
    "a line gone": lambda lines: [*lines[:9], *lines[10:]],
    "two swapped": lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]],
    "another's line": lambda lines: [*lines[:9], '{"hello": "world"}\n', *lines[10:]],
    "no json": lambda lines: [*lines[:9], "hello\n", *lines[10:]],
    "nothing": lambda _: [],
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_log_is_refused_with_its_line(name: str, run: Path, sandbox: Sandbox) -> None:
    """Damage anywhere but at the end is named by file and line, and nothing is changed."""
    path = run / "events.jsonl"
    path.write_text("".join(EDITS[name](path.read_text().splitlines(keepends=True))))
    before = path.read_bytes()

    done = sandbox("resume", "run", code=3)

    assert "events.jsonl" in done.stderr
    assert name == "nothing" or ":10:" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == path.read_bytes()


def test_an_unknown_schema_version_is_refused(run: Path, sandbox: Sandbox) -> None:
    """A log of a later program is not half-read."""
    path = run / "events.jsonl"
    path.write_text(path.read_text().replace('"kind":"started"', '"kind":"started","version":99', 1))

    assert "version 99" in sandbox("show", "run", code=3).stderr


def test_a_run_in_use_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    """There is one writer at a time."""
    folder = tmp_path / "busy"
    folder.mkdir()
    save(play(begin(turns=12)).upto(20), folder / "events.jsonl")
    with FileLock(folder / ".lock"):
        done = sandbox("resume", "busy", code=2)

    assert "another process" in done.stderr
    sandbox("resume", "busy", "-q")


def test_a_run_is_never_overwritten(run: Path, sandbox: Sandbox) -> None:
    """An --out that is taken is refused, and what is there stays."""
    before = (run / "events.jsonl").read_bytes()

    done = sandbox("run", "tavern", "--out", "run", code=2)

    assert "never overwritten" in done.stderr
    assert before == (run / "events.jsonl").read_bytes()


def test_a_full_disk_loses_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """When no more can be written the run stops with a message, and goes on later to the same end."""
    sandbox("run", "tavern", "--turns", "40", "--out", "whole", "-q")
    limit = (tmp_path / "whole" / "events.jsonl").stat().st_size * 9 // 10
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "run", "tavern", "--turns", "40", "--out", "full", "-q"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    sandbox("resume", "full", "-q")
    assert (tmp_path / "whole" / "events.jsonl").read_bytes() == (
        tmp_path / "full" / "events.jsonl"
    ).read_bytes()


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
