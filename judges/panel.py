"""The panel: several judges over one trajectory or many.

panel = Panel(named(("consistency", "tracking")))
verdicts = panel.judge(log)
scores = tally(log, verdicts)
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from judges import JUDGES
from judges.reading import read
from judges.scores import Tally, tally
from judges.verdict import Judge, Log, Verdict
from worlds.errors import SandboxError, UsageError

__all__ = ["Panel", "named"]


class Panel:
    """Judges who sit together: they share one reading of a log, and one that fails does not stop the others."""

    def __init__(self, judges: Iterable[Judge] | None = None) -> None:
        """Seat these judges; all that work without a model if none are given."""
        self.judges: tuple[Judge, ...] = tuple(named() if judges is None else judges)

    def judge(self, log: Log) -> tuple[Verdict, ...]:
        """Give all verdicts on one log. A judge that cannot judge it gives one verdict that says why."""
        reading = read(log)
        return tuple(verdict for judge in self.judges for verdict in _heard(judge, reading))

    def tally(self, log: Log) -> Tally:
        """Judge one log and add the verdicts up."""
        reading = read(log)
        return tally(reading, self.judge(reading))


def named(names: Sequence[str] = ()) -> tuple[Judge, ...]:
    """Give judges by name, all of them if none is named; `UsageError` for a name there is not."""
    strange = [name for name in names if name not in JUDGES]
    if strange:
        raise UsageError(f"there is no judge {strange[0]!r}; choose from {', '.join(JUDGES)}")
    return tuple(_made(JUDGES[name]) for name in names or JUDGES)


def _made(path: str) -> Judge:
    module, _, name = path.partition(":")
    judge: Judge = getattr(import_module(module), name)()
    return judge


def _heard(judge: Judge, log: Log) -> Iterator[Verdict]:
    try:
        yield from judge.judge(log)
    except SandboxError as error:
        yield Verdict(judge=judge.name, subject="", dimension=judge.name, value=None, reason=str(error))
