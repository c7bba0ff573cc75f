"""The words the world itself is told in."""

import pytest

from worlds.prose import is_plural, said_to_be, there_is


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("the house keys", True), ("the keys to the mill", True), ("Bastien's tools", True), ("the takings", True),
        ("the reading lens", False), ("Idris", False), ("a pot of herbs", False), ("the Last Lamp", False),
        ("the wheel of cheeses", False),
    ],
)  # fmt: skip
def test_names_of_several_things_take_a_plural_verb(name: str, many: bool) -> None:
    """The keys are, and the lens is."""
    verb = "are" if many else "is"

    assert is_plural(name) is many
    assert said_to_be(name, "not within reach").split(" not ")[0].endswith(f" {verb}")
    assert there_is(name) == f"There {verb} {name}"
