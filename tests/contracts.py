"""Conformance suites: what every implementation of a seam must do. A test module runs them on its own."""

import asyncio
from collections.abc import Iterator

from characters.minds import Decision, Mind, Reflection
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator, Narrator
from tests.stagecraft import CAST, SECRET, begin, play
from worlds.actions import Do
from worlds.deeds import Ruling
from worlds.events import Acted, Cued, Draft, Ended, Resolved, SceneSet
from worlds.look import look
from worlds.rules import checked
from worlds.trajectory import Trajectory, extend
from worlds.view import View

__all__ = ["a_mind", "a_narrator", "moments"]


def moments() -> Iterator[tuple[Trajectory, str]]:
    """Give moments of a wild run at which somebody has to decide."""
    log = play(begin(seed=11, turns=24))
    for event in log:
        if isinstance(event.body, Cued):
            yield log.upto(event.seq + 1), event.body.who[0]


def a_mind(mind: Mind) -> None:
    """A mind answers every view, equally when asked again, and what it decides can happen."""
    for log, who in moments():
        view = look(log, who)
        decision, again = _decided(mind, view), _decided(mind, view)
        assert isinstance(decision, Decision)
        assert decision == again
        assert all(0 <= link.to <= log.seq for link in decision.links)
        extend(log, [Draft(Acted(action=decision.action), by=who, links=decision.links)])
    answer = asyncio.run(mind.answer(view, "Who are you?"))
    assert answer.strip()
    on = Stage({character.id: mind for character in CAST}, ImprovNarrator())
    log = play(begin(turns=12), on)
    assert log.state.phase == "over"
    assert not [
        e for e in log if isinstance(e.body, Resolved) and e.body.text.startswith("It cannot be done")
    ]
    _reflects(mind, log)


def a_narrator(narrator: Narrator) -> None:
    """A narrator frames, remarks, rules, cues and closes, whatever the moment; its effects are legal."""
    for log, who in moments():
        before = log.upto(log.seq)
        cue = asyncio.run(narrator.cue(before))
        assert cue.who
        assert set(cue.who) <= set(before.state.waiting)
        ruling = asyncio.run(narrator.rule(log, who, Do(text="tries to climb the wall")))
        assert isinstance(ruling, Ruling)
        assert checked(log.state, ruling) == ruling
        remark = asyncio.run(narrator.remark(before, before.state.where[who]))
        assert SECRET.text not in remark
    opened = asyncio.run(narrator.frame(begin(), begin().state.world.scenes[0]))
    extend(begin(), [Draft(SceneSet(scene="one", text=opened))])
    assert opened.strip()
    over = play(begin(turns=6), Stage({}, narrator))
    closed = asyncio.run(narrator.close(over))
    assert closed.text.strip()
    Ended(ending=closed.ending, text=closed.text)


def _decided(mind: Mind, view: View) -> Decision:
    return asyncio.run(mind.decide(view))


def _reflects(mind: Mind, log: Trajectory) -> None:
    for character in CAST:
        view = look(log, character.id, choosing=False)
        reflection = asyncio.run(mind.reflect(view))
        assert isinstance(reflection, Reflection)
        assert all(0 <= change.because <= log.seq for change in reflection.changes)
