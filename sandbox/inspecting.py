"""Worlds as a task of Inspect: `inspect eval sandbox/scenarios --model openai/gpt-4o -T worlds=tavern,opera`.

A sample is a world with a seed. Its characters are played by the model that Inspect evaluates, through Inspect's own
model API, so that its limits, caches, retries and providers hold; `--model-role mira=…` gives one character another
model. Scores are those of our judges, one scorer each, 1 being good.

Where Inspect does not find the task by name, name the file: `inspect eval …/sandbox/inspecting.py`.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import fmean
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import transcript
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import span

from characters.calls import Memo
from characters.files import load_cast
from characters.model_mind import ModelMind
from characters.models import Model
from characters.models.scripted import ScriptedChat
from judges import JUDGES
from judges.panel import Panel, named
from sandbox.exports.inspect_log import store_of, told
from sandbox.exports.narrated import narrated
from sandbox.exports.scoring import of_run
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from worlds.errors import UsageError
from worlds.events import Cued, Event, Started
from worlds.files import find_world, load_world
from worlds.spec import Settings
from worlds.store import read_line, write_line
from worlds.trajectory import Trajectory, start

__all__ = ["play", "scenarios"]

_NAME = "scenarios" if "site-packages" in Path(__file__).parts else "sandbox/scenarios"
"""Inspect puts the package's name before those of tasks in site-packages, and there alone."""

LOG = "events"
"""Where in a sample's store the log is, a line an event: all that is needed to judge it again."""


@task(name=_NAME)
def scenarios(
    worlds: str | list[str] = "tavern", cast: str | list[str] = "", turns: int = 30, seeds: int = 1
) -> Task:
    """Play worlds, by name or path, with a model as their characters, and judge it.

    `cast` names characters, the world's own if empty; each world is played once for each of `seeds` seeds.
    """
    samples = [_sample(world, _words(cast), turns, seed) for world in _words(worlds) for seed in range(seeds)]
    return Task(dataset=MemoryDataset(samples, name="scenarios"), solver=play(), scorer=_scorers())


@solver
def play() -> Solver:
    """Play the scenario of a sample to its end."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate
        log = start(Started.model_validate(state.metadata["started"]))
        minds = {who: ModelMind(_model(who), Memo()) for who in log.state.cast}
        stage = Stage(minds, ImprovNarrator())
        async with AsyncExitStack() as turn:
            async for event in stage.play(log):
                await _note(event, turn)
        log = stage.log
        state.messages = [_message(each.by, each.text) for each in narrated(log)]
        state.output = ModelOutput.from_content(str(get_model()), str(state.messages[-1].text))
        state.store.set(LOG, [write_line(event) for event in log])
        state.store.set("state", store_of(log.state))
        state.completed = True
        return state

    return solve


def _sample(world: str, cast: tuple[str, ...], turns: int, seed: int) -> Sample:
    stage = load_world(world)
    people = load_cast(stage, cast, find_world(world).parent)
    started = Started(world=stage, cast=people, settings=Settings(seed=seed, turns=turns, narrator="improv"))
    return Sample(
        id=f"{stage.id}-{seed}",
        input=stage.premise.strip(),
        metadata={"world": stage.id, "seed": seed, "started": started.model_dump(mode="json")},
    )


def _words(given: str | list[str]) -> tuple[str, ...]:
    """Give what was named: Inspect reads `a,b` as a list."""
    return tuple(
        word.strip() for word in (given.split(",") if isinstance(given, str) else given) if word.strip()
    )


def _model(who: str) -> Model:
    """Give a character's model: what Inspect calls by its role, or what it evaluates."""
    chosen = get_model(role=who)
    return Model(spec=f"inspect:{chosen}", chat=ScriptedChat(script=_asks(who)))


def _asks(who: str) -> Callable[[Sequence[Any]], Awaitable[str]]:
    async def script(messages: Sequence[Any]) -> str:
        sent = [_CHAT[message.type](content=str(message.text)) for message in messages]
        return (await get_model(role=who).generate(sent)).completion

    return script


_CHAT: dict[str, Callable[..., ChatMessage]] = {
    "system": ChatMessageSystem,
    "human": ChatMessageUser,
    "ai": ChatMessageAssistant,
}


async def _note(event: Event, turn: AsyncExitStack) -> None:
    """Put an event into Inspect's transcript; a turn, and the calls to models in it, are a span."""
    if isinstance(event.body, Cued):
        await turn.aclose()
        await turn.enter_async_context(span(f"turn {event.turn}: {', '.join(event.body.who)}", type="turn"))
    transcript().info(event.model_dump(mode="json", exclude_defaults=True), source=event.body.kind)


def _message(who: str, text: str) -> ChatMessage:
    return (
        ChatMessageAssistant(content=text, metadata={"character": who})
        if who
        else ChatMessageUser(content=text)
    )


def _scorers() -> list[Scorer]:
    return [_scorer(judge) for judge in JUDGES]


def _scorer(judge: str) -> Scorer:
    """Give a judge as a scorer: the mean over the characters it judged, with what it says of each."""

    @scorer(metrics=[mean(), stderr()], name=judge)
    def judged() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            del target
            lines = state.store.get(LOG)
            if not lines:
                raise UsageError(
                    "nothing was played; the scorers go with the solver `sandbox.inspecting.play`"
                )
            log = Trajectory(
                read_line(line, n, str(state.sample_id)) for n, line in enumerate(lines, start=1)
            )
            verdicts = Panel(named((judge,))).judge(log)
            found = {who: of_run(verdicts, who) for who in log.state.cast}
            values = {who: one.value for who, one in found.items() if one is not None}
            if not values:
                return Score.unscored(reason="not_judged", explanation=told(verdicts))
            return Score(
                value=fmean(values.values()), explanation=told(verdicts), metadata={"characters": values}
            )

        return score

    return judged()
