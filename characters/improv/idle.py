"""Life between wants: deeds, looking at things, tidying up, wandering, finding company."""

import re
from collections.abc import Iterator

from characters.improv.books import DAMNING, TELLING, might_open
from characters.improv.hearing import words
from characters.improv.ideas import Idea, Utterance, appetite, deed_idea, leaning, speech_share
from characters.improv.me import Me
from characters.improv.routes import toward
from characters.improv.upkeep import to_work, upkeep
from worlds.actions import Became, Do, Go, Handle, Touch, Wait
from worlds.conditions import compare, parse
from worlds.spec import Deed
from worlds.view import Sight

__all__ = ["idle"]

_HARSH = re.compile(r"\b(quarrel|fight|shout|insult|curse|blame|mock|shove|strike|slap|accuse|row|it out)")

_SETTLED = 4
"""Own turns somebody stays before moving on without a reason."""


def idle(me: Me) -> Iterator[Idea]:
    """Give what this character might do with its hands and feet."""
    calm = 0.05 - speech_share(me)
    for deed in me.view.deeds:
        yield from _deed(me, deed, calm)
    for act in me.view.options:
        if isinstance(act, Touch):
            yield from _touch(me, act, calm)
        elif isinstance(act, Handle):
            yield from _handle(me, act, calm)
        elif isinstance(act, Do):
            yield Idea(1.5, act, "struggle")
        elif isinstance(act, Wait):
            yield Idea(-0.6, act, "wait")
    yield from to_work(me)
    yield from _wander(me)


def _deed(me: Me, deed: Deed, calm: float) -> Iterator[Idea]:
    if _offends(me, deed.text):
        return
    worth = 0.27 - 0.2 * _done_by_others(me, deed) + calm + 0.25 * (me.trait(deed.trait) if deed.trait else 0.0)
    worth += 0.25 * any(want.args[0].partition(".")[0] in _touched(deed) for want in me.wants)
    worth += upkeep(me, deed)
    if deed.claim is not None and me.believes(deed.claim.subject, deed.claim.attribute) is None:
        worth += 0.1 + 0.15 * me.trait("curious")
    if not deed.to:
        yield deed_idea(me, deed, worth, "deed")
        return
    for fellow in me.view.fellows:
        if _fits(me, deed, fellow.id):
            warmth = -0.5 * me.liking(fellow.id) if _hostile(deed) else 0.3 * me.liking(fellow.id)
            malice = 0.35 * (me.trait("honest") + me.trait("agreeableness")) if _hostile(deed) else 0.0
            yield deed_idea(me, deed, worth + warmth - malice, "deed_with", fellow.id)


def _done_by_others(me: Me, deed: Deed) -> int:
    """Count how often others were seen at it lately: one does not do it straight after them."""
    percepts = (*me.view.past, *me.view.news)
    return sum(isinstance(p.action, Do) and p.action.deed == deed.id and p.by != me.view.who for p in percepts)


def _offends(me: Me, text: str) -> bool:
    """Whether a deed comes too near to a taboo."""
    return any(len(words(taboo) & words(text)) >= 2 for taboo in me.core.taboos)


def _touched(deed: Deed) -> set[str]:
    things = {getattr(effect, "subject", "") or getattr(effect, "thing", "") for effect in deed.effects}
    return things | ({deed.claim.subject} if deed.claim else set())


def _hostile(deed: Deed) -> bool:
    """Whether a deed takes from its target, hurts it, or sounds like a quarrel."""
    return bool(_HARSH.search(deed.text)) or any(
        (effect.effect == "passed" and effect.to == "actor")
        or (isinstance(effect, Became) and effect.subject == "target" and effect.attribute in ("hurt", "restrained"))
        for effect in deed.effects
    )


def _fits(me: Me, deed: Deed, who: str) -> bool:
    """Whether the conditions on the target hold as far as can be seen; what cannot be seen is not tried."""
    fellow = me.fellow(who)
    for text in deed.when:
        condition = parse(text)
        subject, _, attribute = condition.left.partition(".")
        if "target" not in text or fellow is None:
            continue
        if condition.right == "target" and attribute == "holder":
            if subject not in fellow.holds:
                return False
        elif subject == "target":
            usual = {"hurt": 0, "alive": True, "restrained": False}.get(attribute, "")
            if not compare(condition, fellow.facts.get(attribute, usual)):
                return False
        else:
            return False
    return True


# ── hands ──────────────────────────────────────────────────────────────────────────────────────────


def _touch(me: Me, act: Touch, calm: float) -> Iterator[Idea]:
    sight = me.sight(act.target)
    match act.verb:
        case "examine":
            yield from _examine(me, act, sight, calm)
        case "open" if sight is not None and sight.facts.get("locked") is not True:
            if not sight.door:
                yield Idea(0.32 + calm + 0.6 * leaning(me, "open"), act, "look_in", act.target)
        case "close" if sight is not None and sight.container:
            yield Idea(0.08 + calm + 0.2 * me.trait("conscientiousness"), act, "tidy", act.target)
        case "take" if sight is not None:
            dear = any(act.target in want.args for want in me.wants)
            telling = {TELLING: 0.25, DAMNING: 0.45}.get(str(me.slots.get(f"seen.{act.target}")), 0.0)
            worth = 0.1 + calm + 0.4 * dear + telling + 0.5 * leaning(me, "take")
            yield Idea(worth, act, "evidence" if telling else "pick_up", act.target)
        case "drop":
            held = sum(s.at == me.view.who for s in me.view.sights)
            if not _wanted(me, act.target):
                yield Idea(-0.2 + calm + 0.12 * held, act, "put_down", act.target)
        case "attack" | "restrain":
            if not _wanted(me, act.target):
                anger = me.feels("anger") - 0.35
                yield Idea(-0.2 + anger + 0.6 * leaning(me, act.verb, act.target), act, "anger", act.target)


def _examine(me: Me, act: Touch, sight: Sight | None, calm: float) -> Iterator[Idea]:
    if me.seen(act.target) and act.target != me.view.place:
        return
    if sight is not None:
        near = 0.2 * any(act.target in want.args[0].split(".") for want in me.wants)
        yield Idea(0.27 + calm + near + 0.5 * leaning(me, "examine"), act, "look", act.target)
    elif act.target == me.view.place:
        looked = any(isinstance(p.action, Touch) and p.action.target == act.target for p in me.acts)
        yield Idea(0.22 + calm + 0.5 * leaning(me, "examine") - 0.5 * looked, act, "look_round", act.target)
    else:
        wary = -0.3 * me.trust(act.target) - 0.3 * me.liking(act.target)
        yield Idea(0.1 + calm + wary + 0.3 * leaning(me, "examine"), act, "size_up", act.target)


def _handle(me: Me, act: Handle, calm: float) -> Iterator[Idea]:
    match act.verb:
        case "use":
            sight = me.sight(act.thing)
            lit = sight.facts.get("lit") if sight else None
            # A lamp is lit when it is to be carried somewhere, and hardly ever put out.
            light = 0.15 if lit is False and me.holds(act.thing) else -0.3 if lit is True else 0.0
            yield Idea(0.22 + calm + light + 0.5 * leaning(me, "use"), act, "light" if lit is False else "use", act.thing)
        case "show" if act.to:
            what = {TELLING: 0.35, DAMNING: -1.0, "True": -0.15}.get(str(me.slots.get(f"seen.{act.thing}")), -0.3)
            sly = -0.4 if _wanted(me, act.thing) else 0.0
            yield Idea(0.1 + calm + what + sly + 0.5 * leaning(me, "show", act.to), act, "show", act.to)
        case "give" if may_part(me, act.thing):
            yield Idea(-0.25 + calm + 0.7 * leaning(me, "give", act.to), act, "gift", act.to)
        case "put" if may_part(me, act.thing):
            yield Idea(0.1 + calm + 0.6 * leaning(me, "put"), act, "tidy", act.thing)


def may_part(me: Me, thing: str) -> bool:
    """Whether a thing can be given away or laid aside: not what is wanted, opens things, was a gift or is telling."""
    if _wanted(me, thing) or might_open(thing, me.name(thing)) or me.slots.get(f"seen.{thing}") in (TELLING, DAMNING):
        return False
    percepts = (*me.view.past, *me.view.news)
    return not any(isinstance(p.action, Handle) and p.action.verb == "give" and p.action.thing == thing for p in percepts)


def _wanted(me: Me, thing: str) -> bool:
    return any(thing in want.args for want in me.wants)


# ── feet ───────────────────────────────────────────────────────────────────────────────────────────


def _wander(me: Me) -> Iterator[Idea]:
    """Look for company when alone, for a change after a while; take leave of who stays."""
    stayed = _stayed(me)
    if not me.view.fellows:
        crowd = toward(me, lambda place: _company(me, place) > 0) or toward(me, lambda place: not me.seen(place))
        lonely = 0.38 + max(0.0, appetite(me)) + 0.12 * stayed + 0.25 * me.trait("extraversion")
        for act in (crowd, None if crowd else _fresh_way(me)):
            if act:
                yield Idea(lonely, act, "company_seek", "")
        return
    if stayed >= _SETTLED:
        act = _fresh_way(me)
        if act:
            crowded = 0.08 * max(0, len(me.view.fellows) - 2)
            worth = 0.15 + 0.05 * stayed + 0.3 * leaning(me, "go") + crowded - 0.1 * me.trait("extraversion")
            yield Idea(worth, act, "stretch", act.to)
            fond = max(me.view.fellows, key=lambda fellow: (me.liking(fellow.id), fellow.id)).id
            bye = Utterance("take_leave", (fond,), act.to)
            yield Idea(worth + 0.05 + 0.4 * leaning(me, "take_leave"), bye, "leave", act.to)


def _fresh_way(me: Me) -> Go | None:
    """Give the way to a neighbouring place that has not been seen, or not been left lately."""
    left = [p.action.to for p in me.acts if isinstance(p.action, Go)][-2:]
    ways = [act for act in me.view.options if isinstance(act, Go) and act.to not in left]
    ranked = sorted(ways, key=lambda act: (me.seen(act.to), -_company(me, act.to), act.to))
    if ranked and me.seen(ranked[0].to):
        ranked = ranked[me.view.own_turn % len(ranked) :]
    return ranked[0] if ranked else None


def _company(me: Me, place: str) -> int:
    return sum(1 for (who, at), belief in me.facts.items() if at == "at" and belief.value == place and who in me.view.names)


def _stayed(me: Me) -> int:
    """Count the own turns since the last arrival, within memory."""
    count = 0
    for percept in reversed(me.acts):
        if isinstance(percept.action, Go):
            break
        count += 1
    return count
