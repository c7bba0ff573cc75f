"""Stories of the public theory-of-mind sets as runs of our own, so that the engine stamps who witnessed what.

Each sentence becomes one event. The stories are read from where `SANDBOX_SHARED` says, or from `shared` beside the
repository; without them the tests that need them are skipped.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from worlds.actions import Created, Effect, Moved, Passed
from worlds.events import Draft, Intervened, SceneSet, Started
from worlds.spec import Character, Entrance, Place, Scene, Settings, Thing, World
from worlds.trajectory import Trajectory, extend, start

__all__ = ["items", "played"]

_FOLDER = Path(os.environ.get("SANDBOX_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def items(name: str) -> list[dict[str, Any]]:
    """Give the rows of one of the shared files; skips the test if it is not there."""
    path = _FOLDER / "data" / "phantom_tom" / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path.name} is not here; set SANDBOX_SHARED")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def played(sentences: Iterable[str], unseen_by: str = "") -> Trajectory:
    """Play a story told in sentences, such as `Ann entered the hall.` and `The hat is in the box.`.

    `unseen_by` is who does not witness things being moved, though present.
    """
    return _Story(list(sentences), unseen_by).play()


_ENTER = re.compile(r"^(?P<who>.+) (?:entered|is in) the (?P<place>\S*?)\.?$")
_LEAVE = re.compile(r"^(?P<who>\S+) exited the (?P<place>\S+?)\.$")
_LIES = re.compile(
    r"^(?:Both (?P<who>.+) noticed that )?[Tt]he (?P<thing>\S+) is in the (?P<box>.+?)(?: in the (?P<place>\S*))?\.$"
)
_MOVE = re.compile(
    r"^(?P<who>\S+) moved the (?P<thing>\S+) to the (?P<box>.+?)"
    r"(?: *(?:and|but)? (?P<other>\S+) (?:witnessed|did not witness) the \w+)?\.$"
)
_ROOM, _OUTSIDE, _AWAY = "room", "outside", "away"


class _Story:
    """One story on its way into events."""

    def __init__(self, sentences: list[str], unseen_by: str) -> None:
        self.sentences, self.unseen_by = sentences, unseen_by
        self.people = tuple(dict.fromkeys(who for line in sentences for who in _people(line)))
        self.things = {found["thing"] for line in sentences if (found := _LIES.match(line))}
        self.rooms = self._rooms()

    def play(self) -> Trajectory:
        """Give the run: a person enters, leaves, or moves a thing, and whoever is there sees it."""
        cast = tuple(Character(id=who, name=who) for who in self.people)
        log = start(Started(world=self._world(), cast=cast, settings=Settings()))
        log = extend(log, [Draft(SceneSet(scene="one", text=""))])
        for line, room in zip(self.sentences, self.rooms, strict=True):
            for effect in self._effects(line, room, log):
                log = extend(log, [Draft(Intervened(text=line, place=room, effects=(effect,)))])
                if isinstance(effect, Passed) and self.unseen_by:
                    *before, last = log
                    seen = tuple(who for who in last.witnesses if who != self.unseen_by)
                    log = Trajectory([*before, last.model_copy(update={"witnesses": seen})])
        return log

    def _effects(self, line: str, room: str, log: Trajectory) -> Iterator[Effect]:
        if moved := _MOVE.match(line):
            yield Passed(thing=moved["thing"], to=_box(room, moved["box"]))
        elif lies := _LIES.match(line):
            box = _box(room, lies["box"])
            exists = lies["thing"] in log.state.held
            yield Passed(thing=lies["thing"], to=box) if exists else Created(thing=lies["thing"], at=box)
        else:
            for who in _people(line):
                yield Moved(who=who, to=room)

    def _rooms(self) -> list[str]:
        """Say for each sentence where it happens; a thing lies in the room somebody moves it in next."""
        where: dict[str, str] = {}
        latest, rooms = _ROOM, []
        for line in self.sentences:
            room = latest
            if _LEAVE.match(line):
                where |= dict.fromkeys(_people(line), _OUTSIDE)
                room = _OUTSIDE
            elif moved := _MOVE.match(line):
                room = where.get(moved["who"], _ROOM)
            elif not _LIES.match(line) and (entered := _ENTER.match(line)):
                latest = room = entered["place"] or _ROOM
                where |= dict.fromkeys(_people(line), room)
            rooms.append(room)
        for i, line in enumerate(self.sentences):
            if lies := _LIES.match(line):
                later = zip(self.sentences[i:], rooms[i:], strict=True)
                moves = (
                    room for line, room in later if (m := _MOVE.match(line)) and m["thing"] == lies["thing"]
                )
                rooms[i] = next(moves, rooms[i])
        return rooms

    def _world(self) -> World:
        boxes = {
            _box(room, found["box"]): Thing(name=found["box"], at=room, capacity=9)
            for line, room in zip(self.sentences, self.rooms, strict=True)
            if (found := _MOVE.match(line) or _LIES.match(line))
        }
        if self.unseen_by:  # What is taken out of sight is not seen where it has come to.
            boxes = {box: Thing(name=spec.name, at=spec.at if i == 0 else _AWAY, capacity=9)
                     for i, (box, spec) in enumerate(boxes.items())}  # fmt: skip
        places = dict.fromkeys((_ROOM, _OUTSIDE, _AWAY, *self.rooms))
        return World(
            id="story", title="", genre="test", premise="",
            places={place: Place(name=place, text="") for place in places},
            things={**boxes, **{thing: Thing(name=thing) for thing in self.things}},
            scenes=(Scene(id="one", premise=""),),
            cast={who: Entrance(at=self._starts(who)) for who in self.people},
        )  # fmt: skip

    def _starts(self, who: str) -> str:
        """Whoever a story does not bring in has been in the room all along."""
        first = next(line for line in self.sentences if who in _people(line))
        return _ROOM if _LIES.match(first) else _OUTSIDE


def _people(line: str) -> list[str]:
    found = _LIES.match(line) or _MOVE.match(line) or _LEAVE.match(line) or _ENTER.match(line)
    return re.split(r", | and ", found["who"]) if found and found["who"] else []


def _box(room: str, name: str) -> str:
    return f"{room}/{name}"
