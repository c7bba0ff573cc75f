"""What people do with words when nothing in particular is owed or wanted: company, comfort, gossip, conscience."""

from collections.abc import Iterator

from characters.improv.answering import lies_easily
from characters.improv.appraise import tone
from characters.improv.beliefs import KNOWN
from characters.improv.hearing import words
from characters.improv.ideas import Idea, Utterance, leaning, speech_share
from characters.improv.me import Me
from characters.improv.oneself import of_oneself
from characters.profile import GOALS
from worlds.actions import Became, Claim, Intent, Moved, Say
from worlds.events import Link
from worlds.spec import Secret
from worlds.view import Fellow, Percept

__all__ = ["events_heard", "social", "topic_of"]


def social(me: Me) -> Iterator[Idea]:
    """Give what this character might say of its own accord."""
    talk = speech_share(me)
    for fellow in me.view.fellows:
        for idea in (*_meet(me, fellow), *_feel(me, fellow), *_pass_on(me, fellow), *_chat(me, fellow)):
            yield idea._replace(worth=idea.worth + talk)
    yield from of_oneself(me)
    yield from _alone_with_thoughts(me)
    yield from events_heard(me)


# ── meeting ────────────────────────────────────────────────────────────────────────────────────────


def _meet(me: Me, fellow: Fellow) -> Iterator[Idea]:
    """Greet who has just come or not been spoken to yet."""
    who = fellow.id
    came = next((p for p in me.view.news if _came(me, p, who)), None)
    spoken = any(isinstance(p.action, Say) and who in p.action.to for p in me.acts)
    if came or (not spoken and me.view.own_turn <= 3):
        links = (Link(came.seq, "because"),) if came else ()
        greeting = Utterance("greet", (who,), answers=came)
        yield Idea(
            (0.7 if came else 0.5) + 0.4 * leaning(me, "greet", who) - 0.5 * spoken,
            greeting,
            "greet",
            who,
            links,
        )


def _came(me: Me, percept: Percept, who: str) -> bool:
    return any(isinstance(e, Moved) and e.who == who and e.to == me.view.place for e in percept.effects)


# ── feeling ────────────────────────────────────────────────────────────────────────────────────────


def _feel(me: Me, fellow: Fellow) -> Iterator[Idea]:
    """Comfort who is hurt or low, make up for what one did, let out anger."""
    who = fellow.id
    hurt = fellow.facts.get("hurt") or fellow.facts.get("restrained")
    low = any(line.by == who and line.intent in ("muse", "admit") for line in me.fresh)
    if hurt or low:
        words_ = Utterance("comfort", (who,))
        yield Idea(0.25 + 0.3 * bool(hurt) + leaning(me, "comfort", who), words_, "comfort", who)
    wrong = next((p for p in reversed(me.acts) if _wronged(p, who)), None)
    if wrong and me.feels("shame") > 0.15:
        sorry = Utterance("apologise", (who,))
        links = (Link(wrong.seq, "because"),)
        yield Idea(0.3 + me.feels("shame") + 0.6 * leaning(me, "apologise", who), sorry, "regret", who, links)
    if me.feels("anger") > 0.45 and me.liking(who) < -0.2:
        harsh: Intent = "threaten" if me.trait("brave") > -0.2 else "warn"
        yield Idea(0.15 + 0.6 * leaning(me, harsh, who), Utterance(harsh, (who,)), "anger", who)


def _wronged(percept: Percept, who: str) -> bool:
    say = percept.action
    return isinstance(say, Say) and say.intent in ("accuse", "threaten", "lie") and who in say.to


# ── passing on ─────────────────────────────────────────────────────────────────────────────────────


def _pass_on(me: Me, fellow: Fellow) -> Iterator[Idea]:
    """Tell what was sought, warn who is talked about, confide what weighs."""
    yield from _answer_late(me, fellow.id)
    for secret in me.view.secrets:
        yield from _confide(me, secret, fellow.id)


def _answer_late(me: Me, who: str) -> Iterator[Idea]:
    """Bring somebody the answer to what they once asked, found since."""
    for slot, names in me.slots.items():
        if not slot.startswith("sought.") or who not in str(names).split():
            continue
        _, subject, attribute = slot.split(".", 2)
        belief = me.believes(subject, attribute)
        if belief is None or belief.source == who or attribute in GOALS or belief.value == "":
            continue
        claim = Claim(subject, attribute, belief.value)
        secret = me.secret(claim)
        kept = secret is not None and (
            me.guards(secret.id) > 0 or bool(me.slots.get(f"told.{secret.id}.{who}"))
        )
        if kept or _said(me, claim, who) or me.view.who in (claim.subject, claim.value):
            continue
        telling = Utterance("tell", (who,), subject, (claim,))
        yield Idea(
            0.45 + 0.2 * (belief.sure > KNOWN) + 0.6 * leaning(me, "tell", who), telling, "bring_news", who
        )


def _said(me: Me, claim: Claim, who: str) -> bool:
    """Whether this was said to them by oneself, within memory."""
    return any(isinstance(p.action, Say) and claim in p.action.claims and who in p.action.to for p in me.acts)


def _confide(me: Me, secret: Secret, who: str) -> Iterator[Idea]:
    """Let somebody dear into a secret; the bolder the longer it is carried and the heavier the heart."""
    about = (secret.claim.subject, str(secret.claim.value))
    guard = me.guards(secret.id)
    if me.slots.get(f"told.{secret.id}.{who}") or who in about:
        return
    near = 0.6 * me.liking(who) + 0.5 * me.trust(who)
    load = 0.2 * max(0.0, me.feels("sadness") + me.feels("shame") + me.feels("fear"))
    carried = min(me.view.own_turn, 40) / 70
    shy = 0.15 if me.view.who in about else 0.0
    if near < 0.2 + 0.5 * guard:
        return
    crowd = len(me.view.fellows) > 1
    words_ = Utterance("confide", (who,), secret.id, (secret.claim,), manner="whisper" if crowd else "aloud")
    gossip = 0.2 if not guard and not me.always_knew(secret) else 0.0
    worth = near + load + carried + gossip - 0.9 * guard - shy - 0.15 * crowd - 0.15 * me.trait("patient")
    yield Idea(worth + 0.3 * leaning(me, "confide", who), words_, "confide", who)


# ── company ────────────────────────────────────────────────────────────────────────────────────────


def _chat(me: Me, fellow: Fellow) -> Iterator[Idea]:
    """Talk for company's sake."""
    who = fellow.id
    gloom = max(0.0, me.feels("fear")) + max(0.0, me.feels("anger"))
    small = Utterance("small_talk", (who,), topic_of(me, who))
    yield Idea(0.3 + 0.5 * leaning(me, "small_talk", who) - 0.2 * gloom, small, "company", who)
    jest = Utterance("joke", (who,), topic_of(me, who, 1))
    yield Idea(0.22 + 0.6 * leaning(me, "joke", who) - 0.3 * gloom, jest, "jest", who)
    if me.feels("fear") > 0.3 and _dread(me):
        yield Idea(0.3 + 0.5 * leaning(me, "warn", who), Utterance("warn", (who,), _dread(me)), "dread", who)
    if me.trust(who) < -0.25 and me.feels("anger") < 0.4 and lies_easily(me):
        yield Idea(0.15 + 0.5 * leaning(me, "joke", who), Utterance("joke", (who,), who), "needle", who)


def topic_of(me: Me, who: str, offset: int = 0) -> str:
    """Pick something to talk about: one of the world's topics, another one each time."""
    topics = me.view.topics
    if not topics:
        return ""
    used = [p.action.topic for p in me.acts if isinstance(p.action, Say)]
    start = (me.view.own_turn * 5 + len(who) * 3 + offset * 7 + len(me.view.who)) % len(topics)
    turned = (*topics[start:], *topics[:start])
    return next((topic for topic in turned if topic not in used), turned[0])


def _dread(me: Me) -> str:
    return next(
        (slot.split(".", 1)[1].replace("_", " ") for slot in me.slots if slot.startswith("fear.")), ""
    )


def _alone_with_thoughts(me: Me) -> Iterator[Idea]:
    """Think aloud."""
    weight = 0.15 + leaning(me, "muse") * 0.5 + 0.1 * (not me.view.fellows)
    want = next((want for want in me.wants if want.kind not in ("hide", "tell")), None)
    topic = want.args[0].partition(".")[0] if want and me.view.own_turn % 2 else topic_of(me, me.view.who, 2)
    yield Idea(weight, Utterance("muse", topic=topic), "muse", topic)


# ── what befalls ───────────────────────────────────────────────────────────────────────────────────


def events_heard(me: Me) -> Iterator[Idea]:
    """React to what has just befallen: warn, order, comfort, jest or wonder; less so once others have."""
    beat = next((p for p in reversed(me.view.news) if _remarkable(me, p)), None)
    if beat is None:
        return
    links, topic = (Link(beat.seq, "because"),), _subject_of(me, beat)
    struck = next((fellow.id for fellow in me.view.fellows if fellow.name.split()[0] in beat.text), "")
    near = struck or (
        max(me.view.fellows, key=lambda f: (me.liking(f.id), f.id)).id if me.view.fellows else ""
    )
    others = sum(line.seq > beat.seq and line.intent in _REMARKS for line in me.fresh)
    base = 0.44 + 0.15 * min(3, max(0, -tone(beat.text))) - 0.22 * others + 0.3 * max(0.0, me.feels("fear"))
    ideas: tuple[tuple[Intent, tuple[str, ...], float], ...] = (
        ("muse", (), 0.0),
        ("warn", (), 0.0 if not struck else -0.3),
        ("order", (), -0.15),
        ("comfort", (near,), 0.25 if struck else -0.1),
        ("joke", (near,), -0.2),
    )
    for intent, to, nearness in ideas:
        if to == ("",) or (not me.view.fellows and intent != "muse"):
            continue
        act = Utterance(intent, to, topic if topic != near else "", answers=beat)
        yield Idea(
            base + nearness + 0.6 * leaning(me, intent, near), act, "event", near if struck else topic, links
        )


_REMARKS = frozenset({"muse", "warn", "order", "comfort", "joke"})


def _remarkable(me: Me, percept: Percept) -> bool:
    """Whether a happening is more than weather: something changes, alarms, or befalls somebody known."""
    if percept.kind not in ("happened", "intervened") or any(p.text == percept.text for p in me.view.past):
        return False
    named = any(fellow.name.split()[0] in percept.text for fellow in me.view.fellows)
    return (
        bool(percept.effects) or named or me.view.name.split()[0] in percept.text or tone(percept.text) != 0
    )


def _subject_of(me: Me, beat: Percept) -> str:
    """Find what a happening is about among the things, places and matters known here; empty if it is none of them."""
    told = words(beat.text) - words(me.view.name)
    subjects = [effect.subject for effect in beat.effects if isinstance(effect, Became)]
    named = [id_ for id_, name in me.view.names.items() if words(name) <= told and words(name)]
    spoken = [topic for topic in me.view.topics if words(topic) and words(topic) <= told]
    known = [subject for subject in subjects if subject in me.view.names]
    return next(iter((*known, *spoken, *named)), "")
