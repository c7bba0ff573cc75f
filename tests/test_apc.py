"""The constraint judge: the published formula, the rules on labelled data, planted contradictions."""

from collections.abc import Sequence
from typing import Any

import pytest

from judges.apc import Discriminator, Pair, Weights, apc, score
from judges.apc_rules import RuleDiscriminator
from judges.statistics import auroc, pearson, spearman
from judges.words import clauses, numbers, read_text, stem
from tests.sharing import lines, table, whole
from worlds.actions import Claim

_NAMES = ("Alice", "Carter")


def weigh(statement: str, reply: str, query: str = "", names: Sequence[str] = ()) -> Weights:
    """Weigh one reply by rule."""
    judge: Discriminator = RuleDiscriminator()
    return judge.weigh([Pair(statement, query, reply, names=tuple(names))])[0]


def test_the_formula() -> None:
    """A relevant statement counts by entailment, another by not being contradicted; delta is credit minus penalty."""
    said = Weights(0.9, 0.05, 0.05, 0.9)
    broken = Weights(0.2, 0.9, 0.1, 0.0)
    assert apc(said) == pytest.approx(0.1 * 0.95 + 0.9 * 0.9)
    found = score([said, broken])
    assert found.total == pytest.approx(apc(said) + apc(broken))
    neutral = (1 - 0.9) + (1 - 0.2)
    assert found.delta == pytest.approx((found.total - neutral) / 2)
    assert found.delta == pytest.approx(found.credit - found.penalty)


def test_both_facts_score_above_one_fact_above_a_wrong_one() -> None:
    """The order of the published worked example holds, within 0..n."""
    example = whole("apc/readme_example.json")
    totals = [
        score(
            RuleDiscriminator().weigh(
                [
                    Pair(statement, example["query"], reply, names=("Komeiji Koishi",))
                    for statement in example["statements"]
                ]
            )
        ).total
        for reply in example["responses"]
    ]
    assert 2 >= totals[0] > totals[1] > totals[2] >= 0


def _weighed(name: str) -> tuple[list[dict[str, Any]], Sequence[Weights]]:
    rows = lines(name)
    pairs = [Pair(r["statement"], r["query"], r.get("response", ""), names=_NAMES) for r in rows]
    return rows, RuleDiscriminator().weigh(pairs)


def test_relevance_on_labelled_pairs() -> None:
    """Relevance by rule tells called-for statements from others with AUROC of at least 0.82."""
    rows, found = _weighed("apc/alice_relevance.jsonl")
    called = [w.relevant for w, r in zip(found, rows, strict=True) if r["relevant"] == "yes"]
    other = [w.relevant for w, r in zip(found, rows, strict=True) if r["relevant"] == "no"]
    assert auroc(called, other) >= 0.82


def test_entailment_on_labelled_pairs() -> None:
    """Entailment by rule tells entailed replies from all others with AUROC of at least 0.82."""
    rows, found = _weighed("apc/alice_nli_v2.jsonl")
    entailed = [w.entailed for w, r in zip(found, rows, strict=True) if r["label"] == "entailed"]
    other = [w.entailed for w, r in zip(found, rows, strict=True) if r["label"] != "entailed"]
    assert auroc(entailed, other) >= 0.82


def test_entailed_above_contradicted() -> None:
    """Of two replies to one query, the one that entails scores above the one that contradicts in 95 % of pairs."""
    rows, found = _weighed("apc/alice_nli_v2.jsonl")
    labelled = list(zip(rows, found, strict=True))
    pairs = [
        (yes.entailed, no.entailed)
        for one, yes in labelled
        for other, no in labelled
        if (one["statement"], one["query"]) == (other["statement"], other["query"])
        and (one["label"], other["label"]) == ("entailed", "contradicted")
    ]
    assert len(pairs) >= 20
    assert sum(yes > no for yes, no in pairs) / len(pairs) >= 0.95


def test_a_wrong_value_is_named_and_nothing_else() -> None:
    """An entailed reply with one value replaced contradicts just the statement that has that value."""
    statements = (
        "Tilda is thirty-one years old.",
        "Tilda is a baker.",
        "Tilda lives in Harrow Street.",
        "Tilda plays the violin.",
    )
    truth = "I am thirty-one years old and a baker. I live in Harrow Street. I play the violin."
    plants = {
        0: ("thirty-one", "fifty"),
        1: ("a baker", "a farmer"),
        2: ("Harrow Street", "Castle Lane"),
        3: ("violin", "trumpet"),
    }
    for planted, (value, other) in plants.items():
        reply = truth.replace(value, other)
        broken = [
            i for i, s in enumerate(statements) if weigh(s, reply, names=("Tilda",)).contradicted >= 0.5
        ]
        assert broken == [planted]


@pytest.mark.parametrize(
    ("statement", "reply"),
    [
        ("Tilda is very proud.", "I have never been proud in my life."),
        ("Tilda is rather kind.", "I am cruel."),
        ("Tilda cares about bread.", "I do not care about bread at all."),
        ("Tilda is not very brave.", "I am brave."),
    ],
)
def test_denials_and_opposites_contradict(statement: str, reply: str) -> None:
    """A negation, an opposite, and the affirmation of what is denied are seen."""
    assert weigh(statement, reply, names=("Tilda",)).contradicted > 0.5
    assert weigh(statement, "Pass the butter.", names=("Tilda",)).contradicted < 0.2


def test_a_claim_about_the_slot_decides_alone() -> None:
    """Where a reply claims something about the very slot a statement renders, words do not matter."""
    pair = Pair("Tilda believes that Ada took the ring.", "", "Well.", slot="belief.ring.thief", value="ada")
    claims = (
        Claim("ring", "thief", "ada"),
        Claim("ring", "thief", "ben"),
        Claim("ring", "thief", "ada", holds=False),
    )
    same, other, no = RuleDiscriminator().weigh([pair._replace(claims=(claim,)) for claim in claims])
    assert same.entailed > 0.9
    assert other.contradicted > 0.9
    assert no.contradicted > 0.9


def test_words() -> None:
    """Forms of a word share a stem; negation reaches to the end of its clause; numbers are read in words."""
    assert len({stem(word) for word in ("sketch", "sketches", "sketching", "sketched")}) == 1
    found = read_text("I don't like cheese, but I like bread.")
    assert stem("cheese") in found.negated
    assert stem("bread") in found.affirmed
    assert len(list(clauses("One. Two; three!"))) >= 2
    assert list(numbers("twenty-six, 31, two hundred and sixty two")) == [26, 31, 2, 100, 62]


def test_the_published_table_correlates_with_people_as_published() -> None:
    """Delta against human scores is nearly one per character, and much less pooled: normalise before pooling."""
    rows = table("apc/published_table.csv")
    delta = [float(row["delta_apc_deberta"]) for row in rows]
    human = [float(row["human"]) for row in rows]
    wanted = {"Alice": (0.991, 0.886), "Bob": (0.975, 0.955), "Eve": (0.994, 0.991)}
    for who, (product, rank) in wanted.items():
        own = [(d, h) for d, h, row in zip(delta, human, rows, strict=True) if row["character"] == who]
        one, other = [d for d, _ in own], [h for _, h in own]
        assert pearson(one, other) == pytest.approx(product, abs=0.001)
        assert spearman(one, other) == pytest.approx(rank, abs=0.001)
    assert pearson(delta, human) == pytest.approx(0.706, abs=0.001)
    assert spearman(delta, human) == pytest.approx(0.497, abs=0.001)
