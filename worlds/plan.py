"""What can be worked out of a world and its cast once, before anything happens."""

from collections.abc import Mapping
from typing import NamedTuple

from worlds.spec import Character, Deed, Secret, World

__all__ = ["Plan", "plan"]

ON_THINGS = frozenset({"open", "locked", "lit", "broken", "hidden"})
ON_PEOPLE = frozenset({"alive", "present", "restrained", "hurt"})


class Plan(NamedTuple):
    """Look-up tables that stay the same for a whole run."""

    names: Mapping[str, str]
    """Id to name for everything there is."""
    public: Mapping[str, str]
    """Id to name for what anybody here knows of: people, places, things that stand in the open."""
    map: Mapping[str, tuple[str, ...]]
    """Place to the neighbours anybody here knows of."""
    secrets: tuple[Secret, ...]
    """The world's and the characters' own."""
    deeds: Mapping[str, tuple[tuple[Deed, tuple[str, ...]], ...]]
    """Place to the deeds it may offer, each with the conditions that do not hang on whom it is done to."""
    seen: Mapping[str, frozenset[str]]
    """Thing or character to the facts about it that can be seen on it. Other facts are the author's: who stole it."""


def plan(world: World, cast: tuple[Character, ...]) -> Plan:
    """Work the tables out."""
    people = {character.id: character.name for character in cast}
    places = {id_: place.name for id_, place in world.places.items()}
    plain = (id_ for id_, thing in world.things.items() if thing.at in world.places and not thing.hidden)
    return Plan(
        names=people | places | {id_: thing.name for id_, thing in world.things.items()},
        public=people | places | {id_: world.things[id_].name for id_ in plain},
        map={
            id_: tuple(way.to for way in place.exits if not way.hidden) for id_, place in world.places.items()
        },
        secrets=(*world.secrets, *(secret for character in cast for secret in character.secrets)),
        seen={id_: ON_THINGS | thing.facts.keys() for id_, thing in world.things.items()}
        | dict.fromkeys(people, ON_PEOPLE),
        deeds={
            id_: tuple(_offer(deed) for deed in world.deeds if deed.at in ("", id_)) for id_ in world.places
        },
    )


def _offer(deed: Deed) -> tuple[Deed, tuple[str, ...]]:
    return deed, tuple(condition for condition in deed.when if "target" not in condition)
