"""Two variants of a character in the same part, on the same worlds and seeds: what differs, and where they part.

Runs go in pairs. Every measure is taken of the part alone, and both are measured by the first one's card, so that a
change for the worse cannot hide behind a card that was changed along with it. A difference is called one if signs
given to the pairs by chance make any measure differ as clearly less than one time in twenty (sign-flip test with the
largest statistic of all measures: Westfall and Young, *Resampling-Based Multiple Testing*, 1993). Six pairs are the
fewest that can show anything.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from characters.models import Model, connect
from judges.panel import Panel
from judges.scores import Estimate, Score, Tally, compare
from judges.voice import Voices, voices_of
from sandbox.casting import stage_for
from sandbox.design.variants import Variant, opening
from sandbox.playing import through
from worlds.actions import Say
from worlds.events import Acted, Event, Started
from worlds.spec import Character
from worlds.trajectory import Trajectory

__all__ = ["Difference", "Parting", "Result", "Run", "compared", "measured", "runs_of", "weigh"]

LEVEL = 0.05

_WARM = frozenset({"comfort", "thank", "joke", "promise", "agree", "confide", "apologise", "greet"})
_HARD = frozenset({"accuse", "threaten", "order", "refuse", "deny"})
_LINES = 4
_EXACT, _DRAWS = 14, 20_000
_AT_ONCE = 8
"""Runs played at once: they wait for models, or take turns."""


class Run(NamedTuple):
    """One run of one variant, and its measures."""

    world: str
    seed: int
    log: Trajectory
    measures: Mapping[str, float]


class Difference(NamedTuple):
    """How the second differs from the first in one measure."""

    measure: str
    first: float
    second: float
    change: Estimate
    chance: float
    """How likely one as clear comes about by chance in any of the measures."""

    @property
    def is_one(self) -> bool:
        """Whether to believe it."""
        return self.chance < LEVEL


class Parting(NamedTuple):
    """Where two runs on the same world and seed part: the lines of each from there on."""

    world: str
    seed: int
    turn: int
    first: tuple[Event, ...]
    second: tuple[Event, ...]


class Result(NamedTuple):
    """What came of a comparison."""

    pairs: int
    differences: tuple[Difference, ...]
    """Every measure, the surest differences first."""
    partings: tuple[Parting, ...]


async def compared(
    first: Variant, second: Variant, worlds: Sequence[str], seeds: Sequence[int], turns: int
) -> Result:
    """Play both on every world and seed, and compare. Models are connected before anything is played."""
    connected = cache(connect)
    for who in (first, second):
        if who.mind != "improv":
            connected(who.mind)
    one = await runs_of(first, first, worlds, seeds, turns, connected)
    two = await runs_of(second, first, worlds, seeds, turns, connected)
    return weigh(list(zip(one, two, strict=True)), first.card.id)


async def runs_of(
    who: Variant,
    yardstick: Variant,
    worlds: Sequence[str],
    seeds: Sequence[int],
    turns: int,
    connect: Callable[[str], Model] = connect,
) -> list[Run]:
    """Play one variant in the part of the yardstick on every world and seed, and measure it by the yardstick."""
    part, free = yardstick.card.id, asyncio.Semaphore(_AT_ONCE)
    character = yardstick.card.character()

    async def one(world: str, seed: int) -> Run:
        async with free:
            begun = opening(world, part, who, seed, turns)
            log = await through(begun, stage_for(begun, connect=connect))
        return Run(world, seed, log, measured(log, part, character))

    return list(await asyncio.gather(*(one(world, seed) for world in worlds for seed in seeds)))


def measured(log: Trajectory, part: str, yardstick: Character) -> dict[str, float]:
    """Give every measure of the part in one run, each a number; what could not be judged is left out."""
    cast = {**log.state.cast, part: yardstick}
    tally = Panel().tally(_judged_by(log, part, yardstick))
    found = {
        dimension: score.value
        for dimension, of in tally.items()
        if "." in dimension and (score := of.get(part)) is not None and score.value is not None
    }
    return {**found, **_conduct(log, part, voices_of(cast, log.state.plan.names))}


def weigh(pairs: Sequence[tuple[Run, Run]], part: str) -> Result:
    """Compare runs that go together."""
    names = sorted({name for pair in pairs for run in pair for name in run.measures})
    tallies = [(_as_tally(one, part), _as_tally(two, part)) for one, two in pairs]
    found = {name: given for name in names if (given := compare(tallies, name)) is not None}
    ones, twos = [one for one, _ in pairs], [two for _, two in pairs]
    chances = _by_chance(pairs, list(found))
    differences = [
        Difference(name, _mean(ones, name), _mean(twos, name), given.difference, chances[name])
        for name, given in found.items()
    ]
    differences.sort(key=lambda one: (one.chance, one.measure))
    return Result(len(pairs), tuple(differences), tuple(_partings(pairs, part)))


def _mean(runs: Sequence[Run], name: str) -> float:
    values = [run.measures[name] for run in runs if name in run.measures]
    return sum(values) / len(values)


def _by_chance(pairs: Sequence[tuple[Run, Run]], names: Sequence[str]) -> dict[str, float]:
    """Give, for each measure, how often signs given by chance to the pairs make any measure differ as clearly.

    All ways of giving signs, or a sample of them where there are very many.
    """
    changes = np.array([[_change(one, two, name) for name in names] for one, two in pairs])
    n, size = len(pairs), np.sqrt((changes**2).sum(axis=0))
    if n <= _EXACT:
        flips = 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    else:
        drawn = 1 - 2 * np.random.default_rng(n).integers(0, 2, (_DRAWS, n))
        flips = np.vstack([np.ones((1, n)), drawn])
    clear = np.abs(flips @ changes) / np.where(size > 0, size, np.inf)
    most = clear.max(axis=1)
    return {name: float((most >= clear[0, m] - 1e-9).mean()) for m, name in enumerate(names)}


def _change(one: Run, two: Run, name: str) -> float:
    """Give the change from one run to the other; none where one of them could not be measured."""
    known = name in one.measures and name in two.measures
    return two.measures[name] - one.measures[name] if known else 0.0


def _partings(pairs: Sequence[tuple[Run, Run]], part: str) -> Iterator[Parting]:
    """Give where runs part, those first in which it happens earliest."""
    found = []
    for one, two in pairs:
        seq = next(
            (
                n
                for n, (a, b) in enumerate(zip(one.log.since(0), two.log.since(0), strict=False), 1)
                if a != b
            ),
            0,
        )
        if seq:
            turn = one.log[seq].turn
            found.append(
                Parting(one.world, one.seed, turn, _scene(one.log, seq, part), _scene(two.log, seq, part))
            )
    yield from sorted(found, key=lambda parting: (parting.turn, parting.seed))


def _scene(log: Trajectory, seq: int, part: str) -> tuple[Event, ...]:
    """Give the next few acts of the part, and what it answers among them."""
    acts = [
        event for event in log.since(seq - 1) if isinstance(event.body, Acted) and part in event.witnesses
    ]
    own = [n for n, event in enumerate(acts) if event.by == part][:_LINES]
    kept = sorted({m for n in own for m in (n - 1, n) if m >= 0})
    return tuple(acts[n] for n in kept)


def _judged_by(log: Trajectory, part: str, yardstick: Character) -> list[Event]:
    """Give the events with the yardstick's core in the part: what happened stays, what was to be expected changes."""
    first = log[0]
    if not isinstance(first.body, Started):
        return list(log)
    cast = tuple(
        person.model_copy(update={"core": yardstick.core}) if person.id == part else person
        for person in first.body.cast
    )
    begun = first.model_copy(update={"body": first.body.model_copy(update={"cast": cast})})
    return [begun, *log.since(0)]


def _conduct(log: Trajectory, part: str, voices: Voices) -> dict[str, float]:
    """Count how the part acts and sounds, without judging it."""
    acts = [event.body.action for event in log if isinstance(event.body, Acted) and event.by == part]
    says = [act for act in acts if isinstance(act, Say)]
    if not says:
        return {"conduct.words": 0.0}
    kinds: Counter[str] = Counter(say.intent or "" for say in says)
    own = {secret.claim for secret in log.state.plan.secrets if part in secret.known_by}
    return {
        "conduct.words": len(says) / len(acts),
        "conduct.length": sum(len(say.text.split()) for say in says) / len(says),
        "conduct.warm": sum(kinds[kind] for kind in _WARM) / len(says),
        "conduct.hard": sum(kinds[kind] for kind in _HARD) / len(says),
        "conduct.secrets": float(sum(not own.isdisjoint(say.claims) for say in says)),
        "conduct.voice": sum(voices.attribute(say.text).shares.get(part, 0.0) for say in says) / len(says),
    }


def _as_tally(run: Run, part: str) -> Tally:
    return {name: {part: Score(value, (), None, 1, 0)} for name, value in run.measures.items()}
