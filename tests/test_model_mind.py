import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from characters.calls import Memo
from characters.files import load_cast
from characters.improv import ImprovMind
from characters.minds import Reflection
from characters.model_mind import ModelMind
from characters.models import connect
from sandbox.calls import CALLS, open_calls, replayed
from sandbox.loop import Stage
from sandbox.model_narrator import ModelNarrator
from tests.faulty import every, faulty
from tests.players import at_the_gate, curtain, model_stage, scripted, turn
from tests.stagecraft import play
from tests.test_calls import lively
from tests.tiny_server import running
from worlds.actions import Change
from worlds.events import Faulted, Link, Started
from worlds.files import load_world
from worlds.look import look
from worlds.spec import Settings
from worlds.store import load, save, write_line
from worlds.trajectory import Trajectory, start
from worlds.view import Recollection, View


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server."""
    with running(tmp_path_factory.mktemp("tiny")) as base:
        yield base


def faults(log: Trajectory) -> list[str]:
    """Why minds failed in a run."""
    return [event.body.error for event in log if isinstance(event.body, Faulted)]


def test_a_real_model_plays_thirty_turns(tiny: str, tmp_path: Path) -> None:
    """A model that talks nonsense plays to the end: every event is valid, and the record alone gives the same bytes."""
    model = connect(f"{tiny}#tiny?temperature=1&max_tokens=500")
    with open_calls(tmp_path) as calls:
        log = play(curtain(turns=30), model_stage(model, calls))
        spent = calls.spent
    save(log, tmp_path / "events.jsonl")
    assert load(tmp_path / "events.jsonl").log.state.turn == 30
    assert log[log.seq].body.kind == "ended"
    assert spent.faults == 0
    assert len(faults(log)) < 30
    nobody = scripted(lambda _: 1 / 0)
    nobody.spec = model.spec
    again = play(curtain(turns=30), model_stage(nobody, replayed(tmp_path)))
    assert [write_line(event) for event in again] == [write_line(event) for event in log]


def test_a_fifth_of_all_requests_may_fail(tiny: str, tmp_path: Path) -> None:
    """With every fifth request failed in one of seven ways a run finishes, and each fault stands in its record."""
    with faulty(tiny, every(5)) as proxy, open_calls(tmp_path) as calls:
        model = connect(f"{proxy.base}#tiny?temperature=1&max_tokens=300&wait=0.01&timeout=3")
        log = play(curtain(turns=30), model_stage(model, calls))
        blank = sum(not call.reply for call in calls.kept())
        lost = (tmp_path / CALLS).read_text().count('"given up before')  # begun on guesses that proved wrong
        assert calls.spent.faults + blank + lost >= proxy.faults.total() > 0.15 * proxy.requests
    assert log.state.turn == 30
    assert calls.spent.calls + calls.spent.faults >= proxy.requests


@pytest.fixture(scope="module")
def tavern() -> Memo:
    """The calls of 21 rounds of three characters in a bundled world."""
    world, calls = load_world("tavern"), Memo()
    cast = load_cast(world, ("mira", "bram", "odo"))
    settings = Settings(seed=1, turns=63, order="list")
    minds = {character.id: ModelMind(scripted(lively), calls) for character in cast}
    play(
        start(Started(world=world, cast=cast, settings=settings)),
        Stage(minds, ModelNarrator(scripted(lively), calls)),
    )
    return calls


def test_three_characters_cost_three_calls_a_round(tavern: Memo) -> None:
    """A round is three calls for characters and at most two for the narrator, all under 40 000 characters and flat."""
    first = [call for call in tavern.made if call.attempt == 0]
    turns = {
        call.at: sum(len(message.text) for message in call.messages)
        for call in first
        if "narrator" not in call.at
    }
    narrated = [
        sum(len(message.text) for message in call.messages) for call in first if "narrator" in call.at
    ]
    assert len(turns) == 63
    assert len(first) - len(narrated) <= 1.1 * 63, "guesses of what somebody will see are seldom wrong"
    assert len(narrated) <= 2 * 21
    assert max(narrated) < 5_000
    sizes = list(turns.values())
    rounds = [sum(sizes[number : number + 3]) for number in range(0, 63, 3)]
    assert max(rounds) < 31_000
    assert rounds[20] < 1.1 * rounds[10]


def shared(old: str, new: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )


def test_most_of_a_prompt_is_what_it_was_the_turn_before(tavern: Memo) -> None:
    """Between a character's consecutive calls at least three fifths of the prompt are a shared prefix."""
    for who in ("mira", "bram", "odo"):
        texts = [
            "".join(m.text for m in call.messages)
            for call in tavern.made
            if call.at.startswith(who) and not call.attempt
        ]
        shares = [shared(old, new) / len(new) for old, new in pairwise(texts)]
        assert sum(share >= 0.6 for share in shares) >= 0.9 * len(shares), "but for a new scene or secret"
        assert sum(shares) / len(shares) > 0.6


def test_all_act_at_once_when_they_act_together(tiny: str) -> None:
    """In scenes whose order is `together` three requests are under way at once, and never more."""
    with faulty(tiny) as proxy:
        model = connect(f"{proxy.base}#tiny?temperature=1&max_tokens=200")
        play(curtain(turns=4, order="together"), model_stage(model))
    assert proxy.peak == 3


def test_a_round_waits_for_the_slowest_not_for_the_sum() -> None:
    """Together, three minds of 0.1 s and a narrator take about one latency a round, not three."""
    waited = 0.1

    async def script(messages: object) -> str:
        await asyncio.sleep(waited)
        return turn() if "It is your turn" in str(messages[-1].text) else json.dumps({"text": "Quiet."})  # type: ignore[index]

    async def timed() -> float:
        stage, loop = model_stage(scripted(script)), asyncio.get_running_loop()
        began = loop.time()
        async for _ in stage.play(curtain(turns=8, order="together")):
            pass
        return loop.time() - began

    assert asyncio.run(timed()) / 8 < 2.2 * waited


def seen(log: Trajectory | None = None) -> View:
    """What Ada sees of that."""
    return look(log or at_the_gate(), "ada")


def reflected(**fields: object) -> Reflection:
    """What Ada makes of it, if her model fills in these fields."""
    mind, view = ModelMind(scripted(lambda _: turn(**fields))), seen()
    asyncio.run(mind.decide(view))
    return asyncio.run(mind.reflect(view))


def test_changes_come_with_the_decision_and_name_their_cause() -> None:
    """What a model says has changed becomes changes of slots, each because of something perceived; no call more."""
    calls = Memo()
    told = turn(
        feeling="Uneasy.", conclusion="Cy has it.", used=[3],
        changes=[
            {"slot": "trust.ben", "value": "0.4", "because": 3},
            {"slot": "belief.key.holder", "value": "Cy", "because": "[3]"},
            {"slot": "goal.ring", "value": "dropped", "because": 77},
        ],
    )  # fmt: skip
    mind, view = ModelMind(scripted(lambda _: told), calls), seen()
    decision = asyncio.run(mind.decide(view))
    reflection = asyncio.run(mind.reflect(view))
    assert len(calls.made) == 1
    assert decision.links == (Link(3, "answers"),)
    assert reflection.text == "Cy has it."
    assert reflection.links == (Link(3, "because"),)
    assert reflection.changes == (
        Change("mood", "uneasy", 3),
        Change("trust.ben", 0.4, 3),
        Change("belief.key.holder", "cy", 3, source="ben"),
        Change("goal.ring", "dropped", 3),
    )


def test_impossible_changes_are_left_out() -> None:
    """Numbers off the scale, slots that are none, strangers and oneself: nothing is read as something near it."""
    for slot, value in (
        ("trust.ben", 4.5), ("trust.ben", "much"), ("trust.ben", True), ("liking.moon", 0.1), ("trust.ada", 0.5),
        ("belief.moon.holder", "cy"), ("belief.key.colour", "red"), ("goal.moon", "done"), ("goal.ring", "have moon"),
        ("injury.arm", "broken"), ("hurt", 3), ("__class__", "x"), ("mood.joy", 10),
    ):  # fmt: skip
        assert reflected(changes=[{"slot": slot, "value": value, "because": 3}]).changes == (), slot


def test_a_stand_in_acts_and_reflects_for_the_turn() -> None:
    """Where a model fails, improv decides and reflects, and the decision says so."""
    mind, view = ModelMind(scripted(lambda _: "no")), seen()
    decision = asyncio.run(mind.decide(view))
    assert "no JSON object" in decision.error
    assert asyncio.run(mind.reflect(view)) == asyncio.run(ImprovMind().reflect(view))


def test_a_mind_keeps_nothing_of_its_own() -> None:
    """Another mind with the same calls reflects as the one that decided; one without them makes nothing of it."""
    calls, view = Memo(), seen()
    told = scripted(lambda _: turn(conclusion="So."))
    asyncio.run(ModelMind(told, calls).decide(view))
    assert asyncio.run(ModelMind(told, calls).reflect(view)).text == "So."
    assert asyncio.run(ModelMind(told).reflect(view)) == Reflection()


def test_questions_are_answered_from_the_same_view() -> None:
    """An interview is asked with the same stable part, and an answer that fails is improvised."""
    calls, view = Memo(), seen()
    mind = ModelMind(scripted(lambda _: json.dumps({"answer": "Cy,\x00 I hear."})), calls)
    assert asyncio.run(mind.answer(view, "Who has the key?")) == "Cy, I hear."
    assert "Who has the key?" in calls.made[0].messages[1].text
    failing = ModelMind(scripted(lambda _: ""))
    assert asyncio.run(failing.answer(view, "Who?")) == asyncio.run(ImprovMind().answer(view, "Who?"))


def test_thoughts_of_others_are_in_no_prompt() -> None:
    """A prompt is made of the view alone: what others think, and secrets one does not share, are not in it."""
    calls = Memo()
    asyncio.run(ModelMind(scripted(lambda _: turn()), calls).decide(look(at_the_gate(), "cy")))
    text = "".join(message.text for message in calls.made[0].messages)
    assert "She need not know all" not in text
    assert "Ada took the ring" not in text


def test_memories_are_in_the_prompt() -> None:
    """What is brought back is shown, numbered, and can be named as what a decision rests on."""
    calls = Memo()
    view = replace(seen(), recollections=(Recollection(0, "The needle is in the hay.", 1.0, "asked"),))
    decision = asyncio.run(ModelMind(scripted(lambda _: turn(used=[0])), calls).decide(view))
    assert "[0] The needle is in the hay." in calls.made[0].messages[1].text
    assert decision.links == (Link(0, "recalls"),)
