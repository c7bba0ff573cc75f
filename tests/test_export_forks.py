"""Forks played from one moment, the pairs made of them, and how two ways to go on are compared."""

import asyncio
import json
from pathlib import Path

import pytest

from characters.files import load_cast
from judges.verdict import Verdict, Window
from sandbox.budget import Budget
from sandbox.casting import stage_for
from sandbox.exports import Options, Played
from sandbox.exports.branches import branch, contests
from sandbox.exports.pov import part_of, prompt
from sandbox.exports.scoring import Scored, beside
from sandbox.runs import read_run
from tests.exporting import improvised, lines, shelf, written
from tests.stagecraft import play
from worlds.errors import BudgetError, UsageError
from worlds.events import Acted, Cued, Started
from worlds.files import load_world
from worlds.spec import Settings
from worlds.store import write_line
from worlds.trajectory import Trajectory, start


def _cue(log: Trajectory, turn: int) -> int:
    return next(event.seq for event in log if isinstance(event.body, Cued) and event.turn == turn)


def _forked(log: Trajectory, cue: int, seed: int, ahead: int = 3) -> Trajectory:
    return asyncio.run(branch(log, cue, seed, ahead))


def test_a_branch_changes_what_is_done_and_nothing_before_it() -> None:
    """Up to the cue the events are the old ones to the byte; the cued character sees the same; other seeds differ."""
    log = improvised()
    cue = _cue(log, 6)
    who = log[cue].body.who[0]  # type: ignore[union-attr]
    branches = [_forked(log, cue, seed) for seed in range(6)]
    turn = next(n for n, exchange in enumerate(part_of(log, who).exchanges) if exchange.cue == cue)

    for other in branches:
        assert [write_line(event) for event in other.upto(cue)] == [
            write_line(event) for event in log.upto(cue)
        ]
        assert prompt(part_of(other, who), turn, 40) == prompt(part_of(log, who), turn, 40)
        assert other.state.turn == 8
        assert other.state.phase in ("cue", "open")
    assert len({part_of(other, who).exchanges[turn].reply for other in branches}) > 1
    assert list(map(write_line, _forked(log, cue, 3))) == list(map(write_line, branches[3]))


def _judged(log: Trajectory, name: str, who: str, seq: int, value: float) -> Played:
    """Give a run with one verdict on one act."""
    verdict = Verdict(
        judge="fidelity",
        subject=who,
        dimension="fidelity.violated",
        value=value,
        evidence=(seq,),
        window=Window(seq, seq),
    )
    return Played(name, log, _heard={(): (verdict,)})


def _siblings(values: tuple[float, ...]) -> list[Played]:
    log = improvised()
    cue = _cue(log, 6)
    who = log[cue].body.who[0]  # type: ignore[union-attr]
    forks = [_forked(log, cue, seed) for seed in range(8)]
    replies: dict[str, Trajectory] = {}
    for fork in forks:
        last = max(e.seq for e in fork if isinstance(e.body, Acted) and e.turn == 6)
        replies.setdefault(fork[last].model_dump_json(include={"body": {"action"}}), fork)
    chosen = list(replies.values())[: len(values)]
    seqs = [next(e.seq for e in fork if isinstance(e.body, Acted) and e.turn == 6) for fork in chosen]
    return [
        _judged(fork, f"fork-{n}", who, seq, value)
        for n, (fork, seq, value) in enumerate(zip(chosen, seqs, values, strict=True))
    ]


def test_pairs_come_from_forks_with_different_verdicts(tmp_path: Path) -> None:
    """The better fork's reply is chosen over the worse one's on their common prompt, and the best of all is told."""
    runs = _siblings((0.0, 1.0))
    (pair,) = lines(written(runs, "preferences", tmp_path / "pairs")[0])
    (best,) = lines(written(runs, "best-of", tmp_path / "best")[0])

    assert pair["runs"] == ["fork-1", "fork-0"]
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (1.0, 0.0, 1.0)
    assert pair["dimension"] == "fidelity.violated"
    assert pair["chosen"] != pair["rejected"]
    assert pair["prompt"][-1]["role"] == "user"
    assert best["completion"] == pair["chosen"]
    assert best["of"] == 2


def test_equal_verdicts_make_no_pair(tmp_path: Path) -> None:
    """Where judges see no difference, or too small a one, nothing is made up."""
    for values, margin in (((1.0, 1.0), 0.0), ((1.0, 0.9), 0.2)):
        with pytest.raises(UsageError, match="nothing to write"):
            written(_siblings(values), "preferences", tmp_path / "pairs", margin=margin)


def test_like_is_compared_with_like() -> None:
    """Dimensions only one was judged in do not count, unless it broke something there."""
    deed = Scored(1.0, {"consistency.place": 1.0}, ())
    words = Scored(0.9, {"consistency.place": 1.0, "fidelity.apc": 0.4}, ())
    slip = Scored(0.7, {"consistency.place": 1.0, "consistency.knowledge": 0.0}, ())
    slow = Scored(0.7, {"consistency.place": 1.0, "tracking.acted_on": 0.0}, ())

    assert beside(deed, words).margin == 0
    assert beside(deed, slow).margin == 0
    assert beside(deed, slip).margin == 0.5
    assert beside(slip, deed) == (0.5, 1.0, "consistency.knowledge")


def test_forks_are_played_judged_and_kept(tmp_path: Path) -> None:
    """With samples, a run is forked at some turns; entries share the prompt, and the forks can be read as runs."""
    run = shelf()[0]
    wishes = Options(who=("mira",), samples=3, points=2, ahead=2, forks=tmp_path / "forks")
    found = list(contests([run], wishes))

    assert found
    for contest in found:
        better, worse = contest.pair
        assert better.reply != worse.reply
        for entry in contest.entries:
            log = read_run(tmp_path / "forks" / entry.run).log
            part = part_of(log, "mira")
            turn = next(n for n, exchange in enumerate(part.exchanges) if exchange.seq == entry.seq)
            assert prompt(part, turn, 40) == contest.prompt


def test_a_fork_can_be_asked_for_at_a_turn() -> None:
    """With `at`, each character is forked once: at that turn, or at its next."""
    run = shelf()[0]
    found = list(contests([run], Options(who=("mira", "bram"), samples=4, at=5, ahead=1)))

    assert 0 < len(found) <= 2
    for contest in found:
        turns = [event.turn for event in run.log if isinstance(event.body, Acted) and event.by == contest.who]
        left = {int(entry.run.partition("@")[2].partition("-")[0]) for entry in contest.entries}
        assert [run.log[seq].turn for seq in left] == [min(turn for turn in turns if turn >= 5)]


def _of_a_model(tmp_path: Path) -> Played:
    """Give a run in which a scripted model plays Mira."""
    reply = {"act": "say", "speech": "Small things first."}
    file = tmp_path / "replies.jsonl"
    file.write_text(json.dumps(json.dumps(reply)))
    world = load_world("tavern")
    settings = Settings(seed=1, turns=6, minds={"mira": f"scripted:{file}"})
    log = start(Started(world=world, cast=load_cast(world, ("mira", "bram")), settings=settings))
    return Played("scripted", play(log, stage_for(log)))


def test_models_of_forks_stay_within_their_budget(tmp_path: Path) -> None:
    """All forks together may spend so much; when it is spent the export ends, says so, and nothing is written."""
    run = _of_a_model(tmp_path)
    wishes = {"who": ("mira",), "samples": 2, "points": 1, "ahead": 2}
    with pytest.raises(BudgetError, match="the forks have spent"):
        written([run], "best-of", tmp_path / "out", **wishes, budget=Budget(tokens=1))
    assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError, match="nothing to write"):  # one prompt, one reply: no contest
        written([run], "best-of", tmp_path / "out", **wishes)
