"""The verbs that read: show, check, worlds, characters, doctor."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from worlds.errors import InputError, UsageError

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (show, check, characters, doctor):
        app.command()(verb)


def show(
    run: Annotated[Path, typer.Argument(help="A run folder or an events file.")],
    pov: Annotated[str, typer.Option(help="Only what this character perceived.")] = "",
    turns: Annotated[str, typer.Option(help="Only turns A:B, either end open.")] = ":",
    graph: Annotated[
        str, typer.Option(help="Draw the event graph: mermaid, dot, graphml or node-link.")
    ] = "",
    inner: Annotated[bool, typer.Option("--inner", help="Thoughts and changes of profile too.")] = False,
    as_json: Json = False,
) -> None:
    """Print a run: the transcript, or the graph of what happened because of what."""
    from sandbox.runs import read_run

    loaded = read_run(run)
    if loaded.torn:
        typer.echo(f"{run}: the last line is torn; everything before it is shown", err=True)
    log = loaded.log
    first, last = _range(turns)
    if graph:
        from worlds.eventgraph import draw

        typer.echo(draw(log, graph, (first, last)))
        return
    if pov and pov not in log.state.cast:
        message = f"{pov!r} is not in this run; its cast is {', '.join(log.state.cast)}"
        raise UsageError(message)
    chosen = [event for event in log if first <= event.turn <= last]
    if as_json:
        seen = [event for event in chosen if not pov or pov in event.witnesses]
        events = [event.model_dump(mode="json", exclude_defaults=True) for event in seen]
        typer.echo(json.dumps({"schema": "sandbox.events/1", "run": str(run), "events": events}))
        return
    from sandbox.cli.page import Page
    from sandbox.story import Teller

    told = Teller(pov, inner=inner).tell(log)
    wanted = {event.seq for event in chosen}
    Page().print(line for line in told if line.seq in wanted)


def check(
    files: Annotated[list[str], typer.Argument(help="World or character files, or names of bundled ones.")],
    as_json: Json = False,
) -> None:
    """Say what is wrong with world and character files, where, and the mend."""
    from characters.check import check_file
    from sandbox.design.reading import proofread

    findings = [finding for file in files for finding in (*check_file(file), *proofread(file))]
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.check/1", "findings": [f._asdict() for f in findings]}))
    else:
        for finding in findings:
            typer.echo(str(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        message = (
            f"{errors} error{'s' if errors > 1 else ''} in {len(files)} file{'s' if len(files) > 1 else ''}"
        )
        raise InputError(message)
    typer.echo(f"{len(files)} file{'s' if len(files) > 1 else ''} checked, no errors", err=True)


def worlds(as_json: Json = False) -> None:
    """List the bundled worlds."""
    from worlds.files import load_world, world_names

    stages = [load_world(id_) for id_ in world_names()]
    if as_json:
        rows = [
            {"id": w.id, "title": w.title, "genre": w.genre, "cast": list(w.cast), "turns": w.turns}
            for w in stages
        ]
        typer.echo(json.dumps({"schema": "sandbox.worlds/1", "worlds": rows}))
        return
    for world in stages:
        typer.echo(f"{world.id:10} {world.title} ({world.genre}); cast: {', '.join(world.cast)}")


def characters(as_json: Json = False) -> None:
    """List the bundled characters."""
    from characters.files import character_names, load_card

    cards = [load_card(id_) for id_ in character_names()]
    if as_json:
        rows = [{"id": card.id, "name": card.name, "identity": card.core.identity} for card in cards]
        typer.echo(json.dumps({"schema": "sandbox.characters/1", "characters": rows}))
        return
    for card in cards:
        typer.echo(f"{card.id:12} {card.name}: {card.core.identity}")


def doctor(
    ping: Annotated[str, typer.Option(help="Send one short question to this model too.")] = "",
    as_json: Json = False,
) -> None:
    """Say what is there and what works; nothing is sent anywhere unless asked to ping."""
    from sandbox.doctor import examine, pinged

    findings = [*examine(), *([pinged(ping)] if ping else [])]
    if as_json:
        typer.echo(json.dumps({"schema": "sandbox.doctor/1", "findings": [f._asdict() for f in findings]}))
    else:
        for finding in findings:
            mark = "ok " if finding.ok else "BAD" if finding.needed else "-- "
            typer.echo(f"{mark} {finding.what:14} {finding.found}")
    if not all(finding.ok for finding in findings if finding.needed):
        raise typer.Exit(1)


def _range(text: str) -> tuple[int, int]:
    first, colon, last = text.partition(":")
    try:
        start = int(first) if first else 0
        return start, (int(last) if last else sys.maxsize) if colon else start
    except ValueError:
        message = f"--turns {text!r} is no range; write 10:20, 10: or :20"
        raise UsageError(message) from None
