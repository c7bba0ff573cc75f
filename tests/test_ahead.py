"""Minds that wait are asked early, all who can be, and it changes nothing."""

import asyncio
from contextlib import aclosing

from characters.minds import Decision
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.hermits import HERMITS, Slow, hermits
from tests.stagecraft import CAST, begin, play
from worlds.events import Acted, Cued, Resolved
from worlds.spec import Order
from worlds.store import write_line
from worlds.trajectory import Trajectory
from worlds.view import View


def _lines(log: Trajectory) -> list[str]:
    return [write_line(event) for event in log]


def test_acting_together_far_apart_is_acting_in_turn() -> None:
    """With everybody in places of their own, deciding at once changes nothing anybody does."""
    together = _apart(order="together", turns=10)
    in_turn = _apart(order="list", turns=30)

    assert _deeds(in_turn) == _deeds(together)
    assert in_turn.state.slots == together.state.slots
    assert in_turn.state.held == together.state.held


def test_deciding_ahead_makes_the_same_log() -> None:
    """Minds that wait may decide before their turn when nothing can reach them; the log cannot tell."""
    log = begin(order="list", turns=30, world=HERMITS)

    assert _lines(play(log, hermits(waits=False))) == _lines(play(log, hermits(waits=True)))


def test_a_decision_made_ahead_on_a_wrong_guess_is_made_again() -> None:
    """Where people can reach each other, waiting minds still make the log that instant ones make."""
    log = begin(order="natural", turns=30)
    slow = Stage({who.id: Slow(0.0) for who in CAST}, ImprovNarrator())

    assert _lines(play(log)) == _lines(play(log, slow))


def test_a_mind_thinks_while_its_cue_is_written_and_is_stopped_with_the_play() -> None:
    """By the time the cue is given out the question is on its way; who leaves the play there calls it back."""
    fates: list[str] = []

    class Dreamer(Slow):
        async def decide(self, view: View) -> Decision:
            fates.append("asked")
            try:
                return await super().decide(view)
            except asyncio.CancelledError:
                fates.append("called back")
                raise

    async def leave_at_the_cue() -> None:
        dreamers = {who.id: Dreamer(60.0) for who in CAST}
        async with aclosing(Stage(dreamers, ImprovNarrator()).play(begin(order="list"))) as events:
            async for event in events:
                if isinstance(event.body, Cued):
                    break
        assert fates == ["asked"]
        await asyncio.sleep(0)
        assert fates == ["asked", "called back"]

    asyncio.run(leave_at_the_cue())


def _apart(*, order: Order, turns: int) -> Trajectory:
    return play(begin(order=order, turns=turns, world=HERMITS), hermits(waits=False))


def _deeds(log: Trajectory) -> dict[str, list[str]]:
    acts: dict[str, list[str]] = {}
    for event in log:
        if isinstance(event.body, Acted | Resolved):
            acts.setdefault(event.by, []).append(event.body.model_dump_json())
    return acts
