"""What the parts of the consistency judge share: what is meant, what is so, what clashes, and how a verdict is put."""

import re
from functools import lru_cache

from judges.knowledge import BORN
from judges.showings import Key, key_of
from judges.verdict import Verdict, Window
from worlds.actions import Claim, Say, Scalar
from worlds.events import Event
from worlds.state import State

__all__ = ["bears_out", "clash", "meant", "said", "truth", "verdict"]

_UNMEANT = frozenset({"ask", "lie", "joke"})
"""Speech acts that assert nothing."""

_COMMON = frozenset(
    "a an and are as at be been but by for from had has have he her him his i in is it its me my no not of off on or "
    "our out she so than that the their them then there they this to up was we were what when which who whom will with "
    "would you your".split()
)


def meant(say: Say) -> bool:
    """Whether an utterance asserts what it claims."""
    return say.intent not in _UNMEANT if say.intent else not say.text.rstrip().endswith("?")


def truth(state: State, key: Key) -> Scalar | None:
    """Give what is so; None if the world does not say."""
    subject, attribute = key
    if attribute == "holder":
        return state.held.get(subject)
    if attribute == "at":
        return state.place_of(subject) or None
    facts = state.facts.get(subject, {})
    if attribute in facts:
        return facts[attribute]
    secrets = (secret.claim for secret in state.plan.secrets if secret.claim.holds)
    return next((claim.value for claim in secrets if key_of(claim) == key), None)


@lru_cache(maxsize=8192)
def said(text: str) -> frozenset[str]:
    """Give the telling words of a text, lower case."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower())) - _COMMON


def bears_out(held: Claim, claim: Claim) -> bool:
    """Whether holding one is a reason to say the other."""
    if held.value == claim.value:
        return held.holds == claim.holds
    return held.holds and not claim.holds


def clash(one: Claim, other: Claim) -> bool:
    """Whether two claims about the same matter cannot both be meant."""
    if one.value == other.value:
        return one.holds != other.holds
    return one.holds and other.holds


def verdict(
    event: Event, part: str, reason: str, *rests: int, value: float = 1.0, sure: float = 1.0
) -> Verdict:
    """Give a verdict on one act, which rests on it and on the earlier events it has to do with."""
    return Verdict(
        judge="consistency",
        subject=event.by,
        dimension=f"consistency.{part}",
        value=value,
        confidence=sure,
        evidence=(*sorted({seq for seq in rests if BORN < seq < event.seq}), event.seq),
        reason=reason,
        window=Window(event.seq, event.seq),
    )
