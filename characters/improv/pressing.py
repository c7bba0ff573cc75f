"""Pressing somebody for something: asked kindly first, then persuaded, offered, charged, threatened."""

from collections.abc import Iterator

from characters.improv.books import key_of
from characters.improv.ideas import Idea, Utterance, leaning
from characters.improv.me import Me
from worlds.actions import Claim, Intent, Say

__all__ = ["confront", "evidence", "press"]

_LADDER: tuple[tuple[Intent, ...], ...] = (
    ("ask",),
    ("persuade", "ask"),
    ("bargain", "persuade", "accuse"),
    ("accuse", "threaten", "order", "bargain"),
    ("threaten", "order", "persuade", "accuse"),
)
"""What one resorts to the first time, the second, and so on."""

_WEARY = (1.0, 0.85, 0.75, 0.65, 0.45, 0.25)
"""How much of the hope is left by then."""

_CANVASS = 0.76
"""What is left of the wish to ask for each time the same was asked of somebody lately."""

_PAUSE = 2
"""Own turns between two attempts at the same person for the same thing."""


def press(me: Me, who: str, want: str, worth: float) -> Iterator[Idea]:
    """Give ways to press somebody for what is wanted: `learn S.A` for an answer, `give THING WHO` for a thing."""
    key = key_of(want)
    times = me.times(f"asked.{key}", who)
    if _lately(me, who, key):
        return
    subject, _, attribute = key.partition(".")
    asks = (subject, attribute) if want.startswith("learn ") else None
    topic = want.split()[1].partition(".")[0]
    left = _WEARY[min(times, len(_WEARY) - 1)] * _hope(me, who, subject) * _CANVASS ** _just_asked(me, key)
    for rank, intent in enumerate(_LADDER[min(times, len(_LADDER) - 1)]):
        chosen: Intent = "persuade" if intent == "ask" and asks is None else intent
        claims = evidence(me, who) if chosen == "accuse" else ()
        if chosen == "accuse" and not claims and me.trust(who) > -0.1:
            continue
        near = worth * left - 0.08 * rank
        words = Utterance(
            chosen, (who,), topic, claims[:1], asks if chosen in ("ask", "accuse") and not claims else None,
            want="" if chosen in ("ask", "accuse") else f"have {topic}" if want.startswith("give ") else want,
        )  # fmt: skip
        bond = 0.15 * me.trust(who) if chosen == "ask" else 0.0
        yield Idea(near + bond + 0.4 * leaning(me, chosen, who), words, f"press_{chosen}", who)


def _hope(me: Me, who: str, subject: str) -> float:
    """Say what is to be hoped for after their last word on the matter: little if they answered, more if they evaded."""
    for line in reversed(me.heard):
        if line.by == who and line.aim > 0.5 and line.topic.partition(".")[0] == subject:
            if line.intent in ("tell", "confide", "admit"):
                return 0.45 if not line.claims else 0.3
            if line.intent in ("refuse", "deny", "bargain"):
                return 1.1
            return 0.8
    return 1.0


def _just_asked(me: Me, key: str) -> int:
    """Count how often the same was asked of anybody lately: one does not go round the table with it."""
    says = [p.action for p in me.acts[-5:] if isinstance(p.action, Say)]
    return sum(key_of(say.topic) == key for say in says)


def evidence(me: Me, who: str) -> tuple[Claim, ...]:
    """Give what is believed against somebody: claims that name them and that others would care about."""
    found: list[tuple[float, Claim]] = []
    for (subject, attribute), belief in me.facts.items():
        if attribute in ("at", "holder", "open", "locked", "lit", "hurt", "alive", "present", "restrained"):
            continue
        if who in (subject, belief.value) and belief.sure >= 0.4:
            found.append((belief.sure, Claim(subject, attribute, belief.value)))
    return tuple(
        claim for _, claim in sorted(found, key=lambda item: (-item[0], item[1].subject, item[1].attribute))
    )


def _lately(me: Me, who: str, key: str) -> bool:
    """Whether this was put to them in one of the last own turns."""
    for percept in me.acts[-_PAUSE:]:
        say = percept.action
        if isinstance(say, Say) and who in say.to and key_of(say.topic) == key:
            return True
    return False


def confront(me: Me, who: str, worth: float) -> Iterator[Idea]:
    """Say a suspicion to somebody's face."""
    claims = evidence(me, who)
    if claims:
        times = me.times(f"asked.{claims[0].subject}.{claims[0].attribute}", who)
        charge = Utterance("accuse", (who,), f"{claims[0].subject}.{claims[0].attribute}", claims[:1])
        yield Idea(worth + 0.1 * times + 0.5 * leaning(me, "accuse", who), charge, "accuse", who)
