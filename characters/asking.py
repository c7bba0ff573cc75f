"""Asking a model: the one way in which anything here talks to one.

A **question** is a prompt, the form its answer has, and a test whether the answer will do. A reply that cannot be
read or will not do is asked for again, at most twice, with the reason; then a `Failure` is given back, never an
exception. Each reply is kept in the run's calls, where it is looked for first.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from characters.calls import A_TOKEN, Call, Calls, Message, Usage, key_of
from characters.models.model import Model
from characters.models.wire import Sent, send
from characters.prompting import Prompts, fill, template
from characters.replies import UnfitError, read, tidy
from characters.shapes import Reply, shape_of
from worlds.errors import ModelError

__all__ = ["ATTEMPTS", "Failure", "Question", "ask", "opening", "recalled"]

T = TypeVar("T", bound=Reply)
R = TypeVar("R")

ATTEMPTS = 3
"""How often one question is put: once, and twice again with what was wrong."""

_PROBLEM = 400
"""Longest account of what is wrong with a reply, in characters."""

_QUOTED = 2_000
"""Characters of an unusable reply that are shown to its maker again."""


@dataclass(frozen=True, slots=True)
class Question(Generic[T, R]):
    """Something to ask a model."""

    at: str
    """Address in the run, as in `Call.at`."""
    system: str
    """What stays the same from one question to the next; the form of the answer is put behind it."""
    user: str
    shape: type[T]
    accept: Callable[[T], R]
    """Makes of the form what is wanted, or raises `UnfitError` with the reason."""
    prompts: Prompts = template
    """Where the words are that the form and a re-ask are put in."""


class Failure(NamedTuple):
    """A question that was not answered."""

    error: str


async def ask(model: Model, question: Question[T, R], calls: Calls) -> R | Failure:
    """Ask until there is a reply that will do.

    Raises `ModelError` if the model cannot be reached or refuses for good, `BudgetError` if nothing is left to spend.
    """
    messages, problem = opening(question), ""
    for attempt in range(ATTEMPTS):
        call = await _call(model, question, messages, attempt, calls)
        if call.error:
            return Failure(call.error)
        try:
            return question.accept(read(call.reply, question.shape))
        except UnfitError as unfit:
            problem = tidy(str(unfit), _PROBLEM)
        again = Message("user", fill(question.prompts("again"), {"problem": problem}))
        messages = (*messages, Message("assistant", call.reply[:_QUOTED] or "(nothing)"), again)
    return Failure(f"{ATTEMPTS} replies could not be used; the last: {problem}")


def recalled(calls: Calls, at: str, shape: type[T]) -> T | None:
    """Give the form that was accepted at an address, without asking; None if there is none."""
    call = calls.latest(at)
    if call is None or call.error or call.problem:
        return None
    return read(call.reply, shape)


def opening(question: Question[T, R]) -> tuple[Message, ...]:
    """Give the prompt as it is first sent. The form is always in it, so that decoding by schema changes no prompt."""
    form = fill(question.prompts("shape"), {"shape": shape_of(question.shape)})
    return (Message("system", f"{question.system}\n\n{form}"), Message("user", question.user))


async def _call(
    model: Model, question: Question[T, R], messages: tuple[Message, ...], attempt: int, calls: Calls
) -> Call:
    """Find the call, or make it and keep it."""
    key = key_of(model.spec, messages, question.shape.__name__, question.at, attempt)
    if known := calls.find(key, question.at):
        return known
    calls.allow(priced=model.price is not None)
    try:
        sent = await send(model, messages, question.shape, f"{question.at}:{attempt}")
    except asyncio.CancelledError:
        calls.keep(_made(question.at, attempt, messages, _given_up(model, messages)))
        raise
    call = _made(question.at, attempt, messages, sent)
    if sent.fatal:
        calls.keep(call)
        raise ModelError(sent.error)
    call = replace(call, key=key, problem="" if call.error else _problem(question, call.reply))
    calls.keep(call)
    return call


def _made(at: str, attempt: int, messages: tuple[Message, ...], sent: Sent) -> Call:
    return Call(
        at=at,
        attempt=attempt,
        model=sent.model,
        key="",
        messages=messages,
        reply=sent.reply,
        error=sent.error,
        usage=sent.usage,
        seconds=sent.seconds,
        cost=sent.cost,
        faults=sent.faults,
    )


def _given_up(model: Model, messages: tuple[Message, ...]) -> Sent:
    """Give what counts for a call nobody waited for to the end: its prompt may have been paid for."""
    usage = Usage(prompt=sum(len(message.text) for message in messages) // A_TOKEN)
    cost = model.price.of(usage) if model.price else None
    return Sent(model.spec, usage=usage, cost=cost, error="given up before there was an answer")


def _problem(question: Question[T, R], reply: str) -> str:
    try:
        question.accept(read(reply, question.shape))
    except UnfitError as unfit:
        return tidy(str(unfit), _PROBLEM)
    return ""
