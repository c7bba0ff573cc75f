"""The wants that are pursued through people: to learn, to win over, to tell, to hide, to expose."""

from collections.abc import Callable, Iterator, Mapping

from characters.improv.answering import exposure
from characters.improv.beliefs import KNOWN
from characters.improv.ideas import Idea, Utterance, deed_idea, leaning, option
from characters.improv.idle import may_part
from characters.improv.me import Me, Want
from characters.improv.pressing import confront, evidence, press
from characters.improv.routes import way_to, way_to_person
from worlds.actions import Claim, Intent, Manner
from worlds.spec import Secret

__all__ = ["PURSUITS"]


def _learn(me: Me, want: Want) -> Iterator[Idea]:
    """Find something out: do what shows it, look closely at things, ask, confront with a hunch, go where people are."""
    subject, _, attribute = want.args[0].partition(".")
    for deed in me.view.deeds:
        if deed.claim and not deed.to and deed.claim.subject == subject and not _known(me, deed.claim):
            nearer = 1.1 if deed.claim.attribute == attribute else 0.9
            yield deed_idea(deed, nearer + 0.2 * me.trait("curious"), "learn")
    shut = {sight.id for sight in me.view.sights if sight.container}
    for sight in me.view.sights:
        act = option(me, "examine", sight.id)
        if act and not me.seen(sight.id):
            near = (
                0.45
                if subject in (sight.id, sight.at)
                else 0.15
                if sight.container or sight.at in shut
                else 0.0
            )
            yield Idea(0.55 + near + 0.3 * leaning(me, "examine"), act, "clue", sight.id, goal=want.phrase)
    hunch = me.believes(subject, attribute)
    for fellow in me.view.fellows:
        yield from press(me, fellow.id, want.phrase, 1.05)
        if hunch and hunch.value == fellow.id:
            yield from confront(me, fellow.id, 0.75)
    yield from _elsewhere(me, want)


def _known(me: Me, claim: Claim) -> bool:
    """Whether there is nothing left to find out by what shows this."""
    belief = me.believes(claim.subject, claim.attribute)
    return belief is not None and belief.sure >= KNOWN


def _elsewhere(me: Me, want: Want) -> Iterator[Idea]:
    """Go to somebody who has not been asked yet, or to where one has not looked yet."""
    key = f"asked.{want.args[0]}"
    for slot in me.slots:
        family, _, who = slot.partition(".")
        if family in ("trust", "liking") and not me.fellow(who) and not me.times(key, who):
            step = way_to_person(me, who)
            if step:
                yield Idea(0.55, step, "seek", who)
    for place in me.view.map.get(me.view.place, ()):
        if not me.seen(place):
            step = way_to(me, place)
            if step:
                yield Idea(0.65 + 0.1 * me.trait("curious"), step, "search", want.args[0].partition(".")[0])


def _win(me: Me, want: Want) -> Iterator[Idea]:
    """Come nearer to somebody: in words that warm, in confidence, by a gift."""
    who = want.args[0]
    if not me.fellow(who):
        step = way_to_person(me, who)
        if step:
            yield Idea(0.65, step, "seek", who)
        return
    for index, (intent, worth) in enumerate(_WARM):
        topic = _topic(me, index)
        words = Utterance(
            intent, (who,), topic if intent in ("small_talk", "joke") else "", want=_vow(intent, want)
        )
        yield Idea(worth + 0.5 * leaning(me, intent, who), words, "befriend", who)
    gifts = (sight.id for sight in me.view.sights if sight.at == me.view.who and may_part(me, sight.id))
    for gift in gifts:
        give = option(me, "give", gift, who)
        if give:
            yield Idea(0.4 + 0.4 * leaning(me, "give", who), give, "gift", who)
    for secret in me.view.secrets:
        if not me.guards(secret.id) and who not in (secret.claim.subject, secret.claim.value):
            yield from _tell_one(me, secret, who, 0.45, "confide")


_WARM: tuple[tuple[Intent, float], ...] = (
    ("small_talk", 0.55),
    ("comfort", 0.5),
    ("joke", 0.45),
    ("promise", 0.35),
)
"""What wins people over."""


def _vow(intent: Intent, want: Want) -> str:
    return f"befriend {want.args[0]}" if intent == "promise" else ""


def _topic(me: Me, offset: int) -> str:
    topics = me.view.topics
    return topics[(me.view.own_turn * 3 + offset + len(me.view.name)) % len(topics)] if topics else ""


def _tell_one(me: Me, secret: Secret, who: str, worth: float, intent: Intent) -> Iterator[Idea]:
    """Tell somebody a secret, out of others' hearing if there are others."""
    if me.slots.get(f"told.{secret.id}.{who}"):
        return
    crowd = len(me.view.fellows) > 1
    words = Utterance(intent, (who,), secret.id, (secret.claim,), manner="whisper" if crowd else "aloud")
    yield Idea(worth + 0.5 * leaning(me, intent, who), words, "confide", who)


def _tell(me: Me, want: Want) -> Iterator[Idea]:
    """Tell somebody a secret: be with them, and bring oneself to it."""
    who = want.args[1]
    secret = next((secret for secret in me.view.secrets if secret.id == want.args[0]), None)
    if not me.fellow(who):
        step = way_to_person(me, who)
        if step:
            yield Idea(0.9, step, "seek", who)
    elif secret:
        courage = 0.2 * me.trait("brave") - 0.3 * max(0.0, me.feels("fear"))
        own = me.view.who in (secret.claim.subject, secret.claim.value)
        yield from _tell_one(me, secret, who, 1.1 + courage, "admit" if own else "confide")


def _hide(me: Me, want: Want) -> Iterator[Idea]:
    """Keep a secret dark: silence who knows of it, lead who asks away from it."""
    secret = next((secret for secret in me.view.secrets if secret.id == want.args[0]), None)
    if secret is None:
        return
    alarm = 0.08 * exposure(me, secret) + 0.3 * max(0.0, me.feels("fear"))
    for fellow in me.view.fellows:
        knows = bool(me.slots.get(f"told.{secret.id}.{fellow.id}"))
        if knows:
            manner: Manner = "whisper" if len(me.view.fellows) > 1 else "aloud"
            for intent, worth in _SILENCING:
                words = Utterance(intent, (fellow.id,), secret.claim.subject, want=want.phrase, manner=manner)
                yield Idea(worth + alarm + 0.5 * leaning(me, intent, fellow.id), words, "hush", fellow.id)
        elif me.times(f"sought.{secret.claim.subject}.{secret.claim.attribute}", fellow.id):
            yield from _throw_off(me, fellow.id, alarm)


_SILENCING: tuple[tuple[Intent, float], ...] = (("persuade", 0.4), ("bargain", 0.35), ("threaten", 0.3))
"""What keeps people quiet."""


def _throw_off(me: Me, who: str, alarm: float) -> Iterator[Idea]:
    """Talk of something else to who has come too near."""
    words = Utterance("small_talk", (who,), _topic(me, 1))
    yield Idea(0.3 + alarm + 0.4 * leaning(me, "small_talk", who), words, "throw_off", who)


def _expose(me: Me, want: Want) -> Iterator[Idea]:
    """Charge somebody before witnesses, once there is something to charge them with."""
    who = want.args[0]
    claims = evidence(me, who)
    if not claims:
        yield from _dig(me, who)
    elif not me.fellow(who):
        step = way_to_person(me, who)
        if step:
            yield Idea(0.8, step, "seek", who)
    else:
        crowd = len(me.view.fellows) > 1
        yield from confront(me, who, 1.1 if crowd else 0.6)


def _dig(me: Me, who: str) -> Iterator[Idea]:
    """Look for something against somebody: ask others about them, look at their things, sound them out."""
    matters = [w.args[0] for w in me.wants if w.kind == "learn"]
    for fellow in me.view.fellows:
        for matter in matters:
            if fellow.id != who:
                yield from press(me, fellow.id, f"learn {matter}", 0.6)
    look = option(me, "examine", who)
    if look and not me.seen(who):
        yield Idea(0.55, look, "clue", who)
    for sight in me.view.sights:
        act = option(me, "examine", sight.id)
        if act and not me.seen(sight.id):
            yield Idea(0.5 + 0.3 * leaning(me, "examine"), act, "clue", sight.id)


PURSUITS: Mapping[str, Callable[[Me, Want], Iterator[Idea]]] = {
    "learn": _learn,
    "trust": _win,
    "befriend": _win,
    "tell": _tell,
    "hide": _hide,
    "expose": _expose,
}
