"""The verb that asks: interview."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worlds.errors import UsageError

if TYPE_CHECKING:
    from worlds.trajectory import Trajectory

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(interview)


def interview(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    question: Annotated[
        list[str], typer.Argument(help="What to ask; several questions are asked one by one.")
    ],
    who: Annotated[str, typer.Option(help="Whom to ask.")],
    at: Annotated[
        int | None, typer.Option(min=0, help="As of the end of this turn; of the run if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Ask a character, as of any moment; nothing is written to the run."""
    from sandbox.casting import stage_for
    from sandbox.runs import read_run

    log = _moment(read_run(run).log, who, at)
    stage = stage_for(log)

    async def ask() -> list[str]:
        view = await stage.view(log, who)
        return [await stage.minds[who].answer(view, text) for text in question]

    answers = asyncio.run(ask())
    if as_json:
        rows = [{"question": q, "answer": a} for q, a in zip(question, answers, strict=True)]
        document = {
            "schema": "sandbox.interview/1",
            "run": str(run),
            "who": who,
            "seq": log.seq,
            "answers": rows,
        }
        typer.echo(json.dumps(document))
        return
    for text, answer in zip(question, answers, strict=True):
        typer.echo(f"{text}\n{log.state.cast[who].name}: {answer}\n")


def _moment(log: "Trajectory", who: str, at: int | None) -> "Trajectory":
    """Give the log as of the end of a turn."""
    if who not in log.state.cast:
        message = f"{who!r} is not in this run; its cast is {', '.join(log.state.cast)}"
        raise UsageError(message)
    if at is None:
        return log
    if at > log.state.turn:
        message = f"this run has {log.state.turn} turns; choose --at between 0 and {log.state.turn}"
        raise UsageError(message)
    return log.upto(max(1, log.turn_at(at + 1)))
