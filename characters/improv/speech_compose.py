"""One attempt at a line: own words or the grammar's, what is answered, what is added, and how it is delivered."""

import re
from collections.abc import Iterator
from random import Random

from characters.improv.speech_claims import phrase_claim
from characters.improv.speech_dress import dress, lower
from characters.improv.speech_grammar import Draw, Grammar
from characters.improv.speech_own import own_line
from characters.improv.speech_polish import contract, expand, say_dialect, sentences, tidy
from characters.improv.speech_scene import Situation
from characters.improv.speech_utterance import Utterance
from worlds.actions import Say
from worlds.view import View

__all__ = ["Composer", "compose"]

_NEEDED = {"claim": "claim", "ask": "question", "want": "do", "topic": "topic"}
_PRECISE = ("claim", "ask", "want")
_PRESSING = frozenset({"bargain", "persuade", "threaten", "promise"})
_REPLY, _REPLY_OWN, _MOODY, _MANNER, _CATCHPHRASE = 0.35, 0.1, 0.3, 0.35, 0.07
_FORMAL, _PLAIN = 0.75, 0.35
_BEFORE, _AFTER = 0.6, 0.35
"""How often something is said before and after what one says of oneself."""
_MOST_CLAIMS = 3
_FURTHER = ("", "And ", "Also, ", "And what is more, ")
_MANY_LINES = 50
"""From so many earlier lines on there may be more than the view shows; then a line is not said bare, as it may
have been said before."""
_FALTERING = frozenset({"I", "You", "It", "We", "There", "That"})


class Composer:
    """Puts one line together; every choice comes from one `Draw`."""

    def __init__(self, view: View, utterance: Utterance, situation: Situation, draw: Draw) -> None:
        """Keep what every part of the line needs."""
        self.view, self.utterance, self.situation, self.draw = view, utterance, situation, draw
        self.rng, self.have, self.voice = draw.rng, draw.have, situation.voice
        self.casual = self.rng.random() >= (self.voice.formality - _PLAIN) / (_FORMAL - _PLAIN)
        answered = utterance.answers.action if utterance.answers else None
        self.answered = (answered.intent or "tell") if isinstance(answered, Say) and "re" in self.have else ""
        self.is_own = False

    def line(self) -> str:
        """Say it once."""
        if self.utterance.own:
            return self._deliver(self._of_oneself())
        middle = self._middle()
        said = sentences(middle)
        ending = " ".join(part for part in dict.fromkeys(sentences(self._ending())) if part not in said)
        parts = [part for part in (self._opening(), middle, ending) if part]
        text = tidy(say_dialect(" ".join(parts), self.voice.dialect))
        return tidy(self._deliver(text))

    def _rule(self, name: str) -> str:
        """Say something by a rule of the grammar, no sentence of it twice."""
        text = " ".join(dict.fromkeys(sentences(tidy(self.draw.rule(name) or ""))))
        return contract(text) if self.casual else text

    def _chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    # ── what comes first ───────────────────────────────────────────────────────────────────────────

    def _opening(self) -> str:
        if "re" in self.have and self._chance(_REPLY_OWN if self.is_own else _REPLY):
            return self._rule("reply")
        moods = [mood for mood in ("angry", "afraid", "sad") if mood in self.have and not self.is_own]
        if moods and self._chance(_MOODY):
            return self._rule(f"open.{moods[0]}")
        if self.is_own or {"short", "shout"} & self.have:
            return ""
        manner = self.utterance.manner
        return self._rule(f"open.{manner}") if manner != "aloud" and self._chance(_MANNER) else ""

    def _of_oneself(self) -> str:
        """Say word for word what was meant, with a word before it or after, or none."""
        own = contract(self.utterance.own) if self.casual else self.utterance.own
        before = self._rule(f"own.{self.utterance.intent}") if self._chance(_BEFORE) else ""
        after = self._rule("own.after") if self._chance(_AFTER) else ""
        around = [tidy(say_dialect(part, self.voice.dialect)) for part in (before, after)]
        return " ".join(part for part in (around[0], own, around[1]) if part)

    # ── what it is about ───────────────────────────────────────────────────────────────────────────

    def _middle(self) -> str:
        by_rule = self._specific() and self._chance(0.7)
        own = None if by_rule else own_line(self.voice, self.utterance, self.draw)
        self.is_own = own is not None
        if own is None:
            text = dress(self._content() or self._rule("vary.after"), self.view, self.voice, self.draw)
        elif own.complete:
            text = own.text
        else:
            pair = [own.text, self._bare()]
            first = self.utterance.intent in _PRESSING and self._chance(0.5)
            text = " ".join(reversed(pair) if first else pair)
        return " ".join((text, *self._further_claims())).strip()

    def _kinds(self) -> Iterator[str]:
        """Give the kinds of content there are, the most precise first."""
        yield from (kind for kind, slot in _NEEDED.items() if self.draw.slots.get(slot))
        yield "free"

    def _specific(self) -> str:
        """Name the rule for this content in answer to that speech act, if the grammar has one."""
        name = f"{self.utterance.intent}.{next(self._kinds())}.{self.answered}"
        return name if name in self.draw.grammar.rules else ""

    def _content(self) -> str:
        """Say what has to be said by the first rule that can; what is precise is added if that leaves it out."""
        kinds, specific = list(self._kinds()), self._specific()
        names = [f"{self.utterance.intent}.{kind}" for kind in kinds]
        if specific and self._chance(0.8):
            names.insert(0, specific)
        said = ((name.split(".")[1], self._rule(name)) for name in names)
        kind, text = next(((kind, text) for kind, text in said if text), ("", ""))
        return text if kind == kinds[0] or kinds[0] not in _PRECISE[:2] else f"{text} {self._bare()}".strip()

    def _bare(self) -> str:
        """Say only what an own line left open."""
        kind = next(self._kinds())
        return self._rule(f"say.{kind}") if kind in _PRECISE else ""

    def _further_claims(self) -> Iterator[str]:
        for claim in self.utterance.claims[1:_MOST_CLAIMS]:
            clause = phrase_claim(self.view, claim, self.situation.to)
            clause = contract(clause) if self.casual else clause
            yield tidy(f"{self.rng.choice(_FURTHER)}{clause}")

    # ── what is added ──────────────────────────────────────────────────────────────────────────────

    def _ending(self) -> str:
        if self.voice.catchphrases and "angry" not in self.have and self._chance(_CATCHPHRASE):
            phrase = self.rng.choice(self.voice.catchphrases)
            if expand(phrase).strip(" .!?") not in self.draw.said:
                return tidy(phrase)
        if "afraid" in self.have and not self.is_own and self._chance(0.3):
            return self._rule("close.afraid")
        if not self._chance(self._more()):
            return ""
        rule = f"more.{self.utterance.intent}"
        unknown = "question" in self.draw.slots and not self.utterance.claims
        return (unknown and self._rule(f"{rule}.ask")) or self._rule(rule)

    def _more(self) -> float:
        """How likely another sentence follows."""
        late = len(self.view.said) >= _MANY_LINES
        if self.is_own or {"short", "shout"} & self.have or late:
            return 1.0 if late else 0.0
        likely = 0.5 if "long" in self.have else 0.2
        return likely / 2 if "quiet" in self.have else likely

    # ── how it comes out ───────────────────────────────────────────────────────────────────────────

    def _deliver(self, text: str) -> str:
        manner, angry = self.utterance.manner, "angry" in self.have and not self.is_own
        if manner == "whisper" or any("never" in habit and "exclam" in habit for habit in self.voice.habits):
            return text.replace("!", ".")
        if manner == "shout" or (angry and self._chance(0.35)):
            return re.sub(r"\.$", "!", text)
        if {"afraid", "sad"} & self.have and not self.is_own and self._chance(0.3):
            return self._falter(text)
        return text

    def _falter(self, text: str) -> str:
        """Break the line where the voice gives way."""
        first = text.split(" ", 1)[0]
        if "afraid" in self.have and first.split("'")[0] in _FALTERING:
            return f"{first}… {lower(text, self.view)}"
        return re.sub(r", (?=[a-z])", "… ", text, count=1)


def compose(
    view: View, utterance: Utterance, situation: Situation, grammar: Grammar, rng: Random, said: str
) -> str:
    """Say it once, in a style drawn for this attempt; `said` are the earlier lines, as `expand` gives them."""
    draw = Draw(grammar, situation.slots, situation.style(rng), rng, said)
    return Composer(view, utterance, situation, draw).line()
