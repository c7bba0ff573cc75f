"""The suite audit sees the defects found in published sets."""

import ast
import json

import pytest

from judges.audit import Item, audit, lift
from judges.audit_checks import anchors, disagreements, gold_types, labels, refuse_gold, totals
from tests.sharing import lines, table, whole
from worlds.errors import UsageError


def _personamem() -> list[Item]:
    def options(text: str) -> tuple[str, ...]:
        try:
            return tuple(json.loads(text))
        except ValueError:
            return tuple(ast.literal_eval(text))

    return [
        Item(
            row["user_question_or_message"],
            options(row["all_options"]),
            "abcd".index(row["correct_answer"][1]),
            row["question_type"],
        )
        for row in table("personamem/questions_32k_personas_0_11.csv")
    ]


def names(items: list[Item]) -> set[str]:
    """Give the names of the flaws of a suite."""
    return {flaw.name for flaw in audit(items).flaws}


def test_length_and_centrality_give_the_answer_away() -> None:
    """In 366 published questions the longest option is right in 0.514, and knowing the type gives 0.81."""
    items = _personamem()
    found = audit(items)
    assert found.items == 366
    values = {name: found.baselines[name].value for name in found.baselines}
    assert values["longest"] == pytest.approx(0.514, abs=0.001)
    assert values["shortest"] == pytest.approx(0.243, abs=0.001)
    assert values["central"] == pytest.approx(0.503, abs=0.01)
    assert values["typed"] == pytest.approx(0.809, abs=0.01)
    assert {"baseline.longest", "baseline.central", "baseline.typed"} <= {flaw.name for flaw in found.flaws}
    assert found.best[0] == "typed"
    assert lift(0.52, found) < 0


def test_options_left_over_from_the_row_before() -> None:
    """All 14 rows with gold C in the tie sample show the options of the row before, and no other row does."""
    rows = lines("personalized_judge/prism_with_tie_text_rows.jsonl")
    items = [
        Item(r["question"], (r["asst_A"], r["asst_B"]), "AB".find(r["ground_truth"]), label=r["ground_truth"])
        for r in rows
    ]
    stale = next(flaw for flaw in audit(items).flaws if flaw.name == "options.stale")
    assert set(stale.items) == {i for i, row in enumerate(rows) if row["ground_truth"] == "C"}
    assert len(stale.items) == 14
    assert "14 with gold C" in stale.reason


def test_one_wrong_answer_for_all() -> None:
    """A wrong option that is the same text everywhere, and never right, is seen."""
    items = [Item(f"Question {i}?", (f"My own answer, {i}.", "The one wrong answer."), 0) for i in range(12)]
    assert "distractor.constant" in names(items)


def test_a_visible_field_settles_the_label() -> None:
    """Where the first speaker is not the expert, the label is always the expert: the field gives it away."""
    items = [
        Item(
            f"{row['character1_utterance']} {row['character2_utterance']}",
            tuple(row["options"]),
            row["options"].index(row["gt"]),
            fields={"expert speaks first": str(row["character1"] == "Expert")},
            label=row["gt"],
        )
        for row in lines("personaeval/expertise_rows.jsonl")
    ]
    assert sum(item.label == "Expert" for item in items) == 7
    assert {"label.field", "label.prior"} & names(items)


def test_a_probability_is_missing() -> None:
    """Five options with four stored probabilities are seen."""
    five = tuple("abcde")
    assert "probabilities.missing" in names([Item("q", five, 0, stored=4), Item("r", five, 1, stored=5)])


def test_gold_outside_and_options_unread() -> None:
    """A gold that is none of the options, and items without options, are flaws and not crashes."""
    assert {"gold.outside", "options.unreadable"} <= names([Item("q", ("a", "b"), -1), Item("r", (), 0)])


def test_a_total_that_is_not_the_mean() -> None:
    """One of six published totals is off by 0.2."""
    found = totals(whole("personagym/published_scores_6_models.json"), "PersonaScore")
    assert len(found) == 1
    assert "claude_3_haiku" in found[0].reason
    assert "3.84" in found[0].reason


def test_labels_rubrics_and_golds() -> None:
    """A label one letter off, examples cut to a letter, and numbers compared as words are seen."""
    found = labels(["contradict", "neutral"], ["contradicted", "neutral", "entailed"])
    assert "'contradicted'" in found[0].reason
    assert anchors({"consistency": ["E", "x"]})
    assert not anchors({"consistency": ["An answer that fits."]})
    assert gold_types(["a", 3])[0].items == (1,)


def test_labels_an_oracle_does_not_bear_out() -> None:
    """Groups of items with labels that do not follow from the events are named, and only those."""
    rows = [("second_order", "box", "bag")] * 4 + [("first_order", "box", "box")] * 4
    assert [flaw.reason.split(":")[0] for flaw in disagreements(rows)] == ["second_order"]


def test_a_memory_made_of_answers_is_refused() -> None:
    """Rows that hold the gold cannot become a memory."""
    refuse_gold([{"text": "hello"}])
    with pytest.raises(UsageError, match="correct_answer"):
        refuse_gold([{"question_id": 1, "correct_answer": "(a)"}])


def test_a_fair_suite_has_no_flaws() -> None:
    """Where nothing gives the answer away nothing is found."""
    colours = ("red", "tan", "jet", "sky")
    items = [
        Item(f"What about case {i}?", tuple(f"{word} {100 + i}" for word in colours), i % 4)
        for i in range(200)
    ]
    assert not names(items)
    assert audit(items).best[1] <= 0.30
