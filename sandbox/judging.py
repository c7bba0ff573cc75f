"""Judging by asking, for the command line: the model, what may be spent, where its calls are kept, and what it said.

The calls stand in the run's `calls.jsonl`, beside those it was played by: nothing that was answered is paid for
twice, and a run can be judged again without the model. What a file of another program is judged by is not kept.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from characters.calls import Call, Calls, Memo
from characters.models import connect
from characters.models.scripted import recorded
from judges import ASKING, JUDGES
from judges.admission import examine
from judges.bench import AskingJudge, Bench
from judges.discriminators import NliDiscriminator
from judges.fidelity import FidelityJudge
from judges.pairwise import PairwiseJudge
from judges.panel import Panel, asked, asking, named
from judges.verdict import Judge, Log, Verdict
from sandbox.budget import Budget
from sandbox.calls import open_calls, replayed
from sandbox.runs import folder_of, locked, read_run
from worlds.errors import BudgetError, ModelError, UsageError

__all__ = ["Counts", "Hearing", "Purse", "Terms", "counts", "seated"]


class Purse:
    """Calls with a limit to what judging may spend, over all the runs it judges and whatever playing them took."""

    def __init__(self, budget: Budget) -> None:
        """Begin with nothing spent."""
        self.calls: Calls = Memo()
        """Where calls are kept now: there is one run after another."""
        self.made = 0
        self._budget = budget
        self._tokens, self._cost = 0, 0.0
        self._began = perf_counter()

    @property
    def waits(self) -> bool:
        """Whether a call may have to wait for a model."""
        return self.calls.waits

    def find(self, key: str, at: str) -> Call | None:
        """Give the call with this key if it was made before."""
        return self.calls.find(key, at)

    def latest(self, at: str) -> Call | None:
        """Give the last call made at this address."""
        return self.calls.latest(at)

    def allow(self, *, priced: bool) -> None:
        """Let one more call be made; `BudgetError` if what may be spent is spent."""
        if over := self._budget.over(self._tokens, self._cost, perf_counter() - self._began, priced=priced):
            raise _spent(*over)

    def keep(self, call: Call) -> None:
        """Keep a call, and count what it took."""
        self.made += 1
        self._tokens += call.usage.total
        self._cost += call.cost or 0.0
        self.calls.keep(call)

    def told(self) -> str:
        """Say what was spent."""
        cost = f", ${self._cost:.4f}" if self._cost else ""
        return f"{self.made} calls made, {self._tokens} tokens{cost}, {perf_counter() - self._began:.0f} s"


class Terms(NamedTuple):
    """How a model is to judge."""

    samples: int = 1
    """How often it is asked each thing."""
    budget: Budget = Budget()
    replay: bool = False
    """Whether every call must be on record."""
    admission: bool = True
    """Whether it is first found out if it can tell who speaks."""
    threshold: float | None = None
    """Certainty, 0..1, below which it abstains; None for what the admission shows."""
    nli: str = ""
    """Cross-encoder that holds replies against the profile, in the place of the rules."""
    versus: Path | None = None
    """A run with which each character's play is compared."""


class Hearing:
    """Judges that ask a model, and the model they ask."""

    def __init__(self, judges: Sequence[AskingJudge], spec: str, terms: Terms) -> None:
        """Connect the model; `UsageError` if it cannot be used. Nothing is sent."""
        self.judges, self.terms = judges, terms
        self.model = recorded(spec) if terms.replay else connect(spec)
        self.purse = Purse(terms.budget)
        self.stopped: ModelError | BudgetError | None = None
        """Why nothing more can be asked."""

    def hear(self, log: Log, path: Path | None) -> tuple[Verdict, ...]:
        """Give the verdicts on one run; without a path, its calls are not kept."""
        if not self.judges:
            return ()
        with self._calls(path) as self.purse.calls:
            bench = Bench(self.model, self.purse, self.terms.samples, stopped=self.stopped)
            verdicts = asyncio.run(self._asked(log, bench))
            self.stopped = bench.stopped
        return verdicts

    async def _asked(self, log: Log, bench: Bench) -> tuple[Verdict, ...]:
        bench.threshold = self.terms.threshold
        if not self.terms.admission:
            return await asked(self.judges, log, bench)
        shown = await examine(log, bench)
        bench.admitted = shown.admitted
        if bench.threshold is None:
            bench.threshold = shown.threshold
        return (shown.verdict(bench.model.spec), *await asked(self.judges, log, bench))

    @contextmanager
    def _calls(self, path: Path | None) -> Iterator[Calls]:
        if path is None:
            yield Memo()
        elif self.terms.replay:
            yield replayed(folder_of(path))
        else:
            folder = folder_of(path)
            with locked(folder), open_calls(folder) as calls:
                yield calls


def seated(names: Sequence[str], spec: str, terms: Terms) -> tuple[Panel, Hearing | None]:
    """Seat the judges of these names, or all: those that go by rule, and if there is a model, those that ask it.

    `UsageError` for a name there is not, and for what asks a model where there is none.
    """
    known = (*JUDGES, *ASKING)
    if strange := [name for name in names if name not in known]:
        raise UsageError(f"there is no judge {strange[0]!r}; choose from {', '.join(known)}")
    asks = [name for name in names or ASKING if name in ASKING]
    if not spec and (terms.versus or (names and asks)):
        raise UsageError(f"{'--versus' if terms.versus else asks[0]} asks a model; name one with --model")
    rules = named([name for name in names if name in JUDGES]) if set(names) & set(JUDGES) or not names else ()
    return Panel(_by_nli(rules, terms.nli)), Hearing(_asking(asks, terms), spec, terms) if spec else None


def _asking(names: Sequence[str], terms: Terms) -> tuple[AskingJudge, ...]:
    judges = asking(names) if names else ()
    return (*judges, PairwiseJudge(read_run(terms.versus).log)) if terms.versus else judges


def _by_nli(rules: Sequence[Judge], model: str) -> tuple[Judge, ...]:
    """Let a cross-encoder hold replies against the profile, if one is named."""
    if not model:
        return tuple(rules)
    discriminator = NliDiscriminator(model)
    return tuple(FidelityJudge(discriminator) if one.name == "fidelity" else one for one in rules)


class Counts(NamedTuple):
    """What became of the verdicts that were asked for in one dimension."""

    asked: int = 0
    unparsed: int = 0
    """No asking could be used, or nothing was asked."""
    abstained: int = 0
    not_admitted: int = 0


def counts(verdicts: Sequence[Verdict]) -> dict[str, Counts]:
    """Count, for each dimension and each family that was asked for, what came of it."""
    found: dict[str, Counts] = {}
    for verdict in verdicts:
        if verdict.model:
            for name in (verdict.dimension, verdict.dimension.partition(".")[0]):
                before = found.get(name, Counts())
                found[name] = Counts(
                    before.asked + 1,
                    before.unparsed + (verdict.parsed == "unparsed"),
                    before.abstained + (verdict.held_back == "abstained"),
                    before.not_admitted + (verdict.held_back == "not admitted"),
                )
    return found


def _spent(what: str, how_much: str, flag: str) -> BudgetError:
    return BudgetError(
        f"judging has spent its {what} ({how_much}); what was judged is written, and nothing asked is paid for twice: "
        f"judge again with a higher --{flag}"
    )
