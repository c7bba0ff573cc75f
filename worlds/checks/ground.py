"""What every check stands on: findings, and what there is in a world with its cast."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from worlds.actions import Claim, Effect, Scalar
from worlds.source import Key
from worlds.spec import Character, Clue, Deed, Exit, Secret, Use, World
from worlds.wrongs import closest

__all__ = [
    "ACTOR",
    "BOTH",
    "DEFAULTS",
    "DERIVED",
    "NOBODY",
    "Finding",
    "Ground",
    "Path",
    "Placed",
    "Written",
    "dangling",
    "stand_ins",
]

Path = tuple[Key, ...]

ACTOR = frozenset({"actor"})
BOTH = frozenset({"actor", "target"})
NOBODY: frozenset[str] = frozenset()
"""Which words stand in for characters, by where a condition or an effect is written."""

DERIVED = ("holder", "at")
"""Attributes that follow from where things are, and are no facts."""

DEFAULTS: dict[str, Scalar] = {
    "alive": True,
    "present": True,
    "restrained": False,
    "hurt": 0,
    "open": True,
    "locked": False,
    "lit": False,
    "broken": False,
    "hidden": False,
}
"""What the attributes that mean something to the rules are until stated."""


class Finding(NamedTuple):
    """Something that is wrong, or likely to be, and what to do about it."""

    severity: Literal["error", "warning"]
    path: Path
    """Where it stands in its file."""
    what: str
    mend: str
    of: str = ""
    """Id of the character whose file it stands in; empty for the world's own."""


class Written(NamedTuple):
    """A condition where its author wrote it."""

    path: Path
    text: str
    words: frozenset[str] = NOBODY
    """Which of `actor` and `target` mean somebody there."""


class Placed(NamedTuple):
    """An effect where its author wrote it."""

    path: Path
    effect: Effect
    words: frozenset[str] = NOBODY
    """As for a condition."""


@dataclass(frozen=True)
class Ground:
    """A world with a cast, looked at from all the sides the checks need."""

    world: World
    cast: tuple[Character, ...]

    @cached_property
    def people(self) -> frozenset[str]:
        """Everyone who enters the world, or could."""
        return frozenset(self.world.cast) | {character.id for character in self.cast}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The places, things and characters."""
        return self.people | self.world.places.keys() | self.world.things.keys()

    @cached_property
    def facts(self) -> dict[str, Scalar]:
        """The starting facts, `subject.attribute`, those of things included."""
        own: dict[str, Scalar] = {}
        for id_, thing in self.world.things.items():
            own |= {f"{id_}.hidden": thing.hidden}
            own |= {f"{id_}.{attribute}": value for attribute, value in thing.facts.items()}
        return own | self.world.facts

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Whatever a fact can be about."""
        return self.ids | {name.partition(".")[0] for name in self.world.facts}

    @cached_property
    def secrets(self) -> dict[str, Secret]:
        """Every secret, the world's and the characters' own."""
        own = (secret for character in self.cast for secret in character.secrets)
        return {secret.id: secret for secret in (*self.world.secrets, *own)}

    @cached_property
    def beats(self) -> frozenset[str]:
        """The ids of the beats."""
        return frozenset(beat.id for beat in self.world.beats)

    @cached_property
    def effects(self) -> tuple[Placed, ...]:
        """Every effect written in the world."""
        return tuple(self._effects())

    @cached_property
    def conditions(self) -> tuple[Written, ...]:
        """Every condition written in the world."""
        return tuple(self._conditions())

    @cached_property
    def claims(self) -> tuple[tuple[Path, Claim, str], ...]:
        """Every claim written in the world or by a character: where, what, in whose file."""
        return tuple(self._claims())

    @cached_property
    def starts(self) -> dict[str, str]:
        """Thing to where it is at first, entrances included; a thing that is nowhere is absent."""
        held = {id_: thing.at for id_, thing in self.world.things.items() if thing.at}
        for who, entrance in self.world.cast.items():
            held |= dict.fromkeys(entrance.holds, who)
        return held

    def kind_of(self, subject: str, attribute: str) -> Scalar | None:
        """Give a value of the type a fact has, or None if nothing is known of it."""
        name = f"{subject}.{attribute}"
        if name in self.facts:
            return self.facts[name]
        return DEFAULTS.get(attribute) if subject in self.subjects else None

    def exits(self) -> Iterator[tuple[Path, str, Exit]]:
        """Give every exit: where it is written, the place it leads out of, and itself."""
        for id_, place in self.world.places.items():
            for i, way in enumerate(place.exits):
                yield ("places", id_, "exits", i), id_, way

    def uses(self) -> Iterator[tuple[Path, str, Use]]:
        """Give every use of a thing: where it is written, the thing, and itself."""
        for id_, thing in self.world.things.items():
            for i, use in enumerate(thing.uses):
                yield ("things", id_, "uses", i), id_, use

    def clues(self) -> Iterator[tuple[Path, str, Clue]]:
        """Give every clue: where it is written, the thing, and itself."""
        for id_, thing in self.world.things.items():
            for i, clue in enumerate(thing.clues):
                yield ("things", id_, "clues", i), id_, clue

    def _effects(self) -> Iterator[Placed]:
        for i, beat in enumerate(self.world.beats):
            for j, effect in enumerate(beat.effects):
                yield Placed(("beats", i, "effects", j), effect)
        for i, deed in enumerate(self.world.deeds):
            for j, effect in enumerate(deed.effects):
                yield Placed(("deeds", i, "effects", j), effect, stand_ins(deed))
        for path, _, use in self.uses():
            for j, effect in enumerate(use.effects):
                yield Placed((*path, "effects", j), effect, stand_ins(use))

    def _conditions(self) -> Iterator[Written]:
        for i, beat in enumerate(self.world.beats):
            yield from _listed(("beats", i, "when"), beat.when)
        for i, ending in enumerate(self.world.endings):
            yield from _listed(("endings", i, "when"), ending.when)
        for i, scene in enumerate(self.world.scenes):
            yield from _listed(("scenes", i, "until"), scene.until)
        for i, deed in enumerate(self.world.deeds):
            yield from _listed(("deeds", i, "when"), deed.when, stand_ins(deed))
        for path, _, clue in self.clues():
            yield from _listed((*path, "when"), clue.when, ACTOR)
        for path, _, use in self.uses():
            yield from _listed((*path, "when"), use.when, stand_ins(use))
        for i, entry in enumerate(self.world.lore.entries):
            yield from _listed(("lore", "entries", i, "when"), entry.when, ACTOR)
        yield from (Written((*path, "hidden"), way.hidden) for path, _, way in self.exits() if way.hidden)

    def _claims(self) -> Iterator[tuple[Path, Claim, str]]:
        for i, secret in enumerate(self.world.secrets):
            yield ("secrets", i, "claim"), secret.claim, ""
        for character in self.cast:
            for i, secret in enumerate(character.secrets):
                yield ("secrets", i, "claim"), secret.claim, character.id
        yield from (
            (("deeds", i, "claim"), deed.claim, "") for i, deed in enumerate(self.world.deeds) if deed.claim
        )
        yield from (((*path, "claim"), clue.claim, "") for path, _, clue in self.clues() if clue.claim)


def stand_ins(source: Deed | Use) -> frozenset[str]:
    """Say which of `actor` and `target` mean somebody in a deed or a use."""
    return BOTH if (source.to if isinstance(source, Deed) else source.on) else ACTOR


def dangling(path: Path, id_: str, known: Collection[str], kind: str, of: str = "") -> Iterator[Finding]:
    """Find an id that names nothing of its kind."""
    if id_ not in known:
        close = closest(id_, known)
        listed = ", ".join(sorted(known)[:12]) or "there is none yet"
        mend = (
            f"did you mean `{close}`?" if close else f"write the id of a {kind} ({listed}), or add this one"
        )
        yield Finding("error", path, f"there is no {kind} `{id_}`", mend, of)


def _listed(path: Path, texts: tuple[str, ...], words: frozenset[str] = NOBODY) -> Iterator[Written]:
    return (Written((*path, i), text, words) for i, text in enumerate(texts))
