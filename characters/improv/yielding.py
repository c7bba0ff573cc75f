"""Answers to a demand: whether somebody gives way to persuasion, a bargain, an order or a threat."""

from collections.abc import Iterator

from characters.improv.hearing import Heard
from characters.improv.ideas import Idea, Utterance, leaning, option
from characters.improv.me import Me, want_of
from worlds.actions import Claim, Intent

__all__ = ["answers_to_demand"]

_WORE_DOWN = 0.1
"""How much each repetition of a demand wears down who hears it."""


def answers_to_demand(me: Me, heard: Heard) -> Iterator[Idea]:
    """Give the answers to a want somebody else puts to this character."""
    want = want_of("", heard.want)
    if want is None:
        return
    mine = want.kind == "give" and want.args[1:] == (heard.by,)
    if mine and not me.holds(want.args[0]):
        yield from _not_mine(me, heard, want.args[0])
        return
    topic = want.args[0].partition(".")[0]
    pull = _pull(me, heard) - _cost(me, want.kind, want.args)
    yes = Utterance("agree", (heard.by,), topic, want=heard.want, answers=heard.percept)
    yield Idea(pull + 0.5 * leaning(me, "agree", heard.by), yes, "give_in", heard.by)
    no = Utterance("refuse", (heard.by,), topic, want=heard.want, answers=heard.percept)
    yield Idea(0.1 - 0.5 * pull + 0.5 * leaning(me, "refuse", heard.by), no, "stand_firm", heard.by)
    price = Utterance("bargain", (heard.by,), topic, answers=heard.percept, want=_price(me))
    if _price(me):
        yield Idea(0.5 * leaning(me, "bargain", heard.by), price, "bargain", topic)
    give = option(me, "give", want.args[0], heard.by) if mine else None
    if give:
        yield Idea(pull + 0.1 + 0.5 * leaning(me, "give", heard.by), give, "give_in", heard.by)


def _pull(me: Me, heard: Heard) -> float:
    """Say how strongly a demand draws: by bond, by force, and by patience."""
    bond = 0.5 * me.liking(heard.by) + 0.4 * me.trust(heard.by) + 0.2 * me.trait("agreeableness")
    force = {
        "threaten": 0.5 * me.feels("fear") - 0.3 * me.trait("brave") - 0.2 * me.trait("proud"),
        "order": -0.2 * me.trait("proud") + 0.1 * me.trait("conscientiousness"),
        "bargain": 0.1 + 0.25 * me.trait("greedy"),
        "persuade": 0.1 * me.trait("openness"),
    }.get(heard.intent, 0.0)
    asked = sum(1 for line in me.heard if line.by == heard.by and line.want == heard.want)
    return bond + force + _WORE_DOWN * asked


def _cost(me: Me, kind: str, args: tuple[str, ...]) -> float:
    """Say what giving way would cost."""
    clash = {"give": ("keep", "have"), "tell": ("hide",)}.get(kind, ())
    weights = [want.weight for want in me.wants if want.kind in clash and want.args[0] == args[0]]
    base = {"give": 0.25, "hide": 0.05, "learn": 0.1, "at": 0.15, "expose": 0.3}.get(kind, 0.15)
    return base + max(weights, default=0.0)


def _price(me: Me) -> str:
    """Name what this character would ask in return: its own most pressing want that another could help with."""
    for want in me.wants:
        if want.kind in ("have", "learn"):
            return want.phrase
    return ""


def _not_mine(me: Me, heard: Heard, thing: str) -> Iterator[Idea]:
    """Say that one does not have it, and who has, if that is known."""
    belief = me.believes(thing, "holder")
    intent: Intent = "tell" if belief else "deny"

    claims = (
        (Claim(thing, "holder", belief.value),)
        if belief
        else (Claim(thing, "holder", me.view.who, holds=False),)
    )
    words = Utterance(intent, (heard.by,), thing, claims, answers=heard.percept)
    yield Idea(0.4 + 0.4 * leaning(me, intent, heard.by), words, "share", thing)
