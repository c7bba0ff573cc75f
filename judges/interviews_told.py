"""Questions about what a character has told others, made from its own lines."""

from collections.abc import Iterator
from random import Random

from judges.consistency_terms import meant
from judges.interviews_desk import Desk, Sketch
from judges.showings import Key, key_of
from worlds.actions import Claim, Say
from worlds.events import Acted, Event

__all__ = ["Line", "lines", "told"]

Line = tuple[Event, Claim]


def lines(desk: Desk, who: str) -> Iterator[Line]:
    """Give what one character has asserted, each matter where it is first said or said otherwise than before."""
    last: dict[Key, Claim] = {}
    for event in desk.reading.acts.get(who, ()):
        say = event.body.action if isinstance(event.body, Acted) else None
        if isinstance(say, Say) and meant(say):
            for claim in say.claims:
                if claim.holds and last.get(key_of(claim)) != claim:
                    last[key_of(claim)] = claim
                    yield event, claim


def told(desk: Desk, who: str, line: Line, seq: int, draw: Random) -> Sketch | None:
    """Ask what somebody has told others about a matter, as of an event."""
    event, claim = line
    said = [(other, c) for other, c in lines(desk, who) if other.seq <= seq and key_of(c) == key_of(claim)]
    if said[-1][1] != claim:
        return None
    words = desk.words
    stale = {words.noun(str(c.value)) for _, c in said if c != claim}
    gold = words.noun(str(claim.value))
    people = [name for id_, name in words.people.items() if id_ != claim.subject]
    places = [place.name for place in desk.reading.end.world.places.values()]
    facts = [str(value) for facts in desk.reading.end.facts.values() for value in facts.values()]
    kind = next((kind for kind in (people, places) if gold in kind), [f for f in facts if " " in f])
    wrong = [text for text in dict.fromkeys(kind) if text not in {gold, *stale}]
    near = sorted(wrong, key=lambda text: abs(len(text) - len(gold)))[:6]
    chosen = [("stale", text) for text in sorted(stale)[:1]]
    # What somebody else said of the same matter is the better trap.
    heard = [text for text in _others(desk, who, claim, seq) if text not in {gold, *stale}][:1]
    chosen += [("another's", text) for text in heard]
    near = [text for text in near if text not in heard]
    chosen += [("another's", text) for text in draw.sample(near, min(len(near), 3 - len(chosen)))]
    if len(chosen) < 3:
        return None
    topic = words.topic(f"belief.{claim.subject}.{claim.attribute}")
    text = f"As to {topic}: what has {words.people[who]} told the others?"
    return Sketch(text, (("gold", gold), *chosen), (event.seq,), f"belief.{claim.subject}.{claim.attribute}")


def _others(desk: Desk, who: str, claim: Claim, seq: int) -> list[str]:
    """Give what others have said about a matter up to an event, the latest first."""
    said = [
        (event.seq, desk.words.noun(str(c.value)))
        for other in desk.reading.cast
        if other != who
        for event, c in lines(desk, other)
        if event.seq <= seq and key_of(c) == key_of(claim)
    ]
    return list(dict.fromkeys(text for _, text in sorted(said, reverse=True)))
