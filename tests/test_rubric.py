import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from characters.replies import UnfitError
from characters.replies import read as read_reply
from judges.reading import read
from judges.rubric import RubricJudge, score_question
from judges.rubric_replies import DIMENSIONS, ScoreReply
from judges.scores import tally
from judges.sheets import sheet, windows
from tests.critics import Script, bench, careful, judged, own, seated, shown, talk
from worlds.errors import BudgetError

LOG = talk()


def all_of(mark: object) -> str:
    """The same mark in all dimensions, as a reply."""
    return json.dumps({dimension: mark for dimension in DIMENSIONS})  # noqa: C420 - what is mutable is not shared


def scoring(marks: object) -> Script:
    """A critic that gives these marks, whatever it is shown."""

    def script(messages: Sequence[BaseMessage]) -> str:
        return json.dumps(marks) if "# The seven marks" in shown(messages) else careful(messages)

    return script


# ── what is judged ─────────────────────────────────────────────────────────────────────────────────


def test_every_part_of_everybodys_play_gets_seven_marks() -> None:
    """Two people, three parts each, seven marks a part; each rests on lines of its part, and the windows join up."""
    log = talk()
    found = seated(RubricJudge(), log, bench(careful))
    assert len(found) == 2 * 3 * 7
    for verdict in found:
        assert verdict.value == 4.0
        assert (verdict.parsed, verdict.certainty, verdict.calls) == ("clean", 0.8, 2)
        assert verdict.window is not None
        assert verdict.evidence
        assert all(verdict.window.first <= seq <= verdict.window.last for seq in verdict.evidence)
        assert all(log[seq].by == verdict.subject for seq in verdict.evidence)
    ben = [v.window for v in found if v.subject == "ben" and v.dimension == "rubric.immersion" and v.window]
    assert (ben[0].first, ben[-1].last) == (0, len(log) - 1)
    assert all(one.last + 1 == other.first for one, other in pairwise(ben))


def test_a_later_decline_is_drift() -> None:
    """Marks that fall from part to part become a falling score with its slope, in the family too."""

    def tiring(messages: Sequence[BaseMessage]) -> str:
        part = next(n for n in (1, 2, 3) if f"part {n} of" in shown(messages))
        return careful(messages, mark=6 - 2 * part + 1)

    log = talk()
    scores = tally(log, seated(RubricJudge(), log, bench(tiring)))
    ben = scores["rubric.immersion"]["ben"]
    assert ben.windows == (5.0, 3.0, 1.0)
    assert ben.drift == pytest.approx(-4.0)
    assert scores["rubric"]["ben"].value == pytest.approx(0.5)


# ── what models answer ─────────────────────────────────────────────────────────────────────────────


def test_invented_lines_are_dropped_and_said_so() -> None:
    """A mark keeps the lines that stand there, and its reason names those that do not."""

    def half_right(messages: Sequence[BaseMessage]) -> str:
        one = {"lines": [*own(shown(messages))[:1], 999], "why": "so", "mark": "5/5", "sure": "90 %"}
        marks = dict.fromkeys(DIMENSIONS, one)
        return json.dumps(marks) if "# The seven marks" in shown(messages) else careful(messages)

    for verdict in judged(half_right):
        assert (verdict.value, verdict.certainty) == (5.0, 0.9)
        assert 999 not in verdict.evidence
        assert "[999]" in verdict.reason


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I would rather talk about the weather.", "no JSON"),
        (all_of({"lines": [1], "mark": 9}), "from 1 to 5"),
        (all_of({"lines": [999], "mark": 3}), "must name lines"),
        (all_of("good"), "from 1 to 5"),
        ("{" * 40, "nested|JSON|from 1 to 5"),
    ],
)
def test_what_cannot_be_used_is_a_verdict_without_a_value(answer: str, why: str) -> None:
    """Nothing goes missing and nothing is a zero: all 42 verdicts are there, unparsed, with the reason."""
    found = judged(lambda messages: answer if "# The seven marks" in shown(messages) else careful(messages))
    assert len(found) == 42
    for verdict in found:
        assert (verdict.value, verdict.parsed, verdict.calls) == (None, "unparsed", 4)
        assert any(part in verdict.reason for part in why.split("|"))
    scores = tally(talk(), found)
    assert scores["rubric"]["ben"].value is None
    assert scores["rubric"]["ben"].failed == 21


def test_one_unreadable_mark_costs_the_others_nothing() -> None:
    """Six marks count; the seventh is unparsed and says why."""
    marks = json.loads(all_of({"lines": list(range(60)), "mark": 3, "sure": 70}))
    found = judged(scoring({**marks, "adaptability": {"lines": "none", "mark": "?"}}))
    lost = [verdict for verdict in found if verdict.value is None]
    assert {verdict.dimension for verdict in lost} == {"rubric.adaptability"}
    assert len(lost) == 6


def test_a_reply_with_wrapping_is_repaired() -> None:
    """Fences and prose around an answer are no obstacle, and the verdict says that it was mended."""
    found = judged(lambda messages: f"Of course!\n```json\n{careful(messages)}\n```")
    assert {(verdict.value, verdict.parsed) for verdict in found} == {(4.0, "repaired")}


def test_order_and_spelling_of_fields_do_not_matter() -> None:
    """Fields in any order, in capitals or bold, are the same fields."""

    def turned(messages: Sequence[BaseMessage]) -> str:
        found = json.loads(careful(messages))
        return json.dumps({f"**{name.title()}**": value for name, value in reversed(found.items())})

    assert {(verdict.value, verdict.parsed) for verdict in judged(turned)} == {(4.0, "clean")}


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4), max_leaves=6)
mark = (
    st.fixed_dictionaries({}, optional=dict.fromkeys(("lines", "why", "mark", "sure"), anything)) | anything
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(DIMENSIONS, mark)))
def test_whatever_a_model_says_is_read_or_refused(reply: dict[str, object]) -> None:
    """Each of the seven has a mark on the scale that rests on shown lines, or none and a reason; or all are refused."""
    reading = read(LOG)
    page = sheet(reading, "ben", 0, windows(reading, "ben"))
    question = score_question("", page, "", "")
    try:
        marks = question.accept(read_reply(json.dumps(reply), ScoreReply))
    except UnfitError:
        return
    assert set(marks) == set(DIMENSIONS)
    for one in marks.values():
        assert one.reason or one.value is not None
        assert one.value is None or (1.0 <= one.value <= 5.0 and set(one.evidence) & page.numbers)
        assert set(one.evidence) <= page.numbers
        assert one.certainty is None or 0.0 <= one.certainty <= 1.0


def test_a_model_that_breaks_down_breaks_nothing() -> None:
    """What a client raises becomes verdicts that say so; the bench knows why it stopped."""

    def broken(messages: Sequence[BaseMessage]) -> str:
        raise ConnectionError("hung up")

    on = bench(broken)
    found = seated(RubricJudge(), talk(), on)
    assert len(found) == 42
    assert {(verdict.value, verdict.parsed) for verdict in found} == {(None, "unparsed")}
    assert on.stopped is not None


def test_a_spent_budget_leaves_verdicts_for_what_was_not_asked() -> None:
    """What was asked before the money ran out counts; all else says that it was not asked."""
    on = bench(careful)
    left = 6

    class Purse:
        waits = True
        find, latest, keep = on.calls.find, on.calls.latest, on.calls.keep

        def allow(self, *, priced: bool) -> None:
            nonlocal left
            if left == 0:
                raise BudgetError("spent")
            left -= 1

    on.calls = Purse()
    found = seated(RubricJudge(), talk(), on)
    assert len(found) == 42
    assert {verdict.reason for verdict in found if verdict.value is None} <= {
        "not asked: spent", "no critique: not asked: spent",
    }  # fmt: skip
    assert isinstance(on.stopped, BudgetError)
