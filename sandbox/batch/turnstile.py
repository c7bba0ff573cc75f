"""Where the runs of a worker wait: their calls for a slot, and then they themselves for the processor."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal

from sandbox.batch.governor import Share

__all__ = ["PATIENCE", "Line", "Patience", "Turnstile", "Waiting"]

_ROUNDS = 10
"""Rounds of the event loop that a turn takes, about."""

PATIENCE: ContextVar["Patience | None"] = ContextVar("patience", default=None)
"""Of the run that is being played."""


@dataclass(slots=True)
class Patience:
    """How long a run may go without a new event. Time spent at a gate does not count."""

    seconds: float
    limit: asyncio.Timeout
    rank: int = 0
    """Place among the runs of this process, the first one begun being 0."""
    waiting: int = 0

    def again(self) -> None:
        """Begin to count from now."""
        now = asyncio.get_running_loop().time()
        self.limit.reschedule(None if self.waiting else now + self.seconds)

    def wait(self, more: int) -> None:
        """Note that a call begins (1) or ceases (-1) to wait."""
        self.waiting += more
        self.again()


class Waiting:
    """Those who wait, the run begun first in front.

    So runs end, and others are begun, one after the other and not all at the same time, and there is always somebody
    whose call is ready to be sent.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self._places: list[tuple[int, int, asyncio.Future[None]]] = []
        self._came = count()

    def __len__(self) -> int:
        """Give how many wait, and have not been seen to have gone."""
        return len(self._places)

    def join(self) -> asyncio.Future[None]:
        """Wait behind the runs begun before, and what else of this one came before."""
        place = asyncio.get_running_loop().create_future()
        patience = PATIENCE.get()
        heappush(self._places, (patience.rank if patience else 0, next(self._came), place))
        return place

    def call(self) -> bool:
        """Call the first who still waits, if there is one."""
        while self._places:
            _, _, place = heappop(self._places)
            if not place.done():
                place.set_result(None)
                return True
        return False


class Turnstile(asyncio.Semaphore):
    """Lets as many calls through as this worker has slots and grants."""

    def __init__(self) -> None:
        """Let nobody through before a share is given."""
        super().__init__(0)
        self.slots, self.grants = 0, 0
        self.free = False
        """Whether there is no limit to how many calls may be begun."""
        self.busy, self.made, self.tokens = 0, 0, 0
        self.queue = Waiting()

    def give(self, share: Share) -> None:
        """Take a share."""
        self.slots, self.free = share.slots, share.grants is None
        self.grants += share.grants or 0
        self._let()

    async def acquire(self) -> Literal[True]:
        """Wait for a slot and a grant."""
        place = self.queue.join()
        self._let()
        if place.done():
            return True
        if patience := PATIENCE.get():
            patience.wait(1)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.release()
            raise
        finally:
            if patience:
                patience.wait(-1)
        return True

    def release(self) -> None:
        """Leave."""
        self.busy -= 1
        self.made += 1
        self._let()

    def _let(self) -> None:
        while self.busy < self.slots and (self.free or self.grants > 0) and self.queue.call():
            self.busy += 1
            self.grants -= not self.free


class Line:
    """Lets runs go on one after the other whose calls were answered.

    A turn takes many times as long as sending off a call that has its prompt, and some rounds of the event loop.
    Were all to go on as soon as they can, those who have a slot would wait behind them to use it.
    """

    def __init__(self) -> None:
        """Begin with nobody in line."""
        self._queue = Waiting()
        self._moving = False

    async def wait(self) -> None:
        """Wait for one's turn."""
        place = self._queue.join()
        if not self._moving:
            self._moving = True
            self._move(asyncio.get_running_loop(), 0)
        await place

    def _move(self, loop: asyncio.AbstractEventLoop, spare: int) -> None:
        """Let the next go on, and those behind it some rounds of the loop later."""
        if spare or self._queue.call():
            loop.call_soon(self._move, loop, (spare or _ROUNDS) - 1)
        else:
            self._moving = False
