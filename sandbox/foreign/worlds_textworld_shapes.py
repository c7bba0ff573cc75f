"""The shapes of TextWorld's games, as far as they are read."""

from typing import Any, NamedTuple

from pydantic import Field

from sandbox.foreign.worlds import Loose

__all__ = ["HANDS", "PLAYER", "Fact", "Game", "Quest", "Truth"]

PLAYER, HANDS = "P", "I"
"""What TextWorld calls the player, and what it holds."""


class Argument(Loose):
    """What a fact is about."""

    name: str
    type: str = ""


class Fact(Loose):
    """Something that is so: `at(P, r_0)`."""

    name: str
    arguments: tuple[Argument, ...] = ()

    @property
    def truth(self) -> "Truth":
        """Give it bare."""
        return Truth(self.name, tuple(argument.name for argument in self.arguments))


class Truth(NamedTuple):
    """A fact, as a name and what it is about."""

    name: str
    about: tuple[str, ...]


class Condition(Loose):
    """What has to hold for an event."""

    preconditions: tuple[Fact, ...] = ()


class Event(Loose):
    """One way in which a quest is won or lost."""

    condition: Condition = Condition()

    @property
    def truths(self) -> tuple[Truth, ...]:
        """What has to hold."""
        return tuple(fact.truth for fact in self.condition.preconditions)


class Quest(Loose):
    """Something to be done."""

    desc: str | None = None
    win_events: tuple[Event, ...] = ()
    fail_events: tuple[Event, ...] = ()
    optional: bool = False


class Info(Loose):
    """How something is called and described."""

    name: str | None = None
    desc: str | None = None


class Game(Loose):
    """A game."""

    world: tuple[Fact, ...] = Field(min_length=1, max_length=20_000)
    infos: tuple[tuple[str, Info], ...] = ()
    quests: tuple[Quest, ...] = ()
    objective: str | None = None
    metadata: dict[str, Any] = {}
