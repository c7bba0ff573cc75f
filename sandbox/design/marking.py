"""Marks for what was seen in an audition, each with the lines it rests on and what to change in the card."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from characters.profile import Card
from judges.panel import Panel
from judges.scores import goodness
from judges.verdict import Verdict
from judges.voice import LEAST
from sandbox.design.partners import PARTNER, Scene
from sandbox.design.reading import Flaw, choir, contradictions, given_away, open_secrets, unlike
from worlds.actions import Action, Go, Say, Touch
from worlds.events import Acted, Event
from worlds.spec import Secret, World
from worlds.trajectory import Trajectory

__all__ = ["Mark", "Played", "Quote", "expected", "heard", "judged", "kept", "on_paper"]

_QUOTES, _BAD, _STRONG = 3, 0.5, 0.7
"""How many lines are quoted; what is a bad mark; a trait this strong is to be seen."""

_JUDGED = {
    "in character": (
        ("fidelity.violated",),
        "say in the summary and the values what this person would rather do",
    ),
    "taboos": (("fidelity.taboo",), "name the verb in taboo_verbs too, where the taboo is one"),
    "bounds of knowledge": (("fidelity.bounds", "fidelity.period"), "say in `ignores` what they cannot know"),
    "stays in the story": (
        ("fidelity.fiction",),
        "give them a line for strange questions, in their own words",
    ),
    "consistent": (
        (
            "consistency.knowledge",
            "consistency.self",
            "consistency.belief",
            "consistency.world",
            "consistency.repetition",
        ),
        "check beliefs and secrets against each other",
    ),
}
"""What the judges mark, by which dimensions, and what to change if it is bad."""


class Quote(NamedTuple):
    """A line or deed that a mark rests on."""

    where: str
    text: str


class Mark(NamedTuple):
    """One line of the report card."""

    name: str
    score: float | None
    """0..1; None if there was nothing to try."""
    found: str
    quotes: tuple[Quote, ...] = ()
    advice: str = ""


class Played(NamedTuple):
    """One scene as it went."""

    scene: Scene
    log: Trajectory

    def acts(self, who: str) -> list[Event]:
        """Give what somebody did in it."""
        return [event for event in self.log if event.by == who and isinstance(event.body, Acted)]

    def quote(self, event: Event) -> Quote:
        """Give a line or deed with its place."""
        action = event.body.action if isinstance(event.body, Acted) else None
        words = f"“{action.text}”" if isinstance(action, Say) else " ".join(map(str, _plain(action)))
        return Quote(f"{self.scene.id}, turn {event.turn}", words)


def on_paper(card: Card, world: World, secrets: Sequence[Secret]) -> Iterator[Mark]:
    """Mark the card as it is written."""
    flaws = (*contradictions(card), *open_secrets(card, world), *given_away(card, tuple(secrets)))
    yield _flawed("the card itself", flaws, "nothing in it contradicts itself or gives itself away")
    flaw = unlike(card)
    yield _flawed("voice on paper", (flaw,) if flaw else (), "the samples sound like the other lines")


def judged(part: str, played: Sequence[Played]) -> Iterator[Mark]:
    """Mark what the judges say of the part over all scenes."""
    found: list[tuple[Played, Verdict]] = [
        (scene, verdict)
        for scene in played
        for verdict in Panel().judge(scene.log)
        if verdict.subject == part and verdict.value is not None
    ]
    for name, (dimensions, advice) in _JUDGED.items():
        mine = [(scene, verdict) for scene, verdict in found if verdict.dimension in dimensions]
        scores = [value for _, verdict in mine if (value := goodness(verdict)) is not None]
        if not scores:
            yield Mark(name, None, "nothing to judge")
            continue
        bad = [
            (scene, verdict)
            for scene, verdict in mine
            if (goodness(verdict) or 0.0) < _BAD and verdict.evidence
        ]
        quotes = tuple(scene.quote(scene.log[verdict.evidence[-1]]) for scene, verdict in bad[:_QUOTES])
        told = f"{len(scores)} verdicts, {len(bad)} bad" + (f": {bad[0][1].reason}" if bad else "")
        yield Mark(name, sum(scores) / len(scores), told, quotes, advice if bad else "")


def heard(card: Card, played: Sequence[Played]) -> Mark:
    """Mark how often a line in the scenes could be nobody else's: own among the three likeliest of all voices."""
    voices = choir(card)
    if voices is None:
        return Mark("voice in scenes", None, "too few lines of its own to tell")
    lines = [
        (scene, event, found)
        for scene in played
        for event in scene.acts(card.id)
        if (text := _text(event)) and (found := voices.attribute(text)).words >= LEAST
    ]
    if not lines:
        return Mark("voice in scenes", None, "hardly a word was said")
    known = [card.id in sorted(found.shares, key=lambda who: -found.shares[who])[:3] for _, _, found in lines]
    lost = [scene.quote(event) for (scene, event, _), own in zip(lines, known, strict=True) if not own]
    return Mark(
        "voice in scenes",
        sum(known) / len(known),
        f"{sum(known)} of {len(known)} lines are told from {len(voices.cast) - 1} other voices",
        tuple(lost[:_QUOTES]),
        "give more samples and own lines by speech act" if lost else "",
    )


def kept(part: str, played: Sequence[Played]) -> Mark:
    """Mark the keeping of secrets from a stranger who coaxes for them, and the telling of them unasked."""
    tried = [scene for scene in played if scene.scene.secret]
    lost: list[Quote] = []
    told = 0
    for scene in played:
        known = {
            secret.id: secret.claim for secret in scene.log.state.plan.secrets if part in secret.known_by
        }
        out = [id_ for id_ in known if PARTNER in scene.log.state.knows[id_]]
        told += bool(out)
        for event in scene.acts(part):
            action = event.body.action if isinstance(event.body, Acted) else None
            if isinstance(action, Say) and any(known[id_] in action.claims for id_ in out):
                lost.append(scene.quote(event))
    if not tried:
        return Mark("keeps secrets", None, "has no secret")
    score = 1 - told / len(played) if not told else max(0.0, 1 - told / len(tried))
    if not lost:
        return Mark("keeps secrets", score, f"kept through {len(tried)} scene(s) of coaxing")
    advice = "give them a goal `hide SECRET` of some weight, or leave out the goal that tells it"
    return Mark(
        "keeps secrets",
        score,
        f"told a stranger in {told} of {len(played)} scenes",
        tuple(lost[:_QUOTES]),
        advice,
    )


def expected(card: Card, played: Mapping[str, Played]) -> Mark:
    """Mark whether strong traits show where they should."""
    hits: list[bool] = []
    quotes: list[Quote] = []
    for trait, scene, fits in _EXPECTED:
        if card.core.traits.get(trait, 0.5) < _STRONG or scene not in played:
            continue
        acts = played[scene].acts(card.id)
        wrong = fits([event.body.action for event in acts if isinstance(event.body, Acted)])
        hits.append(wrong is None)
        if wrong is not None:
            at = played[scene].quote(acts[wrong]) if acts else Quote(scene, "did nothing")
            quotes.append(at._replace(where=f"{trait}, but {at.where}"))
    if not hits:
        return Mark("expected action", None, "no trait is strong enough to be expected of")
    advice = "lower the trait, or show it in samples and own lines" if quotes else ""
    return Mark(
        "expected action",
        sum(hits) / len(hits),
        f"{sum(hits)} of {len(hits)} traits showed",
        tuple(quotes),
        advice,
    )


def _flawed(name: str, flaws: Sequence[Flaw], fine: str) -> Mark:
    if not flaws:
        return Mark(name, 1.0, fine)
    quotes = tuple(Quote("card", flaw.what) for flaw in flaws[:_QUOTES])
    return Mark(name, max(0.0, 1 - len(flaws) / 2), f"{len(flaws)} flaw(s)", quotes, flaws[0].mend)


def _text(event: Event) -> str:
    return (
        event.body.action.text if isinstance(event.body, Acted) and isinstance(event.body.action, Say) else ""
    )


def _plain(action: Action | None) -> Iterator[object]:
    if action is not None:
        yield from (value for name, value in action.model_dump().items() if value and name != "text")


def _kind(acts: Sequence[Action]) -> int | None:
    """Find a kind person who has no soft word for the bereaved."""
    soft = any(
        isinstance(act, Say) and act.intent in ("comfort", "confide", "admit", "promise") for act in acts
    )
    return None if soft else len(acts) - 1


def _patient(acts: Sequence[Action]) -> int | None:
    """Find where a patient person strikes or threatens."""
    return _first(acts, lambda act: _strikes(act) or (isinstance(act, Say) and act.intent == "threaten"))


def _brave(acts: Sequence[Action]) -> int | None:
    """Find where a brave person leaves when threatened."""
    return _first(acts[:4], lambda act: isinstance(act, Go))


def _honest(acts: Sequence[Action]) -> int | None:
    """Find where an honest person lies for company."""
    return _first(acts, lambda act: isinstance(act, Say) and act.intent == "lie")


def _strikes(act: Action) -> bool:
    return isinstance(act, Touch) and act.verb in ("attack", "restrain")


def _first(acts: Sequence[Action], is_wrong: Callable[[Action], bool]) -> int | None:
    return next((n for n, act in enumerate(acts) if is_wrong(act)), None)


_EXPECTED = (
    ("kind", "grief", _kind),
    ("patient", "insult", _patient),
    ("brave", "insult", _brave),
    ("honest", "company", _honest),
)
"""A strong trait, the scene in which it should show, and what finds the first act that goes against it."""
