"""The seam between a character and what decides for it.

A **mind** is shown a `View` and answers. It never sees the log or the state, so it cannot cheat. A mind keeps
no memory of its own: what it is asked again with an equal view, it answers equally (a language model behind a
record store included).
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from worlds.actions import Action, Change, Wait
from worlds.events import Link
from worlds.view import View

__all__ = ["Decision", "Mind", "Reflection", "ScriptedMind"]


class Decision(NamedTuple):
    """A mind's answer: the attempt, and what stood behind it."""

    action: Action
    thought: str = ""
    feeling: str = ""
    links: tuple[Link, ...] = ()
    """The percepts it answers and the recollections it used."""
    error: str = ""
    """Why the mind failed, if this is a stand-in's decision; recorded as a `faulted` event."""


class Reflection(NamedTuple):
    """What a character makes of what it perceived. Empty if nothing changed."""

    text: str = ""
    changes: tuple[Change, ...] = ()
    links: tuple[Link, ...] = ()


class Mind(Protocol):
    """What decides for a character."""

    waits: bool
    """Whether deciding waits for something outside the process, so that deciding ahead saves time."""

    async def decide(self, view: View) -> Decision:
        """Choose one action. Called once a turn of the character."""
        ...

    async def reflect(self, view: View) -> Reflection:
        """Draw conclusions from `view.news` after the turn. Called in the same turn as `decide`."""
        ...

    async def answer(self, view: View, question: str) -> str:
        """Answer an interview question, in character, as of the view. Changes nothing."""
        ...


class ScriptedMind:
    """A mind that is a function: for tests, and for scripted extras in a scene."""

    waits = False

    def __init__(self, choose: Callable[[View], Action | Decision] = lambda _: Wait()) -> None:
        """Use `choose` for every decision."""
        self.choose = choose

    async def decide(self, view: View) -> Decision:
        """Answer with what the function returns."""
        chosen = self.choose(view)
        return chosen if isinstance(chosen, Decision) else Decision(chosen)

    async def reflect(self, view: View) -> Reflection:
        """Make nothing of it."""
        del view
        return Reflection()

    async def answer(self, view: View, question: str) -> str:
        """Say who is being asked."""
        return f"{view.name} has no answer to: {question}"
