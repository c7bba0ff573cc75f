"""A session: one run that is kept open for somebody outside, who acts in it and asks for turns.

All of it is the run's log. What a session knows can be read from its file again at any time, so it can be put away
when idle, and lives on after the program has been killed.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from characters.calls import Calls
from sandbox.calls import open_calls
from sandbox.casting import models_of, stage_for
from sandbox.loop import Stage
from sandbox.runs import Run, new_run, open_run
from sandbox.server.conversing import ConversingMind
from worlds.actions import Action, Effect, Wait
from worlds.errors import IllegalError
from worlds.events import Acted, Cued, Draft, Event, Intervened
from worlds.trajectory import Trajectory, extend

__all__ = ["Session"]


class Session:
    """One open run. Its methods must be called one at a time: hold `lock`."""

    def __init__(self, path: Path, thinking: asyncio.Semaphore, log: Trajectory | None = None) -> None:
        """Make a new run from a log, or open the one at `path`; `thinking` says how many may think at once."""
        self.thinking = thinking
        self.name = path.name
        self.lock = asyncio.Lock()
        self.used = perf_counter()
        self.listeners: set[asyncio.Queue[Event]] = set()
        self._stack = ExitStack()
        try:
            self.run: Run = self._stack.enter_context(open_run(path) if log is None else new_run(path, log))
            settings = self.run.log.state.settings
            calls: Calls | None = self._stack.enter_context(open_calls(path)) if models_of(settings) else None
            self.stage: Stage = _talkative(stage_for(self.run.log, calls, run=self.name), self.run.log)
        except BaseException:
            self._stack.close()
            raise

    @property
    def log(self) -> Trajectory:
        """The log so far."""
        return self.run.log

    @property
    def over(self) -> bool:
        """Whether the story has ended."""
        return self.log.state.phase == "over"

    def close(self) -> None:
        """Put the run away; all of it is kept."""
        self._stack.close()

    async def settle(self) -> None:
        """Play until somebody outside is needed; a turn that was cut off is finished first."""
        await self._play()
        state = self.log.state
        if state.phase == "act":
            idle = [who for who in state.cued if who not in state.acts and who not in self.stage.minds]
            self._append([Draft(Acted(action=Wait()), who) for who in idle])
            await self._play()

    async def act(self, who: str, action: Action) -> Sequence[Event]:
        """Let somebody outside act for a character; give the events of that turn.

        `IllegalError` if a mind plays that character, or it cannot act now.
        """
        if who in self.stage.minds or who not in self.log.state.cast:
            players = [id_ for id_ in self.log.state.cast if id_ not in self.stage.minds]
            raise IllegalError(f"{who!r} is not yours to play; you play {', '.join(players) or 'nobody'}")
        return await self._turn(who, [Draft(Acted(action=action), who)])

    async def turn(self, who: str) -> Sequence[Event]:
        """Let a character's mind take a turn; give its events; `IllegalError` if it has none, or cannot act now."""
        if who not in self.stage.minds:
            raise IllegalError(
                f"{who!r} has no mind here; ask for a turn of {', '.join(self.stage.minds) or 'nobody'}"
            )
        async with self.thinking:
            return await self._turn(who, [])

    async def put_words(self, who: str, action: Action) -> None:
        """Record what a character did in a conversation held elsewhere, without asking its mind."""
        await self._turn(who, [Draft(Acted(action=action), who)])

    async def happen(self, text: str, place: str, effects: tuple[Effect, ...]) -> Sequence[Event]:
        """Let something happen from outside the story; `IllegalError` says which effect the world does not allow."""
        await self._ready()
        return await self._from([Draft(Intervened(text=text, place=place, effects=effects))])

    async def _turn(self, who: str, drafts: list[Draft]) -> Sequence[Event]:
        await self._ready()
        if not self.log.state.able(who):
            raise IllegalError(f"{who} is not on stage and cannot act")
        return await self._from([Draft(Cued(who=(who,))), *drafts])

    async def _ready(self) -> None:
        if self.over:
            raise IllegalError(f"the story of {self.name} has ended; open another session, or fork this run")
        if self.log.state.phase != "cue":
            await self.settle()
        if self.over:
            raise IllegalError(f"the story of {self.name} has ended; open another session, or fork this run")

    async def _from(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        before = self.log.seq
        self._append(drafts)
        await self._play()
        return self.log.since(before)

    def _append(self, drafts: Sequence[Draft]) -> None:
        if drafts:
            self._tell(self.run.append(extend(self.log, drafts)))

    async def _play(self) -> None:
        async for event in self.run.play(self.stage):
            self._tell((event,))

    def _tell(self, events: Sequence[Event]) -> None:
        self.used = perf_counter()
        for listener in self.listeners:
            for event in events:
                listener.put_nowait(event)


def _talkative(stage: Stage, log: Trajectory) -> Stage:
    """Let the built-in minds keep to the talk where somebody outside is on stage."""
    settings = log.state.settings
    if "person" in settings.minds.values():
        stage.minds = {
            who: ConversingMind() if settings.minds.get(who, "improv") == "improv" else mind
            for who, mind in stage.minds.items()
        }
    return stage
