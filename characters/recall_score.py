"""What is asked of memory, and how what it holds is weighed. One table of weights; no model is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from characters.embedders import Vectors, unit
from characters.recall_lexicon import terms
from characters.recall_phrases import wanted
from worlds.actions import Say
from worlds.state import State
from worlds.view import View

__all__ = ["HALF_LIFE", "WEIGHTS", "Moment", "Parts", "Query", "query_of", "recency"]


class Parts(NamedTuple):
    """The four parts of a score, each 0..1."""

    relevance: float
    """Cosine of the vectors."""
    words: float
    """Words, notions and names in common, the rare ones counting most."""
    recency: float
    """Halves every `HALF_LIFE` minutes on the world clock."""
    importance: float
    """See `characters.remembering.importance`."""

    @property
    def why(self) -> str:
        """What each part adds to the score."""
        return " · ".join(
            f"{name} {weight * part:.2f}"
            for name, weight, part in zip(self._fields, WEIGHTS, self, strict=True)
        )


WEIGHTS = Parts(relevance=0.20, words=0.55, recency=0.10, importance=0.15)
"""What each part of a score counts."""

HALF_LIFE = 12 * 60
"""Minutes of world time in which recency halves."""

_NAMED = 1.5
"""How much more a word of the query counts that is part of the name of somebody or something."""
_LINES = 6
"""How many pieces of news a query is built from: the newest."""
_ASIDE, _AROUND = 0.5, 0.25
"""What news counts that was not said to the character, and what is around it; what was said to it counts 1."""


class Moment(NamedTuple):
    """As of when something is recalled."""

    before: int
    """Only what came before this seq is there to be recalled."""
    now: int
    """Minutes of world time since day 1, 00:00."""
    seen: frozenset[int] = frozenset()
    """Percepts the view holds anyway."""


@dataclass(frozen=True, slots=True)
class Query:
    """What memory is asked for: texts, each with what it counts."""

    parts: tuple[tuple[str, float], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(text for text, _ in self.parts)

    def vector(self, rows: Vectors) -> Vectors:
        """Give one vector of length 1 for all parts; `rows` holds one a text."""
        counts = np.array([[weight for _, weight in self.parts]], np.float32)
        vector: Vectors = unit(counts @ rows)[0]
        return vector

    def terms(self, names: Iterable[str]) -> Mapping[str, float]:
        """Give each term with what it counts: the most it counts in any part, more if it names something."""
        found: dict[str, float] = {}
        for text, weight in self.parts:
            for term in terms(text).all:
                found[term] = max(weight, found.get(term, 0.0))
        for name in found.keys() & set(names):
            found[name] *= _NAMED
        return found


def query_of(state: State, view: View) -> Query:
    """Say what a view calls to mind: what was said to the character, what else happened, who and what is around."""
    parts = []
    for percept in view.news[-_LINES:]:
        action = percept.action
        to_me = isinstance(action, Say) and view.who in action.to and percept.by != view.who
        parts.append((percept.text, 1.0 if to_me else _ASIDE))
    if isinstance(question := view.extra.get("question"), str):
        parts.append((question, 1.0))
    wants = (value for slot, value in view.slots.items() if slot.startswith("goal."))
    aims = [wanted(state, value) for value in wants if value not in ("done", "dropped", "")]
    parts.append((". ".join((*(fellow.name for fellow in view.fellows), view.place_name, *aims)), _AROUND))
    return Query(tuple(part for part in parts if part[0]))


def recency(minutes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give 1 for now, half of it for each half-life that has passed."""
    passed: NDArray[np.float64] = np.exp2(-np.maximum(minutes, 0) / HALF_LIFE)
    return passed
