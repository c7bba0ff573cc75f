"""Models that judge, scripted: one that answers well, and ways of answering badly."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from langchain_core.messages import BaseMessage

from characters.models import Model
from characters.models.scripted import ScriptedChat
from judges.bench import AskingJudge, Bench
from judges.rubric import RubricJudge
from judges.rubric_replies import DIMENSIONS
from judges.verdict import Log, Verdict
from tests.house import begin, person, play, says
from worlds.actions import Say
from worlds.trajectory import Trajectory

__all__ = ["Script", "bench", "careful", "judged", "own", "run", "seated", "shown", "talk"]

R = TypeVar("R")
Script = Callable[[Sequence[BaseMessage]], str]


def bench(script: Script, samples: int = 1) -> Bench:
    """A bench with a model that answers with a function of the messages."""
    return Bench(Model("scripted:critic", ScriptedChat(script=script), tries=1, wait=0.0), samples=samples)


def seated(judge: AskingJudge, log: Log, on: Bench) -> tuple[Verdict, ...]:
    """What a judge says."""
    return tuple(run(judge.judge(log, on)))


def run(waiting: Awaitable[R]) -> R:
    """Wait for one thing."""

    async def wait() -> R:
        return await waiting

    return asyncio.run(wait())


def shown(messages: Sequence[BaseMessage]) -> str:
    """What was asked: the user's first message, whatever was asked again after it."""
    return str(messages[1].text)


def own(text: str) -> list[int]:
    """The numbers of the character's own lines in a prompt."""
    return [int(number) for number in re.findall(r"► \[(\d+)\]", text)]


def careful(messages: Sequence[BaseMessage], *, mark: object = 4, sure: object = 80) -> str:
    """A critic that reads the question and fills in its form."""
    text = shown(messages)
    lines = own(text)
    if "# The seven marks" in text:
        one = {"lines": lines[:2], "why": "as it says there", "mark": mark, "sure": sure}
        return json.dumps(dict.fromkeys(DIMENSIONS, one))
    if "# What a first reader" in text or "before anything is scored" in text.lower():
        return json.dumps({"faults": [{"line": lines[0], "what": "a little flat"}], "well": "The rest."})
    if "Hold the reply" in text:
        return json.dumps({"asked_for": [1], "borne_out": [1], "broken": [], "sure": sure})
    if "Find each that cannot be true" in text:
        return json.dumps({"contradictions": [], "sure": sure})
    if "# The line" in text:
        return json.dumps({"why": "the manner", "who": "a", "sure": sure})
    return json.dumps(
        {"first_lines": lines[:1], "second_lines": lines[-1:], "why": "w", "better": "first", "sure": sure}
    )


def talk(turns: int = 8) -> Trajectory:
    """Two people who talk, and say where they are in their lines."""
    lines = {who: says(*(Say(text=f"Line {n} of {who}.") for n in range(turns))) for who in ("ada", "ben")}
    return play(begin(person("ada"), person("ben"), turns=turns), **lines)


def judged(script: Script, samples: int = 1) -> tuple[Verdict, ...]:
    """What the rubric says of the talk, by a scripted critic."""
    return seated(RubricJudge(), talk(), bench(script, samples))
