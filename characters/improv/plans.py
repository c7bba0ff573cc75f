"""From wants to next steps, by regression: what would bring it about, and what would make that possible.

Each want is taken back from its end until a step is reached that is open now. Nothing is stored: the plan is made
anew at every turn, so a door found locked or a thing gone simply changes the next step.
"""

from collections.abc import Callable, Iterator, Mapping

from characters.improv.getting import get, open_up
from characters.improv.ideas import Idea, Utterance, deed_idea, option
from characters.improv.me import Me, Want
from characters.improv.pressing import press
from characters.improv.pursuits import PURSUITS
from characters.improv.routes import place_of, search, seek, toward, way_to
from worlds.actions import Became, Handle
from worlds.spec import Deed

__all__ = ["plans"]


def plans(me: Me) -> Iterator[Idea]:
    """Give the next steps towards every open want, worth more the more it is wanted and the later it gets."""
    drive = 1.0 + min(me.view.own_turn, 50) / 120
    for want in me.wants:
        steps = _PLANNERS.get(want.kind)
        if steps:
            for idea in steps(me, want):
                worth = idea.worth * (0.35 + 0.65 * want.weight) * drive
                yield idea._replace(worth=worth, goal=want.phrase)


def _have(me: Me, want: Want) -> Iterator[Idea]:
    yield from get(me, want.args[0], 0)


def _at(me: Me, want: Want) -> Iterator[Idea]:
    step = way_to(me, want.args[0])
    if step and me.view.place != want.args[0]:
        yield Idea(1.1, step, "at", want.args[0])
    elif not step and me.view.place != want.args[0]:
        for sight in me.view.sights:
            if sight.door and sight.facts.get("open") is False:
                yield from open_up(me, sight.id, 1)
        yield from search(me, 0.5, want.args[0])


def _alone(me: Me, want: Want) -> Iterator[Idea]:
    """Come to be alone with somebody: go to them, or ask them aside, or go where nobody is."""
    who = want.args[0]
    if not me.fellow(who):
        yield from seek(me, who, 0.9)
        return
    aside = Utterance("persuade", (who,), want=want.phrase, manner="whisper")
    yield Idea(0.8, aside, "alone", who)
    empty = toward(me, lambda place: place not in {place_of(me, f.id) for f in me.view.fellows})
    if empty and any(act.action is not None and act.action.verb == "say" for act in me.acts[-1:]):
        yield Idea(0.5, empty, "alone", who)


def _make(me: Me, want: Want) -> Iterator[Idea]:
    """Bring a fact about: by a deed known to do so, by the verb that does, or by trying what is at hand."""
    subject, _, attribute = want.args[0].partition(".")
    value = want.args[1].lower()
    for deed in me.view.deeds:
        if _does(deed, subject, attribute, value):
            yield deed_idea(deed, 1.3, "make")
    yield from _by_hand(me, subject, attribute, value)
    for act in me.view.options:
        if isinstance(act, Handle) and act.verb == "use" and subject in (act.thing, act.to):
            yield Idea(1.0, act, "make", subject)
    place = place_of(me, subject)
    step = way_to(me, place) if place and place != me.view.place else None
    if step:
        yield Idea(0.85, step, "make", subject)
    elif not me.sight(subject):
        yield from search(me, 0.8, subject)
    for fellow in me.view.fellows:
        yield from press(me, fellow.id, want.phrase, 0.55)


def _by_hand(me: Me, subject: str, attribute: str, value: str) -> Iterator[Idea]:
    """Do what a bare hand or a key can do about it."""
    verb = _VERBS.get((attribute, value), "")
    act = option(me, verb, subject) if verb else None
    if act:
        yield Idea(1.3, act, "make", subject)
    elif verb == "open" and me.sight(subject):
        yield from open_up(me, subject, 0)


_VERBS: Mapping[tuple[str, str], str] = {
    ("open", "true"): "open",
    ("open", "false"): "close",
    ("locked", "true"): "lock",
    ("locked", "false"): "unlock",
}


def _does(deed: Deed, subject: str, attribute: str, value: str) -> bool:
    """Whether a deed's effects bring a fact about, or nearer."""
    return any(
        isinstance(effect, Became)
        and (effect.subject, effect.attribute) == (subject, attribute)
        and (effect.add or str(effect.value).lower() == value)
        for effect in deed.effects
    )


def _give(me: Me, want: Want) -> Iterator[Idea]:
    thing, who = want.args[:2]
    if not me.holds(thing):
        yield from get(me, thing, 0)
    elif me.fellow(who):
        act = option(me, "give", thing, who)
        if act:
            yield Idea(1.4, act, "give", who)
    else:
        yield from seek(me, who, 1.0)


def _keep(me: Me, want: Want) -> Iterator[Idea]:
    """Hold on to a thing: pick it up, or come back to it."""
    take = option(me, "take", want.args[0])
    if take:
        yield Idea(0.7, take, "keep", want.args[0])


_PLANNERS: Mapping[str, Callable[[Me, Want], Iterator[Idea]]] = {
    "have": _have,
    "at": _at,
    "alone": _alone,
    "make": _make,
    "give": _give,
    "keep": _keep,
    **PURSUITS,
}
