"""The laws of the log, on runs in which people try anything."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stagecraft import CAST, SECRET, begin, play, stage
from worlds.actions import Became, Created, Destroyed, Effect, Moved, Passed, Profile, Say
from worlds.effects import illegal
from worlds.errors import IllegalError
from worlds.events import Acted, Draft, Event, Intervened, ProfileChanged, Reflected
from worlds.fold import fold
from worlds.look import look
from worlds.spec import Order
from worlds.store import write_line
from worlds.trajectory import Trajectory, extend

SEEDS = st.integers(0, 10_000)
ORDERS: st.SearchStrategy[Order] = st.sampled_from(
    ("list", "natural", "pooled", "initiative", "director", "together")
)


def _lines(log: Trajectory) -> list[str]:
    return [write_line(event) for event in log]


@given(seed=SEEDS, order=ORDERS, data=st.data())
def test_folding_in_parts_is_folding_at_once(seed: int, order: Order, data: st.DataObject) -> None:
    """fold(a + b) equals fold(b, from fold(a)), and every prefix the log gives agrees with it."""
    log = play(begin(seed=seed, order=order))
    events = list(log)
    cut = data.draw(st.integers(1, len(events)))

    assert log.state == fold(events[cut:], fold(events[:cut]))
    assert fold(events[:cut]) == log.upto(cut).state
    assert log.state == Trajectory(events).state


@given(seed=SEEDS, order=ORDERS)
def test_same_seed_same_bytes(seed: int, order: Order) -> None:
    """Two runs with the same settings are equal to the byte."""
    assert _lines(play(begin(seed=seed, order=order))) == _lines(play(begin(seed=seed, order=order)))


@pytest.mark.parametrize("order", ["list", "natural", "together"])
def test_resuming_at_every_cut_gives_the_same_log(order: Order) -> None:
    """Wherever a run is cut, playing on from there makes the same events."""
    log = play(begin(seed=3, turns=18, order=order))
    whole = _lines(log)

    for cut in range(1, len(log) + 1):
        assert whole == _lines(play(log.upto(cut))), f"cut before event {cut}"


@given(seed=SEEDS, order=ORDERS)
def test_extending_a_prefix_leaves_the_original_alone(seed: int, order: Order) -> None:
    """A fork does not disturb the run it leaves."""
    log = play(begin(seed=seed, order=order))
    before = _lines(log)
    middle = log.upto(len(log) // 2)

    play(middle.fork("here", log.state.settings.model_copy(update={"seed": seed + 1})))

    assert before == _lines(log)
    assert before[: len(middle)] == _lines(middle)


@given(seed=SEEDS, order=ORDERS)
def test_no_view_holds_what_its_character_did_not_witness(seed: int, order: Order) -> None:
    """Marked words, thoughts and changes show up only in the views of those entitled to them."""
    log = play(begin(seed=seed, order=order, turns=30))
    owners = {mark: (event, private) for event in log for mark, private in _marks(event)}

    for length in range(2, len(log) + 1, 7):
        moment = log.upto(length)
        for character in CAST:
            _check_view(moment, character.id, owners)


def _marks(event: Event) -> Iterator[tuple[str, bool]]:
    """Give the marked texts an event brings, and whether each is its actor's alone."""
    body = event.body
    if isinstance(body, Acted):
        yield body.thought, True
        if isinstance(body.action, Say):
            yield body.action.text, False
    if isinstance(body, ProfileChanged | Reflected):
        yield from ((str(change.value), True) for change in body.changes)


def _check_view(log: Trajectory, who: str, owners: dict[str, tuple[Event, bool]]) -> None:
    view = look(log, who)
    seen = repr(view)
    for mark in re.findall(r"<[^<>]+>", seen):
        if mark in owners:
            event, private = owners[mark]
            assert event.by == who or (not private and who in event.witnesses), f"{who} saw {mark}"
            assert event.seq <= log.seq
    assert not {"<culprit>", "<past>", "<bottom>"}.intersection(re.findall(r"<[^<>]+>", seen))
    if who not in log.state.knows["theft"]:
        assert SECRET.text not in seen
    if log.state.place_of("note") != log.state.where[who]:
        assert not any(sight.id == "note" for sight in view.sights)
    assert all(log.state.facts[sight.id].get("hidden") is not True for sight in view.sights)


@given(seed=SEEDS, order=ORDERS)
def test_witnesses_were_there_to_perceive(seed: int, order: Order) -> None:
    """Whoever perceives speech or a deed whole is in the room, or next door to a shout."""
    log = play(begin(seed=seed, order=order))
    for event in log:
        if isinstance(event.body, Acted):
            _check_witnesses(log.upto(event.seq), event, event.body)


def _check_witnesses(before: Trajectory, event: Event, body: Acted) -> None:
    state = before.state
    here = state.where[event.by]
    near = {here, *(way.to for way in state.world.places[here].exits)}
    action = body.action
    shouted = isinstance(action, Say) and action.manner == "shout"
    for who in event.witnesses:
        assert state.where[who] in (near if shouted else {here})
        assert state.able(who)
        if isinstance(action, Say) and action.manner in ("whisper", "aside"):
            assert who in (event.by, *action.to)
        if not isinstance(action, Say) and state.dark(here):
            assert who == event.by


EFFECTS: list[Effect] = [
    Moved(who="ada", to="nowhere"),
    Moved(who="nobody", to="hall"),
    Passed(thing="nothing", to="hall"),
    Passed(thing="well", to="ada"),
    Passed(thing="box", to="box"),
    Passed(thing="ring", to="box"),
    Passed(thing="ring", to="well"),
    Became(subject="well", attribute="level", value="deep"),
    Became(subject="well", attribute="level", value=True),
    Became(subject="nothing", attribute="x", value=1),
    Became(subject="gate", attribute="open", value=1, add=True),
    Created(thing="ring", at="hall"),
    Created(thing="nothing", at="hall"),
    Destroyed(thing="nothing"),
    Profile(who="nobody", slot="mood", value="x"),
]


@pytest.mark.parametrize("effect", EFFECTS, ids=repr)
def test_illegal_effects_are_refused_whoever_proposes_them(effect: Effect) -> None:
    """The log does not take an effect the world forbids, and stays as it was."""
    log = begin()
    assert illegal(log.state, effect)

    with pytest.raises(IllegalError):
        extend(log, [Draft(Intervened(text="Fate.", effects=(effect,)))])

    assert len(log) == 1
    assert len(play(log)) > 1


@given(seed=SEEDS, order=ORDERS)
def test_everything_is_in_one_place_and_nobody_acts_from_nowhere(seed: int, order: Order) -> None:
    """However wild the attempts, holders exist, nothing is inside itself, and actors are able."""
    log = play(begin(seed=seed, order=order))
    for length in range(1, len(log), 5):
        state = log.upto(length).state
        assert all(state.place_of(thing) in state.world.places for thing in state.held)
        assert all(place in state.world.places for place in state.where.values())
        carried = [sum(at == who for at in state.held.values()) for who in state.cast]
        assert max(carried) <= state.world.carry
    for event in log:
        if isinstance(event.body, Acted):
            assert log.upto(event.seq).state.able(event.by)


def test_a_character_without_a_mind_stops_the_run_and_can_be_played_by_hand() -> None:
    """The iterator ends at their turn; append their act and go on."""
    on = stage()
    on.minds = {who: mind for who, mind in on.minds.items() if who != "ben"}
    log = play(begin(turns=6), on)
    assert log.state.phase == "act"
    assert log.state.cued == ("ben",)

    log = extend(log, [Draft(Acted(action=Say(text="My turn.")), by="ben")])
    on = stage()
    assert play(log, on).state.phase == "over"
