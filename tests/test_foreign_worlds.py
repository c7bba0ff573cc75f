"""Worlds of LIGHT and TextWorld, read and played: small ones in their shapes, written for this."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.check import check_file
from sandbox import playing
from sandbox.foreign.worlds import import_world, keep_world
from tests.conftest import Sandbox
from tests.elsewhere import ENVIRONMENT, GAME, LIGHT
from worlds.errors import InputError
from worlds.spec import Settings
from worlds.trajectory import Trajectory


def kept(data: dict[str, Any], folder: Path) -> Path:
    """Import a world and write it."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.json"
    source.write_text(json.dumps(data), encoding="utf-8")
    out = folder / "out" / "world.yaml"
    keep_world(import_world(source), out)
    return out


def played(path: Path, turns: int) -> Trajectory:
    """Play a world by improv."""
    return playing.played(playing.opened(str(path), Settings(seed=2, turns=turns)))


@pytest.mark.parametrize("data", [LIGHT, ENVIRONMENT, GAME], ids=["graph", "environment", "game"])
def test_what_is_imported_checks_and_plays(data: dict[str, Any], tmp_path: Path) -> None:
    """A world of theirs passes `sandbox check` without an error, characters included, and is played to its end."""
    path = kept(data, tmp_path)
    cards = sorted((path.parent / "characters").iterdir())
    errors = [mark for file in (path, *cards) for mark in check_file(file) if mark.severity == "error"]
    assert errors == []
    assert played(path, 20).state.phase == "over"


def test_light_is_read_as_it_is_meant(tmp_path: Path) -> None:
    """Rooms, ways, locks, things in things and in hands, twins and uses of a LIGHT graph are kept; the rest is said."""
    source = tmp_path / "source.json"
    source.write_text(json.dumps(LIGHT), encoding="utf-8")
    world, cards, notes = import_world(source)
    assert list(world.places) == ["pan_house", "drying_loft", "strong_room"]
    exits = {way.to: way for way in world.places["pan_house"].exits}
    assert exits["drying_loft"].name == "a ladder up"
    door = world.things[exits["strong_room"].door]
    assert (door.door, door.facts, door.key) == (True, {"open": False, "locked": True}, "iron_key")
    assert world.places["strong_room"].exits[0].door == exits["strong_room"].door
    assert (world.things["iron_key"].at, world.things["chest"].capacity, world.things["chest"].portable) == (
        "chest",
        8,
        False,
    )
    assert world.cast["boiler"].holds == ("rake",)
    assert [card.name for card in cards] == ["Boiler", "Boiler 2"]
    assert cards[1].core.taboo_verbs == ("attack",)
    assert world.things["loaf"].uses[0].effects[0].effect == "destroyed"
    use = world.things["sieve"].uses[0]
    assert (use.on, use.text, use.effects[0].effect) == (
        "brine",
        "{who} sieves the brine (slowly).",
        "created",
    )
    assert any("lost sock" in note for note in notes)
    assert any("nowhere_9" in note for note in notes)


def test_a_game_is_read_as_it_is_meant(tmp_path: Path) -> None:
    """Doors, keys, containers, hands and the last quest of a TextWorld game are kept."""
    source = tmp_path / "pear.json"
    source.write_text(json.dumps(GAME), encoding="utf-8")
    world, cards, _ = import_world(source)
    assert (world.id, world.title) == ("pear", "The Pear")
    assert world.places["pantry"].text == "A narrow pantry. It smells of cheese."
    (way,) = world.places["pantry"].exits
    assert (way.to, way.name, way.door) == ("scullery", "the way east", "low_door")
    assert (world.things["low_door"].key, world.things["low_door"].facts) == (
        "bent_key",
        {"open": False, "locked": True},
    )
    assert (world.things["bent_key"].at, world.things["pear"].at) == ("bin", "shelf")
    assert world.cast["adventurer"].holds == ("spoon",)
    assert {ending.id: ending.when for ending in world.endings}["won"] == ("pear.holder is adventurer",)
    assert world.endings[1].when == ('pear.holder is ""',)
    assert [goal.want for goal in cards[0].core.goals] == ["make bin.open true", "have bent_key", "have pear"]


def _damaged(data: Any, path: list[int], what: Any) -> Any:
    """A copy of a tree with another value somewhere in it."""
    tree = copy.deepcopy(data)
    spot = tree
    for step in path:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        if not keys:
            break
        key = keys[step % len(keys)]
        if not isinstance(spot[key], dict | list) or step % 7 == 0:
            spot[key] = what
            break
        spot = spot[key]
    return tree


@given(
    data=st.sampled_from([LIGHT, ENVIRONMENT, GAME]),
    path=st.lists(st.integers(0, 40), min_size=1, max_size=8),
    what=st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.just([])
    | st.just({})
    | st.just([[{}]]),
)
def test_damage_is_said(
    data: Any, path: list[int], what: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A damaged file is read as far as it goes, or refused with an `InputError` that names the file; nothing else."""
    source = tmp_path_factory.mktemp("damaged") / "source.json"
    source.write_text(json.dumps(_damaged(data, path, what)), encoding="utf-8")
    told = ""
    try:
        import_world(source)
    except InputError as error:
        told = str(error)
    assert not told or str(source) in told


def test_the_verb(tmp_path: Path, sandbox: Sandbox) -> None:
    """`worlds import` writes a world; `worlds` alone still lists; nothing is written over."""
    (tmp_path / "game.json").write_text(json.dumps(GAME), encoding="utf-8")
    assert "2 places" in sandbox("worlds", "import", "game.json", "--out", "pear/world.yaml").stdout
    assert (
        "exists already"
        in sandbox("worlds", "import", "game.json", "--out", "pear/world.yaml", code=2).stderr
    )
    assert "tavern" in sandbox("worlds").stdout
