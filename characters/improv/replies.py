"""What one owes an answer to, and the answers there are: every speech act has its usual replies.

The pairs follow the idea of adjacency pairs (H. Sacks, E. Schegloff, 1973): a question makes an answer due, an
accusation a denial or an admission, a greeting a greeting. Which of them is given is a matter of character.
"""

from collections.abc import Iterator, Mapping

from characters.improv.answering import answers_to_question
from characters.improv.hearing import Heard
from characters.improv.ideas import Idea, Utterance, leaning
from characters.improv.me import Me
from characters.improv.news import answers_to_news
from characters.improv.yielding import answers_to_demand
from worlds.actions import Intent
from worlds.events import Link

__all__ = ["due", "replies"]

_DUE: Mapping[str, float] = {
    "accuse": 1.9, "ask": 1.9, "threaten": 1.7, "order": 1.5, "bargain": 1.6, "persuade": 1.5, "confide": 1.3,
    "apologise": 1.2, "admit": 1.1, "greet": 1.0, "promise": 0.5, "warn": 0.6, "deny": 0.7, "refuse": 0.6,
    "tell": 0.85, "comfort": 0.55, "joke": 0.5, "thank": 0.25, "agree": 0.2, "small_talk": 0.6, "muse": 0.4,
    "take_leave": 0.5,
}  # fmt: skip
"""How pressing an answer is."""

_USUAL: Mapping[str, Mapping[Intent, float]] = {
    "threaten": {
        "refuse": 0.1,
        "agree": -0.1,
        "threaten": -0.1,
        "warn": -0.1,
        "apologise": -0.2,
        "deny": -0.1,
    },
    "order": {"agree": 0.0, "refuse": 0.0},
    "confide": {"comfort": 0.1, "thank": 0.0, "promise": 0.0, "agree": -0.15},
    "apologise": {"agree": 0.1, "comfort": 0.0, "refuse": -0.15, "thank": -0.1},
    "admit": {"comfort": -0.05, "thank": -0.1, "agree": -0.1, "threaten": -0.3},
    "greet": {"greet": 0.2, "small_talk": -0.15},
    "promise": {"thank": 0.1, "agree": -0.2},
    "warn": {"thank": 0.1, "agree": 0.0, "joke": -0.2},
    "deny": {"agree": -0.1, "apologise": -0.15, "muse": -0.3},
    "refuse": {"agree": -0.25, "muse": -0.3, "apologise": -0.2},
    "tell": {"agree": -0.15, "muse": -0.25},
    "comfort": {"thank": 0.1, "agree": -0.1, "muse": -0.2, "joke": -0.15},
    "joke": {"joke": 0.05, "small_talk": 0.0, "agree": -0.15},
    "thank": {"agree": 0.0, "small_talk": 0.0, "joke": -0.1},
    "agree": {"thank": 0.1, "small_talk": 0.0, "joke": -0.1},
    "small_talk": {"small_talk": 0.05, "joke": -0.05, "agree": -0.1, "muse": -0.25},
    "muse": {"comfort": 0.0, "muse": -0.15, "joke": -0.1, "small_talk": -0.1},
    "take_leave": {"take_leave": 0.1, "warn": -0.2},
}
"""The usual replies to a speech act, and how near each lies."""

_BYSTANDER = 0.5
"""How much of its weight a line has for who was not meant, where the matter concerns it."""


def due(me: Me) -> tuple[Heard, ...]:
    """Give what others said since the own last turn that calls for an answer, most pressing first."""
    here = {fellow.id for fellow in me.view.fellows}
    waiting = [heard for heard in me.fresh if heard.by in here and heard.intent in _DUE and heard.aim > 0.3]
    latest = {heard.by: heard for heard in waiting}
    pressing = [heard for heard in waiting if heard is latest[heard.by] or heard.intent in ("ask", "accuse")]
    return tuple(sorted(pressing, key=lambda heard: (-_DUE[heard.intent] * heard.aim, -heard.seq)))


def replies(me: Me) -> Iterator[Idea]:
    """Give the answers to what is due, and a bystander's word where others quarrel."""
    for rank, heard in enumerate(due(me)[:3]):
        empty = heard.intent == "tell" and not heard.claims
        base = (0.35 if empty else _DUE[heard.intent]) * heard.aim - 0.25 * rank
        for idea in _reply(me, heard):
            yield idea._replace(worth=base + idea.worth, links=(Link(heard.seq, "answers"), *idea.links))
    yield from _aside(me)


def _reply(me: Me, heard: Heard) -> Iterator[Idea]:
    if heard.intent in ("tell", "deny", "admit", "warn", "confide") and heard.claims:
        yield from answers_to_news(me, heard)
    if heard.intent == "ask" or (heard.asks and heard.intent in ("persuade", "order", "bargain", "threaten")):
        yield from answers_to_question(me, heard)
    elif heard.intent == "accuse":
        yield from answers_to_question(me, heard)
        return
    elif heard.want and heard.intent in ("persuade", "bargain", "threaten", "order"):
        yield from answers_to_demand(me, heard)
    if heard.intent in _USUAL and not (heard.asks and heard.intent == "order"):
        penalty = 0.35 if heard.asks or heard.want else 0.0
        for intent, nearness in _USUAL[heard.intent].items():
            if not (penalty and intent == "agree"):
                yield _usual(me, heard, intent, nearness - penalty)


def _usual(me: Me, heard: Heard, intent: Intent, nearness: float) -> Idea:
    worth = nearness + leaning(me, intent, heard.by)
    topic = (
        heard.topic if intent in ("small_talk", "muse", "joke", "agree", "thank") and not heard.want else ""
    )
    if heard.claims and not topic and heard.intent != "admit":
        topic = heard.claims[0].subject
    if heard.intent == "admit" or topic == heard.by:
        topic = ""
    to = () if intent == "muse" else (heard.by,)
    words = Utterance(intent, to=to, topic=topic.partition(".")[0], answers=heard.percept)
    return Idea(worth, words, f"reply_{intent}", heard.by)


def _aside(me: Me) -> Iterator[Idea]:
    """Take a side when somebody here is accused or threatened by another."""
    for heard in me.fresh:
        victim = heard.to[0] if len(heard.to) == 1 else ""
        if heard.intent not in ("accuse", "threaten") or victim in ("", me.view.who) or not me.fellow(victim):
            continue
        if not me.fellow(heard.by):
            continue
        links = (Link(heard.seq, "answers"),)
        side = me.liking(victim) - me.liking(heard.by)
        base = _BYSTANDER + 0.3 * me.trait("brave")
        calm = Utterance("comfort", to=(victim,), answers=heard.percept)
        yield Idea(base + side * 0.5 + leaning(me, "comfort", victim), calm, "defend", victim, links)
        hush = Utterance("warn", to=(heard.by,), topic=victim, answers=heard.percept)
        yield Idea(base + side * 0.6 + leaning(me, "warn"), hush, "defend", victim, links)
        if heard.claims and heard.intent == "accuse":
            yield from _weigh_in(me, heard, victim, base - side * 0.5)


def _weigh_in(me: Me, heard: Heard, victim: str, worth: float) -> Iterator[Idea]:
    """Back an accusation one believes; question one that is news."""
    claim, links = heard.claims[0], (Link(heard.seq, "answers"),)
    belief = me.believes(claim.subject, claim.attribute)
    if belief and belief.value == claim.value and belief.sure > 0.5:
        back = Utterance("accuse", to=(victim,), topic=claim.subject, claims=(claim,), answers=heard.percept)
        yield Idea(worth + leaning(me, "accuse", victim), back, "accuse", victim, links)
    elif belief is None or belief.sure < 0.5:
        asks = (claim.subject, claim.attribute)
        query = Utterance("ask", to=(victim,), topic=claim.subject, asks=asks, answers=heard.percept)
        yield Idea(worth + leaning(me, "ask", victim), query, "doubt", victim, links)
