"""The active-passive-constraint score: one reply against every sentence of a profile.

A sentence the query calls for must be entailed by the reply; any other must merely not be contradicted. After Peng
and Shang, "Quantifying and Optimizing Global Faithfulness in Persona-driven Role-playing" (2024). Who decides on
relevance and entailment is a `Discriminator`: by rule (`judges.apc_rules`), a cross-encoder, a chat model.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from worlds.actions import Claim, Scalar

__all__ = ["Discriminator", "Pair", "Score", "Weights", "apc", "score"]


class Pair(NamedTuple):
    """One statement to be held against one reply."""

    statement: str
    query: str
    """What was replied to; empty if nothing was."""
    reply: str
    slot: str = ""
    """The slot the statement renders."""
    value: Scalar = ""
    """That slot's value."""
    claims: tuple[Claim, ...] = ()
    """What the reply asserts as data; none if it was not meant."""
    names: tuple[str, ...] = ()
    """Names that tell nothing, as they are in every statement."""


class Weights(NamedTuple):
    """Probabilities for one pair; the last three sum to 1."""

    relevant: float
    contradicted: float
    neutral: float
    entailed: float
    why: str = ""
    """The words that decided."""


class Discriminator(Protocol):
    """Says of statements whether a query calls for them and what a reply does to them."""

    name: str

    def weigh(self, pairs: Sequence[Pair]) -> Sequence[Weights]:
        """Give the weights of each pair, in order; many at once, as models like it."""
        ...


class Score(NamedTuple):
    """One reply against a whole profile. All but `total` are means per statement, so that profiles compare."""

    total: float
    """The published score: expected number of satisfied constraints, 0..number of statements."""
    apc: float
    delta: float
    """Against a reply that is neutral to everything: credit minus penalty, −1..1."""
    credit: float
    """Called for and said, 0..1."""
    penalty: float
    """Not called for and contradicted, 0..1."""


def apc(weights: Weights) -> float:
    """Give the probability that one constraint is satisfied."""
    return (1 - weights.relevant) * (1 - weights.contradicted) + weights.relevant * weights.entailed


def score(found: Sequence[Weights]) -> Score:
    """Put the weights of all statements of a profile together; nan of none but for the total."""
    total = math.fsum(apc(weights) for weights in found)
    if not found:
        return Score(0.0, math.nan, math.nan, math.nan, math.nan)
    n = len(found)
    credit = math.fsum(w.relevant * w.entailed for w in found) / n
    penalty = math.fsum((1 - w.relevant) * w.contradicted for w in found) / n
    return Score(total, total / n, credit - penalty, credit, penalty)
