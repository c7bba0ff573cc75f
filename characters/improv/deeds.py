"""Deeds a world offers by name: which of them somebody has a mind to, and with whom."""

import re
from collections import Counter
from collections.abc import Iterator

from characters.improv.hearing import words
from characters.improv.ideas import Idea, deed_idea
from characters.improv.me import Me
from characters.improv.upkeep import upkeep
from worlds.actions import Became, Do, Effect, Passed
from worlds.conditions import compare, parse
from worlds.spec import Deed

__all__ = ["deed_ideas"]

_HARSH = re.compile(r"\b(quarrel|fight|shout|insult|curse|blame|mock|shove|strike|slap|accuse|row|it out)")


def deed_ideas(me: Me, calm: float) -> Iterator[Idea]:
    """Give the ideas of doing each deed, or of doing it with each who is here."""
    percepts = (*me.view.past, *me.view.news) if me.view.deeds else ()
    others = Counter(p.action.deed for p in percepts if isinstance(p.action, Do) and p.by != me.view.who)
    for deed in me.view.deeds:
        if not _offends(me, deed.text):
            # One does not do straight after others what they were seen at.
            yield from _each(me, deed, 0.36 - 0.2 * others[deed.id] + calm)


def _each(me: Me, deed: Deed, worth: float) -> Iterator[Idea]:
    worth += 0.25 * (me.trait(deed.trait) if deed.trait else 0.0)
    touched = _touched(deed)
    worth += 0.25 * any(want.args[0].partition(".")[0] in touched for want in me.wants)
    worth += upkeep(me, deed)
    if deed.claim is not None and me.believes(deed.claim.subject, deed.claim.attribute) is None:
        worth += 0.1 + 0.15 * me.trait("curious")
    if not deed.to:
        yield deed_idea(deed, worth, "deed")
        return
    for fellow in me.view.fellows:
        if _fits(me, deed, fellow.id):
            warmth = -0.5 * me.liking(fellow.id) if _hostile(deed) else 0.3 * me.liking(fellow.id)
            malice = 0.35 * (me.trait("honest") + me.trait("agreeableness")) if _hostile(deed) else 0.0
            yield deed_idea(deed, worth + warmth - malice, "deed_with", fellow.id)


def _offends(me: Me, text: str) -> bool:
    """Whether a deed comes too near to a taboo."""
    return any(len(words(taboo) & words(text)) >= 2 for taboo in me.core.taboos)


def _touched(deed: Deed) -> set[str]:
    things = {getattr(effect, "subject", "") or getattr(effect, "thing", "") for effect in deed.effects}
    return things | ({deed.claim.subject} if deed.claim else set())


def _hostile(deed: Deed) -> bool:
    """Whether a deed takes from its target, hurts it, or sounds like a quarrel."""
    return bool(_HARSH.search(deed.text)) or any(_harms(effect) for effect in deed.effects)


def _harms(effect: Effect) -> bool:
    if isinstance(effect, Became):
        return effect.subject == "target" and effect.attribute in ("hurt", "restrained")
    return isinstance(effect, Passed) and effect.to == "actor"


def _fits(me: Me, deed: Deed, who: str) -> bool:
    """Whether the conditions on the target hold as far as can be seen; what cannot be seen is not tried."""
    return all(_holds(me, text, who) for text in deed.when if "target" in text)


def _holds(me: Me, text: str, who: str) -> bool:
    fellow = me.fellow(who)
    condition = parse(text)
    subject, _, attribute = condition.left.partition(".")
    if fellow is None:
        return False
    if condition.right == "target":
        return attribute == "holder" and subject in fellow.holds
    if subject != "target":
        return False
    usual = {"hurt": 0, "alive": True, "restrained": False}.get(attribute, "")
    return compare(condition, fellow.facts.get(attribute, usual))
