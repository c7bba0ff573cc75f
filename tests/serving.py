"""A real server on loopback, in a thread of this process."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

__all__ = ["app_of", "running", "said"]


def app_of(folder: Path, *worlds: str, token: str = "", **limits: Any) -> Any:
    """The application, with these worlds; the tavern if none is named."""
    pytest.importorskip("fastapi", reason="the server needs the extra `serve`")
    from sandbox.server.app import Served, application
    from sandbox.server.keeper import Limits
    from sandbox.server.visits import load_stage

    stages = {name: load_stage(name) for name in worlds or ("tavern",)}
    return application(Served(stages, folder, token=token, limits=Limits(**{"rate": 0, **limits})))


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an application; give its address."""
    import uvicorn

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def said(
    client: Any, lines: list[dict[str, str]], model: str = "tavern/mira", **more: Any
) -> tuple[str, str]:
    """Ask for the next message; give it and the session's name, and put it behind the lines."""
    answer = client.post(
        "/v1/chat/completions", json={"model": model, "messages": lines, **more.pop("body", {})}, **more
    )
    assert answer.status_code == 200, answer.text
    text = answer.json()["choices"][0]["message"]["content"]
    lines.append({"role": "assistant", "content": text})
    return text, answer.headers["x-session"]
