"""What stands behind the environment: minds that are told what to do, and what an agent is paid for."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import finalize

from characters.improv import ImprovMind
from characters.minds import Decision, Reflection
from characters.profile import core_of
from judges.panel import Panel
from sandbox.exports.scoring import of_run
from worlds.trajectory import Trajectory
from worlds.view import View

__all__ = ["Puppet", "Waiter", "WaitingError", "judged", "reached"]

T = TypeVar("T")


def judged(log: Trajectory, who: str) -> float:
    """Give what the judges that need no model say of a character, 0..1; 1 where they say nothing."""
    scored = of_run(Panel().judge(log), who)
    return 1.0 if scored is None else scored.value


class WaitingError(Exception):
    """The story waits for an agent."""


class Puppet:
    """A mind whose decisions come from outside; conclusions are drawn by the built-in mind."""

    waits = False

    def __init__(self) -> None:
        self.mind = ImprovMind()
        self.next: Decision | None = None

    async def decide(self, view: View) -> Decision:
        """Give what was decided, or stop the play."""
        del view
        if self.next is None:
            raise WaitingError
        decision, self.next = self.next, None
        return decision

    async def reflect(self, view: View) -> Reflection:
        """Draw conclusions."""
        return await self.mind.reflect(view)

    async def answer(self, view: View, question: str) -> str:
        """Answer an interview."""
        return await self.mind.answer(view, question)


def reached(log: Trajectory, who: str) -> float:
    """Give the share of a character's goals that is reached, by their weights; those it came by later weigh 0.5."""
    weights = {goal.id: goal.weight for goal in core_of(log.state.cast[who].core).goals}
    goals = {
        slot.removeprefix("goal."): value
        for slot, value in log.state.slots[who].items()
        if slot.startswith("goal.")
    }
    total = sum(weights.get(goal, 0.5) for goal in goals)
    done = sum(weights.get(goal, 0.5) for goal, value in goals.items() if value == "done")
    return done / total if total else 0.0


class Waiter:
    """Runs coroutines to their end on one event loop: a new one each time costs more than a step."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.close = finalize(self, self._loop.close)

    def run(self, task: Coroutine[Any, Any, T]) -> T:
        """Run one; in a thread where a loop is running already, as in a notebook."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._loop.run_until_complete(task)
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, task).result()
