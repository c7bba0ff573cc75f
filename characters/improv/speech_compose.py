"""One attempt at a line: own words or the grammar's, what is answered, what is added, and how it is delivered."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from characters.improv.speech_claims import phrase_claim
from characters.improv.speech_grammar import Draw, Grammar
from characters.improv.speech_polish import contract, expand, say_dialect, sentences, tidy
from characters.improv.speech_scene import Situation
from characters.improv.speech_utterance import Utterance
from worlds.view import View

__all__ = ["compose"]

_OWN_SLOT = re.compile(r"\{(to|topic|claim|place|thing)\}")
_ANY_SLOT = re.compile(r"\{[a-z_]*\}")
_HABIT = re.compile(r"\b(ends|begins|starts|opens)\b[^\"“`']*[\"“`']([^\"”`']{1,30})[\"”`']", re.IGNORECASE)
_KINDS = ("claim", "ask", "want", "topic", "free")
_NEEDED = {"claim": "claim", "ask": "ask", "want": "do", "topic": "topic"}
_PRECISE = ("claim", "ask", "want")
_OWN, _SAMPLE, _REPLY, _FILLER, _CATCHPHRASE, _HABITS = 0.5, 0.06, 0.4, 0.2, 0.08, 0.3
_FORMAL, _PLAIN = 0.75, 0.35
_MOST_CLAIMS = 3
_SHORT_SENTENCE = 12
_CLOSE = ".!?…—"


class Composer:
    """Puts one line together; every choice comes from one `Draw`."""

    def __init__(self, view: View, utterance: Utterance, situation: Situation, draw: Draw) -> None:
        """Keep what every part of the line needs."""
        self.view, self.utterance, self.situation, self.draw = view, utterance, situation, draw
        self.rng, self.have, self.voice = draw.rng, draw.have, situation.voice
        self.casual = self.rng.random() >= (self.voice.formality - _PLAIN) / (_FORMAL - _PLAIN)

    def line(self) -> str:
        """Say it once."""
        parts = [part for part in (self._opening(), self._middle(), self._ending()) if part]
        text = tidy(say_dialect(" ".join(parts), self.voice.dialect))
        return tidy(self._deliver(text))

    def _rule(self, name: str) -> str:
        text = self.draw.rule(name) or ""
        return contract(tidy(text)) if text and self.casual else tidy(text) if text else ""

    def _chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    # ── what comes first ───────────────────────────────────────────────────────────────────────────

    def _opening(self) -> str:
        brief = 0.4 if {"short", "quiet", "shout"} & self.have else 1.0
        for mood in ("angry", "afraid", "sad"):
            if mood in self.have and self._chance(0.3):
                return self._rule(f"open.{mood}")
        if "re" in self.have and self._chance(_REPLY * brief):
            return self._rule("reply")
        manner = self.utterance.manner
        return self._rule(f"open.{manner}") if manner != "aloud" and self._chance(0.4) else ""

    # ── what it is about ───────────────────────────────────────────────────────────────────────────

    def _middle(self) -> str:
        own, complete = self._own()
        content = "" if own and complete else self._content(own)
        text = f"{own} {content}".strip() if own else self._dress(content)
        return " ".join([text, *self._further_claims()])

    def _content(self, own: str) -> str:
        """Say what has to be said; after an own line only what that left open."""
        intent = self.utterance.intent
        kinds = [kind for kind in _KINDS if kind == "free" or _NEEDED[kind] in self.draw.slots]
        for kind in kinds:
            if own and kind not in _PRECISE:
                return self._rule(f"more.{intent}")
            said = self._rule(f"say.{kind}") if own else self._rule(f"{intent}.{kind}")
            if said:
                return said
            if kind in _PRECISE and not own and kind != "want":
                return f"{self._rule(f'{intent}.free')} {self._rule(f'say.{kind}')}"
        return ""

    def _own(self) -> tuple[str, bool]:
        """Say it in the character's own words if there are fresh ones; and whether that says it all."""
        templates = self.voice.lines.get(self.utterance.intent, ())
        idle = self.utterance.intent in {"small_talk", "muse"}
        if idle and self._chance(_SAMPLE):
            templates = self.voice.samples
        if not templates or not self._chance(_OWN):
            return "", False
        for template in self.rng.sample(templates, len(templates)):
            filled = self._fill(template)
            if filled:
                slots = set(_OWN_SLOT.findall(template))
                return filled, "claim" in slots or ("topic" in slots and "claim" not in self.draw.slots)
        return "", False

    def _fill(self, template: str) -> str:
        """Fill an own line; empty if a slot cannot be filled or the line was used lately."""
        chunk = max(_ANY_SLOT.split(template), key=len)
        if expand(chunk).strip(" ,.!?") in self.draw.said:
            return ""
        values = {"to": "address", "topic": "topic" if "topic" in self.have else "about"}
        missing = False

        def put(found: re.Match[str]) -> str:
            nonlocal missing
            value = self.draw.fill(values.get(found[1], found[1]))
            missing = missing or value is None
            return value or ""

        text = tidy(_OWN_SLOT.sub(put, template))
        return "" if missing or _ANY_SLOT.search(text) else text

    def _further_claims(self) -> Iterator[str]:
        for claim in self.utterance.claims[1:_MOST_CLAIMS]:
            clause = phrase_claim(self.view, claim, self.situation.to)
            clause = contract(clause) if self.casual else clause
            yield tidy(self.rng.choice(("And {}", "{}", "Also, {}", "And what is more, {}")).replace("{}", clause))

    # ── what dresses it ────────────────────────────────────────────────────────────────────────────

    def _dress(self, text: str) -> str:
        """Add a form of address and a habit of speech."""
        if not text:
            return text
        if self._chance(self._calling(text)):
            text = self._call(text)
        elif "angry" not in self.have and self._chance(_FILLER if self.voice.fillers else _FILLER / 2):
            text = self._filler(text)
        if self.voice.habits and self._chance(_HABITS):
            text = self._habit(text)
        return text

    def _calling(self, text: str) -> float:
        """How likely the hearer is called by name."""
        address = self.draw.slots.get("address")
        if not address or address[0] in text:
            return 0.0
        return 0.9 if self.utterance.manner == "shout" else 0.12 + 0.3 * self.voice.warmth

    def _call(self, text: str) -> str:
        name = self.draw.rule("vocative") or self.draw.slots["address"][0]
        first = sentences(text)[0]
        last = first[-1:]
        ends = len(first.split()) <= _SHORT_SENTENCE and last in ".?!" and "," not in first[-20:]
        if ends and self.utterance.manner != "shout" and self._chance(0.6):
            return f"{first[:-1]}, {name}{last}{text[len(first):]}"
        return f"{name}{'!' if self.utterance.manner == 'shout' else ','} {self._lower(text)}"

    def _filler(self, text: str) -> str:
        filler = self.rng.choice(self.voice.fillers) if self.voice.fillers else self._rule("opener").strip(".")
        if not filler or filler.strip(", ").lower() in text.lower():
            return text
        if filler[-1] in ".!?…":
            return f"{filler} {text}"
        last = text[-1]
        if not filler.endswith(",") and last in ".!?" and self._chance(0.5):
            return f"{text[:-1]}, {self._lower(filler)}{last}"
        return f"{filler.rstrip(',')}, {self._lower(text)}"

    def _habit(self, text: str) -> str:
        found = _HABIT.search(self.rng.choice(self.voice.habits))
        if not found or found[2].strip(" ,.?!…").lower() in text.lower():
            return text
        word = found[2].strip(" ,…")
        if found[1].lower() != "ends":
            return f"{word.rstrip('.!?')}, {self._lower(text)}"
        about_questions = "question" in found[0].lower()
        if text[-1] not in ".?" or about_questions != (text[-1] == "?"):
            return text
        return f"{text[:-1]}, {self._lower(word)}" if word[-1] in ".?!" else f"{text[:-1]}, {self._lower(word)}{text[-1]}"

    def _lower(self, text: str) -> str:
        """Begin in lower case what is no longer the beginning, unless it is a name."""
        word = re.match(r"[\w'-]*", text)
        first = word[0] if word else ""
        if first.split("'")[0] == "I" or first in self._names:
            return text
        return text[:1].lower() + text[1:]

    @property
    def _names(self) -> set[str]:
        return {part for name in self.view.names.values() for part in name.split() if part[:1].isupper()}

    # ── what is added ──────────────────────────────────────────────────────────────────────────────

    def _ending(self) -> str:
        if "afraid" in self.have and self._chance(0.35):
            return self._rule("close.afraid")
        longer = 0.55 if "long" in self.have else 0.0 if {"short", "shout"} & self.have else 0.22
        if self._chance(longer if "quiet" not in self.have else longer / 2):
            return self._rule(f"more.{self.utterance.intent}")
        if self.voice.catchphrases and "angry" not in self.have and self._chance(_CATCHPHRASE):
            phrase = self.rng.choice(self.voice.catchphrases)
            return "" if expand(phrase).strip(" .!?") in self.draw.said else tidy(phrase)
        return ""

    # ── how it comes out ───────────────────────────────────────────────────────────────────────────

    def _deliver(self, text: str) -> str:
        manner = self.utterance.manner
        if manner == "whisper":
            return text.replace("!", ".")
        if manner == "shout":
            return re.sub(r"\.$", "!", text)
        if "angry" in self.have and self._chance(0.35):
            return re.sub(r"\.$", "!", text)
        if {"afraid", "sad"} & self.have and self._chance(0.3):
            return self._falter(text)
        return text

    def _falter(self, text: str) -> str:
        """Break the line where the voice gives way."""
        words = text.split(" ")
        if "afraid" in self.have and words[0].split("'")[0] in {"I", "You", "It", "We", "There", "That"}:
            return f"{words[0]}… {self._lower(text)}"
        return re.sub(r", (?=[a-z])", "… ", text, count=1)


def compose(
    view: View, utterance: Utterance, situation: Situation, grammar: Grammar, rng: Random, said: str
) -> str:
    """Say it once, in a style drawn for this attempt; `said` are the earlier lines, as `expand` gives them."""
    draw = Draw(grammar, situation.slots, situation.style(rng), rng, said)
    return Composer(view, utterance, situation, draw).line()
