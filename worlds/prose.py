"""Events in plain words: what a witness could tell of them.

`tell` renders one event whole, `hint` renders its glimpse. Both are pure functions of the event and of names.
"""

import re
from collections.abc import Mapping
from typing import assert_never

from worlds.actions import Action, Do, Effect, Go, Handle, Moved, Say, Touch, Wait
from worlds.events import Acted, Ended, Event, Happened, Intervened, Resolved, SceneSet

__all__ = ["attempt", "capital", "hint", "is_plural", "said_to_be", "tell", "there_is"]

_MANNERS = {"aloud": "says", "aside": "mutters", "whisper": "whispers", "shout": "shouts"}
_CALLED = re.compile(r"(?:the|some|these|those|\S+'s) ", re.IGNORECASE)
_AFTER_HEAD = re.compile(r" (?:of|with|in|on|from|for|to|that|by|at|behind|under) |,")
_SINGULAR_S = frozenset("gas lens canvas atlas compass news cosmos chaos us this".split())
_PLURAL = frozenset("people men women children geese mice teeth feet dice oxen".split())
_ASKED = {"aloud": "asks", "aside": "murmurs", "whisper": "whispers", "shout": "shouts"}


def tell(event: Event, names: Mapping[str, str]) -> str:
    """Put an event into one or more sentences, third person; empty for what nobody can perceive."""
    body = event.body
    match body:
        case SceneSet() | Happened() | Intervened() | Ended():
            return body.text
        case Acted():
            return attempt(_name(names, event.by), body.action, names)
        case Resolved():
            return body.text or _outcome(body.effects, names)
        case _:
            return ""


def hint(event: Event, names: Mapping[str, str], *, dark: bool) -> str:
    """Put into words what can be noticed of an event that is not perceived whole."""
    who = "Somebody" if dark else _name(names, event.by)
    body = event.body
    if isinstance(body, Acted):
        action = body.action
        if isinstance(action, Say):
            return _hint_of_speech(who, action, names)
        return "Somebody moves in the dark."
    return "Something stirs in the dark."


def capital(text: str) -> str:
    """Give the text with its first letter upper case."""
    return text[:1].upper() + text[1:]


def said_to_be(name: str, how: str) -> str:
    """Say how something is, as in `The house keys are not within reach.` for `not within reach`."""
    return f"{capital(name)} {_be(name)} {how}."


def there_is(name: str) -> str:
    """Begin to say that something is there: `There are the house keys`."""
    return f"There {_be(name)} {name}"


def _be(name: str) -> str:
    return "are" if is_plural(name) else "is"


def is_plural(name: str) -> bool:
    """Whether a name is one of several things: `the house keys`, but not `the lens`, nor anybody's own name."""
    if not _CALLED.match(name):
        return False
    head = _AFTER_HEAD.split(name)[0].rsplit(" ", 1)[-1].lower()
    many = head.endswith("s") and not head.endswith(("ss", "us", "is", "'s")) and head not in _SINGULAR_S
    return many or head in _PLURAL


def _hint_of_speech(who: str, action: Say, names: Mapping[str, str]) -> str:
    if action.manner == "shout":
        return f"{who} shouts something behind a closed door."
    to = _listed(action.to, names)
    return f"{who} {_MANNERS[action.manner]} something{f' to {to}' if to else ''}."


def _name(names: Mapping[str, str], id_: str) -> str:
    return names.get(id_, id_.replace("_", " "))


def _listed(ids: tuple[str, ...], names: Mapping[str, str]) -> str:
    words = [_name(names, id_) for id_ in ids]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def attempt(who: str, action: Action, names: Mapping[str, str], *, done: bool = False) -> str:
    """Put an attempt into a sentence; `done` if it came off."""
    match action:
        case Say():
            verbs = _ASKED if action.text.endswith("?") else _MANNERS
            to = _listed(action.to, names)
            if verbs is _ASKED and action.manner == "aloud":
                return f"{who} asks{f' {to}' if to else ''}: “{action.text}”"
            return f"{who} {verbs[action.manner]}{f' to {to}' if to else ''}: “{action.text}”"
        case Go():
            return f"{who} {'goes to' if done else 'sets out for'} {_name(names, action.to)}."
        case Touch():
            verb = _DONE.get(action.verb, _VERBS[action.verb]) if done else _VERBS[action.verb]
            return f"{who} {verb} {_name(names, action.target)}."
        case Handle():
            return _handled(who, action, names, done=done)
        case Do():
            return capital(f"{who} {action.text.rstrip('.')}.")
        case Wait():
            return f"{who} waits."
        case _:
            assert_never(action)


_VERBS = {
    "take": "reaches for",
    "drop": "puts down",
    "open": "tries to open",
    "close": "moves to close",
    "lock": "tries to lock",
    "unlock": "tries to unlock",
    "examine": "looks closely at",
    "attack": "goes for",
    "restrain": "tries to hold",
}


_DONE = {"take": "takes", "open": "opens", "close": "closes", "lock": "locks", "unlock": "unlocks"}


def _handled(who: str, action: Handle, names: Mapping[str, str], *, done: bool) -> str:
    thing, to = _name(names, action.thing), _name(names, action.to) if action.to else ""
    match action.verb:
        case "give":
            return f"{who} {'gives' if done else 'holds out'} {thing} to {to}."
        case "put":
            return f"{who} puts {thing} with {to}."
        case "show":
            return f"{who} shows {thing} to {to}." if to else f"{who} shows {thing} around."
        case "use":
            return f"{who} tries {thing}{f' on {to}' if to else ''}."


def _outcome(effects: tuple[Effect, ...], names: Mapping[str, str]) -> str:
    moved = [effect for effect in effects if isinstance(effect, Moved)]
    return " ".join(f"{_name(names, move.who)} comes to {_name(names, move.to)}." for move in moved)
