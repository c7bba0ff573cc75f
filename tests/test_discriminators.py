from collections.abc import Sequence
from pathlib import Path

import pytest

from judges.apc import Pair
from judges.apc_rules import RuleDiscriminator
from worlds.actions import Claim
from worlds.errors import UsageError


def tiny(folder: Path, labels: Sequence[str]) -> Path:
    """A cross-encoder with random weights, written on the spot."""
    transformers = pytest.importorskip("transformers", reason="an extra: pip install sentence-transformers")
    torch = pytest.importorskip("torch", reason="the same")
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] mira says she is brave old not a".split()
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=len(labels), id2label=dict(enumerate(labels)),
        label2id={name: number for number, name in enumerate(labels)},
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of libraries we do not choose
def test_a_cross_encoder_takes_the_rules_place(tmp_path: Path) -> None:
    """It weighs replies; relevance, claims and empty replies stay with the rules; labels go by their names."""
    pytest.importorskip("sentence_transformers", reason="an extra")
    from judges.discriminators import NliDiscriminator

    pairs = (
        Pair("Mira is brave.", "Are you brave?", "I am not brave.", names=("Mira",)),
        Pair("Mira is old.", "", "", names=("Mira",)),
        Pair("Mira is old.", "", "I am.", "belief.mira.old", value=True, claims=(Claim("mira", "old", value=True),)),
    )  # fmt: skip
    rules = RuleDiscriminator().weigh(pairs)
    one = NliDiscriminator(str(tiny(tmp_path / "one", ("CONTRADICTION", "NEUTRAL", "ENTAILMENT")))).weigh(
        pairs
    )
    other = NliDiscriminator(str(tiny(tmp_path / "other", ("entailment", "neutral", "contradiction")))).weigh(
        pairs
    )

    assert sum(one[0][1:4]) == pytest.approx(1.0)
    assert one[0].relevant == rules[0].relevant
    assert one[1:] == rules[1:]
    assert (one[0].contradicted, one[0].entailed) == pytest.approx((other[0].entailed, other[0].contradicted))
    with pytest.raises(UsageError, match="labels good, bad"):
        NliDiscriminator(str(tiny(tmp_path / "third", ("good", "bad"))))
    with pytest.raises(UsageError, match="cannot be loaded"):
        NliDiscriminator(str(tmp_path / "nowhere"))
