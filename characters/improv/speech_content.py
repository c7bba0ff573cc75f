"""What a line is about: the slots that come from the utterance itself and from what it answers."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from characters.improv.speech_claims import phrase_ask, phrase_claim
from characters.improv.speech_names import Noun, name_of, noun_of, subject_of
from characters.improv.speech_utterance import Utterance
from characters.improv.speech_wants import want_slots
from characters.profile import Core
from worlds.actions import Claim, Go, Handle, Say, Touch
from worlds.view import Percept, View

__all__ = ["content_slots", "content_tags", "deed_clauses", "hearers_of", "topic_noun"]

_REASON = re.compile(r"[a-zI][^.!?:;{}_\n]{7,110}")
_GOAL = re.compile(r"(?:to )?([a-z]+ (?!it\b|them\b|him\b|her\b|that\b|let\b)[^.!?:;{}_\n]{5,80})")
_HUSHED = re.compile(
    r"\b(?:secret\w*|steal|kill|murder|poison|hide|hidden|conceal|nobody|never|no one|without any\w*|before any\w*)\b"
)
_PRIVATE_WANTS = ("hide", "tell", "expose", "learn")
_OF_US = frozenset({"ask", "tell", "refuse", "accuse", "warn", "threaten"})
"""Speech acts that can be about one of the two who talk; to others such a topic means nothing in particular."""
_LONG_TOPIC = 9
_DID = {
    "take": "took", "drop": "put down", "open": "opened", "close": "shut", "lock": "locked", "unlock": "unlocked",
    "examine": "looked closely at", "attack": "went for", "restrain": "held down",
    "give": "gave", "put": "put", "use": "used", "show": "showed",
}  # fmt: skip
_DOING = {
    "take": "taking", "drop": "putting down", "open": "opening", "close": "shutting", "lock": "locking",
    "unlock": "unlocking", "examine": "looking at", "attack": "going for", "restrain": "holding down",
    "give": "giving", "put": "putting", "use": "using", "show": "showing",
}  # fmt: skip
_JOIN = {"give": " to ", "show": " to ", "put": " in ", "use": " on "}


def hearers_of(view: View, utterance: Utterance) -> tuple[str, ...]:
    """Who is spoken to: the addressees, or the one other person in the room."""
    if utterance.to or utterance.intent == "muse":
        return utterance.to
    return (view.fellows[0].id,) if len(view.fellows) == 1 else ()


def content_slots(
    view: View, core: Core, utterance: Utterance, to: tuple[str, ...]
) -> dict[str, Sequence[str]]:
    """Fill the slots that carry the meaning; a slot without content is missing."""
    slots: dict[str, Sequence[str]] = {}
    if utterance.claims:
        slots["claim"] = (phrase_claim(view, utterance.claims[0], to),)
        slots["culprit"] = tuple(_culprits(view, utterance.claims[0], to))
        slots["story"] = tuple(_stories(view, utterance.claims, to))
    if utterance.asks:
        question = phrase_ask(view, utterance.asks, to)
        slots["question"], slots["whether"] = (question.direct,), (question.indirect,)
    topic = topic_noun(view, utterance.topic, to)
    if topic and not (topic.person in {"i", "you"} and utterance.intent not in _OF_US):
        slots["topic"] = (topic.object,)
    slots["about"] = tuple(_about(view, utterance, topic, to))
    slots.update(want_slots(view, utterance.want, to))
    slots["goal"] = tuple(_goals(view, core, utterance, to))
    if _REASON.fullmatch(utterance.why):
        slots["why"] = (utterance.why,)
    slots.update(_reply_slots(view, utterance, to))
    return {name: values for name, values in slots.items() if values}


def topic_noun(view: View, topic: str, to: Collection[str]) -> Noun | None:
    """Give the noun for a topic: an id, the claim of a secret by its id, a fact, or words as they are."""
    secret = next((secret for secret in view.secrets if secret.id == topic), None)
    subject = secret.claim.subject if secret else topic.partition(".")[0] if " " not in topic else topic
    if not subject:
        return None
    if subject in view.names or subject == view.who or any(sight.id == subject for sight in view.sights):
        return noun_of(view, subject, to)
    if secret or topic.replace("_", "").replace(".", "").isalnum():
        return Noun(name_of(view, subject)) if "_" in topic or "." in topic or secret else Noun(topic)
    words = topic.strip(" .!?").replace("_", " ")
    return Noun(words) if words and len(words.split()) <= _LONG_TOPIC and "{" not in words else None


def _about(view: View, utterance: Utterance, topic: Noun | None, to: Collection[str]) -> Iterator[str]:
    if utterance.asks:
        yield subject_of(view, utterance.asks[0], to).object
    elif utterance.claims:
        yield subject_of(view, utterance.claims[0].subject, to).object
    elif topic:
        yield topic.object


def _culprits(view: View, claim: Claim, to: Collection[str]) -> Iterator[str]:
    """Name who a claim is about, if it is a third person."""
    known = {slot.partition(".")[2] for slot in view.slots if "." in slot}
    people = known.union(fellow.id for fellow in view.fellows)
    for who in (claim.value, claim.subject):
        if who in people and who in view.names and who != view.who and who not in to:
            yield name_of(view, str(who))


def _stories(view: View, claims: Sequence[Claim], to: Sequence[str]) -> Iterator[str]:
    """Tell a secret in full, unless it speaks of somebody in the third person who is in the talk."""
    present = [name_of(view, who).split()[0] for who in (view.who, *to)]
    for secret in view.secrets:
        fits = secret.claim == claims[0] and not any(name in secret.text for name in present)
        if fits and "{" not in secret.text:
            yield secret.text.strip()


def _goals(view: View, core: Core, utterance: Utterance, to: Sequence[str]) -> Iterator[str]:
    """Own goals that can be owned up to in this company, as verb phrases."""
    names = [name_of(view, who).split()[0] for who in to]
    for goal in core.goals:
        own = goal.want == utterance.want or not utterance.want
        found = _GOAL.fullmatch(goal.text.strip(" .!"))
        open_about_it = not goal.want.startswith(_PRIVATE_WANTS) and not _HUSHED.search(goal.text)
        if own and found and open_about_it and not any(name in goal.text for name in names):
            yield found[1]


def _reply_slots(view: View, utterance: Utterance, to: Sequence[str]) -> Mapping[str, Sequence[str]]:
    answered = utterance.answers
    if answered is None or not answered.whole or answered.action is None or answered.by == view.who:
        return {}
    if not isinstance(answered.action, Say):
        return {
            "seen": tuple(deed_clauses(view, [answered], to)),
            "doing": tuple(_doings(view, answered)) if answered.by in to else (),
        }
    return {"echo": tuple(_echoes(view, answered, answered.action, to))}


def _echoes(view: View, answered: Percept, said: Say, to: Sequence[str]) -> Iterator[str]:
    """Pick up what the line answered was about, if it was said by who is now spoken to."""
    if answered.by not in to:
        return
    subjects = [claim.subject for claim in said.claims] or [said.topic]
    for subject in subjects:
        noun = topic_noun(view, subject, to)
        if noun and noun.person != "you":
            yield noun.object


def deed_clauses(view: View, percepts: Sequence[Percept], to: Sequence[str]) -> Iterator[str]:
    """Say what others were seen to do: `you took the lamp`, `Mira went to the cellar`."""
    here = {fellow.id for fellow in view.fellows}
    for percept in percepts:
        action = percept.action
        if not (percept.whole and percept.ok and percept.by and percept.by != view.who):
            continue
        doer = noun_of(view, percept.by, to).text
        if isinstance(action, Touch):
            yield f"{doer} {_DID[action.verb]} {noun_of(view, action.target, to).object}"
        elif isinstance(action, Handle):
            yield f"{doer} {_DID[action.verb]} {_handled(view, action, to)}"
        elif isinstance(action, Go) and percept.by not in here and action.to != view.place:
            yield f"{doer} went off to {name_of(view, action.to)}"


def _doings(view: View, percept: Percept) -> Iterator[str]:
    action = percept.action
    if isinstance(action, Touch):
        yield f"{_DOING[action.verb]} {noun_of(view, action.target).object}"
    elif isinstance(action, Handle):
        yield f"{_DOING[action.verb]} {_handled(view, action, ())}"


def _handled(view: View, action: Handle, to: Sequence[str]) -> str:
    thing = noun_of(view, action.thing, to).object
    if not action.to:
        return thing
    receiver = noun_of(view, action.to, to)
    if action.verb in {"give", "show"} and receiver.person in {"i", "you"}:
        return f"{receiver.object} {thing}"
    return f"{thing}{_JOIN[action.verb]}{receiver.object}"


def _party(view: View, claim: Claim, to: Sequence[str]) -> str:
    if len(to) == 1 and to[0] in {claim.subject, claim.value}:
        return "of_you"
    return "of_me" if view.who in {claim.subject, claim.value} else "of_other"


def content_tags(view: View, utterance: Utterance, to: Sequence[str]) -> Iterator[str]:
    """Say what kind of thing is said, and in answer to what."""
    yield utterance.intent
    for claim in utterance.claims[:1]:
        yield _party(view, claim, to)
        if not claim.holds:
            yield "negative"
    if utterance.topic in view.map:
        yield "topic_place"
    elif utterance.topic in {fellow.id for fellow in view.fellows} | set(to):
        yield "topic_person"
    answered = utterance.answers
    if answered is None or answered.by == view.who:
        return
    yield "re"
    if isinstance(answered.action, Say):
        yield f"re_{answered.action.intent or 'tell'}"
    else:
        yield "re_deed" if answered.by else "re_event"
