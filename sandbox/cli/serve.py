"""The verb that serves: serve."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worlds.errors import UsageError

if TYPE_CHECKING:
    from sandbox.server.visits import Stageful

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(serve)


def serve(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="Worlds, or runs to meet their people as they became; the bundled worlds if none."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen at; beyond this machine a token is needed.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for a free one.")] = 8011,
    token: Annotated[
        str,
        typer.Option(
            help="What a client has to know; better in the environment.",
            envvar="SANDBOX_TOKEN",
            show_envvar=True,
        ),
    ] = "",
    out: Annotated[Path, typer.Option(help="Folder of the runs; every session is one.")] = Path("runs"),
    model: Annotated[
        str, typer.Option(help="What plays the characters: improv, or a model.", envvar="SANDBOX_MODEL")
    ] = "improv",
    sessions: Annotated[int, typer.Option(min=1, help="Sessions open at once.")] = 256,
    turns_at_once: Annotated[int, typer.Option(min=1, help="Turns thought about at once.")] = 8,
    rate: Annotated[
        int, typer.Option(min=0, help="Requests a minute from one address; 0 for no limit.")
    ] = 1200,
    max_body: Annotated[int, typer.Option(min=1000, help="Bytes of one request.")] = 1_000_000,
    idle: Annotated[
        float, typer.Option(min=1, help="Seconds after which an idle session is put away.")
    ] = 900,
) -> None:
    """Serve characters: as models of the OpenAI protocol, and to game engines."""
    try:
        import fastapi  # noqa: F401 - asked here once, so that what is missing is said in words
        import uvicorn
    except ImportError as error:
        raise UsageError("`sandbox serve` needs its extra: pip install 'roleplay-sandbox[serve]'") from error
    from sandbox.casting import check_minds
    from sandbox.server.app import Served, application
    from sandbox.server.guard import LOOPBACK
    from sandbox.server.keeper import Limits
    from worlds.files import world_names
    from worlds.spec import Settings

    if not token and host not in LOOPBACK:
        raise UsageError(f"--host {host} lets other machines in: set SANDBOX_TOKEN to what they have to know")
    check_minds(Settings(minds={"all": model}))
    stages = dict(_stage(name) for name in what or world_names())
    limits = Limits(body=max_body, sessions=sessions, idle=idle, rate=rate, turns=turns_at_once)
    served = application(Served(stages, out, model, token, limits))
    with _listening(host, port) as listener:
        where = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        models = [f"{world}/{person.id}" for world, stage in stages.items() for person in stage.cast]
        typer.echo(
            f"{where}/v1 · {len(models)} characters: {', '.join(models[:6])} … · {where}/docs · Ctrl+C ends",
            err=True,
        )
        config = uvicorn.Config(served, log_level="warning", ws_max_size=max_body, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def _stage(name: str) -> "tuple[str, Stageful]":
    """Read a world or a run; give what it is called, too."""
    from sandbox.runs import EVENTS, read_run
    from sandbox.server.visits import grown_stage, load_stage

    path = Path(name)
    if (path / EVENTS).is_file() or path.name == EVENTS:
        folder = path.parent if path.name == EVENTS else path
        return folder.resolve().name, grown_stage(read_run(path).log)
    stage = load_stage(name)
    return stage.world.id, stage


def _listening(host: str, port: int) -> socket.socket:
    """Take the address; `UsageError` if somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"{host}:{port} cannot be listened at: {error.strerror}; choose another --port"
        ) from error
    return listener
