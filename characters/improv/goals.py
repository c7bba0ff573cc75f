"""Goals reviewed: which are reached, and which are past hope."""

from collections.abc import Callable, Mapping

from characters.improv.arising import arising
from characters.improv.ledger import Ledger
from characters.improv.me import Me, Want, number
from worlds.actions import Became, Destroyed, Handle, Passed, Say

__all__ = ["review"]

_PROVEN = 0.85
"""Confidence from which nobody asks on."""

_FRIENDS = 0.65
"""Liking from which somebody counts as a friend."""

_OPEN_SECRET = 2
"""How many others must know a secret for hiding it to be given up."""

_FRIENDLY = frozenset({"comfort", "confide", "thank", "promise", "agree", "joke", "small_talk"})


def review(me: Me, ledger: Ledger) -> None:
    """Close goals that are reached or past hope, and open the ones that follow."""
    for want in me.wants:
        reached = _REACHED.get(want.kind)
        if reached and reached(me, want):
            because = _cause(me, want)
            ledger.put(f"goal.{want.id}", "done", because)
            ledger.nudge("mood.joy", 0.25 * want.weight, because)
            ledger.nudge("mood.pride", 0.2 * want.weight, because)
        elif _hopeless(me, ledger, want):
            because = _cause(me, want)
            ledger.put(f"goal.{want.id}", "dropped", because)
            ledger.nudge("mood.sadness", 0.25 * want.weight, because)
    arising(me, ledger)


def _cause(me: Me, want: Want) -> int:
    """Find the newest percept that has to do with a want."""
    names = {name for arg in want.args for name in arg.split(".")} - {me.view.who}
    for percept in reversed(me.view.news):
        about = str((percept.action, percept.effects, percept.claims))
        if any(f"'{name}'" in about for name in names):
            return percept.seq
    return me.view.news[-1].seq if me.view.news else me.view.seq


# ── reached ────────────────────────────────────────────────────────────────────────────────────────


def _have(me: Me, want: Want) -> bool:
    return me.holds(want.args[0])


def _learn(me: Me, want: Want) -> bool:
    subject, _, attribute = want.args[0].partition(".")
    belief = me.believes(subject, attribute)
    return belief is not None and belief.sure >= _PROVEN


def _at(me: Me, want: Want) -> bool:
    return me.view.place == want.args[0]


def _alone(me: Me, want: Want) -> bool:
    return [fellow.id for fellow in me.view.fellows] == [want.args[0]]


def _trust(me: Me, want: Want) -> bool:
    try:
        level = float(want.args[1])
    except ValueError:
        level = 0.6
    return me.trust(want.args[0]) >= level and _warmed(me, want.args[0])


def _warmed(me: Me, who: str) -> bool:
    """Whether they have just had a friendly word for this character: friendship takes two."""
    return any(line.by == who and line.aim >= 0.8 and line.intent in _FRIENDLY for line in me.fresh)


def _make(me: Me, want: Want) -> bool:
    effects = (effect for percept in me.view.news for effect in percept.effects)
    made = (effect for effect in effects if isinstance(effect, Became) and not effect.add)
    if any(f"{e.subject}.{e.attribute}" == want.args[0] and _same(e.value, want.args[1]) for e in made):
        return True
    subject, _, attribute = want.args[0].partition(".")
    belief = me.believes(subject, attribute)
    return belief is not None and _same(belief.value, want.args[1])


def _same(value: object, word: str) -> bool:
    """Whether a value is what a word of goal language says."""
    return str(value).lower() == word.lower()


def _tell(me: Me, want: Want) -> bool:
    return bool(me.slots.get(f"told.{want.args[0]}.{want.args[1]}"))


def _give(me: Me, want: Want) -> bool:
    thing, who = want.args[:2]
    belief = me.believes(thing, "holder")
    return belief is not None and belief.value == who and not me.holds(thing)


def _expose(me: Me, want: Want) -> bool:
    who = want.args[0]
    for percept in me.view.news:
        say = percept.action
        if percept.by == me.view.who and isinstance(say, Say) and say.intent == "accuse" and say.claims:
            named = any(who in (claim.subject, claim.value) for claim in say.claims)
            return named and say.manner in ("aloud", "shout") and len(me.view.fellows) > 1
    return False


def _befriend(me: Me, want: Want) -> bool:
    return me.liking(want.args[0]) >= _FRIENDS and _warmed(me, want.args[0])


_REACHED: Mapping[str, Callable[[Me, Want], bool]] = {
    "have": _have,
    "learn": _learn,
    "at": _at,
    "alone": _alone,
    "trust": _trust,
    "make": _make,
    "tell": _tell,
    "give": _give,
    "expose": _expose,
    "befriend": _befriend,
}


# ── past hope ──────────────────────────────────────────────────────────────────────────────────────


def _hopeless(me: Me, ledger: Ledger, want: Want) -> bool:
    if want.kind == "hide":
        knowers = [slot for slot in ledger.slots if slot.startswith(f"told.{want.args[0]}.")]
        return len(knowers) >= _OPEN_SECRET
    if want.kind == "keep":
        return _gone(me, want.args[0])
    if want.kind in ("trust", "befriend") and number(ledger.slots.get(f"liking.{want.args[0]}")) < -0.5:
        return True
    effects = (effect for percept in me.view.news for effect in percept.effects)
    return any(isinstance(effect, Destroyed) and effect.thing in want.args for effect in effects)


def _gone(me: Me, thing: str) -> bool:
    """Whether a thing to be kept has just been given away, or has been moved by another."""
    for percept in me.view.news:
        act = percept.action
        given = isinstance(act, Handle) and act.verb == "give" and act.thing == thing
        if given and percept.by == me.view.who:
            return True
        passed = (
            effect for effect in percept.effects if isinstance(effect, Passed) and effect.thing == thing
        )
        if percept.by != me.view.who and any(effect.to != me.view.who for effect in passed):
            return True
    return False
