"""Who speaks, where and among whom: the slots and tags that make small talk be about this world and this person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from characters.improv.speech_content import content_slots, content_tags, deed_clauses, hearers_of
from characters.improv.speech_names import in_place, name_of, noun_phrase
from characters.improv.speech_utterance import Utterance
from characters.profile import Core, Voice, core_of
from worlds.view import View

__all__ = ["Situation", "feeling", "situate"]

_PLAIN_WORDS = re.compile(r"[a-z][^.!?:;{}_\n]{2,60}")
_CLAUSE = re.compile(
    r"^(?!what |who |how |whatever |whoever )[^,]*\b(?:is|are|does|do|has|can|must|should|will|may)\b"
)
_ASKING = re.compile(r"^(?:what|who|whose|how|where|why|which|when|this|that|his|her|their)\b")
_LOVES = re.compile(r"^(?:loves|lives on|delights in|fond of|adores)\b")
_HATES = re.compile(r"^(?:hates|cannot (?:abide|stand|bear))\b")
_FOND, _COLD, _CROWD, _STRONG = 0.35, -0.25, 3, 0.65
_SIGHTS, _RECENT = 8, 12
_TRAITS = ("honest", "brave", "curious", "greedy", "proud", "kind", "jealous", "patient")
_MOODS = {
    "angry": ("anger", "contempt", "disgust"),
    "afraid": ("fear",),
    "sad": ("sadness", "grief", "shame", "guilt"),
    "glad": ("joy", "happiness", "hope"),
}
_LEVELS = {
    "formality": ("formal", "plain"),
    "verbosity": ("long", "short"),
    "warmth": ("warm", "cold"),
    "hedging": ("hedgy", "sure"),
    "humour": ("funny", "grave"),
}
_WITH = {"angry": {"angry", "short"}}
_NEVER_WITH = {"angry": {"warm", "funny", "hedgy", "long"}, "afraid": {"funny"}, "sad": {"funny"}}


class Situation(NamedTuple):
    """All a line may draw on."""

    core: Core
    to: tuple[str, ...]
    slots: Mapping[str, Sequence[str]]
    tags: frozenset[str]
    levels: Mapping[str, float]
    """Strength 0..1 of `angry`, `afraid`, `sad`, `glad`."""

    @property
    def voice(self) -> Voice:
        """How the speaker talks."""
        return self.core.voice

    def style(self, rng: Random) -> frozenset[str]:
        """Draw how to talk this time: the stronger a level of the voice, the more often its tag."""
        tags = set(self.tags)
        for name, (high, low) in _LEVELS.items():
            value, drawn = float(getattr(self.voice, name)), rng.random()
            if drawn < (value - 0.4) / 0.5:
                tags.add(high)
            elif drawn < (0.6 - value) / 0.5:
                tags.add(low)
        for mood, level in self.levels.items():
            if rng.random() < level * 1.2:
                tags = (tags | _WITH.get(mood, {mood})) - _NEVER_WITH.get(mood, set())
        return frozenset(tags)


def situate(view: View, utterance: Utterance) -> Situation:
    """Gather what a line may draw on."""
    core = core_of(view.core)
    to = hearers_of(view, utterance)
    slots = {**_surroundings(view), **_people(view, to), **_person(view, core)}
    slots["seen"] = tuple(deed_clauses(view, (*view.past[-_RECENT:], *view.news), to))
    slots |= content_slots(view, core, utterance, to)
    slots["address"] = _addresses(view, core.voice, to)
    slots.setdefault("subject_matter", view.topics)
    slots.setdefault("topic", view.topics if utterance.intent in {"small_talk", "muse"} else ())
    tags = {*content_tags(view, utterance, to), *_scene_tags(view, utterance, to)}
    tags |= {trait for trait in _TRAITS if core.traits.get(trait, 0) >= _STRONG}
    return Situation(core, to, slots, frozenset(tags), feeling(view, utterance))


def feeling(view: View, utterance: Utterance) -> dict[str, float]:
    """Read how strongly the speaker feels, from the utterance first and from the slots of the view otherwise."""
    levels = {}
    for tag, names in _MOODS.items():
        felt = [_felt(view, utterance.mood, name) for name in names]
        levels[tag] = max(0.0, min(1.0, (max(felt) - 0.2) / 0.7))
    return levels


def _felt(view: View, mood: Mapping[str, float], name: str) -> float:
    for value in (mood.get(name), mood.get(f"mood.{name}"), view.slots.get(f"mood.{name}")):
        if isinstance(value, int | float):
            return float(value)
    return 0.0


def _surroundings(view: View) -> dict[str, Sequence[str]]:
    place = noun_phrase(view.place_name)
    delicate = _delicate(view)
    own = [sight for sight in view.sights if sight.at == view.who]
    held = {view.who, *(sight.id for sight in own), *(fellow.id for fellow in view.fellows)}
    loose = [sight for sight in view.sights if sight.at not in held and not sight.door]
    return {
        "place": (place,),
        "here": (in_place(place),),
        "time": (_time_of_day(view),),
        "thing": tuple(noun_phrase(sight.name) for sight in loose[:_SIGHTS] if sight.id not in delicate),
        "held": tuple(noun_phrase(sight.name) for sight in own if sight.id not in delicate),
        "way": tuple(name_of(view, way.to) for way in view.ways),
    }


def _time_of_day(view: View) -> str:
    hour = view.time // 60 % 24
    return ("night", "morning", "afternoon", "evening", "night")[
        sum(hour >= start for start in (5, 12, 18, 22))
    ]


def _delicate(view: View) -> set[str]:
    """Things not to be mentioned lightly: they are what a secret or a want is about."""
    wants = [str(value) for slot, value in view.slots.items() if slot.startswith("goal.")]
    wanted = {word.partition(".")[0] for want in wants for word in want.split()[1:]}
    claims = [secret.claim for secret in view.secrets]
    return wanted.union(*({claim.subject, str(claim.value)} for claim in claims))


def _people(view: View, to: Sequence[str]) -> dict[str, Sequence[str]]:
    here = {fellow.id for fellow in view.fellows}
    known = [slot.split(".", 1)[1] for slot in view.slots if slot.startswith(("liking.", "trust."))]
    away = sorted({who for who in known if who in view.names} - here - set(to) - {view.who})
    away = [who for who in away if view.slots.get(f"belief.{who}.alive", True) is True]
    others = [fellow.id for fellow in view.fellows if fellow.id not in to]
    return {
        "other": tuple(name_of(view, who) for who in others),
        "absent": tuple(name_of(view, who) for who in away),
        "liked": tuple(name_of(view, who) for who in (*away, *others) if _liking(view, who) > _FOND),
        "disliked": tuple(name_of(view, who) for who in away if _liking(view, who) < _COLD),
        "yours": tuple(
            name_of(view, thing) for fellow in view.fellows if fellow.id in to for thing in fellow.holds
        ),
    }


def _liking(view: View, who: str) -> float:
    value = view.slots.get(f"liking.{who}", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _person(view: View, core: Core) -> dict[str, Sequence[str]]:
    """Give values, skills, tastes, fears and hurts, as far as they read well in a sentence."""
    values = [_first_person(text) for text in core.values if _PLAIN_WORDS.fullmatch(text)]
    delicate = {name_of(view, who).split()[-1].lower() for who in _delicate(view)}
    skills = [text.partition(",")[0] for text in core.knows if _PLAIN_WORDS.fullmatch(text)]
    return {
        "value": tuple(text.partition(",")[0] for text in values if not _CLAUSE.match(text)),
        "maxim": tuple(text for text in values if _CLAUSE.match(text)),
        "craft": tuple(
            text for text in skills if not _ASKING.match(text) and not delicate & set(text.lower().split())
        ),
        "injury": tuple(_slots(view, "injury.", re.compile(r".+"))),
        "loved": tuple(_slots(view, "taste.", _LOVES)),
        "hated": tuple(_slots(view, "taste.", _HATES)),
        "fear": tuple(_slots(view, "fear.", re.compile(r"^(?!none|no )"))),
    }


def _slots(view: View, prefix: str, fits: re.Pattern[str]) -> Iterator[str]:
    """Name what the slots of one family are about, where their words fit."""
    for slot, value in view.slots.items():
        if slot.startswith(prefix) and isinstance(value, str) and value and fits.match(value):
            yield slot.removeprefix(prefix).replace("_", " ")


def _first_person(text: str) -> str:
    return re.sub(r"\b(?:his|her|their)\b", "my", text)


def _addresses(view: View, voice: Voice, to: Sequence[str]) -> Sequence[str]:
    if len(to) != 1:
        return ()
    return (voice.addresses.get(to[0]) or name_of(view, to[0]),)


def _scene_tags(view: View, utterance: Utterance, to: Sequence[str]) -> Iterator[str]:
    yield utterance.manner
    yield "one" if len(to) == 1 else "many"
    yield _time_of_day(view)
    if utterance.manner in {"aside", "whisper"}:
        yield "quiet"
    if view.dark:
        yield "dark"
    yield "alone" if not view.fellows else "crowd" if len(view.fellows) >= _CROWD else "company"
    if len(to) == 1:
        liking = _liking(view, to[0])
        yield "fond" if liking > _FOND else "hostile" if liking < _COLD else "neutral"
    if any(percept.kind in {"happened", "intervened"} for percept in view.news):
        yield "event"
    if view.own_turn <= 1:
        yield "first"
