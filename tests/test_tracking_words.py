import pytest

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
