"""From wants to next steps, by regression: what would bring it about, and what would make that possible.

Each want is taken back from its end until a step is reached that is open now. Nothing is stored: the plan is made
anew at every turn, so a door found locked or a thing gone simply changes the next step.
"""

from collections.abc import Callable, Iterator, Mapping

from characters.improv.books import DARK, might_open
from characters.improv.ideas import Idea, Utterance, deed_idea, option
from characters.improv.me import Me, Want
from characters.improv.pressing import press
from characters.improv.pursuits import PURSUITS, confront
from characters.improv.routes import has_light, nearest, place_of, toward, way_to, way_to_person
from worlds.actions import Became, Handle
from worlds.spec import Deed

__all__ = ["plans", "search", "seek"]

_DEEPEST = 2
"""How many keys to keys are thought of."""


def plans(me: Me) -> Iterator[Idea]:
    """Give the next steps towards every open want, worth more the more it is wanted and the later it gets."""
    drive = 1.0 + min(me.view.own_turn, 50) / 120
    for want in me.wants:
        steps = _PLANNERS.get(want.kind)
        if steps:
            for idea in steps(me, want):
                worth = idea.worth * (0.35 + 0.65 * want.weight) * drive
                yield idea._replace(worth=worth, goal=want.phrase)


def seek(me: Me, who: str, worth: float) -> Iterator[Idea]:
    """Go where somebody is believed to be, or look for them."""
    step = way_to_person(me, who)
    if step:
        yield Idea(worth, step, "seek", who)
    elif not me.fellow(who):
        yield from search(me, worth * 0.7, who)


def search(me: Me, worth: float, about: str) -> Iterator[Idea]:
    """Look where one has not been yet."""
    lit = has_light(me)
    unseen = nearest(me, lambda place: not me.seen(place) or (lit and me.slots.get(f"seen.{place}") == DARK))
    step = way_to(me, unseen) if unseen else None
    if step:
        yield Idea(worth, step, "search", about)


def _have(me: Me, want: Want) -> Iterator[Idea]:
    yield from _get(me, want.args[0], 0)


def _get(me: Me, thing: str, depth: int) -> Iterator[Idea]:
    """Come by a thing: take it, open what it is in, ask who holds it, or find out where it is."""
    take = option(me, "take", thing)
    if take:
        yield Idea(1.5, take, "take", thing)
        return
    belief = me.believes(thing, "holder") or me.believes(thing, "at")
    holder = str(belief.value) if belief else ""
    if me.fellow(holder):
        yield from press(me, holder, f"give {thing} {me.view.who}", 1.2)
        yield from _pick_pocket(me, thing, holder)
        return
    if me.sight(holder):
        yield from _open_up(me, holder, depth)
        return
    place = place_of(me, holder) if holder else ""
    if holder and place and place != me.view.place:
        step = way_to(me, place)
        if step:
            yield Idea(1.1, step, "fetch", thing)
        return
    yield from _locate(me, thing, depth)


def _pick_pocket(me: Me, thing: str, holder: str) -> Iterator[Idea]:
    """Take it by a deed the world offers for it, if one is not above that."""
    for deed in me.view.deeds:
        if deed.to and any(getattr(effect, "thing", "") == thing for effect in deed.effects):
            yield deed_idea(me, deed, 0.9 - 0.5 * me.trait("honest"), "steal", holder)


def _open_up(me: Me, container: str, depth: int) -> Iterator[Idea]:
    """Get a container or door open: open it, unlock it, force it, or get what looks like its key."""
    sight = me.sight(container)
    locked = sight is not None and sight.facts.get("locked") is True
    for verb in ("unlock", "open") if locked else ("open",):
        act = option(me, verb, container)
        if act and not (locked and verb == "open"):
            yield Idea(1.3, act, "open", container)
            return
    for act in me.view.options:
        if isinstance(act, Handle) and act.verb == "use" and act.to == container:
            yield Idea(0.85 + 0.3 * me.feels("anger"), act, "force", container)
    carry = option(me, "take", container)
    if carry:
        yield Idea(0.9, carry, "take", container)
    if depth == 0:
        yield from _shut_elsewhere(me)
    if depth < _DEEPEST:
        for key in _likely_keys(me):
            for idea in _get(me, key, depth + 1):
                yield idea._replace(worth=idea.worth * 0.8)


def _likely_keys(me: Me) -> Iterator[str]:
    """Give things that look as if they could open something, those in reach first."""
    for id_, name in me.view.names.items():
        if might_open(id_, name) and not me.holds(id_) and id_ not in me.view.map:
            yield id_


def _locate(me: Me, thing: str, depth: int) -> Iterator[Idea]:
    """Find out where a thing is: look into what is closed here, ask round, look elsewhere."""
    for sight in me.view.sights:
        if sight.container and sight.facts.get("open") is False:
            for idea in _open_up(me, sight.id, depth + 1):
                yield idea._replace(worth=idea.worth * 0.75)
    if depth == 0:
        yield from _suspects(me, thing)
        yield from _shut_elsewhere(me)
    for fellow in me.view.fellows:
        yield from press(me, fellow.id, f"learn {thing}.holder", 0.75)
    yield from search(me, 0.8, thing)


def _suspects(me: Me, thing: str) -> Iterator[Idea]:
    """Turn to whoever is believed to have had a hand in it: charge them, and then demand the thing."""
    for who in sorted({str(belief.value) for (subject, _), belief in me.facts.items() if subject == thing}):
        if me.fellow(who):
            yield from confront(me, who, 0.7)
            if any(me.times(f"asked.{thing}.{matter}", who) for matter in ("holder", "thief", "finder")):
                yield from press(me, who, f"give {thing} {me.view.who}", 1.0)
        elif step := way_to_person(me, who):
            yield Idea(0.6, step, "seek", who)


def _shut_elsewhere(me: Me) -> Iterator[Idea]:
    """Go back to what was found shut, with something to open it; take along what might do."""
    shut = {slot.split(".", 1)[1]: str(place) for slot, place in me.slots.items() if slot.startswith("shut.") and place}
    if not shut:
        return
    ready = any(sight.at == me.view.who and might_open(sight.id, sight.name) for sight in me.view.sights)
    for sight in me.view.sights:
        act = option(me, "take", sight.id)
        if act and might_open(sight.id, sight.name):
            yield Idea(0.75 if not ready else 0.4, act, "tool", sight.id)
    errands = shut if ready else {s.removeprefix("tool."): str(at) for s, at in me.slots.items() if s.startswith("tool.")}
    for goal, place in errands.items():
        step = way_to(me, place) if place not in ("", me.view.place) else None
        if step:
            yield Idea(0.85, step, "fetch", goal)


def _at(me: Me, want: Want) -> Iterator[Idea]:
    step = way_to(me, want.args[0])
    if step and me.view.place != want.args[0]:
        yield Idea(1.1, step, "at", want.args[0])
    elif not step and me.view.place != want.args[0]:
        for sight in me.view.sights:
            if sight.door and sight.facts.get("open") is False:
                yield from _open_up(me, sight.id, 1)
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
            yield deed_idea(me, deed, 1.3, "make")
    verb = _VERBS.get((attribute, value))
    if verb:
        act = option(me, verb, subject)
        if act:
            yield Idea(1.3, act, "make", subject)
        elif verb == "open" and me.sight(subject):
            yield from _open_up(me, subject, 0)
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
        yield from _get(me, thing, 0)
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
