"""Errors, all in the one shape that OpenAI's clients read: `{"error": {message, type, param, code}}`."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from sandbox.server.keeper import FullError
from sandbox.server.visits import MissingError
from worlds.errors import BudgetError, BusyError, IllegalError, ModelError, SandboxError

__all__ = ["REFUSALS", "Fault", "Trouble", "handle_faults", "refusal", "status_of"]


class Trouble(BaseModel):
    """What is wrong, and the mend."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Fault(BaseModel):
    """An error."""

    error: Trouble


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault, "description": what}
    for status, what in (
        (400, "The request cannot be used as it is."),
        (401, "A token is needed."),
        (403, "Only this machine is answered without a token."),
        (404, "There is no such character, world or session."),
        (409, "The story does not allow it now, or the session is at work."),
        (413, "The request is too big."),
        (429, "Too many requests, or no room for another session."),
        (502, "The model that plays the characters failed; what was played is kept."),
    )
}
"""The refusals every operation may answer with."""

_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


def refusal(status: int, message: str, param: str | None = None, code: str | None = None) -> JSONResponse:
    """Give an error as an answer."""
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    fault = Fault(error=Trouble(message=_plain(message), type=kind, param=param, code=code))
    return JSONResponse(fault.model_dump(), status_code=status)


def status_of(error: SandboxError) -> int:
    """Give the status an error of the program is answered with."""
    table = (
        (MissingError, 404),
        (FullError, 429),
        (BusyError, 409),
        (IllegalError, 409),
        (ModelError, 502),
        (BudgetError, 402),
    )
    return next((status for kind, status in table if isinstance(error, kind)), 400)


def handle_faults(app: FastAPI) -> None:
    """Let every error of an application be answered in this shape."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        del request
        assert isinstance(error, SandboxError)  # noqa: S101 - that is what it is registered for
        return refusal(status_of(error), str(error))

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        del request
        found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
        wrongs = [(".".join(map(str, wrong["loc"][1:])), str(wrong["msg"])) for wrong in found[:5]]
        told = "; ".join(f"{where}: {what}" if where else what for where, what in wrongs)
        return refusal(
            400, told or "the request is not as described", wrongs[0][0] or None if wrongs else None
        )

    async def http(request: Request, error: Exception) -> JSONResponse:
        status = int(getattr(error, "status_code", 400))
        words = {404: f"there is nothing at {request.url.path}", 405: "this address is asked in another way"}
        answer = refusal(status, words.get(status, str(getattr(error, "detail", error))))
        if status == 405:
            answer.headers["allow"] = ", ".join(_methods(app, request))
        return answer

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        del request
        return refusal(500, f"the server failed: {type(error).__name__}")

    app.add_exception_handler(SandboxError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    for status in (400, 404, 405, 415, 422):
        app.add_exception_handler(status, http)
    app.add_exception_handler(Exception, unknown)


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Give the ways in which an address can be asked."""
    found = set()
    for route in app.routes:
        regex = getattr(route, "path_regex", None)
        if regex is not None and regex.match(request.url.path):
            found |= set(getattr(route, "methods", None) or ())
    return sorted(found)


def _plain(text: str) -> str:
    """Keep what can be written as JSON in UTF-8."""
    return text.encode("utf-8", "replace").decode()[:2000]
