"""Damaged cards: nothing but `CardError`, and nothing slow."""

import pytest

from benchmarks.cards_fuzz import damaged, fuzz


@pytest.mark.slow
def test_damage_is_met_with_card_errors_alone() -> None:
    """Of a thousand damaged files some can be read all the same, none raises anything else or takes two seconds."""
    result = fuzz(1_000, seed=3)
    assert 0.2 < result.read / result.files < 0.9
    assert result.slowest < 2


def test_damage_is_the_same_every_time() -> None:
    """A file is damaged by its number and the seed alone, so that what is found can be found again."""
    assert [damaged(n, 5) for n in range(20)] == [damaged(n, 5) for n in range(20)]
