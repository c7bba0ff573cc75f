"""Contradictions in free words, which no rule reads: lines against earlier lines, and against the profile.

    contradictions.words      a line agrees with what its speaker said before
    contradictions.profile    a line agrees with what holds of its speaker, and does not go by what no longer holds

The rules of `judges.consistency` and `judges.tracking` read claims, and words of a few patterns. What a model says in
words of its own carries no claims; here a model reads it. It is shown a part of a character's play, what the character
said before, how things stand with it and what no longer does, and lists the lines that contradict any of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from characters.asking import Question
from characters.prompting import fill
from characters.replies import UnfitError, tidy
from characters.shapes import Few, Id, Line, Number, Reply
from characters.statements import statements
from judges.bench import Answer, Bench, Mark, Subject, at_once
from judges.reading import Reading, read
from judges.rubric_replies import Certainty
from judges.sheets import Sheet, character_text, listed, prompt, sheet, window_text, windows
from judges.tracking_timeline import Timeline
from judges.verdict import Log, Verdict
from worlds.actions import Say
from worlds.events import Acted

__all__ = ["ContradictionJudge", "ContradictionsReply", "contradiction_question"]

EARLIER = 4_000
"""Characters of earlier lines, the newest kept."""

_LINE = 300
_DIMENSIONS = ("words", "profile")


class ContradictionReply(Reply):
    """A line, and what it goes against."""

    line: Number = Field(description="[number] of the line that contradicts")
    against: Id = Field(
        description="what it goes against: the number of an earlier line, or a mark such as S3"
    )
    why: Line = Field(default="", description="why both cannot be, in a sentence")


class ContradictionsReply(Reply):
    """All contradictions of one part."""

    contradictions: Few[ContradictionReply] = Field(default=(), description="each contradiction; none: empty")
    sure: Certainty = Field(default=-1.0, description="how sure you are of the list, from 0 to 100")


class _Ground(NamedTuple):
    """What a part's lines are held against."""

    spoken: Mapping[int, str]
    """Seqs of all lines up to the end of the part, to their words."""
    before: tuple[str, ...]
    """Those before the part, as shown."""
    held: tuple[tuple[str, int], ...]
    """What holds or held, with the seq since when; S1 is the first."""


class _Found(NamedTuple):
    """What one asking found: a line, to what it goes against and why."""

    breaches: Mapping[tuple[int, str], tuple[int, str]]
    """Line and dimension to the seq it rests on (−1 for none) and the reason."""
    certainty: float | None


class ContradictionJudge:
    """Looks for lines that contradict what was said before, or what holds of their speaker."""

    name = "contradictions"

    async def judge(self, log: Log, bench: Bench) -> Sequence[Verdict]:
        """Give two verdicts for each own line."""
        reading = read(log)
        timeline = Timeline(reading)
        groups = await at_once(
            _part(bench, reading, timeline, who, number)
            for who in reading.cast
            for number in range(len(windows(reading, who)))
        )
        return tuple(verdict for group in groups for verdict in group)


async def _part(bench: Bench, reading: Reading, timeline: Timeline, who: str, number: int) -> list[Verdict]:
    page = sheet(reading, who, number, windows(reading, who))
    ground = _ground(reading, timeline, page)
    lines = [seq for seq in sorted(page.own) if seq in ground.spoken]
    if not lines:
        return []
    person = character_text(reading, who)
    at = f"judge:contradictions:{who}:{page.number}/{page.parts}"
    answers = await at_once(
        bench.put(contradiction_question(f"{at}:{sample}", page, person, ground))
        for sample in range(bench.samples)
    )
    return [
        bench.settle(
            Subject(
                "contradictions", who, f"contradictions.{part}", page.window._replace(first=seq, last=seq)
            ),
            [_mark(answer, seq, part) for answer in answers],
        )
        for seq in lines
        for part in _DIMENSIONS
    ]


def _ground(reading: Reading, timeline: Timeline, page: Sheet) -> _Ground:
    spoken = {
        event.seq: body.action.text
        for event in reading.acts.get(page.who, ())
        if event.seq <= page.window.last
        and isinstance(body := event.body, Acted)
        and isinstance(body.action, Say)
    }
    before: list[str] = []
    for seq in sorted((seq for seq in spoken if seq < page.window.first), reverse=True):
        line = f"[{seq}] “{tidy(spoken[seq], _LINE)}”"
        if sum(map(len, before)) + len(line) > EARLIER:
            break
        before.append(line)
    return _Ground(spoken, tuple(reversed(before)), tuple(_held(reading, timeline, page)))


def _held(reading: Reading, timeline: Timeline, page: Sheet) -> Iterator[tuple[str, int]]:
    """Give what holds of a character as its part begins, and what it replaced."""
    state, who = reading.before(page.window.first), page.who
    names, phrases = state.plan.names, state.world.phrases
    for statement in statements(state.cast[who], state.slots[who], names, phrases):
        if statement.slot:
            since = [
                t.seq for t in timeline.slots.get((who, statement.slot), ()) if t.seq < page.window.first
            ]
            yield statement.text, since[-1] if since else -1
    for turning in timeline.turnings:
        if turning.who == who and turning.seq < page.window.first:
            old = statements(state.cast[who], {turning.slot: turning.old}, names, phrases)
            yield from (
                (f"No longer so: {statement.text}", turning.seq) for statement in old if statement.slot
            )


def contradiction_question(
    at: str, page: Sheet, person: str, ground: _Ground
) -> Question[ContradictionsReply, _Found]:
    """Give the question which lines of a part contradict what."""

    def accept(reply: ContradictionsReply) -> _Found:
        found = {}
        for one in reply.contradictions:
            against = _against(one.against, one.line, page, ground)
            if one.line in page.own and against is not None:
                part, rests, what = against
                found[one.line, part] = rests, f"{tidy(one.why, _LINE)} (against {what})"
        if reply.contradictions and not found:
            raise UnfitError(
                "name a line marked with ►, and what it goes against by an earlier number or a mark"
            )
        return _Found(found, reply.sure / 100 if reply.sure >= 0 else None)

    held = [f"S{number}. {text}" for number, (text, _) in enumerate(ground.held, start=1)]
    values = {
        "name": page.name,
        "window": window_text(page),
        "earlier": listed(ground.before),
        "statements": listed(held),
    }
    system = f"{fill(prompt('judge'), values)}\n\n{person}"
    return Question(at, system, fill(prompt("contradictions"), values), ContradictionsReply, accept)


def _against(mark: str, line: int, page: Sheet, ground: _Ground) -> tuple[str, int, str] | None:
    """Read what a line is said to go against; None if there is no such thing."""
    found = re.search(r"([sS])?\s*(\d{1,9})", mark)
    if found is None:
        return None
    number = int(found[2])
    if found[1]:
        if not 1 <= number <= len(ground.held):
            return None
        text, since = ground.held[number - 1]
        return "profile", since if since < line else -1, text
    shown = number in page.own or any(text.startswith(f"[{number}]") for text in ground.before)
    if number not in ground.spoken or number >= line or not shown:
        return None
    return "words", number, f"“{tidy(ground.spoken[number], _LINE)}”"


def _mark(answer: Answer[_Found], seq: int, part: str) -> Mark:
    if answer.value is None:
        return Mark(None, answer.error, calls=answer.calls)
    rests, reason = answer.value.breaches.get((seq, part), (-1, "contradicts nothing that is shown"))
    value = float((seq, part) not in answer.value.breaches)
    evidence = (rests, seq) if rests >= 0 else (seq,)
    return Mark(value, reason, evidence, answer.value.certainty, answer.parsed, answer.calls)
