"""Goals that arise from the story: things to get back, words to keep, names to clear, people to confront."""

from characters.improv.hearing import hear
from characters.improv.ledger import Ledger
from characters.improv.me import Me
from worlds.actions import Claim, Passed, Say, Scalar
from worlds.view import Percept

__all__ = ["arising"]

_OPEN_GOALS = 5
"""How many wants one character pursues at a time; no new one arises beyond."""

_PROMISED = frozenset({"give", "hide", "at", "make", "tell", "learn"})
"""Wants of others that somebody can take on by giving a word."""


def arising(me: Me, ledger: Ledger) -> None:
    """Open the goals that what is new gives rise to."""
    _reopen(me, ledger)
    _won(me, ledger)
    for percept in me.view.news:
        _lost(me, ledger, percept)
        _agreed(me, ledger, percept)
        _accused(me, ledger, percept)
        _found_out(me, ledger, percept)


def _arise(me: Me, ledger: Ledger, id_: str, phrase: str, because: int) -> None:
    open_now = [want for want in me.wants if want.kind not in ("hide", "keep")]
    known = f"goal.{id_}" in ledger.slots or any(want.phrase == phrase for want in me.wants)
    if not known and len(open_now) < _OPEN_GOALS:
        ledger.put(f"goal.{id_}", phrase, because)


def _reopen(me: Me, ledger: Ledger) -> None:
    """Want to learn again what turns out not to be known after all."""
    latest = me.view.news[-1].seq if me.view.news else me.view.seq
    for goal in me.core.goals:
        kind, _, matter = goal.want.partition(" ")
        if kind == "learn" and ledger.slots.get(f"goal.{goal.id}") == "done":
            subject, _, attribute = matter.partition(".")
            belief = me.believes(subject, attribute)
            if belief is None or belief.sure < 0.5:
                ledger.put(f"goal.{goal.id}", goal.want, latest)


def _won(me: Me, ledger: Ledger) -> None:
    """Want to keep what was to be had and has just been come by, unless it is meant for another."""
    meant = {want.args[0] for want in me.wants if want.kind == "give"}
    for want in me.wants:
        change = ledger.changes.get(f"goal.{want.id}")
        if want.kind == "have" and change and change.value == "done" and want.args[0] not in meant:
            _arise(me, ledger, f"keep_{want.args[0]}", f"keep {want.args[0]}", change.because)


def _lost(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Want back what was to be kept and is taken."""
    for effect in percept.effects:
        if not isinstance(effect, Passed) or not percept.by or me.view.who in (percept.by, effect.to):
            continue
        if any(want.phrase == f"keep {effect.thing}" for want in me.wants):
            _arise(me, ledger, f"regain_{effect.thing}", f"have {effect.thing}", percept.seq)


def _agreed(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Take a word given as a goal."""
    say = percept.action
    if percept.by != me.view.who or not isinstance(say, Say) or say.intent not in ("agree", "promise"):
        return
    kind, *args = say.topic.split() or [""]
    if kind == "hide" and args:
        matter = tuple(args[0].split("."))
        known = [
            secret.id
            for secret in me.view.secrets
            if (secret.claim.subject, secret.claim.attribute) == matter
        ]
        args = known[:1]
    if kind in _PROMISED and args:
        _arise(me, ledger, f"word_{kind}_{args[0].replace('.', '_')}", " ".join((kind, *args)), percept.seq)


def _accused(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Want to know who it was, if blamed for what one knows nothing of."""
    heard = hear(me.view, percept)
    if not heard or heard.intent != "accuse" or heard.aim < 0.8 or not heard.claims:
        return
    claim = heard.claims[0]
    if me.secret(claim) is None and me.believes(claim.subject, claim.attribute) is None:
        phrase = f"learn {claim.subject}.{claim.attribute}"
        _arise(me, ledger, f"clear_{claim.subject}", phrase, percept.seq)


def _found_out(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Want it said to somebody's face what they have kept dark; or to know better whom one turns out to belong to."""
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
