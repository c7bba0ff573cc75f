"""The queue: which runs there are, who plays which, and what came of them; one SQLite file that processes share.

A run is `waiting`, `playing`, `played` (its judges are yet to sit), `judging`, `done` or `failed`. Who plays one owns
its row; only the owner's word on it counts. No row holds a time: whether an owner is alive is seen from a lock that the
system frees when a process ends, however it ends, so no clock that jumps can take a run away from who plays it.

Nothing here is truth. Finished runs are folders, begun ones too; a queue that is lost is made again from the plan, and
finds them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sandbox.batch.database import connected, told
from sandbox.batch.grid import Job

__all__ = ["ALONE", "Ended", "Lease", "Queue", "Tally", "open_queue"]

ALONE = 2
"""A run that had no new event before its worker died so often is played in a worker of its own."""


class Lease(NamedTuple):
    """A run that a worker may play."""

    id: int
    job: Job
    attempts: int
    crashes: int


class Tally(NamedTuple):
    """What a run, or a batch, came to so far."""

    turns: int = 0
    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    """US dollars."""


class Ended(NamedTuple):
    """What a worker says of a run that it gives back."""

    state: str
    """`played`, `waiting` or `failed`."""
    reason: str = ""
    tried: bool = False
    """Whether it counts as an attempt."""
    down: bool = False
    """Whether a model could not be reached."""
    hash: str = ""
    """SHA-256 of the log, where it is whole."""
    tally: Tally = Tally()


class Queue:
    """The queue of one batch. Each method is one transaction."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        """Use an open connection to the queue of the batch in `folder`; see `open_queue`."""
        self.folder = folder
        self._db = connection

    def get(self, key: str) -> str:
        """Give a setting of the batch; empty if there is none."""
        rows = self.read("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def put(self, **values: str) -> None:
        """Keep settings of the batch."""
        with self.writing() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def part(self, digest: str) -> str:
        """Give a world or a cast by its digest."""
        return str(self.read("SELECT json FROM part WHERE digest = ?", (digest,))[0][0])

    def fill(self, jobs: Iterable[Job], parts: dict[str, str]) -> None:
        """Make the queue hold these runs and no others; what came of those it holds already stands.

        `parts` is read after the last job was given.
        """
        with self.writing() as db:
            db.execute("UPDATE run SET wanted = 0")
            db.executemany(
                "INSERT INTO run (name, world, people, settings, waits, turns) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET wanted = 1",
                jobs,
            )
            db.execute("DELETE FROM run WHERE wanted = 0 AND owner = 0")
            db.executemany("INSERT OR IGNORE INTO part VALUES (?, ?)", parts.items())

    def take(self, owner: int, room: tuple[int, int], *, alone: bool) -> list[Lease]:
        """Lease runs that wait: at most `room[0]` that keep the processor busy, `room[1]` that wait for models.

        `alone` says that the worker has nothing else in hand: then it may get one that is to be played alone.
        """
        with self.writing() as db:
            found = [*self._lease(db, owner, room[0], 0), *self._lease(db, owner, room[1], 1)]
            if not found and alone:
                found = self._lease(db, owner, 1, None)
        return found

    def _lease(self, db: sqlite3.Connection, owner: int, most: int, waits: int | None) -> list[Lease]:
        if most < 1:
            return []
        which = f"crashes >= {ALONE}" if waits is None else f"crashes < {ALONE} AND waits = {waits}"
        rows = db.execute(
            "UPDATE run SET state = 'playing', owner = ? WHERE id IN (SELECT id FROM run"  # noqa: S608 - two constants
            f" WHERE state = 'waiting' AND {which} ORDER BY attempts, id LIMIT ?)"
            " RETURNING id, name, world, people, settings, waits, turns, attempts, crashes",
            (owner, most),
        ).fetchall()
        return [
            Lease(id_, Job(name, world, people, settings, bool(asks), turns), attempts, crashes)
            for id_, name, world, people, settings, asks, turns, attempts, crashes in sorted(rows)
        ]

    def to_judge(self, owner: int) -> tuple[int, str] | None:
        """Lease one finished run for its judges: its id and name."""
        with self.writing() as db:
            rows = db.execute(
                "UPDATE run SET state = 'judging', owner = ? WHERE id ="
                " (SELECT id FROM run WHERE state = 'played' ORDER BY id LIMIT 1) RETURNING id, name",
                (owner,),
            ).fetchall()
        return rows[0] if rows else None

    def judged(self, owner: int, run: int) -> None:
        """Note that the judges have sat."""
        with self.writing() as db:
            db.execute("UPDATE run SET state = 'done', owner = 0 WHERE id = ? AND owner = ?", (run, owner))

    def opened(self, owner: int, run: int, length: int) -> None:
        """Note how long a log is that is taken over; if it has grown, its worker's deaths are not its fault."""
        with self.writing() as db:
            db.execute(
                "UPDATE run SET crashes = CASE WHEN length < ? THEN 0 ELSE crashes END, length = max(length, ?)"
                " WHERE id = ? AND owner = ?",
                (length, length, run, owner),
            )

    def note(self, owner: int, run: int, now: Tally) -> None:
        """Note how far a run is; what it has taken since it was last noted is added to the batch's tally."""
        with self.writing() as db:
            old = db.execute(
                "SELECT turn, calls, tokens, cost FROM run WHERE id = ? AND owner = ?", (run, owner)
            ).fetchone()
            if old is None or old == now:
                return
            db.execute("UPDATE run SET turn = ?, calls = ?, tokens = ?, cost = ? WHERE id = ?", (*now, run))
            more = (new - before for new, before in zip(now, old, strict=True))
            db.execute(
                "UPDATE tally SET turns = turns + ?, calls = calls + ?, tokens = tokens + ?, cost = cost + ?",
                tuple(more),
            )

    def end(self, owner: int, run: int, ended: Ended) -> bool:
        """Take a run back; whether it was still its owner's."""
        judged = ended.state == "played" and not self.get("judges")
        state = "done" if judged else ended.state
        with self.writing() as db:
            self.note(owner, run, ended.tally)
            done = db.execute(
                "UPDATE run SET state = ?, owner = 0, reason = ?, hash = ?, attempts = attempts + ?"
                " WHERE id = ? AND owner = ?",
                (state, ended.reason, ended.hash, ended.tried, run, owner),
            )
        return done.rowcount == 1

    def retry(self, names: Iterable[str]) -> None:
        """Let runs wait again that had failed."""
        with self.writing() as db:
            db.executemany(
                "UPDATE run SET state = 'waiting', attempts = 0, crashes = 0, reason = ''"
                " WHERE state = 'failed' AND name = ?",
                [(name,) for name in names],
            )

    def counts(self) -> dict[str, int]:
        """Count the runs in each state."""
        return dict(self.read("SELECT state, count(*) FROM run GROUP BY state"))

    def tally(self) -> Tally:
        """Give what all runs came to so far."""
        return Tally(*self.read("SELECT turns, calls, tokens, cost FROM tally")[0])

    def read(self, sql: str, given: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a question; errors of the file as ours."""
        with told(self.folder):
            return self._db.execute(sql, given).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the queue for one transaction; within another, be part of that."""
        if self._db.in_transaction:
            yield self._db
            return
        with told(self.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                _undo(self._db)


def _undo(db: sqlite3.Connection) -> None:
    """Take back a transaction that was not ended."""
    if db.in_transaction:
        db.execute("ROLLBACK")


@contextmanager
def open_queue(folder: Path, *, new: bool = False) -> Iterator[Queue]:
    """Open the queue of the batch in a folder; `UsageError` if there is none and none is to be made."""
    with connected(folder, new=new) as db:
        yield Queue(folder, db)
