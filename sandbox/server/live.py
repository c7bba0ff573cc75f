"""One live connection of a game: the same is asked as over REST, and every event is told as it happens.

What is asked is `{"id": …, "happen" | "act" | "turn": {…}}`; what comes back has the same `id`, and `events`, `turn` or
`error`. Between answers come `{"event": {…}}`.
"""

import asyncio
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sandbox.server.faults import Trouble
from sandbox.server.keeper import Keeper
from sandbox.server.playing import act, happen, row, turn
from sandbox.server.session import Session
from sandbox.server.shapes import ActRequest, Happen, Happening, TurnFields, TurnRequest
from worlds.errors import SandboxError, UsageError
from worlds.events import Event

__all__ = ["Live"]


class _Asked(BaseModel):
    """A message on the live connection: `do`, and what it needs."""

    model_config = ConfigDict(extra="forbid")

    id: int | str | None = None
    happen: Happening | None = None
    act: ActRequest | None = None
    turn: TurnRequest | None = None


class Live:
    """One live connection."""

    def __init__(self, keeper: Keeper, socket: WebSocket, name: str) -> None:
        """Connect a socket with a session by its name."""
        self.keeper, self.socket, self.name = keeper, socket, name
        self.news: asyncio.Queue[Event] = asyncio.Queue()

    async def serve(self) -> None:
        """Answer what is asked, and tell what happens, until the connection ends."""
        try:
            async with self.keeper.using(self.name) as session:
                session.listeners.add(self.news)
        except SandboxError as error:
            await self.socket.close(1008, str(error)[:120])
            return
        await self.socket.accept()
        telling = asyncio.ensure_future(self._tell(session))
        try:
            while True:
                await self.socket.send_text(await self._answer(await self.socket.receive_text()))
        except (WebSocketDisconnect, KeyError):
            pass  # gone, or it sent bytes: there is nobody to answer
        finally:
            session.listeners.discard(self.news)
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling

    async def _tell(self, session: Session) -> None:
        while True:
            event = await self.news.get()
            told = row(session, event)
            if told.text:
                await self.socket.send_text(f'{{"event": {told.model_dump_json()}}}')

    async def _answer(self, text: str) -> str:
        asked = _Asked()
        try:
            if len(text) > self.keeper.limits.body:
                raise UsageError(f"a message has at most {self.keeper.limits.body} characters")
            asked = TypeAdapter(_Asked).validate_json(text)
            told = await self._done(asked)
            kind = "turn" if isinstance(told, TurnFields) else "events"
            return _framed(asked, kind, told)
        except (SandboxError, ValidationError) as error:
            words = (
                str(error) if isinstance(error, SandboxError) else error.errors(include_url=False)[0]["msg"]
            )
            return _framed(asked, "error", Trouble(message=words, type="invalid_request_error"))

    async def _done(self, asked: _Asked) -> Happen | TurnFields:
        async with self.keeper.using(self.name) as session:
            if asked.happen is not None:
                return await happen(session, asked.happen)
            if asked.act is not None:
                return await act(session, asked.act)
            if asked.turn is not None:
                return await turn(session, asked.turn)
        raise UsageError("say what to do: one of happen, act, turn")


def _framed(asked: _Asked, kind: str, told: BaseModel) -> str:
    id_ = TypeAdapter(int | str | None).dump_json(asked.id).decode()
    return f'{{"id": {id_}, "{kind}": {told.model_dump_json()}}}'
