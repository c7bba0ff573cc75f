"""The door: who may come in, with how much, how often. An ASGI layer before everything else.

Without a token only this machine may ask, and only by its own name: a page in a browser on this machine that reaches
for the server, under a foreign name or from a foreign origin, is sent away too.
"""

import hmac
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from time import perf_counter
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from sandbox.server.keeper import Limits

__all__ = ["LOOPBACK", "Guard"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_OPEN = frozenset({"/health"})
"""Paths that need no token."""

_REMEMBERED = 4096
"""Addresses whose rate is kept in mind."""


Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class _TooMuchError(Exception):
    """More was sent than is let in."""


class Guard:
    """Lets requests through to the application, or answers them itself."""

    def __init__(self, app: ASGIApp, token: str, limits: Limits) -> None:
        """Guard an application; an empty token means that only this machine may ask."""
        self.app = app
        self.token = token.encode()
        self.limits = limits
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused:
            await _refuse(scope, receive, send, *refused)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        await self._served(scope, receive, send)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, and count what comes in, whatever its length was said to be."""
        taken, began = 0, False

        async def measured() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limits.body and not began:
                raise _TooMuchError
            return message

        async def watched(message: Message) -> None:
            nonlocal began
            if taken <= self.limits.body or began:
                began = True
                await send(message)

        with suppress(_TooMuchError):
            await self.app(scope, measured, watched)
        if not began:
            await _refuse(scope, receive, send, 413, self._too_much)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if scope["path"] not in _OPEN:
            if self.token:
                if not self._known(headers.get(b"authorization", b"")):
                    return 401, "a token is needed: send `Authorization: Bearer TOKEN`"
            elif not (_here(headers.get(b"host", b"")) and _origin_here(headers.get(b"origin", b""))):
                return 403, "without a token only this machine is answered, and only under its own name"
        if not self._in_time(str((scope.get("client") or ("",))[0])):
            return 429, f"more than {self.limits.rate} requests a minute; wait a little"
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:18]) > self.limits.body:
            return 413, self._too_much
        return None

    @property
    def _too_much(self) -> str:
        return f"a request has at most {self.limits.body} bytes"

    def _known(self, header: bytes) -> bool:
        scheme, _, given = header.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), self.token)

    def _in_time(self, address: str) -> bool:
        """Count a request against its address: a bucket that fills up evenly over a minute."""
        if not self.limits.rate:
            return True
        now = perf_counter()
        left, then = self._buckets.pop(address, (float(self.limits.rate), now))
        left = min(float(self.limits.rate), left + (now - then) * self.limits.rate / 60)
        self._buckets[address] = (max(0.0, left - 1), now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return left >= 1


def _here(host: bytes) -> bool:
    return (urlsplit(f"//{host.decode('latin-1')}").hostname or "") in LOOPBACK


def _origin_here(origin: bytes) -> bool:
    return not origin or (urlsplit(origin.decode("latin-1")).hostname or "") in LOOPBACK


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
    """Answer in the shape of all errors here."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": message[:120]})
        return
    kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(
        status, "invalid_request_error"
    )
    body = json.dumps({"error": {"message": message, "type": kind, "param": None, "code": None}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"www-authenticate", b"Bearer")] if status == 401 else []
    headers += [(b"retry-after", b"1")] if status == 429 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
