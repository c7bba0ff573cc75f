"""How a batch goes, on a terminal or in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from sandbox.batch.parent import Sight

__all__ = ["Pace", "duration", "showing"]

_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


class Pace:
    """How fast it goes, counted from the first sight: what was done before does not make it look faster."""

    def __init__(self) -> None:
        """Begin with the first sight."""
        self._first: Sight | None = None

    def told(self, sight: Sight) -> str:
        """Say it in a line."""
        first = self._first = self._first or sight
        passed = max(sight.seconds - first.seconds, 1e-9)
        runs = (sight.finished - first.finished) / passed
        turns = (sight.tally.turns - first.tally.turns) / passed
        parts = [f"{runs:.1f} runs/s", f"{turns:.0f} turns/s"]
        if sight.tally.calls:
            parts += [f"{sight.tally.calls:,} calls", f"{sight.tally.tokens:,} tokens"]
        if sight.tally.cost:
            parts.append(f"${sight.tally.cost:.2f}")
        if failed := sight.counts.get("failed", 0):
            parts.append(f"{failed} failed")
        left = sum(sight.counts.get(state, 0) for state in ("waiting", "playing"))
        if judging := sight.counts.get("played", 0) + sight.counts.get("judging", 0):
            parts.append(f"{judging} to judge")
        if left and runs:
            parts.append(f"{duration(left / runs)} left")
        return " · ".join(parts)


class _Told(ProgressColumn):
    """The line behind the bar."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def render(self, task: Task) -> Text:
        """Give the line."""
        del task
        return Text(self.text)


@contextmanager
def showing(name: str, *, quiet: bool) -> Iterator[Callable[[Sight], None]]:
    """Give what is to be called with each sight: it draws a bar on a terminal, else a line now and then."""
    console = Console(stderr=True, highlight=False, markup=False)
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _bar(name, console) as show:
            yield show
    else:
        yield _lines(name, console)


@contextmanager
def _bar(name: str, console: Console) -> Iterator[Callable[[Sight], None]]:
    pace, told = Pace(), _Told()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(24),
        TextColumn("{task.completed}/{task.total}"),
        told,
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(name)

        def show(sight: Sight) -> None:
            told.text = pace.told(sight)
            progress.update(task, completed=sight.finished, total=sum(sight.counts.values()))

        yield show


def _lines(name: str, console: Console) -> Callable[[Sight], None]:
    pace, last = Pace(), [-_EVERY]

    def show(sight: Sight) -> None:
        text, total = pace.told(sight), sum(sight.counts.values())
        if sight.seconds - last[0] >= _EVERY or not sight.workers:
            last[0] = sight.seconds
            console.file.write(f"{name}: {sight.finished}/{total} runs · {text}\n")
            console.file.flush()

    return show


def duration(seconds: float) -> str:
    """Write `90` as `1 min 30 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
