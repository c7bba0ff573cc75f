"""Damage to profiles and to who goes by them: injuries forgotten, changes lost, made up, or not lived up to."""

from collections.abc import Iterator
from random import Random

from judges.damage import Damage, Site
from judges.damage_tools import quiet, reacted, spoken
from judges.reading import Reading
from judges.tracking_timeline import Timeline
from judges.tracking_words import attitude
from worlds.actions import Change, Profile, Scalar
from worlds.events import Event, Happened, ProfileChanged, Reflected

__all__ = ["PROFILES"]

_LINES = (
    "fidelity.voice",
    "fidelity.attribution",
    "fidelity.apc",
    "fidelity.missed",
    "consistency.repetition",
)
_TRACKED = tuple(
    f"tracking.{part}"
    for part in ("acted_on", "lag", "staleness", "retention", "precision", "f1", "invented")
)

_WELL = (
    "My {part} is fine. I never felt it better.",
    "I was never hurt in the {part}; my {part} is as sound as yours.",
    "There is nothing the matter with my {part}. It is whole and well.",
)


def _forgotten(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        slots = reading.before(event.seq).slots[event.by]
        hurt = sorted(slot for slot, value in slots.items() if slot.startswith("injury.") and value != "")
        if hurt:
            draw = Random(f"{address}:{event.seq}")
            part = draw.choice(hurt).partition(".")[2].replace("_", " ")
            yield _told(event, draw.choice(_WELL).format(part=part))


_FOND = (
    "As for {thing}, I love it, now as ever.",
    "Give me {thing} any day; I am fond of it and always was.",
)
_LOATH = ("As for {thing}, I hate it, now as ever.", "Keep {thing} away from me; I detest it and always did.")
_CALM = ("I was never afraid of {thing}, and I am calm about {thing} now.",)
_STILL = ("As for {thing}, nothing has changed with me: {old}.", "You know how I am about {thing}: {old}.")


def _stale(reading: Reading, address: str) -> Iterator[Site]:
    """Give lines that can go by a taste or fear their speaker had, and has no more."""
    timeline = Timeline(reading)
    for event in quiet(reading):
        draw = Random(f"{address}:{event.seq}")
        past = [
            (slot, turnings[-1].old)
            for (who, slot), all_ in sorted(timeline.slots.items())
            if who == event.by and slot.startswith(("taste.", "fear."))
            and (turnings := [t for t in all_ if t.seq < event.seq and t.turn < event.turn])
        ]  # fmt: skip
        lines = [line for slot, old in past for line in _as_before(slot, old, draw)]
        if lines:
            yield _told(event, draw.choice(lines))


def _as_before(slot: str, old: Scalar, draw: Random) -> Iterator[str]:
    kind, _, rest = slot.partition(".")
    thing = rest.replace("_", " ")
    if old == "":
        if kind == "fear":
            yield draw.choice(_CALM).format(thing=thing)
        return
    lean = attitude("taste", str(old)) if kind == "taste" else 0
    forms = _FOND if lean > 0 else _LOATH if lean < 0 else _STILL
    yield draw.choice(forms).format(thing=thing, old=old)


def _dropped(reading: Reading, address: str) -> Iterator[Site]:
    del address
    for event in reading:
        body = event.body
        if isinstance(body, Happened) and any(isinstance(effect, Profile) for effect in body.effects):
            kept = tuple(effect for effect in body.effects if not isinstance(effect, Profile))
            yield {event.seq: event.model_copy(update={"body": body.model_copy(update={"effects": kept})})}


_WHIMS = {
    "taste": ("detests it", "cannot live without it", "finds it delicious"),
    "fear": ("will not be left alone with it", "shakes at the sight", "dreams of it"),
    "injury": ("cracked in two places", "swollen and purple"),
}
_THINGS = "turnips spoons zebras marzipan umbrellas pumice trombones velvet".split()
_PARTS = "elbow shin jaw earlobe collarbone".split()


def _invented(reading: Reading, address: str) -> Iterator[Site]:
    for event in reading:
        body = event.body
        if isinstance(body, ProfileChanged | Reflected) and body.changes and event.by in reading.cast:
            draw = Random(f"{address}:{event.seq}")
            kind = draw.choice(list(_WHIMS))
            slot = f"{kind}.{draw.choice(_PARTS if kind == 'injury' else _THINGS)}"
            made = Change(slot, draw.choice(_WHIMS[kind]), body.changes[0].because)
            changes = (*body.changes, made)
            yield {event.seq: event.model_copy(update={"body": body.model_copy(update={"changes": changes})})}


def _told(event: Event, text: str) -> Site:
    say = spoken(event).model_copy(update={"text": text, "intent": "tell", "topic": ""})
    return {event.seq: reacted(event, say)}


PROFILES = (
    Damage(
        "forgotten_injury", "somebody hurt speaks as if he were whole",
        ("fidelity.violated",), (*_LINES, *_TRACKED), _forgotten, share=0.5,
    ),
    Damage(
        "stale_taste", "somebody goes by a taste or fear he no longer has",
        ("fidelity.violated", "tracking.staleness"), (*_LINES, *_TRACKED), _stale, share=0.5,
    ),
    Damage("dropped_change", "a beat's changes do not arrive", ("tracking.applied",), _TRACKED, _dropped, share=0.6),
    Damage("invented_change", "a change comes of nothing", ("tracking.invented",), (*_TRACKED, *_LINES), _invented),
)  # fmt: skip
