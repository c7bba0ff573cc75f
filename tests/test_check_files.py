"""What `sandbox check` says of files: characters, worlds with their cast, and all that is bundled."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from characters.check import check_card, check_file
from characters.files import character_names
from characters.profile import GOALS, Card
from tests.groundwork import CARD, GONE, WORLD, broken, character, world
from tests.stagecraft import CAST, begin, play
from tests.stagecraft import WORLD as YARD
from worlds.check import check_world
from worlds.checks.domains import Domains
from worlds.checks.ground import Ground
from worlds.checks.slots import WANTS
from worlds.conditions import Condition, parse
from worlds.errors import UsageError
from worlds.files import world_names
from worlds.source import Key
from worlds.spec import World

HOLD = (
    "snow.depth is 2",
    "snow.depth >= 100",
    "ring.at is hall",
    "ashes.holder is ivo",
    "hatch.open is true",
    "mira.alive is false",
    "mira.hurt >= 2",
    "mira:anything is so",
    "beat.thaw is true",
    "hour >= 23",
    "owning.known.ivo is true",
    "mira.at is nook",
    "key.holder is box",
)
"""Conditions that some course of events can make hold."""


def written(folder: Path, data: dict[str, Any], name: str) -> Path:
    """Write a file as an author would."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("where", "value", "what"),
    [
        (("id",), "Mira", "`Mira` is no id"),
        (("core", "traits", "proud"), 8, "8 is no strength"),
        (("core", "voice", "warmth"), -1, "a level is between 0 and 1"),
        (("core", "voice", "samples"), [], "nothing tells how they sound"),
        (("core", "voice", "lines", "ask"), ["{who}?"], "nothing fills `{who}`"),
        (("core", "taboo_verbs"), ["ly"], "`ly` is no verb here"),
        (("core", "goals", 0, "want"), "hve ring", "`hve ring` is no want"),
        (("core", "goals"), CARD["core"]["goals"] * 2, "two goals have the id `ring`"),
        (("slots", "goal.old"), "forgotten", "`forgotten` is no want"),
        (("slots", "trust.ivo"), "much", "no measure of trust"),
    ],
)
def test_what_is_wrong_with_a_character_is_found(where: tuple[Key, ...], value: object, what: str) -> None:
    """A sound character has no findings, a broken one the one of its kind."""
    assert check_card(Card.model_validate(CARD)) == ()
    found = check_card(Card.model_validate(broken(CARD, where, value)))
    assert [finding for finding in found if what in finding.what], found


def test_a_check_names_file_line_and_mend(tmp_path: Path) -> None:
    """A finding is told as `file:line: severity: path: what; mend`, for the world and for its characters."""
    written(tmp_path / "characters", broken(CARD, ("core", "goals", 0, "want"), "have rong"), "mira.yaml")
    path = written(tmp_path, broken(WORLD, ("places", "yard", "exits", 0, "to"), "hal"), "inn.yaml")
    said = "\n".join(str(mark) for mark in check_file(path))
    line = path.read_text().splitlines().index("    - to: hal") + 1
    what = "there is no place `hal`; did you mean `hall`?"
    assert f"{path}:{line}: error: places.yard.exits[0].to: {what}" in said
    assert "mira.yaml:" in said
    assert "core.goals[0].want: there is no thing `rong`" in said
    assert "cast.ivo: there is no character called 'ivo'" in said


def test_a_broken_character_does_not_hide_the_world(tmp_path: Path) -> None:
    """A character file that does not read is told along with what is wrong in the world."""
    written(tmp_path / "cast", broken(CARD, ("core", "talkativeness"), 7), "mira.yaml")
    path = written(tmp_path, broken(WORLD, ("beats", 1, "chance"), 0), "inn.yaml")
    said = [str(mark) for mark in check_file(path)]
    assert any("mira.yaml" in text and "talkativeness" in text for text in said)
    assert any("its chance is 0" in text for text in said)


def test_a_file_that_does_not_read_is_one_kind_of_finding(tmp_path: Path) -> None:
    """Syntax errors and unknown fields come back as findings too; only an unknown name is raised."""
    (tmp_path / "a.yaml").write_text("places: [", encoding="utf-8")
    assert [mark.severity for mark in check_file(tmp_path / "a.yaml")] == ["error"]
    unknown = written(tmp_path, {**CARD, "nam": "x"}, "b.yaml")
    assert ["did you mean" in mark.mend for mark in check_file(unknown)] == [True]
    with pytest.raises(UsageError, match="there is no character called 'nobody'"):
        check_file("nobody")


@pytest.mark.parametrize("name", [*world_names(), *character_names()])
def test_what_is_bundled_makes_sense(name: str) -> None:
    """No bundled world or character has an error."""
    assert [str(mark) for mark in check_file(name) if mark.severity == "error"] == []


def test_wants_are_those_of_the_profile() -> None:
    """The wants a check knows are those a profile documents, with as many words."""
    assert {verb: len(words) for verb, words in WANTS.items()} == {
        verb: form.count("<") - form.count(">.<") for verb, form in GOALS.items()
    }


def test_a_domain_is_never_too_narrow() -> None:
    """Whatever is so at the start, and whatever a beat can make so, is in the domain of its condition."""
    domains = Domains(Ground(world(), ()))
    domains.settle()
    for text in HOLD:
        assert domains.of(parse(text).left).holds([parse(text)]), text


@pytest.mark.parametrize("seed", range(6))
def test_what_happens_was_in_its_domain(seed: int) -> None:
    """In runs in which people try anything, every fact, holder, place and fired beat is one the domains allow."""
    log = play(begin(seed=seed, turns=40))
    domains = Domains(Ground(YARD, CAST))
    fired = domains.settle()
    for length in range(1, len(log) + 1, 5):
        state = log.upto(length).state
        so = {
            f"{subject}.{name}": value
            for subject, facts in state.facts.items()
            for name, value in facts.items()
        }
        so |= {f"{thing}.holder": holder for thing, holder in state.held.items()}
        so |= {f"{id_}.at": state.place_of(id_) for id_ in (*state.held, *state.where)}
        so |= {f"{secret}.knowers": len(knowers) for secret, knowers in state.knows.items()}
        for left, value in so.items():
            assert domains.of(left).holds([Condition(left, "is", value)]), f"{left} is {value!r}"
        assert {beat for beat in state.fired if not beat.startswith("mood.")} <= fired


def leaves(data: Any, where: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """Give the path of every single value, list and mapping."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*where, key)
        yield from leaves(value, (*where, key))


def test_no_world_is_too_broken_to_check() -> None:
    """Whatever one value of a world is replaced by, as long as it reads, the check comes to an end."""
    checked = 0
    for where in leaves(WORLD):
        for value in (
            "",
            "hall",
            "no such",
            "ring.holder is mira",
            "a.b",
            -3,
            0,
            True,
            [],
            ["hall"],
            {},
            GONE,
        ):
            with contextlib.suppress(ValidationError):
                broken_world = World.model_validate(broken(WORLD, where, value))
                checked += all(finding.mend for finding in check_world(broken_world, (character(),)))
    assert checked > 500
