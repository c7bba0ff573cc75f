"""Two runs side by side: in which is a character played better, asked in both orders.

    pairwise.better    1 if the run that is judged has the better performance, 0 if the other has, ½ for neither
    pairwise.agreed    share of pairs in which both orders have the same winner (of the run as a whole)
    pairwise.first     share of choices that fell on what was shown first (of the run as a whole); ½ is unbiased

A model that is asked to choose is swayed by position; GPT-3.5 chose the second of two essays in 86 % of one published
run (Dong et al. 2024). So each pair is put as A B and as B A. If the answers name different winners, position has
chosen, and the pair is a tie; how often that happens is reported with the result.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Literal, NamedTuple

from pydantic import Field

from characters.asking import Question
from characters.prompting import fill
from characters.replies import UnfitError, tidy
from characters.shapes import Few, Line, Number, Reply
from judges.bench import Answer, Bench, Mark, Subject, at_once, pointed
from judges.certainty import Choice, both_orders
from judges.reading import Reading, read
from judges.rubric_replies import Certainty
from judges.sheets import Sheet, character_text, prompt, sheet, window_text, windows
from judges.verdict import Log, Scale, Verdict, Window

__all__ = ["PairReply", "PairwiseJudge"]

_LINE = 300


class PairReply(Reply):
    """A choice between two performances."""

    first_lines: Few[Number] = Field(default=(), description="[numbers] of deciding lines of the first")
    second_lines: Few[Number] = Field(default=(), description="[numbers] of deciding lines of the second")
    why: Line = Field(default="", description="what decides it, in a sentence")
    better: Literal["first", "second", "neither"] = Field(description="which is played better")
    sure: Certainty = Field(default=-1.0, description="how sure, from 50 to 100")


class _Chosen(NamedTuple):
    """One answer, in terms of contents: `A` is the run that is judged, `B` the other, `C` neither."""

    answer: str
    evidence: tuple[int, ...]
    reason: str
    certainty: float | None


class _Bout(NamedTuple):
    """One pair, asked in both orders once."""

    forward: Answer[_Chosen]
    backward: Answer[_Chosen]

    @property
    def mark(self) -> Mark:
        """What the two answers amount to."""
        calls = self.forward.calls + self.backward.calls
        one, other = self.forward.value, self.backward.value
        if one is None or other is None:
            return Mark(None, self.forward.error or self.backward.error, calls=calls)
        evidence = tuple(sorted({*one.evidence, *other.evidence}))
        repaired = "repaired" in (self.forward.parsed, self.backward.parsed)
        mark = Mark(0.5, "", evidence, None, "repaired" if repaired else "clean", calls)
        if one.answer != other.answer:
            return mark._replace(reason="the two orders disagree: position has chosen, so it is a tie")
        stated = [sure for sure in (one.certainty, other.certainty) if sure is not None]
        value = {"A": 1.0, "B": 0.0, "C": 0.5}[one.answer]
        return mark._replace(value=value, reason=one.reason, certainty=fmean(stated) if stated else None)


class PairwiseJudge:
    """Compares each character's play with the same character's in another run, in both orders."""

    name = "pairwise"

    def __init__(self, other: Log) -> None:
        """Compare with this run."""
        self.other = read(other)

    async def judge(self, log: Log, bench: Bench) -> Sequence[Verdict]:
        """Give a verdict for each pair of parts, and two on how much position mattered."""
        reading = read(log)
        pairs = list(self._pairs(reading))
        rounds = await at_once(
            at_once(_bout(bench, reading, *pair, sample) for sample in range(bench.samples)) for pair in pairs
        )
        verdicts = [
            bench.settle(
                Subject(self.name, mine.who, "pairwise.better", mine.window), [bout.mark for bout in bouts]
            )
            for (mine, _), bouts in zip(pairs, rounds, strict=True)
        ]
        bouts = [bout for round_ in rounds for bout in round_]
        whole = Window(reading.events[0].seq, reading.events[-1].seq)
        return (*verdicts, *(_bias(bench, bouts, whole) if bouts else ()))

    def _pairs(self, reading: Reading) -> Iterator[tuple[Sheet, Sheet]]:
        """Give the beginning, the middle and the end of each character's play, in both runs."""
        for who in reading.cast:
            mine, theirs = windows(reading, who), windows(self.other, who)
            if who not in self.other.cast or not self.other.acts.get(who) or not reading.acts.get(who):
                continue
            for part in range(3):
                yield (
                    sheet(reading, who, part * (len(mine) - 1) // 2, mine),
                    sheet(self.other, who, part * (len(theirs) - 1) // 2, theirs),
                )


async def _bout(bench: Bench, reading: Reading, mine: Sheet, theirs: Sheet, sample: int) -> _Bout:
    person = character_text(reading, mine.who)
    at = f"judge:pairwise:{mine.who}:{mine.number}/{mine.parts}:{sample}"
    forward, backward = await at_once(
        bench.put(_question(f"{at}:{order}", person, mine, theirs, ours_first=order == "AB"))
        for order in ("AB", "BA")
    )
    return _Bout(forward, backward)


def _question(
    at: str, person: str, mine: Sheet, theirs: Sheet, *, ours_first: bool
) -> Question[PairReply, _Chosen]:
    def accept(reply: PairReply) -> _Chosen:
        lines = reply.first_lines if ours_first else reply.second_lines
        evidence, remark = pointed(lines, mine.numbers)
        if not evidence:
            raise UnfitError(f"name deciding lines of each performance, by numbers that stand there{remark}")
        names = ("A", "B") if ours_first else ("B", "A")
        answer = {"first": names[0], "second": names[1], "neither": "C"}[reply.better]
        sure = reply.sure / 100 if reply.sure >= 0 else None
        return _Chosen(answer, evidence, tidy(reply.why, _LINE) + remark, sure)

    first, second = (mine, theirs) if ours_first else (theirs, mine)
    values = {"name": mine.name, "first": window_text(first), "second": window_text(second)}
    system = f"{fill(prompt('pair'), values)}\n\n{person}"
    return Question(at, system, fill(prompt("pair_ask"), values), PairReply, accept)


def _bias(bench: Bench, bouts: Sequence[_Bout], whole: Window) -> Iterator[Verdict]:
    """Say how much position mattered."""
    found = both_orders([_choice(bout.forward) for bout in bouts], [_choice(bout.backward) for bout in bouts])
    parts = {"agreed": (found.agreed, Scale(0.0, 1.0, 1.0)), "first": (found.first, Scale(0.0, 1.0, 0.5))}
    told = (
        f"{found.valid} of {found.pairs} pairs answered in both orders, which agree on {found.agreed:.2f}; "
        f"{found.first:.2f} of the choices fell on what was shown first; ties {found.ties:.2f}"
    )
    for part, (value, scale) in parts.items():
        known = not math.isnan(value)
        yield Verdict(
            judge="pairwise",
            subject="",
            dimension=f"pairwise.{part}",
            value=value if known else None,
            scale=scale,
            reason=told if known else "nothing was chosen in both orders",
            window=whole,
            parsed="clean" if found.valid else "unparsed",
            model=bench.model.spec,
        )


def _choice(answer: Answer[_Chosen]) -> Choice:
    return Choice(answer.value.answer if answer.value else "", "")
