"""What one character has perceived, in the order of its turns: all that lore is looked for in."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from characters.cards.macros import Scope, expand
from worlds.events import Cued
from worlds.lore import Lore
from worlds.trajectory import Trajectory

__all__ = ["Hearing", "Moment"]


class Moment(NamedTuple):
    """A turn at which lore came to mind, or could have."""

    own: int
    """Which of the character's own turns it is."""
    heard: int
    """How many messages it had perceived by then."""


class Hearing:
    """What one character has perceived, and when it was its turn."""

    def __init__(self, log: Trajectory, who: str) -> None:
        """Listen up to the end of a log."""
        self.state, self.who = log.state, who
        percepts = log.percepts(who)
        seen = percepts[: bisect_right(percepts, log.seq, key=lambda percept: percept.seq)]
        self.heard = [percept for percept in seen if percept.text]
        self.messages = [percept.text for percept in self.heard]
        self.log = log
        own = self.state.own.get(who, 0)
        cued = self.state.phase == "act" and who in self.state.cued
        self.now = Moment(own if cued else own + 1, len(self.messages))
        self.scope = self._scope()

    def turns(self) -> Iterator[Moment]:
        """Give the character's turns so far, this one last."""
        seqs = [percept.seq for percept in self.heard]
        own = 0
        for event in self.log:
            if isinstance(event.body, Cued) and self.who in event.body.who:
                own += 1
                if own < self.now.own:
                    yield Moment(own, bisect_right(seqs, event.seq))
        yield self.now

    def window(self, moment: Moment, depth: int) -> Sequence[str]:
        """Give the last messages as of a moment."""
        return self.messages[max(0, moment.heard - depth) : moment.heard]

    def draw(self, moment: Moment, what: str) -> Random:
        """Give the chance of a moment."""
        return Random(f"{self.state.settings.seed}:{self.who}:{moment.own}:lore:{what}")

    def told(self, entry: Lore) -> str:
        """Give an entry's words as of now."""
        scope = self.scope._replace(
            draw=f"{self.scope.draw}:{entry.id}", place=f"{self.state.settings.seed}:{entry.id}"
        )
        return expand(entry.text, scope).strip()

    def _scope(self) -> Scope:
        state, who = self.state, self.who
        here = [other for other in state.here(state.where[who]) if other != who]
        names = {other: state.cast[other].name for other in state.cast}
        spoke = (percept.by for percept in reversed(self.heard) if percept.by in names and percept.by != who)
        user = next(spoke, here[0] if here else "")
        return Scope(
            char=names[who],
            user=names.get(user, "somebody"),
            clock=state.clock,
            draw=f"{state.settings.seed}:{who}:{self.now.own}:lore",
            group=tuple(names[other] for other in here),
            last=self.messages[-1][:1_000] if self.messages else "",
        )
