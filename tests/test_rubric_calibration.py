"""A judge that asks can be put to the test like one that does not."""

import json
from collections.abc import Sequence

import pytest
from langchain_core.messages import BaseMessage

from judges.bench import Sitting
from judges.calibration import calibrate
from judges.rubric import RubricJudge
from judges.rubric_replies import DIMENSIONS
from tests.critics import Script, bench, careful, own, shown
from tests.house import bundled

KIND = "out_of_fiction"


def reading_on(word: str) -> Script:
    """A critic that reads: an own line with this word in it costs immersion, and nothing else."""

    def script(messages: Sequence[BaseMessage]) -> str:
        text = shown(messages)
        if "# The seven marks" not in text:
            return careful(messages)
        bad = [n for n in own(text) if word in text.partition(f"► [{n}]")[2].partition("\n")[0]]
        mark = {"lines": bad or own(text)[:1], "why": "so", "mark": 4, "sure": 90}
        return json.dumps(
            {name: mark | ({"mark": 1} if bad and name == "immersion" else {}) for name in DIMENSIONS}
        )

    return script


@pytest.mark.parametrize(("word", "area"), [("language model", 1.0), ("zebra", 0.5)])
def test_calibration_tells_a_critic_that_reads_from_one_that_does_not(word: str, area: float) -> None:
    """Planted talk of language models is caught by who looks for it, in that dimension alone, and by nobody else."""
    runs = {f"tavern-{seed}": bundled("tavern", seed, 40) for seed in (3, 4, 5)}
    judge = Sitting(RubricJudge(), bench(reading_on(word)))
    found = calibrate(runs, [judge], kinds=(KIND,), doses=(1.0,))
    areas = {cell.dimension: cell.auroc["1.0"].value for cell in found.cells if cell.kind == KIND}
    assert areas["rubric.immersion"] == area
    assert {areas[f"rubric.{name}"] for name in DIMENSIONS if name != "immersion"} == {0.5}
