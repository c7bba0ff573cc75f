"""The verb that tests the judges: calibrate."""

import json
from pathlib import Path
from typing import Annotated

import typer

from worlds.errors import UsageError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(calibrate)


def calibrate(
    seeds: Annotated[int, typer.Option(min=1, help="How many clean runs of each world to spoil.")] = 1,
    first: Annotated[int, typer.Option(min=0, help="Seed of the first run; the others follow.")] = 1,
    turns: Annotated[int, typer.Option(min=20, help="How long each run is.")] = 120,
    kinds: Annotated[str, typer.Option(help="Kinds of damage, with commas; all if empty.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="New folder for calibration.json and calibration.md.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Test the judges on planted damage: what each detects, its false alarms, how it answers the dose."""
    from judges.calibration import calibrate as measure
    from judges.calibration_page import as_json as plain
    from judges.calibration_page import markdown
    from judges.damage import damages
    from judges.panel import named
    from sandbox.playing import opened, played
    from worlds.files import world_names
    from worlds.spec import Settings

    wanted = tuple(kind for kind in kinds.split(",") if kind)
    strange = [kind for kind in wanted if kind not in damages()]
    if strange:
        raise UsageError(f"there is no damage {strange[0]!r}; choose from {', '.join(damages())}")
    if out is not None and out.exists():
        raise UsageError(f"{out} exists already and is never overwritten; choose another --out")
    runs = {
        f"{world}-{seed}": played(opened(world, Settings(seed=seed, turns=turns)))
        for world in world_names()
        for seed in range(first, first + seeds)
    }
    found = measure(runs, named(), kinds=wanted, progress=lambda told: typer.echo(told, err=True))
    document = {"schema": "sandbox.calibrate/1", **plain(found)}
    if out is not None:
        out.mkdir(parents=True)
        (out / "calibration.json").write_text(json.dumps(document), encoding="utf-8")
        (out / "calibration.md").write_text(markdown(found), encoding="utf-8")
    typer.echo(json.dumps(document) if as_json else markdown(found), nl=as_json)
    for short in found.failures():
        typer.echo(f"falls short: {short}", err=True)
    if found.failures():
        raise typer.Exit(1)
