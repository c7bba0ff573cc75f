"""What `check_world` finds: one broken world for each kind of finding."""

from typing import Any

import pytest

from tests.groundwork import character, world
from worlds.check import Finding, check_world
from worlds.source import Key

BEAT = ("beats", 1, "when")
EFFECT = ("beats", 0, "effects", 0)
UNKNOWN = {"id": "gone", "text": "x", "claim": ["ring", "owner", "ivo"], "known_by": []}


def became(subject: str, attribute: str, value: object, **more: bool) -> dict[str, object]:
    """Write an effect on a fact."""
    return {"effect": "became", "subject": subject, "attribute": attribute, "value": value, **more}


def slot(name: str, value: object) -> dict[str, object]:
    """Write an effect on a slot of Mira's."""
    return {"effect": "profile", "who": "mira", "slot": name, "value": value}


CASES: list[tuple[tuple[Key, ...], Any, str, str]] = [
    # ids and references
    (("things", "hall"), {"name": "a hall", "at": "yard"}, "error", "id `hall` is taken"),
    (("places", "Cold Room"), {"name": "x", "text": "y"}, "error", "`Cold Room` is no id"),
    (("places", "actor"), {"name": "x", "text": "y"}, "error", "means something in conditions"),
    (("beats", 1, "id"), "snow", "error", "id `snow` is taken"),
    (("places", "yard", "exits", 0, "to"), "hal", "error", "there is no place `hal`"),
    (("places", "hall", "exits", 0, "door"), "hutch", "error", "there is no door `hutch`"),
    (("places", "hall", "exits", 0, "door"), "box", "error", "`box` is no door"),
    (("things", "hatch", "key"), "kee", "error", "there is no thing `kee`"),
    (("things", "ring", "at"), "attic", "error", "there is no place, thing or character `attic`"),
    (("things", "panel", "uses", 0, "on"), "lamp", "error", "there is no thing or character `lamp`"),
    (("cast", "ivo", "at"), "bog", "error", "there is no place `bog`"),
    (("cast", "ivo", "holds"), ["axe"], "error", "there is no thing `axe`"),
    (("cast",), {}, "error", "nobody enters"),
    (("places",), {}, "error", "there is no place to be"),
    (("scenes", 1, "cast", 0), "mora", "error", "there is no character `mora`"),
    (("secrets", 0, "known_by", 0), "miro", "error", "there is no character `miro`"),
    (("deeds", 0, "at"), "bog", "error", "there is no place `bog`"),
    (("beats", 2, "place"), "bog", "error", "there is no place `bog`"),
    (("beats", 2, "after"), "drif", "error", "there is no beat `drif`"),
    # facts, claims, wordings
    (("facts", "weather"), "cold", "error", "`weather` is no fact"),
    (("facts", "ring.holder"), "ivo", "error", "follows from where things are"),
    (("facts", "hatch.open"), True, "warning", "stated twice"),
    (("facts", "hach.oiled"), True, "warning", "nearly `hatch`"),
    (("things", "box", "facts"), {"hidden": True}, "error", "`hidden` is no fact to state"),
    (("things", "box", "facts"), {"open": "yes"}, "error", "`open` is true or false"),
    (("secrets", 0, "claim"), ["rink", "owner", "mira"], "warning", "the claim is about `rink`"),
    (("secrets", 0, "claim"), ["ring", "owner", "mi_ra"], "warning", "`mi_ra` looks like an id"),
    (("secrets", 0, "claim"), ["ring", "holder", "mirra"], "error", "character `mirra`"),
    (("phrases",), {}, "warning", "there is no wording for `owner`"),
    (("phrases", "owner", "asks"), "whose {thing} is", "error", "nothing fills `{thing}`"),
    (("deeds", 0, "ok"), "{who} trips {whom}.", "error", "nothing fills `{whom}`"),
    (("things", "panel", "uses", 0, "text"), "{to} is pressed.", "error", "nothing fills `{to}`"),
    (("things", "panel", "uses", 0, "text"), "{who presses it.", "warning", "a brace stands alone"),
    # places and doors
    (("places", "attic"), {"name": "x", "text": "y"}, "warning", "nobody can get to `attic`"),
    (("places", "yard", "exits"), [], "warning", "there is no way back from `yard`"),
    (("places", "yard", "exits", 0, "one_way"), True, "warning", "marked `one_way`"),
    (("places", "yard", "exits"), [{"to": "hall"}, {"to": "yard"}], "error", "leads back into it"),
    (("places", "yard", "exits"), [{"to": "hall"}, {"to": "hall"}], "warning", "two exits to `hall`"),
    (("places", "cellar", "exits", 0, "door"), "", "error", "does not go through `hatch`"),
    (("things", "hatch", "at"), "yard", "error", "which it does not lead to"),
    (("things", "box", "door"), True, "warning", "no exit goes through the door `box`"),
    (("things", "hatch", "facts"), {}, "warning", "can never be closed"),
    # things
    (("things", "ring", "at"), "key", "error", "`key` is no container"),
    (("things", "box", "at"), "box", "error", "`box` is in `box`"),
    (("things", "box", "capacity"), 0, "error", "`box` is no container"),
    (("things", "gold"), {"name": "gold"}, "warning", "`gold` never comes into being"),
    (("cast", "mira", "holds"), ["knife"], "error", "`knife` is with `mira` already"),
    (("carry",), 0, "error", "`ivo` holds 1 things"),
    (("things", "key", "at"), "cellar", "error", "nobody can get at `key`"),
    (("things", "key", "portable"), False, "error", "the key `key` cannot be picked up"),
    (("things", "hatch", "key"), "", "warning", "locked, and nothing unlocks it"),
    # conditions
    (BEAT, ["snow.depth above 6"], "error", "does not read"),
    (BEAT, ["snow is deep"], "error", "`snow` is nothing that has a value"),
    (BEAT, ["snow.dept >= 6"], "error", "there is no fact `snow.dept`"),
    (BEAT, ["snow.depth is deep"], "error", "`snow.depth` is a number"),
    (BEAT, ["panel.found >= 1"], "error", "is true or false, no number"),
    (BEAT, ["turn is late"], "error", "`turn` is a number"),
    (BEAT, ["beat.rain is true"], "error", "there is no beat `rain`"),
    (BEAT, ["ring.holder is nobody"], "error", "there is no place, thing or character `nobody`"),
    (BEAT, ["ring.at is box"], "error", "there is no place `box`"),
    (BEAT, ["ring.at >= 3"], "error", "`at` is no number"),
    (BEAT, ["gold.holder is mira"], "error", "there is no thing `gold`"),
    (BEAT, ["owning.known.bob is true"], "error", "there is no character `bob`"),
    (BEAT, ["owning.knows >= 2"], "error", "a secret has no `knows`"),
    (BEAT, ["bob:mood is calm"], "error", "there is no character `bob`"),
    (BEAT, ["mira:goal.rong is done"], "error", "mira never has a goal `rong`"),
    (BEAT, ["mira:trust.bob >= 1"], "error", "there is no character `bob`"),
    (BEAT, ["actor.at is hall"], "error", "there is no thing or character `actor`"),
    (
        ("places", "hall", "exits", 2, "hidden"),
        "panel.fond is true",
        "error",
        "there is no fact `panel.fond`",
    ),
    # effects
    (EFFECT, {"effect": "moved", "who": "bob", "to": "hall"}, "error", "there is no character `bob`"),
    (EFFECT, {"effect": "moved", "who": "ivo", "to": "bog"}, "error", "there is no place `bog`"),
    (EFFECT, {"effect": "moved", "who": "actor", "to": "hall"}, "error", "there is no character `actor`"),
    (EFFECT, {"effect": "passed", "thing": "ring", "to": "key"}, "error", "`key` is no container"),
    (EFFECT, {"effect": "passed", "thing": "panel", "to": "ivo"}, "error", "`panel` cannot be carried"),
    (EFFECT, {"effect": "created", "thing": "ring", "at": "hall"}, "warning", "there from the start"),
    (EFFECT, {"effect": "destroyed", "thing": "rong"}, "error", "there is no thing `rong`"),
    (EFFECT, became("sno", "depth", 1), "error", "`sno`"),
    (
        EFFECT,
        became("ring", "at", "hall"),
        "error",
        "is no fact",
    ),
    (
        EFFECT,
        became("snow", "depth", "deep"),
        "error",
        "cannot become",
    ),
    (
        EFFECT,
        became("box", "open", 1, add=True),
        "error",
        "`add` needs",
    ),
    (
        EFFECT,
        became("snow", "ice", 1, add=True),
        "error",
        "no number",
    ),
    (
        EFFECT,
        slot("trust.bob", 0.1),
        "error",
        "no character `bob`",
    ),
    (
        EFFECT,
        slot("trust.ivo", 7),
        "error",
        "no measure of trust",
    ),
    (
        EFFECT,
        slot("belief.ring", 1),
        "error",
        "is no belief",
    ),
    (
        EFFECT,
        slot("goal.x", "get ring"),
        "error",
        "is no want",
    ),
    (("deeds", 0, "to"), "", "error", "there is no character `target`"),
    # what never comes about
    (BEAT, ["panel.found is true", "panel.found is false"], "error", "never hold together"),
    (BEAT, ["snow.depth <= 1"], "error", "as `snow.depth` is only ever 2 to any number"),
    (BEAT, ["turn >= 61"], "error", "as `turn` is only ever 0 to 60"),
    (BEAT, ["ivo.alive is dead"], "error", "`ivo.alive` is true or false"),
    (BEAT, ["ivo.restrained is true"], "error", "as `ivo.restrained` is only ever false"),
    (BEAT, ["owning.knowers >= 3"], "error", "as `owning.knowers` is only ever 1 to 2"),
    (BEAT, ["panel.holder is ivo"], "error", "as `panel.holder` is only ever 'hall'"),
    (BEAT, ["beat.thaw is true"], "error", "the beat `drift` can never fire"),
    (("beats", 1, "after"), "thaw", "error", "it comes after `drift`, which never fires"),
    (("beats", 1, "chance"), 0, "error", "its chance is 0"),
    (("beats", 1, "chance"), 2, "error", "2 is no chance"),
    (("beats", 0, "every"), -1, "error", "-1 is too small"),
    (("beats", 2, "at"), "turn 60", "warning", "past the 60 turns"),
    (("beats", 2, "at"), "day 3 10:00", "warning", "later than the clock gets"),
    (("beats", 2, "at"), "noon", "error", "is no turn and no time"),
    (("clock", "start"), "day 1 25:00", "error", "is no time"),
    (("clock", "dawn"), "07:00", "warning", "only one is set"),
    (("endings", 0, "when"), ["panel.holder is mira"], "warning", "the ending `found` is never reached"),
    (("endings", 0, "when"), ["ring.at is cellar"], "error", "holds before anything has happened"),
    (("scenes", 0, "until"), ["hour >= 30"], "warning", "the scene `evening` never ends"),
    (("scenes", 0, "rounds"), 0, "warning", "so `night` never opens"),
    (("deeds", 0, "when"), ["beat.snow is 3"], "error", "`beat.snow` is true or false"),
    (("deeds", 0, "when"), ["day < 1"], "warning", "the deed `trip` is never offered"),
    (("things", "panel", "uses", 0, "when"), ["day < 1"], "warning", "this use of `panel` never fits"),
    (("things", "panel", "uses"), [], "warning", "the way from `hall` to `nook` is never known"),
    (("things", "ring", "clues", 0, "when"), ["day < 1"], "warning", "this clue of `ring` is never found"),
    (("secrets", 0), UNKNOWN, "warning", "nobody knows `gone`"),
]


def told(findings: tuple[Finding, ...]) -> str:
    """Put findings into lines for a message."""
    return "\n".join(f"{found.severity}: {found.path} {found.what}; {found.mend}" for found in findings)


def test_a_sound_world_is_not_faulted() -> None:
    """Nothing is found in a world in which nothing is wrong."""
    found = check_world(world(), (character(),))
    assert found == (), told(found)


@pytest.mark.parametrize(("where", "value", "severity", "what"), CASES)
def test_what_is_wrong_is_found(where: tuple[Key, ...], value: object, severity: str, what: str) -> None:
    """Each broken world has a finding of its kind, with a mend, and errors come before warnings."""
    found = check_world(world(where, value), (character(),))
    assert any(what in finding.what and finding.severity == severity for finding in found), told(found)
    assert all(finding.mend for finding in found)
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)


@pytest.mark.parametrize(
    ("slots", "severity", "what"),
    [
        ({}, "warning", "mira wants nothing"),
        ({"goal.a": "have rong"}, "error", "there is no thing `rong`"),
        ({"goal.a": "haev ring"}, "error", "is no want"),
        ({"goal.a": "give ring"}, "error", "is not of that form"),
        ({"goal.a": "give ring bob"}, "error", "there is no character `bob`"),
        ({"goal.a": "tell ownin ivo"}, "error", "there is no secret `ownin`"),
        ({"goal.a": "learn ring.taste"}, "error", "there is no fact `ring.taste`"),
        ({"goal.a": "learn ring"}, "error", "`ring` is no fact"),
        ({"goal.a": "trust ivo much"}, "error", "no measure of trust"),
        ({"goal.a": "at bog"}, "error", "there is no place `bog`"),
        ({"goal.a": "hide owning", "trust.ivo": 3}, "error", "no measure of trust"),
        ({"goal.a": "make snow.depth 3", "liking.bob": 0.1}, "error", "there is no character `bob`"),
        ({"goal.a": "learn ring.owner", "belief.rng.owner": "ivo"}, "warning", "nothing called `rng`"),
    ],
)
def test_the_cast_wants_what_is_there(slots: dict[str, Any], severity: str, what: str) -> None:
    """Wants and slots about what is not in the world are found, and told as the character's."""
    found = check_world(world(), (character(slots),))
    assert any(what in f.what and f.severity == severity and f.of == "mira" for f in found), told(found)
