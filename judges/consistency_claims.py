"""Claims against knowledge, world, earlier claims and beliefs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from judges.consistency_terms import bears_out, clash, meant, truth, verdict
from judges.consistency_words import read_of
from judges.knowledge import BORN, Info, Knowledge
from judges.reading import Reading
from judges.showings import Key, key_of, sights
from judges.verdict import Verdict
from worlds.actions import Claim, Say, Scalar
from worlds.events import Acted, Event
from worlds.state import State

__all__ = ["claims"]

_CERTAIN = {"deny": 0.3, "accuse": 0.6, "persuade": 0.6, "bargain": 0.6, "threaten": 0.6, "muse": 0.6}
"""How surely a speech act commits its speaker: a denial may well be a lie, a charge a guess."""

_SURE = 0.5
"""Confidence from which on a belief binds what one says."""


class _Said(NamedTuple):
    """One claim somebody meant."""

    event: Event
    say: Say
    claim: Claim

    @property
    def certain(self) -> float:
        """How surely it is meant, 0..1."""
        return _CERTAIN.get(self.say.intent or "", 1.0)


def claims(reading: Reading, knowledge: Knowledge) -> Iterator[Verdict]:
    """Judge every claim anybody made."""
    examiner = _Examiner(reading, knowledge)
    for who, acts in reading.acts.items():
        earlier: dict[Key, list[_Said]] = {}
        for event in acts:
            say = event.body.action if isinstance(event.body, Acted) else None
            if not isinstance(say, Say) or not meant(say) or who not in reading.cast:
                continue
            for claim in say.claims:
                line = _Said(event, say, claim)
                yield from examiner.examine(line, earlier.setdefault(key_of(claim), []))
                earlier[key_of(claim)].append(line)


class _Examiner:
    """Examines claims in the light of one run."""

    def __init__(self, reading: Reading, knowledge: Knowledge) -> None:
        self.reading, self.knowledge = reading, knowledge
        self.plan = reading.end.plan

    def examine(self, line: _Said, earlier: Sequence[_Said]) -> Iterator[Verdict]:
        """Give what there is to say about one claim."""
        state = self.reading.before(line.event.seq)
        held = self.knowledge.about(line.event.by, key_of(line.claim), line.event.seq)
        yield from self.known(line, state)
        yield from self.so(line, state, held)
        yield from self.steady(line, earlier, held)
        yield from self.believed(line, state, held)

    def known(self, line: _Said, state: State) -> Iterator[Verdict]:
        """Judge whether the speaker can know it. A guess that misses is nobody's knowledge and not judged here."""
        event, claim = line.event, line.claim
        if not claim.holds:
            return
        info = self.knowledge.grounds(event.by, claim, event.seq)
        if info:
            yield _verdict(
                "knowledge", line, f"known: {info.how}{f' by {info.by}' if info.by else ''}", info.seq
            )
            return
        denied = self.knowledge.grounds(event.by, claim._replace(holds=False), event.seq)
        if denied and denied.how == "told" and line.certain < 1:
            yield _verdict("knowledge", line, f"disputes what {denied.by} said", denied.seq)
            return
        secret = next((secret for secret in self.plan.secrets if secret.claim == claim), None)
        if secret is None and (claim.subject == event.by or truth(state, key_of(claim)) != claim.value):
            return
        source = read_of(self.reading, event, claim, secret)
        if source is not None:
            yield _verdict("knowledge", line, "known: in words", source)
        else:
            what = f"the secret {secret.id}" if secret else f"{claim.subject}.{claim.attribute}"
            sure = (1.0 if secret else 0.9) * max(0.7, line.certain)
            reason = f"states {what} without having witnessed it, been told it or found it out"
            yield _verdict("knowledge", line, reason, value=0.0, sure=sure)

    def so(self, line: _Said, state: State, held: Sequence[Info]) -> Iterator[Verdict]:
        """Judge a claim by what is so: an honest mistake is none, if there is something it rests on."""
        event, claim = line.event, line.claim
        fact = truth(state, key_of(claim))
        if fact is None:
            return
        if (fact == claim.value) == claim.holds:
            yield _verdict("world", line, "it is so")
            return
        if sights(state, event.by).get(key_of(claim)) == fact:
            reason = f"says otherwise than the speaker sees: {_worded(key_of(claim), fact)}"
            yield _verdict("world", line, reason, _since(state, key_of(claim)), value=0.0, sure=line.certain)
        elif any(bears_out(info.claim, claim) for info in held):
            yield _verdict("world", line, "mistaken, but with reason")
        elif held:
            sure = 0.9 if held[-1].how in ("born", "saw", "found") else 0.7
            last = held[-1].claim
            reason = (
                f"has it otherwise, {held[-1].how}: {_worded(key_of(last), last.value, holds=last.holds)}"
            )
            yield _verdict("world", line, reason, held[-1].seq, value=0.0, sure=sure * line.certain)
        elif claim.holds:
            reason = f"not so, and without any ground: {_worded(key_of(claim), fact)}"
            yield _verdict("world", line, reason, value=0.0, sure=0.6 * line.certain)

    def steady(self, line: _Said, earlier: Sequence[_Said], held: Sequence[Info]) -> Iterator[Verdict]:
        """Judge a claim by the speaker's latest on the same matter."""
        if not earlier:
            return
        last = earlier[-1]
        if not clash(last.claim, line.claim):
            yield _verdict("self", line, "as said before", last.event.seq)
            return
        news = [info for info in held if info.seq > last.event.seq and not bears_out(info.claim, last.claim)]
        if news:
            yield _verdict("self", line, f"changed with cause: {news[-1].how}", last.event.seq, news[-1].seq)
        else:
            sure = min(line.certain, last.certain)
            before = _worded(key_of(last.claim), last.claim.value, holds=last.claim.holds)
            yield _verdict(
                "self", line, f"said before, {before}; nothing since", last.event.seq, value=0.0, sure=sure
            )

    def believed(self, line: _Said, state: State, held: Sequence[Info]) -> Iterator[Verdict]:
        """Judge a claim by the speaker's own belief slot."""
        who, (subject, attribute) = line.event.by, key_of(line.claim)
        slots = state.slots[who]
        belief = slots.get(f"belief.{subject}.{attribute}", "")
        sure = slots.get(f"sure.{subject}.{attribute}") or 1.0
        if belief == "" or (isinstance(sure, int | float) and sure < _SURE):
            return
        if not clash(Claim(subject, attribute, belief), line.claim):
            yield _verdict("belief", line, "as believed")
            return
        since = max((info.seq for info in held if info.claim.value == belief), default=BORN)
        known = any(secret.claim == line.claim and who in secret.known_by for secret in self.plan.secrets)
        if known or any(info.seq > since and bears_out(info.claim, line.claim) for info in held):
            yield _verdict("belief", line, "fresh news outruns the belief")
        else:
            reason = f"believes {_worded((subject, attribute), belief)} and says otherwise"
            yield _verdict("belief", line, reason, since, value=0.0, sure=line.certain)


def _since(state: State, key: Key) -> int:
    return state.since.get(".".join(key), BORN)


def _worded(key: Key, value: Scalar, *, holds: bool = True) -> str:
    return f"{key[0]}.{key[1]} is {'' if holds else 'not '}{value}"


def _verdict(
    part: str, line: _Said, reason: str, *rests: int, value: float = 1.0, sure: float = 1.0
) -> Verdict:
    what = _worded(key_of(line.claim), line.claim.value, holds=line.claim.holds)
    return verdict(line.event, part, f"{what}: {reason}", *rests, value=value, sure=sure)
