"""Statistics: each figure against one worked out by hand, and the published figures of eight judge runs."""

import math
from collections import defaultdict

import pytest

from judges.certainty import Choice, Measured, measure
from judges.statistics import (
    accuracy,
    aurc,
    auroc,
    balanced_accuracy,
    brier_per_item,
    brier_per_option,
    ece,
    f1,
    kappa,
    kendall,
    macro_f1,
    pearson,
    risk_coverage,
    slope,
    spearman,
    threshold_for,
    variance,
)
from judges.statistics_spread import auroc_interval, bootstrap, mcnemar, wilson
from tests.sharing import table


def near(value: float) -> object:
    """Compare to three decimals."""
    return pytest.approx(value, abs=0.0005)


def test_agreement() -> None:
    """Accuracy, balanced accuracy, macro F1 and kappa of ten answers are as by hand."""
    gold, found = list("AAAAAABBBB"), list("AAAAABBBBA")
    assert accuracy(found, gold) == near(0.8)
    assert balanced_accuracy(found, gold) == near((5 / 6 + 3 / 4) / 2)
    assert macro_f1(found, gold) == near((10 / 12 + 6 / 8) / 2)
    assert kappa(found, gold) == near((0.8 - 0.52) / 0.48)


def test_sets() -> None:
    """Precision, recall and F1 of a set; two empty sets agree, and nothing found has no precision."""
    assert f1(frozenset("abc"), frozenset("bcd")) == (near(2 / 3), near(2 / 3), near(2 / 3))
    assert f1(frozenset(), frozenset()) == (1.0, 1.0, 1.0)
    assert math.isnan(f1(frozenset(), frozenset("a"))[0])


def test_correlations() -> None:
    """Pearson, Spearman and tau-b, with ties, are as by hand; a constant correlates with nothing."""
    assert pearson([1, 2, 3], [2, 4, 6]) == near(1.0)
    assert spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]) == near(0.8)
    assert kendall([1, 2, 3, 4], [1, 2, 4, 3]) == near(4 / 6)
    assert kendall([1, 1, 2, 3], [1, 2, 2, 3]) == near(4 / 5)
    assert math.isnan(pearson([1, 1], [1, 2]))


def test_spread() -> None:
    """The variance is over n − 1, and the slope is per step."""
    assert variance([1, 2, 3, 4]) == near(5 / 3)
    assert slope([0.9, 0.6, 0.3]) == near(-0.3)


def test_brier_both_ways() -> None:
    """The score per item sums over the options; the one per option divides by them."""
    items = [({"a": 0.7, "b": 0.2, "c": 0.1}, "a"), ({"a": 0.5, "b": 0.5}, "b")]
    one, two = 0.09 + 0.04 + 0.01, 0.5
    assert brier_per_item(items) == near((one + two) / 2)
    assert brier_per_option(items) == near((one + two) / 5)


def test_calibration_error() -> None:
    """Two bins, one right in half at 0.95 and one right always at 0.55, are off by 0.45 each."""
    assert ece([0.95, 0.95, 0.55, 0.55], [True, False, True, True], bins=10) == near(0.45)


def test_risk_and_coverage() -> None:
    """Equal certainties are answered together, and the area is that of the steps."""
    sure, right = [0.9, 0.9, 0.5, 0.1], [True, True, False, False]
    assert [(p.coverage, p.risk) for p in risk_coverage(sure, right)] == [
        (0.5, 0.0),
        (0.75, near(1 / 3)),
        (1.0, 0.5),
    ]
    assert aurc(sure, right) == near(0.25 / 3 + 0.125)
    point = threshold_for(sure, right, 0.65)
    assert point is not None
    assert point.threshold == 0.5
    assert threshold_for(sure, [False] * 4, 0.9) is None


def test_areas() -> None:
    """AUROC counts pairs, ties by half; its interval holds it, and is not a point even at 1."""
    assert auroc([3, 2], [1, 2]) == near(3.5 / 4)
    found = auroc_interval([1.0] * 16, [0.0] * 16)
    assert found.value == 1.0
    assert 0.8 < found.low < 1.0
    assert auroc_interval([1.0] * 100, [0.0] * 100).low > found.low


def test_wilson() -> None:
    """17 of 20 is 0.64 to 0.95, as published; none of ten is not certainly none."""
    assert wilson(17, 20) == (near(0.85), near(0.640), near(0.948))
    assert wilson(0, 10) == (0.0, 0.0, near(0.278))


def test_mcnemar() -> None:
    """Few differences are counted exactly, many by chi-square with continuity correction."""
    assert mcnemar(8, 2) == near(0.1094)
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(60, 40) == near(math.erfc(math.sqrt(19**2 / 100 / 2)))


def test_bootstrap_draws_whole_characters() -> None:
    """Items of one character are alike: drawn with it, they widen the interval; and it is the same each time."""
    groups = {who: [float(i % 2)] * 50 for i, who in enumerate("abcdefgh")}
    found = bootstrap(groups, lambda rows: sum(rows) / len(rows), address="x")
    singly = {f"{who}{i}": [row] for who, rows in groups.items() for i, row in enumerate(rows)}
    narrow = bootstrap(singly, lambda rows: sum(rows) / len(rows), address="x")
    assert found == bootstrap(groups, lambda rows: sum(rows) / len(rows), address="x")
    assert found.high - found.low > 3 * (narrow.high - narrow.low)


def _runs() -> dict[str, Measured]:
    rows: dict[str, list[Choice]] = defaultdict(list)
    for row in table("personalized_judge/predictions.csv"):
        sure = row["certainty"]
        certainty = float(sure) if sure.replace(".", "", 1).isdigit() else None
        rows[row["run"]].append(Choice(row["answer"], row["ground_truth"], certainty))
    return {
        name: measure(run, ("A", "B", "C") if "tie" in name else ("A", "B")) for name, run in rows.items()
    }


def test_the_published_figures_of_eight_judges_come_out() -> None:
    """Accuracy, the sure part, recalls and AURC of the published runs reproduce to three decimals."""
    runs = _runs()
    assert len(runs) == 8
    command_r = runs["prism_all_features_command-r-plus"]
    assert (command_r.items, command_r.accuracy.value) == (1001, near(0.720))
    assert (command_r.high.items, command_r.high.accuracy.value) == (149, near(0.893))
    assert (command_r.aurc, command_r.error) == (near(0.215), near(0.280))
    assert runs["prism_all_features_key_features_gpt-4o"].accuracy.value == near(0.707)
    accuracies = {
        "ec_all_features_gpt-4o": 0.591,
        "ec_all_features_command-r-plus": 0.541,
        "ec_all_features_gpt-3.5-turbo": 0.529,
        "ec_all_features_all_features_meta-llama_Meta-Llama-3-70B-Instruct": 0.507,
        "ap_all_features_all_features_gpt-4o_jun5": 0.946,
    }
    for name, wanted in accuracies.items():
        assert runs[name].accuracy.value == near(wanted)
    llama = runs["ec_all_features_all_features_meta-llama_Meta-Llama-3-70B-Instruct"]
    assert (llama.high.items, llama.high.accuracy.value) == (478, near(0.504))


def test_invalid_answers_are_counted_and_position_shows() -> None:
    """Nine of 510 answers of one judge are none of the options; of the rest it gives the second in 86 %."""
    gpt = _runs()["ec_all_features_gpt-3.5-turbo"]
    assert (gpt.items, gpt.items - gpt.valid) == (510, 9)
    assert (gpt.recall["A"], gpt.recall["B"]) == (near(0.148), near(0.868))
    assert 1 - gpt.first == near(0.860)


def test_certainty_is_used_only_where_it_says_something() -> None:
    """One judge's certainty lowers its risk beyond doubt; another's, sure of nearly all, does not."""
    runs = _runs()
    assert runs["prism_all_features_command-r-plus"].trusted
    gpt = runs["ec_all_features_gpt-3.5-turbo"]
    assert (gpt.aurc, gpt.error) == (near(0.498), near(0.471))
    assert not gpt.trusted
