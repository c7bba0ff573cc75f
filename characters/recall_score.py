"""What is asked of memory, and how what it holds is weighed. One table of weights; no model is asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from characters.embedders import Vectors, unit
from characters.recall_lexicon import terms
from characters.recall_phrases import wanted
from characters.recall_words import Sought
from worlds.actions import Say
from worlds.state import State
from worlds.view import Percept, View

__all__ = ["HALF_LIFE", "WEIGHTS", "WORDED", "Moment", "Parts", "Query", "query_of", "recency"]


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

    def why(self, weights: "Parts") -> str:
        """Say what each part adds to the score."""
        return " · ".join(
            f"{name} {weight * part:.2f}"
            for name, weight, part in zip(self._fields, weights, self, strict=True)
        )


WEIGHTS = Parts(relevance=0.20, words=0.55, recency=0.10, importance=0.15)
"""What each part of a score counts, where vectors know meaning."""

WORDED = Parts(relevance=0.05, words=0.70, recency=0.10, importance=0.15)
"""The same where vectors are made of the very words, and say little that those do not."""

HALF_LIFE = 12 * 60
"""Minutes of world time in which recency halves."""

_NAMED = 1.5
"""How much more a word of the query counts that is part of the name of somebody or something."""
_LINES = 6
"""How many pieces of news a query is built from: the newest."""
_ASIDE, _AROUND = 0.5, 0.25
"""What other words and happenings count, and what deeds and surroundings; what was said to the character counts 1."""


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

    def terms(self, names: Collection[str]) -> Mapping[str, Sought]:
        """Give each term with what it matters in each part, more if it names something."""
        found: dict[str, Sought] = {}
        for at, (text, counts) in enumerate(self.parts):
            for term in terms(text).all:
                matters = _NAMED if term in names else 1.0
                most, parts = found.get(term) or Sought(0.0, [0.0] * len(self.parts))
                parts[at] = matters
                found[term] = Sought(max(most, counts * matters), parts)
        return found

    @property
    def counts(self) -> NDArray[np.float64]:
        """What each part counts."""
        return np.array([counts for _, counts in self.parts])


def query_of(state: State, view: View) -> Query:
    """Say what a view calls to mind: what was said to the character, what else happened, who and what is around."""
    parts = [(percept.text, _counts(view, percept)) for percept in view.news[-_LINES:]]
    if isinstance(question := view.extra.get("question"), str):
        parts.append((question, 1.0))
    wants = (value for slot, value in view.slots.items() if slot.startswith("goal."))
    aims = [wanted(state, value) for value in wants if value not in ("done", "dropped", "")]
    parts.append((". ".join((*(fellow.name for fellow in view.fellows), view.place_name, *aims)), _AROUND))
    return Query(tuple(part for part in parts if part[0]))


def _counts(view: View, percept: Percept) -> float:
    """Say what a piece of news counts: that somebody takes a jug calls little to mind."""
    action = percept.action
    if isinstance(action, Say):
        return 1.0 if view.who in action.to and percept.by != view.who else _ASIDE
    return _ASIDE if percept.kind in ("happened", "intervened") else _AROUND


def recency(minutes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give 1 for now, half of it for each half-life that has passed."""
    passed: NDArray[np.float64] = np.exp2(-np.maximum(minutes, 0) / HALF_LIFE)
    return passed
