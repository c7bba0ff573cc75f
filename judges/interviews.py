"""Interviews made from the timeline: what a character should be able to say of itself, at any moment of a run.

The seven types are those of PersonaMem (Jiang et al. 2025), under its names. There, the options alone give the answer
away: the longest is right half the time. Here options are of one length, and wrong ones are made by rule: a value
that no longer holds, somebody else's, steps of a history swapped, reversed or dropped, another change's reason. Gold
comes from the timeline; no model writes or marks anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Literal, NamedTuple, TypeAlias

from judges.interviews_kinds import MAKERS, Draftsman, Moment, Sketch
from judges.interviews_told import told
from judges.interviews_words import balanced
from judges.reading import Reading, read
from judges.tracking_timeline import Timeline, Turning
from judges.verdict import Log
from worlds.actions import Frozen

__all__ = ["OFFSETS", "TYPES", "Question", "Type", "questions"]

Type: TypeAlias = Literal[
    "recall_user_shared_facts",
    "recalling_facts_mentioned_by_the_user",
    "track_full_preference_evolution",
    "recalling_the_reasons_behind_previous_updates",
    "provide_preference_aligned_recommendations",
    "generalizing_to_new_scenarios",
    "suggest_new_ideas",
]

OFFSETS = (1, 5, 20)
"""Turns after a change at which it is asked about, and once more at the end."""


class Question(Frozen):
    """One question with four options."""

    id: str
    type: Type
    who: str
    slot: str
    """The slot it is about; empty for one about all of a profile, or about talk."""
    seq: int
    """The last event whoever answers may have seen."""
    after: int
    """Turns since the change; −1 for the end of the run."""
    text: str
    options: tuple[str, ...]
    gold: int
    kinds: tuple[str, ...]
    """What each option is: `gold`, `stale`, `another's`, `swapped`, `reversed`, `dropped`, `own`."""
    evidence: tuple[int, ...]
    """Seqs the right answer rests on."""
