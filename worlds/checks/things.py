"""Things: what is in what, whether it fits, and whether what is locked can be opened."""

from collections import Counter
from collections.abc import Iterator

from worlds.actions import Became, Created, Passed
from worlds.checks.ground import Finding, Ground

__all__ = ["find"]


def find(ground: Ground) -> Iterator[Finding]:
    """Find things inside themselves, in what holds nothing or is full, in two places, or locked for good."""
    yield from _placed(ground)
    yield from _full(ground)
    yield from _nested(ground)
    yield from _locks(ground)


def _placed(ground: Ground) -> Iterator[Finding]:
    things = ground.world.things
    holders: dict[str, str] = {}
    for who, entrance in ground.world.cast.items():
        for i, held in enumerate(entrance.holds):
            # `at` is where a thing is if its holder is not played, so it may name a place besides.
            at = things[held].at if held in things and things[held].at in ground.people else who
            other = next((holder for holder in (holders.setdefault(held, who), at) if holder != who), "")
            if other:
                path = ("cast", who, "holds", i)
                yield Finding(
                    "error", path, f"`{held}` is with `{other}` already", "give it to one of the two"
                )
    created = {placed.effect.thing for placed in ground.effects if isinstance(placed.effect, Created)}
    # A thing that is nowhere may be there for its name alone: something people talk about.
    spoken_of = {name.partition(".")[0] for name in ground.world.facts}
    spoken_of |= {claim.subject for _, claim, _ in ground.claims}
    for id_, thing in things.items():
        if thing.at in things and things[thing.at].capacity == 0:
            what = f"`{thing.at}` is no container"
            yield Finding("error", ("things", id_, "at"), what, f"give `{thing.at}` a `capacity`")
        if id_ not in ground.starts and id_ not in created and id_ not in spoken_of:
            mend = "set `at`, let somebody hold it, or create it by an effect"
            yield Finding("warning", ("things", id_, "at"), f"`{id_}` never comes into being", mend)


def _full(ground: Ground) -> Iterator[Finding]:
    things, load = ground.world.things, Counter(ground.starts.values())
    for id_, count in load.items():
        if id_ in things and 0 < things[id_].capacity < count:
            what = f"`{id_}` holds {count} things and takes {things[id_].capacity}"
            mend = "raise its `capacity`, or put some elsewhere"
            yield Finding("error", ("things", id_, "capacity"), what, mend)
        if id_ in ground.world.cast and count > ground.world.carry:
            what = f"`{id_}` holds {count} things, and nobody can carry more than {ground.world.carry}"
            yield Finding("error", ("cast", id_), what, "raise `carry` of the world, or put some elsewhere")


def _nested(ground: Ground) -> Iterator[Finding]:
    reported: set[str] = set()
    for id_ in ground.world.things:
        chain = [id_]
        while (outer := ground.starts.get(chain[-1], "")) in ground.world.things and outer not in chain:
            chain.append(outer)
        if outer == id_ and not reported.intersection(chain):
            reported.update(chain)
            what = f"`{'` is in `'.join([*chain, id_])}`"
            yield Finding("error", ("things", id_, "at"), what, "put one of them in a place")


# ── locks ──────────────────────────────────────────────────────────────────────────────────────────


def _locks(ground: Ground) -> Iterator[Finding]:
    things = ground.world.things
    shut = _shut_for_good(ground)
    for id_, thing in things.items():
        path = ("things", id_, "key")
        if thing.key in things and not things[thing.key].portable:
            mend = f"remove `portable: false` of `{thing.key}`"
            yield Finding("error", path, f"the key `{thing.key}` cannot be picked up", mend)
        elif id_ in shut and not thing.key:
            mend = "give it a `key`, or an effect that makes `locked` false"
            yield Finding("warning", ("things", id_), f"`{id_}` is locked, and nothing unlocks it", mend)
        elif id_ in shut:
            what = f"nobody can get at `{thing.key}`, the key of `{id_}`, while it is locked"
            yield Finding("error", path, what, f"put `{thing.key}` where somebody can get at it")


def _shut_for_good(ground: Ground) -> frozenset[str]:
    """Give the locked things nobody can ever unlock: opens one after another all that can be opened."""
    shut = {id_ for id_, thing in ground.world.things.items() if thing.facts.get("locked") is True}
    for placed in ground.effects:
        effect = placed.effect
        if isinstance(effect, Became) and effect.attribute == "locked" and effect.value is False:
            shut.discard(effect.subject)
    brought = {p.effect.thing for p in ground.effects if isinstance(p.effect, Created | Passed)}
    while True:
        walked = _walked(ground, shut)
        things = ground.world.things
        opened = {i for i in shut if (key := things[i].key) in brought or _at_hand(ground, key, walked, shut)}
        if not opened:
            return frozenset(shut)
        shut -= opened


def _walked(ground: Ground, shut: set[str]) -> frozenset[str]:
    """Give the places one can walk to while these things stay locked."""
    found = [entrance.at for entrance in ground.world.cast.values()]
    for place in found:  # grows while it is walked
        ways = ground.world.places[place].exits if place in ground.world.places else ()
        found += [way.to for way in ways if way.door not in shut and way.to not in found]
    return frozenset(found)


def _at_hand(ground: Ground, thing: str, walked: frozenset[str], shut: set[str]) -> bool:
    """Whether somebody can lay hands on a thing while these stay locked."""
    at = ground.starts.get(thing, "")
    for _ in ground.world.things:
        if at in walked or at in ground.people:
            return True
        if at in shut:
            return False
        at = ground.starts.get(at, "")
    return False
