"""Acts against the stage: who is there, whose turn it is, where they are, and what they have done before."""

from collections.abc import Iterator, Sequence

from judges.consistency_terms import said, verdict
from judges.knowledge import BORN
from judges.reading import Reading
from judges.verdict import Verdict
from worlds.actions import Action, Do, Go, Handle, Moved, Say, Touch, Wait
from worlds.events import Acted, Draft, Event, ProfileChanged, Reflected, Resolved
from worlds.perception import witnesses
from worlds.reach import exits, passable, reachable
from worlds.state import State

__all__ = ["place", "presence", "repetition"]

_RUNNING = 3
"""So many equal acts running are a loop."""

_BACK = 40
"""A line is compared with so many own lines before it."""

_SHORT = 4
"""Lines with fewer telling words may come again: greetings, oaths, catchphrases."""

_ALIKE = 0.85
"""Share of common telling words from which on two lines are the same line."""


def presence(reading: Reading) -> Iterator[Verdict]:
    """Judge whether those who act, and what is ruled and reflected in their name, can be there to do it."""
    for event in reading:
        if not event.by or not isinstance(event.body, Acted | Resolved | Reflected | ProfileChanged):
            continue
        trouble = _absent(reading.before(event.seq), event, reading.troubles.get(event.seq, ""))
        if trouble:
            yield verdict(event, "presence", trouble, value=0.0)
        elif isinstance(event.body, Acted):
            yield verdict(event, "presence", "on stage, and cued")


def _absent(state: State, event: Event, refused: str) -> str:
    who = event.by
    if who not in state.cast:
        return f"{who} is nobody in this story"
    if state.facts.get(who, {}).get("alive", True) is not True:
        return f"{who} is dead"
    if not state.able(who):
        return f"{who} is not on stage"
    if isinstance(event.body, Resolved) and "illegal effect" in refused:
        return ""  # that is a matter of place
    return refused


def place(reading: Reading) -> Iterator[Verdict]:
    """Judge whether acts happen where their actors are, among those who are there, and moves follow the ways."""
    for event in reading:
        state = reading.before(event.seq)
        if event.by not in state.cast:
            continue
        if isinstance(event.body, Acted):
            yield _acting(state, event, event.body.action)
        elif isinstance(event.body, Resolved):
            yield from _ruled(state, event, event.body, reading.troubles.get(event.seq, ""))


def _acting(state: State, event: Event, action: Action) -> Verdict:
    came = state.since.get(f"{event.by}.at", BORN)
    should = witnesses(state, Draft(event.body, event.by))
    strange = {*should.whole, *should.part} ^ {*event.witnesses, *event.glimpses}
    if strange:
        who = ", ".join(sorted(strange))
        reason = f"in {state.where[event.by]}, which does not go with who perceived it: {who}"
        return verdict(event, "place", reason, came, value=0.0)
    if isinstance(action, Say) and action.manner != "shout":
        missing = [
            who
            for who in action.to
            if who in state.cast and who not in strange | {*should.whole, *should.part}
        ]
        if missing:
            reason = f"speaks to {', '.join(missing)}, who cannot hear it in {state.where[event.by]}"
            return verdict(event, "place", reason, came, value=0.0, sure=0.7)
    return verdict(event, "place", f"in {state.where[event.by]}")


def _ruled(state: State, event: Event, body: Resolved, refused: str) -> Iterator[Verdict]:
    seq, action = state.acts.get(event.by, (event.seq, Wait()))
    if "illegal effect" in refused:
        yield verdict(event, "place", refused, seq, value=0.0)
        return
    for effect in body.effects:
        if isinstance(effect, Moved) and not _way(state, action, effect):
            here = state.where.get(effect.who, "nowhere")
            reason = f"{effect.who} comes to {effect.to} from {here}, and there is no way"
            yield verdict(event, "place", reason, seq, value=0.0)
    out_of_reach = [id_ for id_ in _needed(action) if not _near(state, event.by, id_)]
    if body.ok and out_of_reach:
        reason = f"reaches {', '.join(out_of_reach)} from {state.where[event.by]}"
        yield verdict(event, "place", reason, seq, value=0.0)


def _way(state: State, action: Action, effect: Moved) -> bool:
    """Whether somebody can have come there: by an exit that is open, or by what the world says of the deed."""
    if (isinstance(action, Do) and action.deed) or (isinstance(action, Handle) and action.verb == "use"):
        return True
    here = state.where.get(effect.who, "")
    return here in state.world.places and any(
        way.to == effect.to and passable(state, way) for way in exits(state, here)
    )


def _needed(action: Action) -> tuple[str, ...]:
    """Give what must be within reach for an act to come off."""
    match action:
        case Touch():
            return (action.target,)
        case Handle():
            return tuple(filter(None, (action.thing, action.to)))
        case _:
            return ()


def _near(state: State, who: str, id_: str) -> bool:
    at = state.where[who]
    return id_ == at or id_ in state.here(at) or id_ in reachable(state, who)


def repetition(reading: Reading) -> Iterator[Verdict]:
    """Judge whether an act goes in circles: the same thrice running, or a line that was said before."""
    for who, acts in reading.acts.items():
        if who not in reading.cast:
            continue
        lines: list[tuple[Event, frozenset[str]]] = []
        for index, event in enumerate(acts):
            action = event.body.action if isinstance(event.body, Acted) else Wait()
            if isinstance(action, Say):
                yield _again(event, said(action.text), lines[-_BACK:])
                lines.append((event, said(action.text)))
            elif not isinstance(action, Wait):
                yield _loop(acts[max(0, index - _RUNNING + 1) : index + 1])


def _again(event: Event, words: frozenset[str], lines: Sequence[tuple[Event, frozenset[str]]]) -> Verdict:
    for before, earlier in reversed(lines):
        if len(words) >= _SHORT and len(words & earlier) >= _ALIKE * len(words | earlier):
            return verdict(event, "repetition", "has said this before", before.seq, value=0.0)
    return verdict(event, "repetition", "a new line")


def _loop(running: Sequence[Event]) -> Verdict:
    event = running[-1]
    if len(running) == _RUNNING and len({_signature(act) for act in running}) == 1:
        seqs = [act.seq for act in running]
        return verdict(event, "repetition", f"does this {_RUNNING} times running", *seqs, value=0.0)
    return verdict(event, "repetition", "a new act")


def _signature(event: Event) -> tuple[str, ...]:
    """Name an act so that its repetition is recognised: the verb and what it is done to."""
    match event.body.action if isinstance(event.body, Acted) else Wait():
        case Go(to=to):
            return ("go", to)
        case Touch(verb=verb, target=target):
            return (verb, target)
        case Handle(verb=verb, thing=thing, to=to):
            return (verb, thing, to)
        case Do(text=text, deed=deed, to=to):
            return ("do", deed or text, to)
        case Say(text=text):
            return ("say", text)
        case _:
            return ("wait",)
