"""World and character files: what is wrong with one, where they are found, and what bundled ones are."""

import json
import re
from pathlib import Path

import pytest

from characters.check import check_file
from characters.files import card_schema, character_names, find_card, load_card, load_cast
from characters.profile import Card
from tests.groundwork import CARD, world
from worlds.errors import InputError, UsageError
from worlds.files import find_world, load_world, world_names, world_schema
from worlds.spec import World


def told(tmp_path: Path, text: str) -> list[str]:
    """Give the lines of the error a world file gets."""
    path = tmp_path / "w.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_world(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Each field that is wrong is told with line, path and mend, in the order of the file."""
    assert told(tmp_path, BROKEN) == [
        "1: genre: is missing; add it",
        "2: titel: unknown field; did you mean `title`?",
        "3: allows[0]: 'attak' is none of attack, restrain; did you mean `attack`?",
        "5: facts.hall.warm: should be text, a number, true or false, not a list",
        "7: secrets[0].claim.attrib: unknown field; did you mean `attribute`?",
        "8: beats[0].text: should be text, not 12; put it in quotes",
        "9: beats[0].effects[0]: `effect: becam` is unknown; did you mean `became`?",
        "10: beats[0].effects[1].subjct: unknown field; did you mean `subject`?",
        "12: scenes: needs at least 1 of its entries, has 0",
        "13: places: should be a mapping, not a list",
        "14: cast.mira: should be a mapping of fields, not 'hall'",
    ]


BROKEN = """id: x
titel: X
allows: [attak]
premise: p
facts: {hall.warm: [1]}
secrets:
  - {id: s, text: t, claim: {subject: a, attrib: b, value: c}, known_by: []}
beats: [{id: b, text: 12, effects: [
    {effect: becam},
    {effect: became, subjct: a, attribute: b, value: 1},
    ]}]
scenes: []
places: [hall]
cast: {mira: hall}
"""


def test_at_most_twenty_errors_are_listed(tmp_path: Path) -> None:
    """A file in which everything is wrong does not fill the screen."""
    lines = told(tmp_path, "".join(f"field_{i}: {i}\n" for i in range(40)))
    assert len(lines) == 21
    assert lines[-1].endswith("and 27 more")


def test_a_comma_that_ends_a_text_is_explained(tmp_path: Path) -> None:
    """Text with a comma inside braces leaves a field nobody wrote; the message says to quote the text."""
    assert (
        "18: places.hall.and cold: unknown field; quote the text before it if its comma belongs to it"
        in told(tmp_path, "\n" * 17 + "places: {hall: {name: the hall, text: dark, and cold}}")
    )


def test_a_file_of_another_kind_is_told_in_a_line(tmp_path: Path) -> None:
    """A list or a single value where a world should be is one error."""
    assert told(tmp_path, "- a\n") == ["1: a world is a mapping of fields, not a list"]


def test_names_are_found_and_paths_taken_as_they_are() -> None:
    """A bundled name leads to its file, a path to itself; an unknown name is told with the nearest."""
    assert load_world("tavern").id == "tavern"
    assert find_world("./tavern.yaml") == Path("tavern.yaml")
    assert find_world("mine.json") == Path("mine.json")
    with pytest.raises(UsageError, match=r"did you mean `tavern`\? \(choose from .*village.*\./taven\.yaml"):
        find_world("taven")
    with pytest.raises(UsageError, match="there is no character called 'mirra'; did you mean `mira`"):
        load_card("mirra")


@pytest.mark.parametrize("name", world_names())
def test_bundled_worlds_are_called_by_their_files(name: str) -> None:
    """Each bundled world reads, and its id is its name."""
    assert load_world(name).id == name


@pytest.mark.parametrize("name", character_names())
def test_bundled_characters_are_called_by_their_files(name: str) -> None:
    """Each bundled character reads, and its id is its name."""
    assert load_card(name).id == name


def test_a_world_brings_its_own_characters(tmp_path: Path) -> None:
    """Characters beside a world file are taken before bundled ones of the same name; `Path` and folder both do."""
    (tmp_path / "cast").mkdir()
    own = tmp_path / "cast" / "mira.json"
    own.write_text(json.dumps(CARD), encoding="utf-8")
    assert find_card("mira", tmp_path / "inn.yaml") == find_card("mira", tmp_path) == own
    (mira,) = load_cast(world(), ["mira"], tmp_path / "inn.yaml")
    assert mira.slots["goal.ring"] == "have ring"
    assert load_card("mira") != load_card("mira", tmp_path)
    with pytest.raises(UsageError, match="'mira' is in the cast twice"):
        load_cast(world(), ["mira", str(own)], tmp_path)
    own.write_text(json.dumps({**CARD, "id": "mora"}), encoding="utf-8")
    with pytest.raises(InputError, match="a character is called by its file"):
        load_card("mira", tmp_path)


def test_the_schemas_know_every_field() -> None:
    """The published schemas list all fields, and take a claim as a list or as a mapping."""
    schema = json.dumps(world_schema())
    assert set(World.model_fields) == set(world_schema()["properties"])  # type: ignore[arg-type]
    assert set(Card.model_fields) == set(card_schema()["properties"])  # type: ignore[arg-type]
    assert '"prefixItems"' in schema
    assert '"required": ["subject", "attribute", "value"]' in schema


def test_the_example_in_the_documentation_is_sound(root: Path, tmp_path: Path) -> None:
    """The world and the two characters of docs/worlds.md pass the check without a remark."""
    page = (root / "docs" / "worlds.md").read_text(encoding="utf-8")
    (tmp_path / "characters").mkdir()
    for name, text in zip(
        ("mill.yaml", "characters/tam.yaml", "characters/ada.yaml"),
        re.findall(r"```yaml\n(.*?)```", page, re.DOTALL),
        strict=True,
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [str(mark) for mark in check_file(tmp_path / "mill.yaml")] == []
