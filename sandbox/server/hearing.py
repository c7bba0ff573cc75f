"""What a visitor types, read as speech with a meaning.

Characters of the house answer to what is meant: a speech act, what is asked, what is claimed. Somebody who types
gives words alone. Here they are read by the names and phrases of the world, as far as that goes; what cannot be
read stays small talk, and its words are there all the same.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from characters.improv.hearing import words
from worlds.actions import Action, Claim, Do, Intent, Say
from worlds.state import State

__all__ = ["hear", "named_in", "spoken"]

_ASIDE = re.compile(r"\*[^*\n]*\*|\([^()\n]*\)")

_ACTS: tuple[tuple[Intent, str], ...] = (
    ("apologise", r"\b(i am|i'm|so|very) sorry\b|^sorry\b|\bforgive me\b|\bapologi[sz]e\b|\bpardon me\b"),
    ("accuse", r"\byou (took|stole|lied|did it)\b|\byou('re| are) (lying|a (thief|liar)|hiding|not telling)\b"),
    ("accuse", r"\bit was you\b|\badmit it\b|^liar\b|^thief\b|\bi do(n't| not) believe you\b"),
    ("threaten", r"\bor else\b|\bi('ll| will) (hurt|kill|make you|break|have you)\b|\byou('ll| will) regret\b"),
    ("promise", r"\bi (promise|swear)\b|\byou have my word\b"),
    ("bargain", r"\bi('ll| will| can| could) (pay|trade)\b|\bin exchange\b|\bname your price\b|\blet's make a deal\b"),
    ("confide", r"\bbetween (us|you and me)\b|\bdo(n't| not) tell any(one|body)\b|\bi have a secret\b"),
    ("warn", r"\bbe careful\b|\bbeware\b|\bwatch out\b|\blook out\b|\byou are in danger\b"),
    ("comfort", r"\bdo(n't| not) (worry|be afraid|cry)\b|\bit('s| is) (all right|alright|okay)\b|\bcheer up\b"),
    ("comfort", r"\bwell (said|done)\b|\bi like (you|that|your)\b|\b(that|it)('s| is) (beautiful|lovely|kind)\b"),
    ("take_leave", r"\b(good ?bye|farewell|good night|see you|i must (go|be going)|i should go)\b|\bbye\b"),
    ("thank", r"\bthank(s| you)\b|\bmuch obliged\b|\bgrateful\b"),
)  # fmt: skip
"""Speech acts that wording gives away, the most telling first."""

_MILD: tuple[tuple[Intent, str], ...] = (
    ("greet", r"^(hi|hello|hey|hail|greetings|well met|good (morning|evening|afternoon|day))\b"),
    ("joke", r"\bha(ha)+\b|\blol\b|\bknock,? knock\b|\bjust joking\b"),
    ("refuse", r"\bi (won't|will not|refuse)\b|^no way\b"),
    ("deny", r"^no\b|\bi (didn't|did not|never)\b|\bnot true\b"),
    ("agree", r"^(yes|yeah|aye|indeed|of course|agreed|exactly|sure|true|right|okay|ok)\b|\bi agree\b"),
)
"""The same for what is neither a question nor a claim."""

_ASKING = re.compile(
    r"\?\s*$|^(who|what|where|when|why|how|which|whose|do|does|did|is|are|was|were|can|could|will|would|have|has)\b"
    r"|\btell me\b|\bi wonder\b|\bexplain\b|\bdescribe\b",
    re.IGNORECASE,
)
_GIVE = re.compile(r"^(please,? )?(give|hand|bring|pass|show|lend)( over| me)\b", re.IGNORECASE)
_IT = re.compile(r"\b(it|that|this|they|them)\b", re.IGNORECASE)
_WHO = re.compile(r"\b(he|she|him|her|his|hers|they|them)\b", re.IGNORECASE)


class _Ear(NamedTuple):
    """What is needed to read a line: the world, who is spoken to, and what was spoken of before."""

    state: State
    to: str
    by: str
    before: tuple[str, ...]

    def meant(self, said: str) -> list[str]:
        """Give what a pronoun stands for: what was last spoken of, a person or not."""
        it = next((id_ for id_ in self.before if id_ not in self.state.cast), "")
        who = next((id_ for id_ in self.before if id_ in self.state.cast), "")
        return [id_ for id_, form in ((who, _WHO), (it, _IT)) if id_ and form.search(said)]


def hear(state: State, by: str, to: str, text: str, before: tuple[str, ...] = ()) -> Action:
    """Read what `by` says to `to`; a line that is all between asterisks is a deed in free words.

    `before` are the ids spoken of so far, the latest first: what `it` and `her` stand for.
    """
    said = spoken(text)
    if not said and text.strip(" *()"):
        return Do(text=text.strip(" *"))
    ear = _Ear(state, to, by, before)
    claims = tuple(_claims(ear, said))[:1]
    intent = _intent(said, asking=bool(_ASKING.search(said)), claims=bool(claims))
    topic = claims[0].subject if claims and intent == "tell" else _topic(ear, said, intent)
    kept = claims if intent in ("tell", "accuse", "confide", "warn") else ()
    return Say(text=text.strip() or "…", to=(to,), intent=intent, topic=topic, claims=kept)


def spoken(text: str) -> str:
    """Give what is said aloud of a line, without what is done between asterisks."""
    return " ".join(_ASIDE.sub(" ", text).split())


def named_in(names: Mapping[str, str], text: str) -> tuple[str, ...]:
    """Give the ids of what a text names, the most telling names first.

    A thing is named by its last word too, if nothing else is called by it: `the garnet` for `the Sorrel garnet`.
    """
    heard = words(text)
    found = {id_: len(own) for id_, name in names.items() if (own := words(name)) and own <= heard}
    for id_, name in names.items():
        last = name.lower().split()[-1]
        twins = [other for other in names.values() if other.lower().split()[-1] == last]
        if id_ not in found and (id_ in heard or (last in heard and len(twins) == 1)):
            found[id_] = 1
    return tuple(sorted(found, key=lambda id_: (-found[id_], text.lower().find(id_.split("_")[0]))))


def _intent(said: str, *, asking: bool, claims: bool) -> Intent:
    lowered = said.lower()
    for intent, pattern in _ACTS:
        if re.search(pattern, lowered) and not (asking and intent in ("thank", "take_leave", "comfort")):
            return intent
    if _GIVE.match(said):
        return "persuade"
    if asking:
        return "ask"
    if claims:
        return "tell"
    return next((intent for intent, pattern in _MILD if re.search(pattern, lowered)), "small_talk")


def _topic(ear: _Ear, said: str, intent: Intent) -> str:
    """Name what it is about, in the notation of `Say.topic`: a demand, a question, an id, or a topic's words."""
    names = ear.state.plan.names
    subjects = [id_ for id_ in named_in(names, said) if id_ not in (ear.to, ear.by)]
    subjects = subjects or ear.meant(said)
    if intent == "persuade" and subjects and subjects[0] in ear.state.world.things:
        return f"give {subjects[0]} {ear.by}"
    if intent == "ask":
        asked = next(_asked(ear, said, subjects), None)
        if asked:
            return ".".join(asked)
    if subjects:
        return subjects[0]
    heard = words(said)
    return next(
        (topic for topic in ear.state.world.topics if len(words(topic) & heard) * 2 > len(words(topic))), ""
    )


def _asked(ear: _Ear, said: str, subjects: list[str]) -> Iterator[tuple[str, str]]:
    """Give what a question asks for, best first: subject and attribute."""
    heard, phrases = words(said), ear.state.world.phrases
    people = [id_ for id_ in (ear.to,) if re.search(r"\b(you|your)\b", said.lower())]
    pairs = {
        (subject, attribute): len(_telling(phrases[attribute].asks) & heard)
        for subject, attribute in _matters(ear.state)
        if attribute in phrases and subject in (*subjects, *people)
    }
    best = max(pairs, key=lambda pair: pairs[pair], default=None)
    if best and pairs[best]:
        yield best
    things = [id_ for id_ in subjects if id_ in ear.state.world.things]
    if re.search(r"\bwho (has|holds|is holding|carries|keeps|got)\b", said.lower()) and things:
        yield things[0], "holder"
    if re.search(r"\bwhere\b", said.lower()) and subjects and subjects[0] not in ear.state.world.places:
        yield subjects[0], "holder" if things else "at"


def _claims(ear: _Ear, said: str) -> Iterator[Claim]:
    """Give the statements a line makes that the world has words for."""
    names, heard = ear.state.plan.names, words(said)
    named = list(named_in(names, said))
    named += [ear.to] if re.search(r"\byou\b", said.lower()) else []
    named += ear.meant(said)
    for subject, attribute in _matters(ear.state):
        phrase = ear.state.world.phrases.get(attribute)
        if phrase is None or subject not in named or not _telling(phrase.says) & heard:
            continue
        for value in (
            *(id_ for id_ in named if id_ in ear.state.cast),
            *_values(ear.state, subject, attribute),
        ):
            if value != subject and (value in named or words(value) <= heard):
                yield Claim(subject, attribute, value)


def _telling(form: str) -> frozenset[str]:
    return words(re.sub(r"\{\w+\}('s)?", " ", form)) - {
        "from",
        "in",
        "at",
        "on",
        "and",
        "it",
        "with",
        "by",
        "you",
    }


def _matters(state: State) -> Iterator[tuple[str, str]]:
    """Give what there is to be said in this world: subjects with their attributes."""
    yield from ((secret.claim.subject, secret.claim.attribute) for secret in state.plan.secrets)
    for name in state.world.facts:
        subject, _, attribute = name.partition(".")
        yield subject, attribute


def _values(state: State, subject: str, attribute: str) -> Iterator[str]:
    """Give the words a value may be said in, for what is neither somebody nor something: `red glass`."""
    for secret in state.plan.secrets:
        claim = secret.claim
        if (claim.subject, claim.attribute) == (subject, attribute) and isinstance(claim.value, str):
            yield claim.value
