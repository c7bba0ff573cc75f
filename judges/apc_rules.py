"""Relevance and entailment by rule: words shared, denied, opposed or displaced by a rival value; claims and slots.

The evidence for a statement is the share of its telling words that a reply affirms. The evidence against it is a
word of it that is negated, an opposite, a rival value of the same kind (`violin` where `guitar` is known), another
number. A claim about the slot a statement renders decides alone. What evidence is worth is set by a handful of
weights, put by hand with an eye on one half of the APC labels; the figures for the other half are in `docs/judges.md`.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from judges.apc import Pair, Weights
from judges.words import Text, number_contexts, opposed, read_text, rivals, stems

__all__ = ["Evidence", "RuleDiscriminator", "entailment", "evidence", "relevance"]


class Evidence(NamedTuple):
    """What a reply has for and against a statement."""

    affirmed: float = 0.0
    """Share of the statement's telling words affirmed, 0..1."""
    touched: float = 0.0
    """Share of the statement's telling words spoken of at all: affirmed, denied or faced with another, 0..1."""
    near: float = 0.0
    """Share of the statement's fields of meaning touched, 0..1."""
    denied: tuple[str, ...] = ()
    """Stems of the statement that are negated and nowhere affirmed."""
    opposed: tuple[str, ...] = ()
    """Stems of the reply that deny one of the statement's."""
    rivals: tuple[str, ...] = ()
    """Stems of the reply in the place of one of the statement's."""
    numbers: tuple[int, ...] = ()
    """Numbers of the reply where the statement has others."""
    slots: tuple[str, ...] = ()
    """Stems that fill, in the reply, a place the statement fills otherwise."""
    whole: float = 0.0
    """Share of the statement's telling words that are denied or faced with another value, 0..1."""
    turned: bool = False
    """Whether the reply opens by turning something down, and comes to speak of the statement."""

    @property
    def against(self) -> float:
        """Weight of what speaks against the statement, from 0 to 3."""
        found = bool(self.denied) + 0.2 * len(self.denied) + len(self.opposed) + len(self.rivals)
        found += (
            2 * max(0.0, self.whole - 0.5)
            + 1.5 * len(self.numbers)
            + 1.6 * bool(self.slots)
            + 0.6 * self.turned
        )
        # The same said of another value: `plays the trumpet` where `plays the violin` is known.
        found += 0.8 * (bool(self.rivals) and self.affirmed >= 0.4)
        return min(3.0, found)

    @property
    def why(self) -> str:
        """The evidence against, in words."""
        parts = (
            ("denies", self.denied),
            ("opposite", self.opposed),
            ("instead", (*self.rivals, *self.slots)),
            ("number", self.numbers),
        )
        return "; ".join(f"{name}: {', '.join(map(str, found))}" for name, found in parts if found)


class RuleDiscriminator:
    """Decides by the words alone, and by claims where there are any. No model, no state."""

    name = "rule"

    def weigh(self, pairs: Sequence[Pair]) -> Sequence[Weights]:
        """Give the weights of each pair."""
        return [_weigh(pair) for pair in pairs]


def _weigh(pair: Pair) -> Weights:
    ignore = _names(pair.names)
    asked = relevance(pair.statement, pair.query, ignore)
    claimed = _claimed(pair)
    if claimed is not None:
        same, why = claimed
        return Weights(1.0, 0.03, 0.03, 0.94, why) if same else Weights(1.0, 0.94, 0.03, 0.03, why)
    found = evidence(pair.statement, pair.reply, ignore)
    return Weights(asked, *entailment(found, asked), found.why)


def _claimed(pair: Pair) -> tuple[bool, str] | None:
    """Say whether a claim bears out or denies the slot a statement renders; None if none is about it."""
    family, _, rest = pair.slot.partition(".")
    for claim in pair.claims if family == "belief" else ():
        if rest == f"{claim.subject}.{claim.attribute}":
            if claim.value == pair.value:
                return claim.holds, f"claims {rest} is {'' if claim.holds else 'not '}{claim.value}"
            if claim.holds:
                return False, f"claims {rest} is {claim.value}, not {pair.value}"
    return None


@lru_cache(maxsize=65536)
def relevance(statement: str, query: str, ignore: frozenset[str] = frozenset()) -> float:
    """Give how probably a query calls for a statement, 0..1; `ignore` holds stems that tell nothing."""
    mine, asked = read_text(statement), read_text(query)
    words, wanted = mine.stems - ignore, asked.stems - ignore
    if not words or not wanted:
        return 0.02
    shared = len(words & wanted) / math.sqrt(1 + len(wanted))
    field = len(mine.fields & asked.fields) / math.sqrt(1 + len(asked.fields))
    return _logistic(5.0 * shared + 3.0 * field - 3.2)


@lru_cache(maxsize=131072)
def evidence(statement: str, reply: str, ignore: frozenset[str] = frozenset()) -> Evidence:
    """Weigh a reply against a statement."""
    mine, said = read_text(statement), read_text(reply)
    known = mine.stems - ignore
    if not known or not said.stems:
        return Evidence()
    near = len(mine.fields & said.fields) / len(mine.fields) if mine.fields else 0.0
    against, instead = _facing(known, said, opposed), _facing(known, said, rivals)
    denied = tuple(sorted(_denied(mine, said) & known))
    return Evidence(
        len(known & said.stems & _as_said(mine, said)) / len(known),
        min(1.0, (len(known & said.stems) + len(against) + len(instead)) / len(known)),
        near,
        denied,
        against,
        instead,
        _numbers(statement, reply),
        _misplaced(mine, said, known),
        min(1.0, (len(denied) + len(against) + len(instead)) / len(known)),
        said.contrast and bool(known & said.stems),
    )


def _as_said(mine: Text, said: Text) -> frozenset[str]:
    """Give the stems that are affirmed in both, or negated in both."""
    return (mine.affirmed & said.affirmed) | (mine.negated & said.negated)


def _denied(mine: Text, said: Text) -> frozenset[str]:
    """Give the stems one of the two affirms and the other only negates."""
    against = mine.affirmed & (said.negated - said.affirmed)
    return against | ((mine.negated - mine.affirmed) & (said.affirmed - said.negated))


def _facing(known: frozenset[str], said: Text, turn: Callable[[str], frozenset[str]]) -> tuple[str, ...]:
    """Give the stems affirmed that stand against one of the statement's which the reply does not affirm too."""
    open_ = known - said.affirmed
    free = (word for word in said.affirmed - known if not turn(word) & said.affirmed)
    return tuple(sorted(word for word in free if turn(word) & open_))


def _numbers(statement: str, reply: str) -> tuple[int, ...]:
    """Give the numbers of a reply that stand beside the same word as another number in the statement."""
    mine, said = number_contexts(statement), number_contexts(reply)
    values = {value for value, _ in mine}
    return tuple(
        value
        for value, beside in said
        if value not in values
        and any(beside & other for _, other in mine)
        and not values & {v for v, _ in said}
    )


def _misplaced(mine: Text, said: Text, known: frozenset[str]) -> tuple[str, ...]:
    """Give the stems that stand where the statement has others: `live in a shrine` for `lives in a palace`."""
    found: set[str] = set()
    for head, filler in mine.slots.items():
        other = said.slots.get(head, frozenset())
        if other and filler & known and not filler & said.stems and not other & known:
            found |= other
    return tuple(sorted(found))


def entailment(found: Evidence, relevant: float) -> tuple[float, float, float]:
    """Give the probabilities that a reply contradicts, leaves open, entails; they sum to 1."""
    touched = min(1.0, 3 * found.touched + relevant)
    contradicts = math.exp(2.2 * found.against * touched - 1.5 * found.affirmed - 2.0)
    entails = math.exp(7.0 * found.affirmed + 1.0 * found.near + 2.0 * relevant - 1.6 * found.against - 4.0)
    total = contradicts + 1.0 + entails
    return contradicts / total, 1.0 / total, entails / total


@lru_cache(maxsize=1024)
def _names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(part for name in names for part in stems(name))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
