"""A view as numbers and words, and the choices it offers: what the environment shows and takes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, Text
from numpy.typing import NDArray

from characters.turn_scene import now_lines, standing_lines
from sandbox.tui.acting import choices
from worlds.actions import Action
from worlds.spec import World
from worlds.state import MINUTES_A_DAY
from worlds.view import View

__all__ = [
    "IMPROVISE",
    "LONGEST",
    "Offer",
    "Prose",
    "Table",
    "action_space",
    "offer",
    "seen_space",
    "table_of",
    "told",
]

LONGEST = 8_000
"""Characters of a view in words at most; the oldest news goes first."""

WORDS = 600
"""Characters of one's own words at most."""

IMPROVISE = 0
"""The choice that leaves deed and words to the built-in mind. All others are what the view offers, in its order."""

_MOODS = ("joy", "anger", "fear", "shame")


class Prose(Text):
    """Text in any script: what is written in worlds is not ours to narrow to an alphabet."""

    def contains(self, x: Any) -> bool:  # noqa: ANN401 - as the base class has it
        """Whether it is text, and no longer than it may be."""
        return isinstance(x, str) and len(x) <= self.max_length

    def __repr__(self) -> str:
        return f"Prose({self.max_length})"


class Table(NamedTuple):
    """What the numbers of an observation stand for, in order; the same for everybody in a run."""

    people: tuple[str, ...]
    places: tuple[str, ...]
    things: tuple[str, ...]
    goals: int
    """Most goals anybody has."""
    turns: int

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return 3 + len(self.places) + 3 * len(self.people) + len(self.things) + len(_MOODS) + self.goals

    def numbers(self, view: View) -> NDArray[np.float32]:
        """Give a view as numbers in −1..1.

        Time of day, share of the turns gone, darkness; where one is; who is here, trusted, liked; what one holds (1)
        or sees (0.5); moods; goals reached (1) and given up (−1).
        """
        here = {fellow.id for fellow in view.fellows}
        seen = {sight.id: 1.0 if sight.at == view.who else 0.5 for sight in view.sights}
        row = [
            view.time % MINUTES_A_DAY / MINUTES_A_DAY,
            min(1.0, view.turn / max(1, self.turns)),
            float(view.dark),
            *(float(place == view.place) for place in self.places),
            *(float(who in here) for who in self.people),
            *(_level(view, f"trust.{who}") for who in self.people),
            *(_level(view, f"liking.{who}") for who in self.people),
            *(seen.get(thing, 0.0) for thing in self.things),
            *(_level(view, f"mood.{mood}") for mood in _MOODS),
        ]
        goals = [value for slot, value in sorted(view.slots.items()) if slot.startswith("goal.")][
            : self.goals
        ]
        row += [{"done": 1.0, "dropped": -1.0}.get(str(value), 0.0) for value in goals]
        return np.array([*row, *[0.0] * (self.size - len(row))], dtype=np.float32)


class Offer(NamedTuple):
    """What one can choose from now."""

    labels: tuple[str, ...]
    actions: tuple[Action | None, ...]
    """None for `IMPROVISE`."""


def offer(view: View, most: int) -> Offer:
    """Give at most so many choices, numbered from 0; what is beyond is left out, waiting never."""
    found = choices(view, "")
    kept = found if len(found) < most else [*found[: most - 2], found[len(view.options) - 1]]
    return Offer(
        ("improvise", *(choice.label for choice in kept)), (None, *(choice.action for choice in kept))
    )


def told(view: View, found: Offer) -> str:
    """Give a view in words: what is new, where one is, how things stand, what one can choose."""
    head = [*now_lines(view), *standing_lines(view)]
    numbered = ", ".join(f"{number} {label}" for number, label in enumerate(found.labels))
    tail = "\n".join([*head, f"You can: {numbered}."])[:LONGEST]
    news = "\n".join(percept.text for percept in view.news if percept.text)
    room = max(0, LONGEST - len(tail) - 1)
    return f"{news[-room:] if room else ''}\n{tail}"


def seen_space(table: Table, most: int) -> Dict:
    """Give the space of observations: numbers, words, and which choices there are."""
    return Dict(
        {
            "observation": Box(-1.0, 1.0, (table.size,), np.float32),
            "text": Prose(LONGEST + 1, min_length=0),
            "action_mask": Box(0, 1, (most,), np.int8),
        }
    )


def action_space(most: int, *, words: bool) -> "Discrete[np.int64] | Dict":
    """Give the space of actions: a choice by number, and own words beside it if `words`."""
    choice = Discrete(most)
    return Dict({"choice": choice, "words": Prose(WORDS, min_length=0)}) if words else choice


def table_of(world: World, cast: Mapping[str, Any], turns: int) -> Table:
    """Give the table for a run."""
    goals = max(sum(slot.startswith("goal.") for slot in each.slots) for each in cast.values())
    return Table(tuple(cast), tuple(world.places), tuple(world.things), goals, turns)


def _level(view: View, slot: str) -> float:
    value = view.slots.get(slot, 0.0)
    return max(-1.0, min(1.0, float(value))) if isinstance(value, int | float) else 0.0
