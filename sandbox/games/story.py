"""Runs as dialogue: nodes of lines, what a line needs to be known and what it makes known, and who can be asked what.

Runs that are forks of one another share the nodes they have in common, and part where they part.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sandbox.story import clean

__all__ = ["LEAVE", "Bark", "Line", "Node", "Play", "flat"]

LEAVE = "Leave"
"""The choice that ends a talk."""

_ABOUT = 6
"""Lines somebody has on one topic at most."""


class Line(NamedTuple):
    """One line: of somebody, or of the narrator."""

    who: str
    """Id; empty for the narrator."""
    name: str
    text: str
    key: str
    """Stays the same from export to export: run-independent within a story, for translators."""
    emotion: str = ""
    intent: str = ""
    needs: tuple[str, ...] = ()
    """Flags that must be set for it to be said: `known_theft_mira`."""
    sets: tuple[str, ...] = ()

    @property
    def tags(self) -> list[tuple[str, str]]:
        """What else is known of it: the feeling, the speech act."""
        return [(kind, word) for kind, word in (("emotion", self.emotion), ("intent", self.intent)) if word]


class Node(NamedTuple):
    """A stretch of a story at one place, and what can follow it."""

    id: str
    lines: tuple[Line, ...]
    next: tuple[str, ...] = ()


class Bark(NamedTuple):
    """A line that can be said again whenever it fits."""

    who: str
    situation: str
    """The speech act: `greet`, `accuse`."""
    topic: str
    line: Line
    weight: int = 1
    source: int = -1
    """Seq of the event it was said in; -1 for one from the character's own voice."""


class Play(NamedTuple):
    """All there is to a game: story, barks, flags."""

    title: str
    flags: Mapping[str, bool]
    """Flag to its value when the story begins."""
    roots: tuple[str, ...]
    nodes: Mapping[str, Node]
    barks: tuple[Bark, ...]
    names: Mapping[str, str]
    """Character to name, those who speak."""
    topics: Mapping[str, str]
    """Topic to how it is called."""

    def ways(self) -> list[tuple[str, str]]:
        """Give the choices of the beginning: to see the story, or to talk with somebody; each with its node."""
        seen = [("See what happened" if len(self.roots) == 1 else self.label(id_), id_) for id_ in self.roots]
        return seen + [
            (f"Talk to {name}", f"Talk_{who}") for who, name in self.names.items() if self.about(who)
        ]

    def asked(self, who: str) -> list[tuple[str, str]]:
        """Give what somebody can be asked about, each with its node."""
        return [(f"About {self.topics[topic]}", f"About_{who}_{topic}") for topic in self.about(who)]

    def label(self, id_: str) -> str:
        """Name a way the story can go on by the first line there that no other way has."""
        beside = next((node.next for node in self.nodes.values() if id_ in node.next), self.roots)
        others = {line.text for other in beside if other != id_ for line in self.nodes[other].lines}
        lines = self.nodes[id_].lines
        words = next((line.text for line in lines if line.text not in others), lines[0].text).split()
        return " ".join(words[:8]) + (" …" if len(words) > 8 else "")

    def about(self, who: str) -> dict[str, list[Bark]]:
        """Give what somebody has to say, by topic."""
        found: dict[str, list[Bark]] = defaultdict(list)
        for bark in self.barks:
            if bark.who == who and bark.topic and len(found[bark.topic]) < _ABOUT:
                line = bark.line._replace(key=bark.line.key.replace("bark_", "about_", 1))
                found[bark.topic].append(bark._replace(line=line))
        return dict(sorted(found.items()))

    def situations(self, who: str) -> dict[str, list[Bark]]:
        """Give what somebody has to say, by speech act."""
        found: dict[str, list[Bark]] = defaultdict(list)
        for bark in self.barks:
            if bark.who == who:
                found[bark.situation].append(bark)
        return dict(sorted(found.items()))


def flat(text: str) -> str:
    """Give a text as one line of plain words."""
    return " ".join(clean(text).split())
