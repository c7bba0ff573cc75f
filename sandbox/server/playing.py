"""What a game does in a session: it says what happened, acts for those it plays, asks for turns."""

from collections.abc import Sequence

from sandbox.server.fields import fields_of
from sandbox.server.hearing import hear
from sandbox.server.session import Session
from sandbox.server.shapes import (
    ActRequest,
    EventRow,
    Happen,
    Happening,
    Person,
    SessionInfo,
    Spoken,
    TurnFields,
    TurnRequest,
)
from sandbox.server.taming import tame
from worlds.actions import Action, Say
from worlds.errors import IllegalError
from worlds.events import Acted, Event
from worlds.prose import tell
from worlds.state import State

__all__ = ["act", "happen", "info", "row", "rows", "turn"]


async def happen(session: Session, what: Happening) -> Happen:
    """Let happen what the game says happened; `IllegalError` if the world does not allow it."""
    places = session.log.state.world.places
    if what.place and what.place not in places:
        raise IllegalError(f"there is no place {what.place!r}; the places are {', '.join(places)}")
    if not what.text and not what.effects:
        raise IllegalError("nothing happens: give a text, effects, or both")
    for effect in what.effects:
        tame(effect)
    return rows(session, await session.happen(what.text, what.place, tuple(what.effects)))


async def act(session: Session, what: ActRequest) -> Happen:
    """Let somebody the game plays act; what is said is read for what it means."""
    state = session.log.state
    people = [what.who, *([what.to] if isinstance(what, Spoken) and what.to else [])]
    strange = [who for who in people if who not in state.cast]
    if strange:
        raise IllegalError(f"there is no {strange[0]!r} in this session; there are {', '.join(state.cast)}")
    action = _heard(state, what) if isinstance(what, Spoken) else what.action
    tame(action)
    return rows(session, await session.act(what.who, action))


def _heard(state: State, what: Spoken) -> Action:
    here = [who for who in state.here(state.where[what.who]) if who != what.who]
    to = what.to or (here[0] if len(here) == 1 else "")
    action = hear(state, what.who, to, what.say)
    return action.model_copy(update={"to": ()}) if isinstance(action, Say) and not to else action


async def turn(session: Session, whose: TurnRequest) -> TurnFields:
    """Let a character take its turn: the one named, or who is most concerned."""
    who = whose.who or _most_concerned(session)
    return fields_of(session.log, who, await session.turn(who))


def _most_concerned(session: Session) -> str:
    """Give who was spoken to last and has not answered, else who has waited longest; empty if nobody can act."""
    state = session.log.state
    able = [who for who in session.stage.minds if state.able(who)]
    for event in reversed(session.log.since(max(-1, session.log.seq - 40))):
        if isinstance(event.body, Acted):
            to = event.body.action.to if isinstance(event.body.action, Say) else ()
            return next((who for who in to if who in able), "") or _longest(state, able)
    return _longest(state, able)


def _longest(state: State, able: list[str]) -> str:
    return min(able, key=lambda who: state.marks.get(who, -1), default="")


def info(session: Session) -> SessionInfo:
    """Say how a session stands."""
    state = session.log.state
    cast = [
        Person(
            id=who,
            name=person.name,
            place=state.where[who],
            able=state.able(who),
            player=who not in session.stage.minds,
        )
        for who, person in state.cast.items()
    ]
    return SessionInfo(
        name=session.name, world=state.world.id, title=state.world.title, seed=state.settings.seed,
        events=len(session.log), turn=state.turn, round=state.round, minutes=state.clock, cast=cast, over=session.over,
    )  # fmt: skip


def rows(session: Session, events: Sequence[Event]) -> Happen:
    """Give events as games want them."""
    return Happen(events=[row(session, event) for event in events])


def row(session: Session, event: Event) -> EventRow:
    """Give an event as games want it."""
    text = tell(event, session.log.state.plan.names)
    return EventRow(
        seq=event.seq,
        turn=event.turn,
        kind=event.body.kind,
        by=event.by,
        text=text,
        witnesses=list(event.witnesses),
    )
