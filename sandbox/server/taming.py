"""What a game sends, made tame: actions and effects read to the letter, and no name or number no world could have."""

import json
import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter

from worlds.actions import Action, Became, Effect, Profile
from worlds.errors import IllegalError

__all__ = ["MOST_WORDS", "StrictAction", "StrictEffect", "tame", "whole"]

MOST_WORDS = 4000
"""Characters of one text."""

_SLOT = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z0-9_]{1,48}){0,2}")
_FAR = 1e12

_ACTION: TypeAdapter[Action] = TypeAdapter(Action)
_EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)


def _strict(kind: TypeAdapter[Any]) -> BeforeValidator:
    """Read what is given as the schema says, with no 0 for `false`."""
    return BeforeValidator(lambda data: kind.validate_json(json.dumps(data), strict=True))


StrictAction = Annotated[Action, _strict(_ACTION)]
StrictEffect = Annotated[Effect, _strict(_EFFECT)]


def whole(text: str) -> str:
    """Put a question mark for what is no letter: half of a surrogate pair cannot be written down."""
    return text.encode("utf-8", "replace").decode()


def tame(given: Effect | Action) -> None:
    """Refuse names, texts and numbers that no world file could have; `IllegalError` says which."""
    if isinstance(given, Became | Profile):
        name = given.attribute if isinstance(given, Became) else given.slot
        if not _SLOT.fullmatch(name):
            raise IllegalError(
                f"{name[:80]!r} is no name; write small letters, digits and _, parts joined by dots"
            )
    values = list(given.model_dump().values())
    while values:
        value = values.pop()
        if isinstance(value, list | tuple):
            values += value
        elif isinstance(value, int | float) and not (math.isfinite(value) and abs(value) < _FAR):
            raise IllegalError("a number here is finite and smaller than a million millions")
        elif isinstance(value, str) and len(value) > MOST_WORDS:
            raise IllegalError(f"a text here has at most {MOST_WORDS} characters")
