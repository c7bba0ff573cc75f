"""The panel: several judges over one trajectory or many.

panel = Panel(named(("consistency", "tracking")))
verdicts = panel.judge(log)
scores = tally(log, verdicts)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from judges import ASKING, JUDGES
from judges.reading import read
from judges.scores import Tally, tally
from judges.verdict import Judge, Log, Verdict
from worlds.errors import SandboxError, UsageError

if TYPE_CHECKING:
    from judges.bench import AskingJudge, Bench

__all__ = ["Panel", "asked", "asking", "named"]


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
    """Give judges by name, all that need no model if none is named; `UsageError` for a name there is not."""
    return tuple(_made(name, JUDGES) for name in names or JUDGES)


def asking(names: Sequence[str] = ()) -> "tuple[AskingJudge, ...]":
    """Give judges that ask a model, by name, all of them if none is named; `UsageError` for a name there is not."""
    return tuple(_made(name, ASKING) for name in names or ASKING)


async def asked(judges: "Iterable[AskingJudge]", log: Log, bench: "Bench") -> tuple[Verdict, ...]:
    """Give all verdicts of judges that ask a model on one log."""
    reading = read(log)
    groups = [await judge.judge(reading, bench) for judge in judges]
    return tuple(verdict for group in groups for verdict in group)


def _made(name: str, among: Mapping[str, str]) -> Any:  # noqa: ANN401 - a class named by a string
    if name not in among:
        raise UsageError(f"there is no judge {name!r}; choose from {', '.join(among)}")
    module, _, made = among[name].partition(":")
    return getattr(import_module(module), made)()


def _heard(judge: Judge, log: Log) -> Iterator[Verdict]:
    try:
        yield from judge.judge(log)
    except SandboxError as error:
        yield Verdict(judge=judge.name, subject="", dimension=judge.name, value=None, reason=str(error))
