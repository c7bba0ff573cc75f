"""A mind that is a language model: one call a turn carries thought, feeling, deed, words and what changes.

It keeps nothing between calls. What the model said in a turn is in the run's calls, and `reflect` finds it there by its
address; so a turn that was cut in two by a crash goes on as if nothing had been.
"""

import hashlib
from functools import partial

from characters.asking import Failure, Question, ask, recalled
from characters.calls import Calls, Memo
from characters.improv import ImprovMind
from characters.minds import Decision, Reflection
from characters.models import Model
from characters.replies import UnfitError, tidy
from characters.turn_changes import reflection_of
from characters.turn_prompt import answer_prompt, turn_prompt
from characters.turn_reply import AnswerReply, TurnReply, decision_of
from worlds.view import View

__all__ = ["ModelMind"]

_QUESTION, _ANSWER = 1_000, 2_000
"""Longest question and answer of an interview, in characters."""


class ModelMind:
    """A character played by a language model; where it fails, improv stands in for the turn.

    `ModelError` and `BudgetError` pass through: nobody can stand in for a provider that is gone for a whole run.
    """

    def __init__(self, model: Model, calls: Calls | None = None) -> None:
        """Ask `model`, and keep what it says in `calls`; in memory if none are given."""
        self.model = model
        self.calls = calls or Memo()
        self.waits = self.calls.waits
        self.stand_in = ImprovMind()

    async def decide(self, view: View) -> Decision:
        """Choose one action."""
        prompts = self.model.prompts
        system, user = turn_prompt(view, prompts)
        question = Question(_address(view), system, user, TurnReply, partial(decision_of, view), prompts)
        decision = await ask(self.model, question, self.calls)
        if isinstance(decision, Failure):
            return (await self.stand_in.decide(view))._replace(error=decision.error)
        return decision

    async def reflect(self, view: View) -> Reflection:
        """Draw the conclusions that were named with the decision, without another call."""
        if self.calls.latest(_address(view)) is None:
            return Reflection()
        reply = recalled(self.calls, _address(view), TurnReply)
        return reflection_of(view, reply) if reply else await self.stand_in.reflect(view)

    async def answer(self, view: View, question: str) -> str:
        """Answer an interview question."""
        asked = tidy(question, _QUESTION)
        prompts = self.model.prompts
        system, user = answer_prompt(view, asked, prompts)
        digest = hashlib.sha256(asked.encode()).hexdigest()[:12]
        at = f"{_address(view)}:answer:{view.seq}:{digest}"
        put = Question(at, system, user, AnswerReply, _answer, prompts)
        answer = await ask(self.model, put, self.calls)
        return await self.stand_in.answer(view, asked) if isinstance(answer, Failure) else answer


def _address(view: View) -> str:
    return f"{view.who}:{view.own_turn}"


def _answer(reply: AnswerReply) -> str:
    text = tidy(reply.answer, _ANSWER)
    if not text:
        raise UnfitError("`answer` is empty")
    return text
