"""Whether a model may judge, when it had better not, and how position sways it."""

import csv
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from judges.admission import LINES, Admission, Item, examine, items
from judges.certainty import Choice, abstention, both_orders
from judges.pairwise import PairwiseJudge
from judges.reading import read
from judges.scores import goodness, tally
from judges.statistics import mean
from tests.critics import Script, bench, own, run, seated, shown
from tests.house import begin, bundled, person, play
from worlds.files import world_names
from worlds.trajectory import Trajectory

DATA = Path(__file__).parents[2] / "shared" / "data" / "personalized_judge" / "predictions.csv"


def shown_in(world: str) -> tuple[Item, ...]:
    """The lines a model is shown before it may judge a run of a world."""
    return items(read(bundled(world)))


def knowing(log: Trajectory, wrong: int = 0, *, honest: bool = True) -> Script:
    """A model that knows whose the lines are, but for every so many; honest ones are less sure of those."""
    gold = {item.user: (number, "abcd"[item.gold]) for number, item in enumerate(items(read(log)))}

    def script(messages: Sequence[BaseMessage]) -> str:
        number, letter = gold[shown(messages)]
        missed = wrong and number % wrong == 0
        letter = "bcda"["abcd".index(letter)] if missed else letter
        return json.dumps({"why": "so", "who": f"({letter})", "sure": 40 if missed and honest else 90})

    return script


def admission(script: Script) -> Admission:
    """What a model shows."""
    return run(examine(bundled("tavern"), bench(script)))


# ── admission ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("world", world_names())
def test_lines_are_held_out_and_balanced(world: str) -> None:
    """No description quotes a line, no name stands in one, and each letter is right equally often."""
    found = shown_in(world)
    assert len(found) == LINES
    assert {sum(item.gold == place for item in found) for place in range(4)} == {LINES // 4}
    names = {one.name for one in bundled(world).state.cast.values()}
    for item in found:
        assert len(set(item.people)) == 4
        assert not any(name in item.line.split() for name in names)
        assert not any(item.line.lower() in text.lower() for text in item.people)


@pytest.mark.parametrize("world", world_names())
def test_shared_words_do_not_give_the_speaker_away(world: str) -> None:
    """What needs no model is not admitted, in any bundled world."""
    found = run(examine(bundled(world), bench(knowing(bundled(world)))))
    assert found.by_words <= 0.5
    assert found._replace(right=found.right._replace(low=found.by_words)).admitted is False


def test_a_cast_of_two_is_made_up_to_four() -> None:
    """People without cards of their own are described among bundled characters, who say the lines."""
    log = play(begin(person("ada"), person("ben"), turns=2))
    for item in items(read(log)):
        assert len(item.people) == 4
        assert item.speaker not in ("ada", "ben")


def test_who_knows_the_speakers_is_admitted() -> None:
    """All right, or nearly: admitted. No better than a coin among four: not, and the verdict says by how much."""
    log = bundled("tavern")
    assert admission(knowing(log)).admitted is True
    assert admission(knowing(log, wrong=6)).admitted is True
    found = admission(lambda _: json.dumps({"who": "a", "sure": 99}))
    assert (found.right.value, found.admitted) == (0.25, False)
    verdict = found.verdict("x")
    assert (verdict.value, verdict.subject, verdict.parsed) == (0.25, "", "clean")
    assert "not admitted" in verdict.reason


def test_no_answer_is_no_right_answer() -> None:
    """A mute model, and one that names nobody there is, are not admitted; they are not errors."""
    for script in (lambda _: "…", lambda _: json.dumps({"who": "Mira", "sure": 99})):
        found = admission(script)
        assert (found.answered, found.right.value, found.admitted, found.threshold) == (0, 0.0, False, None)
        assert found.calls == 3 * LINES


def test_a_model_that_cannot_be_reached_is_neither_admitted_nor_refused() -> None:
    """Nothing was found out about it, and the verdict has no value."""

    def gone(messages: Sequence[BaseMessage]) -> str:
        raise ConnectionError("gone")

    found = admission(gone)
    assert found.admitted is None
    assert found.verdict("x").value is None


def test_the_threshold_comes_from_what_the_model_showed() -> None:
    """One that is less sure where it is wrong abstains below that; of one that is sure of all, nothing follows."""
    log = bundled("tavern")
    assert admission(knowing(log, wrong=4)).threshold == pytest.approx(0.9)
    assert admission(knowing(log, wrong=4, honest=False)).threshold is None


# ── abstention on published answers ────────────────────────────────────────────────────────────────


def published() -> dict[str, list[Choice]]:
    """The answers of published judge runs, by run."""
    if not DATA.exists():
        pytest.skip(f"{DATA} is not there")
    runs: dict[str, list[Choice]] = {}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sure = float(row["certainty"]) if row["certainty"].replace(".", "", 1).isdigit() else None
            runs.setdefault(row["run"], []).append(Choice(row["answer"], row["ground_truth"], sure))
    return {name: rows for name, rows in runs.items() if "tie" not in name}


def test_a_threshold_chosen_on_one_half_holds_on_the_other() -> None:
    """Wherever one half of a published run gives a threshold, the other is righter above it; as in docs/judges.md."""
    found = {}
    for name, rows in published().items():
        threshold = abstention(rows[::2])
        if threshold is not None:
            valid = [row for row in rows[1::2] if row.answer in "AB"]
            above = [row.answer == row.gold for row in valid if (row.certainty or -1) >= threshold]
            every = mean([float(row.answer == row.gold) for row in valid])
            found[name] = (len(above), len(valid), round(mean([float(r) for r in above]), 3), round(every, 3))
    assert found == {
        "prism_all_features_command-r-plus": (112, 500, 0.857, 0.718),
        "prism_all_features_key_features_gpt-4o": (146, 493, 0.836, 0.726),
        "ec_all_features_gpt-4o": (1, 252, 1.0, 0.623),
    }


# ── both orders ────────────────────────────────────────────────────────────────────────────────────


def test_both_orders_on_a_hand_made_case() -> None:
    """Three pairs: one clear, one decided by position, one a tie; and one with no answer, which is left out."""
    forward = [Choice("A", "A"), Choice("A", "B"), Choice("C", "A"), Choice("", "A")]
    backward = [Choice("A", "A"), Choice("B", "B"), Choice("C", "A"), Choice("A", "A")]
    found = both_orders(forward, backward)
    assert (found.pairs, found.valid) == (4, 3)
    assert found.agreed == pytest.approx(2 / 3)
    assert found.ties == pytest.approx(2 / 3)
    assert found.first == pytest.approx(3 / 4)
    assert found.accuracy == pytest.approx((1 + 0.5 + 0.5) / 3)
    assert found.recall == {"A": pytest.approx(0.75), "B": 0.5}


def better(choice: str) -> Script:
    """A model that always chooses the same place, or the one with more story in it, wherever that stands."""

    def script(messages: Sequence[BaseMessage]) -> str:
        first, _, second = shown(messages).partition("════ THE SECOND")
        chosen = choice
        if choice == "longer":
            length = [len("".join(re.findall(r"(?m)^[ ►] \[.*$", part))) for part in (first, second)]
            chosen = "first" if length[0] > length[1] else "second"
        return json.dumps({
            "first_lines": own(first)[:1], "second_lines": own(second)[:1], "why": "so", "better": chosen, "sure": 90,
        })  # fmt: skip

    return script


def compared(choice: str) -> tuple[Trajectory, dict[str, float], set[float | None]]:
    """One run against another: the run's own figures, and the values of all pairs."""
    mine, theirs = bundled("tavern", 3, 24), bundled("tavern", 4, 24)
    found = seated(PairwiseJudge(theirs), mine, bench(better(choice)))
    own_ones = {verdict.dimension: verdict.value or 0.0 for verdict in found if not verdict.subject}
    for verdict in found:
        assert all(mine[seq].by == verdict.subject for seq in verdict.evidence)
    return mine, own_ones, {verdict.value for verdict in found if verdict.subject}


def test_a_model_swayed_by_position_decides_nothing() -> None:
    """Whoever always takes the first has every pair a tie, and the bias is in the verdicts."""
    _, bias, values = compared("first")
    assert values == {0.5}
    assert (bias["pairwise.agreed"], bias["pairwise.first"]) == (0.0, 1.0)
    assert compared("second")[1]["pairwise.first"] == 0.0


def test_a_model_that_reads_decides_in_both_orders() -> None:
    """Who goes by what stands there chooses the same in both orders, and position shows no bias."""
    _, bias, values = compared("longer")
    assert bias["pairwise.agreed"] == 1.0
    assert bias["pairwise.first"] == 0.5
    assert values <= {0.0, 1.0}
    assert compared("neither")[2] == {0.5}


def test_bias_has_its_best_in_the_middle() -> None:
    """In the score of the run, all choices on the first place are as bad as all on the second."""
    mine, theirs = bundled("tavern", 3, 24), bundled("tavern", 4, 24)
    for choice in ("first", "second"):
        found = seated(PairwiseJudge(theirs), mine, bench(better(choice)))
        bias = next(verdict for verdict in found if verdict.dimension == "pairwise.first")
        assert goodness(bias) == 0.0
        assert tally(mine, found)["pairwise.better"]["mira"].value == 0.5
