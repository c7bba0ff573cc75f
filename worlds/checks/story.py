"""What can come about at all: beats, endings, scenes, deeds and ways that wait for what never happens."""

from collections.abc import Iterator
from typing import NamedTuple

from worlds.checks.domains import Domains
from worlds.checks.ground import Finding, Ground, Path
from worlds.state import MINUTES_A_DAY, minutes

__all__ = ["find"]

_BRING = "change the condition, or add an effect that brings it about"


class _Waiting(NamedTuple):
    """Something that comes about once its conditions hold."""

    path: Path
    never: str
    when: tuple[str, ...]


def find(ground: Ground) -> Iterator[Finding]:
    """Find what waits in vain, numbers and times that are none, and scenes that never open."""
    yield from _numbers(ground)
    yield from _clock(ground)
    yield from _times(ground)
    yield from _scenes(ground)
    yield from _secrets(ground)
    domains = Domains(ground)
    fired = domains.settle()
    for i, beat in enumerate(ground.world.beats):
        why = domains.stuck(beat.when)
        if not why and beat.after in ground.beats - fired:
            why = f"it comes after `{beat.after}`, which never fires"
        if not why and beat.chance <= 0:
            why = f"its chance is {beat.chance:g}"
        if why:
            yield Finding("error", ("beats", i), f"the beat `{beat.id}` can never fire: {why}", _BRING)
    for waiting in _waiting(ground):
        why = domains.stuck(waiting.when)
        if why:
            yield Finding("warning", waiting.path, f"{waiting.never}: {why}", _BRING)


def _waiting(ground: Ground) -> Iterator[_Waiting]:
    world = ground.world
    for i, ending in enumerate(world.endings):
        yield _Waiting(("endings", i, "when"), f"the ending `{ending.id}` is never reached", ending.when)
    for i, scene in enumerate(world.scenes):
        yield _Waiting(("scenes", i, "until"), f"the scene `{scene.id}` never ends", scene.until)
    for i, deed in enumerate(world.deeds):
        yield _Waiting(("deeds", i, "when"), f"the deed `{deed.id}` is never offered", deed.when)
    for path, thing, use in ground.uses():
        yield _Waiting((*path, "when"), f"this use of `{thing}` never fits", use.when)
    for path, thing, clue in ground.clues():
        yield _Waiting((*path, "when"), f"this clue of `{thing}` is never found", clue.when)
    for path, place, way in ground.exits():
        hidden = (way.hidden,) if way.hidden else ()
        yield _Waiting((*path, "hidden"), f"the way from `{place}` to `{way.to}` is never known", hidden)


def _numbers(ground: Ground) -> Iterator[Finding]:
    """Find numbers out of their range."""
    world = ground.world
    least: list[tuple[Path, int, int]] = [
        (("turns",), world.turns, 1),
        (("carry",), world.carry, 0),
        (("clock", "minutes"), world.clock.minutes, 0),
    ]
    least += [(("things", id_, "capacity"), thing.capacity, 0) for id_, thing in world.things.items()]
    for i, beat in enumerate(world.beats):
        least += [(("beats", i, "every"), beat.every, 0), (("beats", i, "delay"), beat.delay, 0)]
    for i, scene in enumerate(world.scenes):
        least += [(("scenes", i, "rounds"), scene.rounds, 0), (("scenes", i, "skip"), scene.skip, 0)]
    for path, number, bound in least:
        if number < bound:
            yield Finding("error", path, f"{number} is too small", f"write {bound} or more")
    chances: list[tuple[Path, float]] = [
        (("beats", i, "chance"), beat.chance) for i, beat in enumerate(world.beats)
    ]
    chances += [(("deeds", i, "chance"), deed.chance) for i, deed in enumerate(world.deeds)]
    for path, chance in chances:
        if not 0 <= chance <= 1:
            yield Finding("error", path, f"{chance:g} is no chance", "write a number from 0 to 1")


def _clock(ground: Ground) -> Iterator[Finding]:
    """Find times of the clock that do not read."""
    clock = ground.world.clock
    for field in ("start", "dawn", "dusk"):
        text = str(getattr(clock, field))
        if (text or field == "start") and _moment(text) is None:
            form = "day 1 08:00" if field == "start" else "07:30"
            yield Finding("error", ("clock", field), f"`{text}` is no time", f"write for example `{form}`")
    if bool(clock.dawn) is not bool(clock.dusk):
        mend = "set both to skip the night, or neither"
        yield Finding(
            "warning", ("clock",), "of `dawn` and `dusk`, only one is set, which does nothing", mend
        )


def _times(ground: Ground) -> Iterator[Finding]:
    """Find beats set for no time, or for later than a run lasts."""
    world = ground.world
    for i, beat in enumerate(world.beats):
        path: Path = ("beats", i, "at")
        if beat.at.startswith("turn ") and beat.at[5:].strip().isdecimal():
            if int(beat.at[5:]) >= world.turns:
                mend = "set it earlier, or raise `turns` of the world"
                yield Finding("warning", path, f"`{beat.at}` is past the {world.turns} turns of a run", mend)
        elif beat.at and _moment(beat.at) is None:
            mend = "write `turn 30` or `day 2 07:30`"
            yield Finding("error", path, f"`{beat.at}` is no turn and no time", mend)
        elif beat.at and (_moment(beat.at) or 0) > _latest(ground):
            mend = "set it earlier, or raise `turns` or `clock.minutes`"
            yield Finding(
                "warning", path, f"`{beat.at}` is later than the clock gets in {world.turns} turns", mend
            )


def _moment(text: str) -> int | None:
    """Read a time as minutes since day 1, 00:00; None if it is none."""
    try:
        moment = minutes(text)
        hours, rest = (int(part) for part in text.rpartition(" ")[2].split(":"))
    except ValueError:
        return None
    return moment if moment >= 0 and 0 <= hours < 24 and 0 <= rest < 60 else None


def _latest(ground: Ground) -> float:
    """Give a time no run gets past: as if every turn were a round."""
    world, clock = ground.world, ground.world.clock
    nights = MINUTES_A_DAY if clock.dawn and clock.dusk else 0
    skipped = sum(scene.skip for scene in world.scenes)
    return (_moment(clock.start) or 0) + skipped + world.turns * (clock.minutes + nights)


def _scenes(ground: Ground) -> Iterator[Finding]:
    scenes = ground.world.scenes
    for i, scene in enumerate(scenes[:-1]):
        if not scene.rounds and not scene.until:
            what = f"the scene `{scene.id}` never ends, so `{scenes[i + 1].id}` never opens"
            yield Finding("warning", ("scenes", i), what, "give it `rounds` or `until`")


def _secrets(ground: Ground) -> Iterator[Finding]:
    """Find secrets nobody knows and nothing reveals."""
    found = [claim for path, claim, _ in ground.claims if path[0] != "secrets"]
    for path, claim, of in ground.claims:
        if path[0] != "secrets":
            continue
        secret = next(secret for secret in ground.secrets.values() if secret.claim is claim)
        if not ground.people.intersection(secret.known_by) and claim not in found:
            mend = "name somebody in `known_by`, or let a clue or deed claim the same"
            yield Finding(
                "warning", path[:-1], f"nobody knows `{secret.id}`, and nothing reveals it", mend, of
            )
