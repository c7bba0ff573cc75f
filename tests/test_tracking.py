from collections.abc import Callable, Mapping

import pytest

from characters.minds import Decision, Mind, ScriptedMind
from judges.reading import read
from judges.tracking import DIMENSIONS, LAG, RETAINED, Tracked, TrackingJudge, tracked
from judges.tracking_timeline import Timeline
from judges.verdict import Log
from tests.house import HOUSE, begin, bundled, person, play, says
from worlds.actions import Change, Claim, Profile, Say, Scalar
from worlds.events import Event, Happened, ProfileChanged
from worlds.files import world_names
from worlds.spec import Beat
from worlds.trajectory import Trajectory
from worlds.view import View

WORLDS = pytest.mark.parametrize("world", world_names())

TOLD: Mapping[str, tuple[str, str]] = {
    "taste.brandy": ("loves it", "cannot bear the smell"),
    "injury.hand": ("", "burnt, wrapped in linen"),
    "fear.dogs": ("", "dreads them since the bite"),
}
"""Slot to what it is at first and what a beat makes of it."""

BEATS = tuple(
    Beat(
        id=slot.replace(".", "_"),
        text=f"Something about {slot.split('.')[1]} befalls Ben.",
        at=f"turn {9 + index}",
        effects=(Profile(who="ben", slot=slot, value=new),),
    )
    for index, (slot, (_, new)) in enumerate(TOLD.items())
)

WORLD = HOUSE.model_copy(update={"beats": BEATS, "turns": 60})

Pick = Callable[[View, str], Scalar]


def mind(pick: Pick) -> Mind:
    """Make a mind that states one of its own slots each turn, at the value `pick` gives."""

    def choose(view: View) -> Decision:
        slot = list(TOLD)[view.own_turn % len(TOLD)]
        value = pick(view, slot)
        claim = Claim("ben", slot, value)
        return Decision(
            Say(text=f"As to {slot}, it is {value}.", to=("ada",), intent="tell", claims=(claim,))
        )

    return ScriptedMind(choose)


def played(pick: Pick, turns: int = 60) -> Trajectory:
    """Let Ben speak of himself to Ada, who is silent, while three beats change him."""
    ben = person("ben", slots={slot: old for slot, (old, _) in TOLD.items()})
    return play(begin(person("ada"), ben, world=WORLD, turns=turns), ada=says(), ben=mind(pick))


def after(turns: int) -> Pick:
    """Know of a change only from so many own turns after it."""
    first: dict[str, int] = {}

    def pick(view: View, slot: str) -> Scalar:
        if view.slots[slot] != TOLD[slot][0]:
            first.setdefault(slot, view.own_turn)
        return (
            TOLD[slot][1]
            if view.own_turn - first.get(slot, view.own_turn + 1) >= turns - 1
            else TOLD[slot][0]
        )

    return pick


def by_slot(log: Trajectory) -> dict[str, Tracked]:
    """Give what became of each of Ben's changes."""
    return {one.turning.slot: one for one in tracked(log)}


def values(log: Log, part: str) -> list[float]:
    """Give the values of one dimension."""
    found = TrackingJudge().judge(log)
    return [v.value for v in found if v.dimension == f"tracking.{part}" and v.value is not None]


# ── scripted minds ─────────────────────────────────────────────────────────────────────────────────


def test_a_mind_that_never_updates_is_wholly_stale() -> None:
    """Who goes on by the old values has staleness 1.0, recall 0 and no lag to speak of."""
    log = played(lambda view, slot: TOLD[slot][0])
    assert values(log, "staleness") == [1.0, 1.0, 1.0]
    assert values(log, "acted_on") == [0.0, 0.0, 0.0]
    assert values(log, "precision") == [0.0] * len(values(log, "precision"))
    assert values(log, "lag") == []
    assert values(log, "f1") == [0.0]


def test_an_oracle_is_never_stale() -> None:
    """Who goes by its slots as they are has staleness 0.0, recall, precision, F1 and retention 1."""
    log = played(lambda view, slot: view.slots[slot])
    assert values(log, "staleness") == [0.0, 0.0, 0.0]
    for part in ("acted_on", "precision", "retention", "f1"):
        assert set(values(log, part)) == {1.0}


@pytest.mark.parametrize("planted", [1, 2, 4, 7])
def test_the_lag_is_the_one_that_was_planted(planted: int) -> None:
    """Who takes in a change so many own turns late has that lag, and was stale until then."""
    late = after(planted)

    def choose(view: View) -> Say:
        claim = Claim("ben", "taste.brandy", late(view, "taste.brandy"))
        return Say(text="So I say.", to=("ada",), intent="tell", claims=(claim,))

    ben = person("ben", slots={slot: old for slot, (old, _) in TOLD.items()})
    log = play(begin(person("ada"), ben, world=WORLD, turns=60), ada=says(), ben=ScriptedMind(choose))
    found = by_slot(log)["taste.brandy"]
    assert found.lag == planted
    assert [use.current for use in found.uses] == [False] * (planted - 1) + [True] * (
        len(found.uses) - planted + 1
    )


def test_what_is_forgotten_again_is_not_retained() -> None:
    """Who goes by the new value at first and falls back later acted on the change, and did not retain it."""

    def pick(view: View, slot: str) -> Scalar:
        return view.slots[slot] if view.turn < 16 else TOLD[slot][0]

    found = by_slot(played(pick))["taste.brandy"]
    assert found.lag is not None
    assert found.lag < RETAINED
    assert found.retained is False
    assert found.staleness is not None
    assert 0 < found.staleness < 1


def test_who_never_speaks_of_it_is_not_judged_stale() -> None:
    """Where no act shows the slot, recall counts it, and lag, staleness and retention have no value."""
    ben = person("ben", slots={"taste.brandy": "loves it"})
    log = play(begin(person("ada"), ben, world=WORLD, turns=40), ada=says(), ben=says())
    assert values(log, "acted_on") == [0.0, 0.0, 0.0]
    assert values(log, "staleness") == values(log, "lag") == values(log, "retention") == []
    silent = [v for v in TrackingJudge().judge(log) if v.value is None and v.subject == "ben"]
    assert {"tracking.lag", "tracking.staleness", "tracking.retention"} <= {v.dimension for v in silent}


# ── improv ─────────────────────────────────────────────────────────────────────────────────────────


@WORLDS
def test_improv_is_judged_on_every_dimension(world: str) -> None:
    """Verdicts rest on events there are, keep to their scales, and answer every dimension for everybody."""
    log = bundled(world)
    verdicts = tuple(TrackingJudge().judge(log))
    for verdict in verdicts:
        assert all(0 <= seq < len(log) for seq in verdict.evidence)
        assert verdict.value is None or verdict.scale.low <= verdict.value <= verdict.scale.high
    judged = {(verdict.subject, verdict.dimension) for verdict in verdicts}
    assert judged == {(who, dimension) for who in log.state.cast for dimension in DIMENSIONS}
    assert max(values(log, "lag"), default=1.0) <= LAG.high


def test_improv_lies_between_oracle_and_oblivion() -> None:
    """Improv is seldom stale, and acts on some of what changes about it, by no means on all."""
    logs = [bundled(world) for world in world_names()]
    stale, recall = (
        [value for log in logs for value in values(log, part)] for part in ("staleness", "acted_on")
    )
    assert 0.0 <= sum(stale) / len(stale) < 0.3
    assert 0.0 < sum(recall) / len(recall) < 1.0


@WORLDS
def test_the_timeline_is_the_truth(world: str) -> None:
    """At every turning the slot had the old value before and has the new one after."""
    log = bundled(world)
    reading = read(log)
    timeline = Timeline(reading)
    assert timeline.turnings
    for turning in timeline.turnings:
        assert reading.before(turning.seq).slots[turning.who].get(turning.slot, "") == turning.old
        assert turning.new in timeline.history(turning.who, turning.slot, turning.seq + 1)
        assert timeline.until(turning) > turning.seq
    for (who, slot), turnings in timeline.slots.items():
        if not slot.startswith(("trust.", "liking.")):  # bonds drift on their own
            assert log.state.slots[who][slot] == turnings[-1].new


# ── changes ────────────────────────────────────────────────────────────────────────────────────────


def bodied(log: Trajectory, event: Event, **fields: object) -> list[Event]:
    """Give the events with some fields of one body changed."""
    events = list(log)
    events[event.seq] = event.model_copy(update={"body": event.body.model_copy(update=fields)})
    return events


def beat_of(log: Trajectory) -> Event:
    """Give a beat that changes a profile."""
    beats = (event for event in log if isinstance(event.body, Happened))
    return next(e for e in beats if any(isinstance(effect, Profile) for effect in e.body.effects))  # type: ignore[union-attr]


@WORLDS
def test_clean_runs_apply_what_was_written_and_invent_nothing(world: str) -> None:
    """Every beat brings the changes its author wrote, and every change has a ground."""
    log = bundled(world)
    assert set(values(log, "applied")) == {1.0}
    assert set(values(log, "invented")) == {0.0}


@WORLDS
def test_a_dropped_change_and_an_invented_one_are_found(world: str) -> None:
    """A beat without the change its author wrote, with another, or a new injury out of nothing is found."""
    log = bundled(world)
    beat = beat_of(log)
    assert isinstance(beat.body, Happened)
    dropped = tuple(effect for effect in beat.body.effects if not isinstance(effect, Profile))
    assert 0.0 in values(bodied(log, beat, effects=dropped), "applied")
    more = (*beat.body.effects, Profile(who=next(iter(log.state.cast)), slot="injury.nose", value="gone"))
    assert 1.0 in values(bodied(log, beat, effects=more), "invented")
    own = next(e for e in log if isinstance(e.body, ProfileChanged) and e.seq > 20)
    nothing = (Change("injury.nose", "gone", own.seq - 1),)
    found = [
        v
        for v in TrackingJudge().judge(bodied(log, own, changes=nothing))
        if v.dimension == "tracking.invented"
    ]
    assert [own.seq in v.evidence for v in found if v.value] == [True]
