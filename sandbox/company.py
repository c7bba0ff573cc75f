"""The company: who plays, and how they are asked."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace

from characters.minds import Decision, Mind
from sandbox.narrator import Narrator
from sandbox.orders import apart
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import Recollection, View

__all__ = ["Company", "Recall"]

Recall = Callable[[Trajectory, View], Coroutine[None, None, tuple[Recollection, ...]]]
"""Brings memories back for one view."""


@dataclass(slots=True)
class Company:
    """One mind a character, and the narrator. A character without a mind stops the play."""

    minds: Mapping[str, Mind]
    narrator: Narrator
    recall: Recall | None = None
    ahead: dict[str, tuple[View, asyncio.Task[Decision]]] = field(default_factory=dict)
    """Decisions begun before their turn, each with the view it is made on."""

    async def decide(self, log: Trajectory, who: str) -> Decision:
        """Ask a mind, or take what it decided ahead if that was on the very view it would be shown now."""
        view = await self.view(log, who)
        seen, task = self.ahead.pop(who, (None, None))
        await self._look_ahead(log)
        if task is not None:
            if seen == view:
                return await task
            task.cancel()
        return await self.minds[who].decide(view)

    async def view(self, log: Trajectory, who: str) -> View:
        """Give what a character is shown now, recollections included."""
        view = look(log, who)
        return replace(view, recollections=await self.recall(log, view)) if self.recall else view

    async def _look_ahead(self, log: Trajectory) -> None:
        """Let those decide already whom nothing can reach before their turn in this round.

        A guess that costs at most a call: the decision is used only if its view proves right.
        """
        for who in apart(log.state):
            mind = self.minds.get(who)
            if mind is not None and mind.waits and who not in self.ahead:
                seen = await self.view(log, who)
                own = log.state.own.get(who, 0) + 1
                view = replace(seen, own_turn=own, draw=f"{log.state.settings.seed}:{who}:{own}")
                task = asyncio.ensure_future(mind.decide(view))
                task.add_done_callback(lambda done: done.cancelled() or done.exception())
                self.ahead[who] = (view, task)

    def dismiss(self) -> None:
        """Give up what was begun ahead."""
        for _, task in self.ahead.values():
            task.cancel()
        self.ahead.clear()
