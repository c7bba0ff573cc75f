"""Ideas: things a character might do next, each with its worth and its motive.

Worth is on one scale for words and deeds: about 2 for what is owed at once, 1 for a strong wish, 0.3 for idleness.
"""

from collections.abc import Mapping
from typing import NamedTuple

from characters.improv.me import Me
from characters.improv.speech_utterance import Utterance
from worlds.actions import Action, Do, Go, Handle, Say, Touch, Wait
from worlds.events import Link
from worlds.spec import Deed

__all__ = [
    "Idea",
    "Utterance",
    "appetite",
    "barred",
    "deed_idea",
    "leaning",
    "option",
    "said_topic",
    "signature",
    "speech_share",
]

_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "ask": {"curious": 0.25, "openness": 0.1, "extraversion": 0.1},
    "tell": {"extraversion": 0.15, "agreeableness": 0.1, "honest": 0.1, "liking": 0.2},
    "deny": {"proud": 0.2, "fear": 0.2, "anger": 0.1},
    "lie": {"honest": -0.7, "fear": 0.3, "conscientiousness": -0.1, "liking": -0.2},
    "accuse": {
        "anger": 0.5,
        "brave": 0.25,
        "agreeableness": -0.25,
        "proud": 0.1,
        "liking": -0.4,
        "fear": -0.2,
    },
    "persuade": {"extraversion": 0.15, "agreeableness": 0.1, "openness": 0.1, "liking": 0.1},
    "bargain": {"greedy": 0.4, "conscientiousness": 0.1, "anger": -0.2},
    "promise": {"agreeableness": 0.2, "kind": 0.2, "honest": 0.1, "liking": 0.3},
    "refuse": {"proud": 0.25, "agreeableness": -0.25, "anger": 0.3, "liking": -0.35},
    "comfort": {"kind": 0.45, "agreeableness": 0.25, "liking": 0.35, "anger": -0.4},
    "threaten": {
        "anger": 0.6,
        "agreeableness": -0.4,
        "kind": -0.4,
        "brave": 0.25,
        "liking": -0.4,
        "fear": -0.1,
    },
    "confide": {"trust": 0.5, "liking": 0.3, "extraversion": 0.15, "patient": -0.15, "sadness": 0.15},
    "joke": {"extraversion": 0.3, "humour": 0.4, "joy": 0.3, "sadness": -0.4, "anger": -0.3, "fear": -0.2},
    "small_talk": {"extraversion": 0.3, "agreeableness": 0.1, "anger": -0.3, "fear": -0.1, "liking": 0.15},
    "take_leave": {"agreeableness": 0.2, "conscientiousness": 0.1},
    "greet": {"extraversion": 0.15, "agreeableness": 0.15, "liking": 0.15},
    "thank": {"agreeableness": 0.25, "proud": -0.15, "kind": 0.1},
    "apologise": {"shame": 0.5, "agreeableness": 0.25, "proud": -0.35, "liking": 0.2},
    "agree": {"agreeableness": 0.35, "liking": 0.4, "trust": 0.2, "fear": 0.15, "anger": -0.25},
    "admit": {"honest": 0.45, "shame": 0.35, "liking": 0.2, "trust": 0.25, "proud": -0.2, "neuroticism": 0.1},
    "warn": {"kind": 0.2, "fear": 0.25, "liking": 0.3, "conscientiousness": 0.15},
    "order": {"proud": 0.25, "agreeableness": -0.2, "conscientiousness": 0.15, "anger": 0.25, "brave": 0.1},
    "muse": {"openness": 0.25, "sadness": 0.25, "neuroticism": 0.1, "extraversion": -0.15},
    "go": {"openness": 0.1, "curious": 0.1},
    "take": {"greedy": 0.25},
    "examine": {"curious": 0.35, "openness": 0.1},
    "open": {"curious": 0.2},
    "put": {"conscientiousness": 0.2},
    "give": {"kind": 0.25, "agreeableness": 0.15, "greedy": -0.25, "liking": 0.4},
    "show": {"agreeableness": 0.1, "extraversion": 0.15, "trust": 0.25},
    "use": {"openness": 0.15, "conscientiousness": 0.1},
    "attack": {"anger": 0.8, "agreeableness": -0.5, "kind": -0.5, "brave": 0.3, "liking": -0.6, "fear": -0.3},
    "restrain": {"anger": 0.5, "brave": 0.4, "liking": -0.5, "fear": -0.3, "kind": -0.2},
}
"""How traits (around the average), feelings and relations incline somebody to a verb or a speech act."""

_TALK = 0.3
_TALKING = 0.66
"""Share of words among the acts of an average person."""
_APPETITE = 0.7


class Idea(NamedTuple):
    """One thing to do next."""

    worth: float
    act: Action | Utterance
    motive: str
    """Which of the sentences in `thoughts` gives the reason."""
    about: str = ""
    """Id or words the thought is about."""
    links: tuple[Link, ...] = ()
    goal: str = ""
    """The want it serves, in goal language."""


def leaning(me: Me, name: str, who: str = "") -> float:
    """Say how far somebody's nature, mood and relations incline towards a verb or speech act."""
    total = 0.0
    for source, share in _WEIGHTS.get(name, {}).items():
        total += share * _level(me, source, who)
    return total


def speech_share(me: Me) -> float:
    """Say how much more words are worth to this person than deeds."""
    return _TALK * (me.core.talkativeness - 0.5)


def appetite(me: Me) -> float:
    """Say how much somebody hungers for talk: more after much doing, less after much talking."""
    lately = me.acts[-8:]
    if len(lately) < 3:
        return 0.0
    share = sum(isinstance(percept.action, Say) for percept in lately) / len(lately)
    return _APPETITE * (_TALKING + 0.3 * (me.core.talkativeness - 0.5) - share)


def _level(me: Me, source: str, who: str) -> float:
    if source in ("joy", "anger", "fear", "sadness", "pride", "shame"):
        return me.feels(source)
    if source in ("liking", "trust"):
        return (me.liking(who) if source == "liking" else me.trust(who)) if who else 0.0
    if source == "humour":
        return 2 * me.core.voice.humour - 1
    return me.trait(source)


def barred(me: Me, act: Action | Utterance) -> bool:
    """Whether a taboo forbids it outright."""
    taboo = me.core.taboo_verbs
    if isinstance(act, Utterance):
        return act.intent in taboo or "say" in taboo
    return act.verb in taboo


def said_topic(me: Me, utterance: Utterance) -> str:
    """Give the topic as it travels in `Say.topic`: a question or a demand in its own notation."""
    if utterance.want.startswith("have ") and utterance.to:
        return f"give {utterance.want.removeprefix('have ')} {me.view.who}"
    if utterance.want.startswith("hide "):
        # What is to be kept quiet is named by what it is about, not by what the author calls it.
        secret = next((s for s in me.view.secrets if s.id == utterance.want.removeprefix("hide ")), None)
        return f"hide {secret.claim.subject}.{secret.claim.attribute}" if secret else utterance.want
    if utterance.want:
        return utterance.want
    if utterance.asks and utterance.intent in ("ask", "persuade", "order", "threaten", "bargain", "accuse"):
        return ".".join(utterance.asks)
    return utterance.topic


def signature(me: Me, act: Action | Utterance) -> tuple[str, ...]:
    """Name an act so that its repetition is recognised: the verb and what it is done to."""
    match act:
        case Utterance():
            return ("say", act.intent, said_topic(me, act), *act.to)
        case Say():
            return ("say", act.intent or "", act.topic, *act.to)
        case Go():
            return ("go", act.to)
        case Touch():
            return (act.verb, act.target)
        case Handle():
            return (act.verb, act.thing, act.to)
        case Do():
            return ("do", act.deed or act.text, act.to)
        case Wait():
            return ("wait",)


def option(me: Me, verb: str, target: str, to: str = "") -> Action | None:
    """Give the admissible physical action of this verb on this target; None if it is not open now."""
    for action in me.view.options:
        if action.verb == verb and signature(me, action)[1:] in ((target,), (target, to)):
            return action
    return None


def deed_idea(deed: Deed, worth: float, motive: str, to: str = "") -> Idea:
    """Make an idea of a deed the world offers."""
    return Idea(worth, Do(text=deed.text, deed=deed.id, to=to), motive, to)
