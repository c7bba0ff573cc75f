"""A narrator that is a language model: it frames scenes, rules on free deeds, directs and closes.

It is asked at most twice a round, whatever happens in it; improv does the rest. Like a mind it keeps nothing: what it
said is in the calls.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from characters.asking import Failure, Question, ask, recalled
from characters.calls import Calls, Memo
from characters.models import Model
from characters.shapes import Reply
from sandbox.narrator import Close, Cue, ImprovNarrator
from sandbox.narrator_prompt import close_prompt, cue_prompt, frame_prompt, rule_prompt, system_prompt
from sandbox.narrator_reply import CueReply, RuleReply, TextReply, cued, ruled, told
from sandbox.orders import order_of
from worlds.actions import Do
from worlds.deeds import Ruling
from worlds.events import Acted, Cued, Resolved, SceneSet
from worlds.spec import Scene
from worlds.trajectory import Trajectory

__all__ = ["ModelNarrator"]

T = TypeVar("T", bound=Reply)
R = TypeVar("R")

MOST = 2
"""Calls in a round. Beyond them improv rules on deeds."""


class ModelNarrator:
    """The story told by a language model; where it fails, improv stands in."""

    def __init__(self, model: Model, calls: Calls | None = None) -> None:
        """Ask `model`, and keep what it says in `calls`; in memory if none are given."""
        self.model = model
        self.calls = calls or Memo()
        self.stand_in = ImprovNarrator()
        self._faults: list[str] = []

    def faults(self) -> tuple[str, ...]:
        """Give why improv stood in since this was last asked; each is to be noted as a `faulted` event."""
        faults = tuple(self._faults)
        self._faults.clear()
        return faults

    async def frame(self, log: Trajectory, scene: Scene) -> str:
        """Open a scene."""
        at = f"narrator:frame:{scene.id}:{log.state.turn}"
        said = await self._ask(
            self._put(log, at, frame_prompt(log, scene, self.model.prompts), TextReply, told)
        )
        return await self.stand_in.frame(log, scene) if said is None else said

    async def remark(self, log: Trajectory, place: str) -> str:
        """Give one of the author's sentences about a place; a call for it would be dear."""
        return await self.stand_in.remark(log, place)

    async def rule(self, log: Trajectory, who: str, deed: Do) -> Ruling:
        """Rule on a deed in free words."""
        state = log.state
        if asked_in_round(log) >= MOST:
            return await self.stand_in.rule(log, who, deed)
        at = f"narrator:rule:{who}:{state.own[who]}"
        prompt = rule_prompt(log, who, deed, self.model.prompts)
        ruling = await self._ask(self._put(log, at, prompt, RuleReply, partial(ruled, state, who)))
        return await self.stand_in.rule(log, who, deed) if ruling is None else ruling

    async def cue(self, log: Trajectory) -> Cue:
        """Pick who acts next. The model gives the order of a whole round at its beginning."""
        state = log.state
        if len(state.waiting) == 1:
            return Cue(state.waiting, "is the last to act")
        at = f"narrator:cue:{state.scene_now.id}:{state.round}"
        if self.calls.latest(at) is None or not state.had:
            prompt = cue_prompt(log, self.model.prompts)
            first = await self._ask(self._put(log, at, prompt, CueReply, partial(_first, log)))
            return await self.stand_in.cue(log) if first is None else first
        order = recalled(self.calls, at, CueReply)
        waiting = [who for who in order.order if who in state.waiting] if order else []
        return (
            Cue((waiting[0],), "is next in the narrator's order") if waiting else await self.stand_in.cue(log)
        )

    async def close(self, log: Trajectory) -> Close:
        """Take the world's ending that holds, and tell it."""
        found = await self.stand_in.close(log)
        prompt = close_prompt(log, found.text, self.model.prompts)
        said = await self._ask(self._put(log, "narrator:close", prompt, TextReply, told))
        return found if said is None else found._replace(text=said)

    def _put(
        self, log: Trajectory, at: str, user: str, shape: type[T], accept: Callable[[T], R]
    ) -> Question[T, R]:
        prompts = self.model.prompts
        return Question(at, system_prompt(log.state, prompts), user, shape, accept, prompts)

    async def _ask(self, question: Question[T, R]) -> R | None:
        """Ask; None for what was not answered, which is noted."""
        answer = await ask(self.model, question, self.calls)
        if isinstance(answer, Failure):
            self._faults.append(answer.error)
            return None
        return answer


def asked_in_round(log: Trajectory) -> int:
    """Count what the narrator was asked in this round, by what the log shows of it."""
    state = log.state
    free: set[str] = set()
    asked = int(order_of(state) == "director")
    for event in log.since(_before_round(log)):
        body = event.body
        if isinstance(body, SceneSet):
            asked += 1
        elif isinstance(body, Cued):
            free.clear()
        elif isinstance(body, Acted) and isinstance(body.action, Do) and not body.action.deed:
            free.add(event.by)
        elif isinstance(body, Resolved) and event.by in free:
            asked += 1
    return asked


def _before_round(log: Trajectory) -> int:
    """Give the seq of the last event before this round, a scene that opens with it counting as part of it."""
    seq = log.turn_at(log.state.round_began + 1) - 1
    while seq > 0 and log[seq].body.kind not in ("turn_ended", "started"):
        seq -= 1
    return seq


def _first(log: Trajectory, reply: CueReply) -> Cue:
    waiting = cued(log.state, reply)
    return Cue(waiting[:1], " ".join(reply.reason.split())[:120])
