"""What an improv character means to say, before it is words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from worlds.actions import Claim, Intent, Manner
from worlds.view import Percept

__all__ = ["Utterance"]

_CALM: Mapping[str, float] = MappingProxyType({})


class Utterance(NamedTuple):
    """Meaning without wording: `speech.speak` finds the words."""

    intent: Intent
    to: tuple[str, ...] = ()
    """Ids of the addressees; empty means everyone in the room."""
    topic: str = ""
    """An id, or a noun phrase: `the thaw`."""
    claims: tuple[Claim, ...] = ()
    """What is asserted; for `lie` the false claim as if it were true."""
    asks: tuple[str, str] | None = None
    """Subject and attribute of what is wanted to know. With `tell` or `refuse`: what one cannot or will not say."""
    manner: Manner = "aloud"
    want: str = ""
    """The goal behind it, in the language of `GOALS`: for `persuade`, `bargain`, `threaten`, `order`, `promise`."""
    answers: Percept | None = None
    """The percept this reacts to, so that the line can refer back to it."""
    mood: Mapping[str, float] = _CALM
    """Feelings −1..1 at this moment, `anger` or `mood.anger`; they win over the slots of the view."""
    why: str = ""
    """A reason as a clause that can follow `because`: `the pass may close tonight`. Other texts are left unsaid."""
    own: str = ""
    """A sentence to be said as it stands, before or after what the grammar finds for it."""
