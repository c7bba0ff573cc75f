"""Effects one by one: that each names what is there and gives it what it can have."""

from collections.abc import Iterator

from worlds.actions import Became, Created, Destroyed, Effect, Moved, Passed, Profile
from worlds.checks.conditions import kind
from worlds.checks.ground import DERIVED, Finding, Ground, Placed, dangling
from worlds.checks.slots import bad_level, bad_slot, bad_want

__all__ = ["find"]


def find(ground: Ground) -> Iterator[Finding]:
    """Find effects the state would never allow."""
    for placed in ground.effects:
        yield from _effect(ground, placed)


def _effect(ground: Ground, placed: Placed) -> Iterator[Finding]:
    effect = placed.effect
    for field, (known, what) in _mentioned(ground, effect).items():
        id_ = str(getattr(effect, field))
        yield from dangling((*placed.path, field), id_, known | placed.words, what)
    if isinstance(effect, Became):
        yield from _became(ground, placed, effect)
    elif isinstance(effect, Profile):
        yield from bad_slot(ground, (*placed.path, "slot"), effect.slot)
        if effect.slot.startswith("goal."):
            yield from bad_want(ground, (*placed.path, "value"), str(effect.value))
        yield from bad_level((*placed.path, "value"), effect.slot, effect.value)
    else:
        yield from _put(ground, placed, effect)


def _mentioned(ground: Ground, effect: Effect) -> dict[str, tuple[frozenset[str], str]]:
    """Say what each field of an effect must name."""
    places, things = frozenset(ground.world.places), frozenset(ground.world.things)
    thing, anywhere = (things, "thing"), (ground.ids, "place, thing or character")
    match effect:
        case Moved():
            return {"who": (ground.people, "character"), "to": (places, "place")}
        case Passed():
            return {"thing": thing, "to": anywhere}
        case Created():
            return {"thing": thing, "at": anywhere}
        case Destroyed():
            return {"thing": thing}
        case Became():
            return {"subject": (ground.subjects, "place, thing, character or subject of a fact")}
        case Profile():
            return {"who": (ground.people, "character")}


def _became(ground: Ground, placed: Placed, effect: Became) -> Iterator[Finding]:
    now = ground.kind_of(effect.subject, effect.attribute)
    name, value = f"{effect.subject}.{effect.attribute}", effect.value
    path = (*placed.path, "value")
    if effect.attribute in DERIVED:
        mend = "use `passed` for a thing or `moved` for a character"
        yield Finding("error", (*placed.path, "attribute"), f"`{effect.attribute}` is no fact", mend)
    elif effect.add and (kind(value) != "a number" or (now is not None and kind(now) != "a number")):
        yield Finding(
            "error", path, f"`add` needs two numbers, and `{name}` is {now!r}", "remove `add: true`"
        )
    elif effect.add and now is None and effect.subject in ground.subjects:
        yield Finding("error", path, f"`{name}` has no number to add to", f"state it in `facts`: `{name}: 0`")
    elif now is not None and now != "" and kind(value) != kind(now):
        what = f"`{name}` is {kind(now)} ({now!r}) and cannot become {value!r}"
        yield Finding("error", path, what, f"write {kind(now)}")


def _put(ground: Ground, placed: Placed, effect: Moved | Passed | Created | Destroyed) -> Iterator[Finding]:
    """Find things put where they cannot be."""
    if isinstance(effect, Moved | Destroyed):
        return
    field, to = ("to", effect.to) if isinstance(effect, Passed) else ("at", effect.at)
    things = ground.world.things
    if to in things and things[to].capacity == 0:
        yield Finding("error", (*placed.path, field), f"`{to}` is no container", f"give `{to}` a `capacity`")
    fixed = effect.thing in things and not things[effect.thing].portable
    if isinstance(effect, Passed) and fixed and to not in ground.world.places:
        mend = f"name a place, or remove `portable: false` of `{effect.thing}`"
        yield Finding("error", (*placed.path, field), f"`{effect.thing}` cannot be carried", mend)
    if isinstance(effect, Created) and effect.thing in ground.starts:
        mend = f"remove `at` of `{effect.thing}`, or use `passed`"
        what = f"`{effect.thing}` is there from the start and cannot be created unless destroyed first"
        yield Finding("warning", (*placed.path, "thing"), what, mend)
