"""From a plan to a queue that is ready, and what that will take."""

import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from characters.models.specs import read_spec
from sandbox.batch.grid import Expansion, Job, expand
from sandbox.batch.queue import Queue
from sandbox.batch.spec import Limits, Plan, Read
from worlds.errors import SandboxError, UsageError

__all__ = ["Estimate", "Part", "checked", "estimate", "fill", "folder_of", "part_of"]

TURN = 0.003
"""Seconds of processor a turn takes, whoever plays it, see docs/scale.md."""

CALL = 2.0
"""Seconds a call is taken to last."""

PROMPT, REPLY = 3_000, 250
"""Tokens a call is taken to cost."""


@dataclass(frozen=True, slots=True)
class Part:
    """Every `of`-th run of a plan, beginning with the `number`-th: for machines that share nothing."""

    number: int = 1
    of: int = 1


@dataclass(slots=True)
class Estimate:
    """What a plan will take, roughly, if every story lasts as long as it may."""

    runs: int = 0
    turns: int = 0
    calls: int = 0
    models: list[str] = field(default_factory=list)
    cost: float | None = None
    """US dollars; None if a model's price is not known."""
    seconds: float = 0.0


def part_of(text: str) -> Part:
    """Read `3/16`."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    number, of = (int(each) for each in found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise UsageError(f"--part {text!r} is none; write 3/16 for the third of sixteen")
    return Part(number, of)


def folder_of(read: Read, part: Part) -> Path:
    """Give the folder of a plan's runs; each part has its own."""
    return Path(read.plan.out if part.of == 1 else f"{read.plan.out}-{part.number}-of-{part.of}")


def checked(read: Read, part: Part) -> tuple[Expansion, list[Job]]:
    """Work out all runs of a plan; raise what is wrong with any of them before one is begun."""
    expansion = expand(read)
    try:
        jobs = [*islice(expansion.jobs(), part.number - 1, None, part.of)]
        if expansion.models:
            _check_models(expansion.models, read.plan.limits)
        if read.plan.judges:
            from judges.panel import named  # noqa: PLC0415 - the judges are needed by few plans here

            _ = named(tuple(name for name in read.plan.judges if name != "all"))
        if read.plan.exports:
            _check_forms(read.plan.exports)
    except SandboxError as error:
        raise type(error)(f"{read.source.path}: {error}") from error
    if not jobs:
        raise UsageError(f"{read.source.path}: no run is left; take something out of `exclude`")
    return expansion, jobs


def fill(queue: Queue, plan: Plan, expansion: Expansion, jobs: list[Job]) -> None:
    """Make the queue hold what the plan wants, what is done left as it is."""
    judges = ",".join(plan.judges)
    with queue.writing() as db:
        queue.fill(jobs, expansion.parts)
        if judges != queue.get("judges"):
            done, again = ("done", "played") if judges else ("played", "done")
            db.execute("UPDATE run SET state = ? WHERE state = ?", (again, done))
        queue.put(
            name=plan.name,
            limits=plan.limits.model_dump_json(),
            judges=judges,
            exports=",".join(plan.exports),
            turns=str(sum(job.turns for job in jobs)),
        )


def estimate(expansion: Expansion, jobs: list[Job], workers: int) -> Estimate:
    """Say what a plan will take."""
    asking = sum(job.turns for job in jobs if job.waits)
    turns, models = sum(job.turns for job in jobs), sorted(expansion.models)
    price = _price(models)
    at_once = max(1, min(expansion.read.plan.limits.calls or 8, sum(job.waits for job in jobs)))
    seconds = max(turns * TURN / max(workers, 1), asking * CALL / at_once)
    return Estimate(len(jobs), turns, asking, models, None if price is None else asking * price, seconds)


def _price(models: list[str]) -> float | None:
    """Give what a call costs at most, with the dearest of the models."""
    prices = [read_spec(part.strip()).options.price for spec in models for part in spec.split(",")]
    costs = [(PROMPT * price.prompt + REPLY * price.reply) / 1e6 for price in prices if price is not None]
    return max(costs) if costs and len(costs) == len(prices) else None


def _check_models(models: set[str], limits: Limits) -> None:
    from characters.models import usable  # noqa: PLC0415 - models are needed by few plans

    for spec in sorted(models):
        wrong = usable(spec)
        if wrong:
            raise UsageError(wrong)
        if limits.max_cost is not None and _price([spec]) is None:
            raise UsageError(
                f"{spec}: limits.max_cost needs a price: put ?price=PROMPT/REPLY behind the model"
            )


def _check_forms(forms: tuple[str, ...]) -> None:
    from sandbox.exports import FORMS  # noqa: PLC0415 - exports are needed by few plans

    strange = [form for form in forms if form not in FORMS]
    if strange:
        raise UsageError(f"exports: there is no format {strange[0]!r}; choose from {', '.join(FORMS)}")
