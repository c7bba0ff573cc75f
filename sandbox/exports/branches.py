"""Several ways to go on from one moment, judged: what best-of and preferences are made of.

A **contest** is one prompt, as one character saw it, and the completions there are for it, each scored by what judges
say of the character from that turn on. Completions come from the runs given, where two of them show a character the
very same prompt, as forks do; and from forks that are played here, each with a seed of its own.

Two completions are compared only if their prompts are equal to the letter. What differs in score by nothing is no
pair, whoever would like one.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import NamedTuple
from zlib import crc32

from characters.calls import Call, Calls, Memo
from judges.panel import Panel, named
from judges.verdict import Verdict
from sandbox.budget import Budget
from sandbox.casting import stage_for
from sandbox.exports.pov import Message, Part, answered, part_of, prompt
from sandbox.exports.scoring import Scored, beside, of_stretch
from sandbox.exports.source import Options, Played, people
from sandbox.runs import new_run
from worlds.errors import BudgetError, UsageError
from worlds.events import Cued, Draft
from worlds.trajectory import Trajectory, extend

__all__ = ["Contest", "Entry", "branch", "contests"]


class Entry(NamedTuple):
    """One way to go on."""

    run: str
    """The run it is in; for a fork played here, the run it left, the seq it left it at, and its number."""
    seq: int
    reply: Message
    scored: Scored


class Contest(NamedTuple):
    """One prompt and its completions, which all differ."""

    who: str
    prompt: list[Message]
    entries: tuple[Entry, ...]
    """The best first: by how much it is better than the others, on average."""

    @property
    def pair(self) -> tuple[Entry, Entry]:
        """The two that are furthest apart, the better one first."""
        one, other = max(
            combinations(self.entries, 2), key=lambda two: abs(beside(two[0].scored, two[1].scored).margin)
        )
        return (one, other) if beside(one.scored, other.scored).margin >= 0 else (other, one)


def contests(runs: Sequence[Played], options: Options) -> Iterator[Contest]:
    """Give every contest there is: between forks played here if samples are asked for, else between these runs."""
    if options.samples:
        spent = _Purse(options.budget)
        for run in runs:
            for who in people(run, options):
                yield from _played(run, part_of(run.log, who), options, spent)
    else:
        yield from _found(runs, options)


async def branch(log: Trajectory, cue: int, seed: int, ahead: int, calls: Calls | None = None) -> Trajectory:
    """Play on for `ahead` turns from a cue of a log, with other draws.

    The fork stands before the cue, which is made again as it was: what the cued character perceived is the same, and
    only what it makes of it is left to chance. Of a model, it is the reply that is sampled anew.
    """
    cued = log[cue].body
    if not isinstance(cued, Cued):
        message = f"event {cue} is no cue"
        raise TypeError(message)
    base = log.upto(cue)
    until = base.state.turn + ahead
    settings = base.state.settings
    changes = {"seed": seed, "turns": max(settings.turns, until + 1)}
    forked = extend(base.fork(f"event {cue}", settings.model_copy(update=changes)), [Draft(cued)])
    stage = stage_for(forked, calls, run=f"fork-{cue}-{seed}")
    async with aclosing(stage.play(forked)) as events:
        async for event in events:
            if event.body.kind == "turn_ended" and event.turn >= until:
                break
    return stage.log


class _Purse:
    """What all the forks of one export may spend together."""

    def __init__(self, budget: Budget) -> None:
        self.budget, self.tokens, self.cost = budget, 0, 0.0

    def allow(self, *, priced: bool) -> None:
        """Raise `BudgetError` if it is spent, `UsageError` for a limit of cost where no cost is known."""
        tokens, cost = self.budget.tokens, self.budget.cost
        if cost is not None and not priced:
            raise UsageError(
                "--max-cost needs a price: the run's model was named without `?price=PROMPT/REPLY`"
            )
        if (tokens is not None and self.tokens >= tokens) or (cost is not None and self.cost >= cost):
            raise BudgetError(
                f"the forks have spent {self.tokens} tokens (${self.cost:.4f}), and nothing was written; "
                "ask for fewer --samples or --points, or give more with --max-tokens or --max-cost"
            )


class _Fresh(Memo):
    """The calls of one fork: none is shared with another, or all would say the same."""

    def __init__(self, purse: _Purse) -> None:
        super().__init__()
        self.purse = purse

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made while there is something left for it."""
        self.purse.allow(priced=priced)

    def keep(self, call: Call) -> None:
        """Keep a call and count it."""
        super().keep(call)
        self.purse.tokens += call.usage.total
        self.purse.cost += call.cost or 0.0


def _played(run: Played, part: Part, options: Options, purse: _Purse) -> Iterator[Contest]:
    """Play forks at some of a character's turns, and judge each from there on."""
    panel = Panel(named(options.judges))
    for turn in _points(run.log, part, options):
        asked, cue = prompt(part, turn, options.past), part.exchanges[turn].cue
        entries = []
        for number, log in enumerate(asyncio.run(_forks(run, part.exchanges[turn].cue, options, purse))):
            fork = Played(f"{run.name}@{cue}-{number}", log)
            if options.forks is not None:
                _keep(options.forks / fork.name, log)
            other = part_of(log, part.who)
            if len(other.exchanges) > turn and prompt(other, turn, options.past) == asked:
                entries += _entry(fork, other, turn, options, panel.judge(log))
        yield from _contest(part.who, asked, entries)


async def _forks(run: Played, cue: int, options: Options, purse: _Purse) -> list[Trajectory]:
    """Play them at once: minds that are models wait side by side."""
    seeds = [
        crc32(f"{run.log.state.settings.seed}:{cue}:{number}".encode()) for number in range(options.samples)
    ]
    return await asyncio.gather(*(branch(run.log, cue, seed, options.ahead, _Fresh(purse)) for seed in seeds))


def _keep(path: Path, log: Trajectory) -> None:
    with new_run(path, log):
        pass


def _found(runs: Sequence[Played], options: Options) -> Iterator[Contest]:
    """Find prompts that are in several of these runs. Prompts are long: only where each is found is remembered."""
    found: dict[str, tuple[tuple[int, str, int], list[Entry]]] = {}
    for index, run in enumerate(runs):
        for who in people(run, options):
            part = part_of(run.log, who)
            for turn in range(len(part.exchanges)):
                entered = _entry(run, part, turn, options, run.verdicts(options.judges))
                digest = _digest(who, prompt(part, turn, options.past))
                found.setdefault(digest, ((index, who, turn), []))[1].extend(entered)
    for (index, who, turn), entries in found.values():
        if len({entry.reply for entry in entries}) > 1:
            asked = prompt(part_of(runs[index].log, who), turn, options.past)
            yield from _contest(who, asked, entries)


def _contest(who: str, asked: list[Message], entries: Sequence[Entry]) -> Iterator[Contest]:
    """Give a contest if two or more of the replies differ; of equal replies the first counts."""
    single = list({entry.reply: entry for entry in reversed(entries)}.values())[::-1]
    if len(single) > 1:
        lead = {
            entry.reply: fmean(
                beside(entry.scored, other.scored).margin for other in single if other is not entry
            )
            for entry in single
        }
        yield Contest(who, asked, tuple(sorted(single, key=lambda entry: -lead[entry.reply])))


def _entry(run: Played, part: Part, turn: int, options: Options, verdicts: Iterable[Verdict]) -> list[Entry]:
    """Score one way to go on; nothing if no judge speaks about it."""
    exchange = part.exchanges[turn]
    last = run.log.turn_at(run.log[exchange.seq].turn + options.ahead) - 1
    scored = of_stretch(verdicts, part.who, exchange.seq, last)
    reply = answered(exchange, thoughts=options.thoughts)
    return [] if scored is None else [Entry(run.name, exchange.seq, reply, scored)]


def _digest(who: str, asked: Sequence[Message]) -> str:
    return hashlib.sha256(repr((who, asked)).encode()).hexdigest()


def _points(log: Trajectory, part: Part, options: Options) -> list[int]:
    """Give which of a character's turns to fork at: the one asked for, or some, evenly spread."""
    count = len(part.exchanges)
    if options.at:
        return [n for n in range(count) if log[part.exchanges[n].seq].turn >= options.at][:1]
    return sorted({count * point // options.points for point in range(options.points)}) if count else []
