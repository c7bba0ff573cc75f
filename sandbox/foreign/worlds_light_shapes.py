"""The shapes of LIGHT's graph, as far as they are read."""

from typing import Any

from pydantic import Field

from sandbox.foreign.worlds import Loose

__all__ = ["Event", "Graph", "Node", "Way"]


class Target(Loose):
    """What a node points at."""

    target_id: str = ""


class Lock(Target):
    """What a way or a container is locked with."""

    is_locked: bool = True


class Way(Target):
    """A way from one room to another."""

    label: str | None = None
    locked_edge: Lock | None = None


class Event(Loose):
    """What comes of a use."""

    type: str = ""
    params: dict[str, Any] = {}


class Usage(Loose):
    """What an object does when it is used."""

    events: tuple[Event, ...] = ()
    constraints: tuple[Event, ...] = ()


class Node(Loose):
    """A room, an agent or an object."""

    name: str = ""
    name_prefix: str | None = None
    desc: str | None = None
    extra_desc: str | None = None
    room: bool = False
    agent: bool = False
    object: bool = False
    classes: tuple[str, ...] = ()
    container_node: Target = Target()
    neighbors: dict[str, Way] = {}
    gettable: float | bool | None = True
    container: float | bool | None = False
    contain_size: float | None = 0
    food: float | bool | None = False
    drink: float | bool | None = False
    locked_edge: Lock | None = None
    on_use: tuple[Usage, ...] | None = None
    persona: str | None = None
    mission: str | None = None
    aggression: float | None = 0
    pacifist: bool | None = False


class Graph(Loose):
    """A world."""

    title: str | None = None
    nodes: dict[str, Node] = Field(min_length=1, max_length=5000)
