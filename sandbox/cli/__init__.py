"""The command line: `sandbox VERB`. Results go to stdout, everything else to stderr.

Verbs import what they need when they run, so that `sandbox --help` stays quick.
"""

import sys
import tomllib
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sandbox.cli import (
    ask,
    batch,
    calibrating,
    cards,
    designing,
    export,
    importing,
    judging,
    play,
    read,
    report,
    serve,
    watch,
)
from worlds.errors import InputError, SandboxError, StoppedError

__all__ = ["app", "main"]

app = typer.Typer(
    name="sandbox",
    help="A stage for characters: play worlds, keep every run, see who knew what and why.",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
play.register(app)
read.register(app)
ask.register(app)
judging.register(app)
calibrating.register(app)
designing.register(app)
report.register(app)
watch.register(app)
batch.register(app)
export.register(app)
cards.register(app)
serve.register(app)
importing.register(app)


@app.callback()
def _settings(
    context: typer.Context,
    config: Annotated[Path, typer.Option(help="Settings file.", envvar="SANDBOX_CONFIG")] = Path(
        "sandbox.toml"
    ),
) -> None:
    """Take defaults for the verbs' options from a settings file: one table a verb."""
    try:
        context.default_map = tomllib.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        context.default_map = None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{config}: cannot be read as settings: {error}") from error
    if context.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            watch.home()
        else:
            typer.echo(context.get_help())


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except SandboxError as error:
        _leave(str(error) if isinstance(error, StoppedError) else f"error: {error}", error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(0)


def _leave(message: str, code: int) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)
