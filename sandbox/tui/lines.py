"""Events as lines of the screen, one event at a time."""

from collections.abc import Iterator

from sandbox.story import Teller, Told, clean
from worlds.actions import Claim, Say, Wait
from worlds.events import (
    Acted,
    Cued,
    Event,
    Faulted,
    Forked,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
    Started,
)
from worlds.state import State

__all__ = ["Learned", "Lines", "learned"]

_BOOKKEEPING = ("sure.", "source.", "seen.", "asked.", "sought.", "lied.", "shut.")
"""Slots minds keep their books in: the Event tab has them, the story need not."""


class Lines(Teller):
    """Tells one event at a time; where the story is, is said by who lays the lines out."""

    def of(self, event: Event, now: State) -> Iterator[Told]:
        """Give the lines of an event; `now` need only know places and attempts."""
        body = event.body
        match body:
            case Started() | Faulted() | Forked():
                yield from self._frame(event)
            case SceneSet():
                yield Told(event.seq, "frame", "", clean(body.text))
            case Acted():
                yield from self._act(event, body)
            case Resolved():
                known = now if event.by in now.acts else now._replace(acts={event.by: (0, Wait())})
                yield from self._ruling(event, body, known)
            case Happened() | Intervened():
                mood = isinstance(body, Happened) and body.beat.startswith("mood.")
                yield Told(event.seq, "mood" if mood else "beat", "", clean(body.text))
            case Reflected() | ProfileChanged():
                yield from self._change(event, body)
            case Cued():
                names = ", ".join(self._name(who) for who in body.who)
                yield Told(event.seq, "stage", "", f"turn {event.turn}: {names}{_why(body.reason)}")
            case _:
                yield from self._frame(event)

    def _change(self, event: Event, body: Reflected | ProfileChanged) -> Iterator[Told]:
        told = [clean(body.text)] if isinstance(body, Reflected) and body.text else []
        for change in body.changes:
            if not change.slot.startswith(_BOOKKEEPING):
                value = clean(str(change.value)) or "none"
                told.append(f"{clean(change.slot).replace('_', ' ').replace('.', ' ')} → {value}")
        if told:
            yield Told(event.seq, "inner", self._name(event.by), " · ".join(told))


def _why(reason: str) -> str:
    return f" ({clean(reason)})" if reason else ""


Learned = tuple[str, tuple[str, ...]]
"""A secret by its id, and who know it from now on."""


def learned(event: Event, now: State) -> Learned | None:
    """Say which secret an event tells to whom, if it does; `now` need only know who knows what."""
    body, claims, heard = event.body, tuple[Claim, ...](), event.witnesses
    if isinstance(body, Acted) and isinstance(body.action, Say):
        claims, heard = body.action.claims, tuple(who for who in heard if who != event.by)
    elif isinstance(body, Resolved):
        claims = body.claims
    for secret in now.plan.secrets if claims else ():
        fresh = tuple(who for who in heard if who not in now.knows[secret.id])
        if secret.claim in claims and fresh:
            return secret.id, fresh
    return None
