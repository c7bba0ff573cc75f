"""What improv characters say: a line is grammar, out of intent, content and style.

`speak` takes a meaning, an `Utterance`, and finds words for it that fit the voice, the feeling, the hearer, the
place and what is answered. The material stands in `grammar/*.yaml`. Everything is a function of its arguments.

Extending it: more lines go into the rule `<intent>.<content>` of the grammar (contents are tried in the order
claim, ask, want, topic, free), follow-up sentences into `more.<intent>`; a new slot or tag is added in
`speech_content` (what comes from the utterance) or `speech_scene` (what comes from the view).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import NamedTuple

from characters.improv.speech_claims import phrase_ask, phrase_claim
from characters.improv.speech_compose import compose
from characters.improv.speech_grammar import Draw, standard
from characters.improv.speech_names import name_of
from characters.improv.speech_polish import expand, sentences, tidy
from characters.improv.speech_scene import situate
from characters.improv.speech_utterance import Utterance
from worlds.view import View

__all__ = ["Utterance", "name_of", "phrase_ask", "phrase_claim", "speak"]

_TRIES = 10
_OPENINGS, _LATELY = 2, 15
_TELLING_WORDS = 4
_AGAIN, _ALIKE = 100, 1


class _Said(NamedTuple):
    """Earlier lines, as they are looked up."""

    lines: frozenset[str]
    openings: frozenset[str]
    text: str
    lately: str


@lru_cache(maxsize=64)
def _remember(lines: tuple[str, ...]) -> _Said:
    plain = [expand(line) for line in lines]
    return _Said(
        lines=frozenset(line.lower() for line in lines),
        openings=frozenset(_opening(line) for line in lines[-_OPENINGS:]),
        text="\n".join(plain),
        lately="\n".join(plain[-_LATELY:]),
    )


def speak(view: View, utterance: Utterance, rng: Random) -> str:
    """Find words for a meaning.

    The line is never one of `view.said`, whatever its capitals, and does not begin with the same two words as
    either of the last two. Equal arguments give equal lines.
    """
    situation, said, grammar = situate(view, utterance), _remember(view.said), standard()
    best, least = "", _AGAIN * 2
    for _ in range(_TRIES):
        line = compose(view, utterance, situation, grammar, rng, said.text)
        faults = _faults(line, said)
        if faults < least:
            best, least = line, faults
        if not faults:
            return line
    if least <= _ALIKE:
        return best
    return _vary(best, said, Draw(grammar, situation.slots, situation.tags, rng, said.text))


def _faults(line: str, said: _Said) -> int:
    """Weigh what is wrong with a line: said before, begun alike, a sentence of it said before."""
    faults = _AGAIN * (line.lower() in said.lines) + 2 * (_opening(line) in said.openings)
    telling = [expand(part) for part in sentences(line) if len(part.split()) >= _TELLING_WORDS]
    return faults + _ALIKE * any(part in said.lately for part in telling)


def _opening(line: str) -> str:
    return " ".join(re.findall(r"[\w']+", line.lower())[:2])


def _vary(line: str, said: _Said, draw: Draw) -> str:
    """Make a line new by what is put before or after it; grows it until it is."""
    if _opening(line) in said.openings:
        begun = [tidy(f"{before} {line}") for before in _variants("vary.before", draw)]
        line = next((text for text in begun if _opening(text) not in said.openings), line)
    while line.lower() in said.lines:
        longer = [tidy(f"{line} {after}") for after in _variants("vary.after", draw)]
        line = next((text for text in longer if text.lower() not in said.lines), longer[0])
    return line


def _variants(rule: str, draw: Draw) -> Iterator[str]:
    texts = [str(alternative.parts[0]) for alternative in draw.grammar.rules[rule].alternatives]
    yield from draw.rng.sample(texts, len(texts))
