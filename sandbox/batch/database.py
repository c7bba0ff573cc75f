"""The file of the queue: its tables, how it is opened, and what is said when it cannot be used."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from worlds.errors import InputError, SandboxError, UsageError

__all__ = ["BATCH", "connected", "told"]

BATCH = ".batch"
"""Folder within a batch's folder that holds the queue and what is not finished."""

_VERSION = "1"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS part (digest TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS worker (
    id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER, host TEXT, beat INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS tally (one INTEGER PRIMARY KEY, turns INTEGER, calls INTEGER, tokens INTEGER, cost REAL);
INSERT OR IGNORE INTO tally VALUES (1, 0, 0, 0, 0.0);
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, world TEXT NOT NULL, people TEXT NOT NULL,
    settings TEXT NOT NULL, waits INTEGER NOT NULL, turns INTEGER NOT NULL, wanted INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'waiting', owner INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0, length INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0, tokens INTEGER NOT NULL DEFAULT 0,
    cost REAL NOT NULL DEFAULT 0, hash TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS by_state ON run (state, waits, attempts, id);
CREATE INDEX IF NOT EXISTS by_owner ON run (owner) WHERE owner <> 0;
"""


@contextmanager
def connected(folder: Path, *, new: bool) -> Iterator[sqlite3.Connection]:
    """Open the file of a batch's queue; `UsageError` if there is none and none is to be made."""
    path = folder / BATCH / "queue.db"
    if not new and not path.exists():
        raise UsageError(f"{folder} holds no batch; `sandbox batch PLAN.yaml` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: the batch's folder cannot be made: {error.strerror}; choose another `out`"
        ) from error
    with told(folder), closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if new:
            db.executescript(_SCHEMA)
            db.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (_VERSION,))
        if db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() != (_VERSION,):
            raise InputError(f"{path}: the queue of another version; remove it: runs are kept")
        yield db


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Give what SQLite complains about as an error of ours, with the mend."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise SandboxError(
            f"{folder / BATCH}: the queue cannot be used: {error}; nothing is lost: "
            "see that the disk has space and can be written, then start the batch again"
        ) from error
    except sqlite3.DatabaseError as error:
        raise InputError(
            f"{folder / BATCH}: the queue is damaged ({error}); remove queue.db* there and start the batch again: "
            "runs are kept, finished or not"
        ) from error
