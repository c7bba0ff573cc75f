"""A turn in typed fields, as game engines want it, worked out of the events of that turn."""

from collections.abc import Iterator, Sequence
from typing import Literal

from sandbox.server.shapes import Deed, Delta, Emotion, Note, TurnFields
from worlds.actions import Change, Do, Go, Handle, Profile, Say, Touch, Wait
from worlds.events import Acted, Event, Faulted, Happened, Intervened, ProfileChanged, Reflected, Resolved
from worlds.prose import attempt, tell
from worlds.state import State
from worlds.trajectory import Trajectory

__all__ = ["fields_of"]

_STANCES: tuple[Literal["trust", "liking"], ...] = ("trust", "liking")
_BOOKS = (
    "asked",
    "sought",
    "seen",
    "told",
    "lied",
    "sure",
    "source",
    "mood",
    "shut",
    "tool",
    "works",
    "trust",
    "liking",
    "goal",
)


def fields_of(log: Trajectory, who: str, events: Sequence[Event]) -> TurnFields:
    """Give what a character's turn came to; `events` are those of the turn, the last of `log`."""
    before = log.upto(events[0].seq).state
    mine = [event for event in events if event.by == who]
    act = next(event for event in mine if isinstance(event.body, Acted))
    acted = act.body if isinstance(act.body, Acted) else Acted(action=Wait())
    ruling = next((event.body for event in mine if isinstance(event.body, Resolved)), None)
    effects = [
        e for event in events if isinstance(event.body, Resolved | Happened) for e in event.body.effects
    ]
    changes = _changes(mine) + [
        Change(effect.slot, effect.value, log.seq)
        for effect in effects
        if isinstance(effect, Profile) and effect.who == who
    ]
    goals = [change for change in changes if change.slot.startswith("goal.")]
    return TurnFields(
        who=who,
        seq=(events[0].seq, events[-1].seq),
        say=acted.action.text if isinstance(acted.action, Say) else None,
        action=_deed(acted, log.state),
        target=_target(acted),
        ok=ruling is None or ruling.ok,
        text=f"{tell(act, log.state.plan.names)} {ruling.text if ruling else ''}".strip(),
        emotion=_emotion(acted.feeling, log.state, who),
        relation_deltas=list(_deltas(before, who, changes)),
        goal_updates=[Note(slot=c.slot, value=c.value, because=c.because) for c in goals],
        memory_notes=list(_notes(mine, changes)),
        thought=acted.thought,
        happened=[event.body.text for event in events if isinstance(event.body, Happened | Intervened)],
        effects=[effect.model_dump(mode="json") for effect in effects],
        faults=[event.body.error for event in events if isinstance(event.body, Faulted)],
        over=log.state.phase == "over",
    )


def _changes(events: Sequence[Event]) -> list[Change]:
    bodies = (event.body for event in events)
    return [
        change for body in bodies if isinstance(body, ProfileChanged | Reflected) for change in body.changes
    ]


def _deed(acted: Acted, state: State) -> Deed:
    action = acted.action
    if isinstance(action, Say):
        return Deed(
            verb="say", manner=action.manner, intent=action.intent, topic=action.topic, to=list(action.to),
            claims=action.claims,
        )  # fmt: skip
    thing = action.thing if isinstance(action, Handle) else None
    words = (
        action.text if isinstance(action, Do) else attempt("", action, state.plan.names, done=False).strip()
    )
    return Deed(verb=action.verb, thing=thing, text=words)


def _target(acted: Acted) -> str | None:
    match acted.action:
        case Say(to=to):
            return to[0] if len(to) == 1 else None
        case Touch(target=target):
            return target
        case Go(to=to) | Handle(to=to) | Do(to=to):
            return to or None
        case _:
            return None


def _emotion(feeling: str, state: State, who: str) -> Emotion:
    moods = {
        slot.removeprefix("mood."): value
        for slot, value in state.slots[who].items()
        if slot.startswith("mood.")
    }
    levels = {name: float(value) for name, value in moods.items() if isinstance(value, int | float) and value}
    return Emotion(
        label=feeling or str(state.slots[who].get("mood", "")),
        intensity=round(min(1.0, max((abs(level) for level in levels.values()), default=0.0)), 3),
        levels=levels,
    )


def _deltas(before: State, who: str, changes: Sequence[Change]) -> Iterator[Delta]:
    for change in changes:
        for kind in _STANCES:
            if change.slot.startswith(f"{kind}.") and isinstance(change.value, int | float):
                old = before.slots[who].get(change.slot, 0)
                was = float(old) if isinstance(old, int | float) else 0.0
                now = float(change.value)
                of = change.slot.removeprefix(f"{kind}.")
                yield Delta(
                    of=of, kind=kind, was=was, now=now, delta=round(now - was, 4), because=change.because
                )


def _notes(bodies: Sequence[Event], changes: Sequence[Change]) -> Iterator[Note]:
    for event in bodies:
        if isinstance(event.body, Reflected):
            yield Note(slot="reflection", value=event.body.text, because=event.seq)
    for change in changes:
        if change.slot.split(".")[0] not in _BOOKS:
            yield Note(slot=change.slot, value=change.value, because=change.because, source=change.source)
