"""Whether a file makes sense, world or character: what `sandbox check` prints."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from characters.files import find_card, load_card
from characters.profile import Card, Voice
from worlds.actions import INTENTS, Handle, Touch
from worlds.check import Finding, check_world, report
from worlds.checks.slots import bad_form, bad_level
from worlds.errors import InputError, SandboxError
from worlds.files import find_world, read, validate, world_names
from worlds.source import Source
from worlds.spec import Character, World
from worlds.wrongs import meant

__all__ = ["Checked", "check_card", "check_file"]

_BLANK = re.compile(r"\{([^{}]*)\}")
_BLANKS = ("to", "topic", "claim", "place", "thing")
_LEVELS = ("formality", "verbosity", "warmth", "hedging", "humour")
_VERBS = (
    *("go", "do", "wait", "say"),
    *get_args(Touch.model_fields["verb"].annotation),
    *get_args(Handle.model_fields["verb"].annotation),
    *INTENTS,
)


class Checked(NamedTuple):
    """What was found in a file: lines for a person, and how many are errors and warnings."""

    lines: tuple[str, ...]
    errors: int = 0
    warnings: int = 0


def check_file(name: str | Path, base: Path | None = None) -> Checked:
    """Check a world with its cast, or a character, by path or by name.

    What is wrong in the file, or in its characters' files, is in the result; `UsageError` is for a name that
    nobody knows. `base` is where a character's world is, as for `load_card`.
    """
    path = find_world(name) if str(name) in world_names() else find_card(name, base)
    try:
        source = read(path)
        if _is_card(source):
            card = validate(source, Card)
            return _checked(check_card(card), source, {card.id: source})
        world = validate(source, World)
    except InputError as error:
        lines = tuple(str(error).splitlines())
        return Checked(lines, errors=len(lines))
    return _check_world(source, world)


def check_card(card: Card) -> tuple[Finding, ...]:
    """Find what is wrong with a character whatever world it is put into."""
    found = (*_core(card), *_goals(card), *_voice(card.core.voice))
    return tuple(finding._replace(of=card.id) for finding in found)


def _check_world(source: Source, world: World) -> Checked:
    cast: list[Character] = []
    sources: dict[str, Source] = {}
    found: list[Finding] = []
    broken: list[str] = []
    for who in world.cast:
        try:
            card = load_card(who, source.path)
        except InputError as error:
            broken += str(error).splitlines()
        except SandboxError as error:
            mend = f"write characters/{who}.yaml beside the world"
            found.append(Finding("error", ("cast", who), str(error).partition(" (")[0], mend))
        else:
            cast.append(card.character())
            sources[who] = read(find_card(who, source.path))
            found += check_card(card)
    checked = _checked((*found, *check_world(world, tuple(cast))), source, sources)
    return Checked((*broken, *checked.lines), checked.errors + len(broken), checked.warnings)


def _checked(found: tuple[Finding, ...], source: Source, cast: dict[str, Source]) -> Checked:
    found = tuple(dict.fromkeys(found))
    errors = sum(finding.severity == "error" for finding in found)
    return Checked(report(found, source, cast), errors, len(found) - errors)


def _is_card(source: Source) -> bool:
    """Tell a character from a world by the fields only one of them has."""
    return isinstance(source.data, dict) and "core" in source.data and "places" not in source.data


def _core(card: Card) -> Iterator[Finding]:
    core = card.core
    if not re.fullmatch(r"[a-z][a-z0-9_]*", card.id):
        yield Finding("error", ("id",), f"`{card.id}` is no id", "use lower-case letters, digits and _")
    for trait, strength in core.traits.items():
        if not 0 <= strength <= 1:
            path = ("core", "traits", trait)
            yield Finding("error", path, f"{strength:g} is no strength", "write a number from 0 to 1")
    for i, verb in enumerate(core.taboo_verbs):
        if verb not in _VERBS:
            mend = meant(verb, _VERBS).lstrip("; ") or "write a verb or a speech act, such as attack or lie"
            yield Finding("error", ("core", "taboo_verbs", i), f"`{verb}` is no verb here", mend)
    for slot, value in card.slots.items():
        yield from bad_level(("slots", slot), slot, value)


def _goals(card: Card) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, goal in enumerate(card.core.goals):
        if goal.id in seen:
            what = f"two goals have the id `{goal.id}`"
            yield Finding("error", ("core", "goals", i, "id"), what, "give one another id")
        seen.add(goal.id)
        yield from bad_form(("core", "goals", i, "want"), goal.want)
    for slot, value in card.slots.items():
        if slot.startswith("goal."):
            yield from bad_form(("slots", slot), str(value))


def _voice(voice: Voice) -> Iterator[Finding]:
    for level in _LEVELS:
        if not 0 <= float(getattr(voice, level)) <= 1:
            path = ("core", "voice", level)
            yield Finding("error", path, "a level is between 0 and 1", "write a number from 0 to 1")
    if not voice.samples:
        mend = "add a few `samples`: things this person has said"
        yield Finding("warning", ("core", "voice"), "nothing tells how they sound", mend)
    for intent, lines in voice.lines.items():
        for i, line in enumerate(lines):
            for blank in _BLANK.findall(line):
                if blank not in _BLANKS:
                    there = ", ".join(f"{{{name}}}" for name in _BLANKS)
                    where: tuple[str | int, ...] = ("core", "voice", "lines", intent, i)
                    yield Finding("error", where, f"nothing fills `{{{blank}}}`", f"here there is {there}")
