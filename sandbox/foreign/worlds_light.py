"""LIGHT's worlds (J. Urbanek et al., 2019): the graph its world builder saves.

A room is a place, an object a thing, an agent a character: its persona is who it is, its mission what it is about. A
locked way is a door. What an object does when it is used is kept where it is words, a thing that comes to be, or food.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from characters.profile import Card, Core
from sandbox.foreign.worlds import Ids, Imported, said, shaped
from sandbox.foreign.worlds_light_shapes import Event, Graph, Node, Way
from worlds.actions import Created, Destroyed, Effect
from worlds.errors import InputError
from worlds.people import Entrance
from worlds.spec import Exit, Place, Scene, Thing, Use, World

__all__ = ["from_graph"]

_ROOM = 8
"""Things a container of theirs holds here, whose sizes mean something else."""


def from_graph(data: Mapping[str, Any], path: Path) -> Imported:
    """Read what LIGHT's world builder saves."""
    graph = shaped(data, Graph, str(path))
    if not any(node.room for node in graph.nodes.values()):
        raise InputError(f"{path}: there is no room in it; a node with `room: true` is one")
    return _Reader(graph, path).read()


class _Reader:
    """Turns one graph into one world."""

    def __init__(self, graph: Graph, path: Path) -> None:
        self.nodes, self.ids, self.notes = graph.nodes, Ids(), list[str]()
        self.title = said(graph.title or path.stem.replace("_", " ").replace("-", " ")).rstrip(".").title()
        for kind in ("room", "agent", "object"):
            for key, node in self.nodes.items():
                if getattr(node, kind) and key not in self.ids:
                    self.ids.give(key, node.name or key)
        self.held: dict[str, list[str]] = {}
        for key, node in self.nodes.items():
            if key in self.ids and not node.room:
                self.held.setdefault(node.container_node.target_id, []).append(key)
        self.things: dict[str, Thing] = {}
        self.later: dict[str, Thing] = {}
        """Things that come to be by a use."""
        self.doors: dict[frozenset[str], str] = {}

    def read(self) -> Imported:
        """Give the world."""
        rooms = {key: node for key, node in self.nodes.items() if node.room}
        self.things = {
            self.ids[key]: self._thing(key, node)
            for key, node in self.nodes.items()
            if self._placed(key, node)
        }
        self.things |= self.later
        places = {self.ids[key]: self._place(key, node) for key, node in rooms.items()}
        agents = {key: node for key, node in self.nodes.items() if node.agent and self._room_of(key)}
        self.notes += [
            f"{key}: stands in no room and is left out"
            for key, n in self.nodes.items()
            if n.agent and key not in agents
        ]
        first = next(iter(rooms.values()))
        premise = said(f"{self.title}, a world of {len(places)} places", first.desc)
        most = max((len(self.held.get(key, ())) for key in agents), default=0)
        fighting = any((node.aggression or 0) > 0 for node in agents.values())
        if not agents:
            self.notes.append("nobody is in it; add a cast before it is played")
        world = World(
            id=Ids().fresh(self.title),
            title=self.title,
            genre="fantasy",
            premise=premise,
            allows=("attack",) if fighting else (),
            carry=max(5, most),
            places=places,
            things=self.things,
            scenes=(Scene(id="opening", premise=premise),),
            cast={self.ids[key]: self._entrance(key) for key in agents},
        )
        return Imported(
            world, tuple(self._card(key, node) for key, node in agents.items()), tuple(self.notes)
        )

    def _room_of(self, key: str) -> str:
        """Give the room something is in, through whatever it is with; empty if it is in none."""
        for _ in range(20):
            key = self.nodes[key].container_node.target_id if key in self.nodes else ""
            if key in self.nodes and self.nodes[key].room:
                return key
        return ""

    def _placed(self, key: str, node: Node) -> bool:
        if node.object and not node.room and not node.agent:
            if self._room_of(key):
                return True
            self.notes.append(f"{key}: is nowhere and is left out")
        return False

    def _place(self, key: str, node: Node) -> Place:
        exits = []
        for to, way in node.neighbors.items():
            target = way.target_id or to
            if target not in self.nodes or not self.nodes[target].room or target == key:
                self.notes.append(f"{key}: a way leads to {target}, which is no room; it is left out")
                continue
            back = any((w.target_id or t) == key for t, w in self.nodes[target].neighbors.items())
            name = said(way.label).rstrip(".") if way.label else ""
            door = self._door(key, target, way) if way.locked_edge else ""
            exits.append(Exit(to=self.ids[target], name=name, door=door, one_way=not back))
        return Place(
            name=_called(node),
            text=said(*dict.fromkeys((node.desc, node.extra_desc))) or said(_called(node)),
            exits=tuple(exits),
        )

    def _door(self, key: str, target: str, way: Way) -> str:
        """Make the door of a locked way, one for both its sides."""
        sides = frozenset((key, target))
        if sides not in self.doors and way.locked_edge:
            id_ = self.ids.fresh(f"door_to_{self.nodes[target].name}")
            opener = way.locked_edge.target_id
            locked = way.locked_edge.is_locked
            self.things[id_] = Thing(
                name=f"the door to {_called(self.nodes[target])}",
                text="A door.",
                at=self.ids[key],
                portable=False,
                door=True,
                key=self.ids[opener] if opener in self.ids and self.ids[opener] in self.things else "",
                facts={"open": not locked, "locked": locked},
            )
            self.doors[sides] = id_
        return self.doors[sides]

    def _thing(self, key: str, node: Node) -> Thing:
        inside = len([held for held in self.held.get(key, ()) if self.nodes[held].object])
        capacity = max(inside, min(_ROOM, int(node.contain_size or 0)) if node.container else 0)
        lock = node.locked_edge
        facts: dict[str, Any] = (
            {"open": not lock.is_locked, "locked": lock.is_locked} if lock and capacity else {}
        )
        opener = lock.target_id if lock else ""
        return Thing(
            name=_called(node),
            text=said(node.desc),
            at=self._at(key),
            portable=bool(node.gettable),
            capacity=capacity,
            key=self.ids[opener] if facts and opener in self.ids else "",
            facts=facts,
            uses=tuple(self._uses(key, node)),
        )

    def _at(self, key: str) -> str:
        holder = self.nodes[key].container_node.target_id
        if self.nodes[holder].agent:
            return ""  # said where its holder enters
        return self.ids[holder]

    def _uses(self, key: str, node: Node) -> Iterator[Use]:
        if node.food or node.drink:
            verb = "eats" if node.food else "drinks"
            gone: tuple[Effect, ...] = (Destroyed(thing=self.ids[key]),) if node.gettable else ()
            yield Use(text=f"{{who}} {verb} {_definite(node)}.", effects=gone)
        for use in node.on_use or ():
            on = next(
                (str(c.params.get("item", "")) for c in use.constraints if c.type == "used_with_item_name"),
                "",
            )
            target = next(
                (k for k, n in self.nodes.items() if n.object and n.name == on and self._room_of(k)), ""
            )
            words = next((e.params for e in use.events if e.type == "broadcast_message"), {})
            told = str(words.get("room_view") or words.get("self_view") or "")
            if (on and not target) or not told:
                self.notes.append(f"{key}: what it does when used has no counterpart and is left out")
                continue
            made = [id_ for event in use.events if event.type == "create_entity" for id_ in self._made(event)]
            text = said(told.replace("{actor_text}", "{who}").replace("{recipient_text}", "{who}"))
            text = text.replace("You ", "{who} sees: you ", 1) if text.startswith("You ") else text
            effects = tuple(Created(thing=id_, at="actor") for id_ in made)
            yield Use(on=self.ids[target] if target else "", text=_safe(text), effects=effects)

    def _made(self, event: Event) -> Iterator[str]:
        """Describe the thing that comes to be by a use."""
        given = event.params.get("object")
        if isinstance(given, dict) and isinstance(given.get("name"), str):
            id_ = self.ids.fresh(given["name"])
            prefix = given.get("name_prefix")
            name = f"{prefix if isinstance(prefix, str) and prefix else 'a'} {given['name']}"
            self.notes.append(f"{given['name']}: comes to be by a use, as {id_}")
            self.later[id_] = Thing(name=said(name).rstrip("."), text=said(str(given.get("desc") or "")))
            yield id_

    def _entrance(self, key: str) -> Entrance:
        holds = [self.ids[held] for held in self.held.get(key, ()) if self.ids[held] in self.things]
        return Entrance(at=self.ids[self._room_of(key)], holds=tuple(holds))

    def _card(self, key: str, node: Node) -> Card:
        twins = [k for k, n in self.nodes.items() if n.agent and n.name.lower() == node.name.lower()]
        number = f" {twins.index(key) + 1}" if len(twins) > 1 and twins.index(key) else ""
        name = said(node.name or key).rstrip(".").title() + number
        core = Core(
            identity=said(node.desc) or f"{name}.",
            summary=said(node.persona),
            values=(said(node.mission).rstrip("."),) if node.mission else (),
            traits={"brave": 0.8, "kind": 0.2} if (node.aggression or 0) > 0 else {},
            taboo_verbs=("attack",) if node.pacifist else (),
        )
        return Card(id=self.ids[key], name=name, core=core)


def _called(node: Node) -> str:
    """Give a name with its article."""
    prefix = said(node.name_prefix).rstrip(".") or ("the" if node.room else "a")
    return f"{prefix} {said(node.name).rstrip('.').lower() or 'nameless thing'}"


def _definite(node: Node) -> str:
    return f"the {said(node.name).rstrip('.').lower()}"


def _safe(text: str) -> str:
    """Keep the one blank we fill; any other brace is a plain word's."""
    return text.replace("{who}", "\0").replace("{", "(").replace("}", ")").replace("\0", "{who}")
