import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from characters.calls import Memo
from characters.model_mind import ModelMind
from sandbox.loop import Stage
from sandbox.model_narrator import ModelNarrator, asked_in_round
from sandbox.narrator import ImprovNarrator
from sandbox.narrator_prompt import frame_prompt, rule_prompt
from tests.players import PLAYERS, at_the_gate, curtain, model_stage, scripted, turn
from tests.stagecraft import play
from tests.test_calls import lively
from worlds.actions import Became, Do, Effect, Moved, Passed, Profile, Say
from worlds.deeds import Ruling
from worlds.events import Acted, Cued, Draft, Resolved, TurnEnded
from worlds.rules import checked
from worlds.trajectory import Trajectory, extend

DEED = Do(text="snatches the box and runs")


def trying() -> Trajectory:
    """It is Ada's turn in the hall, and she tries a deed of her own."""
    log = extend(at_the_gate(), [Draft(TurnEnded()), Draft(Cued(who=("ada",)))])
    return extend(log, [Draft(Acted(action=DEED), by="ada")])


def ruling(*effects: dict[str, object], ok: bool = True) -> str:
    """A ruling as a model would write it."""
    return json.dumps({"ok": ok, "text": "She has it.", "effects": list(effects)})


def ruled(reply: str, calls: Memo | None = None) -> tuple[Ruling, tuple[str, ...]]:
    """What a narrator whose model says this rules on the deed, and what it notes."""
    narrator = ModelNarrator(scripted(lambda _: reply), calls)
    return asyncio.run(narrator.rule(trying(), "ada", DEED)), narrator.faults()


@pytest.mark.parametrize(
    ("effect", "meant"),
    [
        ({"effect": "passed", "subject": "box", "to": "ada"}, Passed(thing="box", to="ada")),
        ({"effect": "moved", "subject": "ada", "to": "yard"}, Moved(who="ada", to="yard")),
        (
            {"effect": "became", "subject": "box", "attribute": "open", "value": "true"},
            Became(subject="box", attribute="open", value=True),
        ),
        (
            {"effect": "became", "subject": "ben", "attribute": "restrained", "value": True},
            Became(subject="ben", attribute="restrained", value=True),
        ),
        (
            {"effect": "injured", "subject": "ben", "attribute": "Left arm", "value": "bruised"},
            Profile(who="ben", slot="injury.left_arm", value="bruised"),
        ),
    ],
)
def test_a_ruling_changes_the_world_in_typed_effects(effect: dict[str, object], meant: Effect) -> None:
    """What a model says changes becomes an effect, and nothing else does."""
    assert ruled(ruling(effect)) == (Ruling(ok=True, text="She has it.", effects=(meant,)), ())


@pytest.mark.parametrize(
    "effect",
    [
        {"effect": "passed", "subject": "note", "to": "ada"},
        {"effect": "passed", "subject": "box", "to": "cy"},
        {"effect": "passed", "subject": "gate", "to": "ada"},
        {"effect": "moved", "subject": "ada", "to": "pit"},
        {"effect": "moved", "subject": "cy", "to": "hall"},
        {"effect": "became", "subject": "ben", "attribute": "alive", "value": False},
        {"effect": "became", "subject": "ben", "attribute": "rich", "value": True},
        {"effect": "became", "subject": "box", "attribute": "open", "value": "ajar"},
        {"effect": "destroyed", "subject": "gate"},
        {"effect": "injured", "subject": "cy", "attribute": "arm", "value": "broken"},
    ],
    ids=str,
)
def test_a_ruling_reaches_no_further_than_the_room(effect: dict[str, object]) -> None:
    """What is elsewhere, not there yet, fixed, or of life and death is refused, and improv rules in its place."""
    calls = Memo()
    given, faults = ruled(ruling(effect), calls)
    assert len(calls.made) == 3
    assert "3 replies could not be used" in faults[0]
    assert given == asyncio.run(ImprovNarrator().rule(trying(), "ada", DEED))


def test_any_ruling_is_legal() -> None:
    """Five hundred rulings of nonsense: what is not refused can be done."""
    draw, log = Random(3), trying()
    ids = ("ada", "ben", "cy", "box", "ring", "gate", "key", "lid", "hall", "yard", "pit", "well", "", "x")
    for _ in range(500):
        effects: list[dict[str, object]] = [
            {
                "effect": draw.choice(("moved", "passed", "became", "destroyed", "injured", "blessed")),
                "subject": draw.choice(ids), "to": draw.choice(ids), "value": draw.choice((True, 3, "red", None)),
                "attribute": draw.choice(("open", "level", "alive", "holder", "arm", "")),
            }
            for _ in range(draw.randrange(4))
        ]  # fmt: skip
        given, _ = ruled(ruling(*effects))
        assert checked(log.state, given) == given


def asked_for(calls: Memo, what: str) -> list[str]:
    """Addresses of what the narrator was asked of this kind."""
    return [call.at for call in calls.made if call.at.startswith(f"narrator:{what}") and call.attempt == 0]


def directed(reply: Callable[[str], str], calls: Memo) -> Trajectory:
    """Nine turns in the order a narrating model gives."""

    def script(messages: Any) -> str:
        prompt = str(messages[1].text)
        return reply(prompt) if "Put them in the order" in prompt else lively(messages)

    return play(curtain(turns=9, order="director"), model_stage(scripted(script), calls))


def test_a_director_is_asked_once_a_round() -> None:
    """The model gives the order of a round at its beginning, with a reason; it is kept to."""
    calls = Memo()
    log = directed(lambda _: json.dumps({"order": ["Cy", "moon", "ada"], "reason": "He hums."}), calls)
    cued = [event.body for event in log if isinstance(event.body, Cued)]
    assert [body.who[0] for body in cued] == ["cy", "ada", "ben"] * 3
    assert [body.reason for body in cued][:3] == [
        "He hums.",
        "is next in the narrator's order",
        "is the last to act",
    ]
    assert len(asked_for(calls, "cue")) == 3


def test_a_director_who_talks_nonsense_is_replaced() -> None:
    """Where the order cannot be read, improv directs."""
    calls = Memo()
    log = directed(lambda _: "I would rather not.", calls)
    assert log.state.turn == 9
    assert {event.by for event in log if event.body.kind == "acted"} == {"ada", "ben", "cy"}


@pytest.mark.parametrize("order", ["list", "director", "together"])
def test_a_narrator_is_asked_twice_a_round_at_most(order: Any) -> None:
    """However many deeds of their own characters try, the model rules on so many that a round costs two calls."""
    calls = Memo()

    def script(messages: Any) -> str:
        busy = "It is your turn" in str(messages[1].text)
        return turn(act="try", deed="counts the nails") if busy else lively(messages)

    log = play(curtain(turns=9, order=order), model_stage(scripted(script), calls))
    rounds = log.state.round
    asked = len(asked_for(calls, "frame")) + len(asked_for(calls, "rule")) + len(asked_for(calls, "cue"))
    assert asked <= 2 * rounds
    assert len(asked_for(calls, "rule")) >= rounds - 1
    assert asked_in_round(log) <= 9


def test_what_is_private_is_not_told_on() -> None:
    """What only some perceived is not in the prompt from which a scene is told to all."""
    log = trying()
    whisper = Say(text="Meet me at the well.", to=("ada",), manner="whisper")
    log = extend(log, [Draft(Resolved(ok=True), by="ada"), Draft(TurnEnded()), Draft(Cued(who=("ben",)))])
    log = extend(log, [Draft(Acted(action=whisper, thought="She will come."), by="ben")])
    prompt = frame_prompt(log, log.state.world.scenes[1])
    assert "Meet me" not in prompt
    assert "Meet me" in rule_prompt(log, "ada", DEED)
    assert "She will come" not in rule_prompt(log, "ada", DEED)
    assert "Ada took the ring" not in prompt


def test_a_narrator_that_fails_is_stood_in_for() -> None:
    """Scenes and endings are told by improv where the model cannot, and each time is noted once."""
    narrator, log = ModelNarrator(scripted(lambda _: "")), curtain()
    scene = log.state.world.scenes[0]
    assert asyncio.run(narrator.frame(log, scene)) == asyncio.run(ImprovNarrator().frame(log, scene))
    assert asyncio.run(narrator.close(log)) == asyncio.run(ImprovNarrator().close(log))
    assert len(narrator.faults()) == 2
    assert narrator.faults() == ()


def test_an_ending_is_the_worlds_and_told_by_the_model() -> None:
    """Which ending it is, the rules say; how it is told, the model."""
    narrator = ModelNarrator(scripted(lambda _: json.dumps({"text": "Night\x1b falls."})))
    close = asyncio.run(narrator.close(curtain()))
    assert (close.ending, close.text) == ("open", "Night falls.")


def test_minds_and_narrator_may_be_of_different_models() -> None:
    """Each role has its own model; what each was asked is its own."""
    minds, story = Memo(), Memo()
    cast = {player.id: ModelMind(scripted(lively), minds) for player in PLAYERS}
    play(curtain(turns=6), Stage(cast, ModelNarrator(scripted(lively), story)))
    assert not [call for call in minds.made if call.at.startswith("narrator")]
    assert story.made
    assert all(call.at.startswith("narrator") for call in story.made)
