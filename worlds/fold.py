"""The one function that changes state: `apply`, and its fold.

Two rules hold here. Whatever moves the phase is in this file. And this file reads nothing but the state and the
event: no clock, no chance, no files; so any slice of a log folds to the same state everywhere.
"""

from collections.abc import Iterable, Sequence

from worlds.actions import Change, Claim, Do, Effect, Say, Scalar
from worlds.effects import enact, illegal, learn, reslot
from worlds.errors import IllegalError
from worlds.events import (
    Acted,
    Cued,
    Ended,
    Event,
    Forked,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
    Started,
    TurnEnded,
)
from worlds.plan import plan
from worlds.spec import Ending
from worlds.state import MINUTES_A_DAY, PHASES, Firing, Phase, State, hold, minutes

__all__ = ["apply", "ending", "fold", "route"]


def fold(events: Iterable[Event], state: State | None = None) -> State:
    """Give the state after these events, starting from nothing or from a state."""
    for event in events:
        state = apply(state, event)
    if state is None:
        message = "a log without a first event has no state; start it with `started`"
        raise IllegalError(message)
    return state


def apply(state: State | None, event: Event) -> State:  # noqa: C901, PLR0911 - one case a kind of event
    """Give the state after one event; `IllegalError` if the phase or the world does not allow it."""
    body = event.body
    if state is None:
        if isinstance(body, Started):
            return _started(body)
        message = f"event {event.seq} is {body.kind}; a log begins with `started`"
        raise IllegalError(message)
    if body.kind not in PHASES[state.phase]:
        allowed = ", ".join(sorted(PHASES[state.phase])) or "nothing more"
        message = f"event {event.seq} is {body.kind}, but the phase is {state.phase}, which allows {allowed}"
        raise IllegalError(message)
    match body:
        case SceneSet():
            return _scene_set(state, body)
        case Cued():
            return _cued(state, event, body)
        case Happened():
            fired = {**state.fired, body.beat: Firing(event.seq, state.turn)}
            state = _affected(state._replace(fired=fired), body.effects, event.seq)
            return state._replace(phase=route(state))
        case Intervened():
            state = _affected(state, body.effects, event.seq)
            return state._replace(phase=route(state)) if state.phase == "cue" else state
        case Acted():
            return _acted(state, event, body)
        case Resolved():
            return _resolved(state, event, body)
        case Reflected() | ProfileChanged():
            return _changed(state, event, body.changes)
        case TurnEnded():
            return _turn_ended(state, event)
        case Forked():
            state = state._replace(settings=body.settings)
            return state._replace(phase=route(state)) if state.phase in ("cue", "close", "open") else state
        case Ended():
            return state._replace(phase="over")
        case _:
            return state


def route(state: State) -> Phase:
    """Give the phase between turns: go on, set the next scene, or close."""
    if state.scene < 0:
        return "open"
    if ending(state) or state.turn >= state.settings.turns or not state.players:
        return "close"
    scene = state.scene_now
    done = bool(scene.until) and hold(state, scene.until)
    done = done or (scene.rounds > 0 and state.scene_rounds >= scene.rounds)
    if not done:
        return "cue"
    return "open" if state.scene + 1 < len(state.world.scenes) else "close"


def ending(state: State) -> Ending | None:
    """Give the first ending whose condition holds; at the turn limit `after` does not count."""
    late = state.turn >= state.settings.turns
    for candidate in state.world.endings:
        if (late or state.turn >= candidate.after) and hold(state, candidate.when):
            return candidate
    return None


def _started(body: Started) -> State:
    world, cast = body.world, {character.id: character for character in body.cast}
    facts: dict[str, dict[str, Scalar]] = {}
    for name, value in world.facts.items():
        subject, _, attribute = name.partition(".")
        facts.setdefault(subject, {})[attribute] = value
    for id_, thing in world.things.items():
        hidden: dict[str, Scalar] = {"hidden": True} if thing.hidden else {}
        facts[id_] = {**hidden, **thing.facts, **facts.get(id_, {})}
    held = {id_: thing.at for id_, thing in world.things.items() if thing.at}
    for who in cast:
        if who in world.cast:
            held |= dict.fromkeys(world.cast[who].holds, who)
    held = {thing: at for thing, at in held.items() if at in world.places or at in world.things or at in cast}
    first = next(iter(world.places))
    tables = plan(world, body.cast)
    return State(
        phase="open",
        world=world,
        cast=cast,
        plan=tables,
        settings=body.settings,
        clock=minutes(world.clock.start),
        where={who: world.cast[who].at if who in world.cast else first for who in cast},
        held=held,
        facts=facts,
        slots={who: dict(character.slots) for who, character in cast.items()},
        knows={secret.id: frozenset(secret.known_by) & cast.keys() for secret in tables.secrets},
    )


def _scene_set(state: State, body: SceneSet) -> State:
    ids = [scene.id for scene in state.world.scenes]
    if body.scene not in ids:
        message = f"scene {body.scene!r} is not in the world; its scenes are {', '.join(ids)}"
        raise IllegalError(message)
    index = ids.index(body.scene)
    clock = state.clock + state.world.scenes[index].skip
    return state._replace(phase="cue", scene=index, scene_rounds=0, had=frozenset(), clock=clock)


def _cued(state: State, event: Event, body: Cued) -> State:
    unable = [who for who in body.who if who not in state.cast or not state.able(who)]
    if unable or not body.who:
        message = f"event {event.seq} cues {', '.join(unable) or 'nobody'}; cue characters who are on stage"
        raise IllegalError(message)
    own = {**state.own, **{who: state.own.get(who, 0) + 1 for who in body.who}}
    return state._replace(phase="act", turn=state.turn + 1, cued=body.who, cued_at=event.seq,
        acts={}, resolved=(), reflected=(), own=own,
    )  # fmt: skip


def _acted(state: State, event: Event, body: Acted) -> State:
    if event.by not in state.cued or event.by in state.acts:
        message = f"event {event.seq}: it is not {event.by or 'the stage'}'s turn; cued are {state.cued}"
        raise IllegalError(message)
    acts = {**state.acts, event.by: (event.seq, body.action)}
    action = body.action
    kind = f"say.{action.intent}" if isinstance(action, Say) else action.verb
    mine = state.done.get(event.by, {})
    done = {**state.done, event.by: {**mine, kind: mine.get(kind, 0) + 1}}
    phase: Phase = "resolve" if len(acts) == len(state.cued) else "act"
    state = state._replace(acts=acts, done=done, phase=phase)
    if isinstance(action, Say):
        heard = tuple(who for who in event.witnesses if who != event.by)
        return _told(state, action.claims, heard)
    if isinstance(action, Do) and action.deed:
        return state._replace(deeds={**state.deeds, f"{event.by} {action.deed}": state.turn})
    return state


def _resolved(state: State, event: Event, body: Resolved) -> State:
    if event.by not in state.acts or event.by in state.resolved:
        message = f"event {event.seq} rules on {event.by or 'nobody'}, who has no open attempt"
        raise IllegalError(message)
    state = _affected(state, body.effects, event.seq)
    state = _told(state, body.claims, event.witnesses)
    resolved = (*state.resolved, event.by)
    return state._replace(
        resolved=resolved, phase="reflect" if len(resolved) == len(state.cued) else "resolve"
    )


def _changed(state: State, event: Event, changes: Sequence[Change]) -> State:
    if event.by not in state.cast:
        message = f"event {event.seq} changes {event.by or 'nobody'}; profiles belong to characters"
        raise IllegalError(message)
    late = [change.because for change in changes if not 0 <= change.because < event.seq]
    if late:
        message = f"event {event.seq} names causes {late}; a cause is an earlier event"
        raise IllegalError(message)
    state = reslot(state, event.by, {change.slot: change.value for change in changes})
    return state._replace(reflected=(*state.reflected, event.by))


def _turn_ended(state: State, event: Event) -> State:
    marks = {**state.marks, **dict.fromkeys(state.cued, event.seq)}
    state = state._replace(had=state.had.union(state.cued), marks=marks)
    if not state.waiting:
        state = state._replace(had=frozenset(), round=state.round + 1, round_began=state.turn,
            scene_rounds=state.scene_rounds + 1, clock=_later(state),
        )  # fmt: skip
    return state._replace(phase=route(state))


def _later(state: State) -> int:
    clock = state.world.clock
    now = state.clock + clock.minutes
    if clock.dawn and clock.dusk:
        day, minute = divmod(now, MINUTES_A_DAY)
        if minute >= minutes(clock.dusk):
            return (day + 1) * MINUTES_A_DAY + minutes(clock.dawn)
        if minute < minutes(clock.dawn):
            return day * MINUTES_A_DAY + minutes(clock.dawn)
    return now


def _affected(state: State, effects: Sequence[Effect], seq: int) -> State:
    for effect in effects:
        why = illegal(state, effect)
        if why:
            message = f"event {seq} has an illegal effect ({effect.effect}): {why}"
            raise IllegalError(message)
        state = enact(state, effect, seq)
    return state


def _told(state: State, claims: Sequence[Claim], witnesses: tuple[str, ...]) -> State:
    """Spread what was said or found to those who perceived it whole."""
    if claims:
        for secret in state.plan.secrets:
            if secret.claim in claims:
                state = learn(state, secret.id, witnesses)
    return state
