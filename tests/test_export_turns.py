"""Turns as a model has them that plays here."""

import json
from pathlib import Path

from characters.calls import Memo
from characters.model_mind import ModelMind
from characters.models import Model
from characters.models.scripted import ScriptedChat
from characters.replies import read
from characters.turn_reply import TurnReply, decision_of
from sandbox.exports import Played
from tests.exporting import improvised, lines, written
from worlds.actions import Action, Say
from worlds.events import Acted
from worlds.look import look
from worlds.trajectory import Trajectory


def _meant(action: Action) -> Action:
    """Give an action without what a form may leave out: how its topic and claims are put."""
    return action.model_copy(update={"topic": "", "claims": ()}) if isinstance(action, Say) else action


def _cue(log: Trajectory, seq: int) -> int:
    return max(event.seq for event in log.upto(seq) if event.body.kind == "cued")


def test_read_as_replies_they_make_the_same_run(tmp_path: Path) -> None:
    """Every act of a run is told in the form a model fills in, and read back it is the act that was done."""
    for world in ("tavern", "opera"):
        log = improvised(world)
        rows = lines(written([Played(world, log)], "turns", tmp_path / world)[0])
        acts = {event.seq: event.body.action for event in log if isinstance(event.body, Acted)}
        for row in rows:
            view = look(log.upto(_cue(log, row["seq"]) + 1), row["character"])
            reply = read(row["messages"][2]["content"], TurnReply)
            assert _meant(decision_of(view, reply).action) == _meant(acts[row["seq"]])
            assert all(change.because <= _cue(log, row["seq"]) for change in reply.changes)
        assert {row["seq"] for row in rows} == set(acts)


def test_the_prompt_is_the_one_a_model_is_sent(tmp_path: Path) -> None:
    """System and user message are to the letter what a model mind sends on the same view."""
    import asyncio

    log = improvised()
    row = next(r for r in lines(written([Played("t", log)], "turns", tmp_path / "t", who=("mira",))[0]))
    sent: list[list[str]] = []

    def script(messages: object) -> str:
        sent.append([str(message.text) for message in messages])  # type: ignore[attr-defined]
        return json.dumps({"act": "wait"})

    mind = ModelMind(Model(spec="scripted:x", chat=ScriptedChat(script=script)), Memo())
    asyncio.run(mind.decide(look(log.upto(_cue(log, row["seq"]) + 1), "mira")))

    assert sent == [[message["content"] for message in row["messages"][:2]]]
