"""The interview of an audition: asked twice, asked why."""

from characters.profile import core_of
from judges.words import stems
from sandbox.casting import stage_for
from sandbox.design.marking import Mark, Played, Quote
from worlds.events import Acted

__all__ = ["interviewed"]

_TWICE = (
    ("Who are you?", "Tell me about yourself."),
    ("What do you want?", "What are you after?"),
    ("How do you feel?", "How are you feeling now?"),
    ("Where are you?", "Where are you, and who is with you?"),
    ("What are you afraid of?", "What are your fears?"),
)
_BEFORE = 6
"""Percepts back in which a reason may lie."""
_SAME = 0.4
"""Share of telling words two answers to one question have in common."""


async def interviewed(who: str, played: Played) -> tuple[Mark, ...]:
    """Ask after a scene, as of its end."""
    stage = stage_for(played.log)
    mind, view = stage.minds[who], await stage.view(played.log, who)
    pairs = [[await mind.answer(view, question) for question in pair] for pair in _TWICE]
    apart = [
        Quote("interview", f"{asked[0]} “{one}” · {asked[1]} “{two}”")
        for asked, (one, two) in zip(_TWICE, pairs, strict=True)
        if _common(one, two) < _SAME
    ]
    same = Mark(
        "says the same twice", 1 - len(apart) / len(_TWICE), f"{len(_TWICE) - len(apart)} of {len(_TWICE)} questions",
        tuple(apart), "say in the summary what the answers leave open" if apart else "",
    )  # fmt: skip
    last = [event for event in played.acts(who) if isinstance(event.body, Acted)][-1:]
    if not last:
        return (same,)
    question = f"Why did you do this: {played.quote(last[0]).text}?"
    why = await mind.answer(view, question)
    known = {
        word
        for text in (*_wants(played, who), *(seen.text for seen in view.past[-_BEFORE:]))
        for word in stems(text)
    }
    grounded = bool(known & set(stems(why)) - set(stems(question)))
    told = "gave a reason that is a want, or what came before" if grounded else "gave no reason of its own"
    return (same, Mark("can say why", float(grounded), told, (Quote("interview", f"{question} “{why}”"),)))


def _wants(played: Played, who: str) -> tuple[str, ...]:
    """Give what the character wants, in words."""
    return tuple(goal.text for goal in core_of(played.log.state.cast[who].core).goals)


def _common(one: str, other: str) -> float:
    a, b = set(stems(one)), set(stems(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
