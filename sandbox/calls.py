"""`calls.jsonl`: every call a run made to its models, in a file beside the log.

Two kinds of lines, in the order they came to be. `{"text": …}` is one line of a prompt or a reply; it is written once,
before it is first used, and its number is its place among the lines of this kind. A call names the lines of its prompt
and reply by these numbers, runs of them as `3-41`; so what is repeated from prompt to prompt costs a few bytes.

The file serves three ends: nothing that was answered is paid for twice, after a crash above all; a run can be played
again from it, byte for byte, without a model; and it says what was spent.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import IO, Any, NamedTuple

from characters.calls import Call, Fault, Message, Usage
from sandbox.budget import Budget
from worlds.errors import BudgetError, InputError, LogError, ModelError, SandboxError, UsageError

__all__ = ["CALLS", "CallFile", "Spent", "open_calls", "replayed"]

CALLS = "calls.jsonl"

_JSON = json.JSONEncoder(ensure_ascii=False)


class Spent(NamedTuple):
    """What the calls of a run came to."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    """Of the calls whose price is known."""
    faults: int = 0
    unused: int = 0
    """Replies that could not be used."""


class CallFile:
    """The calls of a run: found, made, kept. See `open_calls` and `replayed`."""

    def __init__(self, where: str, file: IO[bytes] | None, budget: Budget) -> None:
        """Keep calls in an open file; without one, give only what is known already."""
        self.where = where
        self.spent = Spent()
        self._file = file
        self._budget = budget
        self._began = perf_counter()
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._by_key: dict[str, Call] = {}
        self._by_place: dict[str, Call] = {}

    @property
    def waits(self) -> bool:
        """Whether a call may have to wait for a model."""
        return self._file is not None

    def find(self, key: str, at: str) -> Call | None:
        """Give the call with this key; if there is none and none may be made, raise `ModelError`."""
        if key in self._by_key or self._file is not None:
            return self._by_key.get(key)
        why = f"at {at} another prompt was asked" if at in self._by_place else f"nothing was asked at {at}"
        message = f"{self.where}: no reply is recorded for this call ({why}); play what was recorded"
        raise ModelError(message)

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        return self._by_place.get(at)

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made; `BudgetError` if what may be spent is spent."""
        seconds = perf_counter() - self._began
        if over := self._budget.over(self.spent.tokens, self.spent.cost, seconds, priced=priced):
            raise _spent(*over)

    def keep(self, call: Call) -> None:
        """Write a call down and hand it to the operating system before anything is made of it."""
        lines = [
            *(text for message in call.messages for text in message.text.split("\n")),
            *call.reply.split("\n"),
        ]
        fresh = [text for text in dict.fromkeys(lines) if text not in self._numbers]
        for text in fresh:
            self._pool(text)
        written = [f'{{"text": {_JSON.encode(text)}}}' for text in fresh]
        written.append(_JSON.encode(self._record(call)))
        self._note(call)
        if self._file is None:
            return
        try:
            self._file.write("".join(f"{line}\n" for line in written).encode())
            self._file.flush()
        except OSError as error:
            raise SandboxError(
                f"{self.where}: a call could not be written: {error.strerror}; free some space and resume"
            ) from error

    def kept(self) -> tuple[Call, ...]:
        """Give the calls that can be found again, oldest first."""
        return tuple(self._by_key.values())

    def read(self, number: int, line: bytes) -> None:
        """Take in one line; `LogError` names the line if it is none of ours."""
        try:
            found = json.loads(line)
            if "text" in found:
                self._pool(found["text"])
            else:
                self._note(self._call(found))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            message = f"{self.where}:{number}: not a line of recorded calls ({error}); restore it, or remove the file"
            raise LogError(message) from error

    def _pool(self, text: str) -> None:
        self._numbers.setdefault(text, len(self._texts))
        self._texts.append(text)

    def _note(self, call: Call) -> None:
        self._by_place[call.at] = call
        if call.key:
            self._by_key[call.key] = call
        if call.at.startswith("judge:"):  # judging keeps an account of its own
            return
        spent = self.spent
        self.spent = Spent(
            calls=spent.calls + 1,
            tokens=spent.tokens + call.usage.total,
            cost=spent.cost + (call.cost or 0.0),
            faults=spent.faults + len(call.faults),
            unused=spent.unused + bool(call.problem),
        )

    def _record(self, call: Call) -> dict[str, Any]:
        """Give a call as it is written; what is empty is left out."""
        record = {
            "at": call.at,
            "attempt": call.attempt,
            "model": call.model,
            "key": call.key,
            "prompt": [[message.role, self._refs(message.text)] for message in call.messages],
            "reply": self._refs(call.reply),
            "error": call.error,
            "problem": call.problem,
            "tokens": list(call.usage),
            "seconds": call.seconds,
            "cost": call.cost,
            "faults": [list(fault) for fault in call.faults],
        }
        return {name: value for name, value in record.items() if value or name in ("at", "attempt")}

    def _call(self, found: dict[str, Any]) -> Call:
        """Read a call back."""
        return Call(
            at=found["at"],
            attempt=found["attempt"],
            model=found["model"],
            key=found.get("key", ""),
            messages=tuple(Message(role, self._text(refs)) for role, refs in found["prompt"]),
            reply=self._text(found.get("reply", "")),
            error=found.get("error", ""),
            problem=found.get("problem", ""),
            usage=Usage(*found["tokens"]),
            seconds=found.get("seconds", 0.0),
            cost=found.get("cost"),
            faults=tuple(Fault(*fault) for fault in found.get("faults", ())),
        )

    def _refs(self, text: str) -> str:
        return _ranges([self._numbers[line] for line in text.split("\n")])

    def _text(self, refs: str) -> str:
        numbers = (
            range(int(first), int(last or first) + 1)
            for first, _, last in (r.partition("-") for r in refs.split())
        )
        return "\n".join(self._texts[number] for run in numbers for number in run)


@contextmanager
def open_calls(path: Path, budget: Budget | None = None) -> Iterator[CallFile]:
    """Open the calls of a run to go on with them; a torn last line is cut off. The run is locked by who opens it."""
    path = path / CALLS if path.is_dir() else path
    try:
        with path.open("a+b") as file:
            calls = CallFile(str(path), file, budget or Budget())
            file.truncate(_read(calls, file))
            yield calls
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def replayed(path: Path) -> CallFile:
    """Give the calls of a run to be played again; a call that was not recorded is a `ModelError`."""
    path = path / CALLS if path.is_dir() else path
    calls = CallFile(str(path), None, Budget())
    try:
        with path.open("rb") as file:
            _read(calls, file)
    except OSError as error:
        raise InputError(
            f"{path}: no recorded calls: {error.strerror}; name a run that a model played"
        ) from error
    return calls


def _read(calls: CallFile, file: IO[bytes]) -> int:
    """Read all whole lines; give how many bytes they are."""
    file.seek(0)
    size = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            break
        calls.read(number, line)
        size += len(line)
    return size


def _ranges(numbers: Sequence[int]) -> str:
    """Write `3 4 5 9` as `3-5 9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _spent(what: str, how_much: str, flag: str) -> BudgetError:
    return BudgetError(
        f"the run has spent its {what} ({how_much}); what was played is kept: resume it with a higher --{flag}"
    )
