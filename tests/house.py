"""A small house with a secret in it, people to put there, and runs of the bundled worlds."""

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import JsonValue

from characters.improv import ImprovMind
from characters.minds import Mind, ScriptedMind
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from sandbox.playing import opened, played
from worlds.actions import Action, Change, Claim, Say, Scalar, Wait
from worlds.events import Acted, Event, ProfileChanged, Reflected, Started
from worlds.spec import Character, Entrance, Exit, Phrase, Place, Scene, Secret, Settings, Thing, World
from worlds.trajectory import Trajectory, start

__all__ = ["HOUSE", "THIEF", "acts_of", "ask", "begin", "bundled", "changes", "person", "play", "says"]

THIEF = Secret(id="theft", text="Ada took the ring.", claim=Claim("ring", "thief", "ada"), known_by=("ada",))

HOUSE = World(
    id="house",
    title="The House",
    genre="test",
    premise="A ring is gone.",
    places={
        "hall": Place(name="the hall", text="A hall.", exits=(Exit(to="attic"),)),
        "attic": Place(name="the attic", text="An attic.", exits=(Exit(to="hall"),)),
    },
    things={
        "chest": Thing(
            name="the chest",
            at="attic",
            portable=False,
            capacity=2,
            key="key",
            facts={"open": False, "locked": True},
        ),
        "ring": Thing(name="the ring", at="chest"),
        "key": Thing(name="a small key", at="hall"),
    },
    phrases={
        "thief": Phrase(
            says="{value} took {subject}", asks="who took {subject}", denies="{value} did not take {subject}"
        )
    },
    topics=("the weather", "the price of salt"),
    secrets=(THIEF,),
    scenes=(Scene(id="one", premise="Morning."),),
    cast={"ada": Entrance(at="hall"), "ben": Entrance(at="hall")},
)


def person(
    id_: str,
    goals: Mapping[str, str] | None = None,
    slots: Mapping[str, Scalar] | None = None,
    **core: JsonValue,
) -> Character:
    """Make a character with a core of these fields; its goals are `{id: want}`."""
    wants = dict(goals or {})
    given: list[JsonValue] = [
        {"id": name, "want": want, "text": want, "weight": 0.9} for name, want in wants.items()
    ]
    fields: dict[str, JsonValue] = {
        "identity": f"{id_}, of the house.",
        "summary": "",
        "goals": given,
        **core,
    }
    opened: dict[str, Scalar] = {f"goal.{name}": want for name, want in wants.items()}
    return Character(id=id_, name=id_.capitalize(), core=fields, slots={**opened, **(slots or {})})


def begin(*people: Character, world: World = HOUSE, turns: int = 20) -> Trajectory:
    """Give the first line of a run of these people in the house."""
    settings = Settings(seed=1, turns=turns, order="list")
    return start(Started(world=world, cast=people, settings=settings))


def play(log: Trajectory, **others: Mind) -> Trajectory:
    """Play to the end; who is not given another mind improvises."""
    minds = {who: others.get(who, ImprovMind()) for who in log.state.cast}
    return played(log, Stage(minds, ImprovNarrator()))


def says(*lines: Action) -> ScriptedMind:
    """Make a mind that goes through these actions, one a turn, and then waits."""
    return ScriptedMind(lambda view: lines[view.own_turn - 1] if view.own_turn <= len(lines) else Wait())


def ask(attribute: str = "thief") -> Say:
    """Ask Ada something about the ring."""
    return Say(text="Tell me.", to=("ada",), intent="ask", topic=f"ring.{attribute}")


def acts_of(log: Trajectory, who: str) -> list[Action]:
    """Give what somebody did, in order."""
    return [event.body.action for event in log if isinstance(event.body, Acted) and event.by == who]


def changes(log: Trajectory) -> Iterator[tuple[Event, Change]]:
    """Give every change of a slot by a mind, with its event."""
    for event in log:
        if isinstance(event.body, Reflected | ProfileChanged):
            for change in event.body.changes:
                yield event, change


@cache
def bundled(world: str, seed: int = 3, turns: int = 90) -> Trajectory:
    """Play a bundled world with its own cast."""
    return played(opened(world, Settings(seed=seed, turns=turns)))
