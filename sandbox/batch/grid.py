"""The runs a plan stands for: every cell of its grids, each with a name that says what is in it.

A name ends in a digest of all that decides a run (world, cast, settings, as they will stand in its first line). So
the same plan gives the same names on every machine, and an edited world gives others.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path
from typing import NamedTuple, TypeAlias

from characters.files import load_cast
from sandbox.batch.spec import MOST, Cells, Plan, Read, seeds_of
from sandbox.minds import minds_for
from worlds.errors import SandboxError, UsageError
from worlds.files import find_world, load_world
from worlds.spec import Character, Order, Settings, World

__all__ = ["Cell", "Expansion", "Job", "expand"]

Mind: TypeAlias = str | Mapping[str, str]


class Job(NamedTuple):
    """One run to be played, as it is queued: digests stand for world and cast, which many runs share."""

    name: str
    world: str
    cast: str
    settings: str
    """As JSON."""
    waits: bool
    """Whether a model plays in it, so that its worker can play others meanwhile."""
    turns: int
    """The most it can last."""


class Cell(NamedTuple):
    """One combination of a grid."""

    world: str
    cast: tuple[str, ...]
    mind: Mind
    order: Order | None
    seed: int


class Staged(NamedTuple):
    """A world with a cast, read once for all the cells that have it."""

    world: World
    people: tuple[Character, ...]
    digests: tuple[str, str]


@dataclass(slots=True)
class Expansion:
    """What a plan stands for, worked out run by run."""

    read: Read
    parts: dict[str, str] = field(default_factory=dict)
    """Worlds and casts as JSON, by digest; filled as jobs are given out."""
    models: set[str] = field(default_factory=set)
    """The models that are needed."""
    _stages: dict[tuple[str, tuple[str, ...]], Staged] = field(default_factory=dict)
    _embedders: dict[tuple[str, bool], str] = field(default_factory=dict)

    def jobs(self) -> Iterator[Job]:
        """Give every run once, in the order of the plan. Raises what reading a world or a card raises."""
        seen: set[str] = set()
        for cell in cells(self.read.plan):
            job = self._job(cell)
            if job.name not in seen:
                seen.add(job.name)
                yield job

    def _job(self, cell: Cell) -> Job:
        staged = self._stage(cell)
        settings = self._settings(cell, staged)
        text = settings.model_dump_json(exclude_defaults=True)
        models = {*settings.minds.values(), settings.narrator} - {"improv"}
        self.models |= models
        digest = _digest(*staged.digests, text)
        kinds = {*settings.minds.values()} if settings.minds else set()
        label = "-".join(sorted(_slug(kind) for kind in kinds))[:40]
        parts = (staged.world.id, cell.order or "", label, str(cell.seed), digest[:10])
        name = "-".join(part for part in parts if part)
        return Job(name, *staged.digests, text, bool(models), settings.turns)

    def _settings(self, cell: Cell, staged: Staged) -> Settings:
        plan = self.read.plan
        turns, narrator, memory = plan.turns or staged.world.turns, plan.narrator, plan.memory
        for one in plan.override:
            if _within(cell, one.match):
                turns = one.turns or turns
                narrator = narrator if one.narrator is None else one.narrator
                memory = memory if one.memory is None else one.memory
        everybody, minds = _minds(cell.mind, staged)
        settings = Settings(
            seed=cell.seed, turns=turns, order=cell.order, minds=minds, narrator=narrator or everybody
        )
        if "person" in (*minds.values(), settings.narrator) or cell.order == "manual":
            raise UsageError("nobody sits at a batch: let a model or improv play, in any order but manual")
        return settings.model_copy(update={"embedder": self._embedder(memory, settings)})

    def _embedder(self, wanted: str, settings: Settings) -> str:
        models = bool({*settings.minds.values(), settings.narrator} - {"improv"})
        if wanted == "none" or (not wanted and not models):
            return ""
        if (wanted, models) not in self._embedders:
            from sandbox.casting import embedder_for  # noqa: PLC0415 - it loads the loop, which few plans need here

            self._embedders[wanted, models] = embedder_for(wanted, settings)
        return self._embedders[wanted, models]

    def _stage(self, cell: Cell) -> Staged:
        key = (cell.world, cell.cast)
        if key not in self._stages:
            where = _path(cell.world, self.read.base)
            world = load_world(where)
            people = load_cast(world, cell.cast, find_world(where).parent)
            dumped = [world.model_dump_json(exclude_defaults=True)]
            dumped.append(f"[{','.join(one.model_dump_json(exclude_defaults=True) for one in people)}]")
            digests = (_digest(dumped[0]), _digest(dumped[1]))
            self.parts |= dict(zip(digests, dumped, strict=True))
            self._stages[key] = Staged(world, people, digests)
        return self._stages[key]


def expand(read: Read) -> Expansion:
    """Work out what a plan stands for; errors of its parts name the plan too."""
    try:
        count = sum(prod(_sizes(grid)) for grid in _grids(read.plan))
        if count > MOST:
            raise UsageError(f"{count:,} runs are more than the {MOST:,} of one plan; make several plans")
        for cells_ in (*read.plan.exclude, *(one.match for one in read.plan.override)):
            _ = seeds_of(cells_.seeds)
    except SandboxError as error:
        raise type(error)(f"{read.source.path}: {error}") from error
    return Expansion(read)


def cells(plan: Plan) -> Iterator[Cell]:
    """Give every combination that is not left out."""
    for grid in _grids(plan):
        casts, minds, orders = grid.casts or ((),), grid.minds or ("improv",), grid.orders or (None,)
        seeds = (seed for part in seeds_of(grid.seeds or (1,)) for seed in part)
        for world, cast, mind, order, seed in product(grid.worlds, casts, minds, orders, seeds):
            cell = Cell(world, cast, mind, order, seed)
            if not any(_within(cell, left_out) for left_out in plan.exclude):
                yield cell


def _grids(plan: Plan) -> tuple[Cells, ...]:
    """Give all grids; what an included one does not list is taken from the first."""
    first = {name: value for name, value in plan.grid if value}
    return (plan.grid, *(Cells(**(first | {n: v for n, v in more if v})) for more in plan.include))


def _sizes(grid: Cells) -> tuple[int, ...]:
    sizes = (len(part) or 1 for part in (grid.worlds, grid.casts, grid.minds, grid.orders))
    return (*sizes, sum(len(part) for part in seeds_of(grid.seeds)) or 1)


def _within(cell: Cell, part: Cells) -> bool:
    """Say whether a cell lies in a part of the grid."""
    wanted: Iterable[tuple[object, tuple[object, ...]]] = (
        (cell.world, part.worlds), (cell.cast, part.casts), (cell.mind, part.minds), (cell.order, part.orders)
    )  # fmt: skip
    ranges = seeds_of(part.seeds)
    return all(not among or value in among for value, among in wanted) and (
        not ranges or any(cell.seed in part for part in ranges)
    )


def _minds(mind: Mind, staged: Staged) -> tuple[str, dict[str, str]]:
    """Say what plays everybody, and who is played by what if it is not improv: the plan's word for one comes first."""
    given = {"all": mind} if isinstance(mind, str) else mind
    ids = [person.id for person in staged.people]
    strange = [who for who in given if who not in (*ids, "all")]
    if strange:
        raise UsageError(
            f"minds: {strange[0]!r} is not in the cast {', '.join(ids)}; use their ids, or `all`"
        )
    everybody = given.get("all", "improv")
    return everybody, minds_for(
        staged.world, staged.people, given, everybody, said="minds: {{{who}: {mind}}}"
    )


def _path(world: str, base: Path) -> Path | str:
    """Give a world file as seen from the plan; a name stays a name."""
    path = Path(world)
    return base / path if path.suffix or len(path.parts) > 1 else world


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


def _slug(spec: str) -> str:
    """Give the part of a model's name that tells it from others."""
    name = re.split(r"[:#/]", spec.partition("?")[0].partition(",")[0])[-1]
    return re.sub(r"[^\w.]+", "_", name).strip("_.")[:24] or "model"
