"""Who works at a queue: who comes, who is alive, and what the dead had in their hands."""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from sandbox.batch.database import BATCH
from sandbox.batch.governor import Ledger
from sandbox.batch.queue import ALONE, Queue

__all__ = ["Roll", "machine"]

SILENCE = 60.0
"""Seconds without a beat after which a worker on another machine counts as dead."""


class Roll:
    """The workers of one queue, as one process sees them."""

    def __init__(self, queue: Queue, attempts: int) -> None:
        """Keep the roll of a queue; a run is given up after so many deaths of a worker that plays nothing else."""
        self._queue = queue
        self._attempts = attempts
        self._locks: dict[int, FileLock] = {}
        self._beats: dict[int, tuple[int, float]] = {}

    def join(self, *, locks: bool) -> int:
        """Give a new worker its number. It is seen by others when its lock is held, not before."""
        folder = self._queue.folder / BATCH / "workers"
        folder.mkdir(parents=True, exist_ok=True)
        lock: FileLock | None = None
        try:
            with self._queue.writing() as db:
                added = db.execute(
                    "INSERT INTO worker (pid, host) VALUES (?, ?)", (os.getpid(), machine() if locks else "")
                )
                worker = int(added.lastrowid or 0)
                if locks:
                    lock = FileLock(folder / f"{worker}.lock", timeout=0)
                    lock.acquire()
        except BaseException:
            if lock:
                lock.release()
            raise
        if lock:
            self._locks[worker] = lock
        self.bury()
        return worker

    def leave(self, worker: int) -> None:
        """Take back all that a worker has, without counting it as a death."""
        try:
            self.gone(worker, died=False)
        finally:
            lock = self._locks.pop(worker, None)
            if lock:
                lock.release()
                Path(lock.lock_file).unlink(missing_ok=True)

    def bury(self) -> None:
        """Take back what is in the hands of workers that are dead.

        Of this machine are those whose locks are free, whatever they were last heard of; of others those that have
        not been heard of while this process counted the seconds.
        """
        here = machine()
        for worker, host, beat in self._queue.read("SELECT id, host, beat FROM worker WHERE host <> ''"):
            if worker in self._locks:
                continue
            if self._free(worker) if host == here else self._silent(worker, beat):
                self.gone(worker)

    def _free(self, worker: int) -> bool:
        """Say whether nobody holds a worker's lock."""
        path = self._queue.folder / BATCH / "workers" / f"{worker}.lock"
        try:
            with FileLock(path, timeout=0):
                path.unlink(missing_ok=True)
        except Timeout:
            return False
        return True

    def _silent(self, worker: int, beat: int) -> bool:
        """Say whether a worker has not been heard of for too long."""
        now = time.monotonic()
        last, since = self._beats.get(worker, (-1, now))
        if beat != last:
            self._beats[worker] = (beat, now)
            return False
        return now - since > SILENCE

    def gone(self, worker: int, *, died: bool = True) -> None:
        """Take back what a worker had; a run that was in its hands when it died again and again has failed."""
        most = ALONE + max(1, self._attempts - 1)
        reason = f"whoever plays it dies: {most} times without a new event, alone in the end"
        with self._queue.writing() as db:
            db.execute(
                "UPDATE run SET owner = 0, crashes = crashes + ?, state = CASE WHEN state = 'judging' THEN 'played'"
                " WHEN crashes + ? >= ? THEN 'failed' ELSE 'waiting' END,"
                " reason = CASE WHEN state = 'playing' AND crashes + ? >= ? THEN ? ELSE reason END WHERE owner = ?",
                (died, died, most, died, most, reason, worker),
            )
            db.execute("DELETE FROM worker WHERE id = ?", (worker,))
            ledger = self.ledger()
            if any(worker in account.slots for account in ledger.accounts.values()):
                ledger.forget(worker)
                self._queue.put(ledger=ledger.model_dump_json())

    def ledger(self) -> Ledger:
        """Give the governor's accounts."""
        try:
            return Ledger.model_validate_json(self._queue.get("ledger") or "{}")
        except ValidationError:  # of another version; shares are given anew
            return Ledger()


def machine() -> str:
    """Say which machine this is, since it was last started: whose locks and seconds can be compared."""
    with suppress(OSError):  # containers of one machine share it, whatever they call themselves
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return socket.gethostname()
