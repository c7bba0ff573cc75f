"""Life between wants: deeds, looking at things, tidying up, wandering, finding company."""

from collections.abc import Iterator

from characters.improv.books import DAMNING, TELLING, might_open
from characters.improv.deeds import deed_ideas
from characters.improv.ideas import Idea, Utterance, appetite, leaning, speech_share
from characters.improv.me import Me
from characters.improv.routes import toward
from characters.improv.upkeep import to_work
from worlds.actions import Do, Go, Handle, Touch, Wait
from worlds.view import Sight

__all__ = ["idle", "may_part"]

_SETTLED = 4
"""Own turns somebody stays before moving on without a reason."""


def idle(me: Me) -> Iterator[Idea]:
    """Give what this character might do with its hands and feet."""
    calm = 0.05 - speech_share(me)
    yield from deed_ideas(me, calm)
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


# ── hands ──────────────────────────────────────────────────────────────────────────────────────────


def _touch(me: Me, act: Touch, calm: float) -> Iterator[Idea]:
    sight = me.sight(act.target)
    if act.verb == "examine":
        yield from _examine(me, act, sight, calm)
    elif act.verb in ("attack", "restrain"):
        worth = me.feels("anger") - 0.55 + 0.6 * leaning(me, act.verb, act.target)
        yield Idea(worth, act, "anger", act.target)
    elif sight is not None:
        yield from _at_hand(me, act, sight, calm)


def _at_hand(me: Me, act: Touch, sight: Sight, calm: float) -> Iterator[Idea]:
    """Open, shut, pick up or put down what is there."""
    if act.verb == "open" and sight.facts.get("locked") is not True and not sight.door:
        yield Idea(0.32 + calm + 0.6 * leaning(me, "open"), act, "look_in", act.target)
    elif act.verb == "close" and sight.container:
        yield Idea(0.08 + calm + 0.2 * me.trait("conscientiousness"), act, "tidy", act.target)
    elif act.verb == "take":
        dear = any(act.target in want.args for want in me.wants)
        telling = {TELLING: 0.25, DAMNING: 0.45}.get(str(me.slots.get(f"seen.{act.target}")), 0.0)
        worth = 0.1 + calm + 0.4 * dear + telling + 0.5 * leaning(me, "take")
        yield Idea(worth, act, "evidence" if telling else "pick_up", act.target)
    elif act.verb == "drop" and not _wanted(me, act.target):
        held = sum(other.at == me.view.who for other in me.view.sights)
        yield Idea(-0.2 + calm + 0.12 * held, act, "put_down", act.target)


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
            yield Idea(
                0.22 + calm + light + 0.5 * leaning(me, "use"),
                act,
                "light" if lit is False else "use",
                act.thing,
            )
        case "show" if act.to:
            what = {TELLING: 0.35, DAMNING: -1.0, "True": -0.4}.get(
                str(me.slots.get(f"seen.{act.thing}")), -0.3
            )
            sly = -0.4 if _wanted(me, act.thing) else 0.0
            yield Idea(0.1 + calm + what + sly + 0.5 * leaning(me, "show", act.to), act, "show", act.to)
        case "give" if may_part(me, act.thing):
            yield Idea(-0.25 + calm + 0.7 * leaning(me, "give", act.to), act, "gift", act.to)
        case "put" if may_part(me, act.thing):
            yield Idea(0.1 + calm + 0.6 * leaning(me, "put"), act, "tidy", act.thing)


def may_part(me: Me, thing: str) -> bool:
    """Whether a thing can be given away or laid aside: what was picked up lately and is neither wanted nor telling."""
    if (
        _wanted(me, thing)
        or might_open(thing, me.name(thing))
        or me.slots.get(f"seen.{thing}") in (TELLING, DAMNING)
    ):
        return False
    took = (percept.action for percept in me.acts)
    return any(isinstance(act, Touch) and act.verb == "take" and act.target == thing for act in took)


def _wanted(me: Me, thing: str) -> bool:
    return any(thing in want.args for want in me.wants)


# ── feet ───────────────────────────────────────────────────────────────────────────────────────────


def _wander(me: Me) -> Iterator[Idea]:
    """Look for company when alone, for a change after a while; take leave of who stays."""
    stayed = _stayed(me)
    if not me.view.fellows:
        crowd = toward(me, lambda place: _company(me, place) > 0) or toward(
            me, lambda place: not me.seen(place)
        )
        lonely = 0.5 + max(0.0, appetite(me)) + 0.12 * stayed + 0.25 * me.trait("extraversion")
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
    return sum(
        1
        for (who, at), belief in me.facts.items()
        if at == "at" and belief.value == place and who in me.view.names
    )


def _stayed(me: Me) -> int:
    """Count the own turns since the last arrival, within memory."""
    count = 0
    for percept in reversed(me.acts):
        if isinstance(percept.action, Go):
            break
        count += 1
    return count
