"""A whole run as the narrator sees it, in messages: for logs and evaluations, not for training a character.

Everybody's words and deeds are assistant messages under their names; what the world does is a user message. Thoughts
are left out here too.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.story import clean
from worlds.events import Acted, Ended, Happened, Intervened, Resolved, SceneSet
from worlds.fold import apply
from worlds.prose import tell
from worlds.trajectory import Trajectory

__all__ = ["Narrated", "clocks", "narrated"]


class Narrated(NamedTuple):
    """One message."""

    seq: int
    by: str
    """Character id; empty for the world."""
    text: str


def narrated(log: Trajectory) -> Iterator[Narrated]:
    """Give what anybody could perceive of a run, in order."""
    names = log.state.plan.names
    for event in log:
        text = clean(tell(event, names)).strip()
        if text and isinstance(event.body, Acted | Resolved | SceneSet | Happened | Intervened | Ended):
            yield Narrated(event.seq, event.by if isinstance(event.body, Acted) else "", text)


def clocks(log: Trajectory) -> Iterator[int]:
    """Give world time after each event, in minutes since day 1, 00:00."""
    state = None
    for event in log:
        state = apply(state, event)
        yield state.clock
