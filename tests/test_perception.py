"""Who perceives what, case by case."""

import pytest

from tests.stagecraft import begin
from worlds.actions import Action, Became, Go, Manner, Moved, Say, Touch
from worlds.events import Acted, Cued, Draft, Event, Happened, Intervened, Resolved, SceneSet
from worlds.look import look
from worlds.trajectory import Trajectory, extend


def _at(**places: str) -> Trajectory:
    """Give a log in which people stand where they are put."""
    moves = tuple(Moved(who=who, to=place) for who, place in places.items())
    return extend(
        begin(), [Draft(SceneSet(scene="one", text="Go.")), Draft(Intervened(text="Set.", effects=moves))]
    )


def _act(log: Trajectory, who: str, action: Action) -> Event:
    log = extend(log, [Draft(Cued(who=(who,))), Draft(Acted(action=action), by=who)])
    return log[log.seq]


@pytest.mark.parametrize(
    ("manner", "whole", "part"),
    [
        ("aloud", {"ada", "ben", "cy"}, set()),
        ("whisper", {"ada", "ben"}, {"cy"}),
        ("aside", {"ada", "ben"}, {"cy"}),
        ("shout", {"ada", "ben", "cy"}, set()),
    ],
)
def test_speech_in_a_room(manner: Manner, whole: set[str], part: set[str]) -> None:
    """What is said to Ben is heard by the room, or by him alone while Cy sees that something was said."""
    log = _at(ada="hall", ben="hall", cy="hall")
    event = _act(log, "ada", Say(text="Hm.", to=("ben",), manner=manner))

    assert whole == set(event.witnesses)
    assert part == set(event.glimpses)


def test_speech_stays_in_its_room_and_a_shout_goes_next_door() -> None:
    """Words do not leave the hall; a shout reaches the yard through the open gate, and muffled through a shut one."""
    log = _at(ada="hall", ben="yard", cy="loft")

    assert {"ada"} == set(_act(log, "ada", Say(text="Hm.")).witnesses)
    assert {"ada", "ben", "cy"} == set(_act(log, "ada", Say(text="Hm!", manner="shout")).witnesses)

    shut = extend(
        log, [Draft(Intervened(text="", effects=(Became(subject="gate", attribute="open", value=False),)))]
    )
    event = _act(shut, "ada", Say(text="Hm!", manner="shout"))
    assert {"ada", "cy"} == set(event.witnesses)
    assert {"ben"} == set(event.glimpses)


def test_in_the_dark_a_deed_is_a_noise_and_a_whisper_is_nothing() -> None:
    """Without a light Ben notices that somebody moves, not who or what; a whisper to Cy he does not notice."""
    log = _at(ada="shed", ben="shed", cy="shed")
    deed = extend(
        log, [Draft(Cued(who=("ada",))), Draft(Acted(action=Touch(verb="open", target="lid")), by="ada")]
    )

    assert {"ben", "cy"} == set(deed[deed.seq].glimpses)
    assert look(deed, "ben").news[-1].text == "Somebody moves in the dark."
    assert look(deed, "ben").news[-1].by == ""
    assert not _act(log, "ada", Say(text="Hm.", to=("cy",), manner="whisper")).glimpses
    assert {"ada", "ben", "cy"} == set(_act(log, "ada", Say(text="Hm.")).witnesses)


def test_a_light_makes_the_dark_place_an_ordinary_one() -> None:
    """With a lit lamp in somebody's hand the shed can be seen, and its things with it."""
    log = _at(ada="shed", ben="shed")
    dark = look(log, "ben")
    lit = (Became(subject="lamp", attribute="lit", value=True),)
    log = extend(log, [Draft(Intervened(text="", effects=lit))])
    assert look(log, "ben").dark

    from worlds.actions import Passed

    log = extend(log, [Draft(Intervened(text="", effects=(Passed(thing="lamp", to="ada"),)))])
    assert dark.sights == ()
    assert not look(log, "ben").dark
    assert "lid" in {sight.id for sight in look(log, "ben").sights}


def test_leaving_is_seen_here_and_arriving_there() -> None:
    """Who goes from hall to yard is seen by both, and by nobody else."""
    log = _at(ada="hall", ben="yard", cy="hall")
    log = extend(
        log,
        [
            Draft(Cued(who=("ada",))),
            Draft(Acted(action=Go(to="yard")), by="ada"),
            Draft(Resolved(ok=True, effects=(Moved(who="ada", to="yard"),)), by="ada"),
        ],
    )
    assert {"ada", "ben", "cy"} == set(log[log.seq].witnesses)
    assert {"ada", "cy"} == set(log[log.seq - 1].witnesses)


def test_what_is_examined_is_learned_by_the_examiner_alone() -> None:
    """The clue in the ring reaches Ada; Ben saw only that she looked."""
    log = _at(ada="hall", ben="hall")
    log = extend(
        log, [Draft(Cued(who=("ada",))), Draft(Acted(action=Touch(verb="examine", target="ring")), by="ada")]
    )
    log = extend(log, [Draft(Resolved(ok=True, text="An A is cut in it."), by="ada")])

    assert {"ada"} == set(log[log.seq].witnesses)
    assert "An A" not in repr(look(log, "ben"))


def test_a_beat_in_a_place_is_not_known_elsewhere() -> None:
    """What falls in the hall is perceived in the hall, and by whom it falls on."""
    log = _at(ada="hall", ben="yard", cy="loft")
    log = extend(log, [Draft(Happened(beat="rain", text="A beam falls.", place="hall"))])

    assert {"ada"} == set(log[log.seq].witnesses)


def test_small_things_are_carried_unseen_and_others_are_not() -> None:
    """Ben sees the lamp in Ada's hand and not the ring."""
    from worlds.actions import Passed

    log = _at(ada="hall", ben="hall")
    log = extend(log, [Draft(Intervened(text="", effects=(Passed(thing="lamp", to="ada"),)))])
    ada = next(fellow for fellow in look(log, "ben").fellows if fellow.id == "ada")

    assert ada.holds == ("lamp",)


def test_a_secret_told_aloud_is_known_by_the_room_and_not_next_door() -> None:
    """A claim heard whole teaches the secret; nobody else learns it."""
    from tests.stagecraft import SECRET

    log = _at(ada="hall", ben="hall", cy="loft")
    log = extend(
        log,
        [
            Draft(Cued(who=("ada",))),
            Draft(Acted(action=Say(text="I did.", claims=(SECRET.claim,))), by="ada"),
        ],
    )

    assert log.state.knows["theft"] == {"ada", "ben"}
    assert look(log, "ben").secrets == (SECRET,)
    assert look(log, "cy").secrets == ()
