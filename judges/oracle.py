"""The belief oracle: who believes what after which events, to any order, from events and witnesses alone.

A character believes what it was shown last. What it believes of another's belief is what the two were last shown
together, each aware of the other; and so on inwards. No mind is asked and no words are read: the method is that of
the labels of OpenToM (Xu et al. 2024), ToMi (Le et al. 2019) and Hi-ToM (He et al. 2023), whose stories test it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from judges.reading import read
from judges.showings import Key, Showing, key_of, showings
from worlds.actions import Scalar
from worlds.events import Event

__all__ = ["Belief", "Oracle", "Trust", "trusting"]

Trust: TypeAlias = Callable[[str, Showing], bool]
"""Whether a hearer takes what it was told for true."""


class Belief(NamedTuple):
    """What is believed, and the event it rests on."""

    value: Scalar
    seq: int


def trusting(hearer: str, told: Showing) -> bool:
    """Believe everybody."""
    del hearer, told
    return True


class Oracle:
    """Answers what anybody believes, as of any event of a run."""

    def __init__(self, log: Iterable[Event], trust: Trust = trusting) -> None:
        """Read a run; `trust` says whose word counts with whom."""
        self._trust = trust
        self._shown: dict[Key, list[Showing]] = {}
        for showing in showings(read(log)):
            self._shown.setdefault(key_of(showing.claim), []).append(showing)

    def belief(
        self, chain: str | Sequence[str], subject: str, attribute: str, *, before: int | None = None
    ) -> Belief | None:
        """Give a belief about a fact; None if there is none.

        `chain` is a character, or several: with `(a, b)`, what a believes b believes. `before` is the seq of the
        first event that does not count.
        """
        minds = (chain,) if isinstance(chain, str) else tuple(dict.fromkeys(chain))
        for showing in reversed(self._shown.get((subject, attribute), ())):
            in_time = before is None or showing.seq < before
            if in_time and showing.claim.holds and self._held(minds, showing):
                return Belief(showing.claim.value, showing.seq)
        return None

    def matters(self) -> tuple[Key, ...]:
        """Give everything anybody was shown anything about."""
        return tuple(self._shown)

    def _held(self, minds: Sequence[str], showing: Showing) -> bool:
        """Whether this showing settled what these minds, each seen through the one before, believe."""
        if not set(minds) <= set(showing.group):
            return False
        if showing.how != "told":
            return True
        hearer = next((mind for mind in reversed(minds) if mind != showing.by), "")
        return bool(hearer) and self._trust(hearer, showing)
