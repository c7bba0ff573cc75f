"""What the kinds of damage share: which lines can be replaced unnoticed, and how an act is replaced."""

from collections.abc import Iterator

from judges.consistency_terms import said
from judges.reading import Reading
from worlds.actions import Action, Effect, Say
from worlds.events import Acted, Event, Resolved

__all__ = ["quiet", "reacted", "ruling", "spoken", "widened"]


def spoken(event: Event) -> Say:
    """Give the utterance of an event that is one."""
    body = event.body
    if isinstance(body, Acted) and isinstance(body.action, Say):
        return body.action
    raise TypeError(f"event {event.seq} is no utterance")


def quiet(reading: Reading) -> Iterator[Event]:
    """Give the utterances nothing rests on: no claims, no lie, and no secret told in their words."""
    secrets = [said(secret.text) for secret in reading.end.plan.secrets]
    for event in reading:
        body = event.body
        if not isinstance(body, Acted) or not isinstance(body.action, Say) or event.by not in reading.cast:
            continue
        words = said(body.action.text)
        telling = any(len(secret & words) >= 0.5 * len(secret) for secret in secrets)
        if not body.action.claims and body.action.intent != "lie" and not telling:
            yield event


def reacted(event: Event, action: Action) -> Event:
    """Give an event with another action in it, and without the thought that led to the first."""
    return event.model_copy(update={"body": Acted(action=action)})


def ruling(reading: Reading, event: Event) -> Event | None:
    """Give what came of an attempt; None if nothing did."""
    for seq in range(event.seq + 1, event.seq + 60):
        if seq not in reading or reading[seq].turn != event.turn:
            return None
        if isinstance(reading[seq].body, Resolved) and reading[seq].by == event.by:
            return reading[seq]
    return None


def widened(event: Event, *effects: Effect) -> Event:
    """Give a ruling with further effects."""
    body = event.body
    if not isinstance(body, Resolved):
        raise TypeError(f"event {event.seq} is no ruling")
    return event.model_copy(update={"body": body.model_copy(update={"effects": (*body.effects, *effects)})})
