"""Which value of a slot an act goes by: from its claims, its words, what it is after, and how it treats others."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from characters.profile import GOALS
from judges.consistency_terms import meant
from judges.reading import Reading
from judges.tracking_timeline import Timeline, family
from judges.tracking_words import shown_by
from worlds.actions import Action, Do, Go, Handle, Say, Scalar, Touch
from worlds.events import Acted, Event

__all__ = ["Use", "uses"]

_WORDS = ("injury", "fear", "taste")
_BONDS = ("trust", "liking")
_WARM = {"trust": frozenset({"confide", "promise"}), "liking": frozenset({"comfort", "thank", "joke"})}
_COLD = frozenset({"accuse", "threaten"})
_PRESSING = frozenset({"ask", "persuade", "order", "bargain", "threaten", None})
_MARKED = 0.2
"""A bond nearer to zero than this shows in nothing."""


class Use(NamedTuple):
    """An act that goes by a value of a slot."""

    event: Event
    slot: str
    value: Scalar
    current: bool
    """Whether it was the value then."""
    held: bool
    """Whether it ever had been."""


def uses(reading: Reading, timeline: Timeline, who: str) -> Iterator[Use]:
    """Give every use one character makes of the slots of its own that change in this run, in order."""
    slots = [slot for owner, slot in timeline.slots if owner == who]
    for event in reading.acts.get(who, ()):
        if not isinstance(event.body, Acted):
            continue
        for slot in slots:
            # Bonds drift between turnings; what is so counts, not what was last decreed.
            now = reading.before(event.seq).slots[who].get(slot, "")
            values = (*timeline.history(who, slot, event.seq), now)
            shown = _shown(event, slot, values, _wants(reading, event, slot))
            if shown is not None:
                # A conclusion drawn in the same turn was already in the mind that acted.
                settled = reading.after(reading.last_of_turn(event.turn)).slots[who].get(slot, "")
                yield Use(event, slot, shown, shown in (now, settled), shown in values)


def _shown(event: Event, slot: str, values: tuple[Scalar, ...], other_wants: Sequence[str]) -> Scalar | None:
    body = event.body
    if not isinstance(body, Acted):
        return None
    kind, claimed = family(slot), _claimed(event.by, body.action, slot)
    if claimed is not None:
        # What was never in the slot may be known otherwise: as a secret, or from what is in plain sight.
        return claimed if kind != "belief" or claimed in values else None
    if kind in _WORDS or kind not in (*_BONDS, "goal", "belief"):
        words = body.action.text if isinstance(body.action, Say | Do) else ""
        found = shown_by(slot, values, words)
        return found if found is not None else shown_by(slot, values, body.thought)
    if kind == "goal":
        return _pursued(body.action, values, other_wants)
    return _treated(body.action, slot, values) if kind in _BONDS else None


def _claimed(who: str, action: Action, slot: str) -> Scalar | None:
    """Give the value an utterance states outright: of a belief, or of a slot of one's own by its name."""
    if not isinstance(action, Say) or not meant(action) or action.intent == "deny":
        return None
    kind, _, rest = slot.partition(".")
    for claim in action.claims:
        own = claim.subject == who and claim.attribute in (slot, slot.replace(".", "_"))
        if claim.holds and (own or (kind == "belief" and rest == f"{claim.subject}.{claim.attribute}")):
            return claim.value
    return None


def _pursued(action: Action, values: tuple[Scalar, ...], other_wants: Sequence[str]) -> Scalar | None:
    """Give the latest want of a slot an act is after, unless another open want explains it."""
    for value in dict.fromkeys(reversed(values)):
        if _after(action, str(value)):
            explained = value != values[-1] and any(_after(action, want) for want in other_wants)
            return None if explained else value
    return None


def _after(action: Action, want: str) -> bool:
    """Whether an act is a step towards a want in the language of goals."""
    kind, *args = want.split() or [""]
    if kind not in GOALS or not args:
        return False
    if isinstance(action, Say):
        return (action.topic == want and action.intent in _PRESSING) or _spoken_for(action, kind, args)
    match kind, action:
        case "have", Touch(verb="take", target=thing):
            return thing == args[0]
        case "give", Handle(verb="give", thing=thing, to=to):
            return [thing, to] == args[:2]
        case "at", Go(to=place):
            return place == args[0]
        case "make", Handle(thing=thing) | Touch(verb="open" | "close" | "lock" | "unlock", target=thing):
            return thing == args[0].partition(".")[0]
        case _:
            return False


def _spoken_for(say: Say, kind: str, args: Sequence[str]) -> bool:
    match kind:
        case "learn":
            return say.topic == args[0] and say.intent in _PRESSING
        case "have":
            return say.topic.startswith(f"give {args[0]} ") and say.intent in _PRESSING
        case "tell":
            return say.topic == args[0] and bool(say.claims) and args[1:] == list(say.to)
        case "expose":
            return say.intent == "accuse" and (
                args[0] in say.to or any(args[0] in claim for claim in say.claims)
            )
        case _:
            return False


def _treated(action: Action, slot: str, values: tuple[Scalar, ...]) -> Scalar | None:
    """Give the latest value of a bond whose sign an act towards somebody shows, if the sign has ever changed."""
    signs = {value: _sign(value) for value in values}
    shown = _stance(action, *slot.split(".", 1))
    if not shown or len(set(signs.values())) == 1:
        return None
    return next((value for value in dict.fromkeys(reversed(values)) if signs[value] == shown), None)


def _stance(action: Action, bond: str, whom: str) -> int:
    """Say what an act shows of a bond with somebody: 1 that it is there, −1 that it is broken, 0 nothing."""
    match action:
        case Say(to=to, intent=intent) if whom in to:
            return (intent in _WARM[bond]) - (intent in _COLD)
        case Touch(verb="attack" | "restrain", target=target) if target == whom:
            return -1
        case Handle(verb="give", to=to) if to == whom:
            return 1
        case _:
            return 0


def _sign(value: Scalar) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return (value >= _MARKED) - (value <= -_MARKED)


def _wants(reading: Reading, event: Event, slot: str) -> tuple[str, ...]:
    """Give the other wants that are open at the time of an act."""
    if family(slot) != "goal":
        return ()
    slots = reading.before(event.seq).slots.get(event.by, {})
    return tuple(str(value) for other, value in slots.items() if family(other) == "goal" and other != slot)
