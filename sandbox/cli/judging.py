"""The verbs that judge: judge, judges."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worlds.errors import UsageError

if TYPE_CHECKING:
    from judges.scores import Score, Tally
    from judges.verdict import Verdict
    from worlds.trajectory import Trajectory

__all__ = ["register"]

VERDICTS = "verdicts.jsonl"

BELOW = 6
"""Exit code when a score is below `--fail-under`."""


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(judge)
    app.command()(judges)


def judge(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or folders of them.")],
    judges: Annotated[str, typer.Option("--judges", help="Judges, with commas; all if empty.")] = "",
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Exit with 6 if a character scores less with any judge."),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Print every verdict that is not good, and the lines it rests on."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Judge runs: how faithful, consistent and up to date each character was, with evidence."""
    from judges.panel import Panel, named
    from judges.scores import tally
    from sandbox.runs import read_run

    panel = Panel(named(tuple(name for name in judges.split(",") if name)))
    rows, lowest = [], 1.0
    for run in _runs(runs):
        log = read_run(run).log
        verdicts = panel.judge(log)
        _write(run, verdicts)
        scores = tally(log, verdicts)
        lowest = min([lowest, *_family_values(scores)])
        rows.append({"run": str(run), "scores": {name: _plain(of) for name, of in scores.items()}})
        if not as_json:
            _print(run, scores)
            if evidence:
                _print_evidence(log, verdicts)
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.judge/1", "runs": rows}))
    if fail_under is not None and lowest < fail_under:
        typer.echo(f"the lowest score is {lowest:.2f}, under {fail_under}", err=True)
        raise typer.Exit(BELOW)


def judges(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the judges."""
    from judges.panel import named

    rows = [{"id": one.name, "what": (type(one).__doc__ or "").splitlines()[0]} for one in named()]
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.judges/1", "judges": rows}))
        return
    for row in rows:
        typer.echo(f"{row['id']:12} {row['what']}")


def _runs(paths: Sequence[Path]) -> list[Path]:
    """Give the run folders meant: each path itself, or the runs right under it."""
    found = []
    for path in paths:
        inside = sorted(log.parent for log in path.glob("*/events.jsonl")) if path.is_dir() else []
        found += inside if inside and not (path / "events.jsonl").exists() else [path]
    if not found:
        raise UsageError("there is no run to judge; `sandbox run WORLD` makes one")
    return found


def _write(run: Path, verdicts: "Iterable[Verdict]") -> None:
    """Put the verdicts beside the log. They can be had again any time, so the newest take the place of the last."""
    folder = run if run.is_dir() else run.parent
    fresh = folder / f".{VERDICTS}.new"
    lines = (f"{verdict.model_dump_json(exclude_defaults=True)}\n" for verdict in verdicts)
    try:
        fresh.write_text("".join(lines), encoding="utf-8")
        fresh.replace(folder / VERDICTS)
    except OSError as error:
        typer.echo(f"{folder / VERDICTS}: not written: {error.strerror}", err=True)


def _family_values(scores: "Tally") -> list[float]:
    return [
        score.value
        for name, of in scores.items()
        for who, score in of.items()
        if "." not in name and who and score.value is not None
    ]


def _plain(of: "Mapping[str, Score]") -> dict[str, object]:
    return {who or "run": score._asdict() for who, score in of.items()}


def _print(run: Path, scores: "Tally") -> None:
    """Print a table: a line a dimension, a column a character."""
    cast = sorted({who for of in scores.values() for who in of if who})
    typer.echo(f"{run}\n{'':24}" + "".join(f"{who[:11]:>12}" for who in cast))
    for name in sorted(scores):
        cells = (scores[name].get(who) for who in cast)
        label = name if "." not in name else f"  {name.partition('.')[2]}"
        typer.echo(f"{label:24}" + "".join(f"{_cell(cell):>12}" for cell in cells))
    typer.echo("")


def _cell(score: "Score | None") -> str:
    if score is None:
        return ""
    value = "n/a" if score.value is None else f"{score.value:.2f}"
    drift = "" if score.drift is None or abs(score.drift) < 0.05 else " ↑" if score.drift > 0 else " ↓"
    return f"{value}{drift}"


def _print_evidence(log: "Trajectory", verdicts: "Iterable[Verdict]") -> None:
    """Print what is not good, with the lines it rests on."""
    from judges.scores import goodness
    from sandbox.story import Teller

    told: dict[int, str] = {}
    for line in Teller(inner=True).tell(log):
        told[line.seq] = f"{told.get(line.seq, '')} {line.who}: {line.text}".strip(": ")
    for verdict in verdicts:
        good = goodness(verdict)
        if good is not None and good < 0.5 and not verdict.dimension.endswith((".apc", ".lag")):
            typer.echo(f"{verdict.subject} · {verdict.dimension} {verdict.value}: {verdict.reason}")
            for seq in verdict.evidence[:4]:
                typer.echo(f"    {seq:5} {told.get(seq, log[seq].body.kind)}")
