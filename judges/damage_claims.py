"""Damage to what is claimed: against the world, one's knowledge, one's own words, one's beliefs."""

from collections.abc import Iterator, Mapping
from random import Random

from judges.consistency_terms import clash, meant, truth
from judges.damage import Damage, Site
from judges.damage_tools import quiet, reacted, spoken
from judges.knowledge import Knowledge
from judges.reading import Reading
from judges.showings import Key, key_of, sights
from worlds.actions import Claim, Say, Scalar
from worlds.events import Acted, Event
from worlds.state import State

__all__ = ["CLAIMS"]

_FORMS = (
    "Mark me: the {what} of {subject} is {value}.",
    "It is {value}, I tell you. I speak of {subject}, and of the {what}.",
    "{subject}: {what}, {value}. So it stands.",
    "Take it from me that {subject} has for its {what} {value}.",
    "You may write it down: {value} is the {what} of {subject}.",
)

_FIDELITY = ("fidelity.violated", "fidelity.voice", "fidelity.attribution", "fidelity.apc", "fidelity.missed")
_CLAIMS = tuple(f"consistency.{part}" for part in ("knowledge", "world", "self", "belief", "repetition"))
_TRACKED = tuple(
    f"tracking.{part}" for part in ("precision", "staleness", "f1", "acted_on", "lag", "retention")
)
_ALSO = (*_CLAIMS, *_FIDELITY, *_TRACKED)


def _claimed(event: Event, claim: Claim, names: Mapping[str, str], text: str = "") -> Site:
    subject, value = names.get(claim.subject, claim.subject), names.get(str(claim.value), str(claim.value))
    value = value if claim.holds else f"not {value}"
    form = _FORMS[event.seq % len(_FORMS)]
    words = text or form.format(what=claim.attribute.replace("_", " "), subject=subject, value=value)
    say = Say(text=words, to=spoken(event).to, manner=spoken(event).manner, intent="tell", claims=(claim,))
    return {event.seq: reacted(event, say)}


def _contradicted(reading: Reading, address: str) -> Iterator[Site]:
    for event in quiet(reading):
        state, draw = reading.before(event.seq), Random(f"{address}:{event.seq}")
        seen = sorted(_placed(state, event.by))
        if seen:
            (subject, attribute), value = draw.choice(seen)
            wrong = draw.choice([place for place in state.world.places if place != value])
            yield _claimed(event, Claim(subject, attribute, wrong), reading.end.plan.names)


def _placed(state: State, who: str) -> Iterator[tuple[Key, Scalar]]:
    for key, value in sights(state, who).items():
        if key[1] == "at" and key[0] != who and value in state.world.places:
            yield key, value


def _leaked(reading: Reading, address: str) -> Iterator[Site]:
    knowledge = Knowledge(reading)
    # Once it is told it is known to all who heard, so each secret is given away by one person only.
    teller = {s.id: Random(f"{address}:{s.id}").choice(reading.cast) for s in reading.end.plan.secrets}
    for event in quiet(reading):
        state, draw = reading.before(event.seq), Random(f"{address}:{event.seq}")
        unknown = [
            secret
            for secret in state.plan.secrets
            if teller[secret.id] == event.by
            and event.by not in state.knows.get(secret.id, frozenset())
            and knowledge.grounds(event.by, secret.claim, event.seq) is None
            and secret.claim.subject != event.by
        ]
        if unknown:
            secret = draw.choice(unknown)
            yield _claimed(event, secret.claim, reading.end.plan.names, secret.text)


def _forsworn(reading: Reading, address: str) -> Iterator[Site]:
    """Give places where somebody can take back what he said, with nothing learned in between."""
    knowledge = Knowledge(reading)
    said: dict[tuple[str, Key], tuple[int, Claim]] = {}
    done: set[tuple[str, Key]] = set()
    calm = {event.seq for event in quiet(reading)}
    for event in reading:
        action = event.body.action if isinstance(event.body, Acted) else None
        if not isinstance(action, Say) or event.by not in reading.cast:
            continue
        if event.seq in calm:
            for (who, key), (since, claim) in said.items():
                if who != event.by or (who, key) in done or event.seq - since <= 5:
                    continue
                if not [
                    i for i in knowledge.about(who, key, event.seq, since) if i.claim.value != claim.value
                ]:
                    other = _other(reading.before(event.seq), claim, Random(f"{address}:{event.seq}"))
                    done.add((who, key))
                    yield _claimed(event, other, reading.end.plan.names)
                    break
        if meant(action) and action.intent != "deny":
            said |= {(event.by, key_of(claim)): (event.seq, claim) for claim in action.claims if claim.holds}


def _other(state: State, claim: Claim, draw: Random) -> Claim:
    """Give a claim that cannot be meant with another one."""
    value = claim.value
    if isinstance(value, bool):
        return claim._replace(value=not value)
    pools = (tuple(state.cast), tuple(state.world.places), tuple(state.world.things))
    pool = next((pool for pool in pools if value in pool), ())
    fits = [other for other in pool if other != value and other != truth(state, key_of(claim))]
    return claim._replace(value=draw.choice(fits)) if fits else claim._replace(holds=not claim.holds)


def _against_belief(reading: Reading, address: str) -> Iterator[Site]:
    knowledge = Knowledge(reading)
    for event in quiet(reading):
        state, draw = reading.before(event.seq), Random(f"{address}:{event.seq}")
        slots = state.slots[event.by]
        held = [_held(slot, value) for slot, value in sorted(slots.items()) if _binding(slots, slot)]
        claims = [other for claim in held if clash(claim, other := _other(state, claim, draw))]
        free = [c for c in claims if knowledge.grounds(event.by, c, event.seq) is None]
        if free:
            yield _claimed(event, draw.choice(free), reading.end.plan.names)


def _held(slot: str, value: Scalar) -> Claim:
    _, subject, attribute = slot.split(".", 2)
    return Claim(subject, attribute, value)


def _binding(slots: Mapping[str, Scalar], slot: str) -> bool:
    """Whether a slot is a belief that is held firmly, and can be put otherwise than by a bare no."""
    if not slot.startswith("belief.") or slot.count(".") != 2 or isinstance(slots[slot], bool):
        return False
    sure = slots.get(slot.replace("belief.", "sure.", 1), 1.0)
    return slots[slot] != "" and isinstance(sure, int | float) and sure >= 0.5


CLAIMS = (
    Damage(
        "contradicted_fact",
        "somebody says otherwise than he sees",
        ("consistency.world",),
        _ALSO,
        _contradicted,
    ),
    Damage(
        "leaked_secret",
        "a secret is told by one who cannot know it",
        ("consistency.knowledge",),
        _ALSO,
        _leaked,
    ),
    Damage(
        "taken_back",
        "somebody contradicts his earlier words",
        ("consistency.self",),
        _ALSO,
        _forsworn,
        share=0.8,
    ),
    Damage(
        "against_belief",
        "somebody says what he does not believe",
        ("consistency.belief",),
        _ALSO,
        _against_belief,
    ),
)
