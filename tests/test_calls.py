import json
from dataclasses import replace
from pathlib import Path

import pytest

from characters.calls import Call, Fault, Message, Usage
from characters.improv import ImprovMind
from characters.minds import Mind
from characters.model_mind import ModelMind
from characters.models import Price
from sandbox.budget import Budget
from sandbox.calls import CALLS, CallFile, Spent, open_calls, replayed
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.players import PLAYERS, curtain, model_stage, scripted, turn
from tests.stagecraft import play
from worlds.errors import BudgetError, LogError, ModelError, UsageError
from worlds.store import write_line
from worlds.trajectory import Trajectory

CALL = Call(
    at="ada:1",
    attempt=1,
    model="scripted:test",
    key="0" * 32,
    messages=(Message("system", "one\ntwo\n\nthree"), Message("user", "four\ntwo"), Message("assistant", "")),
    reply="five\ntwo",
    problem="it is not six",
    usage=Usage(100, 60, 20),
    seconds=1.5,
    cost=0.25,
    faults=(Fault("429", 0.5, "slow down"),),
)


def lively(messages: object) -> str:
    """A model that does something else each time, decided by its prompt alone."""
    prompt = str(messages[-1].text)  # type: ignore[index]
    if "Open this scene" in prompt or "Close the story" in prompt:
        return json.dumps({"text": "A quiet day."})
    if "The attempt" in prompt:
        return json.dumps({"ok": True, "text": "It is done.", "effects": []})
    number = sum(map(ord, prompt))
    acts = (
        {"act": "say", "speech": f"I count {number}."},
        {"act": "choose", "choice": number % 4, "feeling": "glad"},
        {"act": "try", "deed": "counts the nails"},
        {"act": "choose", "choice": number},
    )
    return turn(**acts[number % 4])


def bytes_of(log: Trajectory) -> list[str]:
    """A log as the lines of its file."""
    return [write_line(event) for event in log]


def test_a_call_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Prompt, reply, problem, price and faults of a call are the same after they were written."""
    with open_calls(tmp_path) as calls:
        calls.keep(CALL)
        calls.keep(replace(CALL, key="1" * 32, attempt=2, reply="", cost=None, faults=()))
    with open_calls(tmp_path) as calls:
        assert calls.find("0" * 32, "ada:1") == CALL
        assert calls.latest("ada:1") == replace(CALL, key="1" * 32, attempt=2, reply="", cost=None, faults=())
        assert calls.spent == Spent(calls=2, tokens=240, cost=0.25, faults=1, unused=2)


def test_what_is_repeated_is_stored_once(tmp_path: Path) -> None:
    """Sixty prompts of 7 000 characters that share their stable part take little more than what is new in them."""
    with open_calls(tmp_path) as calls:
        play(curtain(turns=60), model_stage(scripted(lively), calls))
        prompts = sum(len(message.text) for call in calls.kept() for message in call.messages)
    assert prompts > 300_000
    assert (tmp_path / CALLS).stat().st_size < prompts / 4


def test_a_recorded_run_plays_again_without_its_model(tmp_path: Path) -> None:
    """Fifty turns from the record alone: byte for byte the same log; and no call beyond it is made."""
    with open_calls(tmp_path) as calls:
        first = play(curtain(turns=50), model_stage(scripted(lively), calls))
    nobody = scripted(lambda _: 1 / 0)
    again = play(curtain(turns=50), model_stage(nobody, replayed(tmp_path)))
    assert bytes_of(first) == bytes_of(again)
    with pytest.raises(ModelError, match="no reply is recorded"):
        play(curtain(turns=50, seed=2), model_stage(nobody, replayed(tmp_path / CALLS)))


def test_nothing_is_paid_for_twice(tmp_path: Path) -> None:
    """A run that is cut after any event and taken up again makes no call anew, and ends as it would have."""
    with open_calls(tmp_path / CALLS) as calls:
        whole = play(curtain(turns=9), model_stage(scripted(lively), calls))
        made = calls.spent.calls
    for cut in range(1, len(whole)):
        with open_calls(tmp_path / CALLS) as calls:
            resumed = play(Trajectory(whole.upto(cut)), model_stage(scripted(lambda _: 1 / 0), calls))
            assert calls.spent.calls == made
        assert bytes_of(resumed) == bytes_of(whole)


def test_a_torn_last_line_is_dropped_and_damage_is_refused(tmp_path: Path) -> None:
    """What a crash leaves is cut off; a line that is none of ours is named."""
    with open_calls(tmp_path) as calls:
        calls.keep(CALL)
    file = tmp_path / CALLS
    size = file.stat().st_size
    with file.open("ab") as torn:
        torn.write(b'{"text": "hal')
    with open_calls(tmp_path) as calls:
        assert calls.find(CALL.key, CALL.at) == CALL
    assert file.stat().st_size == size
    file.write_bytes(b'{"at": 1}\n' + file.read_bytes())
    with pytest.raises(LogError, match=r"calls\.jsonl:1: not a line of recorded calls"):
        replayed(tmp_path)


@pytest.mark.parametrize(
    ("budget", "flag"),
    [(Budget(tokens=5_000), "tokens"), (Budget(cost=0.005), "cost"), (Budget(seconds=0), "seconds")],
)
def test_a_budget_ends_a_run_that_can_be_resumed(tmp_path: Path, budget: Budget, flag: str) -> None:
    """What may be spent is not exceeded by more than the calls under way; what was played stands and goes on."""
    model = scripted(lively, price=Price(1.0, 1.0))
    with open_calls(tmp_path, budget) as calls:
        stage = model_stage(model, calls)
        with pytest.raises(BudgetError, match=f"--max-{flag}"):
            play(curtain(turns=30), stage)
        spent = calls.spent
    assert spent.tokens < 5_000 + 4 * 2_500
    with open_calls(tmp_path) as calls:
        assert calls.spent == spent
        whole = play(stage.log if len(stage.log) else curtain(turns=30), model_stage(model, calls))
    assert bytes_of(whole) == bytes_of(play(curtain(turns=30), model_stage(model)))


def test_a_limit_of_cost_needs_a_price() -> None:
    """Money cannot be limited where nobody knows what is spent."""
    calls = CallFile("x", None, Budget(cost=1.0))
    with pytest.raises(UsageError, match="price=PROMPT/REPLY"):
        calls.allow(priced=False)


def test_nothing_is_awaited_that_is_recorded(tmp_path: Path) -> None:
    """Minds that play from a record do not decide ahead: there is nothing to wait for."""
    with open_calls(tmp_path) as calls:
        assert ModelMind(scripted(lively), calls).waits
    assert not ModelMind(scripted(lively), replayed(tmp_path)).waits


def test_a_mixed_cast_shares_a_record(tmp_path: Path) -> None:
    """Characters of different models, and those of none, play together and are recorded in one file."""
    with open_calls(tmp_path) as calls:
        minds: dict[str, Mind] = {
            "ada": ModelMind(scripted(lively), calls),
            "ben": ModelMind(replace(scripted(lively), spec="scripted:other"), calls),
            "cy": ImprovMind(),
        }
        log = play(curtain(turns=12), Stage(minds, ImprovNarrator()))
        models = {call.model for call in calls.kept()}
    assert models == {"scripted:test", "scripted:other"}
    assert {event.by for event in log if event.body.kind == "acted"} == {player.id for player in PLAYERS}
