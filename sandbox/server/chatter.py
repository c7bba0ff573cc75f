"""What a character says to what visitors often say: names, seats, help, whom to trust, come along.

Answers are drawn from the profile and the view; where there is a choice, by chance, and none is given twice.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

from characters.improv.me import Me
from characters.improv.speech_claims import phrase_claim
from characters.improv.speech_names import name_of
from worlds.actions import Claim, Say

__all__ = ["QUESTIONS", "REMARKS", "Reply", "capital"]

Reply = Callable[[Me, Say, str], Iterator[str]]
"""Gives answers to a line, the best first; `asked` is the line in small letters."""

_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Cc]all me|[Ii] am called|[Ii]'m called|[Ii]'m|[Ii] am) ([A-Z][\w'-]+)"
)
_STRANGER = re.compile(r"(?<!^)(?<![.!?] )\b([A-Z][a-z]{2,})\b")
_LIKED = re.compile(r"\bdo you (?:like|love|enjoy|hate) (?:the |a |an )?([a-z][a-z ]{1,30}?)\s*\?")


def capital(text: str) -> str:
    """Give a text with its first letter upper case."""
    return f"{text[:1].upper()}{text[1:]}"


def _met(me: Me) -> str:
    """Give the name a visitor has given; empty if it has not."""
    for percept in reversed((*me.view.past, *me.view.news)):
        found = (
            _NAME.search(percept.action.text)
            if isinstance(percept.action, Say) and percept.by != me.view.who
            else None
        )
        if found:
            return found[1]
    return ""


def _introduced(me: Me, line: Say, asked: str) -> Iterator[str]:
    del asked
    found = _NAME.search(line.text)
    if found:
        told = any(f"{me.view.name}." in said or f"I am {me.view.name}" in said for said in me.view.said)
        yield f"{found[1]}, then." if told else f"{found[1]}, then. I am {me.view.name}."
        yield f"{found[1]}. I will try to keep it."


def _remembered(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    name = _met(me)
    yield f"{name}. I do listen, now and then." if name else "You have not told me your name."
    yield (
        f"Still {name}, unless you have changed your mind."
        if name
        else "I know your face. Nobody gave me the rest."
    )


def _said_by_most(*texts: str) -> Reply:
    def reply(me: Me, line: Say, asked: str) -> Iterator[str]:
        del line, asked
        start = Random(f"{me.view.draw}:chatter").randrange(len(texts))
        yield from (*texts[start:], *texts[:start])

    return reply


def _news(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    kept = {(secret.claim.subject, secret.claim.attribute) for secret in me.view.secrets}
    for (subject, attribute), belief in me.facts.items():
        if (subject, attribute) not in kept and attribute in me.view.phrases and belief.value != "":
            told = phrase_claim(me.view, Claim(subject, attribute, belief.value))
            yield f"If you ask me, {told}. Not everybody says so."
    topics = me.view.topics
    if len(topics) > 1:
        first = Random(f"{me.view.draw}:news").randrange(len(topics) - 1)
        yield f"Mostly they talk of {topics[first]}, and then of {topics[first + 1]}."


def _ranked(me: Me, family: str) -> list[tuple[float, str]]:
    feeling = me.trust if family == "trust" else me.liking
    known = {slot.partition(".")[2] for slot in me.slots if slot.startswith(f"{family}.")}
    return sorted((feeling(who), who) for who in known if who in me.view.names and me.fellow(who) is None)


def _suspected(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    ranked = _ranked(me, "trust")
    if ranked and ranked[0][0] < 0:
        yield f"If I had to name one: {name_of(me.view, ranked[0][1])}. I could not prove it."
    yield "Everybody, a little. It keeps us warm."


def _trusted(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    ranked = _ranked(me, "trust")
    if ranked and ranked[-1][0] > 0:
        yield f"{name_of(me.view, ranked[-1][1])}, if anybody."
    yield "Nobody I would lend my boots to."


def _advice(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    yield from (f"I go by this: {value}. You might do worse." for value in me.core.values)


def _home(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    for part in re.split(r"[,;]\s+", me.core.identity.rstrip(".")):
        words = re.split(r"\s+(?:he|she|they|who|that)\b", part)[0]
        if re.search(r"\b(born|keeper|of|from|at|raised|brought up|found)\b", words):
            own = re.sub(r"\b(his|her)\b", "my", words)
            yield f"{capital(own)}. Make of that what you like."
    yield "For now. Everybody lives somewhere for now."


def _safe(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    afraid = me.feels("fear") > 0.15
    yield (
        "I would not sleep with both eyes shut."
        if afraid
        else "No more than anybody is who has a roof to lose."
    )
    yield "I have said what I think of that."


def _unknown(me: Me, line: Say, asked: str) -> Iterator[str]:
    """Say that one knows nobody of a name that nobody here has."""
    del asked
    known = " ".join((*me.view.names.values(), me.view.name, _met(me), me.view.title, me.view.place_text))
    for name in _STRANGER.findall(line.text):
        if name not in known:
            yield f"{name}? I know nobody of that name."
            yield f"You ask me about {name} as if I should know. I do not."


def _indifferent(me: Me, line: Say, asked: str) -> Iterator[str]:
    del me, line
    found = _LIKED.search(asked)
    if found:
        yield f"{capital(found[1])}? I have never had to decide."
        yield f"I have nothing against {found[1]}."


QUESTIONS: Sequence[tuple[str, Reply]] = (
    (r"\bremember (my name|me)\b|\bwhat('s| is) my name\b|\bknow (my name|who i am)\b", _remembered),
    (r"\bseat\b|\b(may|can|could) i (sit|join|come in|stay)\b|\bmind if i\b", _said_by_most(
        "Sit, if you like. It costs nothing yet.", "It is nobody's. Sit.", "If you do not fidget.")),
    (r"\b(going on|any news|what's new|what happened here|happening)\b", _news),
    (r"\bwho\b.*\b(lying|suspect|guilty|did it|behind (it|this))\b", _suspected),
    (r"\bwho\b.*\b(trust|like|friend)\b", _trusted),
    (r"\bwhat (should|can|could|shall) (i|we) do\b|\bany advice\b", _advice),
    (r"\b(can|could|will|would) you help\b|\bhelp me\b", _said_by_most(
        "That depends. With what?", "I can listen. The rest we shall see.", "Say with what first.")),
    (r"\bdo you (live|work|belong) here\b|\bhow long have you (been|lived|worked)\b", _home),
    (r"\b(danger|safe)\b", _safe),
    (r"^why( not)?\W*$", _said_by_most("Because it is so.", "You would have to ask my mother.", "Why not.")),
    (r".", _unknown),
    (r".", _indifferent),
)  # fmt: skip
"""Patterns in a question, in order, and what answers them."""

REMARKS: Sequence[tuple[str, Reply]] = (
    (r"\b(my name is|call me|i am called|i'm|i am) \w", _introduced),
    (r"\b(let's|let us) (go|leave|walk)\b|\bcome (with me|along)\b|\bfollow me\b", _said_by_most(
        "Not now. I am well enough where I am.", "You go. Tell me what it was like.", "Later, if there is one.")),
)  # fmt: skip
"""The same for what is no question."""
