"""The verbs that judge: judge, judges."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandbox.cli.options import MaxCost, MaxSeconds, MaxTokens
from worlds.errors import StoppedError

if TYPE_CHECKING:
    from judges.scores import Score, Tally
    from judges.verdict import Verdict
    from sandbox.foreign import Trial
    from sandbox.judging import Counts, Hearing
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
    runs: Annotated[list[Path], typer.Argument(help="Runs, folders of them, or chats other programs wrote.")],
    judges: Annotated[str, typer.Option("--judges", help="Judges, with commas; all if empty.")] = "",
    fail_under: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Exit with 6 if a character scores less with any judge."),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Print every verdict that is not good, and the lines it rests on."),
    ] = False,
    model: Annotated[str, typer.Option(help="Model for the judges that ask one; none if empty.")] = "",
    nli: Annotated[
        str, typer.Option(help="Cross-encoder that holds replies against the profile, instead of the rules.")
    ] = "",
    samples: Annotated[int, typer.Option(min=1, help="How often the model is asked each thing.")] = 1,
    versus: Annotated[
        Path | None, typer.Option(help="A run to compare with, part by part and in both orders.")
    ] = None,
    admission: Annotated[
        bool,
        typer.Option(help="First find out whether the model can tell who speaks; if not, it does not count."),
    ] = True,
    abstain_below: Annotated[
        float | None,
        typer.Option(min=0, max=100, help="Certainty under which the model's verdicts do not count."),
    ] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Ask nothing: take every reply from the runs' records.")
    ] = False,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_seconds: MaxSeconds = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Judge runs: how faithful, consistent and up to date each character was, with evidence."""
    from judges.scores import tally
    from sandbox.budget import Budget
    from sandbox.foreign import trajectories_of
    from sandbox.judging import Terms, counts, seated

    names = tuple(name for name in judges.split(",") if name)
    budget = Budget(max_tokens, max_cost, max_seconds)
    threshold = None if abstain_below is None else abstain_below / 100
    panel, hearing = seated(names, model, Terms(samples, budget, replay, admission, threshold, nli, versus))
    rows, lowest, told = [], 1.0, set[str]()
    for trial in trajectories_of(runs):
        run, log = trial.name, trial.log
        verdicts = trial.fair((*panel.judge(log), *_heard(hearing, trial)))
        if trial.foreign:
            _print_lacks(trial, told)
        else:
            _write(trial.path, verdicts)
        scores, asked = tally(log, verdicts), counts(verdicts)
        lowest = min([lowest, *_family_values(scores)])
        rows.append(
            {"run": run, "scores": {name: _plain(of) for name, of in scores.items()}, **_asked(asked)}
        )
        if not as_json:
            _print(run, scores, asked)
            _print_asides(verdicts)
            if evidence:
                _print_evidence(log, verdicts)
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.judge/1", "runs": rows}))
    _end(hearing)
    if fail_under is not None and lowest < fail_under:
        typer.echo(f"the lowest score is {lowest:.2f}, under {fail_under}", err=True)
        raise typer.Exit(BELOW)


def _heard(hearing: "Hearing | None", trial: "Trial") -> "tuple[Verdict, ...]":
    """Give what the judges that ask a model say of a run."""
    if hearing is None:
        return ()
    try:
        return hearing.hear(trial.log, None if trial.foreign else trial.path)
    except KeyboardInterrupt:
        message = f"stopped; what was asked of {trial.name} is kept, and judging again goes on from there"
        raise StoppedError(message) from None


def _end(hearing: "Hearing | None") -> None:
    """Say what asking took; raise what it was stopped by, now that all is written and shown."""
    if hearing:
        typer.echo(hearing.purse.told(), err=True)
        if hearing.stopped:
            raise hearing.stopped


def _asked(asked: "Mapping[str, Counts]") -> dict[str, object]:
    return {"asked": {name: count._asdict() for name, count in asked.items()}} if asked else {}


def judges(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the judges."""
    from judges.panel import asking, named

    rows = [{"id": one.name, "what": _what(one), "asks": False} for one in named()]
    rows += [{"id": one.name, "what": _what(one), "asks": True} for one in asking()]
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.judges/1", "judges": rows}))
        return
    for row in rows:
        typer.echo(f"{row['id']:14} {row['what']}{' Asks a model: --model SPEC.' if row['asks'] else ''}")


def _what(judge: object) -> str:
    return (type(judge).__doc__ or "").splitlines()[0]


def _print_lacks(trial: "Trial", told: set[str]) -> None:
    """Say of a foreign file what had to be guessed, and what nobody can judge for want of it; all of it once."""
    for line in (f"{trial.path}: {text}" for text in (*trial.notes, *trial.lacks)):
        if line not in told:
            typer.echo(line, err=True)
            told.add(line)


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


def _print(run: str, scores: "Tally", asked: "Mapping[str, Counts]") -> None:
    """Print a table: a line a dimension, a column a character; behind it, what asking did not bring."""
    cast = sorted({who for of in scores.values() for who in of if who})
    typer.echo(f"{run}\n{'':24}" + "".join(f"{who[:11]:>12}" for who in cast))
    for name in sorted(name for name, of in scores.items() if any(of)):
        cells = (scores[name].get(who) for who in cast)
        label = name if "." not in name else f"  {name.partition('.')[2]}"
        typer.echo(f"{label:24}" + "".join(f"{_cell(cell):>12}" for cell in cells) + _lost(asked.get(name)))
    typer.echo("")


def _print_asides(verdicts: "Iterable[Verdict]") -> None:
    """Print what is said of the model, rather than of a character: whether it may judge, how position swayed it."""
    told = {f"{one.model} · {one.reason}" for one in verdicts if one.model and not one.subject}
    for line in sorted(told):
        typer.echo(line)


def _lost(count: "Counts | None") -> str:
    """Say how many of the verdicts that were asked for do not count, and why."""
    if count is None:
        return ""
    parts = {
        "unparsed": count.unparsed,
        "abstained": count.abstained,
        "not admitted": count.not_admitted,
    }
    told = [f"{number} {what}" for what, number in parts.items() if number]
    return f"   {', '.join(told)} of {count.asked}" if told else f"   all {count.asked} count"


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
        graded = verdict.dimension.endswith((".apc", ".lag")) or not verdict.subject
        if good is not None and good < 0.5 and not graded and not verdict.held_back:
            typer.echo(f"{verdict.subject} · {verdict.dimension} {verdict.value}: {verdict.reason}")
            for seq in verdict.evidence[:4]:
                typer.echo(f"    {seq:5} {told.get(seq, log[seq].body.kind)}")
