from collections.abc import Callable

import pytest

from judges.reading import read
from tests.breaches import breaches, lines, swapped
from tests.house import bundled
from worlds.actions import Became, Moved, Say, Touch
from worlds.events import Acted, Cued, Event, Intervened, Resolved
from worlds.files import world_names
from worlds.trajectory import Trajectory

WORLDS = pytest.mark.parametrize("world", world_names())
Damage = Callable[[Trajectory], tuple[list[Event], int]]


def leak(log: Trajectory) -> tuple[list[Event], int]:
    """Let somebody say a secret nobody has told them."""
    reading = read(log)
    for event, say in lines(log):
        state = reading.before(event.seq)
        for secret in state.plan.secrets:
            if event.by not in reading.end.knows[secret.id] and secret.claim.subject != event.by:
                told = say.model_copy(update={"claims": (secret.claim,), "intent": "tell"})
                return swapped(log, event.seq, action=told), event.seq
    raise AssertionError("everybody knows everything")


def leak_in_words(log: Trajectory) -> tuple[list[Event], int]:
    """The same without saying so in claims."""
    events, seq = leak(log)
    body = events[seq].body
    assert isinstance(body, Acted)
    assert isinstance(body.action, Say)
    claim = body.action.claims[0]
    text = next(secret.text for secret in log.state.plan.secrets if secret.claim == claim)
    return swapped(log, seq, action=body.action.model_copy(update={"claims": (), "text": text})), seq


def teleport(log: Trajectory) -> tuple[list[Event], int]:
    """Let somebody arrive where no way leads."""
    for event in log:
        if isinstance(event.body, Resolved) and any(isinstance(e, Moved) for e in event.body.effects):
            here = log.upto(event.seq).state.where[event.by]
            ways = {here, *(way.to for way in log.state.world.places[here].exits)}
            far = next(place for place in log.state.world.places if place not in ways)
            return swapped(log, event.seq, effects=(Moved(who=event.by, to=far),)), event.seq
    raise AssertionError("nobody went anywhere")


def unmoved(log: Trajectory) -> tuple[list[Event], int]:
    """Leave an arrival out: what follows happens in a place its actor never came to."""
    for event in log:
        if isinstance(event.body, Resolved) and any(isinstance(e, Moved) for e in event.body.effects):
            there = log.upto(event.seq + 1).state.where[event.by]
            for later in log.since(event.seq):
                if log.upto(later.seq).state.where[event.by] != there:
                    break
                if isinstance(later.body, Acted) and later.by == event.by and len(later.witnesses) > 1:
                    return swapped(log, event.seq, effects=()), later.seq
    raise AssertionError("nobody went anywhere")


def absent(log: Trajectory) -> tuple[list[Event], int]:
    """Let somebody act whose turn it is not, from another place."""
    for event, _ in lines(log):
        state = log.upto(event.seq).state
        away = [who for who in state.cast if state.where[who] != state.where[event.by]]
        if away:
            events = list(log)
            events[event.seq] = event.model_copy(update={"by": away[0]})
            return events, event.seq
    raise AssertionError("they are always together")


def dead(log: Trajectory) -> tuple[list[Event], int]:
    """Kill somebody who then goes on acting."""
    at = next(event for event in log if event.seq > 30 and isinstance(event.body, Cued))
    assert isinstance(at.body, Cued)
    killed = Intervened(
        text="A shot.", effects=(Became(subject=at.body.who[0], attribute="alive", value=False),)
    )
    events = [*log.upto(at.seq), Event(seq=at.seq, turn=at.turn, body=killed)]
    events += [e.model_copy(update={"seq": e.seq + 1, "links": ()}) for e in log.since(at.seq - 1)]
    return events, at.seq + 2


def repeated(log: Trajectory) -> tuple[list[Event], int]:
    """Let somebody say a line again."""
    for event, say in lines(log):
        if len(say.text.split()) > 8:
            for later, other in lines(log):
                if later.seq > event.seq and later.by == event.by:
                    return swapped(
                        log, later.seq, action=other.model_copy(update={"text": say.text})
                    ), later.seq
    raise AssertionError("nobody speaks twice")


def looped(log: Trajectory) -> tuple[list[Event], int]:
    """Let somebody do the same thing three times running."""
    acts = [event for event in log if isinstance(event.body, Acted)]
    who = acts[0].by
    seqs = [event.seq for event in acts if event.by == who][:3]
    events = list(log)
    for seq in seqs:
        body = events[seq].body.model_copy(update={"action": Touch(verb="examine", target="x")})
        events[seq] = events[seq].model_copy(update={"body": body})
    return events, seqs[-1]


@WORLDS
@pytest.mark.parametrize(
    ("damage", "part"),
    [
        (leak, "knowledge"),
        (leak_in_words, "knowledge"),
        (teleport, "place"),
        (unmoved, "place"),
        (absent, "presence"),
        (dead, "presence"),
        (repeated, "repetition"),
        (looped, "repetition"),
    ],
)
def test_damage_is_found_where_it_was_done(world: str, damage: Damage, part: str) -> None:
    """Each kind of damage gives a breach in its dimension that rests on the event it was done to."""
    log = bundled(world)
    events, seq = damage(log)
    assert any(seq in verdict.evidence for verdict in breaches(events, part))
    assert not any(seq in verdict.evidence for verdict in breaches(log, part))
