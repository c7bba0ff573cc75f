"""Judges that ask, beside the rubric: constraints and contradictions."""

import json
from collections.abc import Sequence

import pytest
from langchain_core.messages import BaseMessage

from judges.constraints import ConstraintJudge
from judges.contradictions import ContradictionJudge
from judges.panel import asked, asking, named
from judges.reading import read
from judges.verdict import Verdict
from tests.critics import bench, careful, own, run, seated, shown
from tests.house import begin, bundled, person, play, says
from worlds.actions import Say
from worlds.errors import UsageError
from worlds.trajectory import Trajectory

# ── constraints ────────────────────────────────────────────────────────────────────────────────────


def answering() -> Trajectory:
    """Ada asks Ben what he is, and he says that he is no baker."""
    return play(
        begin(person("ada"), person("ben", summary="Ben is a baker. Ben has a sister."), turns=2),
        ada=says(Say(text="Are you a baker, Ben?", to=("ben",), intent="ask")),
        ben=says(Say(text="I never baked a loaf.", to=("ada",))),
    )


def holding(**lists: list[object]) -> list[Verdict]:
    """What comes of it if a model finds this; statements are found by a word, `baker` being one's number."""

    def script(messages: Sequence[BaseMessage]) -> str:
        lines = shown(messages).splitlines()
        numbers = {
            word: int(line.partition(".")[0])
            for line in lines
            for word in ("baker", "sister")
            if line[:1].isdigit() and word in line
        }
        said = {name: [numbers.get(str(one), one) for one in value] for name, value in lists.items()}
        broken = [{"statement": one, "why": "never baked"} for one in said.pop("broken", [])]
        return json.dumps({**said, "broken": broken, "sure": 90}) if "baker" in numbers else careful(messages)

    return [v for v in seated(ConstraintJudge(), answering(), bench(script)) if v.subject == "ben"]


def test_a_broken_statement_is_named_with_question_and_reply() -> None:
    """The verdict says which sentence of the profile was broken, rests on both lines, and the score falls."""
    found = {verdict.dimension: verdict for verdict in holding(asked_for=["baker"], broken=["baker"])}
    broken = found["constraints.violated"]
    assert (broken.value, broken.parsed) == (0.0, "clean")
    assert "Ben is a baker." in broken.reason
    assert "never baked" in broken.reason
    assert len(broken.evidence) == 2
    assert found["constraints.missed"].value == 0.0
    assert (
        found["constraints.apc"].value == 0.0
    )  # what is asked for and broken is lost credit, not penalty too
    against = {v.dimension: v.value for v in holding(broken=["sister"])}
    assert against["constraints.apc"] is not None
    assert against["constraints.apc"] < 0


def test_what_is_borne_out_is_credit() -> None:
    """A statement asked for and said counts for the reply; nothing is broken or missed."""
    found = {v.dimension: v.value for v in holding(asked_for=["baker"], borne_out=["baker"])}
    assert found["constraints.apc"] is not None
    assert found["constraints.apc"] > 0
    assert (found["constraints.violated"], found["constraints.missed"]) == (1.0, 1.0)


def test_statements_there_are_not_are_asked_about_again() -> None:
    """A model that knows only numbers of its own has said nothing: unparsed, after two re-asks."""
    found = holding(borne_out=[77, 78])
    assert {(v.dimension, v.value, v.parsed, v.calls) for v in found} == {
        ("constraints.apc", None, "unparsed", 3), ("constraints.violated", None, "unparsed", 3),
    }  # fmt: skip
    assert holding(borne_out=["baker", 78])[0].value is not None


def test_a_minority_of_samples_breaks_nothing() -> None:
    """One asking of three that finds a breach makes the clean verdict less sure; it does not make a breach."""
    counter: dict[str, int] = {}

    def script(messages: Sequence[BaseMessage]) -> str:
        text = shown(messages)
        counter[text] = counter.get(text, 0) + 1
        broken = [{"statement": 1, "why": "x"}] if counter[text] == 1 else []
        return json.dumps({"asked_for": [], "borne_out": [], "broken": broken, "sure": 50})

    found = seated(ConstraintJudge(), answering(), bench(script, samples=3))
    for verdict in (one for one in found if one.dimension == "constraints.violated"):
        assert sorted(value or 0.0 for value in verdict.samples) == [0.0, 1.0, 1.0]
        assert verdict.value == pytest.approx(2 / 3)
        assert verdict.confidence < 0.5


def test_a_few_replies_stand_for_a_long_part() -> None:
    """Of each part of anybody's play no more than four replies are taken, from all over the run."""
    log = bundled("tavern")
    found = seated(ConstraintJudge(), log, bench(careful))
    for who in log.state.cast:
        seqs = [
            v.window.first for v in found if v.subject == who and v.window and v.dimension.endswith("apc")
        ]
        assert 0 < len(seqs) <= 12
        lines = [event.seq for event in read(log).acts[who]]
        assert min(seqs) < lines[len(lines) // 3]
        assert max(seqs) > lines[len(lines) // 2]


# ── contradictions ─────────────────────────────────────────────────────────────────────────────────

ASLEEP, AWAKE = "I slept all night.", "I sat up all night and watched the stairs."


def of_two_minds() -> Trajectory:
    """Ben says one thing in the first part and the opposite in the last, in words no rule reads."""
    lines = (ASLEEP, "Cold today.", "Pass the salt.", AWAKE, "Well, well.", "Good night.")
    return play(
        begin(person("ada"), person("ben", slots={"injury.arm": "broken"}), turns=12),
        ada=says(*(Say(text=f"Line {n}.") for n in range(6))),
        ben=says(*(Say(text=line) for line in lines)),
    )


def finding(against: str) -> dict[str, list[Verdict]]:
    """What comes of it if a model sees what contradicts a word of the earlier lines, or a mark."""

    def script(messages: Sequence[BaseMessage]) -> str:
        text = shown(messages)
        line = next((n for n in own(text) if AWAKE in text.partition(f"► [{n}]")[2][:60]), 0)
        rows = (row for row in text.splitlines() if row.startswith("[") and ASLEEP in row)
        earlier = next((row[1:].partition("]")[0] for row in rows), "")
        ground = earlier if against == "earlier" else against
        one = {"line": line, "against": ground, "why": "both cannot be"}
        return json.dumps({"contradictions": [one] if line and earlier else [], "sure": 90})

    found = seated(ContradictionJudge(), of_two_minds(), bench(script))
    ben = [verdict for verdict in found if verdict.subject == "ben"]
    return {
        part: [v for v in ben if v.dimension == f"contradictions.{part}"] for part in ("words", "profile")
    }


def test_a_line_against_an_earlier_one_rests_on_both() -> None:
    """The one line is bad, the other five are not; the verdict points at both lines and quotes the earlier."""
    found = finding("earlier")["words"]
    assert len(found) == 6
    bad = [verdict for verdict in found if verdict.value == 0.0]
    assert len(bad) == 1
    assert ASLEEP in bad[0].reason
    log = of_two_minds()
    spoken = [event.body.action.text for event in log if event.seq in bad[0].evidence]  # type: ignore[union-attr]
    assert spoken == [ASLEEP, AWAKE]


def test_a_line_against_the_profile_names_the_statement() -> None:
    """What holds of the speaker is marked S1, S2 …, and a breach says which it was."""
    bad = [verdict for verdict in finding("S1")["profile"] if verdict.value == 0.0]
    assert len(bad) == 1
    assert "hurt in the arm" in bad[0].reason
    assert all(verdict.value == 1.0 for verdict in finding("S1")["words"])


@pytest.mark.parametrize("nothing", ["S99", "9999", "the weather"])
def test_what_is_not_there_contradicts_nothing(nothing: str) -> None:
    """A made-up ground is asked about again, then each line of that part is unparsed; other parts stand."""
    found = finding(nothing)["words"]
    assert len(found) == 6
    assert 0 < sum(verdict.parsed == "unparsed" for verdict in found) < 6


def test_what_no_longer_holds_is_shown() -> None:
    """A value that was replaced before a part is listed there as no longer so."""
    prompts: list[str] = []

    def script(messages: Sequence[BaseMessage]) -> str:
        prompts.append(shown(messages))
        return json.dumps({"contradictions": [], "sure": 90})

    seated(ContradictionJudge(), bundled("tavern"), bench(script))
    assert any("No longer so: " in text for text in prompts)


# ── together ───────────────────────────────────────────────────────────────────────────────────────


def test_judges_that_ask_sit_together() -> None:
    """By name or all; each gives verdicts, and every evidence is in the log."""
    log = bundled("tavern", turns=24)
    found = run(asked(asking(), log, bench(careful)))
    assert {verdict.judge for verdict in found} == {"rubric", "constraints", "contradictions"}
    assert all(0 <= seq < len(log) for verdict in found for seq in verdict.evidence)
    assert [judge.name for judge in asking(("contradictions",))] == ["contradictions"]
    with pytest.raises(UsageError, match="rubric"):
        asking(("fidelity",))
    with pytest.raises(UsageError, match="fidelity"):
        named(("rubric",))
