"""The small language of conditions in world files.

One condition is `left operator right`; a list of them holds if all hold. What can stand on the left:

    turn · round · day · hour         numbers of the run and of the world clock
    ring.holder · ring.at             who or what a thing is directly with; the place it is in
    mira.at                           the place a character is in
    hatch.open                        any fact
    mira:goal.ring                    a slot of a profile; a missing one reads as ""
    theft.knowers · theft.known.bram  how many know a secret; whether one does
    beat.avalanche                    whether a beat has fired
"""

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from worlds.actions import Scalar
from worlds.errors import InputError

__all__ = ["OPERATORS", "Condition", "compare", "parse"]


def _number(compare_numbers: Callable[[float, float], bool]) -> Callable[[Scalar, Scalar], bool]:
    def check(left: Scalar, right: Scalar) -> bool:
        both = isinstance(left, int | float) and isinstance(right, int | float)
        return both and compare_numbers(float(left), float(right))

    return check


OPERATORS: dict[str, Callable[[Scalar, Scalar], bool]] = {
    "is not": operator.ne,
    "is": operator.eq,
    ">=": _number(operator.ge),
    "<=": _number(operator.le),
    ">": _number(operator.gt),
    "<": _number(operator.lt),
}

_SHAPE = re.compile(r"^\s*([\w.:-]+)\s*(is not|is|>=|<=|>|<)\s*(\".*\"|[^\s\"]+)\s*$")


class Condition(NamedTuple):
    """One parsed condition."""

    left: str
    op: str
    right: Scalar


@lru_cache(maxsize=4096)
def parse(text: str) -> Condition:
    """Read one condition; raise `InputError` if it is not of the form."""
    shape = _SHAPE.match(text)
    if not shape:
        message = (
            f"condition {text!r} does not read as `left operator right`; write for example `ring.at is hall`"
        )
        raise InputError(message)
    left, op, right = shape.groups()
    return Condition(left, op, _value(right))


def compare(condition: Condition, left: Scalar) -> bool:
    """Whether the condition holds when its left side has this value."""
    return OPERATORS[condition.op](left, condition.right)


def _value(word: str) -> Scalar:
    if word.startswith('"'):
        return word[1:-1]
    if word in ("true", "false"):
        return word == "true"
    try:
        return float(word) if "." in word else int(word)
    except ValueError:
        return word
