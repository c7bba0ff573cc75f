"""What a character remembers having done and been asked, kept in slots so that it outlasts the tail of percepts.

seen.<id>            a place visited (`dark` if nothing was seen there), a thing or person looked at closely
                     (`telling` or `damning` if it gave something away)
tool.<thing>         the place where something was seen that might open things
shut.<container>     the place where a container was found shut
works.<s>.<a>        the place where something can be done about it
asked.<s>.<a>        whom it has pressed about something, a name each time
sought.<s>.<a>       who has pressed it about something
told.<secret>.<who>  who is known to know a secret, having heard it from it or told it
lied.<s>.<a>         the untruth it told, to stay with it
"""

import re

from characters.improv.hearing import hear, words
from characters.improv.ledger import Ledger
from characters.improv.me import Me
from characters.profile import GOALS
from worlds.actions import Say, Touch
from worlds.view import Percept

__all__ = ["DAMNING", "DARK", "TELLING", "key_of", "might_open", "note", "survey"]

DARK = "dark"
"""Value of `seen.<place>` where one has been but could not see."""

TELLING = "telling"
"""Value of `seen.<thing>` for a thing that gave something away when it was looked at."""

DAMNING = "damning"
"""The same for what gives away a secret that is to be kept."""

_MOST = 5
"""How often one name is counted."""

_PRESSING = frozenset({"ask", "persuade", "bargain", "threaten", "order", "accuse"})


def key_of(topic: str) -> str:
    """Give the slot tail a topic is counted under: `ring.thief`, `ring.give`; empty for other topics."""
    if " " not in topic:
        return topic if re.fullmatch(r"\w+\.\w+", topic) else ""
    kind, first, *_ = topic.split()
    if kind == "learn" and "." in first:
        return first
    return f"{first.replace('.', '_')}.{kind}" if kind in GOALS else ""


def survey(me: Me, ledger: Ledger, because: int) -> None:
    """Enter where one is and what is found shut there."""
    place = me.view.place
    if me.view.dark:
        if not me.seen(place):
            ledger.put(f"seen.{place}", DARK, because)
        return
    if me.slots.get(f"seen.{place}") is not True:
        ledger.put(f"seen.{place}", value=True, because=because)
    _note_tools(me, ledger, because)
    hunting = any(want.kind in ("have", "learn") for want in me.wants)
    for sight in me.view.sights:
        if sight.container and not sight.door and sight.at != me.view.who:
            shut = sight.facts.get("open") is False
            if shut and hunting:
                ledger.put(f"shut.{sight.id}", place, because)
            elif not shut and me.slots.get(f"shut.{sight.id}"):
                ledger.put(f"shut.{sight.id}", "", because)


def might_open(id_: str, name: str) -> bool:
    """Whether a thing looks as if it could open something."""
    return bool(_TOOLS & (words(name) | words(id_.replace("_", " "))))


_TOOLS = words(
    "key keys pin poker crowbar axe hatchet hammer chisel shovel knife bar wrench picks lockpick spanner"
)


def _note_tools(me: Me, ledger: Ledger, because: int) -> None:
    """Remember what might open things, as long as something is known to be shut."""
    lying = {
        s.id for s in me.view.sights if s.portable and s.at == me.view.place and might_open(s.id, s.name)
    }
    if any(slot.startswith("shut.") and value for slot, value in me.slots.items()):
        for tool in sorted(lying):
            ledger.put(f"tool.{tool}", me.view.place, because)
    for slot, place in me.slots.items():
        if slot.startswith("tool.") and place == me.view.place and slot.removeprefix("tool.") not in lying:
            ledger.put(slot, "", because)


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
                ledger.put(f"told.{secret.id}.{heard.by}", value=True, because=percept.seq)
    elif percept.by == me.view.who and isinstance(percept.action, Say):
        _own_words(me, ledger, percept, percept.action)
    elif percept.by == me.view.who and isinstance(percept.action, Touch) and percept.action.verb == "examine":
        ledger.put(f"seen.{percept.action.target}", value=True, because=percept.seq)
    elif percept.by == me.view.who and percept.claims:
        _note_find(me, ledger, percept)


def _note_find(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Mark the thing just looked at as telling, or as damning."""
    act = me.acts[-1].action if me.acts else None
    if isinstance(act, Touch) and act.verb == "examine":
        secrets = (me.secret(claim) for claim in percept.claims)
        guarded = any(secret is not None and me.guards(secret.id) for secret in secrets)
        ledger.put(f"seen.{act.target}", DAMNING if guarded else TELLING, percept.seq)


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
            ledger.put(f"told.{secret.id if secret else ''}.{who}", value=True, because=percept.seq)


def _count(ledger: Ledger, slot: str, who: str, because: int) -> None:
    names = str(ledger.slots.get(slot, "")).split()
    if names.count(who) < _MOST:
        ledger.put(slot, " ".join((*names, who)), because)
