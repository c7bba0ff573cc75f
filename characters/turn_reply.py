"""The form a model fills in for a turn, and the decision it stands for, held against the view.

What the deed hangs on must be right: a number that is offered, people who are present, own words only. What is beside
the point (a claim about nothing known, a number that names no percept) is left out.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from characters.minds import Decision
from characters.replies import UnfitError, tidy
from characters.shapes import Few, Id, Line, Lines, Number, Reply, Text, Value
from characters.turn_names import Names, others_words, own_words
from worlds.actions import INTENTS, Action, Claim, Do, Intent, Manner, Say, Wait
from worlds.events import Link
from worlds.view import View

__all__ = ["AnswerReply", "ChangeReply", "ClaimReply", "TurnReply", "decision_of"]

SPEECH, THOUGHT, DEED, WORD = 600, 500, 200, 40
"""Longest texts, in characters."""

_FEW: dict[str, Any] = {"maxItems": 4}
"""How long lists are asked to be; longer ones are read as far as they are needed."""

_LINKS = 8
_CLAIMS = 4


def _choice(value: object) -> object:
    """Read `3`, `"3."` and `"3 take a key"` as 3."""
    number = re.match(r"\D{0,3}(\d{1,4})(?!\d|\.\d)", value) if isinstance(value, str) else None
    return int(number[1]) if number else -1 if isinstance(value, str) else value


def _manner(value: object) -> object:
    word = str(value).lower().strip()
    return word if word in ("aloud", "aside", "whisper", "shout") else "aloud"


def _intent(value: object) -> object:
    word = str(value).lower().strip().replace(" ", "_")
    return word if word in INTENTS else ""


class ClaimReply(Reply):
    """A statement as data."""

    subject: Id = Field(description="id of what it is about")
    attribute: Id = Field(description="which statement")
    value: Value = Field(description="id, word, number, true or false")
    holds: bool = Field(default=True, description="false to say that it is not so")


class ChangeReply(Reply):
    """A change in oneself."""

    slot: Id = Field(description="what changes")
    value: Value = Field(description="its new value")
    because: Number = Field(default=-1, description="number of what caused it")


class TurnReply(Reply):
    """One turn of one character."""

    thought: Lines = Field(default="", description="what goes on in you, first person, one or two sentences")
    feeling: Id = Field(default="", description="one word for how you feel")
    act: Literal["say", "choose", "try", "wait"] = Field(description="which one thing you do")
    speech: Lines = Field(default="", description="if you say something: your words, nothing else")
    to: tuple[Id, ...] = Field(
        default=(),
        description="ids of those you speak to or do it to; empty for everybody here",
        json_schema_extra=_FEW,
    )
    manner: Annotated[Manner, BeforeValidator(_manner)] = Field(default="aloud", description="how you say it")
    intent: Annotated[
        Literal[Intent, ""],
        BeforeValidator(_intent),
        WithJsonSchema({"type": "string", "enum": [*INTENTS, ""]}),
    ] = Field(default="", description="what your words are meant to do")
    topic: Id = Field(default="", description="what they are about, an id or a few words; may be empty")
    claims: Few[ClaimReply] = Field(
        default=(),
        description="what your words state, true or not, if it is one of the statements or secrets above; else empty",
        json_schema_extra=_FEW,
    )
    choice: Annotated[int, BeforeValidator(_choice), WithJsonSchema({"type": "integer"})] = Field(
        default=-1, description="if you choose: the number of the option; else -1"
    )
    deed: Line = Field(
        default="",
        description="if you try a deed of your own: third person without the name, as in `searches the ashes`",
    )
    used: Few[Number] = Field(
        default=(), description="[numbers] of what you react to or were reminded of", json_schema_extra=_FEW
    )
    conclusion: Line = Field(
        default="",
        description="what you now make of it all and will remember, in a sentence; empty if nothing new",
    )
    changes: Few[ChangeReply] = Field(
        default=(),
        description="what changes in you and by which [number]: trust.WHO, liking.WHO, mood.joy|anger|fear|shame"
        " -1 to 1, belief.SUBJECT.ATTRIBUTE, goal.ID done|dropped; empty if nothing",
        json_schema_extra=_FEW,
    )


class AnswerReply(Reply):
    """An answer in an interview."""

    answer: Text = Field(
        description="what you answer, in your own voice", json_schema_extra={"maxLength": 1_000}
    )


def decision_of(view: View, reply: TurnReply) -> Decision:
    """Give the decision a form stands for; `UnfitError` if it is none this character could make now."""
    names = Names(view)
    _own_name(names, reply)
    return Decision(
        action=_action(view, names, reply),
        thought=tidy(reply.thought, THOUGHT),
        feeling=tidy(reply.feeling, WORD),
        links=_links(view, reply),
    )


def _own_name(names: Names, reply: TurnReply) -> None:
    """Refuse an act that is signed with another's name."""
    for field, value in (reply.model_extra or {}).items():
        if field in ("who", "name", "character", "speaker", "actor", "by", "id") and isinstance(value, str):
            other = names.person(value)
            if other and other != names.view.who:
                raise UnfitError(
                    f"it is signed `{tidy(value, WORD)}`, but you are {names.view.name}; act for yourself alone"
                )


def _action(view: View, names: Names, reply: TurnReply) -> Action:
    match reply.act:
        case "say":
            return _say(names, reply)
        case "choose":
            return _chosen(view, names, reply)
        case "try":
            return _tried(names, reply)
        case _:
            return Wait()


def _say(names: Names, reply: TurnReply) -> Say:
    if other := others_words(names, reply.speech):
        raise UnfitError(f"`speech` has words of {other}; write your own words alone")
    text = tidy(own_words(names, reply.speech), SPEECH)
    if not re.search(r"\w", text):
        raise UnfitError("`act` is say, but `speech` is empty")
    to = tuple(dict.fromkeys(_addressee(names, word, reply.manner) for word in reply.to))
    return Say(
        text=text,
        to=tuple(who for who in to if who),
        manner=reply.manner,
        intent=reply.intent or None,
        topic=names.id(reply.topic) or tidy(reply.topic, WORD),
        claims=tuple(claim for found in reply.claims if (claim := claim_of(names, found)))[:_CLAIMS],
    )


def _addressee(names: Names, word: str, manner: Manner) -> str:
    """Give who is meant; empty for everybody, for nobody and for oneself."""
    if names.everybody(word):
        return ""
    who = names.person(word)
    if who == names.view.who:
        return ""
    near = {fellow.id for fellow in names.view.fellows}
    if not who or (who not in near and manner != "shout"):
        here = ", ".join(sorted(near)) or "nobody else"
        raise UnfitError(f"`to` names `{tidy(word, WORD)}`, who is not here; here is {here}")
    return who


def _chosen(view: View, names: Names, reply: TurnReply) -> Action:
    number, many = reply.choice, len(view.options) + len(view.deeds)
    if not 0 <= number < many:
        raise UnfitError(f"`act` is choose, but `choice` is {number}; choose a number from 0 to {many - 1}")
    if number < len(view.options):
        return view.options[number]
    deed = view.deeds[number - len(view.options)]
    to = next((who for word in reply.to if (who := names.fellow(word))), "")
    if deed.to and not to:
        raise UnfitError(f"choice {number} is done to somebody; name one who is here in `to`")
    return Do(text=deed.text, deed=deed.id, to=to if deed.to else "")


def _tried(names: Names, reply: TurnReply) -> Do:
    text = tidy(reply.deed, DEED)
    if other := names.subject(text):
        raise UnfitError(f"`deed` is done by {other}; write what you do yourself")
    text = names.without_self(text).rstrip(" .")
    if not re.search(r"\w", text):
        raise UnfitError("`act` is try, but `deed` is empty")
    return Do(text=text, to=next((who for word in reply.to if (who := names.fellow(word))), ""))


def claim_of(names: Names, found: ClaimReply) -> Claim | None:
    """Give a claim in the ids of the world; None if it is about nothing known."""
    subject = names.id(found.subject)
    attribute = found.attribute.strip().lower()
    if not subject or attribute not in names.attributes:
        return None
    value = found.value
    if isinstance(value, str):
        value = names.id(value) or tidy(value, WORD)
    return Claim(subject, attribute, value, found.holds)


def _links(view: View, reply: TurnReply) -> tuple[Link, ...]:
    """Link what was named: what is new is answered, what is older is recalled."""
    new = {percept.seq for percept in view.news}
    old = {percept.seq for percept in view.past} | {memory.seq for memory in view.recollections}
    named = (number for number in dict.fromkeys(reply.used) if number in new | old)
    return tuple(Link(number, "answers" if number in new else "recalls") for number in named)[:_LINKS]
