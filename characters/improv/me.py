"""What a character is to itself: the fixed core, the slots and the senses of one view, read once.

Traits and factors are read on a scale of −1..1 around the average, so that they can be summed into a utility.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from characters.improv.hearing import Heard, hear
from characters.profile import GOALS, Core, core_of
from worlds.actions import Claim, Moved, Scalar
from worlds.spec import Secret
from worlds.view import Fellow, Percept, Sight, View

__all__ = ["MOODS", "Belief", "Me", "Want", "baseline", "me_of", "number", "want_of"]

MOODS = ("joy", "anger", "fear", "sadness", "pride", "shame")
"""The feelings that are slots, `mood.<feeling>`, each −1..1."""

_LATER = 0.6
"""Weight of a want that arose in the story."""

_FAVOUR = 0.3
"""Weight of finding something out for somebody else."""

_FACTORS = ("openness", "conscientiousness", "extraversion", "agreeableness", "neuroticism")

_CALM = {
    "joy": ("extraversion", 0.15),
    "anger": ("agreeableness", -0.12),
    "fear": ("neuroticism", 0.15),
    "sadness": ("neuroticism", 0.1),
    "pride": ("proud", 0.15),
    "shame": ("honest", 0.0),
}
"""What each feeling settles at: a factor or trait, and how much of it."""


class Belief(NamedTuple):
    """What a character takes to be so, how surely (0..1), and from whom: empty for its own senses."""

    value: Scalar
    sure: float = 1.0
    source: str = ""


class Want(NamedTuple):
    """An open goal: its id, and its want taken apart."""

    id: str
    kind: str
    args: tuple[str, ...]
    weight: float
    text: str

    @property
    def phrase(self) -> str:
        """The want in goal language."""
        return " ".join((self.kind, *self.args))


@dataclass(frozen=True, slots=True)
class Me:
    """One character at one moment, as far as it knows itself and its surroundings."""

    view: View
    core: Core
    slots: Mapping[str, Scalar]
    wants: tuple[Want, ...]
    facts: Mapping[tuple[str, str], Belief]
    """(subject, attribute) to what is believed: told, known as a secret, or in plain sight."""
    acts: tuple[Percept, ...]
    """Own attempts within memory, oldest first."""
    heard: tuple[Heard, ...]
    """What others said within memory, oldest first."""
    fresh: tuple[Heard, ...]
    """What others said since the last own turn."""

    def after(self, slots: Mapping[str, Scalar], changed: Iterable[str]) -> "Me":
        """Give the same character with other slots, at a fraction of the price; `changed` are those that differ."""
        if not any(slot.startswith(("goal.", "belief.", "sure.", "source.")) for slot in changed):
            return replace(self, slots=slots)
        return replace(self, slots=slots, wants=_wants(self.core, slots), facts=_facts(self.view, slots))

    def trait(self, name: str) -> float:
        """Give a trait or one of the five factors, −1..1; an unlisted trait is average."""
        if name in _FACTORS:
            return 2 * float(getattr(self.core.big_five, name)) - 1
        return 2 * self.core.traits.get(name, 0.5) - 1

    def feels(self, feeling: str) -> float:
        """Give a feeling's present strength, −1..1."""
        return number(self.slots.get(f"mood.{feeling}"), baseline(self.core, feeling))

    def trust(self, who: str) -> float:
        """Give trust in somebody, −1..1."""
        return number(self.slots.get(f"trust.{who}"))

    def liking(self, who: str) -> float:
        """Give liking of somebody, −1..1."""
        return number(self.slots.get(f"liking.{who}"))

    def believes(self, subject: str, attribute: str) -> Belief | None:
        """Give what is believed of a subject; None if nothing is."""
        return self.facts.get((subject, attribute))

    def fellow(self, who: str) -> Fellow | None:
        """Give somebody who is here."""
        return next((fellow for fellow in self.view.fellows if fellow.id == who), None)

    def sight(self, thing: str) -> Sight | None:
        """Give a thing in sight."""
        return next((sight for sight in self.view.sights if sight.id == thing), None)

    def secret(self, claim: Claim) -> Secret | None:
        """Give the known secret that a claim gives away."""
        return next((secret for secret in self.view.secrets if secret.claim == claim), None)

    def holds(self, thing: str) -> bool:
        """Whether the thing is in own hands."""
        sight = self.sight(thing)
        return sight is not None and sight.at == self.view.who

    def guards(self, secret: str) -> float:
        """Say how much a secret is to be kept, 0..1: the weight of the want to hide it."""
        return max(
            (want.weight for want in self.wants if want.kind == "hide" and want.args == (secret,)),
            default=0.0,
        )

    def seen(self, id_: str) -> bool:
        """Whether a place has been visited or a thing looked at closely."""
        return bool(self.slots.get(f"seen.{id_}"))

    def always_knew(self, secret: Secret) -> bool:
        """Whether a secret was known from the start."""
        return self.view.who in secret.known_by

    def times(self, slot: str, who: str) -> int:
        """Count somebody in a slot that lists names, such as those asked about something."""
        return str(self.slots.get(slot, "")).split().count(who)

    def name(self, id_: str) -> str:
        """Give the public name of an id."""
        return self.view.names.get(id_, id_.replace("_", " "))


def number(value: Scalar | None, missing: float = 0.0) -> float:
    """Read a slot as a number; what is none of it counts as missing."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else missing


def baseline(core: Core, feeling: str) -> float:
    """Say what a feeling settles at in this person when nothing stirs it."""
    name, share = _CALM[feeling]
    level = getattr(core.big_five, name) if name in _FACTORS else core.traits.get(name, 0.5)
    return round((2 * level - 1) * share, 2)


def want_of(id_: str, phrase: str, weight: float = 0.5, text: str = "") -> Want | None:
    """Read a want in goal language; None if it is none (done, dropped, or for models only)."""
    kind, *args = phrase.split() or [""]
    if kind not in GOALS or len(args) < len(GOALS[kind].split()) - 1:
        return None
    return Want(id_, kind, tuple(args), weight, text)


def me_of(view: View, slots: Mapping[str, Scalar] | None = None) -> Me:
    """Read a view, optionally with slots as they will be once what was just perceived has sunk in."""
    slots = view.slots if slots is None else slots
    core = core_of(view.core)
    percepts = (*view.past, *view.news)
    first = view.news[0].seq if view.news else view.seq + 1
    others = (p for p in percepts if p.kind == "acted" and p.by != view.who)
    heard = tuple(found for percept in others if (found := hear(view, percept)) is not None)
    return Me(
        view=view,
        core=core,
        slots=slots,
        wants=_wants(core, slots),
        facts=_facts(view, slots),
        acts=tuple(p for p in percepts if p.by == view.who and p.kind == "acted" and p.action is not None),
        heard=heard,
        fresh=tuple(found for found in heard if found.seq >= first),
    )


def _wants(core: Core, slots: Mapping[str, Scalar]) -> tuple[Want, ...]:
    goals = {goal.id: goal for goal in core.goals}
    found = []
    for slot, value in slots.items():
        if slot.startswith("goal.") and isinstance(value, str):
            id_ = slot.removeprefix("goal.")
            goal = goals.get(id_)
            weight = goal.weight if goal else _FAVOUR if id_.startswith("word_learn") else _LATER
            want = want_of(id_, value, weight, goal.text if goal else "")
            if want:
                found.append(want)
    return tuple(sorted(found, key=lambda want: -want.weight))


def _facts(view: View, slots: Mapping[str, Scalar]) -> Mapping[tuple[str, str], Belief]:
    """Put together what is taken to be so: plain sight goes before knowledge, and that before belief."""
    found = _believed(slots)
    for secret in view.secrets:
        if secret.claim.holds:
            found[secret.claim.subject, secret.claim.attribute] = Belief(secret.claim.value)
    effects = (effect for percept in (*view.past, *view.news) for effect in percept.effects)
    found |= {(move.who, "at"): Belief(move.to, 0.8) for move in effects if isinstance(move, Moved)}
    for sight in view.sights:
        found[sight.id, "holder"] = Belief(sight.at)
        found |= {(sight.id, attribute): Belief(value) for attribute, value in sight.facts.items()}
    for fellow in view.fellows:
        found[fellow.id, "at"] = Belief(view.place)
        found |= {(thing, "holder"): Belief(fellow.id) for thing in fellow.holds}
    return found


def _believed(slots: Mapping[str, Scalar]) -> dict[tuple[str, str], Belief]:
    found: dict[tuple[str, str], Belief] = {}
    for slot, value in slots.items():
        if slot.startswith("belief.") and value != "" and slot.count(".") == 2:
            _, subject, attribute = slot.split(".")
            sure = number(slots.get(f"sure.{subject}.{attribute}") or None, 1.0)
            source = str(slots.get(f"source.{subject}.{attribute}", ""))
            found[subject, attribute] = Belief(value, sure, source)
    return found
