"""The records of LIGHT's data set: environments and characters, turned into its graph and read as that."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from sandbox.foreign.worlds import Imported, Loose, said, shaped
from sandbox.foreign.worlds_light import from_graph

__all__ = ["from_environment"]

_ROOM = 8
"""Things a container holds."""


class _Room(Loose):
    setting: str = ""
    description: str | None = None
    background: str | None = None
    in_objects: tuple[int | str, ...] = ()
    in_characters: tuple[int | str, ...] = ()
    neighbors: tuple[int | str, ...] = ()


class _Person(Loose):
    name: str = ""
    desc: str | None = None
    personas: tuple[str, ...] = ()
    carrying_objects: tuple[int | str, ...] = ()
    wearing_objects: tuple[int | str, ...] = ()
    wielding_objects: tuple[int | str, ...] = ()


class _Item(Loose):
    name: str = ""
    descriptions: tuple[str, ...] = ()
    is_gettable: float = 1
    is_container: float = 0
    is_food: float = 0
    is_drink: float = 0


class _Neighbor(Loose):
    destination: str = ""
    direction: str = ""
    connection: str = ""


class _Environment(Loose):
    rooms: dict[str, _Room] = Field(min_length=1, max_length=3000)
    characters: dict[str, _Person] = {}
    objects: dict[str, _Item] = {}
    neighbors: dict[str, _Neighbor] = {}


def from_environment(data: Mapping[str, Any], path: Path) -> Imported:
    """Read the records of LIGHT's data set, by turning them into its graph."""
    found = shaped(data, _Environment, str(path))
    rooms = {room.setting.lower(): key for key, room in found.rooms.items()}
    nodes: dict[str, Any] = {}
    for key, room in found.rooms.items():
        ways = [found.neighbors[str(n)] for n in room.neighbors if str(n) in found.neighbors]
        links = {
            f"r{rooms[way.destination.lower()]}": {"label": said(way.connection or way.direction).rstrip(".")}
            for way in ways
            if way.destination.lower() in rooms
        }
        nodes[f"r{key}"] = {
            "name": room.setting,
            "name_prefix": "the",
            "desc": room.description,
            "extra_desc": room.background,
            "room": True,
            "neighbors": links,
        }
        nodes |= _records(found, room, f"r{key}")
    return from_graph({"title": data.get("title"), "nodes": nodes}, path)


def _records(found: _Environment, room: _Room, at: str) -> dict[str, Any]:
    """Give the nodes of who and what is in a room; a record that is in several rooms is a node in each."""
    nodes = {
        f"{at}/{key}": _item(found, str(key), at) for key in room.in_objects if str(key) in found.objects
    }
    for key in room.in_characters:
        person = found.characters.get(str(key))
        if person is not None:
            who = f"{at}/who/{key}"
            nodes[who] = {
                "name": person.name,
                "desc": person.desc,
                "persona": said(*person.personas),
                "agent": True,
                "container_node": {"target_id": at},
            }
            held: Sequence[int | str] = (
                *person.carrying_objects,
                *person.wearing_objects,
                *person.wielding_objects,
            )
            nodes |= {f"{who}/{k}": _item(found, str(k), who) for k in held if str(k) in found.objects}
    return nodes


def _item(found: _Environment, key: str, at: str) -> dict[str, Any]:
    item = found.objects[key]
    return {
        "name": item.name,
        "desc": next(iter(item.descriptions), ""),
        "object": True,
        "gettable": item.is_gettable > 0.5,
        "container": item.is_container > 0.5,
        "contain_size": _ROOM,
        "food": item.is_food > 0.5,
        "drink": item.is_drink > 0.5,
        "container_node": {"target_id": at},
    }
