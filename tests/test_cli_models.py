import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from characters.files import CAST
from tests.conftest import Sandbox
from tests.tiny_server import running
from worlds.files import find_world

pytestmark = pytest.mark.usefixtures("spec")


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server on loopback, as `--model` names it."""
    with running(tmp_path_factory.mktemp("tiny")) as url:
        yield f"{url}#tiny"


def test_a_model_plays_a_bundled_world_and_is_replayed_without_it(
    spec: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    """The same bytes come out of the records alone; what the records lack is an error."""
    words = ("run", "tavern", "--cast", "mira,bram", "--model", spec, "--narrator", "improv", "-q")
    sandbox(*words, "--turns", "6", "--out", "live")
    sandbox(*words, "--turns", "6", "--out", "again", "--replay", "live")
    missing = sandbox(*words, "--turns", "9", "--out", "more", "--replay", "live", code=4)

    assert (tmp_path / "live" / "events.jsonl").read_bytes() == (
        tmp_path / "again" / "events.jsonl"
    ).read_bytes()
    assert "Traceback" not in missing.stderr


def test_a_spent_budget_stops_cleanly_and_the_run_goes_on(spec: str, sandbox: Sandbox) -> None:
    """Exit 5 says what was spent; resuming without the limit finishes."""
    done = sandbox(
        "run", "tavern", "--cast", "mira,bram", "--model", spec, "--narrator", "improv", "--turns", "8",
        "--max-tokens", "20000", "--out", "poor", "-q", code=5,
    )  # fmt: skip

    assert "--max-tokens" in done.stderr
    assert "Traceback" not in done.stderr
    sandbox("resume", "poor", "-q")


def test_each_role_may_have_a_model_of_its_own(spec: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """One character by a model, the others improv: only that one's calls are made."""
    sandbox(
        "run",
        "tavern",
        "--cast",
        "mira,bram",
        "--mind",
        f"mira={spec}",
        "--turns",
        "6",
        "--out",
        "mixed",
        "-q",
    )

    calls = (tmp_path / "mixed" / "calls.jsonl").read_text()
    assert "mira" in calls
    sandbox("interview", "mixed", "--who", "bram", "Who are you?")


def test_a_model_that_cannot_be_used_is_refused_before_anything_is_made(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    """A missing key or package is said at once, with the mend, and no run folder is left behind."""
    done = sandbox("run", "tavern", "--model", "openai:gpt-x", "--out", "none", code=2)

    assert "OPENAI_API_KEY" in done.stderr or "openai" in done.stderr
    assert not (tmp_path / "none").exists()


def test_doctor_pings_on_request(spec: str, sandbox: Sandbox) -> None:
    """Nothing is asked unless asked for; then the model answers."""
    assert "#tiny" not in sandbox("doctor").stdout
    assert "ok" in sandbox("doctor", "--ping", spec).stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A world file with its own cast beside it, and replies to be read from a file."""
    (tmp_path / "say.jsonl").write_text('{"thought": "So.", "act": "wait"}\n', encoding="utf-8")
    (tmp_path / "characters").mkdir()
    for name in ("mira", "bram"):
        text = (CAST / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / "characters" / f"{name}.yaml").write_text(text, encoding="utf-8")
    inn = find_world("tavern").read_text(encoding="utf-8").replace("id: tavern", "id: inn", 1)
    (tmp_path / "inn.yaml").write_text(inn, encoding="utf-8")
    return tmp_path


def written(file: Path, old: str, new: str) -> None:
    """Put something else into a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def asked(run: Path) -> set[str]:
    """Who was played by a model in a run."""
    file = run / "calls.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {found["at"].partition(":")[0] for line in lines if "at" in (found := json.loads(line))}


def test_a_card_or_a_world_may_say_what_plays_somebody(home: Path, sandbox: Sandbox) -> None:
    """The card says it for any world, the world for its cast before the card, the command line before both."""
    play = ("run", "inn.yaml", "--cast", "mira,bram", "--turns", "4", "-q", "--out")
    written(home / "characters" / "mira.yaml", "id: mira\n", "id: mira\nmind: scripted:say.jsonl\n")
    sandbox(*play, "card")
    assert asked(home / "card") == {"mira"}

    written(home / "inn.yaml", "  mira: {", "  mira: {mind: improv, ")
    written(home / "inn.yaml", "  bram: {", "  bram: {mind: 'scripted:gone.jsonl,scripted:say.jsonl', ")
    sandbox(*play, "flag", "--mind", "bram=improv", "--mind", "mira=scripted:say.jsonl")
    assert asked(home / "flag") == {"mira"}


def test_a_file_does_not_choose_the_server(home: Path, sandbox: Sandbox) -> None:
    """An address in a card or world is refused until it is given by hand; nothing is sent there and no run is made."""
    written(home / "characters" / "mira.yaml", "id: mira\n", "id: mira\nmind: http://127.0.0.1:9/v1#x\n")
    done = sandbox("run", "inn.yaml", "--cast", "mira", "--turns", "3", "-q", "--out", "none", code=2)

    assert "--mind mira=" in done.stderr
    assert not (home / "none").exists()


def test_a_role_falls_back_to_its_second_model(home: Path, sandbox: Sandbox) -> None:
    """Where the first model of a role cannot be reached the second plays, and the record says what was tried."""
    spec = "http://127.0.0.1:9/v1#x?tries=1&wait=0,scripted:say.jsonl"
    sandbox(
        "run", "inn.yaml", "--cast", "mira", "--mind", f"mira={spec}", "--turns", "3", "-q", "--out", "two"
    )
    lines = (home / "two" / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    calls = [found for line in lines if "at" in (found := json.loads(line))]

    assert {call["model"] for call in calls} == {"scripted:say.jsonl"}
    assert calls[0]["faults"]
