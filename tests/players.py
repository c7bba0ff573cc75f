"""A cast with cores for the small world, stages that models play on, and replies written by hand."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from characters.calls import Calls
from characters.model_mind import ModelMind
from characters.models import Endpoint, Model
from characters.models.scripted import ScriptedChat
from characters.profile import Card, Core, Goal, Voice
from sandbox.loop import Stage
from sandbox.model_narrator import ModelNarrator
from tests.stagecraft import WORLD
from worlds.actions import Claim, Say
from worlds.events import Acted, Cued, Draft, Resolved, SceneSet, Started
from worlds.spec import Order, Settings, World
from worlds.trajectory import Trajectory, extend, start

__all__ = ["PLAYERS", "at_the_gate", "curtain", "model_stage", "scripted", "turn"]

PLAYERS = tuple(
    Card(
        id=name.lower(),
        name=name,
        core=Core(
            identity=f"{name}, {trade} in the yard",
            summary=f"{name} has lived here for years and says little. {oddity}",
            traits={"honest": 0.8, "brave": 0.2},
            voice=Voice(manner="Short and plain.", samples=(f"I am {name}.", "Let it be.")),
            taboos=("never breaks a promise",),
            goals=(Goal(id="ring", want="have ring", text="have the ring in my hand"),),
        ),
        slots={"mood": "calm", "trust.ben": 0.2} if name != "Ben" else {"mood": "calm"},
    ).character()
    for name, trade, oddity in (
        ("Ada", "smith", "She counts her nails at night."),
        ("Ben", "carter", "He talks to his mule."),
        ("Cy", "cook", "He hums when he is afraid."),
    )
)
"""The people of the small world, with cores."""


def curtain(*, seed: int = 1, turns: int = 30, order: Order = "list", world: World = WORLD) -> Trajectory:
    """Give the first line of a run in the small world with these people."""
    return start(Started(world=world, cast=PLAYERS, settings=Settings(seed=seed, turns=turns, order=order)))


def model_stage(model: Model, calls: Calls | None = None) -> Stage:
    """Give a stage on which one model plays everybody, the narrator too."""
    minds = {character.id: ModelMind(model, calls) for character in PLAYERS}
    return Stage(minds, ModelNarrator(model, calls))


def scripted(script: Callable[[Sequence[Any]], Any], **given: Any) -> Model:
    """Give a model that answers with a function of the messages, without waiting between tries."""
    options: dict[str, Any] = {"wait": 0.0, "patience": 0.01, "endpoint": Endpoint(8)} | given
    return Model(spec="scripted:test", chat=ScriptedChat(script=script), **options)


def turn(**fields: Any) -> str:
    """Give a reply for a turn as a model that does as it is told would write it."""
    form = {
        "thought": "I wait and see.", "feeling": "calm", "act": "wait", "speech": "", "to": [], "manner": "aloud",
        "intent": "", "topic": "", "claims": [], "choice": -1, "deed": "", "used": [], "conclusion": "", "changes": [],
    }  # fmt: skip
    return json.dumps(form | fields)


def at_the_gate() -> Trajectory:
    """Ben tells Ada something; then it is Ada's turn."""
    said = Say(text="Cy has the key.", to=("ada",), claims=(Claim("key", "holder", "cy"),))
    return extend(
        curtain(),
        [
            Draft(SceneSet(scene="one", text="Morning.")),
            Draft(Cued(who=("ben",))),
            Draft(Acted(action=said, thought="She need not know all."), by="ben"),
            Draft(Resolved(ok=True), by="ben"),
        ],
    )
