"""A conversation as any program might write it, and what becomes of it here: a log of one place with its speakers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from pydantic import JsonValue

from judges.verdict import Verdict
from worlds.actions import Action, Do, Say
from worlds.events import Acted, Cued, Draft, Happened, Resolved, SceneSet, Started, TurnEnded
from worlds.people import Character, Entrance
from worlds.spec import Place, Scene, Settings, World
from worlds.trajectory import Trajectory, extend, start

__all__ = ["Lack", "Line", "Script", "lacks_of", "staged", "withheld"]

NARRATED = "narrated"
"""The beat that stands for words nobody of the cast says."""

_PLACE = "here"
_NAME, _PERSONA = 60, 12_000
_NO_ID = re.compile(r"\W+")
_SPACE = re.compile(r"[ \t]+")
_BULLET = re.compile(r"^[\s\-*•#>]+")


class Line(NamedTuple):
    """One turn."""

    who: str
    """Name of the speaker; empty for narration."""
    text: str
    """What is said, or told."""
    deed: str = ""
    """What is done along with it, or instead."""
    thought: str = ""


class Script(NamedTuple):
    """A conversation, in the words of its file."""

    lines: Sequence[Line]
    title: str = ""
    premise: str = ""
    place: str = ""
    place_text: str = ""
    personas: Mapping[str, str] = {}
    """Name to what the file says about who that is."""
    prompted: bool = False
    """Whether who somebody is was read out of a system prompt, orders and all."""
    people: frozenset[str] = frozenset()
    """Names of those whom persons play: they are listened to and not judged."""
    notes: tuple[str, ...] = ()
    """What was left out or had to be guessed."""


class Lack(NamedTuple):
    """Something a file does not say, and the dimensions nobody can judge for want of it."""

    why: str
    dimensions: tuple[str, ...]
    """Dimensions, or families of them; all if empty."""
    who: frozenset[str] = frozenset()
    """Ids of the characters concerned; all if empty."""

    def __str__(self) -> str:
        whom = f" for {', '.join(sorted(self.who))}" if self.who else ""
        return f"not judged{whom}: {', '.join(self.dimensions) or 'anything'}: {self.why}"

    def bars(self, verdict: Verdict) -> bool:
        """Whether a verdict could only be made up."""
        names = (verdict.dimension, verdict.dimension.partition(".")[0])
        concerned = not self.who or verdict.subject in self.who
        return concerned and (not self.dimensions or any(name in self.dimensions for name in names))


_ALWAYS = (
    Lack(
        "the file has no world: it does not say where things are, who is where, or what is so",
        ("consistency.world", "consistency.place", "consistency.presence"),
    ),
    Lack(
        "the file does not say what an utterance claims, nor who knew what before",
        ("consistency.knowledge", "consistency.self", "consistency.belief"),
    ),
    Lack("the file has no timeline of profiles: it does not say what changed when", ("tracking",)),
    Lack("the file has no samples of anybody's voice", ("fidelity.voice", "fidelity.attribution")),
    Lack("the file lists no taboos and no bounds of knowledge", ("fidelity.taboo", "fidelity.bounds")),
    Lack("the file does not say in which time it plays", ("fidelity.period",)),
)


def lacks_of(script: Script) -> tuple[Lack, ...]:
    """Say what a script does not hold, and who cannot be judged for that."""
    ids = _ids(script)
    players = frozenset(ids[name] for name in script.people if name in ids)
    bare = frozenset(id_ for name, id_ in ids.items() if not script.personas.get(name, "").strip()) - players
    found = list(_ALWAYS)
    if players:
        found.insert(0, Lack("a person at the keyboard, no character", (), players))
    if script.prompted:
        found.append(
            Lack("in a prompt, orders cannot be told from what one might be asked", ("fidelity.missed",))
        )
    if bare:
        why = "the file does not say who this character is"
        found.append(Lack(why, ("fidelity.apc", "fidelity.violated", "fidelity.missed"), bare))
    return tuple(found)


def withheld(verdicts: Iterable[Verdict], lacks: Sequence[Lack]) -> Iterator[Verdict]:
    """Put one verdict without a value, saying why, where judges had nothing to go by; leave the others be."""
    told: set[tuple[str, str]] = set()
    for verdict in verdicts:
        lack = next((lack for lack in lacks if lack.bars(verdict)), None)
        if lack is None:
            yield verdict
        elif (verdict.subject, verdict.dimension) not in told:
            told.add((verdict.subject, verdict.dimension))
            yield Verdict(
                judge=verdict.judge,
                subject=verdict.subject,
                dimension=verdict.dimension,
                value=None,
                scale=verdict.scale,
                reason=lack.why,
            )


def staged(script: Script) -> Trajectory:
    """Play a script into a log: every line a turn, everybody in one place and within hearing."""
    ids = _ids(script)
    premise = script.premise or script.title or "A conversation."
    world = World(
        id="foreign",
        title=script.title or "A conversation",
        genre="imported",
        premise=premise,
        places={_PLACE: Place(name=script.place or "here", text=script.place_text)},
        scenes=(Scene(id="only", premise=premise, order="list"),),
        cast={id_: Entrance(at=_PLACE) for id_ in ids.values()},
    )
    cast = tuple(Character(id=id_, name=name, core=_core(script, name)) for name, id_ in ids.items())
    settings = Settings(turns=1 + sum(bool(line.who) for line in script.lines), order="list")
    log = start(Started(world=world, cast=cast, settings=settings))
    opening = [Draft(SceneSet(scene="only", text=premise))]
    return extend(log, chain(opening, *(_turn(line, ids) for line in script.lines)))


def _turn(line: Line, ids: Mapping[str, str]) -> list[Draft]:
    if not line.who:
        return [Draft(Happened(beat=NARRATED, text=line.text))]
    who = ids[line.who]
    action: Action = Say(text=line.text) if line.text else Do(text=line.deed)
    return [
        Draft(Cued(who=(who,))),
        Draft(Acted(action=action, thought=line.thought), by=who),
        Draft(Resolved(ok=True, text=line.deed), by=who),
        Draft(TurnEnded()),
    ]


def _ids(script: Script) -> dict[str, str]:
    """Give every speaker and everybody described an id of their own."""
    ids: dict[str, str] = {}
    for name in dict.fromkeys((*(line.who for line in script.lines if line.who), *script.personas)):
        stem = _NO_ID.sub("_", name.casefold()).strip("_")[:_NAME] or "somebody"
        number, id_ = 1, stem
        while id_ in ids.values() or id_ == _PLACE:
            number += 1
            id_ = f"{stem}_{number}"
        ids[name] = id_
    return ids


def _core(script: Script, name: str) -> dict[str, JsonValue]:
    """Make a core of what the file says about somebody: its first sentence is the identity."""
    told = [
        _BULLET.sub("", _SPACE.sub(" ", row)).strip() for row in script.personas.get(name, "").split("\n")
    ]
    text = " ".join(row if row[-1] in ".!?:" else f"{row}." for row in told if row)[:_PERSONA]
    first, _, rest = text.partition(". ")
    return {"identity": f"{first}." if rest else first, "summary": rest} if text else {}
