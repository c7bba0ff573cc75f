"""Who came to know what, when and how: showings sorted by character, with what each was born with and concluded."""

from collections.abc import Sequence
from typing import NamedTuple

from judges.reading import Reading
from judges.showings import How, Key, key_of, showings
from worlds.actions import Claim, Profile, Scalar
from worlds.events import Event, Happened, Intervened, ProfileChanged, Reflected, Resolved

__all__ = ["BORN", "Info", "Knowledge"]

BORN = -1
"""The seq of what was held before anything happened."""


class Info(NamedTuple):
    """Something one character came to hold."""

    seq: int
    claim: Claim
    how: How
    by: str = ""


class Knowledge:
    """What each character came to know in a run."""

    def __init__(self, reading: Reading) -> None:
        """Collect the showings of a run, and what its characters brought along and concluded."""
        self._reading = reading
        self._infos: dict[str, dict[Key, list[Info]]] = {who: {} for who in reading.cast}
        self._born()
        for showing in showings(reading):
            info = Info(showing.seq, showing.claim, showing.how, showing.by)
            for who in showing.group:
                if who != showing.by or showing.how == "found":
                    self._learn(who, info)
        for event in reading:
            self._inside(event)
        for infos in self._infos.values():
            for found in infos.values():
                found.sort(key=lambda info: info.seq)

    def about(self, who: str, key: Key, before: int, since: int = BORN - 1) -> Sequence[Info]:
        """Give what a character came to hold about a matter after `since` and before `before`, oldest first."""
        found = self._infos.get(who, {}).get(key, ())
        return [info for info in found if since < info.seq < before]

    def grounds(self, who: str, claim: Claim, before: int) -> Info | None:
        """Give the latest info that bears a claim out; None if the character never came by it."""
        found = self.about(who, key_of(claim), before)
        return next((info for info in reversed(found) if info.claim == claim), None)

    def met(self, who: str, id_: str, before: int) -> bool:
        """Whether a character ever came across something by its id."""
        return any(
            info.seq < before and id_ in (subject, info.claim.value)
            for (subject, _), infos in self._infos.get(who, {}).items()
            for info in infos
        )

    def _born(self) -> None:
        state = self._reading.before(self._reading.events[0].seq)
        for who, slots in state.slots.items():
            for slot, value in slots.items():
                self._hold(who, BORN, slot, value, "born")
        for secret in state.plan.secrets:
            for who in secret.known_by:
                self._learn(who, Info(BORN, secret.claim, "born"))

    def _inside(self, event: Event) -> None:
        """Take in what went on in profiles: conclusions, and what the world wrote there."""
        body = event.body
        if isinstance(body, ProfileChanged | Reflected):
            for change in body.changes:
                self._hold(event.by, event.seq, change.slot, change.value, "concluded")
        elif isinstance(body, Happened | Intervened | Resolved):
            for effect in body.effects:
                if isinstance(effect, Profile):
                    self._hold(effect.who, event.seq, effect.slot, effect.value, "given")

    def _hold(self, who: str, seq: int, slot: str, value: Scalar, how: How) -> None:
        family, _, rest = slot.partition(".")
        subject, dot, attribute = rest.partition(".")
        if family == "belief" and dot:  # an empty value tells too: that it is no longer believed
            self._learn(who, Info(seq, Claim(subject, attribute, value), how))

    def _learn(self, who: str, info: Info) -> None:
        self._infos.setdefault(who, {}).setdefault(key_of(info.claim), []).append(info)
