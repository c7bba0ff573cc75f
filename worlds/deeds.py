"""Rulings, and the deeds a world offers by name."""

from collections.abc import Mapping
from random import Random
from typing import NamedTuple

from worlds.actions import Became, Claim, Do, Effect
from worlds.state import State, hold

__all__ = ["Ruling", "fill", "name", "put_in", "resolve_deed", "trait"]


class Ruling(NamedTuple):
    """What came of an attempt."""

    ok: bool
    text: str = ""
    effects: tuple[Effect, ...] = ()
    claims: tuple[Claim, ...] = ()


def resolve_deed(state: State, who: str, action: Do, draw: Random) -> Ruling:
    """Rule on a deed the world offers by name; `struggle`, to get free when held, is offered everywhere."""
    if action.deed == "struggle":
        return _struggle(state, who, draw)
    deed = next((deed for deed in state.world.deeds if deed.id == action.deed), None)
    if deed is None:
        return Ruling(ok=False, text=f"Nothing comes of what {name(state, who)} tries.")
    stand_in = {"actor": who, "target": action.to}
    here = not deed.at or deed.at == state.where[who]
    near = not deed.to or action.to in state.here(state.where[who])
    if not here or not near or not hold(state, deed.when, stand_in):
        return Ruling(ok=False, text=f"{name(state, who)} cannot do that here and now.")
    ok = draw.random() < min(0.97, deed.chance + 0.4 * (trait(state, who, deed.trait) - 0.5))
    text = fill(deed.ok if ok else deed.fails, state, who, action.to)
    if not ok:
        return Ruling(ok=False, text=text or "It does not come off.")
    effects = tuple(put_in(effect, stand_in) for effect in deed.effects)
    return Ruling(ok=True, text=text, effects=effects, claims=(deed.claim,) if deed.claim else ())


def trait(state: State, who: str, word: str) -> float:
    """Give the strength of a trait or Big Five factor, 0.5 if the core says nothing of it."""
    core = state.cast[who].core
    for part in ("traits", "big_five"):
        known = core.get(part)
        value = known.get(word) if isinstance(known, dict) else None
        if isinstance(value, int | float):
            return float(value)
    return 0.5


def put_in(effect: Effect, stand_in: Mapping[str, str]) -> Effect:
    """Give an author's effect with the real characters for `actor` and `target`."""
    given = {
        field: stand_in[value]
        for field in ("who", "to", "subject", "at", "value")
        if isinstance(value := getattr(effect, field, None), str) and value in stand_in
    }
    return effect.model_copy(update=given) if given else effect


def fill(text: str, state: State, who: str, to: str) -> str:
    """Put names into an author's sentence."""
    return text.replace("{who}", name(state, who)).replace("{to}", name(state, to) if to else "")


def name(state: State, id_: str) -> str:
    """Give what a character, thing or place is called."""
    known = state.cast.get(id_) or state.world.things.get(id_) or state.world.places.get(id_)
    return known.name if known else id_.replace("_", " ")


def _struggle(state: State, who: str, draw: Random) -> Ruling:
    if draw.random() < 0.25 + 0.3 * trait(state, who, "brave"):
        free = Became(subject=who, attribute="restrained", value=False)
        return Ruling(ok=True, text=f"{name(state, who)} breaks free.", effects=(free,))
    return Ruling(ok=False, text=f"{name(state, who)} strains, and is held.")
