"""Changes themselves: those an author wrote must arrive, and those nobody wrote must come of something."""

from collections.abc import Iterator

from judges.consistency_terms import said
from judges.reading import Reading
from judges.tracking_timeline import Timeline, Turning, family
from judges.verdict import Scale, Verdict, Window
from worlds.actions import Profile
from worlds.events import Acted, Event, Happened
from worlds.prose import tell

__all__ = ["applied", "invented"]

_BODY = frozenset({"injury", "fear", "taste"})
"""What does not change by thinking about it."""

_BAD = Scale(0.0, 1.0, 0.0)


def applied(reading: Reading) -> Iterator[Verdict]:
    """Judge for each beat of the world whether its profile changes are those its author wrote."""
    beats = {beat.id: beat for beat in reading.end.world.beats}
    for event in reading:
        if not isinstance(event.body, Happened) or event.body.beat not in beats:
            continue
        there = [effect for effect in event.body.effects if isinstance(effect, Profile)]
        for effect in beats[event.body.beat].effects:
            if isinstance(effect, Profile) and effect.who in reading.cast:
                reason = f"{effect.slot}: {effect.value or 'nothing'}"
                yield _verdict(event, effect.who, "applied", float(effect in there), reason)


def invented(reading: Reading, timeline: Timeline) -> Iterator[Verdict]:
    """Judge for each turning whether it has a ground: its author's word, or a cause that speaks of it."""
    beats = {beat.id: beat for beat in reading.end.world.beats}
    for turning in timeline.turnings:
        event = reading[turning.seq]
        if isinstance(event.body, Happened) and event.body.beat in beats:
            written = Profile(who=turning.who, slot=turning.slot, value=turning.new)
            known = [effect for effect in beats[event.body.beat].effects if isinstance(effect, Profile)]
            sound = any(effect.model_copy(update={"sure": 1.0}) == written for effect in known)
        else:
            sound = turning.given or _grounded(reading, turning)
        reason = f"{turning.slot}: {turning.old or 'nothing'} → {turning.new or 'nothing'}"
        if not sound:
            reason += "; nobody wrote it, and its cause says nothing of it"
        yield _verdict(event, turning.who, "invented", float(not sound), reason, turning.cause)


def _grounded(reading: Reading, turning: Turning) -> bool:
    """Whether an own change comes of what its owner perceived, and in body and heart of what has to do with it."""
    if turning.cause not in reading or turning.cause >= turning.seq:
        return False
    cause = reading[turning.cause]
    if turning.who not in (*cause.witnesses, *cause.glimpses, cause.by):
        return False
    if family(turning.slot) not in _BODY:
        return True
    about = said(f"{turning.slot.partition('.')[2]} {turning.new} {turning.old}".replace("_", " "))
    return bool(about & _words(cause, reading))


def _words(cause: Event, reading: Reading) -> frozenset[str]:
    told = tell(cause, reading.end.plan.names)
    thought = cause.body.thought if isinstance(cause.body, Acted) else ""
    return said(f"{told} {thought}")


def _verdict(event: Event, who: str, part: str, value: float, reason: str, cause: int = -1) -> Verdict:
    return Verdict(
        judge="tracking",
        subject=who,
        dimension=f"tracking.{part}",
        value=value,
        scale=_BAD if part == "invented" else Scale(0.0, 1.0, 1.0),
        evidence=(cause, event.seq) if 0 <= cause < event.seq else (event.seq,),
        reason=reason,
        window=Window(event.seq, event.seq),
    )
