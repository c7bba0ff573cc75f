"""The verb that writes a report."""

from pathlib import Path
from typing import Annotated

import typer

from worlds.errors import SandboxError, UsageError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(report)


def report(
    runs: Annotated[list[Path], typer.Argument(help="Runs, folders of them, or chats other programs wrote.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The page, beside a single run if not given; an older one is written over."),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(help="A calibration.json of `sandbox calibrate`; the one of this version if not given."),
    ] = None,
) -> None:
    """Write one page about runs: scores, drift, what was found, who knew what, and what the judges are worth."""
    from judges.calibration_page import read_json, shipped
    from sandbox.foreign import trajectories_of
    from sandbox.report import render, reported

    if out is not None and (out.is_dir() or out.suffix.lower() not in (".html", ".htm")):
        raise UsageError(
            f"--out {out}: name a page, such as {out if out.is_dir() else out.parent}/report.html"
        )
    found = [reported(trial) for trial in trajectories_of(runs)]
    table = read_json(calibration) if calibration else shipped()
    page = render(found, table)
    alone = found[0].trial.path if len(found) == 1 else Path()
    out = out or (alone if alone.is_dir() else Path()) / "report.html"
    fresh = out.with_name(f".{out.name}.new")
    try:
        fresh.write_text(page, encoding="utf-8")
        fresh.replace(out)
    except OSError as error:
        raise SandboxError(f"{out}: cannot be written: {error.strerror}; choose another --out") from error
    typer.echo(f"{out} · {len(page.encode()) / 1e6:.1f} MB", err=True)
