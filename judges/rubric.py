"""The rubric: seven dimensions of character play, each from 1 to 5, by a model that criticises before it scores.

The dimensions and the two steps are CharacterBox's (Wang et al. 2024); the wording of questions and anchors is ours.
Where that judge sees five rounds at most and no rulings, this one is given the whole session part by part, each part
with how things stood, what came of each attempt and what changed. Every mark names the lines it rests on; numbers
that do not stand in the part are dropped, and a mark that is left with none could not be read.

    rubric.knowledge_accuracy · behavioural_accuracy · emotional_expression · personality_traits
    rubric.immersion · adaptability · behavioural_coherence

All seven are asked for at once, as published: marks given together resemble one another (a halo), so that their mean
is surer than the differences between them.
"""

from collections.abc import Mapping, Sequence

from characters.asking import Question
from characters.prompting import fill
from characters.replies import UnfitError, tidy
from judges.bench import Answer, Bench, Mark, Subject, at_once, pointed
from judges.reading import Reading, read
from judges.rubric_replies import DIMENSIONS, HIGH, LOW, CritiqueReply, MarkReply, ScoreReply
from judges.sheets import Sheet, character_text, prompt, sheet, window_text, windows
from judges.verdict import Log, Scale, Verdict

__all__ = ["RubricJudge", "critique_question", "score_question"]

_SCALE = Scale(LOW, HIGH, HIGH)
_LINE = 300


class RubricJudge:
    """Judges each part of a character's play in the seven published dimensions."""

    name = "rubric"

    async def judge(self, log: Log, bench: Bench) -> Sequence[Verdict]:
        """Give seven verdicts for each part of each character's play."""
        reading = read(log)
        groups = await at_once(
            _part(bench, reading, who, number)
            for who in reading.cast
            for number in range(len(windows(reading, who)))
        )
        return tuple(verdict for group in groups for verdict in group)


async def _part(bench: Bench, reading: Reading, who: str, number: int) -> list[Verdict]:
    page = sheet(reading, who, number, windows(reading, who))
    if not page.own:
        return [_silent(page, dimension) for dimension in DIMENSIONS]
    person = character_text(reading, who)
    asked = await at_once(_asked(bench, page, person, sample) for sample in range(bench.samples))
    return [
        bench.settle(_subject(page, dimension), [marks[dimension] for marks in asked])
        for dimension in DIMENSIONS
    ]


async def _asked(bench: Bench, page: Sheet, person: str, sample: int) -> Mapping[str, Mark]:
    """Ask for a critique, then for the marks."""
    at = f"judge:rubric:{page.who}:{page.number}/{page.parts}:{sample}"
    found = await bench.put(critique_question(f"{at}:critique", page, person))
    if found.value is None:
        return dict.fromkeys(DIMENSIONS, Mark(None, f"no critique: {found.error}", calls=found.calls))
    scored = await bench.put(score_question(f"{at}:score", page, person, found.value))
    return {dimension: _mark(found, scored, dimension) for dimension in DIMENSIONS}


def critique_question(at: str, page: Sheet, person: str) -> Question[CritiqueReply, str]:
    """Give the question of the first step; what is accepted is the critique in words."""

    def accept(reply: CritiqueReply) -> str:
        told = [
            f"- [{fault.line}] {tidy(fault.what, _LINE)}"
            for fault in reply.faults
            if fault.line in page.numbers and fault.what.strip()
        ]
        told += [f"- Well played: {tidy(reply.well, 2 * _LINE)}"] if reply.well.strip() else []
        if not told:
            raise UnfitError(
                "name a fault by the number of a line that stands there, or say what is played well"
            )
        return "\n".join(told)

    user = fill(prompt("critique"), {"name": page.name, "window": window_text(page)})
    return Question(at, _system(page, person), user, CritiqueReply, accept)


def score_question(
    at: str, page: Sheet, person: str, critique: str
) -> Question[ScoreReply, Mapping[str, Mark]]:
    """Give the question of the second step; what is accepted has a mark for every dimension, one of them usable."""

    def accept(reply: ScoreReply) -> Mapping[str, Mark]:
        marks = {name: _read(getattr(reply, name), page) for name in DIMENSIONS}
        if all(mark.value is None for mark in marks.values()):
            raise UnfitError(next(mark.reason for mark in marks.values()))
        return marks

    values = {
        "name": page.name,
        "window": window_text(page),
        "critique": critique,
        "dimensions": fill(prompt("dimensions"), {"name": page.name}),
    }
    return Question(at, _system(page, person), fill(prompt("score"), values), ScoreReply, accept)


def _system(page: Sheet, person: str) -> str:
    return f"{fill(prompt('judge'), {'name': page.name})}\n\n{person}"


def _read(reply: MarkReply, page: Sheet) -> Mark:
    """Take a mark as it was given, or say why it cannot be taken."""
    if not LOW <= reply.mark <= HIGH:
        return Mark(None, "there is no mark from 1 to 5")
    evidence, remark = pointed(reply.lines, page.numbers)
    if not evidence:
        return Mark(None, f"a mark must name lines that stand in the transcript{remark}")
    sure = reply.sure / 100 if reply.sure >= 0 else None
    return Mark(reply.mark, tidy(reply.why, _LINE) + remark, evidence, sure, "clean")


def _mark(critique: Answer[str], scored: Answer[Mapping[str, Mark]], dimension: str) -> Mark:
    calls = critique.calls + scored.calls
    if scored.value is None:
        return Mark(None, scored.error, calls=calls)
    mark = scored.value[dimension]
    parsed = scored.parsed if mark.value is not None else "unparsed"
    return mark._replace(calls=calls, parsed=parsed)


def _subject(page: Sheet, dimension: str) -> Subject:
    return Subject("rubric", page.who, f"rubric.{dimension}", page.window, _SCALE)


def _silent(page: Sheet, dimension: str) -> Verdict:
    return Verdict(
        judge="rubric",
        subject=page.who,
        dimension=f"rubric.{dimension}",
        value=None,
        scale=_SCALE,
        reason="had no turn to be judged by",
        window=page.window,
    )
