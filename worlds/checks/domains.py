"""The values anything could ever have, found by letting whatever can happen happen.

Every fact has a **domain**: all the values some beginning, verb or effect could give it. What may fire widens
the domains, which lets more fire, until nothing changes. A domain may be too wide and is never too narrow, so
what cannot hold here cannot hold in any run without interventions.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from worlds.actions import Became, Created, Destroyed, Effect, Passed, Scalar
from worlds.checks.conditions import parsed
from worlds.checks.ground import BOTH, DEFAULTS, Ground
from worlds.checks.places import entered
from worlds.conditions import Condition, compare

__all__ = ["Domain", "Domains"]


class Domain(NamedTuple):
    """Some values, and all numbers between two bounds."""

    values: frozenset[Scalar] = frozenset()
    low: float = math.inf
    high: float = -math.inf
    anything: bool = False

    def holds(self, conditions: Iterable[Condition]) -> bool:
        """Whether one value satisfies all the conditions."""
        if self.anything:
            return True
        conditions = list(conditions)
        numbers = [condition.right for condition in conditions if isinstance(condition.right, int | float)]
        near = [number + step for number in numbers for step in (-1, 0, 1)]
        between = [number for number in near if self.low <= number <= self.high]
        return any(all(compare(c, value) for c in conditions) for value in (*self.values, *between))

    def __str__(self) -> str:
        if self.low < self.high:
            bounds = (
                f"{bound:g}" if math.isfinite(bound) else "any number" for bound in (self.low, self.high)
            )
            return " to ".join(bounds)
        listed = sorted(
            str(value).lower() if isinstance(value, bool) else repr(value) for value in self.values
        )
        return " or ".join(listed[:4]) + (" or …" if len(listed) > 4 else "")


class Domains:
    """The domains of everything a condition can ask about, in one world."""

    def __init__(self, ground: Ground) -> None:
        """Start with the beginning and with what verbs can do at any time."""
        self.ground = ground
        self.entered = entered(ground)
        self.fired: set[str] = set()
        self.facts: dict[str, set[Scalar]] = defaultdict(set)
        self.put: dict[str, set[str]] = defaultdict(set)
        self.rises: set[str] = set()
        self.falls: set[str] = set()
        for name, value in self._given():
            self.facts[name].add(value)
        for id_, thing in ground.world.things.items():
            self.put[id_] = {ground.starts.get(id_, ""), thing.at} - {""} or {""}

    def settle(self) -> frozenset[str]:
        """Let happen what can, over and over; give the ids of the beats that can fire."""
        before = -1
        while before != (before := self._size()):
            for beat in self.ground.world.beats:
                after = not beat.after or beat.after in self.fired
                if after and beat.chance > 0 and not self.stuck(beat.when):
                    self.fired.add(beat.id)
                    self._enact(beat.effects)
            for deed in self.ground.world.deeds:
                if not self.stuck(deed.when):
                    self._enact(deed.effects)
            for _, thing, use in self.ground.uses():
                if self.put[thing] != {""} and not self.stuck(use.when):
                    self._enact(use.effects)
        return frozenset(self.fired)

    def stuck(self, when: Iterable[str]) -> str:
        """Say why conditions can never all hold; empty if they could. What does not read is not judged."""
        asked: dict[str, list[tuple[str, Condition]]] = defaultdict(list)
        for text in when:
            condition = parsed(text)
            if condition and condition.left.partition(".")[0] not in BOTH and condition.right not in BOTH:
                asked[condition.left].append((text, condition))
        for left, group in asked.items():
            domain = self.of(left)
            if domain.holds(condition for _, condition in group):
                continue
            if len(group) > 1 and all(domain.holds([condition]) for _, condition in group):
                return f"{' and '.join(f'`{text}`' for text, _ in group)} never hold together"
            text = next((text for text, condition in group if not domain.holds([condition])), group[0][0])
            return f"`{text}` never holds, as `{left}` is only ever {domain}"
        return ""

    def of(self, left: str) -> Domain:
        """Give the domain of the left side of a condition."""
        turns = self.ground.world.turns
        numbers = {"turn": (0, turns), "round": (0, turns), "hour": (0, 23), "day": (1, math.inf)}
        if left in numbers:
            low, high = numbers[left]
            return Domain(low=low, high=high)
        if ":" in left:
            return Domain(anything=True)
        subject, _, attribute = left.partition(".")
        if subject == "beat":
            return Domain(frozenset({False, attribute in self.fired}))
        if subject in self.ground.secrets and attribute.startswith("know"):
            return self._knowing(subject, attribute)
        if attribute == "holder":
            return Domain(frozenset(self._holders(subject)))
        if attribute == "at":
            return Domain(frozenset(self._places(subject)))
        return self._fact(left, attribute)

    def _fact(self, name: str, attribute: str) -> Domain:
        values = frozenset(self.facts[name] or {DEFAULTS.get(attribute, "") if attribute != "open" else ""})
        numbers = [value for value in values if isinstance(value, int | float)]
        low = -math.inf if name in self.falls else min(numbers, default=math.inf)
        high = math.inf if name in self.rises else max(numbers, default=-math.inf)
        moving = name in self.falls | self.rises
        return Domain(values, low, high) if moving else Domain(values)

    def _knowing(self, secret: str, attribute: str) -> Domain:
        at_first = self.ground.people.intersection(self.ground.secrets[secret].known_by)
        if attribute == "knowers":
            return Domain(low=len(at_first), high=len(self.ground.people))
        return Domain(frozenset({True, attribute.removeprefix("known.") in at_first}))

    def _holders(self, thing: str) -> set[str]:
        holders = set(self.put[thing])
        spec = self.ground.world.things.get(thing)
        if spec and spec.portable and holders != {""}:
            holders |= self.ground.people | self.entered
            holders |= {
                id_ for id_, other in self.ground.world.things.items() if other.capacity and id_ != thing
            }
        return holders

    def _places(self, id_: str) -> set[str]:
        if id_ in self.ground.people:
            return set(self.entered)
        places: set[str] = set()
        holders = [*self._holders(id_)]
        for holder in holders:  # grows while it is walked
            if holder in self.ground.world.things:
                holders += self._holders(holder) - set(holders)
            places |= (
                self.entered if holder in self.ground.people else {holder} - self.ground.world.things.keys()
            )
        return places

    def _given(self) -> Iterator[tuple[str, Scalar]]:
        """Give every fact at the beginning, and every value a verb can give one."""
        yield from self.ground.facts.items()
        for id_, thing in self.ground.world.things.items():
            verbs = [
                name for name, usable in (("open", "open" in thing.facts), ("locked", thing.key)) if usable
            ]
            yield from ((f"{id_}.{name}", value) for name in verbs for value in (True, False))
            yield f"{id_}.hidden", False
        allowed = self.ground.world.allows
        for who in self.ground.people:
            if "restrain" in allowed:
                yield from ((f"{who}.restrained", value) for value in (True, False))
            if "attack" in allowed:
                yield from ((f"{who}.alive", value) for value in (True, False))
                yield from ((f"{who}.hurt", blows) for blows in range(4))

    def _enact(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Passed | Created):
                self.put[effect.thing] |= self._meant(effect.to if isinstance(effect, Passed) else effect.at)
            elif isinstance(effect, Destroyed):
                self.put[effect.thing].add("")
            elif isinstance(effect, Became):
                for subject in self._meant(effect.subject):
                    self._became(f"{subject}.{effect.attribute}", effect)

    def _became(self, name: str, effect: Became) -> None:
        value = effect.value
        if not self.facts[name]:
            self.facts[name].add(DEFAULTS.get(effect.attribute, ""))
        if not effect.add:
            self.facts[name] |= self._meant(value) if isinstance(value, str) else {value}
        elif isinstance(value, int | float):
            (self.rises if value > 0 else self.falls).add(name)

    def _meant(self, id_: str) -> set[str]:
        """Give everyone for `actor` and `target`, else the id itself."""
        return set(self.ground.people) if id_ in BOTH else {id_}

    def _size(self) -> int:
        widened = sum(map(len, self.facts.values())) + sum(map(len, self.put.values()))
        return widened + len(self.fired) + len(self.rises) + len(self.falls)
