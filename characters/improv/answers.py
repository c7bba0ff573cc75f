"""Interview answers: from identity, goals, feelings, relations, beliefs and memory; `I do not know` for the rest."""

import re
from collections.abc import Callable, Iterator

from characters.improv.hearing import words
from characters.improv.me import MOODS, Belief, Me
from characters.improv.speech_claims import phrase_ask, phrase_claim
from characters.improv.speech_names import in_place, name_of
from characters.improv.thoughts import goal_words, mood_word
from worlds.actions import Claim, Scalar

__all__ = ["answer"]

_UNKNOWN = "I do not know."

_TRUST = (
    "I do not trust {0} at all",
    "I do not quite trust {0}",
    "I neither trust nor mistrust {0}",
    "I trust {0}",
    "I trust {0} fully",
)
_WARMTH = (
    "cannot bear them",
    "do not much like them",
    "feel nothing much for them",
    "like them",
    "am very fond of them",
)

_BODILY = {
    "injur": "injury",
    "hurt": "injury",
    "wound": "injury",
    "fear": "fear",
    "afraid": "fear",
    "taste": "taste",
}
"""Words of a question, and the family of slots they ask for."""

_BOOKS = frozenset(
    {"asked", "sought", "seen", "told", "lied", "sure", "source", "mood", "shut", "tool", "works"}
)
"""Slots that are bookkeeping, not something one would say."""


def answer(me: Me, question: str) -> str:
    """Answer a question in the first person; what is not known is said not to be known."""
    asked = question.lower()
    for pattern, reply in _KINDS:
        if re.search(pattern, asked):
            text = reply(me, question)
            if text:
                return text
    return _UNKNOWN


def _subjects(me: Me, question: str) -> list[str]:
    """Give the ids named in a question, longest names first, then in order of mention."""
    spoken, lowered = words(question), question.lower()
    known = {subject: me.name(subject) for subject, _ in me.facts} | dict(me.view.names)
    known.pop(me.view.who, None)
    found = [
        id_
        for id_, name in known.items()
        if (own := words(name)) and (own <= spoken or words(id_.replace("_", " ")) <= spoken)
    ]
    return sorted(found, key=lambda id_: (-len(words(known[id_])), lowered.find(id_.split("_")[0])))


def _is_person(me: Me, id_: str) -> bool:
    return id_ in me.view.names and id_ not in me.view.map and me.sight(id_) is None


# ── the kinds of question ──────────────────────────────────────────────────────────────────────────


def _who(me: Me, _: str) -> str:
    return f"I am {me.view.name}. {_sentence(me.core.identity)}"


def _wants(me: Me, _: str) -> str:
    open_now = [goal_words(me.view, want) for want in me.wants]
    closed = [
        f"{slot.removeprefix('goal.').replace('_', ' ')} is {value}"
        for slot, value in me.slots.items()
        if slot.startswith("goal.") and value in ("done", "dropped")
    ]
    text = f"I want {'; and '.join(open_now)}." if open_now else "There is nothing I am after just now."
    return f"{text} Of what I wanted before, {', '.join(closed)}." if closed else text


def _why(me: Me, question: str) -> str:
    """Give the want an act may have served, one it names before all others, and who had spoken before it."""
    spoken = words(question)
    ranked = sorted(
        me.wants, key=lambda want: (not words(want.phrase.replace("_", " ")) & spoken, -want.weight)
    )
    heard = next((line.by for line in reversed(me.heard) if line.aim > 0.5), "")
    reason = f"Because I want {goal_words(me.view, ranked[0])}." if ranked else "I felt like it."
    return f"{reason} And {name_of(me.view, heard)} had spoken to me." if heard else reason


def _mood(me: Me, _: str) -> str:
    word = str(me.slots.get("mood") or mood_word(me.core, me.slots))
    strong = [name for name in MOODS if me.feels(name) >= 0.35]
    rest = f" There is {' and '.join(strong)} in it." if strong else ""
    return f"I feel {word}.{rest}"


def _relation(me: Me, question: str) -> str:
    who = next((id_ for id_ in _subjects(me, question) if _is_person(me, id_)), "")
    if not who:
        return _most(me, question)
    trust, liking = me.trust(who), me.liking(who)
    trusting = _degree(trust, _TRUST).format(name_of(me.view, who))
    return f"{trusting}, and I {_degree(liking, _WARMTH)} (trust {trust:g}, liking {liking:g})."


def _most(me: Me, question: str) -> str:
    """Name whom one trusts or likes most, or least."""
    family = "trust" if "trust" in question.lower() else "liking"
    ranked = sorted(
        (me.trust(who) if family == "trust" else me.liking(who), who)
        for slot in me.slots
        if slot.startswith(f"{family}.")
        for who in (slot.removeprefix(f"{family}."),)
    )
    if not ranked:
        return ""
    least = re.search(r"\b(least|dis\w*|mis\w*|not)\b", question.lower())
    value, who = ranked[0] if least else ranked[-1]
    return f"{_sentence(name_of(me.view, who))} {family.capitalize()} {value:g}."


def _degree(value: float, steps: tuple[str, ...]) -> str:
    return steps[sum(value >= edge for edge in (-0.5, -0.15, 0.15, 0.5))]


def _body(me: Me, question: str) -> str:
    family = next((kind for word, kind in _BODILY.items() if word in question.lower()), "")
    slots = [(slot, value) for slot, value in me.slots.items() if slot.startswith(f"{family}.") and value]
    found = [(slot.split(".", 1)[1].replace("_", " "), value) for slot, value in slots]
    named = [item for item in found if words(item[0]) & words(question)]
    told = "; ".join(f"{part}: {value}" for part, value in named or found)
    return _sentence(told) if told else "I am not hurt." if family == "injury" else ""


def _slot(me: Me, question: str) -> str:
    """Answer from any slot whose name the question speaks of."""
    spoken = words(question)
    best: tuple[int, str, Scalar] | None = None
    for slot, value in me.slots.items():
        family, _, rest = slot.partition(".")
        hits = len(words(rest.replace("_", " ").replace(".", " ")) & spoken)
        if hits and value != "" and family not in _BOOKS and (best is None or hits > best[0]):
            best = (hits, slot, value)
    if best is None:
        return ""
    family, _, rest = best[1].partition(".")
    return _sentence(f"{family} of {rest.replace('_', ' ').replace('.', ' ')}: {best[2]}")


def _fact(me: Me, question: str) -> str:
    """Answer from beliefs: the attribute asked for if it can be told, else what is believed of the subject."""
    for subject in _subjects(me, question):
        known = [(key, found) for key, found in me.facts.items() if key[0] == subject and found.value != ""]
        asked = list(_attributes(me, question))
        chosen = [item for item in known if item[0][1] in asked] if asked else known
        if chosen:
            return " ".join(_believed(me, key, belief) for key, belief in chosen[:3])
        if asked:
            return f"I do not know {phrase_ask(me.view, (subject, asked[0])).indirect}."
    return ""


def _attributes(me: Me, question: str) -> Iterator[str]:
    """Give the attributes a question may be about, by the wording of this world and by common words."""
    spoken, lowered = words(question), question.lower()
    for attribute, phrase in me.view.phrases.items():
        telling = words(phrase.asks.replace("{subject}", ""))
        if (telling and telling <= spoken) or attribute in spoken:
            yield attribute
    if re.search(r"\bwhere\b", lowered):
        yield from ("at", "holder")
    if re.search(r"\bwho (has|holds|is holding|carries|keeps)\b", lowered):
        yield "holder"


def _believed(me: Me, key: tuple[str, str], belief: Belief) -> str:
    clause = phrase_claim(me.view, Claim(*key, belief.value))
    if belief.sure >= 0.9:
        return _sentence(clause)
    said = f"{name_of(me.view, belief.source)} said so" if belief.source else "that is how it looks to me"
    return f"I believe that {clause}, though I am not certain; {said}."


def _where_am_i(me: Me, _: str) -> str:
    others = ", ".join(fellow.name for fellow in me.view.fellows) or "nobody"
    return f"I am {in_place(me.view.place_name)}. With me: {others}."


def _memory(me: Me, question: str) -> str:
    names = words(question)
    told = [p.text for p in (*me.view.past, *me.view.news) if p.whole and p.text]
    near = [text for text in told if len(words(text) & names) >= 2]
    recalled = [memory.text for memory in me.view.recollections]
    chosen = recalled[:2] or near[-2:] or told[-2:]
    return f"What I remember: {' '.join(chosen)}" if chosen else ""


def _secrets(me: Me, question: str) -> str:
    spoken = words(question)
    near = [
        secret for secret in me.view.secrets if len(words(secret.text) & spoken) >= 2 or secret.id in spoken
    ]
    return " ".join(secret.text for secret in near or me.view.secrets) or "I know of no secret."


def _holding(me: Me, _: str) -> str:
    held = [sight.name for sight in me.view.sights if sight.at == me.view.who]
    return f"I am carrying {', '.join(held)}." if held else "My hands are empty."


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


_KINDS: tuple[tuple[str, Callable[[Me, str], str]], ...] = (
    (r"\bwho are you\b|\byour name\b|\bintroduce yourself\b|\btell .* about yourself\b", _who),
    (r"^\W*why\b", _why),
    (r"\byour (goals?|aims?|plans?|intentions?)\b|\bdo you (want|intend|plan)\b|\bare you after\b", _wants),
    (r"\bdo you feel\b(?! about)|\byour mood\b|\bare you feeling\b|\bhow are you\b", _mood),
    (r"trust\b|like\b|\bthink of\b|\bfeel about\b|\bfriends?\b|\bopinion of\b", _relation),
    (r"injur|\bhurt\b|\bwound|\bafraid\b|\bfears?\b|\btastes?\b", _body),
    (r"\bwhere are you\b|\bwho is (here|with you)\b", _where_am_i),
    (r"\bcarry|\bare you holding\b|\bin your hands\b|\bdo you have\b", _holding),
    (r"\bsecrets?\b", _secrets),
    (r"\bremember\b|\bhappened\b|\blast (said|did)\b|\brecall\b", _memory),
    (r".", _fact),
    (r".", _slot),
    (r".", _body),
)
"""Patterns in a question, in order, and what answers them."""
