"""Whether a file makes sense, world or character: what `sandbox check` prints."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from characters.files import find_card, foreign_card, load_card
from characters.profile import Card, Voice
from worlds.actions import INTENTS, Handle, Touch
from worlds.check import Finding, Mark, check_world, mark
from worlds.checks.slots import bad_form, bad_level
from worlds.errors import InputError, UsageError
from worlds.files import find_world, read, validate, world_names
from worlds.source import Source
from worlds.spec import Character, World
from worlds.wrongs import meant

__all__ = ["check_card", "check_file"]

_MESSAGE = re.compile(r"(.+?\.\w+):(\d+): (.*)")

_BLANK = re.compile(r"\{([^{}]*)\}")
_BLANKS = ("to", "topic", "claim", "place", "thing")
_LEVELS = ("formality", "verbosity", "warmth", "hedging", "humour")
_VERBS = (
    *("go", "do", "wait", "say"),
    *get_args(Touch.model_fields["verb"].annotation),
    *get_args(Handle.model_fields["verb"].annotation),
    *INTENTS,
)


def check_file(name: str | Path, base: Path | None = None) -> tuple[Mark, ...]:
    """Check a world with its cast, or a character, by path or by name; give what is wrong in file order.

    Of a card of another program it gives what importing it mends. Nothing is raised but `UsageError`, for a name
    nobody knows. `base` is where the character's world is, as for `load_card`.
    """
    path = find_world(name) if str(name) in world_names() else find_card(name, base)
    try:
        foreign = foreign_card(path)
        if foreign is not None:
            return tuple(Mark("warning", str(path), 0, "", repair.what, "") for repair in foreign.repairs)
        source = read(path)
        if _is_card(source):
            card = validate(source, Card)
            return _sorted(mark(finding, source) for finding in check_card(card))
        return _sorted(_check_world(source, validate(source, World)))
    except InputError as error:
        return tuple(_from_message(error))


def check_card(card: Card) -> tuple[Finding, ...]:
    """Find what is wrong with a character whatever world it is put into."""
    found = (*_core(card), *_goals(card), *_voice(card.core.voice))
    return tuple(finding._replace(of=card.id) for finding in found)


def _check_world(source: Source, world: World) -> Iterator[Mark]:
    cast: list[Character] = []
    sources: dict[str, Source] = {"": source}
    for who in world.cast:
        try:
            card = load_card(who, source.path)
        except InputError as error:
            yield from _from_message(error)
        except UsageError as error:
            what, mend = str(error).partition(" (")[0], f"write characters/{who}.yaml beside the world"
            yield mark(Finding("error", ("cast", who), what, mend), source)
        else:
            cast.append(card.character())
            sources[who] = read(find_card(who, source.path))
            yield from (mark(finding, sources[who]) for finding in check_card(card))
    yield from (mark(finding, sources[finding.of]) for finding in check_world(world, tuple(cast)))


def _from_message(error: InputError) -> Iterator[Mark]:
    """Take an error about a file apart again: `file:line: path: what; mend`, a line each."""
    for text in str(error).splitlines():
        shape = _MESSAGE.match(text)
        file, line, rest = shape.groups() if shape else ("", "0", text)
        what, _, mend = rest.partition("; ")
        yield Mark("error", file, int(line), "", what, mend)


def _sorted(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(dict.fromkeys(marks), key=lambda mark: (mark.file, mark.line)))


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
