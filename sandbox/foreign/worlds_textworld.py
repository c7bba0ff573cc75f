"""TextWorld's games (M.-A. Côté et al., 2018): the `.json` file beside a game.

Its facts say where everything is: `at(P, r)`, `in(k, I)`, `on(f, s)`, `north_of(r, r')`, `link(r, d, r')`,
`locked(d)`, `match(k, d)`. Rooms become places, doors and containers get their facts, the player becomes a character,
and what the last quest asks for becomes its wants and the ending.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from characters.profile import Card, Core
from sandbox.foreign.worlds import Ids, Imported, said, shaped
from sandbox.foreign.worlds_textworld_quests import quests_of
from sandbox.foreign.worlds_textworld_shapes import HANDS, PLAYER, Game, Truth
from worlds.actions import Destroyed, Scalar
from worlds.errors import InputError
from worlds.people import Entrance
from worlds.spec import Exit, Place, Scene, Thing, Use, World

__all__ = ["from_game"]

_WAYS = {"north_of": "north", "south_of": "south", "east_of": "east", "west_of": "west"}
_ROOM = 8


def from_game(data: Mapping[str, Any], path: Path) -> Imported:
    """Read a game."""
    game = shaped(data, Game, str(path))
    facts = [fact.truth for fact in game.world]
    types = {argument.name: argument.type for fact in game.world for argument in fact.arguments}
    if "r" not in types.values():
        raise InputError(f"{path}: there is no room in it; a game has facts such as at(P, r_0)")
    return _Reader(game, facts, types).read(path)


class _Reader:
    """Turns one game into one world."""

    def __init__(self, game: Game, facts: Sequence[Truth], types: Mapping[str, str]) -> None:
        self.game, self.facts, self.types = game, facts, types
        self.infos, self.ids, self.notes = dict(game.infos), Ids(), list[str]()
        for kind in ("r", "d"):
            for key in [key for key, type_ in types.items() if type_ == kind]:
                self.ids.give(key, self._name(key))
        for key, type_ in types.items():
            if type_ not in ("r", PLAYER, HANDS):
                self.ids.give(key, self._name(key))
        self.ids.give(PLAYER, "adventurer")

    def read(self, path: Path) -> Imported:
        """Give the world."""
        title = (
            said(str(self.game.metadata.get("desc") or "") or path.stem.replace("-", " ")).rstrip(".").title()
        )
        premise = said(self.game.objective) or "Somebody looks around a place they do not know."
        start = next(
            (fact.about[1] for fact in self.facts if fact.name == "at" and fact.about[:1] == (PLAYER,)), ""
        )
        rooms = [key for key, type_ in self.types.items() if type_ == "r"]
        endings, goals, notes = quests_of(self.game.quests, self.ids, self._name)
        self.notes += notes
        who = self.ids[PLAYER]
        holds = tuple(
            self.ids[fact.about[0]] for fact in self.facts if fact.name == "in" and fact.about[1:] == (HANDS,)
        )
        world = World(
            id=Ids().fresh(path.stem),
            title=title,
            genre="puzzle",
            premise=premise,
            carry=max(20, len(holds)),
            order="list",
            places={self.ids[room]: self._place(room) for room in rooms},
            things={
                self.ids[key]: self._thing(key)
                for key in self.types
                if key in self.ids and self._is_thing(key)
            },
            scenes=(Scene(id="game", premise=premise),),
            endings=endings,
            cast={
                who: Entrance(at=self.ids[start] if start in self.ids else self.ids[rooms[0]], holds=holds)
            },
        )
        core = Core(
            identity="Somebody who has been set a task.",
            summary=premise,
            traits={"curious": 0.9, "patient": 0.7},
            goals=goals,
        )
        return Imported(world, (Card(id=who, name="Adventurer", core=core),), tuple(self.notes))

    def _is_thing(self, key: str) -> bool:
        return self.types[key] not in ("r", PLAYER, HANDS)

    def _name(self, key: str) -> str:
        info = self.infos.get(key)
        return said(info.name if info else "").rstrip(".") or key

    def _text(self, key: str) -> str:
        """Give how a description begins: what hangs on the state comes after it, in brackets."""
        info = self.infos.get(key)
        kept = re.split(r"(?<=[.!?])\s+", re.sub(r"\s+", " ", (info.desc if info else "") or ""))
        return said(*takewhile(lambda text: not re.search(r"[\[\]]|\bexit", text), kept[:3]))

    def _place(self, room: str) -> Place:
        exits = []
        for fact in self.facts:
            if fact.name in _WAYS and len(fact.about) == 2 and fact.about[1] == room:
                to, way = fact.about[0], _WAYS[fact.name]
                back = any(f.name in _WAYS and f.about == (room, to) for f in self.facts)
                door = next(
                    (
                        f.about[1]
                        for f in self.facts
                        if f.name == "link" and (f.about[0], f.about[2]) == (room, to)
                    ),
                    "",
                )
                exits.append(
                    Exit(
                        to=self.ids[to],
                        name=f"the way {way}",
                        door=self.ids.get(door),
                        one_way=not back,
                    )
                )
        name = self._name(room)
        return Place(name=f"the {name}", text=self._text(room) or said(f"The {name}"), exits=tuple(exits))

    def _thing(self, key: str) -> Thing:
        kind, name = self.types[key], self._name(key)
        holder = next(
            (f.about[1] for f in self.facts if f.name in ("at", "in", "on") and f.about[:1] == (key,)), ""
        )
        states = {f.name for f in self.facts if f.about == (key,)}
        opener = next((f.about[0] for f in self.facts if f.name == "match" and f.about[1:] == (key,)), "")
        shuts = kind in ("d", "c")
        facts: dict[str, Scalar] = {"open": "open" in states, "locked": "locked" in states} if shuts else {}
        eaten = Use(text=f"{{who}} eats the {name}.", effects=(Destroyed(thing=self.ids[key]),))
        return Thing(
            name=f"{'the' if kind == 'd' else 'an' if name[:1].lower() in 'aeiou' else 'a'} {name}",
            text=self._text(key),
            at=self._side(key) if kind == "d" else self.ids.get(holder),
            portable=kind not in ("d", "c", "s", "t"),
            small=kind == "k",
            capacity=_ROOM if kind in ("c", "s") else 0,
            door=kind == "d",
            key=self.ids.get(opener) if shuts else "",
            facts=facts,
            uses=(eaten,) if "edible" in states else (),
        )

    def _side(self, door: str) -> str:
        room = next((f.about[0] for f in self.facts if f.name == "link" and f.about[1:2] == (door,)), "")
        return self.ids.get(room)
