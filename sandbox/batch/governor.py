"""What all workers of a batch together may ask of an endpoint: one account of it, whoever keeps the account.

Two things are shared out. **Slots**: how many calls are under way at once. A worker has some of them for itself, so
that a call that ends makes room for the next without asking anybody; the sum over all workers never exceeds the limit.
**Grants**: how many calls may be begun, out of what flows in per minute; with a limit of tokens, as many as those left
pay for at what a call has cost so far, those still under way included.

Everything here is a function of the account, what a worker reports, and the seconds on a clock that only goes forward.
"""

from typing import NamedTuple

from pydantic import BaseModel, Field

__all__ = ["Ledger", "Need", "Rules", "Share"]

BURST = 5.0
"""Seconds of a limit per minute that can be saved up."""

GUESS = 1500.0
"""Tokens a call is taken to cost before any has ended."""


class Rules(NamedTuple):
    """The limits of a plan, an endpoint."""

    calls: int | None = None
    requests: float | None = None
    """A minute."""
    tokens: float | None = None
    """A minute."""


class Need(NamedTuple):
    """What a worker reports of one endpoint."""

    wants: int
    """Calls it could use a slot for."""
    busy: int
    """Calls it has under way."""
    usual: int
    """How many at once are usual with the provider."""
    left: int = 0
    """Grants it has not used."""
    made: int = 0
    """Calls that ended since it last reported."""
    tokens: int = 0
    """What those took."""


class Share(NamedTuple):
    """What a worker is given of one endpoint."""

    slots: int
    grants: int | None
    """How many calls may be begun beyond those granted before; None for any number."""


class Account(BaseModel):
    """What is known of one endpoint."""

    slots: dict[int, int] = Field(default_factory=dict)
    """Worker to how many it holds."""
    wants: dict[int, int] = Field(default_factory=dict)
    out: dict[int, int] = Field(default_factory=dict)
    """Worker to calls granted that have not ended."""
    requests: float | None = None
    tokens: float | None = None
    average: float = GUESS
    at: float = 0.0

    def share(self, rules: Rules, worker: int, need: Need, now: float) -> Share:
        """Take in what a worker reports and give it its share."""
        self.wants[worker] = need.wants
        most = rules.calls or need.usual
        others = sum(held for who, held in self.slots.items() if who != worker)
        fair = _fair(most, self.wants)[worker]
        slots = max(0, min(fair, most - others))
        self.slots[worker] = max(need.busy, slots)  # those under way end first
        self._fill(rules, now)
        self._ended(worker, need)
        if rules.requests is None and rules.tokens is None:
            return Share(slots, None)
        grants = max(0, min(need.wants - need.busy - need.left, self._pays(rules)))
        self.out[worker] = self.out.get(worker, 0) + grants
        if self.requests is not None:
            self.requests -= grants
        return Share(slots, grants)

    def forget(self, worker: int) -> None:
        """Take back what a worker held that is gone."""
        for held in (self.slots, self.wants, self.out):
            held.pop(worker, None)

    def _fill(self, rules: Rules, now: float) -> None:
        """Let the limits per minute flow in. A clock that was set anew counts as no time gone."""
        passed = min(max(0.0, now - self.at), BURST)
        self.requests = _filled(self.requests, rules.requests, passed)
        self.tokens = _filled(self.tokens, rules.tokens, passed, self._promised())
        self.at = now

    def _ended(self, worker: int, need: Need) -> None:
        self.out[worker] = max(0, self.out.get(worker, 0) - need.made)
        if self.tokens is not None:
            self.tokens -= need.tokens
        if need.made and need.tokens:
            weight = min(0.5, need.made / 20)
            self.average += weight * (need.tokens / need.made - self.average)

    def _pays(self, rules: Rules) -> int:
        """Give how many calls may be begun. One that costs more than can be saved up may be when all has flowed in."""
        left = []
        if self.requests is not None:
            left.append(self.requests)
        if self.tokens is not None and rules.tokens is not None:
            free = self.tokens - self._promised()
            calls = free / self.average
            left.append(max(calls, 1.0) if free >= _most(rules.tokens) else calls)
        return int(min(left)) if left else 0

    def _promised(self) -> float:
        """Give the tokens that calls under way are taken to cost."""
        return sum(self.out.values()) * self.average


class Ledger(BaseModel):
    """The accounts of all endpoints."""

    boot: str = ""
    """Which start of the machine its seconds count from."""
    accounts: dict[str, Account] = Field(default_factory=dict)

    def share(
        self, rules: Rules, worker: int, needs: dict[str, Need], now: float, boot: str
    ) -> dict[str, Share]:
        """Take in what a worker reports of its endpoints; give its share of each."""
        if boot != self.boot:
            for account in self.accounts.values():
                account.at = now
            self.boot = boot
        return {
            address: self.accounts.setdefault(address, Account(at=now)).share(rules, worker, need, now)
            for address, need in needs.items()
        }

    def forget(self, worker: int) -> None:
        """Take back all that a worker held that is gone."""
        for account in self.accounts.values():
            account.forget(worker)


def _most(per_minute: float) -> float:
    return max(1.0, per_minute * BURST / 60)


def _filled(
    level: float | None, per_minute: float | None, passed: float, promised: float = 0.0
) -> float | None:
    if per_minute is None:
        return None
    most = _most(per_minute) + promised
    return most if level is None else min(most, level + per_minute * passed / 60)


def _fair(most: int, wants: dict[int, int]) -> dict[int, int]:
    """Divide slots: nobody gets more than it wants, and what one does not want goes to the others."""
    shares, left = {}, most
    for place, (worker, want) in enumerate(sorted(wants.items(), key=lambda item: (item[1], item[0]))):
        shares[worker] = min(want, -(-left // (len(wants) - place)))
        left -= shares[worker]
    return shares
