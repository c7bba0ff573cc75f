"""Consistency: nothing known that cannot be known, nothing said against the world or oneself, nothing done twice.

    consistency.knowledge    a claim or secret was witnessed, told, found out or held from the start
    consistency.world        a claim agrees with what is so, or with what the speaker had reason to think
    consistency.self         a claim agrees with the speaker's earlier ones, unless there was news in between
    consistency.belief       a claim agrees with what the speaker's own profile says it believes
    consistency.presence     who acts is alive, on stage, and it is their turn
    consistency.place        who acts is where they act, and came there by a way there is
    consistency.repetition   no act is done thrice running, no line said twice

Lies, questions and jokes may say anything. Every verdict is about one act, 1 for sound and 0 for a breach, and rests
on the act and on what it breaks with. All of it is worked out from the log; no model is asked.
"""

from collections.abc import Iterator
from itertools import chain

from judges.consistency_acts import place, presence, repetition
from judges.consistency_claims import claims
from judges.consistency_words import unheard, words
from judges.knowledge import Knowledge
from judges.reading import read
from judges.verdict import Log, Verdict

__all__ = ["DIMENSIONS", "ConsistencyJudge"]

DIMENSIONS = tuple(
    f"consistency.{part}"
    for part in ("knowledge", "world", "self", "belief", "presence", "place", "repetition")
)


class ConsistencyJudge:
    """Judges each claim and each act of a run."""

    name = "consistency"

    def judge(self, log: Log) -> Iterator[Verdict]:
        """Give a verdict for each claim and act, and one without a value for what gave nothing to judge."""
        reading = read(log)
        judged: set[tuple[str, str]] = set()
        knowledge = Knowledge(reading)
        checks = (
            claims(reading, knowledge),
            words(reading, knowledge),
            unheard(reading, knowledge),
            presence(reading),
            place(reading),
            repetition(reading),
        )
        for verdict in chain.from_iterable(checks):
            judged.add((verdict.subject, verdict.dimension))
            yield verdict
        for who in reading.cast:
            for dimension in DIMENSIONS:
                if (who, dimension) not in judged:
                    reason = "nothing was done or said that this could be judged by"
                    yield Verdict(
                        judge=self.name, subject=who, dimension=dimension, value=None, reason=reason
                    )
