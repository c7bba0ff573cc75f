"""Goals reviewed: which are reached, which are past hope, and which arise from what has just been learned."""

from collections.abc import Callable, Mapping

from characters.improv.hearing import hear
from characters.improv.ledger import Ledger
from characters.improv.me import Me, Want, number
from worlds.actions import Became, Claim, Destroyed, Handle, Passed, Say, Scalar
from worlds.view import Percept

__all__ = ["review"]

_PROVEN = 0.85
"""Confidence from which nobody asks on."""

_OPEN_GOALS = 5
"""How many wants one character pursues at a time; no new one arises beyond."""


def review(me: Me, ledger: Ledger) -> None:
    """Close goals that are reached or past hope, and open the ones that follow."""
    for want in me.wants:
        if want.kind in _REACHED and _REACHED[want.kind](me, want):
            ledger.put(f"goal.{want.id}", "done", _cause(me, want))
            ledger.nudge("mood.joy", 0.3 * want.weight, _cause(me, want))
            ledger.nudge("mood.pride", 0.2 * want.weight, _cause(me, want))
        elif _hopeless(me, ledger, want):
            ledger.put(f"goal.{want.id}", "dropped", _cause(me, want))
            ledger.nudge("mood.sadness", 0.25 * want.weight, _cause(me, want))
    _reopen(me, ledger)
    for percept in me.view.news:
        _lost(me, ledger, percept)
        _agreed(me, ledger, percept)
        _accused(me, ledger, percept)
        _found_out(me, ledger, percept)


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


def _make(me: Me, want: Want) -> bool:
    subject, _, attribute = want.args[0].partition(".")
    for percept in me.view.news:
        for effect in percept.effects:
            if isinstance(effect, Became) and (effect.subject, effect.attribute) == (subject, attribute):
                if not effect.add and same(effect.value, want.args[1]):
                    return True
    belief = me.believes(subject, attribute)
    return belief is not None and same(belief.value, want.args[1])


def same(value: object, word: str) -> bool:
    """Whether a value is what a word of goal language says."""
    return str(value).lower() == word.lower()


def _tell(me: Me, want: Want) -> bool:
    return bool(me.slots.get(f"told.{want.args[0]}.{want.args[1]}"))


def _give(me: Me, want: Want) -> bool:
    fellow = me.fellow(want.args[1])
    belief = me.believes(want.args[0], "holder")
    return (fellow is not None and want.args[0] in fellow.holds) or (
        belief is not None and belief.value == want.args[1] and not me.holds(want.args[0])
    )


def _expose(me: Me, want: Want) -> bool:
    who = want.args[0]
    for percept in me.view.news:
        say = percept.action
        if percept.by == me.view.who and isinstance(say, Say) and say.intent == "accuse" and say.claims:
            named = any(who in (claim.subject, claim.value) for claim in say.claims)
            return named and say.manner in ("aloud", "shout") and len(me.view.fellows) > 1
    return False


def _befriend(me: Me, want: Want) -> bool:
    return me.liking(want.args[0]) >= 0.65 and _warmed(me, want.args[0])


def _warmed(me: Me, who: str) -> bool:
    """Whether they have just had a friendly word or gift for this character: friendship takes two."""
    return any(line.by == who and line.aim >= 0.8 and line.intent in _FRIENDLY for line in me.fresh)


_FRIENDLY = frozenset({"comfort", "confide", "thank", "promise", "agree", "joke", "small_talk"})


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
        heard_it = [slot for slot in ledger.slots if slot.startswith(f"told.{want.args[0]}.")]
        return len(heard_it) >= 2
    if want.kind == "keep":
        belief = me.believes(want.args[0], "holder")
        return belief is not None and belief.value != me.view.who and str(belief.value) in me.view.names and _gone(me, want)
    if want.kind in ("trust", "befriend") and number(ledger.slots.get(f"liking.{want.args[0]}")) < -0.5:
        return True
    return any(
        isinstance(effect, Destroyed) and effect.thing in want.args
        for percept in me.view.news
        for effect in percept.effects
    )


def _gone(me: Me, want: Want) -> bool:
    """Whether the thing has just come to somebody else's hands."""
    return any(
        (isinstance(effect, Passed) and effect.thing == want.args[0] and effect.to != me.view.who
        and percept.by != me.view.who) or (isinstance(percept.action, Handle) and percept.action.verb == "give"
        and percept.action.thing == want.args[0] and percept.by == me.view.who)
        for percept in me.view.news
        for effect in percept.effects or (None,)
    )  # fmt: skip


def _reopen(me: Me, ledger: Ledger) -> None:
    """What turns out not to be known after all is to be learned again."""
    for goal in me.core.goals:
        kind, _, matter = goal.want.partition(" ")
        if kind == "learn" and ledger.slots.get(f"goal.{goal.id}") == "done":
            belief = me.believes(*matter.split(".", 1)) if "." in matter else None
            if belief is None or belief.sure < 0.5:
                ledger.put(f"goal.{goal.id}", goal.want, me.view.news[-1].seq if me.view.news else me.view.seq)


# ── arising ────────────────────────────────────────────────────────────────────────────────────────


def _arise(me: Me, ledger: Ledger, id_: str, phrase: str, because: int) -> None:
    open_now = [want for want in me.wants if want.kind not in ("hide", "keep")]
    if f"goal.{id_}" not in ledger.slots and len(open_now) < _OPEN_GOALS:
        if not any(want.phrase == phrase for want in me.wants):
            ledger.put(f"goal.{id_}", phrase, because)


def _lost(me: Me, ledger: Ledger, percept: Percept) -> None:
    """What was to be kept and is taken is to be had back."""
    for effect in percept.effects:
        if isinstance(effect, Passed) and percept.by not in ("", me.view.who) and effect.to != me.view.who:
            if any(want.kind == "keep" and want.args[0] == effect.thing for want in me.wants):
                _arise(me, ledger, f"regain_{effect.thing}", f"have {effect.thing}", percept.seq)


def _agreed(me: Me, ledger: Ledger, percept: Percept) -> None:
    """A word given is a goal."""
    say = percept.action
    if percept.by != me.view.who or not isinstance(say, Say) or say.intent not in ("agree", "promise"):
        return
    kind, *args = say.topic.split() or [""]
    if kind in ("give", "hide", "at", "make", "tell", "learn") and args:
        _arise(me, ledger, f"word_{kind}_{args[0].replace('.', '_')}", say.topic, percept.seq)


def _accused(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Who is blamed for what he knows nothing of wants to know who it was."""
    heard = hear(me.view, percept)
    if not heard or heard.intent != "accuse" or heard.aim < 0.8 or not heard.claims:
        return
    claim = heard.claims[0]
    if me.secret(claim) is None and me.believes(claim.subject, claim.attribute) is None:
        phrase = f"learn {claim.subject}.{claim.attribute}"
        _arise(me, ledger, f"clear_{claim.subject}", phrase, percept.seq)


def _found_out(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Who learns what somebody has kept dark may want it said to his face."""
    heard = hear(me.view, percept)
    claims: tuple[Claim, ...] = heard.claims if heard else percept.claims if percept.by == me.view.who else ()
    for claim in claims:
        secret = me.secret(claim)
        if secret is None or me.always_knew(secret):
            continue
        if claim.subject == me.view.who and _person(me, claim.value):
            _arise(me, ledger, f"know_{claim.value}", f"befriend {claim.value}", percept.seq)
            continue
        who = next((str(name) for name in (claim.value, claim.subject) if _person(me, name)), "")
        wanted = any(claim.subject in want.args[0].split(".") for want in me.wants if want.args)
        nerve = me.trait("brave") + me.trait("proud") - me.liking(who) - me.trait("agreeableness")
        if who and who not in (me.view.who, percept.by) and (wanted or nerve > 0.3) and me.liking(who) < 0.5:
            _arise(me, ledger, f"confront_{who}", f"expose {who}", percept.seq)


def _person(me: Me, name: Scalar) -> bool:
    return str(name) in me.view.names and name not in me.view.map and me.sight(str(name)) is None
