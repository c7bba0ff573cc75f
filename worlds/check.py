"""Whether a world that reads well also makes sense: `check_world`, pure and without files.

An **error** is something the rules would refuse or never do; a **warning** is what an author rarely means.
"""

from collections.abc import Iterable, Iterator

from worlds.checks import conditions, effects, names, people, places, story, things
from worlds.checks.ground import Finding, Ground
from worlds.errors import SandboxError
from worlds.events import Event, Started
from worlds.fold import apply
from worlds.source import Source
from worlds.spec import Character, Settings, World
from worlds.state import hold
from worlds.wrongs import spell

__all__ = ["Finding", "check_world", "report"]

_CHECKS = (names.find, places.find, things.find, conditions.find, effects.find, people.find, story.find)


def check_world(world: World, cast: tuple[Character, ...] = ()) -> tuple[Finding, ...]:
    """Find what is wrong with a world and the cast that plays in it, errors first.

    Without a cast, whatever hangs on the characters' own files is left unchecked.
    """
    ground = Ground(world, cast)
    found = dict.fromkeys(finding for check in _CHECKS for finding in check(ground))
    if not any(finding.severity == "error" for finding in found):
        found |= dict.fromkeys(_ends_at_once(world, cast))
    return tuple(sorted(found, key=lambda finding: finding.severity))


def report(
    findings: Iterable[Finding], source: Source, cast: dict[str, Source] | None = None
) -> tuple[str, ...]:
    """Put findings into lines `file:line: severity: path: what; mend`, in the order of the file."""
    lines = []
    for finding in findings:
        file = (cast or {}).get(finding.of, source) if finding.of else source
        line = file.line(finding.path)
        text = (
            f"{file.path}:{line}: {finding.severity}: {spell(finding.path)}: {finding.what}; {finding.mend}"
        )
        lines.append((finding.of, line, text))
    return tuple(text for _, _, text in sorted(lines))


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
