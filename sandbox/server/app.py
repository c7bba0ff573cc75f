"""The application: chat for programs that speak the OpenAI protocol, sessions for game engines."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI

from sandbox.server.chat_routes import chat_routes
from sandbox.server.chats import Chats
from sandbox.server.engine_routes import engine_routes
from sandbox.server.faults import handle_faults
from sandbox.server.guard import Guard
from sandbox.server.keeper import Keeper, Limits
from sandbox.server.visits import Stageful

__all__ = ["Served", "application"]


class Served(NamedTuple):
    """What is served, and how."""

    stages: Mapping[str, Stageful]
    """What is called how: the first half of a model's name."""
    folder: Path
    """Where the runs of sessions are kept."""
    mind: str = "improv"
    token: str = ""
    limits: Limits = Limits()


def application(served: Served) -> FastAPI:
    """Give the ASGI application."""
    stages = dict(served.stages)
    keeper = Keeper(served.folder, served.limits)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        yield
        keeper.close()

    app = FastAPI(
        title="Characters",
        description="Characters of a world: as chat models under /v1, for game engines under /api.",
        version=version("roleplay-sandbox"),
        lifespan=lifespan,
    )
    handle_faults(app)

    @app.get("/health", tags=["health"])
    async def health() -> dict[str, str]:
        """Say that the server is there."""
        return {"status": "ok"}

    app.include_router(chat_routes(Chats(keeper, stages), stages, served.mind))
    app.include_router(engine_routes(keeper, stages, served.mind))
    app.add_middleware(Guard, token=served.token, limits=served.limits)
    _tag(app.openapi())
    return app


def _tag(document: dict[str, Any]) -> None:
    """Say in the schema that the tag which tells actions, and effects, apart must be there."""
    for schema in document["components"]["schemas"].values():
        tags = [name for name in ("verb", "effect") if name in schema.get("properties", {})]
        if tags and "title" in schema:
            schema["required"] = list(dict.fromkeys((*tags, *schema.get("required", ()))))
