"""Answers to a question or an accusation: the truth, a part of it, a lie, a refusal, or honest ignorance.

A secret that is guarded comes out under pressure: each time it is asked for again its keeper gives way a little
sooner, the more so out of trust, shame, fear or honesty.
"""

from collections.abc import Iterator

from characters.improv.beliefs import FLEETING
from characters.improv.hearing import Heard
from characters.improv.ideas import Idea, Utterance, leaning
from characters.improv.me import Belief, Me
from worlds.actions import Claim, Intent
from worlds.spec import Secret

__all__ = ["answers_to_question", "cover_story", "exposure", "lies_easily", "matching_secret", "shields"]

_STRAIN = 0.18
"""How much each repetition of a question loosens the tongue."""


def answers_to_question(me: Me, heard: Heard) -> Iterator[Idea]:
    """Give the answers there are to a question, a demand to be told, or an accusation."""
    claim = _charge(me, heard)
    if claim is None:
        yield from _small_answers(me, heard)
        return
    secret = matching_secret(me, claim.subject, claim.attribute)
    belief = me.believes(claim.subject, claim.attribute)
    if heard.intent == "accuse" and me.view.who in (claim.subject, claim.value):
        yield from _answers_to_charge(me, heard, claim, secret)
    elif secret and (me.guards(secret.id) or shields(me, secret)):
        yield from _guarded(me, heard, secret)
    elif belief and belief.value != "":
        yield from _plain(me, heard, claim, belief)
    else:
        yield from _ignorant(me, heard, claim)


def matching_secret(me: Me, subject: str, attribute: str) -> Secret | None:
    """Give the known secret that answers a question."""
    return next(
        (s for s in me.view.secrets if (s.claim.subject, s.claim.attribute) == (subject, attribute)), None
    )


def lies_easily(me: Me) -> bool:
    """Whether this person would tell an untruth at all."""
    return me.trait("honest") < 0.1 and "lie" not in me.core.taboo_verbs


def exposure(me: Me, secret: Secret) -> int:
    """Count how often a secret has been asked for."""
    return len(str(me.slots.get(f"sought.{secret.claim.subject}.{secret.claim.attribute}", "")).split())


def cover_story(me: Me, claim: Claim, to: str) -> Claim | None:
    """Make up an untruth in place of a claim: the one told before, a scapegoat, another place, or the opposite."""
    told = me.slots.get(f"lied.{claim.subject}.{claim.attribute}")
    if told is not None and told not in ("", claim.value):
        return None if told == to else Claim(claim.subject, claim.attribute, told)
    if isinstance(claim.value, bool):
        return claim._replace(value=not claim.value)
    for other in _scapegoats(me, str(claim.value), to, claim):
        return claim._replace(value=other)
    return claim._replace(holds=False)


def _scapegoats(me: Me, value: str, to: str, claim: Claim) -> tuple[str, ...]:
    """Give what could stand in for the true value, best first: somebody not liked, or another place."""
    if value in me.view.map:
        return tuple(place for place in me.view.map if place not in (value, me.view.place))[:1]
    people = _people(me)
    if value not in people and value != me.view.who:
        return ()
    others = [who for who in people if who not in (value, to, claim.subject)]
    return tuple(sorted(others, key=lambda who: (me.liking(who) + me.trust(who), who)))


def _people(me: Me) -> tuple[str, ...]:
    """Give everyone known to be a person: here, heard, or spoken of in a relation."""
    here = [fellow.id for fellow in me.view.fellows]
    heard = [line.by for line in me.heard]
    named = [slot.split(".", 1)[1] for slot in me.slots if slot.startswith(("trust.", "liking."))]
    return tuple(dict.fromkeys(who for who in (*here, *heard, *named) if who != me.view.who))


def _charge(me: Me, heard: Heard) -> Claim | None:
    """Give what is asked or charged as a claim to be answered; its value is the one charged, if any."""
    if heard.claims:
        return heard.claims[0]
    if heard.asks:
        return Claim(*heard.asks, "")
    del me
    return None


def shields(me: Me, secret: Secret) -> bool:
    """Whether a secret nobody asked to hide is kept all the same: for own sake, or for somebody dear."""
    named = (secret.claim.subject, str(secret.claim.value))
    return me.view.who in named or any(me.liking(who) > 0.35 for who in named)


def _yielding(me: Me, heard: Heard, secret: Secret) -> float:
    """Say how near somebody is to letting a secret out to who asks."""
    guard = max(me.guards(secret.id), 0.45)
    pressed = _STRAIN * exposure(me, secret)
    press = {"threaten": 0.3 * me.feels("fear"), "bargain": 0.15 * me.trait("greedy"), "accuse": 0.05}
    company = -0.25 if len(me.view.fellows) > 1 else 0.1
    bond = 0.5 * me.trust(heard.by) + 0.4 * me.liking(heard.by)
    return pressed + bond + company + press.get(heard.intent, 0.0) + 0.3 * me.feels("shame") - guard


def _guarded(me: Me, heard: Heard, secret: Secret) -> Iterator[Idea]:
    to, claim = (heard.by,), secret.claim
    asks = (claim.subject, claim.attribute)
    crowd = len(me.view.fellows) > 1
    own = me.view.who in (claim.subject, claim.value)
    intent: Intent = "admit" if own else "confide"
    truth = Utterance(
        intent, to, secret.id, (claim,), answers=heard.percept, manner="whisper" if crowd else "aloud"
    )
    yield Idea(
        _yielding(me, heard, secret) + 0.5 * leaning(me, intent, heard.by), truth, "give_way", secret.id
    )
    yield from _lie(me, heard, claim, 0.1 + 0.4 * me.guards(secret.id))
    shut = Utterance("refuse", to, claim.subject, asks=asks, answers=heard.percept)
    yield Idea(0.15 + 0.6 * leaning(me, "refuse", heard.by), shut, "guard", secret.id)
    if lies_easily(me):
        blank = Utterance("lie", to, claim.subject, (claim._replace(holds=False),), answers=heard.percept)
        yield Idea(0.05 + 0.5 * leaning(me, "lie", heard.by), blank, "guard", secret.id)
    else:
        # The honest who will not tell turn the question round.
        back = Utterance("ask", to, claim.subject, asks=asks, answers=heard.percept)
        yield Idea(-0.05 + 0.3 * leaning(me, "ask"), back, "evade", heard.by)
    if me.feels("anger") > 0.3:
        warn = Utterance("warn", to, claim.subject, answers=heard.percept)
        yield Idea(0.1 + 0.4 * leaning(me, "threaten", heard.by), warn, "guard", secret.id)


def _lie(me: Me, heard: Heard, claim: Claim, worth: float) -> Iterator[Idea]:
    if lies_easily(me):
        story = cover_story(me, claim, heard.by)
        if story and story.holds:
            lie = Utterance("lie", (heard.by,), claim.subject, (story,), answers=heard.percept)
            yield Idea(worth + 0.6 * leaning(me, "lie", heard.by), lie, "lie", heard.by)


def _answers_to_charge(me: Me, heard: Heard, claim: Claim, secret: Secret | None) -> Iterator[Idea]:
    """Answer for oneself: own up, deny, blame another, or hit back."""
    to, guilty = (heard.by,), secret is not None and secret.claim == claim
    if guilty and secret:
        worth = 0.25 + _yielding(me, heard, secret) + 0.4 * leaning(me, "admit", heard.by)
        yield Idea(
            worth, Utterance("admit", to, secret.id, (claim,), answers=heard.percept), "give_way", secret.id
        )
        yield from _lie(me, heard, claim, 0.2)
    said: Intent = "lie" if guilty else "deny"
    if not guilty or lies_easily(me):
        denial = Utterance(said, to, claim.subject, (claim._replace(holds=False),), answers=heard.percept)
        yield Idea(0.3 + 0.5 * leaning(me, said, heard.by), denial, "deny", heard.by)
    else:
        shut = Utterance("refuse", to, claim.subject, answers=heard.percept)
        yield Idea(0.25 + 0.5 * leaning(me, "refuse", heard.by), shut, "guard", secret.id if secret else "")
    for intent in ("threaten", "warn"):
        hit: Intent = "threaten" if intent == "threaten" else "warn"
        back = Utterance(
            hit, to, claim.subject, answers=heard.percept, want=f"hide {secret.id}" if secret else ""
        )
        yield Idea(-0.15 + 0.7 * leaning(me, hit, heard.by), back, "hit_back", heard.by)


def _plain(me: Me, heard: Heard, claim: Claim, belief: Belief) -> Iterator[Idea]:
    """Tell what one knows or has heard, unless one would rather not to this person, or for nothing."""
    to, topic = (heard.by,), claim.subject
    asks = (claim.subject, claim.attribute)
    known = claim._replace(value=belief.value, holds=True)
    crossed = heard.intent == "accuse" and claim.value not in ("", belief.value)
    intent: Intent = "deny" if crossed else "agree" if heard.intent == "accuse" else "tell"
    told = Utterance(intent, to, topic, (known,), answers=heard.percept)
    yield Idea(0.3 + 0.5 * leaning(me, "tell", heard.by) - 0.2 * (1 - belief.sure), told, "share", topic)
    shut = Utterance("refuse", to, topic, asks=asks, answers=heard.percept)
    yield Idea(-0.15 + 0.5 * leaning(me, "refuse", heard.by), shut, "spite", heard.by)
    if me.trait("greedy") > 0.2 and heard.intent == "ask":
        price = Utterance("bargain", to, topic, answers=heard.percept)
        yield Idea(-0.05 + 0.5 * leaning(me, "bargain", heard.by), price, "bargain", topic)
    if me.liking(heard.by) < -0.2:
        yield from _lie(me, heard, known, 0.1)


def _ignorant(me: Me, heard: Heard, claim: Claim) -> Iterator[Idea]:
    to, asks = (heard.by,), (claim.subject, claim.attribute)
    owned = Utterance("tell", to, claim.subject, asks=asks, answers=heard.percept)
    hides = any(secret.claim.subject == claim.subject and me.guards(secret.id) for secret in me.view.secrets)
    yield Idea(0.25 + 0.3 * leaning(me, "tell", heard.by) - 0.15 * hides, owned, "ignorant", claim.subject)
    yield from _suspicion(me, heard, claim)
    if hides:
        shut = Utterance("refuse", to, claim.subject, asks=asks, answers=heard.percept)
        yield Idea(0.15 + 0.5 * leaning(me, "refuse", heard.by), shut, "guard", claim.subject)
        if claim.attribute == "holder":
            yield from _lie(me, heard, claim._replace(value=me.view.who), 0.15)
    back = Utterance("ask", to, claim.subject, asks=asks, answers=heard.percept)
    if not me.times(f"asked.{'.'.join(asks)}", heard.by):
        yield Idea(-0.2 + 0.4 * leaning(me, "ask"), back, "curious", claim.subject)
    if me.liking(heard.by) > 0.2 and heard.intent in ("ask", "persuade"):
        want = f"learn {'.'.join(asks)}"
        vow = Utterance("promise", to, claim.subject, answers=heard.percept, want=want)
        yield Idea(-0.05 + 0.5 * leaning(me, "promise", heard.by), vow, "help", heard.by)
    if heard.intent == "accuse":
        shut = Utterance("deny", to, claim.subject, answers=heard.percept)
        yield Idea(0.1 + 0.4 * leaning(me, "deny"), shut, "deny", heard.by)


def _suspicion(me: Me, heard: Heard, claim: Claim) -> Iterator[Idea]:
    """Say what one suspects about the matter instead: a hunch is better than nothing, and points elsewhere."""
    for (subject, attribute), belief in me.facts.items():
        who = str(belief.value)
        elsewhere = subject != claim.subject or who in (heard.by, me.view.who) or who not in me.view.names
        if elsewhere or belief.sure >= 1 or attribute in FLEETING:
            continue
        hunch = Utterance(
            "tell", (heard.by,), subject, (Claim(subject, attribute, who),), answers=heard.percept
        )
        fair = 0.5 * me.liking(who) + 0.2 * me.trust(who)
        yield Idea(0.4 + 0.4 * leaning(me, "tell", heard.by) - fair, hunch, "suspect", who)


def _small_answers(me: Me, heard: Heard) -> Iterator[Idea]:
    """Answer a question about nothing in particular, or a charge without a matter."""
    replies: tuple[tuple[Intent, float], ...] = (
        (("deny", 0.3), ("refuse", 0.0), ("joke", -0.2)) if heard.intent == "accuse"
        else (("tell", 0.3), ("small_talk", 0.1), ("refuse", -0.2), ("joke", -0.1))
    )  # fmt: skip
    for intent, worth in replies:
        words = Utterance(intent, (heard.by,), heard.topic, answers=heard.percept)
        yield Idea(worth + 0.5 * leaning(me, intent, heard.by), words, f"reply_{intent}", heard.by)
