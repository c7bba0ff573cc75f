"""Answers to what one is told: thanks if it was wanted, a correction or a question if it is not believed."""

from collections.abc import Iterator

from characters.improv.answering import shields
from characters.improv.beliefs import credence
from characters.improv.hearing import Heard
from characters.improv.ideas import Idea, Utterance, leaning
from characters.improv.me import Belief, Me
from worlds.actions import Claim

__all__ = ["answers_to_news"]


def answers_to_news(me: Me, heard: Heard) -> Iterator[Idea]:
    """Take what one is told: with thanks if it was wanted, with a correction or a question if it is not believed."""
    claim, to = heard.claims[0], (heard.by,)
    asks = (claim.subject, claim.attribute)
    known = me.believes(*asks)
    wanted = me.times(f"asked.{'.'.join(asks)}", heard.by) or any(
        w.args[0] == ".".join(asks) for w in me.wants
    )
    if _slander(me, claim) and claim.value == me.view.who:
        yield from _protest(me, heard, claim)
    elif (
        claim.holds and known and known.sure > 0.7 and known.source != heard.by and known.value != claim.value
    ):
        yield from _contradict(me, heard, claim, known)
    elif not wanted and _slander(me, claim):
        yield from _protest(me, heard, claim)
    elif credence(me, heard, claim) < 0.45:
        doubt = Utterance("ask", to, claim.subject, asks=asks, answers=heard.percept)
        yield Idea(0.25 + 0.4 * leaning(me, "ask", heard.by), doubt, "doubt", heard.by)
        dear = max(me.liking(claim.subject), me.liking(str(claim.value)))
        scorn = Utterance(
            "deny", to, claim.subject, (claim._replace(holds=not claim.holds),), answers=heard.percept
        )
        yield Idea(0.7 * dear - 0.1 + 0.4 * leaning(me, "deny", heard.by), scorn, "defend", str(claim.value))
    else:
        thanks = Utterance("thank", to, claim.subject, answers=heard.percept)
        yield Idea(
            0.1 + 0.25 * bool(wanted) + 0.5 * leaning(me, "thank", heard.by), thanks, "reply_thank", heard.by
        )


def _slander(me: Me, claim: Claim) -> bool:
    """Whether a claim says something of oneself that one does not know to be so."""
    return claim.holds and me.view.who in (claim.subject, claim.value) and me.secret(claim) is None


def _protest(me: Me, heard: Heard, claim: Claim) -> Iterator[Idea]:
    denial = Utterance(
        "deny", (heard.by,), claim.subject, (claim._replace(holds=False),), answers=heard.percept
    )
    yield Idea(0.6 + 0.5 * leaning(me, "deny", heard.by), denial, "deny", heard.by)


def _contradict(me: Me, heard: Heard, claim: Claim, known: Belief) -> Iterator[Idea]:
    """Set right what one knows to be otherwise, or charge the speaker with it."""
    to, truth = (heard.by,), claim._replace(value=known.value)
    secret = me.secret(truth)
    if secret is None or not (me.guards(secret.id) or shields(me, secret)):
        right = Utterance("deny", to, claim.subject, (truth,), answers=heard.percept)
        yield Idea(0.3 + 0.5 * leaning(me, "deny", heard.by), right, "correct", heard.by)
        if truth.value == heard.by:
            charge = Utterance("accuse", to, claim.subject, (truth,), answers=heard.percept)
            yield Idea(0.35 + 0.6 * leaning(me, "accuse", heard.by), charge, "accuse", heard.by)
    else:
        feint = Utterance("agree", to, claim.subject, answers=heard.percept)
        yield Idea(0.2 - 0.3 * me.trait("honest"), feint, "throw_off", heard.by)
