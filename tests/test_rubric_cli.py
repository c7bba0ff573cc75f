"""`sandbox judge --model`, as its user meets it: a real server, a script, and no model at all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from typer.testing import CliRunner

from judges.verdict import Verdict
from sandbox.cli import app
from sandbox.runs import new_run
from tests.conftest import Sandbox
from tests.house import begin, bundled, person, play
from tests.tiny_server import running
from worlds.errors import SandboxError


class Said(NamedTuple):
    """What the program printed."""

    stdout: str
    stderr: str


Judging: TypeAlias = Callable[..., Said]


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judging:
    """Run `sandbox judge …` in this process, beside two runs `1` and `2`; `code` is the exit code asked for."""
    for seed in (1, 2):
        with new_run(tmp_path / str(seed), bundled("tavern", seed, 24)):
            pass
    monkeypatch.chdir(tmp_path)

    def run(*words: str, code: int = 0) -> Said:
        done = CliRunner().invoke(app, ["judge", *words])
        error = done.exception if isinstance(done.exception, SandboxError) else None
        assert (error.exit_code if error else done.exit_code) == code, (done.output, done.exception)
        return Said(done.stdout, f"{done.stderr}{error or ''}")

    return run


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server on loopback, as `--model` names it."""
    with running(tmp_path_factory.mktemp("tiny")) as url:
        yield f"{url}#tiny"


@pytest.fixture
def script(tmp_path: Path) -> str:
    """A model read from a file, that gives two marks of seven and knows no speaker."""
    mark = {"lines": list(range(200)), "why": "so", "mark": 4, "sure": 80}
    replies: tuple[dict[str, object], ...] = (
        {"if": "# The seven marks", "reply": {"immersion": mark, "adaptability": mark}},
        {"if": "# The line", "reply": {"who": "a", "sure": 90}},
        {"reply": {"faults": [], "well": "Well played."}},
    )
    (tmp_path / "critic.jsonl").write_text("\n".join(map(json.dumps, replies)))
    return "scripted:critic.jsonl"


def verdicts(run: Path) -> list[Verdict]:
    """What stands in the run's folder."""
    lines = (run / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [Verdict.model_validate_json(line) for line in lines]


@pytest.mark.slow
def test_nonsense_from_a_real_server_is_counted_and_shown(
    spec: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    """Random weights behind the real protocol: most marks are unusable, each is a verdict, and the exit code is 0."""
    with new_run(tmp_path / "r", play(begin(person("ada"), person("ben"), turns=4))):
        pass
    done = sandbox("judge", "r", "--judges", "rubric", "--no-admission", "--model", spec)
    marks = verdicts(tmp_path / "r")

    assert len(marks) == 2 * 2 * 7
    unparsed = [verdict for verdict in marks if verdict.parsed == "unparsed"]
    assert len(unparsed) > 14
    assert all(verdict.value is None and verdict.reason and verdict.calls for verdict in unparsed)
    assert f"{len(unparsed)} unparsed of 28" in done.stdout
    assert "Traceback" not in done.stderr


def test_what_was_asked_is_on_record_and_judged_from_there(
    script: str, tmp_path: Path, judge: Judging
) -> None:
    """Calls stand in the run's records; with --replay the same verdicts come without the model, or an error."""
    words = ("1", "--judges", "rubric", "--model", script)
    none = judge(*words, "--replay", code=3)
    first = judge(*words)
    written = (tmp_path / "1" / "verdicts.jsonl").read_text()
    again = judge(*words)
    (tmp_path / "critic.jsonl").unlink()
    replayed = judge(*words, "--replay")
    same = (tmp_path / "1" / "verdicts.jsonl").read_text()
    missing = judge(*words, "--replay", "--samples", "2", code=4)

    assert "no recorded calls" in none.stderr
    assert '"at": "judge:rubric:' in (tmp_path / "1" / "calls.jsonl").read_text()
    assert first.stdout == again.stdout == replayed.stdout
    assert "0 calls made" in again.stderr
    assert "no reply is recorded" in missing.stderr
    assert len(written.splitlines()) == 1 + 5 * 3 * 7
    assert same == written


def test_the_table_says_what_does_not_count(script: str, judge: Judging) -> None:
    """Unparsed, abstained and not admitted are counted apart, in words and in JSON."""
    words = ("1", "--judges", "rubric", "--model", script)

    table = judge(*words, "--no-admission").stdout
    assert "all 15 count" in table
    assert "15 unparsed of 15" in table
    assert "75 unparsed of 105" in table
    assert "30 abstained" in judge(*words, "--no-admission", "--abstain-below", "90").stdout
    document = json.loads(judge(*words, "--json").stdout)
    asked = document["runs"][0]["asked"]["rubric"]
    assert asked == {"asked": 105, "unparsed": 75, "abstained": 0, "not_admitted": 30}
    assert document["runs"][0]["scores"]["admission.speakers"]["run"]["value"] == 0.25


def test_a_spent_budget_still_writes_all_verdicts(script: str, tmp_path: Path, judge: Judging) -> None:
    """Exit 5, and what was not asked stands there as such; with more to spend, only the rest is asked."""
    words = ("1", "--judges", "rubric", "--model", f"{script}?parallel=1", "--no-admission")
    done = judge(*words, "--max-tokens", "8000", code=5)
    found = verdicts(tmp_path / "1")
    unpriced = judge(*words, "--max-cost", "1", code=2)

    assert "--max-tokens" in done.stderr
    assert len(found) == 105
    assert any("not asked" in verdict.reason for verdict in found)
    assert "price" in unpriced.stderr
    judge(*words)
    assert not any("not asked" in verdict.reason for verdict in verdicts(tmp_path / "1"))


def test_a_server_that_is_not_there_is_said_after_the_rules_have_judged(
    tmp_path: Path, judge: Judging
) -> None:
    """Exit 4; verdicts by rule are written all the same, and those that could not be asked for say so."""
    done = judge("1", "--model", "http://127.0.0.1:9/v1#none?tries=1", code=4)

    assert "is it running" in done.stderr
    found = verdicts(tmp_path / "1")
    assert {verdict.judge for verdict in found} >= {"fidelity", "consistency", "tracking", "rubric"}
    assert all(verdict.value is None for verdict in found if verdict.model)


def test_two_runs_are_compared_in_both_orders(tmp_path: Path, judge: Judging) -> None:
    """A model that always takes the first decides nothing, and the bias is told."""
    reply = {
        "first_lines": list(range(200)),
        "second_lines": list(range(200)),
        "why": "so",
        "better": "first",
    }
    (tmp_path / "swayed.jsonl").write_text(json.dumps({"reply": {**reply, "sure": 90}}))
    words = ("1", "--judges", "rubric", "--model", "scripted:swayed.jsonl", "--no-admission")
    done = judge(*words, "--versus", "2")

    assert "agree on 0.00; 1.00 of the choices fell on what was shown first" in done.stdout
    pairs = [one for one in verdicts(tmp_path / "1") if one.dimension == "pairwise.better"]
    assert {one.value for one in pairs} == {0.5}
    assert len(pairs) == 15


def test_what_cannot_be_asked_is_refused_at_once(tmp_path: Path, judge: Judging) -> None:
    """A judge that asks without a model, a model without a key, a name nobody has: exit 2, with the mend."""
    assert "--model" in judge("1", "--judges", "rubric", code=2).stderr
    assert "--model" in judge("1", "--versus", "2", code=2).stderr
    assert "OPENAI_API_KEY" in judge("1", "--model", "openai:x", code=2).stderr
    assert "contradictions" in judge("1", "--judges", "rubrics", code=2).stderr
    assert not (tmp_path / "1" / "verdicts.jsonl").exists()
    listed = CliRunner().invoke(app, ["judges"]).stdout
    assert "rubric" in listed
    assert listed.count("--model") == 3
