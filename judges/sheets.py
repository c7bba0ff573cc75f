"""What a judge that asks is shown of a run: one character's part of it, in words a person could judge by as well.

A **sheet** holds who the character is, how things stood with it, and a stretch of the story as it could witness it:
what was said and done, what came of its attempts, what changed in it. Thoughts are left out, as in CoSER's judging
(2025). Each line has the seq of its event before it, so that whoever judges can point.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from characters.profile import core_of
from characters.prompting import fill
from characters.replies import tidy
from characters.statements import statements
from judges.reading import Reading
from judges.sheets_story import Line, standing, story
from judges.verdict import Window

__all__ = ["Sheet", "character_text", "listed", "prompt", "sheet", "window_text", "windows"]

PROMPTS = Path(__file__).parent / "prompts"
"""Where the templates are."""

OWN_TURNS = 15
"""So many of a character's own turns are judged together at most."""

STORY = 14_000
"""Characters of story on one sheet; lines of others give way, the oldest first."""

EARLIER = 2_500
"""Characters of what went before."""

_SAMPLES = 5


class Sheet(NamedTuple):
    """One character's part of a run."""

    who: str
    name: str
    window: Window
    number: int
    parts: int
    standing: tuple[str, ...]
    """How things stand as the part begins."""
    earlier: tuple[str, ...]
    """The last of what went before, without numbers: it is not judged here."""
    story: tuple[str, ...]
    numbers: frozenset[int]
    """Seqs that stand in the story: what can be pointed at."""
    own: frozenset[int]
    """Those of them that are the character's own acts."""


@lru_cache
def prompt(name: str) -> str:
    """Give a template by its name."""
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def windows(reading: Reading, who: str) -> tuple[Window, ...]:
    """Divide a run among sheets: into thirds, and those again until no part has more turns than are read with care."""
    turns = len(reading.acts.get(who, ()))
    return reading.windows(who, 3 * max(1, math.ceil(turns / (3 * OWN_TURNS))))


def character_text(reading: Reading, who: str) -> str:
    """Say who somebody is, by the card: what does not change in a run."""
    state = reading.before(reading.events[0].seq)
    character = state.cast[who]
    told = statements(character, {}, state.plan.names, state.world.phrases)
    samples = core_of(character.core).voice.samples[:_SAMPLES]
    values = {
        "name": character.name,
        "profile": listed(tuple(f"- {statement.text}" for statement in told)),
        "samples": listed(tuple(f"- “{tidy(sample, 320)}”" for sample in samples)),
    }
    return fill(prompt("character"), values)


def sheet(reading: Reading, who: str, number: int, parts: Sequence[Window]) -> Sheet:
    """Put one part of a run on a sheet; `number` counts from 0."""
    window = parts[number]
    lines = list(story(reading, who, window))
    spare = sum(len(line.text) + 1 for line in lines) - STORY
    kept: list[Line] = []
    for line in lines:
        if spare > 0 and line.seq >= 0 and not line.own:
            spare -= len(line.text) + 1
        else:
            kept.append(line)
    gone = len(lines) - len(kept)
    note = (f"(To make room, {gone} earlier lines of others are left out.)",) if gone else ()
    return Sheet(
        who,
        reading.end.plan.names.get(who, who),
        window,
        number + 1,
        len(parts),
        tuple(standing(reading.before(window.first), who)),
        _earlier(reading, who, window.first),
        (*note, *(line.text for line in kept)),
        frozenset(line.seq for line in kept if line.seq >= 0),
        frozenset(line.seq for line in kept if line.act),
    )


def window_text(page: Sheet) -> str:
    """Put a sheet into the words of a prompt."""
    values = {
        "name": page.name,
        "number": str(page.number),
        "parts": str(page.parts),
        "standing": listed(page.standing),
        "earlier": listed(page.earlier),
        "story": listed(page.story),
    }
    return fill(prompt("window"), values)


def _earlier(reading: Reading, who: str, first: int) -> tuple[str, ...]:
    """Give the last lines before an event, as many as there is room for."""
    kept: list[str] = []
    before = list(story(reading, who, Window(reading.events[0].seq, first - 1)))
    for line in reversed(before):
        text = line.text.replace(f"[{line.seq}] ", "", 1).replace("►", " ", 1)
        if sum(map(len, kept)) + len(text) > EARLIER:
            break
        kept.append(text)
    return tuple(reversed(kept))


def listed(lines: Sequence[str]) -> str:
    """Put lines under one another; say so if there are none."""
    return "\n".join(lines) or "(nothing)"
