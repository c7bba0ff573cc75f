"""The forms a narrating model fills in, and what of them the world allows."""

from typing import Literal

from pydantic import Field

from characters.replies import UnfitError, tidy
from characters.shapes import Few, Id, Line, Lines, Reply, Text, Value
from worlds.actions import Became, Destroyed, Effect, Moved, Passed, Profile, Scalar
from worlds.deeds import Ruling, name
from worlds.reach import exits, passable
from worlds.rules import checked
from worlds.state import State

__all__ = ["CueReply", "EffectReply", "RuleReply", "TextReply", "cued", "ruled", "told"]

_TOLD = 1_200
_RULED = 400
_EFFECTS = 3

_FACTS = frozenset({"open", "locked", "lit", "broken", "hidden", "restrained", "hurt"})
"""Facts a ruling may state even where none was stated before; others must be there already."""

_NEVER = frozenset({"alive", "present"})
"""Facts that are not changed by a deed in free words."""


class TextReply(Reply):
    """A passage of the story."""

    text: Text = Field(description="what you tell", json_schema_extra={"maxLength": 900})


class EffectReply(Reply):
    """One change to the world."""

    effect: Literal["moved", "passed", "became", "destroyed", "injured"] = Field(
        description="what kind of change"
    )
    subject: Id = Field(description="id of who or what changes")
    attribute: Id = Field(default="", description="became: which fact; injured: which part of the body")
    value: Value = Field(default="", description="its new value")
    to: Id = Field(default="", description="moved, passed: id of where to, or to whom")


class RuleReply(Reply):
    """A ruling."""

    ok: bool = Field(description="whether it comes off")
    text: Lines = Field(description="what is seen or heard of it")
    effects: Few[EffectReply] = Field(
        default=(),
        json_schema_extra={"maxItems": _EFFECTS},
        description="what changes, mostly nothing: moved SUBJECT to PLACE; passed THING to PERSON, PLACE or container;"
        " became SUBJECT.ATTRIBUTE VALUE; destroyed THING; injured PERSON in body part ATTRIBUTE with words VALUE",
    )


class CueReply(Reply):
    """An order of turns."""

    order: tuple[Id, ...] = Field(
        json_schema_extra={"maxItems": 12}, description="ids of those who have yet to act, first to last"
    )
    reason: Line = Field(default="", description="why the first one is first, in a few words")


def told(reply: TextReply) -> str:
    """Give the passage."""
    text = tidy(reply.text, _TOLD)
    if not text:
        raise UnfitError("`text` is empty")
    return text


def cued(state: State, reply: CueReply) -> tuple[str, ...]:
    """Give those of the order who wait; `UnfitError` if none does."""
    names = {character.name.lower(): who for who, character in state.cast.items()} | {
        who: who for who in state.cast
    }
    order = dict.fromkeys(names.get(word.strip(" *_`.").lower(), "") for word in reply.order)
    waiting = tuple(who for who in order if who in state.waiting)
    if not waiting:
        raise UnfitError(f"`order` names nobody who has yet to act; these have: {', '.join(state.waiting)}")
    return waiting


def ruled(state: State, who: str, reply: RuleReply) -> Ruling:
    """Give the ruling if all its effects are within reach and legal; `UnfitError` if not."""
    text = tidy(reply.text, _RULED)
    if not text:
        raise UnfitError("`text` is empty")
    effects = tuple(_effect(state, who, found) for found in reply.effects[:_EFFECTS])
    ruling = Ruling(ok=reply.ok, text=text, effects=effects)
    if checked(state, ruling) != ruling:
        raise UnfitError(f"`effects` cannot be: {checked(state, ruling).text}")
    return ruling


def _effect(state: State, who: str, found: EffectReply) -> Effect:
    """Give one change as an effect, if it is within reach of the deed."""
    subject, to = found.subject.strip(" *`"), found.to.strip(" *`")
    _within(state, who, subject)
    match found.effect:
        case "moved":
            return _moved(state, who, subject, to)
        case "passed":
            _within(state, who, to)
            return Passed(thing=subject, to=to)
        case "became":
            return _became(state, subject, found)
        case "destroyed":
            if subject in state.world.things and state.world.things[subject].portable:
                return Destroyed(thing=subject)
            raise UnfitError(f"`{subject}` cannot be destroyed")
        case "injured":
            return _injured(state, subject, found)


def _moved(state: State, who: str, subject: str, to: str) -> Moved:
    near = {way.to for way in exits(state, state.where[who]) if passable(state, way)}
    if subject not in state.cast or to not in near:
        raise UnfitError(
            f"`{subject}` cannot be moved to `{tidy(to, 40)}`: no open way leads there from here"
        )
    return Moved(who=subject, to=to)


def _became(state: State, subject: str, found: EffectReply) -> Became:
    attribute = found.attribute.strip(" *`").lower()
    if attribute in _NEVER or not (attribute in _FACTS or attribute in state.facts.get(subject, {})):
        raise UnfitError(f"`{subject}` has no fact `{tidy(attribute, 40)}` that a deed could change")
    return Became(subject=subject, attribute=attribute, value=_value(found.value))


def _injured(state: State, subject: str, found: EffectReply) -> Profile:
    part = tidy(found.attribute, 20).lower().replace(" ", "_") or "body"
    if subject not in state.cast or not part.isidentifier():
        raise UnfitError(f"`{subject}` cannot be injured in `{part}`")
    return Profile(who=subject, slot=f"injury.{part}", value=tidy(str(found.value), 80))


def _within(state: State, who: str, id_: str) -> None:
    """Refuse what is not in the place of the deed: a deed reaches no further than the room."""
    place = state.where[who]
    if id_ != place and state.place_of(id_) != place:
        raise UnfitError(
            f"`{tidy(id_, 40)}` is not in {name(state, place)}; a deed changes only what is here"
        )


def _value(value: Scalar) -> Scalar:
    words = {"true": True, "false": False, "yes": True, "no": False}
    return words.get(value.strip().lower(), tidy(value, 80)) if isinstance(value, str) else value
