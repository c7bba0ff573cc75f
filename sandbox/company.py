"""The company: who plays, and how they are asked."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from characters.lore import lore_for
from characters.minds import Decision, Mind
from sandbox.narrator import Narrator
from sandbox.orders import apart
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import Recollection, View

__all__ = ["Company", "Recall"]

Recall = Callable[[Trajectory, View], Coroutine[None, None, tuple[Recollection, ...]]]
"""Brings memories back for one view."""


class Begun(NamedTuple):
    """A decision under way."""

    view: View | None
    """What it is made on, if that is a guess."""
    decision: asyncio.Task[Decision]


@dataclass(slots=True)
class Company:
    """One mind a character, and the narrator. A character without a mind stops the play."""

    minds: Mapping[str, Mind]
    narrator: Narrator
    recall: Recall | None = None
    queue: Callable[[], Awaitable[None]] | None = None
    """Where to wait before going on with what was decided, when other plays want the processor too."""
    begun: dict[str, Begun] = field(default_factory=dict)
    """Decisions under way."""

    async def decide(self, log: Trajectory, who: str) -> Decision:
        """Give what a cued character decides: what it has begun to think, or else ask its mind now."""
        begun = self.begun.get(who)
        try:
            decision = await (begun.decision if begun else self._think(log, who))
        finally:
            self.begun.pop(who, None)
        if self.queue and self._waits(who):
            await self.queue()
        return decision

    def decided(self, cued: tuple[str, ...]) -> bool:
        """Whether all of these have begun to think, and come to a decision."""
        return all(who in self.begun and self.begun[who].decision.done() for who in cued)

    async def prepare(self, log: Trajectory) -> None:
        """Let minds that wait begin to think: the cued, and those nothing can reach before their turn in this round.

        The latter is a guess that costs at most a call: the decision is used only if its view proves right.
        """
        for who in log.state.cued:
            ahead = self.begun.get(who)
            if ahead and ahead.view != await self.view(log, who):
                ahead.decision.cancel()
                del self.begun[who]
            if who not in self.begun and self._waits(who):
                self._begin(who, None, self._think(log, who))
        for who in apart(log.state):
            if who not in self.begun and self._waits(who):
                seen = await self.view(log, who)
                own = log.state.own.get(who, 0) + 1
                view = replace(seen, own_turn=own, draw=f"{log.state.settings.seed}:{who}:{own}")
                self._begin(who, view, self.minds[who].decide(view))
        if self.begun:
            await asyncio.sleep(0)  # they send off their questions; the log is written while they wait

    async def view(self, log: Trajectory, who: str) -> View:
        """Give what a character is shown now, lore and recollections included."""
        view = look(log, who)
        lore = lore_for(log, who)
        if lore:
            view = replace(view, lore=lore)
        return replace(view, recollections=await self.recall(log, view)) if self.recall else view

    def dismiss(self) -> None:
        """Give up what was begun."""
        for begun in self.begun.values():
            begun.decision.cancel()
        self.begun.clear()

    async def _think(self, log: Trajectory, who: str) -> Decision:
        return await self.minds[who].decide(await self.view(log, who))

    def _begin(self, who: str, view: View | None, thinking: Coroutine[None, None, Decision]) -> None:
        decision = asyncio.ensure_future(thinking)
        decision.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.begun[who] = Begun(view, decision)

    def _waits(self, who: str) -> bool:
        return who in self.minds and self.minds[who].waits
