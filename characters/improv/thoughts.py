"""Private words: the thought behind a decision, and the word for a mood."""

from collections.abc import Mapping
from random import Random

from characters.improv.ideas import Idea
from characters.improv.me import MOODS, Me, Want, baseline, number, want_of
from characters.improv.speech_claims import phrase_ask, phrase_claim
from characters.improv.speech_names import in_place, name_of
from characters.profile import Core
from worlds.actions import Claim, Scalar
from worlds.view import View

__all__ = ["goal_words", "mood_word", "thought"]

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "joy": ("content", "cheerful", "elated"),
    "anger": ("irritated", "angry", "furious"),
    "fear": ("uneasy", "afraid", "terrified"),
    "sadness": ("low", "sad", "desolate"),
    "pride": ("sure of myself", "proud", "triumphant"),
    "shame": ("embarrassed", "ashamed", "mortified"),
}
_STEPS = (0.2, 0.45, 0.75)

_THOUGHTS: Mapping[str, tuple[str, ...]] = {
    "wait": ("Let it come to me.", "Not yet."),
    "greet": (
        "I should greet {about}.",
        "There is {about}; a word costs nothing.",
        "Better to begin with a greeting.",
    ),
    "company": (
        "A little talk with {about} will do us both good.",
        "I want {about} at ease.",
        "Silence makes it worse.",
    ),
    "jest": (
        "{about} could do with a laugh.",
        "If I do not joke now I never shall.",
        "A joke will loosen {about}.",
    ),
    "needle": ("Let us see how {about} takes it.", "I cannot help pricking {about} a little."),
    "comfort": (
        "{about} is not well, and I can at least be kind.",
        "Somebody ought to be gentle with {about}.",
    ),
    "defend": ("I will not stand by while {about} is set upon.", "This has gone far enough."),
    "regret": ("I was unjust to {about}.", "I owe {about} an apology, and it itches."),
    "anger": (
        "I have had enough of {about}.",
        "{about} had better learn where I stand.",
        "My patience with {about} is gone.",
    ),
    "dread": ("I cannot shake it off; {about} should know.", "It is better said than carried."),
    "oneself": ("It is better out than in.", "They may as well know.", "I notice it in everything I do."),
    "bring_news": ("{about} asked me once; now I can answer.", "{about} has a right to hear this."),
    "confide": (
        "I have to tell somebody, and {about} is the one.",
        "{about} will keep it, I think.",
        "It is too heavy alone.",
    ),
    "muse": ("My head keeps going back to it.", "I think better aloud.", "It will not leave me alone."),
    "event": ("That cannot go unremarked.", "Something has changed, and everyone felt it.", "What was that?"),
    "accuse": (
        "It was {about}; let it be said aloud.",
        "I will look {about} in the eye and say it.",
        "Enough guessing. {about} did it.",
    ),
    "doubt": ("I want to hear that from {about} directly.", "Is there anything in that?"),
    "clue": (
        "There may be an answer in {about}.",
        "I have not looked properly at {about}.",
        "{about} might tell me something.",
    ),
    "look": (
        "What is {about}, exactly?",
        "I have never really looked at {about}.",
        "I want to see {about} closer.",
    ),
    "look_round": ("Let me see what this place hides.", "I should know where I stand.", "Eyes first."),
    "look_in": ("What is kept in {about}?", "I want to see inside {about}."),
    "size_up": ("What has {about} got about them?", "I do not quite trust {about}."),
    "learn": ("This may show me the truth.", "Better to find out than to guess."),
    "search": ("I have not looked there yet.", "It must be somewhere I have not been."),
    "seek": ("I must find {about}.", "{about} will know more than I do.", "I want a word with {about}."),
    "light": ("I can do nothing in the dark.", "A light first."),
    "tool": ("{about} may open what has no key.", "I shall want {about} before the day is out."),
    "mend": ("Somebody must see to {about}.", "It will not mend itself."),
    "fetch": ("I know where {about} should be.", "If I am right about {about}, it is not far."),
    "take": ("There it is. Mine now.", "Nobody will hand me {about}; I take it.", "At last: {about}."),
    "open": ("Let me see inside {about}.", "{about} is what stands in my way."),
    "force": ("If there is no key there is still strength.", "{about} will open one way or another."),
    "at": ("I have to get to {about}.",),
    "alone": (
        "Not in front of the others; I need {about} alone.",
        "What I have to say to {about} wants no audience.",
    ),
    "make": ("It has to be done, so I do it.", "That needs seeing to, and nobody else will."),
    "give": ("{about} should have it.", "I said I would, so I do."),
    "keep": ("That stays with me.", "I do not leave {about} lying about."),
    "gift": ("{about} might be glad of it.", "A small thing, but {about} may remember it."),
    "befriend": ("I want {about} on my side.", "I would like {about} to think well of me."),
    "hush": ("{about} knows, and must not speak.", "Whatever it costs, {about} has to keep quiet."),
    "throw_off": ("{about} is getting too near; talk of something else.", "Anything but that subject."),
    "guard": ("That I will not say.", "Not that. Not to them.", "I must give nothing away."),
    "give_way": (
        "I cannot carry it any further.",
        "It will come out; let it come from me.",
        "Enough. The truth, then.",
    ),
    "lie": (
        "Better a small untruth than that.",
        "Let {about} look somewhere else.",
        "{about} must not get to the truth.",
    ),
    "deny": ("I will not have that said of me.", "No. That is not how it was."),
    "hit_back": ("{about} will regret that tone.", "Two can play at that."),
    "evade": ("Turn it round; let {about} answer first.",),
    "correct": (
        "That is not how it is, and I know it.",
        "{about} is wrong there.",
        "I cannot let {about} believe that.",
    ),
    "suspect": ("I have my own idea about {about}.", "If I had to name one, it would be {about}."),
    "steal": ("If {about} will not give it, there are other ways.", "One quick hand, and it is mine."),
    "share": ("I know that much, and may as well say it.", "There is no harm in telling."),
    "spite": ("Why should I help {about}?", "{about} will get nothing from me."),
    "bargain": ("What I know is worth something.", "Nothing for nothing."),
    "ignorant": ("I honestly do not know.", "How should I know that?"),
    "curious": ("Why does that matter so much?", "Perhaps {about} knows and only wants to see whether I do."),
    "help": ("I would like to help {about}.", "If I can find it out for {about}, I will."),
    "give_in": (
        "It is not worth the quarrel.",
        "Very well; {about} shall have it.",
        "I cannot hold out against {about}.",
    ),
    "stand_firm": ("No, and {about} had better get used to it.", "I do not bend for that."),
    "deed": ("My hands want work.", "It needs doing.", "Better to do something than to brood."),
    "deed_with": ("Perhaps with {about}.", "{about} is near, and I have a mind to it."),
    "use": ("Let me see what this does.", "It is there to be used."),
    "show": ("{about} should see this.", "I wonder what {about} makes of it."),
    "tidy": ("Things have their place.", "I cannot think in a mess."),
    "pick_up": ("That may come in useful.", "Better in my hands than lying there."),
    "evidence": (
        "{about} goes with me; it says too much to be left lying.",
        "Better that I have {about} than another.",
    ),
    "put_down": ("I need my hands free.", "I have carried that long enough."),
    "company_seek": ("It is too quiet here.", "I would rather be where the others are."),
    "stretch": ("I have stood here long enough.", "I need other walls round me for a while."),
    "leave": ("One should not go without a word.", "I will say I am off."),
    "struggle": ("Let me go!",),
}

_REPLY = (
    "{about} deserves an answer.",
    "I cannot leave that standing.",
    "One word for another.",
    "What do I say to that?",
)
_PRESS = (
    "I want to know {whether}.",
    "Somebody here knows {whether}.",
    "{about} can help me to it.",
    "{about} is the one to ask.",
)
_AIM = (" I want {goal}.", " All I want is {goal}.", "")


def thought(me: Me, idea: Idea, rng: Random) -> str:
    """Put the motive of an idea into one short sentence or two, first person."""
    motive, want = idea.motive, want_of("", idea.goal)
    if motive.startswith("press_"):
        whether = _whether(me.view, want)
        templates = tuple(t for t in _PRESS if "{whether}" not in t or whether)
    else:
        whether = ""
        templates = _REPLY if motive.startswith("reply_") else _THOUGHTS.get(motive, _THOUGHTS["deed"])
    text = rng.choice([t for t in templates if idea.about or "{about}" not in t] or ["So be it."])
    text = text.format(about=_about(me, idea.about), whether=whether)
    text = text[:1].upper() + text[1:]
    aim = goal_words(me.view, want) if want and not motive.startswith("press_") else ""
    return text + (rng.choice(_AIM).format(goal=aim) if aim else "")


def _about(me: Me, about: str) -> str:
    if about in me.view.names or me.sight(about) or about == me.view.who:
        return name_of(me.view, about)
    return about.replace("_", " ")


def _whether(view: View, want: Want | None) -> str:
    if want is None or want.kind != "learn":
        return ""
    subject, _, attribute = want.args[0].partition(".")
    return phrase_ask(view, (subject, attribute)).indirect


def goal_words(view: View, want: Want) -> str:
    """Put a want into words that can follow `I want`."""
    subject, _, attribute = want.args[0].partition(".")
    one = "myself" if subject == view.who else name_of(view, subject)
    two = name_of(view, want.args[1]) if len(want.args) > 1 else ""
    match want.kind:
        case "learn":
            return f"to know {phrase_ask(view, (subject, attribute)).indirect}"
        case "make":
            return f"it so that {phrase_claim(view, Claim(subject, attribute, _scalar(want.args[1])))}"
        case "tell" | "hide":
            what = _secret_words(view, want.args[0])
            return f"to tell {two} {what}" if want.kind == "tell" else f"to keep it quiet {what}"
        case _:
            return _SIMPLE[want.kind].format(one=one, two=two, place=in_place(one))


_SIMPLE: Mapping[str, str] = {
    "have": "to have {one}",
    "at": "to be {place}",
    "alone": "to be alone with {one}",
    "trust": "to be able to trust {one}",
    "keep": "to keep {one}",
    "give": "to give {one} to {two}",
    "expose": "to show up {one} before everyone",
    "befriend": "to win {one} as a friend",
}


def _secret_words(view: View, id_: str) -> str:
    secret = next((secret for secret in view.secrets if secret.id == id_), None)
    return f"that {phrase_claim(view, secret.claim)}" if secret else "what I know"


def _scalar(word: str) -> Scalar:
    return word == "true" if word in ("true", "false") else word


def mood_word(core: Core, slots: Mapping[str, Scalar]) -> str:
    """Name the strongest feeling; `calm` if none stands out."""
    strength = {name: number(slots.get(f"mood.{name}"), baseline(core, name)) for name in MOODS}
    name = max(MOODS, key=lambda mood: strength[mood])
    level = sum(strength[name] >= step for step in _STEPS)
    return _WORDS[name][level - 1] if level else "calm"
