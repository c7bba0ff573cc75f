"""A built-in mind in conversation with a visitor.

Spoken to, it keeps to the talk: it does not walk off or go through cupboards while somebody waits for an answer.
Where a visitor asks
about the character itself, about people, places and things, it answers out of what the character is, feels and
has seen. Questions on matters of the world, accusations, threats and secrets stay the built-in mind's own affair,
so that what is kept from others is kept from visitors.
"""

from dataclasses import replace
from random import Random

from characters.improv import ImprovMind
from characters.improv.me import Me, me_of
from characters.improv.speech import Utterance, speak
from characters.minds import Decision, Reflection
from sandbox.server.personal import personal, remarked
from worlds.actions import Do, Intent, Say, Wait
from worlds.events import Link
from worlds.view import Percept, View

__all__ = ["ConversingMind"]

_COURTESY: dict[str, Intent] = {"greet": "greet", "take_leave": "take_leave", "thank": "agree"}
"""What is owed to a courtesy, whatever else is on one's mind."""

_IDLE = ("small_talk", "greet", "agree")
"""Speech acts that may hold a remark which wants an answer of its own."""


class ConversingMind:
    """The built-in mind, who stays and talks; a pure function of the view like it."""

    waits = False

    def __init__(self) -> None:
        """Take the built-in mind to think with."""
        self.mind = ImprovMind()

    async def decide(self, view: View) -> Decision:
        """Answer what was asked, or say what the built-in mind would say."""
        line = _latest(view)
        if line is None or not isinstance(line.action, Say):
            held = replace(view, options=(), deeds=()) if _watching(view) else view
            return await self.mind.decide(held)
        decision = await self.mind.decide(replace(view, options=(), deeds=()))
        matter = "." in line.action.topic
        if not matter:
            own = (
                personal if line.action.intent == "ask" else remarked if line.action.intent in _IDLE else None
            )
            text = own(me_of(view), line.action, Random(f"{view.draw}:personal")) if own else ""
            if text:
                said = Say(text=text, to=(line.by,), intent="tell", topic=line.action.topic)
                return decision._replace(action=said, links=(Link(line.seq, "answers"),))
        courtesy = _COURTESY.get(line.action.intent or "")
        if courtesy and Link(line.seq, "answers") not in decision.links:
            said = Say(text=_said(view, courtesy, line.by), to=(line.by,), intent=courtesy)
            return decision._replace(action=said, links=(Link(line.seq, "answers"),))
        if isinstance(decision.action, Wait):
            nod = Say(text=_nod(me_of(view)), to=(line.by,), intent="small_talk")
            return decision._replace(action=nod, links=(Link(line.seq, "answers"),))
        return decision

    async def reflect(self, view: View) -> Reflection:
        """Draw conclusions as the built-in mind does."""
        return await self.mind.reflect(view)

    async def answer(self, view: View, question: str) -> str:
        """Answer an interview question as the built-in mind does."""
        return await self.mind.answer(view, question)


def _latest(view: View) -> Percept | None:
    """Give the last thing somebody else said to this character since its own last turn."""
    for percept in reversed(view.news):
        if isinstance(percept.action, Say) and percept.by != view.who and view.who in percept.action.to:
            return percept
    return None


def _watching(view: View) -> bool:
    """Whether somebody did something in free words here, as people do; one does not walk off on that."""
    acts = (percept.action for percept in view.news if percept.by != view.who)
    return any(isinstance(act, Do) and not act.deed for act in acts)


def _said(view: View, intent: Intent, to: str) -> str:
    return speak(view, Utterance(intent, (to,)), Random(f"{view.draw}:courtesy"))


def _nod(me: Me) -> str:
    """Say the least that can be said, in the character's own words if it has any for that."""
    own = [line for line in me.core.voice.catchphrases if line not in me.view.said]
    return own[0] if own else "Mm."
