"""The verbs that play many runs: `sandbox batch PLAN.yaml`, and status, retry, worker and watch under it."""

import asyncio
import os
import signal
import sys
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from sandbox.cli.batch_told import print_batch, print_estimate, seen
from worlds.errors import SandboxError, StoppedError, UsageError

if TYPE_CHECKING:
    from sandbox.batch.parent import Sight
    from sandbox.batch.queue import Queue

__all__ = ["register"]

PARTLY = 7
"""Exit code when some runs have failed."""


class Batch(TyperGroup):
    """A group whose first word may be a plan: `sandbox batch PLAN.yaml` means `sandbox batch run PLAN.yaml`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's, which typer may hold
        """Put `run` before what is no verb."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


batch = typer.Typer(cls=Batch, no_args_is_help=True, help="Play many runs: `sandbox batch PLAN.yaml`.")

Folder = Annotated[Path, typer.Argument(help="A plan file, or the folder of a batch.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Worker processes; as many as processors if not given.")
]
PartOf = Annotated[str, typer.Option("--part", help="Play only a part of the plan, as 3/16.")]


def register(app: typer.Typer) -> None:
    """Add the verb and those under it."""
    app.add_typer(batch, name="batch")


class Hands(NamedTuple):
    """Who plays."""

    workers: int
    engine: str = "local"
    address: str = ""


@batch.command()
def run(
    plan: Folder,
    workers: Workers = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would be, and play nothing.")
    ] = False,
    engine: Annotated[str, typer.Option(help="local, or ray.", envvar="SANDBOX_ENGINE")] = "local",
    ray_address: Annotated[
        str, typer.Option(help="Ray cluster to play on; one on this machine if empty.", envvar="RAY_ADDRESS")
    ] = "",
    part: PartOf = "1/1",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not say how it goes.")] = False,
    as_json: Json = False,
) -> None:
    """Play all runs of a plan; start it again to go on with what was interrupted."""
    from sandbox.batch.parent import driving
    from sandbox.batch.prepare import checked, estimate, fill, folder_of, part_of
    from sandbox.batch.spec import load_plan

    if engine not in ("local", "ray"):
        raise UsageError(f"there is no engine {engine!r}; choose local or ray")
    hands = Hands(workers or _processors(), engine, ray_address)
    if plan.is_dir():
        with driving(plan) as queue:
            _play(queue, hands, quiet=quiet, as_json=as_json)
        return
    read, which = load_plan(plan), part_of(part)
    expansion, jobs = checked(read, which)
    folder = folder_of(read, which)
    if dry_run:
        print_estimate(folder, estimate(expansion, jobs, hands.workers), as_json=as_json)
        return
    with driving(folder, new=True) as queue:
        fill(queue, read.plan, expansion, jobs)
        del expansion, jobs
        _play(queue, hands, quiet=quiet, as_json=as_json)


@batch.command()
def status(
    batch: Folder,
    runs: Annotated[bool, typer.Option("--runs", help="List every run.")] = False,
    as_json: Json = False,
) -> None:
    """Say how a batch stands: what is done, what failed and why."""
    from sandbox.batch.queue import open_queue

    with open_queue(_folder(batch)) as queue:
        print_batch(queue, seen(queue), as_json=as_json, runs=runs)


@batch.command()
def retry(
    batch: Folder,
    only: Annotated[str, typer.Option(help="Names of runs, with commas; all that failed if empty.")] = "",
    workers: Workers = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not say how it goes.")] = False,
    as_json: Json = False,
) -> None:
    """Go on with runs that failed, from where they stopped."""
    from sandbox.batch.after import take_back
    from sandbox.batch.parent import driving
    from sandbox.batch.player import Folders

    with driving(_folder(batch)) as queue:
        names = [str(row[0]) for row in queue.read("SELECT name FROM run WHERE state = 'failed'")]
        wanted = [name for name in only.split(",") if name] or names
        if strange := [name for name in wanted if name not in names]:
            raise UsageError(
                f"no run called {strange[0]!r} has failed; `sandbox batch status {batch}` lists them"
            )
        for name in wanted:
            take_back(Folders(queue.folder), name)
        queue.retry(wanted)
        _play(queue, Hands(workers or _processors()), quiet=quiet, as_json=as_json)


@batch.command()
def worker(
    queue: Annotated[Path, typer.Option("--queue", help="The folder of a batch.")],
    parent: Annotated[bool, typer.Option("--parent", hidden=True)] = False,
) -> None:
    """Play runs of a batch until there are none left: any number of workers, started by whatever you like."""
    from sandbox.batch.desk import QueueDesk
    from sandbox.batch.player import Folders
    from sandbox.batch.queue import open_queue
    from sandbox.batch.worker import Worker
    from sandbox.calm import calm

    mine = os.getppid()
    calm()

    async def work() -> None:
        one = Worker(QueueDesk(opened), Folders(queue), lambda: not parent or os.getppid() == mine)
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, one.halt, "stopped")
        try:
            await one.work()
        except SandboxError as error:
            if one.halted == "stopped":
                raise StoppedError(f"stopped; `sandbox batch {queue}` goes on") from error
            raise

    with open_queue(queue) as opened:
        asyncio.run(work())


@batch.command()
def watch(batch: Folder) -> None:
    """Look at the runs of a batch on one screen, those under way too."""
    from sandbox.tui.app import Playhouse

    folder = _folder(batch)
    if not sys.stdout.isatty() and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError(f"watch needs a terminal; `sandbox batch status {folder}` prints how it stands")
    app = Playhouse()
    app.runs = folder
    app.run()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _folder(batch: Path) -> Path:
    """Give the folder of a batch that is named by it or by its plan, of which one part may have been played."""
    from sandbox.batch.spec import load_plan

    if not batch.is_file():
        return batch
    out = Path(load_plan(batch).plan.out)
    parts = [] if out.exists() else sorted(map(str, out.parent.glob(f"{escape(out.name)}-*-of-*")))
    if len(parts) > 1:
        raise UsageError(f"{batch} was played in parts; name one of their folders: {', '.join(parts)}")
    return Path(parts[0]) if parts else out


def _play(queue: "Queue", hands: Hands, *, quiet: bool, as_json: bool) -> None:
    """Play what waits, then export; leave with the code that says how it went."""
    from sandbox.batch.parent import Parent
    from sandbox.batch.progress import showing
    from sandbox.batch.spec import Limits

    limits = Limits.model_validate_json(queue.get("limits") or "{}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with showing(queue.get("name"), quiet=quiet or as_json) as show:
            if hands.engine == "ray":
                from sandbox.batch.on_ray import Cluster

                sight = Cluster(queue, hands.workers, hands.address, show).run()
            else:
                sight = Parent(queue, limits, hands.workers, show).run()
        _export(queue)
    except KeyboardInterrupt:
        done = seen(queue).finished
        raise StoppedError(f"stopped; {done} runs are done, `sandbox batch {queue.folder}` goes on") from None
    print_batch(queue, sight, as_json=as_json)
    _leave(queue, sight)


def _export(queue: "Queue") -> None:
    forms = [form for form in queue.get("exports").split(",") if form]
    if forms and not queue.get("stop"):
        from sandbox.batch.after import export_runs
        from sandbox.batch.player import Folders

        names = [str(row[0]) for row in queue.read("SELECT name FROM run WHERE state = 'done' ORDER BY id")]
        for path in export_runs(Folders(queue.folder), names, forms):
            typer.echo(f"exported {path}", err=True)


def _leave(queue: "Queue", sight: "Sight") -> None:
    """Leave as it went: 5 and 4 for what stopped the batch, 7 for runs that failed."""
    if why := queue.get("stop"):
        typer.echo(f"error: {why}, then `sandbox batch {queue.folder}` goes on", err=True)
        raise typer.Exit(int(queue.get("stop_code") or 1))
    if failed := sight.counts.get("failed", 0):
        typer.echo(f"{failed} runs failed; `sandbox batch retry {queue.folder}` tries them again", err=True)
        raise typer.Exit(PARTLY)
