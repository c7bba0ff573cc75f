"""What a plan file can say."""

import re
from pathlib import Path
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import BeforeValidator, Field, JsonValue

from worlds.actions import Frozen
from worlds.errors import InputError, UsageError
from worlds.files import Source, read, validate
from worlds.spec import Order

__all__ = ["MOST", "Cells", "Limits", "Override", "Plan", "Read", "load_plan", "seeds_of"]

MOST = 1_000_000
"""The most runs one plan may stand for."""

_RANGE = re.compile(r"\s*(-?\d{1,18})\s*\.\.\s*(-?\d{1,18})\s*")


def _many(value: object) -> object:
    """Let a single thing stand for a list of it."""
    return value if isinstance(value, list | tuple) else [value]


def _cast(value: object) -> object:
    """Let `mira, odo` stand for a list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _seeds(value: object) -> object:
    """Let `1..1000` stand for a list; refuse what is no whole number, for a mistyped range is a word."""
    given = _many(value)
    if isinstance(given, list | tuple):
        for seed in given:
            if isinstance(seed, str) and not _RANGE.fullmatch(seed):
                raise ValueError(f"should be whole numbers or a range such as 1..1000, not {seed[:40]!r}")
    return given


Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_many)]
Casts: TypeAlias = Annotated[
    tuple[Annotated[tuple[str, ...], BeforeValidator(_cast)], ...], BeforeValidator(_many)
]
Minds: TypeAlias = Annotated[tuple[str | dict[str, str], ...], BeforeValidator(_many)]
Orders: TypeAlias = Annotated[tuple[Order, ...], BeforeValidator(_many)]
Seeds: TypeAlias = Annotated[tuple[int | str, ...], BeforeValidator(_seeds)]


class Cells(Frozen):
    """A grid, or a part of one: every combination of what is listed. What is not listed is not narrowed down."""

    worlds: Words = ()
    """Bundled worlds by name, or world files."""
    casts: Casts = ()
    """Each a list of characters, or `mira, odo`; empty for the world's own cast."""
    minds: Minds = ()
    """Each what plays everybody, or a mapping of characters, and `all` for the others."""
    orders: Orders = ()
    """Turn orders; the scenes' own if none is given."""
    seeds: Seeds = ()
    """Numbers, and ranges such as `1..1000`, both ends included."""


class Override(Frozen):
    """Settings for some of the runs."""

    match: Cells = Cells()
    turns: int | None = Field(None, ge=1)
    narrator: str | None = None
    memory: str | None = None


class Limits(Frozen):
    """What a batch may take; all workers together, unless it says otherwise."""

    runs: int = Field(200, ge=1, le=10_000)
    """Runs that one worker has in hand at once, where models play; improv is played one or two at a time."""
    calls: int | None = Field(None, ge=1)
    """Calls under way at once, an endpoint; what is usual with the provider if not given."""
    requests_per_minute: float | None = Field(None, gt=0)
    tokens_per_minute: float | None = Field(None, gt=0)
    max_tokens: int | None = Field(None, ge=1)
    max_cost: float | None = Field(None, ge=0)
    """US dollars."""
    max_seconds: float | None = Field(None, gt=0)
    """From when the batch was last started."""
    timeout: float = Field(1800.0, gt=0)
    """Seconds a run may go without a new event; waiting for the limits above does not count."""
    hang: float = Field(60.0, gt=0)
    """Seconds a worker may be silent, as one is in which a run never gives back the processor."""
    attempts: int = Field(3, ge=1)
    """How often a run is taken up that models or machine let down."""
    megabytes: float = Field(64.0, gt=0)
    """The most that the files of one run may take."""


class Plan(Frozen):
    """Many runs, and what is done with them afterwards."""

    name: str = Field("", pattern=r"^[\w.-]*$")
    """The plan file's own name if empty."""
    out: str = ""
    """Folder of the runs, seen from where the program is started; `runs/<name>` if empty."""
    grid: Cells
    include: Annotated[tuple[Cells, ...], BeforeValidator(_many)] = ()
    """Further grids; what one does not list is taken from `grid`."""
    exclude: Annotated[tuple[Cells, ...], BeforeValidator(_many)] = ()
    """Runs that are left out."""
    override: Annotated[tuple[Override, ...], BeforeValidator(_many)] = ()
    """Other settings for some runs; later ones win."""
    turns: int | None = Field(None, ge=1)
    """The world's own if not given."""
    narrator: str = ""
    """As the characters if empty."""
    memory: str = ""
    """Embedder to remember with, or `none`; hashing if a model plays."""
    limits: Limits = Limits()
    judges: Words = ()
    """Judges to sit afterwards; `all` for all of them."""
    exports: Words = ()
    """Formats to export the finished runs in."""


class Read(NamedTuple):
    """A plan, and where it was read."""

    plan: Plan
    source: Source
    base: Path
    """Folder that paths of worlds and characters are seen from."""


def load_plan(path: Path) -> Read:
    """Read a plan file; `InputError` names file, line and mend of what is wrong."""
    source = read(path)
    plan = validate(source, Plan)
    if not plan.grid.worlds:
        line = source.line(("grid",))
        raise InputError(f"{path}:{line}: grid.worlds: is missing; add the worlds to play, such as [tavern]")
    name = plan.name or re.sub(r"[^\w.-]", "-", path.stem)
    given: dict[str, JsonValue] = {"name": name, "out": plan.out or f"runs/{name}"}
    return Read(plan.model_copy(update=given), source, path.parent)


def seeds_of(given: tuple[int | str, ...]) -> tuple[range, ...]:
    """Give the seeds as ranges, without writing them out; `UsageError` for more than a plan may hold."""
    ranges = []
    for seed in given:
        found = _RANGE.fullmatch(seed) if isinstance(seed, str) else None
        first, last = (int(end) for end in found.groups()) if found else (int(seed), int(seed))
        if last < first:
            raise UsageError(f"seeds: {seed} is empty; write the smaller number first")
        if last - first >= MOST:
            raise UsageError(f"seeds: {seed} is more than the {MOST:,} runs of one plan; make several plans")
        ranges.append(range(first, last + 1))
    return tuple(ranges)
