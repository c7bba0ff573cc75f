"""The interface for game engines: open a session, say what happened, ask for a turn, get typed fields."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, WebSocket

from sandbox.server import playing
from sandbox.server.faults import REFUSALS
from sandbox.server.keeper import Keeper
from sandbox.server.live import Live
from sandbox.server.shapes import (
    ActRequest,
    Happen,
    Happening,
    OpenRequest,
    SessionInfo,
    SessionName,
    TurnFields,
    TurnRequest,
)
from sandbox.server.visits import MissingError, Stageful, opened, visitor
from worlds.errors import IllegalError
from worlds.spec import Settings
from worlds.trajectory import Trajectory

__all__ = ["engine_routes"]

Name = Annotated[SessionName, Path(description="The session's name.")]


def engine_routes(keeper: Keeper, stages: dict[str, Stageful], mind: str) -> APIRouter:
    """Give the routes under `/api`; `mind` plays the characters."""
    router = APIRouter(prefix="/api/sessions", tags=["engines"], responses=REFUSALS)
    _keeping(router, keeper, stages, mind)
    _playing(router, keeper)
    return router


def _keeping(router: APIRouter, keeper: Keeper, stages: dict[str, Stageful], mind: str) -> None:
    """Add what opens, shows and closes sessions."""

    @router.post("", status_code=201)
    async def open_session(asked: OpenRequest) -> SessionInfo:
        """Open a session: a world, who of its people is in it, and whom the game plays."""
        if asked.name and keeper.exists(asked.name):
            raise IllegalError(
                f"there is a session {asked.name!r} already; choose another name, or go on with it"
            )
        session = keeper.make(asked.name or f"{asked.world}-game", _begun(asked, stages, mind))
        async with keeper.using(session.name) as held:
            await held.settle()
            return playing.info(held)

    @router.get("")
    async def list_sessions(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[str]:
        """Name the latest sessions, open or put away."""
        return keeper.names()[-limit:]

    @router.get("/{name}")
    async def get_session(name: Name) -> SessionInfo:
        """Say how a session stands."""
        async with keeper.using(name) as session:
            return playing.info(session)

    @router.post("/{name}/close", status_code=204)
    async def close_session(name: Name) -> None:
        """Put a session away; its run is kept, and it is opened again when it is asked."""
        keeper.put_away(name)


def _playing(router: APIRouter, keeper: Keeper) -> None:
    """Add what is done in a session."""

    @router.get("/{name}/events")
    async def get_events(
        name: Name,
        since: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> Happen:
        """Give the events after `since`."""
        async with keeper.using(name) as session:
            return playing.rows(session, session.log.since(min(since, session.log.seq))[:limit])

    @router.post("/{name}/events")
    async def perceive(name: Name, what: Happening) -> Happen:
        """Say what happened in the game; those who are there perceive it, and its effects hold."""
        async with keeper.using(name) as session:
            return await playing.happen(session, what)

    @router.post("/{name}/acts")
    async def act(name: Name, what: ActRequest) -> Happen:
        """Let somebody the game plays say or do something."""
        async with keeper.using(name) as session:
            return await playing.act(session, what)

    @router.post("/{name}/turn")
    async def take_turn(name: Name, whose: TurnRequest) -> TurnFields:
        """Ask a character for its turn."""
        async with keeper.using(name) as session:
            return await playing.turn(session, whose)

    @router.websocket("/{name}/live")
    async def live(socket: WebSocket, name: str) -> None:
        """Do the same over one connection, and be told of every event as it happens."""
        await Live(keeper, socket, name).serve()


def _begun(asked: OpenRequest, stages: dict[str, Stageful], mind: str) -> Trajectory:
    """Give the log of a session as it begins."""
    if asked.world not in stages:
        raise MissingError(f"there is no world {asked.world!r} here; there are {', '.join(stages)}")
    stage = stages[asked.world]
    players = tuple(visitor(player.id, player.name, player.identity) for player in asked.players)
    minds = {person.id: mind for person in stage.cast if mind != "improv"}
    minds |= {player.id: "person" for player in players}
    settings = Settings(seed=asked.seed, turns=asked.turns, order="manual", minds=minds)
    return opened(stage, settings, tuple(asked.cast), players, asked.at)
