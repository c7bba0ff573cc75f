"""Troubles the world makes, and the deeds that mend them: snow on a roof, air running out, a fire going down."""

from collections.abc import Iterator

from characters.improv.ideas import Idea, leaning
from characters.improv.ledger import Ledger
from characters.improv.me import Me
from characters.improv.routes import way_to
from worlds.actions import Became
from worlds.spec import Deed

__all__ = ["remedies", "to_work", "upkeep"]

_URGE = 0.3
"""How much a trouble adds to the worth of mending it, each time it was seen to grow."""

_MOST = 0.75


def _troubles(me: Me) -> dict[tuple[str, str], float]:
    """Give what happenings have changed lately by steps, with the sign and sum of the steps."""
    found: dict[tuple[str, str], float] = {}
    for percept in (*me.view.past, *me.view.news):
        if percept.kind in ("happened", "intervened", "resolved"):
            for effect in percept.effects:
                if isinstance(effect, Became) and effect.add and isinstance(effect.value, int | float):
                    key = (effect.subject, effect.attribute)
                    found[key] = found.get(key, 0.0) + effect.value
    return found


def upkeep(me: Me, deed: Deed) -> float:
    """Say how much more a deed is worth because it goes against a trouble."""
    return max((_against(me, effect) for effect in deed.effects if isinstance(effect, Became)), default=0.0)


def _against(me: Me, effect: Became) -> float:
    grown = _troubles(me).get((effect.subject, effect.attribute), 0.0)
    if not effect.add or not isinstance(effect.value, int | float) or grown * effect.value >= 0:
        return 0.0
    care = 1 + 0.4 * me.trait("conscientiousness") + 0.3 * me.trait("brave")
    return min(_MOST, _URGE * abs(grown / effect.value) * care)


def remedies(me: Me, ledger: Ledger, because: int) -> None:
    """Remember where something can be done about a trouble, or towards an own want."""
    growing = _troubles(me)
    wanted = {want.args[0] for want in me.wants if want.kind == "make"}
    for deed in me.view.deeds:
        for effect in deed.effects:
            if isinstance(effect, Became) and deed.at:
                matter = (effect.subject, effect.attribute)
                if matter in growing or ".".join(matter) in wanted:
                    ledger.put(f"works.{effect.subject}.{effect.attribute}", me.view.place, because)


def to_work(me: Me) -> Iterator[Idea]:
    """Go where a trouble can be mended."""
    for (subject, attribute), grown in _troubles(me).items():
        place = me.slots.get(f"works.{subject}.{attribute}")
        if not place or place == me.view.place or abs(grown) < 1:
            continue
        step = way_to(me, str(place))
        if step:
            worth = 0.3 + 0.18 * abs(grown) + 0.25 * me.trait("conscientiousness") + 0.3 * leaning(me, "go")
            yield Idea(min(0.8, worth), step, "mend", subject)
