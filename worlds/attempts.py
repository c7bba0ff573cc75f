"""One function a verb: what comes of the attempt in this state."""

from collections.abc import Callable, Mapping
from random import Random

from worlds.actions import Became, Effect, Go, Handle, Moved, Passed, Profile, Say
from worlds.deeds import Ruling, fill, name, put_in, trait
from worlds.prose import capital, said_to_be, there_is
from worlds.reach import exits, passable, reachable
from worlds.spec import Use
from worlds.state import State, hold

__all__ = ["HANDLE", "TOUCH", "fitting", "say", "travel"]


def say(state: State, who: str, action: Say) -> Ruling:
    """Speech always comes off; it may go past somebody who is not there."""
    missing = [to for to in action.to if to not in state.here(state.where[who])]
    if missing and action.manner != "shout":
        return Ruling(ok=False, text=f"{name(state, missing[0])} is not there to hear it.")
    return Ruling(ok=True)


def travel(state: State, who: str, action: Go) -> Ruling:
    """Leave for a neighbouring place, if the way is known and open."""
    way = next((way for way in exits(state, state.where[who]) if way.to == action.to), None)
    if way is None:
        return Ruling(ok=False, text=f"There is no way to {name(state, action.to)} from here.")
    if not passable(state, way):
        return Ruling(ok=False, text=said_to_be(name(state, way.door), "shut"))
    return Ruling(ok=True, effects=(Moved(who=who, to=action.to),))


def _take(state: State, who: str, thing: str, draw: Random) -> Ruling:
    del draw
    holder = state.held.get(thing, "")
    helpless = holder in state.cast and (
        state.fact(holder, "restrained") is True or state.fact(holder, "alive") is not True
    )
    near = thing in reachable(state, who) or (helpless and state.where[holder] == state.where[who])
    if not near:
        return _not_here(state, thing)
    if holder == who:
        return Ruling(ok=False, text=f"{name(state, who)} has {name(state, thing)} already.")
    if not state.world.things[thing].portable:
        return Ruling(ok=False, text=f"{capital(name(state, thing))} will not be moved.")
    return Ruling(
        ok=True,
        text=f"{name(state, who)} takes {name(state, thing)}.",
        effects=(Passed(thing=thing, to=who),),
    )


def _drop(state: State, who: str, thing: str, draw: Random) -> Ruling:
    del draw
    if state.held.get(thing) != who:
        return _not_held(state, who, thing)
    return Ruling(ok=True, effects=(Passed(thing=thing, to=state.where[who]),))


def _turned(attribute: str, value: bool) -> Callable[[State, str, str, Random], Ruling]:  # noqa: FBT001 - a fact's value
    """Make the attempt to open or to close."""

    def attempt(state: State, who: str, thing: str, draw: Random) -> Ruling:
        del draw
        verb = "open" if value else "close"
        if thing not in reachable(state, who):
            return _not_here(state, thing)
        if state.facts[thing].get(attribute) is not (not value):
            return Ruling(
                ok=False, text=f"{capital(name(state, thing))} cannot be {verb}{'ed' if value else 'd'} now."
            )
        if state.fact(thing, "locked") is True:
            return Ruling(ok=False, text=said_to_be(name(state, thing), "locked"))
        text = f"{name(state, who)} {verb}s {name(state, thing)}."
        inside = [
            name(state, i)
            for i, at in state.held.items()
            if at == thing and state.facts[i].get("hidden") is not True
        ]
        if value and inside:
            text += f" Inside: {', '.join(inside)}."
        return Ruling(ok=True, text=text, effects=(Became(subject=thing, attribute="open", value=value),))

    return attempt


def _locked(value: bool) -> Callable[[State, str, str, Random], Ruling]:  # noqa: FBT001 - a fact's value
    """Make the attempt to lock or to unlock."""

    def attempt(state: State, who: str, thing: str, draw: Random) -> Ruling:
        del draw
        if thing not in reachable(state, who):
            return _not_here(state, thing)
        key = state.world.things[thing].key
        if not key or state.held.get(key) != who:
            return Ruling(ok=False, text=f"{name(state, who)} has no key to {name(state, thing)}.")
        if state.fact(thing, "locked") is value or (value and state.fact(thing, "open") is True):
            return Ruling(
                ok=False,
                text=f"{capital(name(state, thing))} cannot be {'locked' if value else 'unlocked'} now.",
            )
        text = f"{name(state, who)} {'locks' if value else 'unlocks'} {name(state, thing)}."
        return Ruling(ok=True, text=text, effects=(Became(subject=thing, attribute="locked", value=value),))

    return attempt


def _examine(state: State, who: str, target: str, draw: Random) -> Ruling:
    del draw
    if target in state.cast:
        if target not in state.here(state.where[who]):
            return _not_here(state, target)
        hurt = state.fact(target, "hurt")
        look = "hurt" if hurt else "unhurt"
        held = [
            name(state, t) for t, at in state.held.items() if at == target and not state.world.things[t].small
        ]
        return Ruling(
            ok=True,
            text=f"{name(state, target)} is {look}{' and carries ' + ', '.join(held) if held else ''}.",
        )
    if target != state.where[who] and target not in reachable(state, who):
        return _not_here(state, target)
    found = [t for t, at in state.held.items() if at == target and state.facts[t].get("hidden") is True]
    effects = tuple(Became(subject=thing, attribute="hidden", value=False) for thing in found)
    words = [f"{there_is(name(state, thing))} here, out of sight until now." for thing in found]
    if target in state.world.places:
        text = state.world.places[target].text if not words else ""
        return Ruling(ok=True, text=" ".join([text, *words]).strip(), effects=effects)
    thing = state.world.things[target]
    clues = [clue for clue in thing.clues if hold(state, clue.when, {"actor": who})]
    text = " ".join(
        [thing.text or f"{capital(thing.name)}, nothing more.", *(clue.text for clue in clues), *words]
    )
    return Ruling(ok=True, text=text, effects=effects, claims=tuple(c.claim for c in clues if c.claim))


def _attack(state: State, who: str, target: str, draw: Random) -> Ruling:
    if "attack" not in state.world.allows:
        return Ruling(ok=False, text=f"{name(state, who)} thinks better of it.")
    if target not in state.here(state.where[who]):
        return _not_here(state, target)
    edge = trait(state, who, "brave") - trait(state, target, "brave")
    if draw.random() > 0.5 + 0.3 * edge:
        return Ruling(ok=False, text=f"{name(state, target)} fends {name(state, who)} off.")
    blows = 1 + (hurt if isinstance(hurt := state.fact(target, "hurt"), int) else 0)
    effects: list[Effect] = [
        Became(subject=target, attribute="hurt", value=blows),
        Profile(who=target, slot="injury.body", value=f"struck by {name(state, who)}"),
    ]
    told = f"{name(state, who)} strikes {name(state, target)}."
    if blows >= 3:  # the third is the last
        effects.append(Became(subject=target, attribute="alive", value=False))
        told = f"{name(state, target)} goes down and does not get up."
    return Ruling(ok=True, text=told, effects=tuple(effects))


def _restrain(state: State, who: str, target: str, draw: Random) -> Ruling:
    if "restrain" not in state.world.allows:
        return Ruling(ok=False, text=f"{name(state, who)} thinks better of it.")
    if target not in state.here(state.where[who]):
        return _not_here(state, target)
    if state.fact(target, "restrained") is True:
        text, value = f"{name(state, who)} lets {name(state, target)} go.", False
    elif draw.random() > 0.5 + 0.3 * (trait(state, who, "brave") - trait(state, target, "brave")):
        return Ruling(ok=False, text=f"{name(state, target)} twists free of {name(state, who)}.")
    else:
        text, value = f"{name(state, who)} holds {name(state, target)} fast.", True
    return Ruling(ok=True, text=text, effects=(Became(subject=target, attribute="restrained", value=value),))


def _give(state: State, who: str, action: Handle) -> Ruling:
    return _handed(state, who, action, near=state.here(state.where[who]))


def _put(state: State, who: str, action: Handle) -> Ruling:
    return _handed(state, who, action, near=reachable(state, who))


def _handed(state: State, who: str, action: Handle, *, near: tuple[str, ...]) -> Ruling:
    """Let a thing in hand pass to somebody or something near."""
    if state.held.get(action.thing) != who:
        return _not_held(state, who, action.thing)
    if action.to not in near:
        return _not_here(state, action.to)
    return Ruling(ok=True, effects=(Passed(thing=action.thing, to=action.to),))


def _show(state: State, who: str, action: Handle) -> Ruling:
    if state.held.get(action.thing) != who:
        return _not_held(state, who, action.thing)
    if action.to and action.to not in state.here(state.where[who]):
        return _not_here(state, action.to)
    thing = state.world.things[action.thing]
    clues = [clue for clue in thing.clues if hold(state, clue.when, {"actor": who})]
    shown = f"{name(state, who)} shows {thing.name} to {name(state, action.to)}."
    text = " ".join([shown, *(clue.text for clue in clues)])
    return Ruling(ok=True, text=text, claims=tuple(clue.claim for clue in clues if clue.claim))


def _use(state: State, who: str, action: Handle) -> Ruling:
    near = reachable(state, who)
    missing = next((i for i in (action.thing, action.to) if i and i not in near and i not in state.cast), "")
    if missing:
        return _not_here(state, missing)
    use = fitting(state, who, action)
    if use is None:
        return Ruling(ok=False, text="Nothing comes of it.")
    stand_in = {"actor": who, "target": action.to}
    return Ruling(
        ok=True,
        text=fill(use.text, state, who, action.to),
        effects=tuple(put_in(e, stand_in) for e in use.effects),
    )


def fitting(state: State, who: str, action: Handle) -> Use | None:
    """Give the first use of the thing that fits what it is used on and holds now."""
    stand_in = {"actor": who, "target": action.to}
    uses = state.world.things[action.thing].uses if action.thing in state.world.things else ()
    return next((use for use in uses if use.on == action.to and hold(state, use.when, stand_in)), None)


TOUCH: Mapping[str, Callable[[State, str, str, Random], Ruling]] = {
    "take": _take,
    "drop": _drop,
    "open": _turned("open", value=True),
    "close": _turned("open", value=False),
    "lock": _locked(value=True),
    "unlock": _locked(value=False),
    "examine": _examine,
    "attack": _attack,
    "restrain": _restrain,
}

HANDLE: Mapping[str, Callable[[State, str, Handle], Ruling]] = {
    "give": _give,
    "put": _put,
    "show": _show,
    "use": _use,
}


def _not_here(state: State, id_: str) -> Ruling:
    return Ruling(ok=False, text=said_to_be(name(state, id_), "not within reach"))


def _not_held(state: State, who: str, thing: str) -> Ruling:
    return Ruling(ok=False, text=f"{name(state, who)} does not have {name(state, thing)}.")
