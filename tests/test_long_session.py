import asyncio
from collections.abc import Iterator

import pytest

from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.saga import FIRST, NEEDLES, PEOPLE, TURNS, Prompter, Saga, after_turn, told_to
from tests.talk import acted
from worlds.actions import Moved, Say
from worlds.events import Acted, Cued, Draft, Intervened
from worlds.look import look
from worlds.trajectory import Trajectory, extend

pytestmark = pytest.mark.slow

CIDER = "taste.cider"
OLD, NEW = "would cross two hills for it", "cannot bear the smell of it"
SHADOWED = (20, 101, 500, 1000)
"""Rounds of which the prompts are kept; round 101 begins with turn 301."""


@pytest.fixture(scope="module")
def saga() -> Iterator[Saga]:
    """Three thousand turns, a thousand rounds. Hanne's taste of cider changes in her turns 20 and 100, turn 298."""
    made = Saga(frozenset(SHADOWED), {"hanne": {20: (CIDER, OLD), 100: (CIDER, NEW)}})
    yield made
    made.memory.close()


def asked(saga: Saga, log: Trajectory, who: str, question: str) -> tuple[Trajectory, str]:
    """The log after somebody has asked a character something, and the prompt the character had to answer it."""
    asker, prompter = PEOPLE[PEOPLE.index(who) - 1], Prompter()
    log = acted(log, asker, Say(text=question, to=(who,)))
    log = extend(log, [Draft(Cued(who=(who,)))])
    stage = Stage({who: prompter.mind}, ImprovNarrator(), recall=saga.memory.for_view)
    return asyncio.run(after_turn(stage, log, log.state.turn)), prompter.seen[0]


def evening(saga: Saga, turn: int) -> Trajectory:
    """The log before a turn, with everybody at home."""
    log = saga.log.upto(saga.log.turn_at(turn))
    home = [Moved(who=who, to="heron") for who in PEOPLE if log.state.where[who] != "heron"]
    return extend(log, [Draft(Intervened(text="Night falls, and all come home.", effects=tuple(home)))])


def test_needles_are_in_the_prompts_two_thousand_turns_later(saga: Saga) -> None:
    """Of 20 facts told once, at turns 5 to 24, at least 19 are in their hearer's prompt when asked for at turn 2 025.

    Each is asked of all three, and is in no prompt of the one who was not told.
    """
    opening = saga.log.upto(saga.log.turn_at(FIRST + len(NEEDLES)))
    said = [e for e in opening if isinstance(e.body, Acted) and isinstance(e.body.action, Say)]
    assert [e.turn for e in said] == list(range(FIRST, FIRST + len(NEEDLES)))

    log, found = evening(saga, 2_000 + FIRST + len(NEEDLES)), []
    for number, needle in enumerate(NEEDLES):
        teller, hearer = told_to(number)
        for who in PEOPLE:
            log, prompt = asked(saga, log, who, needle.question)
            assert needle.question in prompt
            if who == hearer:
                found.append(needle.answer in prompt)
            elif who != teller:
                assert needle.answer not in prompt
    assert sum(found) >= 19


def test_prompts_do_not_grow(saga: Saga) -> None:
    """The prompts of a round of three stay under 40 000 characters, and at round 1 000 within a tenth of round 20."""
    sizes = {number: sum(map(len, saga.round(number))) for number in SHADOWED}
    assert all(size < 40_000 for size in sizes.values())
    assert abs(sizes[1000] / sizes[20] - 1) <= 0.1, sizes


def test_a_changed_taste_is_the_taste_and_the_old_one_history(saga: Saga) -> None:
    """What Hanne came to feel at turn 298 is in her view and prompt at turns 301 and 3 000; what she felt is over."""
    hanne = saga.people["hanne"]
    changed = saga.log.turn_at(298)
    assert look(saga.log.upto(changed), "hanne").slots[CIDER] == OLD
    for number in (101, 1000):
        assert hanne.views[number].slots[CIDER] == NEW
        assert f"{CIDER}: {NEW}" in hanne.prompts[number]
        assert f"{CIDER}: {OLD}" not in hanne.prompts[number]

    for turn in (301, TURNS):
        _, prompt = asked(saga, evening(saga, turn), "hanne", "Is cider to your taste, Hanne?")
        told = [line.partition("] ")[2] for line in prompt.splitlines() if OLD in line]
        assert f"{CIDER}: {NEW}" in prompt
        assert told, "that she once felt otherwise comes back to her"
        for line in told:
            assert line.startswith("Formerly, until turn 298: ") or f"{NEW}. Before, it was: {OLD}" in line
