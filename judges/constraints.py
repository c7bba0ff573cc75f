"""Replies against profiles by a model: the active-passive-constraint score with a chat model for discriminator.

    constraints.apc         a reply against all statements valid then: credit minus penalty, −1..1
    constraints.violated    a reply goes against a statement, which the verdict names; 1 if against none
    constraints.missed      what was said asked for a statement, and the reply left it out

The score is that of `judges.apc`; here one call holds one reply against the whole profile as of that moment, and the
model names the statements that are asked for, borne out and gone against: all others are neutral. With several
samples a statement's probabilities are shares of them. Of each part of a character's play a few replies are taken, as
evenly as can be, for a call to every line of a long session would cost more than it tells.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from characters.asking import Question
from characters.prompting import fill
from characters.replies import UnfitError, tidy
from characters.shapes import Few, Line, Number, Reply
from characters.statements import Statement
from judges.apc import Weights, score
from judges.bench import Answer, Bench, Mark, Subject, at_once
from judges.fidelity_replies import Profiles, replies
from judges.fidelity_replies import Reply as Said
from judges.reading import Reading, read
from judges.rubric_replies import Certainty
from judges.sheets import listed, prompt, windows
from judges.verdict import Log, Scale, Verdict, Window

__all__ = ["ConstraintJudge", "HoldReply", "constraint_question"]

REPLIES = 4
"""How many replies of one part are held against the profile."""

_LINE = 300
_APC = Scale(-1.0, 1.0, 1.0)


class BrokenReply(Reply):
    """A statement that is gone against."""

    statement: Number = Field(description="number of the statement")
    why: Line = Field(default="", description="the words or the deed that go against it")


class HoldReply(Reply):
    """A reply held against statements."""

    asked_for: Few[Number] = Field(default=(), description="numbers of the statements that are asked for")
    borne_out: Few[Number] = Field(default=(), description="numbers of the statements the reply bears out")
    broken: Few[BrokenReply] = Field(default=(), description="the statements the reply goes against")
    sure: Certainty = Field(default=-1.0, description="how sure you are of all this, from 0 to 100")


class _Held(NamedTuple):
    """What one asking found, by the places of the statements."""

    asked_for: frozenset[int]
    borne_out: frozenset[int]
    broken: Mapping[int, str]
    certainty: float | None

    def weights(self, count: int) -> list[Weights]:
        """Give them as probabilities, which are certain here."""
        return [self._weights(index) for index in range(count)]

    def _weights(self, index: int) -> Weights:
        relevant = float(index in self.asked_for)
        if index in self.broken:
            return Weights(relevant, 1.0, 0.0, 0.0)
        return Weights(relevant, 0.0, float(index not in self.borne_out), float(index in self.borne_out))


class ConstraintJudge:
    """Holds replies against every statement of the profile, as of their moment."""

    name = "constraints"

    async def judge(self, log: Log, bench: Bench) -> Sequence[Verdict]:
        """Give the verdicts on the replies that are taken."""
        reading = read(log)
        profiles = Profiles(reading)
        groups = await at_once(_judged(bench, profiles, said) for said in _taken(reading))
        return tuple(verdict for group in groups for verdict in group)


def _taken(reading: Reading) -> Iterator[Said]:
    """Give some replies of each part of each character's play."""
    every = list(replies(reading))
    for who in reading.cast:
        for window in windows(reading, who):
            own = [
                said for said in every if said.who == who and window.first <= said.event.seq <= window.last
            ]
            yield from (
                own
                if len(own) <= REPLIES
                else (own[number * len(own) // REPLIES] for number in range(REPLIES))
            )


async def _judged(bench: Bench, profiles: Profiles, said: Said) -> list[Verdict]:
    holding = profiles.at(said.who, said.event.seq)
    name = profiles.names.get(said.who, said.who)
    at = f"judge:constraints:{said.who}:{said.event.seq}"
    answers = await at_once(
        bench.put(constraint_question(f"{at}:{sample}", name, said, holding))
        for sample in range(bench.samples)
    )
    return list(_verdicts(bench, said, holding, answers))


def constraint_question(
    at: str, name: str, said: Said, holding: Sequence[Statement]
) -> Question[HoldReply, _Held]:
    """Give the question whether a reply bears out or breaks statements."""

    def accept(reply: HoldReply) -> _Held:
        known = range(1, len(holding) + 1)
        broken = {one.statement - 1: tidy(one.why, _LINE) for one in reply.broken if one.statement in known}
        held = _Held(
            frozenset(number - 1 for number in reply.asked_for if number in known),
            frozenset(number - 1 for number in reply.borne_out if number in known) - frozenset(broken),
            broken,
            reply.sure / 100 if reply.sure >= 0 else None,
        )
        given = (*reply.asked_for, *reply.borne_out, *reply.broken)
        if given and not (held.asked_for or held.borne_out or held.broken):
            raise UnfitError(f"the statements have the numbers 1 to {len(holding)}")
        return held

    told = [f"{number}. {statement.text}" for number, statement in enumerate(holding, start=1)]
    values = {
        "name": name,
        "statements": f"# What holds of {name} at this moment\n\n{listed(told)}",
        "query": f"“{tidy(said.query, 2 * _LINE)}”" if said.query else "(nothing)",
        "seq": str(said.event.seq),
        "reply": tidy(said.text, 4 * _LINE),
    }
    return Question(at, fill(prompt("judge"), values), fill(prompt("constraints"), values), HoldReply, accept)


def _verdicts(
    bench: Bench, said: Said, holding: Sequence[Statement], answers: Sequence[Answer[_Held]]
) -> Iterator[Verdict]:
    found = [answer.value for answer in answers if answer.value is not None]

    def settled(part: str, reason: str, value: Mapping[int, float]) -> Verdict:
        """Settle one verdict; `value` gives what each usable asking amounts to, in order."""
        made, marks = iter(value.values()), []
        for answer in answers:
            if answer.value is None:
                marks.append(Mark(None, answer.error, calls=answer.calls))
            else:
                sure = answer.value.certainty
                marks.append(Mark(next(made), reason, _rests(said), sure, answer.parsed, answer.calls))
        about = Subject(
            "constraints",
            said.who,
            f"constraints.{part}",
            Window(said.event.seq, said.event.seq),
            _APC if part == "apc" else Scale(0.0, 1.0, 1.0),
        )
        return bench.settle(about, marks)

    deltas = [score(held.weights(len(holding))).delta for held in found]
    yield settled("apc", f"over {len(holding)} statements", dict(enumerate(deltas)))
    broken = [i for i in range(len(holding)) if _most(i in held.broken for held in found)]
    for index in broken:
        why = next(held.broken[index] for held in found if index in held.broken)
        values = {n: float(index not in held.broken) for n, held in enumerate(found)}
        yield settled("violated", f"{_cited(holding[index])} — {why}", values)
    if not broken:
        values = {n: float(not held.broken) for n, held in enumerate(found)}
        yield settled("violated", "breaks nothing of the profile", values)
    for index in range(len(holding)):
        if said.query and _most(index in held.asked_for for held in found):
            values = {n: float(index in held.borne_out) for n, held in enumerate(found)}
            yield settled("missed", f"{_cited(holding[index])} — was asked for", values)


def _most(votes: Iterable[bool]) -> bool:
    """Whether more than half say so."""
    every = list(votes)
    return 2 * sum(every) > len(every)


def _cited(statement: Statement) -> str:
    return f"{statement.id}: “{statement.text}”"


def _rests(said: Said) -> tuple[int, ...]:
    return (said.asked, said.event.seq) if said.asked >= 0 else (said.event.seq,)
