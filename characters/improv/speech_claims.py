"""Facts in words: claims as clauses, and questions, direct (`where is the ring`) and indirect (`where the ring is`)."""

import re
from collections.abc import Collection
from typing import NamedTuple

from characters.improv.speech_names import Noun, conjugate, in_place, name_of, noun_of, subject_of
from worlds.actions import Claim, Scalar
from worlds.spec import Phrase
from worlds.view import View

__all__ = ["Question", "phrase_ask", "phrase_claim"]

_STATES: dict[str, tuple[str, str]] = {
    "open": ("open", "shut"),
    "locked": ("locked", "unlocked"),
    "lit": ("lit", "dark"),
    "broken": ("broken", "in one piece"),
    "hidden": ("hidden", "in plain sight"),
    "alive": ("alive", "dead"),
    "present": ("still here", "gone"),
    "restrained": ("tied up", "free"),
    "hurt": ("hurt", "unhurt"),
}
"""Attributes the rules know: how they are when true and when false."""

_AT = Phrase(says="{subject} is {value}", asks="where is {subject}", denies="{subject} is not {value}")
_HOLDER = Phrase(
    says="{value} has {subject}", asks="who has {subject}", denies="{value} does not have {subject}"
)
_SLOT = re.compile(r"\{(subject|value)\}('s)?")
_BE = frozenset("is are was were".split())
_HELPERS = _BE | set("has have had can could will would should must might does do did".split())
_JOINTS = frozenset("that because when where if whether why how what who while and but then".split())
_QUESTION = re.compile(
    rf"^(?P<wh>.*?)\b(?P<helper>{'|'.join(sorted(_HELPERS))}) \{{subject\}}(?P<own>'s [a-z ]+)?(?P<rest>.*)$"
)
_PAST = dict(
    pair.split(":")
    for pair in (
        "go:went take:took get:got see:saw hear:heard find:found leave:left do:did say:said tell:told keep:kept "
        "hide:hid put:put come:came know:knew meet:met lose:lost sell:sold buy:bought steal:stole bring:brought "
        "send:sent give:gave spend:spent sleep:slept hurt:hurt make:made write:wrote break:broke have:had eat:ate "
        "drink:drank speak:spoke fall:fell feel:felt think:thought burn:burned want:wanted"
    ).split()
)


class Question(NamedTuple):
    """A question without its mark, both ways."""

    direct: str
    """`where is the ring`"""
    indirect: str
    """`where the ring is`"""


def phrase_claim(view: View, claim: Claim, to: Collection[str] = ()) -> str:
    """Say a claim as a clause, without capital or full stop: `you have the ring`.

    `to` are the hearers' ids: somebody who is spoken to alone is `you`, the owner of the view is `I`.
    """
    subject, value, holds = subject_of(view, claim.subject, to), claim.value, claim.holds
    phrase = (
        None
        if claim.attribute == "holder" and not _is_person(view, value)
        else view.phrases.get(claim.attribute)
    )
    if phrase is not None and isinstance(value, bool) and "{value}" not in phrase.says:
        return _fill(phrase.says if value == holds else phrase.denies, subject, Noun(""))
    if phrase is not None:
        return _fill(phrase.says if holds else phrase.denies, subject, noun_of(view, value, to))
    return _without_phrase(view, claim, subject, to)


def _without_phrase(view: View, claim: Claim, subject: Noun, to: Collection[str]) -> str:
    attribute, value, holds = claim.attribute, claim.value, claim.holds
    states = _STATES.get(attribute)
    if states and isinstance(value, bool | int):
        return _fill(f"{{subject}} is {states[0 if bool(value) == holds else 1]}", subject, Noun(""))
    is_person = _is_person(view, value)
    if attribute == "at" or (attribute == "holder" and not is_person):
        place = in_place(name_of(view, str(value))) if value in view.names else str(value).replace("_", " ")
        return _fill(_AT.says if holds else _AT.denies, subject, Noun(place))
    if attribute == "holder":
        return _fill(_HOLDER.says if holds else _HOLDER.denies, subject, noun_of(view, value, to))
    return _fill(_generic(attribute, value, holds=holds, person=is_person), subject, noun_of(view, value, to))


def _is_person(view: View, value: Scalar) -> bool:
    """Tell people from things and places: a name without an article."""
    return isinstance(value, str) and value not in view.map and view.names.get(value, "")[:1].isupper()


def _generic(attribute: str, value: Scalar, *, holds: bool, person: bool) -> str:
    """Find a wording for an attribute nobody gave a phrase for."""
    words = attribute.replace("_", " ")
    negated = "" if holds else " not"
    if attribute == "did" and person:
        return f"{{value}} is{negated} behind {{subject}}"
    if attribute == "did":
        return "{subject} {value}" if holds else "it is not true that {subject} {value}"
    if isinstance(value, bool):
        return f"{{subject}} is{'' if value == holds else ' not'} {words}"
    return f"{{subject}}'s {words} is{negated} {{value}}"


def phrase_ask(view: View, asks: tuple[str, str], to: Collection[str] = ()) -> Question:
    """Say what somebody wants to know, `(subject, attribute)`, as a question without its mark."""
    subject = subject_of(view, asks[0], to)
    template = _asks(view, asks[1])
    phrase, indirect = view.phrases.get(asks[1]), _indirect(template)
    unturned = indirect == template and template.split(" ", 1)[0] in _HELPERS
    if unturned and phrase and "{value}" not in phrase.says:
        indirect = f"whether {phrase.says}"
    return Question(_invert(template, subject), _fill(indirect, subject, Noun("")))


def _asks(view: View, attribute: str) -> str:
    phrase = view.phrases.get(attribute)
    if phrase:
        return phrase.asks.rstrip("?")
    if attribute in {"at", "holder"}:
        return (_AT if attribute == "at" else _HOLDER).asks
    if attribute == "did":
        return "what did {subject} do"
    if attribute in _STATES:
        return f"is {{subject}} {_STATES[attribute][0]}"
    return f"what about {{subject}}'s {attribute.replace('_', ' ')}"


def _fill(template: str, subject: Noun, value: Noun) -> str:
    """Put two nouns into a statement; pronouns and the verbs after them agree."""
    text, rest = "", template
    while found := _SLOT.search(rest):
        text += rest[: found.start()]
        noun = subject if found[1] == "subject" else value
        rest = rest[found.end() :]
        before = text.split()
        if found[2]:
            text += noun.possessive
        elif not before or before[-1].lower() in _JOINTS:
            text += noun.text
            rest = conjugate(rest, noun.person)
        else:
            text += noun.object
    return " ".join((text + rest).split())


def _invert(template: str, subject: Noun) -> str:
    """Put the subject into a direct question; the helping verb before it agrees."""
    found = _QUESTION.match(template)
    if not found or not _is_inverted(found) or found["own"]:
        return _fill(template, subject, Noun(""))
    helper = conjugate(f" {found['helper']}", subject.person).strip()
    return " ".join(f"{found['wh']} {helper} {subject.text} {found['rest']}".split())


def _is_inverted(found: re.Match[str]) -> bool:
    return found["helper"] in _BE or bool(found["rest"].strip())


def _indirect(template: str) -> str:
    """Turn a direct question template round: `where is {subject}` to `where {subject} is`."""
    found = _QUESTION.match(template)
    if not found or not _is_inverted(found):
        return template
    wh, helper = found["wh"] or "whether ", found["helper"]
    own, rest = found["own"] or "", found["rest"].strip()
    if helper not in {"do", "does", "did"}:
        return f"{wh}{{subject}}{own} {helper} {rest}".rstrip()
    verb, _, tail = rest.partition(" ")
    return f"{wh}{{subject}}{own} {_tense(verb, past=helper == 'did')} {tail}".rstrip()


def _tense(verb: str, *, past: bool) -> str:
    if past:
        return _PAST.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
    if verb == "have":
        return "has"
    return f"{verb}es" if verb.endswith(("ss", "sh", "ch", "x", "o")) else f"{verb}s"
