"""What is taken to be so: from own eyes, from looking closely, and from talk, which may be wrong.

Hearsay counts by trust in who says it and by how it fits what is already believed; a second voice adds to it, own
eyes overrule it, and who turns out to have spoken falsely loses trust.
"""

from collections.abc import Iterator

from characters.improv.hearing import Heard, hear
from characters.improv.ledger import Ledger
from characters.improv.me import Me, number
from worlds.actions import Claim, Passed, Say
from worlds.view import Percept

__all__ = ["FLEETING", "KNOWN", "believe", "credence", "look_round"]

FLEETING = frozenset({"at", "open", "locked", "lit", "hidden", "holder"})
"""Attributes that change as the story goes on: an old belief about them proves nobody a liar."""

KNOWN = 0.75
"""Confidence from which on something counts as known."""


def believe(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Take in what one percept says about the world."""
    heard = hear(me.view, percept)
    if heard:
        for claim in heard.claims:
            _hearsay(me, ledger, heard, claim)
    if percept.by == me.view.who and percept.kind == "resolved":
        for claim in percept.claims:
            if claim.holds:
                _settle(me, ledger, claim, percept.seq)
    for effect in percept.effects:
        if isinstance(effect, Passed) and _matters(me, effect.thing, "holder"):
            _settle(me, ledger, Claim(effect.thing, "holder", effect.to), percept.seq)


def look_round(me: Me, ledger: Ledger, because: int) -> None:
    """Bring beliefs about things that matter in line with what is in plain sight."""
    seen = {sight.id: sight.at for sight in me.view.sights}
    seen |= {thing: fellow.id for fellow in me.view.fellows for thing in fellow.holds}
    for thing in _things_that_matter(me):
        slot = f"belief.{thing}.holder"
        before = ledger.slots.get(slot, "")
        if thing in seen and seen[thing] != before and (before or seen[thing] != me.view.who):
            _settle(me, ledger, Claim(thing, "holder", seen[thing]), because)
        elif before and thing not in seen and _looked_through(me, str(before)):
            ledger.put(slot, "", because)
            _clear(ledger, thing, "holder", because)


def credence(me: Me, heard: Heard, claim: Claim) -> float:
    """Say how far a claim is believed on this speaker's word, 0..1."""
    trust = me.trust(heard.by) + 0.3 * me.liking(heard.by)
    open_mind = 0.05 * me.trait("agreeableness") - 0.05 * me.trait("neuroticism")
    return max(0.05, min(0.95, (0.55 + 0.4 * trust + open_mind) * _plausible(me, heard.by, claim)))


def _plausible(me: Me, by: str, claim: Claim) -> float:
    """Weigh a claim against what is known: 0 impossible, 1 nothing speaks against it."""
    known = me.believes(claim.subject, claim.attribute)
    if claim.subject == me.view.who or known is None:
        return 1.0
    agrees = (known.value == claim.value) == claim.holds
    if agrees:
        return 1.0
    # Somebody speaking of himself may be expected to know, and to lie.
    near = 0.15 if by in (claim.subject, claim.value) else 0.0
    return max(0.0, 1 - known.sure + near * (known.sure < KNOWN))


def _matters(me: Me, subject: str, attribute: str) -> bool:
    """Whether a fact bears on an own want, a known secret, or is of the kind this world talks about."""
    if any(subject in f"{' '.join(want.args)}".replace(".", " ").split() for want in me.wants):
        return True
    if any(subject in (secret.claim.subject, secret.claim.value) for secret in me.view.secrets):
        return attribute not in ("at", "open")
    return attribute in me.view.phrases and attribute not in FLEETING


def _things_that_matter(me: Me) -> Iterator[str]:
    for want in me.wants:
        if want.kind in ("have", "keep", "give", "make"):
            yield want.args[0].partition(".")[0]
    for slot in me.slots:
        if slot.startswith("belief.") and slot.endswith(".holder"):
            yield slot.split(".")[1]


def _looked_through(me: Me, holder: str) -> bool:
    """Whether the holder is here to be seen, so that what is not seen with it is not there."""
    if me.view.dark:
        return False
    if holder in (me.view.place, me.view.who):
        return True
    sight = me.sight(holder)
    return sight is not None and sight.container and sight.facts.get("open") is not False


def _hearsay(me: Me, ledger: Ledger, heard: Heard, claim: Claim) -> None:
    sought = any(
        want.kind == "learn" and want.args[0] == f"{claim.subject}.{claim.attribute}" for want in me.wants
    )
    if (claim.subject == me.view.who and not sought) or not _matters(me, claim.subject, claim.attribute):
        return
    if claim.holds and claim.value == me.view.who and me.secret(claim) is None:
        _caught(me, ledger, heard, claim)
        return
    slot, because = f"belief.{claim.subject}.{claim.attribute}", heard.seq
    before, sure = ledger.slots.get(slot, ""), _sure(ledger, claim)
    known = me.believes(claim.subject, claim.attribute)
    if known and known.sure > KNOWN and known.source == "" and (known.value == claim.value) != claim.holds:
        _caught(me, ledger, heard, claim)
        return
    weight = credence(me, heard, claim)
    if before == claim.value:
        if not _echo(me, heard, claim):
            _weigh(
                ledger, claim, heard, sure + (1 - sure) * weight * 0.5 if claim.holds else sure - weight * 0.5
            )
    elif claim.holds and weight > max(0.3, sure) and not _old_news(me, claim):
        ledger.put(slot, claim.value, because, round(weight, 2), heard.by)
        _note(ledger, claim, heard, weight)


def _echo(me: Me, heard: Heard, claim: Claim) -> bool:
    """Whether the speaker has it from this character, or is its very source: no second voice, then."""
    if me.slots.get(f"source.{claim.subject}.{claim.attribute}") == heard.by:
        return True
    said = (percept.action for percept in me.acts)
    return any(isinstance(say, Say) and claim in say.claims for say in said)


def _old_news(me: Me, claim: Claim) -> bool:
    secret = me.secret(claim)
    return secret is not None and me.always_knew(secret)


def _caught(me: Me, ledger: Ledger, heard: Heard, claim: Claim) -> None:
    """Whoever says what is known to be false is a liar, or at best mistaken."""
    if claim.attribute in FLEETING and heard.by != claim.subject and me.trust(heard.by) > 0:
        return
    ledger.nudge(f"trust.{heard.by}", -0.2, heard.seq)
    ledger.nudge("mood.anger", 0.12, heard.seq)


def _settle(me: Me, ledger: Ledger, claim: Claim, because: int) -> None:
    """Own senses decide: the belief is certain now, and who said otherwise is found out."""
    subject, attribute, value, _ = claim
    slot = f"belief.{subject}.{attribute}"
    before, source = ledger.slots.get(slot, ""), str(ledger.slots.get(f"source.{subject}.{attribute}", ""))
    if before not in ("", value) and source and attribute not in FLEETING:
        ledger.nudge(f"trust.{source}", -0.25, because)
        ledger.nudge(f"liking.{source}", -0.1, because)
    elif before == value and source:
        ledger.nudge(f"trust.{source}", 0.1, because)
    secret = me.secret(claim)
    if before or secret is None or not me.always_knew(secret):
        ledger.put(slot, value, because)
    _clear(ledger, subject, attribute, because)


def _clear(ledger: Ledger, subject: str, attribute: str, because: int) -> None:
    if ledger.slots.get(f"sure.{subject}.{attribute}"):
        ledger.put(f"sure.{subject}.{attribute}", 0, because)
    if ledger.slots.get(f"source.{subject}.{attribute}"):
        ledger.put(f"source.{subject}.{attribute}", "", because)


def _note(ledger: Ledger, claim: Claim, heard: Heard, sure: float) -> None:
    tail = f"{claim.subject}.{claim.attribute}"
    ledger.put(f"sure.{tail}", round(sure, 2), heard.seq)
    ledger.put(f"source.{tail}", heard.by, heard.seq)


def _weigh(ledger: Ledger, claim: Claim, heard: Heard, sure: float) -> None:
    """Move the confidence in a belief; what is hardly believed any more is let go."""
    before = _sure(ledger, claim)
    if sure < 0.2:
        ledger.put(f"belief.{claim.subject}.{claim.attribute}", "", heard.seq)
        _clear(ledger, claim.subject, claim.attribute, heard.seq)
    elif abs(sure - before) >= 0.1 and before < 1:
        ledger.put(f"sure.{claim.subject}.{claim.attribute}", round(min(0.95, sure), 2), heard.seq)


def _sure(ledger: Ledger, claim: Claim) -> float:
    tail = f"{claim.subject}.{claim.attribute}"
    if ledger.slots.get(f"belief.{tail}", "") == "":
        return 0.0
    return number(ledger.slots.get(f"sure.{tail}") or None, 1.0)
