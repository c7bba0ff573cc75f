"""Where calls to models wait for what the governor allows, and where what they took is counted."""

import asyncio
from dataclasses import dataclass, field, replace

from characters.calls import Call, Fault, Usage
from characters.models import Endpoint, Model
from characters.models.specs import read_spec
from sandbox.batch.governor import Need, Share
from sandbox.batch.turnstile import Line, Turnstile
from sandbox.calls import CallFile
from worlds.errors import BudgetError

__all__ = ["Gates", "Kept", "believed"]


class _Governed(Endpoint):
    """An endpoint whose gate is a turnstile."""

    def __init__(self, usual: int) -> None:
        super().__init__(usual)
        self.turnstile = Turnstile()

    def gate(self) -> asyncio.Semaphore:
        return self.turnstile


@dataclass(slots=True)
class Gates:
    """All endpoints that a worker asks, and what it may still spend."""

    stop: str = ""
    """Why no call may be made any more."""
    tokens: float = float("inf")
    """What may still be spent, the batch over; counted down here until the governor says better."""
    cost: float = float("inf")
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Is set when a share is needed sooner than at the next beat."""
    known: dict[str, _Governed] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    line: Line = field(default_factory=Line)

    def govern(self, specs: str, model: Model) -> Model:
        """Put a model, and what stands in for it, behind the gates of their endpoints."""
        asked: Model | None = model
        for text in specs.split(","):
            if asked is None:
                break
            address = read_spec(text.strip()).address
            if address not in self.known:
                self.known[address] = _Governed(asked.endpoint.parallel)
                self.changed.set()
            asked.endpoint = self.known[address]
            self.models[asked.spec] = asked
            asked = asked.fallback
        return model

    def needs(self, runs: int) -> dict[str, Need]:
        """Report every endpoint; `runs` are in hand that could ask it."""
        needs = {}
        for address, endpoint in self.known.items():
            one = endpoint.turnstile
            wants = max(runs, one.busy + len(one.queue))
            needs[address] = Need(wants, one.busy, endpoint.parallel, one.grants, one.made, one.tokens)
            one.made = one.tokens = 0
        return needs

    def give(self, shares: dict[str, Share]) -> None:
        """Take the shares that the governor gives."""
        for address, share in shares.items():
            self.known[address].turnstile.give(share)

    def allow(self) -> None:
        """Let a call be made; `BudgetError` if what the batch may spend is spent."""
        if self.stop:
            raise BudgetError(self.stop)
        if self.tokens <= 0 or self.cost <= 0:
            raise BudgetError("the batch has spent what it was given")

    def spend(self, call: Call) -> None:
        """Note what a call took."""
        self.tokens -= call.usage.total
        self.cost -= call.cost or 0.0
        model = self.models.get(call.model)
        if model is not None and isinstance(model.endpoint, _Governed):
            model.endpoint.turnstile.tokens += call.usage.total


class Kept:
    """The calls of one run, as its minds meet them: kept in its file, counted by the gates."""

    def __init__(self, file: CallFile, gates: Gates) -> None:
        """Keep calls in `file`."""
        self.file = file
        self._gates = gates

    @property
    def waits(self) -> bool:
        """Whether a call may have to wait for a model."""
        return self.file.waits

    def find(self, key: str, at: str) -> Call | None:
        """Give the call with this key if it was made before."""
        return self.file.find(key, at)

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        return self.file.latest(at)

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made; `BudgetError` if the batch has nothing left."""
        self._gates.allow()
        self.file.allow(priced=priced)

    def keep(self, call: Call) -> None:
        """Keep a call, with what it can have taken."""
        model = self._gates.models.get(call.model)
        call = believed(call, model)
        self.file.keep(call)
        self._gates.spend(call)


def believed(call: Call, model: Model | None) -> Call:
    """Give the call with usage that can be true: what a server says of itself decides what is spent.

    No text has fewer tokens than a twelfth of its characters, or, beside what a provider puts around it and a model
    thinks, more than twice their number. What was said instead is kept with the call.
    """
    if not call.reply and not any(call.usage):
        return call
    prompt = sum(len(message.text) for message in call.messages)
    usage = call.usage
    fair = Usage(
        _between(prompt // 12, usage.prompt, 2 * prompt + 20_000),
        min(max(usage.cached, 0), max(usage.prompt, 0)),
        _between(len(call.reply) // 12, usage.reply, 2 * len(call.reply) + 200_000),
    )
    if (fair.prompt, fair.reply) == (usage.prompt, usage.reply):
        return call
    told = Fault("usage", 0.0, f"said {usage.prompt} + {usage.reply} tokens, counted {fair.total}")
    cost = model.price.of(fair) if model and model.price else call.cost
    return replace(call, usage=fair, cost=cost, faults=(*call.faults, told))


def _between(low: int, value: int, high: int) -> int:
    return value if low <= value <= high else low
