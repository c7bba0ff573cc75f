"""Decorators of the third card version: lines `@@name value` that begin an entry's content.

`@@@name` stands in for the line above it where that is unknown. What a decorator asks is put into the entry's fields.
"""

import re
from collections.abc import Callable
from typing import Any

from characters.cards.repairs import Repairs
from worlds.lore import FOREVER

__all__ = ["decorated"]

_LINE = re.compile(r"@@(@?)([a-z_]+)(?:[ \t]+(.*))?", re.IGNORECASE)
_HIGHEST = 100_000
_LINES = 100
"""How many lines of decorators one entry may have."""

_Made = dict[str, Any]


def decorated(content: str, where: str, repairs: Repairs) -> tuple[str, _Made]:
    """Take the decorators off a content: the rest of it, and the fields they ask for."""
    if not content.lstrip().startswith("@@"):
        return content, {}
    made: _Made = {}
    lines = content.lstrip().split("\n", _LINES)
    satisfied, used = False, 0
    for line in map(str.strip, lines[:_LINES]):
        match = _LINE.fullmatch(line)
        if line and not match:
            break
        used += 1
        if match is None or (match[1] and satisfied):
            continue
        asked = _asked(match[2].lower(), match[3] or "")
        satisfied = asked is not None
        if asked is None:
            repairs.add("lore.decorator", where, line)
        for name, value in (asked or {}).items():
            made[name] = (*made[name], *value) if name in ("keys", "unless") and name in made else value
    return "\n".join(lines[used:]).strip("\n"), made


def _number(value: str) -> int:
    return max(0, min(int(value.strip()[:12]), _HIGHEST))


def _keys(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


_PLACES: dict[str, _Made] = {
    "before_desc": {"place": "before"},
    "after_desc": {"place": "after"},
    "personality": {"place": "after"},
    "scenario": {"place": "after"},
}

_KNOWN: dict[str, Callable[[str], _Made]] = {
    "activate": lambda _: {"constant": True},
    "dont_activate": lambda _: {"enabled": False},
    "activate_only_after": lambda value: {"delay": _number(value)},
    "activate_only_every": lambda value: {"every": _number(value)},
    "keep_activate_after_match": lambda _: {"sticky": FOREVER},
    "dont_activate_after_match": lambda _: {"cooldown": FOREVER},
    "scan_depth": lambda value: {"depth": _number(value)},
    "depth": lambda _: {"place": "late"},
    "reverse_depth": lambda _: {"place": "before"},
    "position": lambda value: _PLACES[value.strip().lower()],
    "role": lambda _: {},
    "additional_keys": lambda value: {"keys": _keys(value)},
    "exclude_keys": lambda value: {"unless": _keys(value)},
    "ignore_on_max_context": lambda _: {"priority": -_HIGHEST},
}


def _asked(name: str, value: str) -> _Made | None:
    """Give the fields a decorator asks for; None for one that means nothing here."""
    try:
        return _KNOWN[name](value)
    except (ValueError, KeyError):
        return None
