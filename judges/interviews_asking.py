"""Asking the questions and marking the answers: of a mind, as of the moment, or of anything that chooses.

What a mind answers in words of its own is taken for the option it has most in common with, if there is one such.
An answer that picks no option is marked as unparsed, and counts as neither right nor wrong.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

from characters.minds import Mind
from judges.consistency_terms import said
from judges.interviews import Question
from judges.interviews_words import plain
from judges.verdict import Scale, Verdict, Window
from worlds.look import look
from worlds.trajectory import Trajectory

__all__ = ["MARKER", "Standing", "ask", "mark", "of_mind", "picked", "prompt", "standing"]

MARKER = "<answer>"
"""What a reply that reasons first puts before its choice."""

_LETTERS = "abcd"
_SHARED = 0.5
"""Share of an option's telling words that an answer in free words must have."""


class Standing(NamedTuple):
    """How somebody did in an interview."""

    asked: int
    answered: int
    right: float | None
    """Share of the answered that were right; None if nothing was."""
    stale: float | None
    """Share of the answered, where a stale option was offered, that took it."""
    lag: float | None
    """Mean turns after a change at which it was first told right, over changes that ever were."""


def prompt(question: Question) -> str:
    """Put a question with its options, to be answered by a letter."""
    options = "\n".join(f"({_LETTERS[i]}) {text}" for i, text in enumerate(question.options))
    return f"{question.text}\n{options}\nAnswer with one letter after {MARKER}."


def picked(question: Question, reply: str) -> int | None:
    """Give the option a reply picks; None if it picks none, or more than one.

    Letters count as in PersonaMem: those in parentheses, or bare ones if there are none, after the marker if it is
    there, else anywhere. Without letters, words decide.
    """
    for part in (reply.rpartition(MARKER)[2], reply):
        found = set(re.findall(r"\(([a-d])\)", part.lower())) or set(re.findall(r"\b([a-d])\b(?!['’])", part))
        if len(found) == 1:
            return _LETTERS.index(found.pop())
    return _by_words(question, reply)


def _by_words(question: Question, reply: str) -> int | None:
    spoken, options = said(reply), [said(plain(text)) for text in question.options]
    common = frozenset.intersection(*options)
    shares = [len((words - common) & spoken) / max(1, len(words - common)) for words in options]
    best = max(shares)
    return shares.index(best) if best >= _SHARED and shares.count(best) == 1 else None


async def ask(
    log: Trajectory, questions: Iterable[Question], answer: Callable[[Trajectory, Question], Awaitable[str]]
) -> list[tuple[Question, int | None]]:
    """Ask each question as of its moment: `answer` is given the log up to there and nothing after it."""
    return [
        (question, picked(question, await answer(log.upto(question.seq + 1), question)))
        for question in questions
    ]


def of_mind(mind: Mind, *, options: bool = True) -> Callable[[Trajectory, Question], Awaitable[str]]:
    """Let a mind answer for the character; `options` says whether it is shown them."""

    async def answer(log: Trajectory, question: Question) -> str:
        view = look(log, question.who, choosing=False)
        return await mind.answer(view, prompt(question) if options else question.text)

    return answer


def mark(answers: Iterable[tuple[Question, int | None]]) -> Iterator[Verdict]:
    """Give a verdict for each answer, and one for each that took what no longer holds."""
    for question, choice in answers:
        kind = question.kinds[choice] if choice is not None else ""
        yield _verdict(question, f"interview.{question.type}", float(choice == question.gold), kind)
        if "stale" in question.kinds:
            yield _verdict(question, "interview.staleness", float(kind == "stale"), kind)


def _verdict(question: Question, dimension: str, value: float, kind: str) -> Verdict:
    return Verdict(
        judge="interview",
        subject=question.who,
        dimension=dimension,
        value=value if kind else None,
        scale=Scale(0.0, 1.0, 0.0) if dimension.endswith("staleness") else Scale(0.0, 1.0, 1.0),
        evidence=tuple(sorted({*question.evidence, question.seq})),
        reason=f"{question.text} {kind or 'no option was picked'}",
        window=Window(question.seq, question.seq),
        parsed="rule" if kind else "unparsed",
    )


def standing(answers: Sequence[tuple[Question, int | None]]) -> Standing:
    """Sum an interview up."""
    given = [(question, choice) for question, choice in answers if choice is not None]
    offered = [(question, choice) for question, choice in given if "stale" in question.kinds]
    first: dict[tuple[str, str, int], int] = {}
    for question, choice in given:
        if question.slot and question.after >= 0 and choice == question.gold:
            key = (question.who, question.slot, question.evidence[-1])
            first[key] = min(question.after, first.get(key, question.after))
    return Standing(
        asked=len(answers),
        answered=len(given),
        right=fmean(choice == question.gold for question, choice in given) if given else None,
        stale=fmean(question.kinds[choice] == "stale" for question, choice in offered) if offered else None,
        lag=fmean(first.values()) if first else None,
    )
