"""What the verbs of batches print."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sandbox.batch.parent import Sight
    from sandbox.batch.prepare import Estimate
    from sandbox.batch.queue import Queue

__all__ = ["print_batch", "print_estimate", "seen"]


def seen(queue: "Queue") -> "Sight":
    """Say how a batch stands that may be played by others."""
    from sandbox.batch.parent import Sight

    workers = queue.read("SELECT count(*) FROM worker")[0][0]
    return Sight(queue.counts(), queue.tally(), 0.0, int(str(workers)))


def print_batch(queue: "Queue", sight: "Sight", *, as_json: bool, runs: bool = False) -> None:
    """Print how a batch stands, and why runs failed."""
    which = "1" if runs else "state = 'failed'"
    rows = queue.read(
        f"SELECT name, state, reason, turn, tokens, cost, hash FROM run WHERE {which} ORDER BY id"  # noqa: S608 - two constants
    )
    if as_json:
        document = {
            "schema": "sandbox.batch/1",
            "batch": str(queue.folder),
            "counts": sight.counts,
            **sight.tally._asdict(),
            "seconds": round(sight.seconds, 3),
            "stopped": queue.get("stop"),
            "runs": [
                dict(zip(("run", "state", "reason", "turns", "tokens", "cost", "hash"), row, strict=True))
                for row in rows
            ],
        }
        typer.echo(json.dumps(document))
        return
    states = ", ".join(f"{count} {state}" for state, count in sorted(sight.counts.items()))
    pace = ""
    if sight.seconds:
        pace = f" · {sight.seconds:.1f} s, {sight.finished / sight.seconds:.1f} runs/s"
    tally = sight.tally
    spent = f" · {tally.calls:,} calls, {tally.tokens:,} tokens, ${tally.cost:.2f}" if tally.calls else ""
    typer.echo(f"{queue.folder}: {states} · {tally.turns:,} turns{spent}{pace}")
    for name, state, reason, *_ in rows:
        typer.echo(f"  {name}: {state}{f': {reason}' if reason else ''}")


def print_estimate(folder: Path, estimate: "Estimate", *, as_json: bool) -> None:
    """Print what a plan will take, roughly."""
    from sandbox.batch.progress import duration

    if as_json:
        document = {"schema": "sandbox.estimate/1", "batch": str(folder), **asdict(estimate)}
        typer.echo(json.dumps(document))
        return
    typer.echo(f"{folder}: {estimate.runs:,} runs of at most {estimate.turns:,} turns")
    if estimate.calls:
        cost = "price unknown" if estimate.cost is None else f"about ${estimate.cost:,.2f}"
        typer.echo(f"models: {', '.join(estimate.models)}; about {estimate.calls:,} calls, {cost}")
    typer.echo(f"about {duration(estimate.seconds)}")
