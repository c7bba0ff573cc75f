"""Choosing: all ideas are weighed against what was done lately, and one is drawn from the best of them."""

from collections.abc import Iterator
from math import exp
from random import Random

from characters.improv.ideas import Idea, Utterance, barred, signature
from characters.improv.idle import idle
from characters.improv.me import Me
from characters.improv.plans import plans
from characters.improv.replies import replies
from characters.improv.social import social
from characters.improv.variety import lately_of, variety
from worlds.actions import Wait

__all__ = ["choose", "ideas", "weighed"]

_HEAT = 0.13
"""Temperature of the choice, in units of worth: how often the second best is done."""

_BEST = 7
"""How many of the best ideas are drawn from."""


def choose(me: Me, rng: Random) -> Idea:
    """Choose what to do next."""
    best = sorted(weighed(me), key=lambda idea: (-idea.worth, signature(me, idea.act)))[:_BEST]
    if not best:
        return Idea(0.0, Wait(), "wait")
    top = best[0].worth
    weights = [exp((idea.worth - top) / _HEAT) for idea in best]
    return rng.choices(best, weights)[0]


def ideas(me: Me) -> Iterator[Idea]:
    """Give every idea this character has now, but for what a taboo forbids and for words to who is not here."""
    for source in (replies, plans, social, idle):
        for idea in source(me):
            absent = isinstance(idea.act, Utterance) and any(me.fellow(who) is None for who in idea.act.to)
            if not absent and not barred(me, idea.act):
                yield idea


def weighed(me: Me) -> Iterator[Idea]:
    """Give the ideas that are no dull repetition, with their worth as of now."""
    found = tuple(ideas(me))
    lately = lately_of(me, found)
    for idea in found:
        gain = variety(me, idea, lately)
        if gain is not None:
            yield idea._replace(worth=idea.worth + gain)
