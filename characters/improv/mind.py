"""The mind that is built in: symbolic, deterministic, and needing nothing but the view."""

from random import Random

from characters.improv.answers import answer
from characters.improv.choice import choose
from characters.improv.ideas import Idea, Utterance, said_topic
from characters.improv.me import Me, me_of
from characters.improv.reflecting import reflection, sunk_in
from characters.improv.speech import speak
from characters.improv.thoughts import mood_word, thought
from characters.improv.variety import buttonholed
from characters.minds import Decision, Reflection
from worlds.actions import Action, Say
from worlds.events import Link
from worlds.view import View

__all__ = ["ImprovMind", "decide"]


class ImprovMind:
    """A character with drives, goals, feelings, beliefs and relations, all of them in its slots.

    A pure function of the view: asked again with an equal view it decides, reflects and answers equally.
    """

    waits = False

    async def decide(self, view: View) -> Decision:
        """Choose one action."""
        return decide(view)

    async def reflect(self, view: View) -> Reflection:
        """Draw conclusions from what was perceived since the own last turn."""
        return reflection(view)

    async def answer(self, view: View, question: str) -> str:
        """Answer from what the character knows of the world and of itself."""
        return answer(me_of(view), question)


def decide(view: View) -> Decision:
    """Let the news sink in, then choose the best of what comes to mind."""
    rng = Random(f"{view.draw}:decide")
    me = me_of(view)
    ledger = sunk_in(me)
    me = me.after(ledger.slots, ledger.changes)
    idea = choose(me, rng)
    return Decision(
        action=_act(me, idea, rng),
        thought=thought(me, idea, rng),
        feeling=mood_word(me.core, me.slots),
        links=_links(me, idea),
    )


def _act(me: Me, idea: Idea, rng: Random) -> Action:
    if not isinstance(idea.act, Utterance):
        return idea.act
    moods = {slot: float(value) for slot, value in me.slots.items() if slot.startswith("mood.") and value}
    words = idea.act._replace(mood=moods)
    return Say(
        text=speak(me.view, words, rng),
        # A third word running to the same ear is said to the room, unless it is for that ear alone.
        to=() if words.manner == "aloud" and buttonholed(me, words) else words.to,
        manner=words.manner,
        intent=words.intent,
        topic=said_topic(me, words),
        claims=words.claims,
    )


def _links(me: Me, idea: Idea) -> tuple[Link, ...]:
    """Name what the decision rests on: what it answers, and the memories that bear on it."""
    about = {word for word in (idea.about, *_names(idea)) if word}
    names = [me.name(word).lower() for word in about]
    recalled = [
        Link(memory.seq, "recalls")
        for memory in me.view.recollections
        if any(name and name in memory.text.lower() for name in names)
    ]
    return tuple(dict.fromkeys((*idea.links, *_grounds(me, idea), *recalled[:2])))


def _names(idea: Idea) -> tuple[str, ...]:
    act = idea.act
    if isinstance(act, Utterance):
        return (*act.to, act.topic.partition(".")[0])
    return tuple(str(getattr(act, field, "")) for field in ("target", "thing", "to"))


def _grounds(me: Me, idea: Idea) -> tuple[Link, ...]:
    """Point at the percept a claim one makes was learned from, if it is still in memory."""
    if not isinstance(idea.act, Utterance) or not idea.act.claims:
        return ()
    claim = idea.act.claims[0]
    for percept in reversed((*me.view.past, *me.view.news)):
        said = percept.action.claims if isinstance(percept.action, Say) else percept.claims
        if (claim in said and percept.by != me.view.who) or claim in percept.claims:
            return (Link(percept.seq, "recalls"),)
    return ()
