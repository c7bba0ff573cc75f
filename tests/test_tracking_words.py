from random import Random

import pytest

from judges.interviews_words import balanced, plain, shortened
from judges.tracking_words import attitude, shown_by


@pytest.mark.parametrize(
    ("slot", "values", "text", "shown"),
    [
        ("taste.brandy", ("loves it", "cannot bear it"), "I cannot stand brandy.", "cannot bear it"),
        ("taste.brandy", ("loves it", "cannot bear it"), "Brandy! I love brandy.", "loves it"),
        ("taste.brandy", ("loves it", "cannot bear it"), "I no longer like brandy.", "cannot bear it"),
        ("taste.brandy", ("loves it", "cannot bear it"), "Have some brandy.", None),
        ("taste.brandy", ("loves it", "cannot bear it"), "I love cheese.", None),
        ("injury.hand", ("", "burnt, in linen"), "There is nothing wrong with my hand.", None),
        ("injury.hand", ("", "burnt, in linen"), "My hand is fine. Never better.", ""),
        ("injury.hand", ("", "burnt, in linen"), "My hand still hurts.", "burnt, in linen"),
        ("injury.hand", ("burnt, in linen", ""), "The hand has healed.", ""),
        ("fear.dogs", ("", "dreads them"), "Dogs? I am not afraid of dogs.", ""),
        ("fear.dogs", ("", "dreads them"), "I am afraid of dogs.", "dreads them"),
    ],
)
def test_words_show_a_value(slot: str, values: tuple[str, ...], text: str, shown: str | None) -> None:
    """A line goes by the value its words belong to, or lean towards; most lines go by none."""
    assert shown_by(slot, values, text) == shown


def test_a_denial_turns_a_leaning_round() -> None:
    """`Not` before a word turns it, and `cannot bear` is loathing."""
    assert attitude("taste", "I do not like it") == -1
    assert attitude("taste", "I can't bear it") == -1
    assert attitude("taste", "I bear it") == 0
    assert attitude("fear", "never afraid") == 1


def test_filling_up_makes_lengths_alike() -> None:
    """Short and long options come within a tenth of each other; what is too unequal is refused."""
    even = balanced(("whole", "burnt, and wrapped in linen", "gone", "healed again"), Random("x"))
    assert even is not None
    assert max(map(len, even)) <= 1.1 * min(map(len, even))
    assert [plain(text) for text in even] == ["whole", "burnt, and wrapped in linen", "gone", "healed again"]
    assert balanced(("a" * 300, "b", "c", "d"), Random("x")) is None


def test_reasons_are_cut_to_one_length() -> None:
    """Long texts are cut at a word to about the length of the shortest."""
    cut = shortened(("word " * 30, "other " * 22, "some words " * 10))
    assert max(map(len, cut)) <= 1.15 * min(map(len, cut))
