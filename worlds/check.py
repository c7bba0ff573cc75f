"""Whether a world that reads well also makes sense: `check_world`, pure and without files.

An **error** is something the rules would refuse or never do; a **warning** is what an author rarely means.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from worlds.checks import conditions, effects, lore, names, people, places, story, things
from worlds.checks.ground import Finding, Ground
from worlds.errors import SandboxError
from worlds.events import Event, Started
from worlds.fold import apply
from worlds.source import Source
from worlds.spec import Character, Settings, World
from worlds.state import hold
from worlds.wrongs import spell

__all__ = ["Finding", "Mark", "check_world", "mark"]

_CHECKS = (
    names.find,
    places.find,
    things.find,
    conditions.find,
    effects.find,
    people.find,
    lore.find,
    story.find,
)


def check_world(world: World, cast: tuple[Character, ...] = ()) -> tuple[Finding, ...]:
    """Find what is wrong with a world and the cast that plays in it, errors first.

    Without a cast, whatever hangs on the characters' own files is left unchecked.
    """
    ground = Ground(world, cast)
    found = dict.fromkeys(finding for check in _CHECKS for finding in check(ground))
    if not any(finding.severity == "error" for finding in found):
        found |= dict.fromkeys(_ends_at_once(world, cast))
    return tuple(sorted(found, key=lambda finding: finding.severity))


class Mark(NamedTuple):
    """A finding with its place in a file, as an editor and a person want it."""

    severity: Literal["error", "warning"]
    file: str
    line: int
    """From 1; 0 if the file as a whole is meant."""
    path: str
    """`places.hall.exits[0].to`; empty for the file as a whole."""
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = (place, self.severity, self.path, self.what)
        return ": ".join(filter(None, parts)) + (f"; {self.mend}" if self.mend else "")


def mark(finding: Finding, source: Source) -> Mark:
    """Find the line of a finding in the file it is about."""
    file, line = str(source.path), source.line(finding.path)
    return Mark(finding.severity, file, line, spell(finding.path), finding.what, finding.mend)


def _ends_at_once(world: World, cast: tuple[Character, ...]) -> Iterator[Finding]:
    """Find endings that hold before anything has happened; asks the real rules."""
    try:
        state = apply(None, Event(seq=0, turn=0, body=Started(world=world, cast=cast, settings=Settings())))
    except SandboxError:
        return
    for i, ending in enumerate(world.endings):
        if not ending.after and hold(state, ending.when):
            what = f"the ending `{ending.id}` holds before anything has happened"
            yield Finding(
                "error", ("endings", i), what, "give it `after`, or a condition that is not true at first"
            )
