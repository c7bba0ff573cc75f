"""What a character says of itself and of what is around it, when a visitor asks.

Everything here is drawn from the profile and the view, in the first person; nothing is drawn from secrets, and no
want that is to be kept quiet is owned up to.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from characters.improv.hearing import words
from characters.improv.me import Me
from characters.improv.speech import Utterance, speak
from characters.improv.speech_names import base_form, in_place
from characters.improv.thoughts import mood_word
from sandbox.server.around import about, here
from sandbox.server.chatter import QUESTIONS, REMARKS, Reply
from sandbox.server.hearing import spoken
from worlds.actions import Intent, Say

__all__ = ["personal", "remarked"]

_SECRETIVE = ("hide", "expose", "tell", "learn", "keep", "alone")
"""Wants nobody speaks of to a stranger."""

_AIMS = ("To {0}. That is all I ask.", "I mean to {0}, if I am let.", "There is one thing more: to {0}.")


def personal(me: Me, line: Say, rng: Random) -> str:
    """Answer a question about the character or what is around it; empty if it is about neither."""
    return _first(me, line, rng, _KINDS)


def remarked(me: Me, line: Say, rng: Random) -> str:
    """Answer what is no question, where there is an answer to it; empty if there is none."""
    return _first(me, line, rng, REMARKS)


def _first(me: Me, line: Say, rng: Random, kinds: Sequence[tuple[str, Reply]]) -> str:
    asked = spoken(line.text).lower().replace("’", "'")
    for pattern, reply in kinds:
        if re.search(pattern, asked):
            fresh = [text for text in reply(me, line, asked) if text and not _said(me, text)]
            if fresh:
                return _voiced(me, fresh[0], rng)
    return ""


def _said(me: Me, text: str) -> bool:
    return any(text in line for line in me.view.said)


def _voiced(me: Me, text: str, rng: Random) -> str:
    """Say it as this character says things: in its dialect, sometimes with a word of its own before it."""
    for plain, own in me.core.voice.dialect.items():
        text = re.sub(rf"\b{re.escape(plain)}\b", own, text)
    openers = [filler for filler in me.core.voice.fillers if filler[-1:] in ".!?"]
    return f"{rng.choice(openers)} {text}" if openers and rng.random() < 0.25 else text


def _who(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    role = next(_roles(me), "")
    yield f"{me.view.name}. {role}" if role else f"{me.view.name}."
    yield from (role for role in _roles(me))
    yield f"I have told you who I am. {me.view.name}."


def _roles(me: Me) -> Iterator[str]:
    """Give what somebody is, part by part, as they would say it; asides about others are left out."""
    for part in re.split(r"[,;.]\s+|[,;.]$", me.core.identity):
        part = re.split(r"\s+(?:he|she|they|who|that)\b", part)[0].strip()  # noqa: PLW2901 - cut before an aside
        first = part.split(" ")[0].lower() if part else ""
        if (
            not part
            or part in me.view.name
            or me.view.name in part
            or re.fullmatch(r"[a-z]+ty(-[a-z]+)?|[a-z]+teen", first)
        ):
            continue
        if first.endswith("s") and not first.endswith("ss") and first not in ("his", "mothers"):
            part = f"I {base_form(first)} {part.partition(' ')[2]}".strip()  # noqa: PLW2901 - the same
        part = re.sub(r"\b(his|her)\b", "my", part)  # noqa: PLW2901 - the same
        yield f"{part[0].upper()}{part[1:]}."


def _from(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    yield from (
        role
        for role in _roles(me)
        if re.search(r"\b(born|from|raised|out of|brought up|found|of)\b", role, re.IGNORECASE)
    )
    yield f"From farther off than I care to go back. Now I am {in_place(me.view.place_name)}."


def _age(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    found = re.search(r"\b[a-z]+ty(-[a-z]+)?\b|\b[a-z]+teen\b", me.core.identity.lower())
    yield f"{found[0].capitalize()}." if found else "Old enough."


def _how(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    mood = mood_word(me.core, me.slots)
    hurt = [
        f"{slot.split('.', 1)[1].replace('_', ' ')}: {value}"
        for slot, value in me.slots.items()
        if slot.startswith("injury.") and value
    ]
    rest = f" My {hurt[0]}." if hurt else ""
    yield f"{mood.capitalize()}, since you ask.{rest}"
    yield f"Still {mood}."
    yield f"No different from before. {mood.capitalize()}, if it must have a name."


def _want(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    open_now = [
        w for w in me.wants if w.kind not in _SECRETIVE and w.text and not _touches_secret(me, w.text)
    ]
    aims = [want.text.removeprefix("to ") for want in open_now]
    yield from (form.format(aim) for form, aim in zip(_AIMS, aims, strict=False))
    yield from (f"{value[:1].upper()}{value[1:]}. Start there." for value in me.core.values)


def _touches_secret(me: Me, text: str) -> bool:
    return any(len(words(secret.text) & words(text)) >= 2 for secret in me.view.secrets)


def _afraid(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    for slot, value in me.slots.items():
        if slot.startswith("fear.") and value:
            yield f"{slot.split('.', 1)[1].replace('_', ' ').capitalize()}. Do not ask me why."
    yield "Less than I ought to be."


def _like(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line
    tastes = {
        slot.split(".", 1)[1].replace("_", " "): str(value)
        for slot, value in me.slots.items()
        if slot.startswith("taste.") and value
    }
    near = [taste for taste in tastes if words(taste) & words(asked)]
    liked = (
        near
        if re.search(r"\bdo you\b(?! like (to )?(eat|drink))", asked) and "what" not in asked
        else (*near, *tastes)
    )
    yield from (f"{taste.capitalize()}: {tastes[taste]}." for taste in liked)
    if not near and "what" not in asked and "favo" not in asked:
        return
    yield from (f"{known[:1].upper()}{known[1:]}. I could talk of that all night." for known in me.core.knows)


def _hiding(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line, asked
    to = tuple(fellow.id for fellow in me.view.fellows)
    yield speak(me.view, Utterance("refuse", to), Random(f"{me.view.draw}:hiding"))


def _story(me: Me, line: Say, asked: str) -> Iterator[str]:
    del line
    intent: Intent = "joke" if re.search(r"joke|laugh|funny", asked) else "muse"
    to = tuple(fellow.id for fellow in me.view.fellows)
    own = me.core.voice.lines.get(intent, ())
    yield from (text for text in own if "{" not in text)
    yield speak(me.view, Utterance(intent, to), Random(f"{me.view.draw}:story"))


_KINDS: Sequence[tuple[str, Reply]] = (
    (r"\bwho are you\b|\byour name\b|\byourself\b|\bwhat do you do\b", _who),
    (r"\bare you (really |truly )?an? \w+|\bwhat are you\?", _who),
    (r"\bwhere (are|do|did) you (come )?from\b|\bwhere were you born\b|\byour home\b|\bgrow up\b", _from),
    (r"\bhow old\b|\byour age\b", _age),
    (r"\b(secrets?|hiding|not telling)\b", _hiding),
    (r"\bhow (are|do) you (feel|doing|today|tonight)?\b(?! know| think)", _how),
    (r"\bare you (all right|well|ok|okay|tired|hurt|sad|angry|happy)\b", _how),
    (r"\bafraid|\bscared|\bfear", _afraid),
    (r"\bstory\b|\bjoke\b|\bsing\b|\bmake me laugh\b", _story),
    (r"\bwhat (do|are) you (want|after|looking|doing)|\bbrings? you\b|\bwhy are you here\b", _want),
    (r"\byour (goals?|plans?|business)\b", _want),
    (r"\bwhere (are we|am i)\b|\bthis place\b|\bwhat place\b", here),
    (r"\bfavou?rite\b|\b(what|do|would) you (like|enjoy|love|drink|eat)\b(?! \w+ \w+ to)", _like),
    *QUESTIONS[:-2],
    (r".", about),
    *QUESTIONS[-2:],
)
"""Patterns in a question, in order, and what answers them."""
