"""The desk: where workers get runs and shares, and bring back what came of them.

Workers know nothing else of each other, and it is the one thing that differs between engines: on one machine every
process opens the queue itself, on a cluster an actor does so for all. What a worker is told may reach it twice or
never; so each call says what the worker holds, and what it does not hold any more is given to others.
"""

import time
from typing import NamedTuple, Protocol

from sandbox.batch.governor import Need, Rules, Share
from sandbox.batch.queue import Ended, Lease, Queue, Tally
from sandbox.batch.roll import Roll, machine
from sandbox.batch.spec import Limits

__all__ = ["Desk", "Grant", "QueueDesk", "Report", "Taken"]

DOWN = 8
"""So many runs in a row given up because a model could not be reached, and the batch stops."""


class Report(NamedTuple):
    """What a worker says at every beat."""

    runs: dict[int, Tally]
    """What each run in hand has come to."""
    needs: dict[str, Need]


class Grant(NamedTuple):
    """What it is told."""

    shares: dict[str, Share]
    left: tuple[float, float]
    """Tokens and US dollars that the batch may still spend."""
    stop: str = ""
    """Why the batch is to stop; empty while it is not."""


class Taken(NamedTuple):
    """Runs for a worker."""

    leases: list[Lease]
    more: bool
    """Whether there are runs that wait or are in anybody's hands."""


class Desk(Protocol):
    """What a worker asks."""

    async def join(self, *, locks: bool) -> int:
        """Give a new worker its number; `locks` says that its death can be seen from a lock."""
        ...

    async def settings(self) -> tuple[Limits, str]:
        """Give the plan's limits and judges."""
        ...

    async def take(self, worker: int, holding: tuple[int, ...], room: tuple[int, int]) -> Taken:
        """Lease runs."""
        ...

    async def part(self, digest: str) -> str:
        """Give a world or a cast."""
        ...

    async def opened(self, worker: int, run: int, length: int) -> None:
        """Note the length of a log that is taken over: if it has grown, its worker's deaths are not its fault."""
        ...

    async def tick(self, worker: int, report: Report) -> Grant:
        """Take a report."""
        ...

    async def end(self, worker: int, run: int, ended: Ended) -> str:
        """Take a run back; give the state it is in now."""
        ...

    async def to_judge(self, worker: int) -> tuple[int, str] | None:
        """Lease a finished run for its judges."""
        ...

    async def judged(self, worker: int, run: int) -> None:
        """Note that the judges have sat."""
        ...

    async def leave(self, worker: int) -> None:
        """Give back all."""
        ...


class QueueDesk:
    """The desk that opens the queue itself."""

    def __init__(self, queue: Queue) -> None:
        """Serve from a queue that is open."""
        self.queue = queue
        limits = queue.get("limits")
        self.limits = Limits.model_validate_json(limits) if limits else Limits()
        self.roll = Roll(queue, self.limits.attempts)
        self.rules = Rules(self.limits.calls, self.limits.requests_per_minute, self.limits.tokens_per_minute)

    async def join(self, *, locks: bool) -> int:
        """Give a new worker its number."""
        return self.roll.join(locks=locks)

    async def settings(self) -> tuple[Limits, str]:
        """Give the plan's limits and judges."""
        return self.limits, self.queue.get("judges")

    async def take(self, worker: int, holding: tuple[int, ...], room: tuple[int, int]) -> Taken:
        """Lease runs; those it was given before and does not know of wait again."""
        with self.queue.writing() as db:
            rows = db.execute(
                "SELECT id FROM run WHERE owner = ? AND state = 'playing'", (worker,)
            ).fetchall()
            for (run,) in rows:
                if run not in holding:
                    db.execute("UPDATE run SET state = 'waiting', owner = 0 WHERE id = ?", (run,))
            leases = [] if self._stop() else self.queue.take(worker, room, alone=not holding)
            more = db.execute(
                "SELECT EXISTS (SELECT 1 FROM run WHERE state IN ('waiting', 'playing'))"
            ).fetchone()
        return Taken(leases, bool(more[0]) and not self._stop())

    async def part(self, digest: str) -> str:
        """Give a world or a cast."""
        return self.queue.part(digest)

    async def opened(self, worker: int, run: int, length: int) -> None:
        """Note the length of a log that is taken over."""
        self.queue.opened(worker, run, length)

    async def tick(self, worker: int, report: Report) -> Grant:
        """Take a report: note how far runs are, share out what the endpoints take, see who is gone."""
        self.roll.bury()
        with self.queue.writing() as db:
            db.execute("UPDATE worker SET beat = beat + 1 WHERE id = ?", (worker,))
            for run, now in report.runs.items():
                self.queue.note(worker, run, now)
            spent = self.queue.tally()
            ledger = self.roll.ledger()
            shares = ledger.share(self.rules, worker, report.needs, time.monotonic(), machine())
            if report.needs:
                self.queue.put(ledger=ledger.model_dump_json())
            most = (self.limits.max_tokens, self.limits.max_cost)
            left = [_left(limit, so_far) for limit, so_far in zip(most, spent[2:], strict=True)]
            if not self._stop() and min(left) <= 0:
                self.queue.put(stop=_spent(self.limits, spent), stop_code="5")
        return Grant(shares, (left[0], left[1]), self._stop())

    async def end(self, worker: int, run: int, ended: Ended) -> str:
        """Take a run back. One that may be tried again is, until its attempts are used up."""
        with self.queue.writing() as db:
            row = db.execute("SELECT attempts FROM run WHERE id = ?", (run,)).fetchone()
            if ended.state == "waiting" and ended.tried and row and row[0] + 1 >= self.limits.attempts:
                ended = ended._replace(state="failed")
            if self.queue.end(worker, run, ended):
                self._note_down(ended)
            state = db.execute("SELECT state FROM run WHERE id = ?", (run,)).fetchone()
        return str(state[0]) if state else ""

    async def to_judge(self, worker: int) -> tuple[int, str] | None:
        """Lease a finished run for its judges."""
        return None if self._stop() else self.queue.to_judge(worker)

    async def judged(self, worker: int, run: int) -> None:
        """Note that the judges have sat."""
        self.queue.judged(worker, run)

    async def leave(self, worker: int) -> None:
        """Take back all that a worker has, without counting it as a death."""
        self.roll.leave(worker)

    def _stop(self) -> str:
        return self.queue.get("stop")

    def _note_down(self, ended: Ended) -> None:
        """Count runs given up in a row because of a model: the endpoint is down, and trying all the others is vain."""
        before = int(self.queue.get("down") or 0)
        down = before + 1 if ended.down else 0 if ended.state == "played" else before
        if down != before:
            self.queue.put(down=str(down))
        if down >= DOWN and not self._stop():
            self.queue.put(stop=f"{down} runs in a row were given up: {ended.reason}", stop_code="4")


def _left(most: float | None, so_far: float) -> float:
    return float("inf") if most is None else most - so_far


def _spent(limits: Limits, spent: Tally) -> str:
    if limits.max_tokens is not None and spent.tokens >= limits.max_tokens:
        return (
            f"the batch has spent its tokens ({spent.tokens} of {limits.max_tokens}): raise limits.max_tokens"
        )
    return (
        f"the batch has spent its money (${spent.cost:.4f} of ${limits.max_cost:.4f}): raise limits.max_cost"
    )
