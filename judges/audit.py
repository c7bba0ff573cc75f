"""The suite audit: what a set of questions gives away before any judge has seen it.

Runs on every imported or generated set. Its baselines read nothing but the options, or take what came up last; a
result is worth what it is above the best of them, not above chance. Its **flaws** are defects
found in published sets; see `docs/judges.md`.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from judges.statistics_spread import Interval, wilson
from judges.words import tokens

__all__ = ["RULES", "Audit", "Flaw", "Item", "audit", "lift"]

_MARGIN = 0.05
"""A baseline is a flaw if it is surely this much above chance."""


class Item(NamedTuple):
    """One question of a suite."""

    question: str
    options: tuple[str, ...]
    gold: int
    """Index of the right option; −1 if the gold given is none of them."""
    kind: str = ""
    fields: Mapping[str, str] = {}
    """What else an answerer can see: who spoke first, the topic."""
    stored: int = 0
    """For how many options a published result keeps a probability; 0 if it keeps none."""
    id: str = ""
    label: str = ""
    """The gold as it was given, where options are not positions."""
    seen: tuple[int, ...] = ()
    """When each option was last mentioned to whoever answers, −1 for never; empty if that is not known."""


class Flaw(NamedTuple):
    """Something wrong with a suite."""

    name: str
    reason: str
    items: tuple[int, ...] = ()
    """Indices of the items concerned."""


class Audit(NamedTuple):
    """What was found."""

    items: int
    chance: float
    baselines: Mapping[str, Interval]
    """Rule to accuracy."""
    flaws: tuple[Flaw, ...]

    @property
    def best(self) -> tuple[str, float]:
        """The rule that gets furthest without reading the question, and how far."""
        name = max(self.baselines, key=lambda rule: self.baselines[rule].value, default="")
        return name, self.baselines[name].value if name else math.nan


Rule: TypeAlias = Callable[[Item], int]


def audit(items: Iterable[Item]) -> Audit:
    """Audit a suite. Questions that cannot be answered are flaws, and are left out of the baselines."""
    every = list(items)
    sound = [(index, item) for index, item in enumerate(every) if 0 <= item.gold < len(item.options)]
    good = [item for _, item in sound]
    chance = sum(1 / len(item.options) for item in good) / len(good) if good else math.nan
    baselines = dict(_baselines(good)) if good else {}
    flaws = (
        *_given_away(baselines, chance),
        *_broken(every),
        *_repeated(every),
        *_carried_over(every),
        *_seen(every),
    )
    return Audit(len(every), chance, baselines, flaws)


def lift(accuracy: float, found: Audit) -> float:
    """Give what an accuracy is worth: above the best baseline, as a share of what there was to gain."""
    best = found.best[1]
    return (accuracy - best) / (1 - best) if best < 1 else 0.0


def _baselines(items: Sequence[Item]) -> Iterator[tuple[str, Interval]]:
    rules = {
        name: rule for name, rule in RULES.items() if name != "latest" or any(item.seen for item in items)
    }
    hits = {name: [rule(item) == item.gold for item in items] for name, rule in rules.items()}
    places = Counter(item.gold for item in items)
    yield "constant", wilson(max(places.values()), len(items))
    for name, right in hits.items():
        yield name, wilson(sum(right), len(items))
    kinds = {item.kind for item in items}
    if len(kinds) > 1:
        typed = sum(
            max(
                sum(r for r, item in zip(right, items, strict=True) if item.kind == kind)
                for right in hits.values()
            )
            for kind in kinds
        )
        yield "typed", wilson(typed, len(items))


def _extreme(item: Item, size: Callable[[str], int], end: Callable[..., int]) -> int:
    sizes = [size(option) for option in item.options]
    return sizes.index(end(sizes))


def _central(item: Item) -> int:
    """Give the option most like the others, by words weighed by how few of the options have them."""
    bags = [Counter(tokens(option)) for option in item.options]
    held = Counter(word for bag in bags for word in bag)
    vectors = [
        {w: n * (math.log((1 + len(bags)) / (1 + held[w])) + 1) for w, n in bag.items()} for bag in bags
    ]
    scores = [sum(_cosine(one, other) for other in vectors if other is not one) for one in vectors]
    return scores.index(max(scores))


def _overlap(item: Item) -> int:
    asked = set(tokens(item.question))
    scores = [
        len(asked & set(tokens(option))) / math.sqrt(1 + len(tokens(option))) for option in item.options
    ]
    return scores.index(max(scores))


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    norm = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(value * other.get(word, 0.0) for word, value in one.items()) / norm if norm else 0.0


def _latest(item: Item) -> int:
    last = max(item.seen, default=-1)
    return item.seen.index(last) if last >= 0 else -1


RULES: Mapping[str, Rule] = {
    "first": lambda _: 0,
    "longest": lambda item: _extreme(item, len, max),
    "shortest": lambda item: _extreme(item, len, min),
    "central": _central,
    "overlap": _overlap,
    "latest": _latest,
}
"""Ways to answer without knowing anything: each gives the option it takes, −1 for none."""


def _given_away(baselines: Mapping[str, Interval], chance: float) -> Iterator[Flaw]:
    for name, found in baselines.items():
        if found.low > chance + _MARGIN:
            yield Flaw(
                f"baseline.{name}", f"the {name} option is right in {found.value:.3f}, chance is {chance:.3f}"
            )


def _broken(items: Sequence[Item]) -> Iterator[Flaw]:
    outside = tuple(
        i for i, item in enumerate(items) if item.options and not 0 <= item.gold < len(item.options)
    )
    if outside:
        yield Flaw("gold.outside", f"the gold of {len(outside)} items is none of their options", outside)
    empty = tuple(i for i, item in enumerate(items) if len(item.options) < 2 or not all(item.options))
    if empty:
        yield Flaw("options.unreadable", f"{len(empty)} items have no options to choose from", empty)
    cut = tuple(i for i, item in enumerate(items) if item.stored and item.stored != len(item.options))
    if cut:
        yield Flaw(
            "probabilities.missing", f"{len(cut)} items keep fewer or more probabilities than options", cut
        )


def _repeated(items: Sequence[Item]) -> Iterator[Flaw]:
    asked = Counter((item.question, item.options) for item in items)
    twice = tuple(
        i for i, item in enumerate(items) if item.question and asked[item.question, item.options] > 1
    )
    if twice:
        yield Flaw("question.repeated", f"{len(twice)} items ask the same with the same options", twice)
    wrong, right = Counter[str](), Counter[str]()
    for item in items:
        for index, option in enumerate(item.options):
            (right if index == item.gold else wrong)[option] += 1
    for option, n in wrong.items():
        if n >= max(3, 0.5 * len(items)) and not right[option] and len({item.question for item in items}) > 1:
            reason = f"one wrong option stands in {n} items and is never right: “{option[:60]}”"
            yield Flaw("distractor.constant", reason)


def _carried_over(items: Sequence[Item]) -> Iterator[Flaw]:
    """Find items that show the options of the item before, as when a variable was not set anew."""
    stale = tuple(
        index + 1
        for index, (before, item) in enumerate(pairwise(items))
        if item.options
        and sorted(item.options) == sorted(before.options)
        and item.question != before.question
    )
    if stale:
        labels = Counter(items[i].label or str(items[i].gold) for i in stale)
        tied = ", ".join(f"{n} with gold {label}" for label, n in labels.most_common())
        yield Flaw("options.stale", f"{len(stale)} items show the options of the item before ({tied})", stale)


def _seen(items: Sequence[Item]) -> Iterator[Flaw]:
    """Find visible fields whose value all but settles the answer."""
    labels = [item.label or str(item.gold) for item in items]
    prior = max(Counter(labels).values(), default=0) / len(labels) if labels else 0.0
    by: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item, label in zip(items, labels, strict=True):
        for name, value in item.fields.items():
            by[name, value].append(label)
    if len(items) >= 8 and wilson(round(prior * len(items)), len(items)).low > 0.5 and len(set(labels)) > 1:
        yield Flaw("label.prior", f"one label is right in {prior:.2f} of the items")
    for (name, value), found in by.items():
        label, n = Counter(found).most_common(1)[0]
        if len(found) >= 5 and n / len(found) >= 0.9 and len(found) < len(items):
            yield Flaw(
                "label.field", f"where {name} is {value!r} the label is {label!r} in {n} of {len(found)}"
            )
