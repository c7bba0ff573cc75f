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

_NOUN_PHRASE = re.compile(r"[^.!?:;{}_\n]{3,60}")
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
        for level, (high, low) in _LEVELS.items():
            value, drawn = getattr(self.voice, level), rng.random()
            if drawn < (value - 0.4) / 0.5:
                tags.add(high)
            elif drawn < (0.6 - value) / 0.5:
                tags.add(low)
        for mood, level in self.levels.items():
            if rng.random() < level * 1.2:
                tags = (tags | {mood}) - _NEVER_WITH.get(mood, set())
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
    hour = view.time // 60 % 24
    times = ("night", "morning", "afternoon", "evening", "night")
    loose = [sight for sight in view.sights if sight.at != view.who and not sight.door]
    own = [sight for sight in view.sights if sight.at == view.who]
    return {
        "place": (place,),
        "here": (in_place(place),),
        "time": (times[(hour >= 5) + (hour >= 12) + (hour >= 18) + (hour >= 22)],),
        "thing": tuple(noun_phrase(sight.name) for sight in loose[:_SIGHTS]),
        "held": tuple(noun_phrase(sight.name) for sight in own),
        "way": tuple(noun_phrase(way.name) for way in view.ways),
    }


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
    injuries = [
        slot.split(".", 1)[1].replace("_", " ")
        for slot, value in view.slots.items()
        if slot.startswith("injury.") and value
    ]
    return {
        "value": tuple(text for text in core.values if _NOUN_PHRASE.fullmatch(text)),
        "craft": tuple(text for text in core.knows if _NOUN_PHRASE.fullmatch(text)),
        "injury": tuple(injuries),
    }


def _addresses(view: View, voice: Voice, to: Sequence[str]) -> Sequence[str]:
    if len(to) != 1:
        return ()
    return (voice.addresses.get(to[0]) or name_of(view, to[0]),)


def _scene_tags(view: View, utterance: Utterance, to: Sequence[str]) -> Iterator[str]:
    yield utterance.manner
    yield "one" if len(to) == 1 else "many"
    hour = view.time // 60 % 24
    yield "night" if hour >= 21 or hour < 5 else "morning" if hour < 11 else "evening" if hour >= 17 else "midday"
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
