from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Sandbox
from tests.tiny_server import running

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
