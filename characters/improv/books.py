"""What a character remembers having done and been asked, kept in slots so that it outlasts the tail of percepts.

    seen.<id>            a place visited, a thing or person looked at closely
    asked.<s>.<a>        whom it has pressed about something, a name each time
    sought.<s>.<a>       who has pressed it about something
    told.<secret>.<who>  who is known to know a secret, having heard it from it or told it
    lied.<s>.<a>         the untruth it told, to stay with it
"""

from characters.improv.hearing import hear
from characters.improv.ledger import Ledger
from characters.improv.me import Me
from characters.profile import GOALS
from worlds.actions import Say, Touch
from worlds.view import Percept

__all__ = ["key_of", "note"]

_MOST = 5
"""How often one name is counted."""

_PRESSING = frozenset({"ask", "persuade", "bargain", "threaten", "order", "accuse"})


def key_of(topic: str) -> str:
    """Give the slot tail a topic is counted under: `ring.thief`, `ring.give`; empty for other topics."""
    if " " not in topic:
        return topic if topic.count(".") == 1 and not topic.startswith(".") and topic[-1] != "." else ""
    kind, first, *_ = topic.split()
    if kind == "learn" and "." in first:
        return first
    return f"{first.replace('.', '_')}.{kind}" if kind in GOALS else ""


def note(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Enter what one percept adds to the books."""
    heard = hear(me.view, percept)
    if heard:
        key = key_of(heard.topic) or (".".join(heard.asks) if heard.asks else "")
        if key and heard.aim > 0.5 and heard.intent in _PRESSING:
            _count(ledger, f"sought.{key}", heard.by, percept.seq)
        for claim in heard.claims:
            secret = me.secret(claim)
            if secret:
                ledger.put(f"told.{secret.id}.{heard.by}", True, percept.seq)
    elif percept.by == me.view.who and isinstance(percept.action, Say):
        _own_words(me, ledger, percept, percept.action)
    elif percept.by == me.view.who and isinstance(percept.action, Touch) and percept.action.verb == "examine":
        ledger.put(f"seen.{percept.action.target}", True, percept.seq)


def _own_words(me: Me, ledger: Ledger, percept: Percept, say: Say) -> None:
    key = key_of(say.topic)
    if key and say.intent in _PRESSING:
        for who in say.to:
            _count(ledger, f"asked.{key}", who, percept.seq)
    if say.intent == "lie" and say.claims:
        claim = say.claims[0]
        ledger.put(f"lied.{claim.subject}.{claim.attribute}", claim.value, percept.seq)
    private = say.manner in ("whisper", "aside")
    hearers = say.to if private else tuple(fellow.id for fellow in me.view.fellows)
    for claim in say.claims:
        secret = me.secret(claim)
        for who in hearers if secret and say.intent != "lie" else ():
            ledger.put(f"told.{secret.id if secret else ''}.{who}", True, percept.seq)


def _count(ledger: Ledger, slot: str, who: str, because: int) -> None:
    names = str(ledger.slots.get(slot, "")).split()
    if names.count(who) < _MOST:
        ledger.put(slot, " ".join((*names, who)), because)
