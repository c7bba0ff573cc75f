"""The Judges tab: how each character stands by the cursor, how that drifts, and what speaks against it."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from rich.text import Text

from judges.scores import goodness, slope
from judges.verdict import Verdict
from sandbox.tui.colours import Colours
from sandbox.tui.leaf import Leaf, spark
from sandbox.tui.show import Show

__all__ = ["UNREAD", "Bench", "bench_of", "judgement", "low", "stamp_of"]

VERDICTS = "verdicts.jsonl"

LOW = 0.4
"""How good a verdict may be, 0..1, to be called low: below the middle, which means nothing on a two-sided scale."""

DRIFTS = 0.1
"""Change over what has been played that is called a drift."""

LATEST = 8
"""So many low verdicts are told in full."""

Series = tuple[list[int], list[float]]
"""Seqs in order, and how good each verdict is there, 0..1."""


class Bench(NamedTuple):
    """The verdicts on a run, as the screen looks them up."""

    families: dict[str, dict[str, Series]]
    """Family of dimensions, such as `fidelity`, to character to its verdicts."""
    lows: tuple[tuple[int, Verdict], ...]
    """Low verdicts with the seq each is about, in order."""
    marks: tuple[int, ...]
    """Where low verdicts rest on."""
    heard: int = 0
    """How many verdicts there are."""
    read: bool = True
    """Whether they have been read."""


UNREAD = Bench({}, (), (), read=False)
"""What is known before the verdicts have been read."""


def low(verdict: Verdict) -> bool:
    """Whether a verdict speaks against its subject."""
    good = goodness(verdict)
    return good is not None and good < LOW


def judgement(show: Show, colours: Colours, width: int, bench: Bench) -> Text:
    """Draw the verdicts on what has happened by the cursor."""
    leaf = Leaf(colours, width)
    if not bench.read:
        leaf.note("reading the verdicts …")
        return leaf.text
    if not bench.heard:
        leaf.head("no verdicts yet")
        leaf.line("Press ", ("j", f"bold {colours.accent}"), " to have this run judged.")
        leaf.note("Rules read it in some seconds; `sandbox judge RUN --model …` asks a model as well.")
        return leaf.text
    cells = max(6, min(24, width - 26))
    for family, of in sorted(bench.families.items()):
        leaf.head(family, f"by #{show.cursor}")
        for who, series in of.items():
            _stand(leaf, show, who, series, cells)
    _against(leaf, show, bench)
    return leaf.text


def _stand(leaf: Leaf, show: Show, who: str, series: Series, cells: int) -> None:
    """Draw one character's mean over time, where it stands, and whether it drifts."""
    seqs, values = series
    count = bisect_right(seqs, show.cursor)
    name = show.index.names.get(who, who) or "the run"
    if not count:
        leaf.line("  ", (f"{name:11.11}", leaf.colours.of(name)), ("not yet", leaf.colours.faint))
        return
    ends = [(cell + 1) * (show.cursor + 1) // cells for cell in range(cells)]
    places = [0, *(bisect_right(seqs, end, hi=count) for end in ends)]
    windows = [
        sum(values[first:last]) / (last - first) if last > first else None for first, last in pairwise(places)
    ]
    mean, drift = sum(values[:count]) / count, slope(windows) or 0.0
    sign = ("↗", leaf.colours.good) if drift > DRIFTS else ("↘", leaf.colours.bad) if drift < -DRIFTS else " "
    style = leaf.colours.bad if mean < 0.5 else leaf.colours.good
    leaf.line(
        "  ",
        (f"{name:11.11}", leaf.colours.of(name)),
        ("".join(" " if w is None else spark([w], 0, 1, 1) for w in windows), style),
        (f" {mean:.2f} ", style),
        sign,
        (f" {count}", leaf.colours.faint),
    )


def _against(leaf: Leaf, show: Show, bench: Bench) -> None:
    """Tell the latest low verdicts, with what they rest on."""
    count = bisect_right(bench.lows, show.cursor, key=lambda pair: pair[0])
    leaf.head("low", f"{count} by #{show.cursor}" if count else "none so far")
    for seq, verdict in reversed(bench.lows[max(0, count - LATEST) : count]):
        name = show.index.names.get(verdict.subject, verdict.subject or "the run")
        value = 0.0 if verdict.value is None else verdict.value
        leaf.line(
            (f"{seq:>5} ", leaf.colours.accent),
            (name, leaf.colours.of(name)),
            f" {verdict.dimension} ",
            (f"{value:.2f}", leaf.colours.bad),
        )
        rests = ", ".join(f"#{at}" for at in verdict.evidence[:6])
        leaf.line(
            ("      ", ""),
            (f"{verdict.reason[:300]}{f' ({rests})' if rests else ''}", leaf.colours.faint),
            hang=6,
        )


def stamp_of(run: Path) -> tuple[Path, int]:
    """Say which verdicts lie beside a run: their file, and when it was written; 0 if there are none."""
    path = run / VERDICTS
    try:
        return path, path.stat().st_mtime_ns
    except OSError:
        return path, 0


def bench_of(path: Path) -> Bench:
    """Read a file of verdicts; lines that are none are left out. A long run has many: read them in a thread."""
    found = []
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    for line in text.splitlines():
        try:
            found.append(Verdict.model_validate_json(line))
        except ValidationError:
            continue
    return _bench(found)


def _bench(verdicts: Iterable[Verdict]) -> Bench:
    families: dict[str, dict[str, Series]] = {}
    lows, marks = [], set[int]()
    heard = sorted(((_at(verdict), verdict) for verdict in verdicts), key=_first)
    for seq, verdict in heard:
        good = goodness(verdict)
        if good is None:
            continue
        family = verdict.dimension.partition(".")[0]
        seqs, values = families.setdefault(family, {}).setdefault(verdict.subject, ([], []))
        seqs.append(seq)
        values.append(good)
        if low(verdict):
            lows.append((seq, verdict))
            marks.update(verdict.evidence[-1:])
    return Bench(families, tuple(lows), tuple(sorted(marks)), len(heard))


def _at(verdict: Verdict) -> int:
    """Give the seq by which a verdict can be known: the last it is about, or rests on."""
    return verdict.window.last if verdict.window else max(verdict.evidence, default=0)


def _first(pair: tuple[int, Verdict]) -> int:
    return pair[0]
