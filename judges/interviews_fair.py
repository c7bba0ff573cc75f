"""Question sets that give nothing away: of several drafts of a question the one is kept by which no rule gains.

What is wrong with a set is known beforehand: `judges.audit` will ask how often the longest option is right, or the one
that came up last. So each question is drafted several times over, with other wrong options and another order, and the
set is put together so that each rule is right as often as chance, in each type of question.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from judges.audit import RULES, Item
from judges.interviews_words import plain
from judges.reading import Reading
from worlds.prose import tell

if TYPE_CHECKING:
    from judges.interviews import Question

__all__ = ["MOST", "Fair", "Mentions"]

MOST = 0.3
"""Share of a type's questions that a rule may be right in."""

_TRICKS = tuple(name for name in RULES if name != "first")
"""Rules that must not be right too often in any type; where the right option stands is settled elsewhere."""

_ALL = ""
"""Stands for all types together."""

_TELLING = 2
"""Telling words of an option an event must share to mention it."""


class Mentions:
    """When each character was last told or shown something with the words of an option."""

    def __init__(self, reading: Reading) -> None:
        """Index what the characters of a run perceived by its words."""
        names = reading.end.plan.names
        self._seqs: dict[str, dict[str, list[int]]] = {}
        for who in reading.cast:
            index: dict[str, list[int]] = defaultdict(list)
            for event in reading.perceived[who]:
                for word in _words(tell(event, names)):
                    index[word].append(event.seq)
            self._seqs[who] = index

    def last(self, who: str, seq: int, option: str) -> int:
        """Give the latest event up to `seq` that has most words of an option; −1 if none has two."""
        found = Counter[int]()
        for word in _words(plain(option)):
            seqs = self._seqs[who].get(word, ())
            found.update(seqs[: bisect_right(seqs, seq)])
        most = max(found.values(), default=0)
        return max(s for s, n in found.items() if n == most) if most >= _TELLING else -1

    def item(self, question: "Question") -> Item:
        """Give a question as the audit takes it."""
        last = tuple(self.last(question.who, question.seq, option) for option in question.options)
        return Item(question.text, question.options, question.gold, question.type, id=question.id, seen=last)


class Fair:
    """A set as it grows, with how often each rule was right so far: in each type, and over all."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hits: dict[str, Counter[str]] = defaultdict(Counter)
        self._sizes = Counter[str]()
        self._shown: set[tuple[str, ...]] = set()

    def choose(self, drafts: Sequence[Item]) -> int:
        """Take the draft that evens the rules out best, and say which; −1 if all give too much away or came before."""
        new = [(i, item) for i, item in enumerate(drafts) if tuple(sorted(item.options)) not in self._shown]
        costs = {i: cost for i, item in new if (cost := self._cost(item)) is not None}
        if not costs:
            return -1
        best = min(costs, key=lambda i: (costs[i], i))
        for kind in (drafts[best].kind, _ALL):
            self._sizes[kind] += 1
            self._hits[kind].update(_right(drafts[best]))
        self._shown.add(tuple(sorted(drafts[best].options)))
        return best

    def _cost(self, item: Item) -> float | None:
        """Say how far the rules would be from chance; None if one of them would be right too often."""
        right, chance = _right(item), 1 / len(item.options)
        size = self._sizes[item.kind] + 1
        if any((self._hits[item.kind][rule] + 1) / size > MOST for rule in right):
            return None
        return sum(
            ((self._hits[kind][rule] + (rule in right)) / (self._sizes[kind] + 1) - chance) ** 2
            for kind in (item.kind, _ALL)
            for rule in _TRICKS
        )


def _right(item: Item) -> frozenset[str]:
    """Give the rules that get an item right."""
    return frozenset(name for name in _TRICKS if RULES[name](item) == item.gold)


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 3)
