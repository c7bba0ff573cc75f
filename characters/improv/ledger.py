"""Slots while they are being changed: nudges add up, and only what moved enough becomes a change."""

from collections.abc import Mapping
from typing import NamedTuple

from characters.improv.me import MOODS, baseline, number
from characters.profile import Core
from worlds.actions import Change, Scalar

__all__ = ["Ledger"]

_LEAST = {"mood": 0.1, "trust": 0.05, "liking": 0.05}
"""How far a number must move to be worth an entry in the log, by family of slot."""

_CALMING = 0.35
"""Share of the way back to its baseline that an unstirred feeling goes, once in `_EVERY` own turns."""

_EVERY = 3


class _Nudge(NamedTuple):
    amount: float
    because: int


class Ledger:
    """Collects changes to one character's slots, each with the event that caused it."""

    def __init__(self, core: Core, slots: Mapping[str, Scalar]) -> None:
        """Start from the slots as they are."""
        self.core = core
        self.slots = dict(slots)
        self.changes: dict[str, Change] = {}
        self._nudges: dict[str, list[_Nudge]] = {}

    def nudge(self, slot: str, amount: float, because: int) -> None:
        """Move a number by an amount, if in sum it moves far enough."""
        if amount:
            self._nudges.setdefault(slot, []).append(_Nudge(amount, because))

    def put(self, slot: str, value: Scalar, because: int, sure: float = 1.0, source: str = "") -> None:
        """Give a slot a value."""
        if self.slots.get(slot, "") != value:
            self.slots[slot] = value
            self.changes[slot] = Change(slot, value, because, sure, source)

    def settle(self, own_turn: int, because: int) -> None:
        """Sum up the nudges, and let feelings nobody stirred fade; `because` is what the calm is put down to."""
        for slot, nudges in self._nudges.items():
            strongest = max(nudges, key=lambda nudge: abs(nudge.amount))
            self._move(slot, sum(nudge.amount for nudge in nudges), strongest.because)
        if own_turn % _EVERY == 0:
            for feeling in MOODS:
                slot = f"mood.{feeling}"
                if slot not in self._nudges:
                    self._fade(slot, baseline(self.core, feeling), because)
        self._nudges = {}

    def _fade(self, slot: str, rest: float, because: int) -> None:
        now = number(self.slots.get(slot), rest)
        if abs(now - rest) >= _LEAST["mood"]:
            near = abs(now - rest) <= _CALMING / 2
            self._move(slot, rest - now if near else (rest - now) * _CALMING, because)

    def _move(self, slot: str, amount: float, because: int) -> None:
        family, _, rest = slot.partition(".")
        start = baseline(self.core, rest) if family == "mood" else 0.0
        now = number(self.slots.get(slot), start)
        # Feelings saturate: the nearer the end of the scale, the less a nudge moves.
        room = 1 - abs(now) if now * amount > 0 else 1.0
        # Only joy has an opposite worth a number; the other feelings end where they are not felt.
        floor = min(start, 0.0) if family == "mood" and rest != "joy" else -1.0
        value = round(max(floor, min(1.0, now + amount * room)), 2)
        if abs(value - now) >= _LEAST.get(family, 0.05):
            self.put(slot, value, because)
