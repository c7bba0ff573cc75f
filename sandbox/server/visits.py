"""A visit: a world made ready for somebody from outside to talk with one of its characters.

The world is the author's, its people, things, secrets and words; but the clock runs slowly, nothing is scheduled,
nobody else of the cast is on stage, and the story has no end of its own. Who asks for a turn is outside.
"""

from typing import NamedTuple

from characters.files import load_cast
from worlds.errors import IllegalError, UsageError
from worlds.events import Started
from worlds.files import find_world, load_world
from worlds.people import Character, Entrance, Secret
from worlds.spec import Settings, World
from worlds.state import MINUTES_A_DAY
from worlds.trajectory import Trajectory, start

__all__ = [
    "ENDLESS",
    "VISITOR",
    "MissingError",
    "Stageful",
    "grown_stage",
    "load_stage",
    "opened",
    "visited",
    "visitor",
]

VISITOR = "stranger"
"""Id of the one who comes from outside."""

ENDLESS = 1_000_000
"""Turns after which even a visit is over."""

_SLOWLY = 1
"""Minutes a round of talk takes."""


class MissingError(UsageError):
    """What is asked for is not there."""


class Stageful(NamedTuple):
    """A world that is served, with its people."""

    world: World
    cast: tuple[Character, ...]


def load_stage(name: str) -> Stageful:
    """Read a world and its cast, by name or path; `UsageError` or `InputError` as when it is run."""
    world = load_world(name)
    return Stageful(world, load_cast(world, (), find_world(name).parent))


def grown_stage(log: Trajectory) -> Stageful:
    """Give the world of a run and its people as they have become by its end: slots, secrets known, places, things."""
    state = log.state
    day, minute = divmod(state.clock, MINUTES_A_DAY)
    facts = {
        f"{subject}.{name}": value for subject, found in state.facts.items() for name, value in found.items()
    }

    def known(secrets: tuple[Secret, ...]) -> tuple[Secret, ...]:
        return tuple(
            secret.model_copy(update={"known_by": tuple(sorted(state.knows[secret.id]))})
            for secret in secrets
        )

    changed = {
        "clock": state.world.clock.model_copy(
            update={"start": f"day {day + 1} {minute // 60:02}:{minute % 60:02}"}
        ),
        "facts": facts,
        "things": {
            id_: thing.model_copy(update={"at": state.held.get(id_, "")})
            for id_, thing in state.world.things.items()
        },
        "secrets": known(state.world.secrets),
        "scenes": (state.scene_now,),
        "cast": {who: Entrance(at=at) for who, at in state.where.items()},
    }
    cast = tuple(
        person.model_copy(update={"slots": dict(state.slots[who]), "secrets": known(person.secrets)})
        for who, person in state.cast.items()
        if state.settings.minds.get(who) != "person"
    )
    return Stageful(state.world.model_copy(update=changed), cast)


def visited(stage: Stageful, who: str, mind: str, seed: int) -> Trajectory:
    """Give the log of a visit to one character, as it begins."""
    world, cast = stage
    at = world.cast[who].at if who in world.cast else next(iter(world.places))
    away = {f"{person.id}.present": person.id == who for person in cast}
    quiet = {id_: place.model_copy(update={"moods": ()}) for id_, place in world.places.items()}
    talk = world.scenes[0].model_copy(update={"cast": (), "until": (), "rounds": 0, "order": "manual"})
    changed = {
        "cast": {**world.cast, VISITOR: Entrance(at=at)},
        "facts": {**world.facts, **away},
        "places": quiet,
        "weather": (),
        "scenes": (talk,),
        "beats": (),
        "endings": (),
        "clock": world.clock.model_copy(update={"minutes": _SLOWLY}),
    }
    settings = Settings(seed=seed, turns=ENDLESS, order="manual", minds={who: mind, VISITOR: "person"})
    people = (*cast, visitor(VISITOR, "Stranger"))
    return start(Started(world=world.model_copy(update=changed), cast=people, settings=settings))


def visitor(id_: str, name: str, identity: str = "") -> Character:
    """Give somebody from outside the world, played by a person or a game."""
    return Character(
        id=id_, name=name, core={"identity": identity or f"{name}, of whom nothing is known here."}
    )


def opened(
    stage: Stageful, settings: Settings, cast: tuple[str, ...], players: tuple[Character, ...], at: str
) -> Trajectory:
    """Give the log of a world as it begins for a game: some of its cast, and the players' characters at a place."""
    world, people = stage
    known = {person.id for person in people}
    strange = [who for who in cast if who not in known]
    if strange:
        raise MissingError(f"{strange[0]!r} is not of this world; its people are {', '.join(sorted(known))}")
    if at and at not in world.places:
        raise MissingError(f"there is no place {at!r}; the places are {', '.join(world.places)}")
    taken = [
        player.id
        for player in players
        if player.id in known or player.id in world.places or player.id in world.things
    ]
    if taken:
        raise IllegalError(f"the id {taken[0]!r} is taken in this world; give the player another")
    wanted = tuple(person for person in people if not cast or person.id in cast)
    place = at or (
        world.cast[wanted[0].id].at if wanted and wanted[0].id in world.cast else next(iter(world.places))
    )
    entering = {player.id: Entrance(at=place) for player in players}
    stage_ = world.model_copy(update={"cast": {**world.cast, **entering}})
    return start(Started(world=stage_, cast=(*wanted, *players), settings=settings))
