"""What fidelity is judged on: each utterance and deed in words, what it answers, and the profile as it was then."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from characters.profile import Core, core_of
from characters.statements import Statement, statements
from judges.consistency_terms import meant
from judges.reading import Reading
from judges.verdict import Scale, Verdict, Window
from worlds.actions import Action, Claim, Do, Say, Scalar
from worlds.events import Acted, Event

__all__ = ["Profiles", "Reply", "first_person", "replies", "verdict"]

_RECENT = 2
"""An utterance of so many turns ago is still being answered."""

_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_SELF = re.compile(r"\b(?:i|me|my|mine|myself|we|our|one's|one)\b|\bi'", re.IGNORECASE)


class Reply(NamedTuple):
    """One act that is put in words."""

    event: Event
    action: Action
    text: str
    query: str
    """The words it answers; empty if there are none."""
    asked: int
    """Seq of those words; −1 if there are none."""
    claims: tuple[Claim, ...]
    """What is meant to be believed."""

    @property
    def who(self) -> str:
        """Whose act it is."""
        return self.event.by


def replies(reading: Reading) -> Iterator[Reply]:
    """Give each utterance and each deed in free words of the cast, oldest first."""
    for who in reading.cast:
        for event in reading.acts.get(who, ()):
            action = event.body.action if isinstance(event.body, Acted) else None
            if isinstance(action, Say | Do) and action.text.strip():
                asked, query = _query(reading, event)
                claims = action.claims if isinstance(action, Say) and meant(action) else ()
                yield Reply(event, action, action.text, query, asked, claims)


def _query(reading: Reading, event: Event) -> tuple[int, str]:
    """Give the utterance an act answers: the one it names, or the latest it heard that was meant for it."""
    for link in event.links:
        if link.rel == "answers" and link.to in reading and (text := _said(reading[link.to], event.by)):
            return link.to, text
    for seq in range(event.seq - 1, -1, -1):
        if seq not in reading or reading[seq].turn < event.turn - _RECENT:
            break
        heard = reading[seq]
        if event.by in heard.witnesses and (text := _said(heard, event.by, meant_for=event.by)):
            return seq, text
    return -1, ""


def _said(event: Event, not_by: str, meant_for: str = "") -> str:
    action = event.body.action if isinstance(event.body, Acted) else None
    if not isinstance(action, Say) or event.by == not_by:
        return ""
    return action.text if not meant_for or not action.to or meant_for in action.to else ""


def first_person(text: str) -> str:
    """Give the sentences of a text in which its speaker speaks of himself."""
    return " ".join(part.strip() for part in _SENTENCE.findall(text) if _SELF.search(part))


class Profiles:
    """The profiles of a run's cast, in statements, as of any event."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._made: dict[tuple[str, int], tuple[Mapping[str, Scalar], tuple[Statement, ...]]] = {}
        self.names = reading.end.plan.names

    def core(self, who: str) -> Core:
        """Give the fixed part."""
        return core_of(self._reading.end.cast[who].core)

    def slots(self, who: str, seq: int) -> Mapping[str, Scalar]:
        """Give the changing part as an event found it."""
        return self._reading.before(seq).slots[who]

    def at(self, who: str, seq: int) -> tuple[Statement, ...]:
        """Give the statements that hold as of an event."""
        state = self._reading.before(seq)
        slots = state.slots[who]
        # A state shares what did not change with the one before, so equal identity means equal slots.
        kept = self._made.get((who, id(slots)))
        if kept is None or kept[0] is not slots:
            kept = slots, statements(state.cast[who], slots, self.names, state.world.phrases)
            self._made[who, id(slots)] = kept
        return kept[1]


def verdict(
    reply: Event, part: str, reason: str, *rests: int, value: float | None = 1.0, sure: float = 1.0
) -> Verdict:
    """Put one judgement of one act in the form all share; `rests` are further seqs it rests on."""
    evidence = (*sorted({seq for seq in rests if 0 <= seq < reply.seq}), reply.seq)
    scale = Scale(-1.0, 1.0, 1.0) if part == "apc" else Scale(0.0, 1.0, 1.0)
    return Verdict(
        judge="fidelity",
        subject=reply.by,
        dimension=f"fidelity.{part}",
        value=value,
        scale=scale,
        confidence=sure,
        evidence=evidence,
        reason=reason,
        window=Window(reply.seq, reply.seq),
    )
