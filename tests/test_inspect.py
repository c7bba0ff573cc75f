"""Worlds as a task of Inspect, played by a model that is none."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai")

from sandbox.exports.inspect_log import store_of
from worlds.store import read_line
from worlds.trajectory import Trajectory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]


def _says(number: list[int]) -> Any:
    """Give a model that has something new to say each time, and counts how often it was asked."""
    from inspect_ai.model import ModelOutput, ModelUsage

    def reply(*_: Any) -> ModelOutput:
        number[0] += 1
        words = {"thought": "Hm.", "act": "say", "speech": f"That makes {number[0]} lamps lit tonight."}
        output = ModelOutput.from_content("mockllm/model", json.dumps(words))
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    return reply


def _evaluated(folder: Path, asked: list[int]) -> Any:
    from inspect_ai import eval as evaluate
    from inspect_ai.log import read_eval_log
    from inspect_ai.model import get_model

    import_module("sandbox.inspecting")  # as Inspect does, by the entry point
    model = get_model("mockllm/model", custom_outputs=_says(asked), memoize=False)
    wishes = {"worlds": "tavern,opera", "turns": 4}
    (log,) = evaluate("sandbox/scenarios", task_args=wishes, model=model, log_dir=str(folder), display="none")
    return read_eval_log(log.location)


def test_a_model_plays_the_scenarios_and_our_judges_score_them(tmp_path: Path) -> None:
    """A sample a world; every turn is a call through Inspect; its log holds ours whole, and a score a judge."""
    asked = [0]
    log = _evaluated(tmp_path, asked)

    assert log.status == "success"
    assert sorted(sample.id for sample in log.samples) == ["opera-0", "tavern-0"]
    assert 8 <= asked[0] <= 16  # some are asked ahead of their turn, on a guess
    for sample in log.samples:
        lines = sample.store["events"]
        ours = Trajectory(read_line(line, n, "") for n, line in enumerate(lines, start=1))
        assert ours.state.phase == "over"
        assert ours.state.turn == 4
        assert sample.store["state"] == json.loads(json.dumps(store_of(ours.state)))
        assert set(sample.scores) == {"fidelity", "consistency", "tracking"}
        assert 0 < sample.scores["fidelity"].value <= 1
        assert sum(event.event == "model" for event in sample.events) >= 4
        assert sum(event.event == "info" for event in sample.events) == len(ours) - 1
    assert {score.name for score in log.results.scores} == {"fidelity", "consistency", "tracking"}


def test_inspect_finds_the_task_in_its_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`inspect eval …/sandbox/inspecting.py` has a task to run."""
    from inspect_ai import list_tasks

    monkeypatch.chdir(root)
    found = list_tasks("sandbox/inspecting.py", root_dir=root)
    assert [Path(task.file).name for task in found] == ["inspecting.py"]
