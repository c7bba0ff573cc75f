"""Several askings of one thing, and verdicts that do not count."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from judges.bench import Mark, Subject, agreement
from judges.rubric import RubricJudge
from judges.scores import tally
from judges.verdict import Scale, Window
from tests.critics import bench, careful, judged, seated, shown, talk

SCALE = Scale(1.0, 5.0, 5.0)
ABOUT = Subject("rubric", "ben", "rubric.immersion", Window(0, 9), SCALE)


# ── several samples ────────────────────────────────────────────────────────────────────────────────


def test_samples_are_asked_apart_and_kept() -> None:
    """Three askings that differ give their mean, all three values, and less weight for disagreeing."""
    counter: dict[str, int] = {}

    def changing(messages: Sequence[BaseMessage]) -> str:
        text = shown(messages)
        counter[text] = counter.get(text, 0) + 1
        return careful(messages, mark=counter[text] + 2)

    for verdict in judged(changing, samples=3):
        assert sorted(value or 0 for value in verdict.samples) == [3.0, 4.0, 5.0]
        assert verdict.value == pytest.approx(4.0)
        assert verdict.agreement == pytest.approx(1 - (1 + 1 + 2) / 3 / 4)
        assert verdict.confidence == pytest.approx(verdict.agreement)
        assert verdict.calls == 6


def test_an_asking_that_failed_lowers_the_weight_and_stays_on_record() -> None:
    """Of two samples one unusable: the value is the other's, at half the weight."""
    on = bench(careful, samples=2)
    found = on.settle(ABOUT, [Mark(None, "garbage", calls=4), Mark(5.0, "fine", (3,), 0.9, "clean", 2)])
    assert (found.value, found.confidence, found.samples, found.calls) == (5.0, 0.5, (None, 5.0), 6)
    assert found.agreement is None


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0]), min_size=2, max_size=6))
def test_agreement_is_one_for_equals_and_falls_with_distance(values: list[float]) -> None:
    """It lies in 0..1, does not depend on the order, and is 1 only if all say the same."""
    found = agreement(values, SCALE)
    assert found is not None
    assert 0.0 <= found <= 1.0
    assert found == pytest.approx(agreement(values[::-1], SCALE))
    assert (found == 1.0) == (len(set(values)) == 1)


# ── what does not count ────────────────────────────────────────────────────────────────────────────


def test_a_judge_that_is_not_admitted_is_heard_and_does_not_count() -> None:
    """Its values stand in the verdicts, marked and without weight; no score is made of them."""
    log, on = talk(), bench(careful)
    on.admitted = False
    found = seated(RubricJudge(), log, on)
    assert {(v.value, v.held_back, v.confidence) for v in found} == {(4.0, "not admitted", 0.0)}
    assert tally(log, found)["rubric"]["ben"].value is None


@pytest.mark.parametrize(("sure", "held"), [(40, "abstained"), (None, "abstained"), (90, "")])
def test_what_is_too_little_sure_is_held_back(sure: int | None, held: str) -> None:
    """Under the threshold a verdict has no value, but its sample stays; so has one that states no certainty."""
    on = bench(lambda messages: careful(messages, sure=sure))
    on.threshold = 0.7
    for verdict in seated(RubricJudge(), talk(), on):
        assert verdict.held_back == held
        assert verdict.samples == (4.0,)
        assert (verdict.value is None) == bool(held)
        assert verdict.parsed == "clean"


def test_asking_again_costs_nothing_and_says_the_same() -> None:
    """All calls are found on record the second time, and the verdicts are equal to the last field."""
    on, log = bench(careful, samples=2), talk()
    once = seated(RubricJudge(), log, on)
    made = len(on.calls.made)  # type: ignore[attr-defined]
    assert seated(RubricJudge(), log, on) == once
    assert len(on.calls.made) == made  # type: ignore[attr-defined]


def test_parts_are_asked_at_the_same_time() -> None:
    """Whole parts do not wait for one another: the first critiques are all under way before any is answered."""
    under_way, most = 0, 0

    async def slow(messages: Sequence[BaseMessage]) -> str:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        under_way -= 1
        return careful(messages)

    seated(RubricJudge(), talk(), bench(slow))  # type: ignore[arg-type]
    assert most >= 4
