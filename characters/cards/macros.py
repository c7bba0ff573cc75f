"""Macros in cards and lorebooks: `{{char}}`, `{{roll:2d6}}`, `{{time}}` and their kin, expanded in one pass.

Card text is data: nothing in it is ever formatted or executed. What a macro expands to is not looked at again, save
the arguments of the few macros that take text. Time is the world's clock; chance is drawn from an address, so that
the same moment of the same run gives the same words. What is unknown stands as it is.
"""

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

__all__ = ["Scope", "expand", "hidden_keys", "unknown"]

_MACRO = re.compile(r"\{\{((?:[^{}]|\{(?!\{)|\}(?!\}))*)\}\}")
_ANGLED = re.compile(r"<(user|char|bot)>", re.IGNORECASE)
_DICE = re.compile(r"(?:(\d{0,3})d)?(\d{1,6})(?:([+-])(\d{1,6}))?", re.IGNORECASE)
_DAY = 24 * 60
_DEPTH = 8
"""How deep macros may stand in one another."""
_MOST = 1_000
"""How many macros are expanded in one pass."""
_LONGEST = 262_144
"""Characters of a text up to which it is gone over again."""
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Scope(NamedTuple):
    """What macros stand for at one moment."""

    char: str
    user: str
    """Whom the character speaks with: somebody present, or a configured name."""
    clock: int | None = None
    """Minutes since day 1, 00:00; None where there is no world yet, and macros of time stand as they are."""
    draw: str = ""
    """Address of draws at this moment."""
    place: str = ""
    """Address of what is drawn once and for all: `{{pick}}`."""
    group: tuple[str, ...] = ()
    """Who else is present."""
    last: str = ""
    """The last thing that was perceived."""
    original: str = ""


def expand(text: str, scope: Scope) -> str:
    """Expand the macros in a text, inner ones first."""
    if "{{" not in text and "<" not in text:
        return text
    expander = _Expander(scope)
    for _ in range(_DEPTH):
        done = _MACRO.sub(expander.one, text, _MOST)
        if done == text or len(done) > _LONGEST:
            break
        text = done
    text = _ANGLED.sub(lambda match: scope.user if match[1].lower() == "user" else scope.char, text)
    return _trimmed(text.replace(_OPEN, "{{").replace(_SHUT, "}}"))


def hidden_keys(text: str) -> tuple[str, ...]:
    """Give the words that only lore is to see: `{{hidden_key:dragon}}`."""
    found = (match[1].partition(":") for match in _MACRO.finditer(text))
    return tuple(rest.strip() for name, _, rest in found if name.strip().lower() == "hidden_key")


def unknown(text: str) -> tuple[str, ...]:
    """Name the macros in a text that would be left as they are, wherever it stood."""
    everything = Scope("", "", 0, "", "", (), "", "")
    left = _MACRO.findall(expand(text, everything))
    return tuple(dict.fromkeys(name.strip()[:40] for name in left))


# Signs of the private use area hold the place of braces that are to stay.
_OPEN, _SHUT, _TRIM = "\ue000", "\ue001", "\ue002"


def _trimmed(text: str) -> str:
    """Leave out the space around each `{{trim}}`."""
    first, *rest = text.split(_TRIM)
    if not rest:
        return first
    *middle, last = rest
    return "".join((first.rstrip(), *(part.strip() for part in middle), last.lstrip()))


class _Expander:
    """Expands one text; draws are numbered by their place in it."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.drawn = 0

    def one(self, match: re.Match[str]) -> str:
        body = match[1].strip()
        if body.startswith("//"):
            return ""
        name, colon, rest = body.partition(":")
        name, rest = name.strip().lower(), rest.removeprefix(":")
        if colon and name in _WITH:
            return _WITH[name](self, rest)
        made = _BARE[name](self.scope) if not colon and name in _BARE else None
        return f"{_OPEN}{match[1]}{_SHUT}" if made is None else made

    def random(self, at: str) -> Random:
        self.drawn += 1
        return Random(f"{at}:{self.drawn}")

    def chosen(self, rest: str, at: str) -> str:
        options = rest.split("::") if "::" in rest else re.split(r"(?<!\\),", rest)
        choice = self.random(at).choice(options).replace("\\,", ",")
        return choice.strip()

    def rolled(self, rest: str) -> str:
        dice = _DICE.fullmatch(rest.strip())
        if not dice or not int(dice[2]):
            return f"{_OPEN}roll:{rest}{_SHUT}"
        random = self.random(self.scope.draw)
        total = sum(random.randint(1, int(dice[2])) for _ in range(int(dice[1] or 1)))
        bonus = int(dice[4] or 0) * (-1 if dice[3] == "-" else 1)
        return str(total + bonus)


_WITH: dict[str, Callable[[_Expander, str], str]] = {
    "random": lambda e, rest: e.chosen(rest, e.scope.draw),
    "pick": lambda e, rest: e.chosen(rest, e.scope.place),
    "roll": lambda e, rest: e.rolled(rest),
    "reverse": lambda _, rest: rest[::-1],
    "comment": lambda *_: "",
    "hidden_key": lambda *_: "",
}

_BARE: dict[str, Callable[[Scope], str | None]] = {
    "char": lambda s: s.char,
    "bot": lambda s: s.char,
    "charifnotgroup": lambda s: ", ".join((s.char, *s.group)) if len(s.group) > 1 else s.char,
    "user": lambda s: s.user,
    "persona": lambda s: s.user,
    "group": lambda s: ", ".join((s.char, *s.group)),
    "original": lambda s: s.original,
    "newline": lambda _: "\n",
    "noop": lambda _: "",
    "trim": lambda _: _TRIM,
    "lastmessage": lambda s: s.last,
    "time": lambda s: None if s.clock is None else _clock(s.clock),
    "isotime": lambda s: None if s.clock is None else _clock(s.clock),
    "date": lambda s: None if s.clock is None else f"day {s.clock // _DAY + 1}",
    "isodate": lambda s: None if s.clock is None else f"day {s.clock // _DAY + 1}",
    "weekday": lambda s: None if s.clock is None else _WEEK[s.clock // _DAY % 7],
}


def _clock(minutes: int) -> str:
    return f"{minutes % _DAY // 60:02}:{minutes % 60:02}"
