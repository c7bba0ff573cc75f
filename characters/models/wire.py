"""One request to a model, sent until it is answered: gate, timeout, patience, and what went wrong on the way.

Bad replies are not looked at here; a reply is text. What is counted as a fault is all that brings no reply: refusals
for being too many, servers that fail, hang, hang up or talk nonsense. `Retry-After` is honoured up to the model's
patience. Clients of providers have their own retries switched off, so that every fault is seen and kept.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from importlib import import_module
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

from characters.calls import Fault, Message, Usage
from characters.models.model import Model
from characters.redaction import redact
from characters.replies import plain, tidy
from characters.shapes import Reply, schema_of
from worlds.errors import SandboxError

__all__ = ["Sent", "bound", "send"]

_AGAIN = frozenset({408, 409, 425, 429})
"""What asking again may mend, besides all that is 500 and above."""

_FOR_GOOD = {
    401: "check the key in the environment",
    402: "check the account's balance",
    403: "check what the key is allowed to use",
    404: "check the name of the model and the address",
}
"""What asking again will not mend, whatever is asked; and the mend."""


_MAYBE_SCHEMA = frozenset({"400", "422"})
"""How a server refuses a request that has something it does not know, such as a schema."""


class Sent(NamedTuple):
    """What came of a request."""

    model: str
    reply: str = ""
    usage: Usage = Usage()
    seconds: float = 0.0
    cost: float | None = None
    faults: tuple[Fault, ...] = ()
    error: str = ""
    """Why there is no reply."""
    fatal: bool = False
    """Whether there is no point in asking this model anything."""


async def send(model: Model, messages: Sequence[Message], shape: type[Reply], draw: str) -> Sent:
    """Send a request; if the model is lost, send it to the one that stands in for it."""
    began = perf_counter()
    faults: tuple[Fault, ...] = ()
    asked: Model | None = model
    sent = Sent(model.spec)
    while asked is not None:
        sent = await _patiently(asked, messages, shape, draw)
        faults += sent.faults
        asked = asked.fallback if sent.error else None
    return sent._replace(faults=faults, seconds=round(perf_counter() - began, 3))


async def _patiently(model: Model, messages: Sequence[Message], shape: type[Reply], draw: str) -> Sent:
    faults: list[Fault] = []
    by_schema = model.structured is not None
    while not faults or _worth_another_try(model, faults):
        if faults:
            await asyncio.sleep(faults[-1].waited)
        try:
            async with model.endpoint.gate(), asyncio.timeout(model.timeout):
                text, usage = await _once(model, messages, shape, by_schema=by_schema)
        except SandboxError:
            raise
        except Exception as error:  # noqa: BLE001 - a client may raise anything over what a server sends
            faults.append(_fault(model, error, len(faults), draw))
            # It may be the schema that is refused; the form is in the prompt too.
            by_schema = by_schema and faults[-1].kind not in _MAYBE_SCHEMA
            continue
        model.endpoint.answers()
        model.structured = model.structured if by_schema else None
        cost = model.price.of(usage) if model.price else None
        return Sent(model.spec, plain(redact(text)), usage, cost=cost, faults=tuple(faults))
    return _lost(model, faults)


async def _once(
    model: Model, messages: Sequence[Message], shape: type[Reply], *, by_schema: bool
) -> tuple[str, Usage]:
    """Send it once. Tracing is off: what characters say stays here."""
    prompt = [(message.role, _content(model, message)) for message in messages]
    with import_module("langsmith").tracing_context(enabled=False):
        try:
            message: Any = await (bound(model, shape) if by_schema else model.chat).ainvoke(prompt)
        except Exception as error:
            if (cut := _cut_short(error)) is not None:
                return cut
            raise
    return _text(message), _usage(message.usage_metadata or {})


def bound(model: Model, shape: type[Reply]) -> Any:  # noqa: ANN401 - a runnable of langchain's
    """Give the model told to answer by a form's schema. What would read its answers is left off: we do that."""
    if model.structured is None:
        return model.chat
    if shape not in model.bound:
        schema = schema_of(shape, strict=model.strict)
        reads = model.chat.with_structured_output(schema, **model.structured)
        model.bound[shape] = getattr(reads, "first", model.chat)
    return model.bound[shape]


def _content(model: Model, message: Message) -> Any:  # noqa: ANN401 - text, or the provider's blocks
    if model.marks and message.role == "system":
        return [{"type": "text", "text": message.text, "cache_control": {"type": "ephemeral"}}]
    return message.text


def _text(message: Any) -> str:  # noqa: ANN401 - a message of langchain's
    """Give what was said: the text, or what a tool was called with where the form is asked for as a tool."""
    calls = [call.get("args") for call in (*message.tool_calls, *message.invalid_tool_calls)]
    if calls and calls[0]:
        return calls[0] if isinstance(calls[0], str) else json.dumps(calls[0], ensure_ascii=False)
    return str(message.text)


def _usage(counts: Any) -> Usage:  # noqa: ANN401 - JSON enters here
    cached = (counts.get("input_token_details") or {}).get("cache_read", 0)
    return Usage(counts.get("input_tokens", 0), cached or 0, counts.get("output_tokens", 0))


def _cut_short(error: Exception) -> tuple[str, Usage] | None:
    """Give the beginning of a reply that a client refuses for having been cut off."""
    completion = getattr(error, "completion", None)
    if completion is None:
        return None
    counts = completion.usage
    cached = getattr(getattr(counts, "prompt_tokens_details", None), "cached_tokens", 0) or 0
    usage = Usage(counts.prompt_tokens, cached, counts.completion_tokens) if counts else Usage()
    return completion.choices[0].message.content or "", usage


def _fault(model: Model, error: Exception, number: int, draw: str) -> Fault:
    """Say what went wrong, and how long to wait."""
    text = tidy(redact(str(error)), 300) or f"no answer within {model.timeout:g} s"
    back_off = model.wait * 2**number * (0.5 + Random(f"{draw}:{number}").random())
    asked = _retry_after(getattr(error, "response", None))
    return Fault(_kind(error), round(min(model.patience, max(back_off, asked)), 3), text)


def _kind(error: Exception) -> str:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code"):
            status = getattr(holder, name, None)
            if isinstance(status, int) and status >= 400:
                return str(status)
    return type(error).__name__


def _retry_after(response: Any) -> float:  # noqa: ANN401 - whatever the provider's client has
    """Give the seconds a server asks to be left alone for; a date counts from the server's own."""
    headers = getattr(response, "headers", None) or {}
    text = str(headers.get("retry-after", ""))
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    try:
        return (
            parsedate_to_datetime(text) - parsedate_to_datetime(str(headers.get("date", "")))
        ).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def _worth_another_try(model: Model, faults: Sequence[Fault]) -> bool:
    kinds = [fault.kind for fault in faults]
    if kinds[-1] in _MAYBE_SCHEMA:
        return model.structured is not None and sum(kind in _MAYBE_SCHEMA for kind in kinds) == 1
    again = not kinds[-1].isdigit() or int(kinds[-1]) in _AGAIN or int(kinds[-1]) >= 500
    most = 1 if model.fallback and model.endpoint.gone else model.tries
    return again and len(faults) < most


def _lost(model: Model, faults: Sequence[Fault]) -> Sent:
    last = faults[-1]
    kind, status = last.kind, int(last.kind) if last.kind.isdigit() else 0
    if status in _FOR_GOOD:
        error, fatal = f"{model.spec} refused ({kind}): {last.text}; {_FOR_GOOD[status]}", True
    elif status and status not in _AGAIN and status < 500:
        error, fatal = f"{model.spec} refused this prompt ({kind}): {last.text}", False
    else:
        again = "is it running, and is the address right? What was played is kept and can be resumed"
        why = f"{kind}: {last.text.rstrip(' .')}"
        error = f"{model.spec} gave no answer in {len(faults)} tries; the last: {why}; {again}"
        fatal = model.endpoint.loses()
    return Sent(model.spec, faults=tuple(faults), error=error, fatal=fatal)
