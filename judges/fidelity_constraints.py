"""Replies against profiles, statement by statement, each profile as it was at the moment of the reply.

Which statement a reply breaks is decided by kind. A statement of who somebody is, is broken by words about oneself
that deny it. Of body, fear and taste it is what one says of them that counts: leaning against the value, or going by
a value that has been replaced (a stale one). A belief is broken by claims alone. Bonds, moods, wants and secrets show
in acts that words do not give away; they are never broken here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from characters.statements import Statement
from judges.apc import Discriminator, Pair, Weights, score
from judges.apc_rules import RuleDiscriminator
from judges.fidelity_replies import Profiles, Reply, first_person, replies, verdict
from judges.reading import Reading
from judges.tracking_timeline import Timeline
from judges.tracking_words import attitude, mentions, sentences, shown_by
from judges.verdict import Verdict
from worlds.actions import Say, Scalar

__all__ = ["MISSED", "VIOLATED", "constraints"]

VIOLATED = 0.8
"""Probability of contradiction from which on a statement is broken."""
MISSED = (0.85, 0.12)
"""A statement is missed if it is at least so relevant and at most so entailed."""

_BY_WORDS = frozenset({"identity", "trait", "value", "knowledge"})
_BY_LEANING = frozenset({"injury", "fear", "taste"})
_ASKABLE = frozenset({"identity", "value", "knowledge", "injury", "fear", "taste"})
_SURE = 0.5
_UNEARNEST = frozenset({"ask", "lie", "deny", "joke"})
"""Speech acts in which nobody says what he is."""
_FRAME = ("cares", "knows", "much", "nothing")
"""Words statements are framed with."""
_OF_ONESELF = re.compile(
    r"\bi(?: a|['’])m\b|\bi was\b|\bi(?: have|['’]ve)(?: never| always)? been\b|\b(?:about|in) me\b|\bi(?: do not|"
    r" don['’]t| never)? (?:have|had|call|think|consider)\b|\bmy(?:self| nature| heart)\b",
    re.IGNORECASE,
)
_REFERS = frozenset({"it", "it's", "it’s", "they", "that", "that's"})
_NO_MATTER = re.compile(r"\b(?:nothing|something) (?:is )?(?:the matter|wrong)\b", re.IGNORECASE)


class _Breach(NamedTuple):
    statement: Statement
    why: str
    sure: float
    rests: tuple[int, ...] = ()


def constraints(reading: Reading, discriminator: Discriminator | None = None) -> Iterator[Verdict]:
    """Judge every reply against every statement valid then: APC, what is broken, what is missed."""
    judge = _Constraints(reading, discriminator or RuleDiscriminator())
    for reply in replies(reading):
        yield from judge.judge(reply)


class _Constraints:
    def __init__(self, reading: Reading, discriminator: Discriminator) -> None:
        self.reading, self.discriminator = reading, discriminator
        self.profiles, self.timeline = Profiles(reading), Timeline(reading)

    def judge(self, reply: Reply) -> Iterator[Verdict]:
        """Give the verdicts on one reply."""
        holding = self.profiles.at(reply.who, reply.event.seq)
        weights = self.discriminator.weigh([self._pair(reply, statement) for statement in holding])
        total = score(weights)
        if holding:
            reason = f"credit {total.credit:.3f}, penalty {total.penalty:.3f} over {len(holding)} statements"
            yield verdict(reply.event, "apc", reason, reply.asked, value=total.delta)
        broken = list(self.broken(reply, holding))
        for breach in broken:
            reason = f"{breach.statement.id}: “{breach.statement.text}” — {breach.why}"
            yield verdict(reply.event, "violated", reason, *breach.rests, value=0.0, sure=breach.sure)
        if not broken:
            yield verdict(reply.event, "violated", "breaks nothing of the profile")
        yield from _missed(reply, holding, weights)

    def _pair(self, reply: Reply, statement: Statement) -> Pair:
        slots = self.profiles.slots(reply.who, reply.event.seq)
        value = slots.get(statement.slot, "") if statement.slot else ""
        claims = reply.claims if self._binding(slots, statement) else ()
        name = self.profiles.names.get(reply.who, reply.who)
        return Pair(statement.text, reply.query, reply.text, statement.slot, value, claims, (name,))

    def _binding(self, slots: Mapping[str, Scalar], statement: Statement) -> bool:
        """Whether a belief is held firmly enough to bind what is said."""
        sure = slots.get(statement.slot.replace("belief.", "sure.", 1), 1.0)
        return statement.kind == "belief" and isinstance(sure, int | float) and sure >= _SURE

    def broken(self, reply: Reply, holding: Sequence[Statement]) -> Iterator[_Breach]:
        """Give the statements a reply breaks."""
        own = first_person(reply.text) if _in_earnest(reply) else ""
        for statement in holding:
            if statement.kind == "belief" and reply.claims:
                yield from self._claimed(reply, statement)
            elif statement.kind in _BY_WORDS and own and not statement.id.startswith("core.ignores"):
                yield from self._worded(reply, statement, own)
        yield from self._leaning(reply, own)

    def _claimed(self, reply: Reply, statement: Statement) -> Iterator[_Breach]:
        found = self.discriminator.weigh([self._pair(reply, statement)._replace(reply="", query="")])[0]
        if found.contradicted >= VIOLATED and not self._news(reply, statement):
            yield _Breach(statement, found.why, 0.7)

    def _worded(self, reply: Reply, statement: Statement, own: str) -> Iterator[_Breach]:
        if statement.kind == "trait":
            own = " ".join(part for part in sentences(own) if _OF_ONESELF.search(part))
        pair = self._pair(reply, statement)
        pair = pair._replace(reply=own, query="", names=(*pair.names, *_FRAME))
        found = self.discriminator.weigh([pair])[0]
        if found.contradicted >= VIOLATED:
            yield _Breach(statement, found.why, min(1.0, found.contradicted))

    def _leaning(self, reply: Reply, own: str) -> Iterator[_Breach]:
        """Give the slots of body, fear and taste that what is said of them goes against."""
        slots = self.profiles.slots(reply.who, reply.event.seq)
        for statement in self.profiles.at(reply.who, reply.event.seq):
            if statement.kind not in _BY_LEANING or not mentions(statement.slot, own):
                continue
            now = slots[statement.slot]
            values = self.timeline.history(reply.who, statement.slot, reply.event.seq)
            shown = shown_by(statement.slot, values, own)
            since = [
                t.seq
                for t in self.timeline.slots.get((reply.who, statement.slot), ())
                if t.seq < reply.event.seq
            ]
            if shown is not None and shown != now:
                why = f"goes by what it was: {shown}" if shown else "speaks as if there were nothing"
                yield _Breach(statement, why, 0.9, tuple(since[-1:]))
            elif shown is None and _leans_against(statement, reply.text, now):
                yield _Breach(statement, "says the opposite", 0.8, tuple(since[-1:]))

    def _news(self, reply: Reply, statement: Statement) -> bool:
        """Whether the speaker came by something on the matter since the belief was formed: news outruns slots."""
        _, subject, attribute = statement.slot.split(".", 2)
        seen = [
            event.seq for event in self.reading.perceived[reply.who] if _speaks_of(event, subject, attribute)
        ]
        born = [t.seq for t in self.timeline.slots.get((reply.who, statement.slot), ())]
        since = max((seq for seq in born if seq < reply.event.seq), default=-1)
        return any(since < seq < reply.event.seq for seq in seen)


def _in_earnest(reply: Reply) -> bool:
    return not (isinstance(reply.action, Say) and reply.action.intent in _UNEARNEST)


def _speaks_of(event: object, subject: str, attribute: str) -> bool:
    action = getattr(getattr(event, "body", None), "action", None)
    claims = (*getattr(action, "claims", ()), *getattr(getattr(event, "body", None), "claims", ()))
    return any(claim.subject == subject and claim.attribute == attribute for claim in claims)


def _leans_against(statement: Statement, text: str, now: Scalar) -> bool:
    """Whether what is said of a slot's matter, and right after of `it`, leans the other way than its value."""
    kind = statement.kind
    wanted = attitude(kind, str(now)) if kind == "taste" else -1
    lean, near = 0, False
    for sentence in sentences(text):
        named = mentions(statement.slot, sentence)
        near = named or (near and sentence.split()[0].lower() in _REFERS)
        if near and not (named and _NO_MATTER.search(sentence)):
            lean += attitude(kind, sentence)
    return bool(wanted) and lean * wanted < 0


def _missed(reply: Reply, holding: Sequence[Statement], weights: Sequence[Weights]) -> Iterator[Verdict]:
    """Give what the words answered called for and did not get; half sure, for one may choose not to answer."""
    if not reply.query:
        return
    asked = [(s, w) for s, w in zip(holding, weights, strict=True) if w.relevant >= MISSED[0]]
    called = [(s, w) for s, w in asked if s.kind in _ASKABLE and not s.id.startswith("core.ignores")]
    for statement, weight in called:
        said = weight.entailed > MISSED[1]
        reason = f"{statement.id}: “{statement.text}” — {'said' if said else 'asked for, and left out'}"
        yield verdict(reply.event, "missed", reason, reply.asked, value=float(said), sure=0.5)
