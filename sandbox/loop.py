"""The loop: a LangGraph graph with one channel, the log, whose reducer is the append.

It routes on the state's phase and on nothing else, from the start too; that is why a run can be taken up again
anywhere. A node waits for somebody, a mind or the narrator, and then goes on with all that follows at once: so a
mind's next question is sent off before the graph, the disk or the reader have their turn. There is no checkpointer:
the log is the checkpoint.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from sandbox.company import Company
from sandbox.orders import order_of, pick, quiet_place
from worlds.actions import Do
from worlds.beats import due
from worlds.events import (
    Acted,
    Body,
    Cued,
    Draft,
    Ended,
    Event,
    Faulted,
    Happened,
    Link,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
    TurnEnded,
)
from worlds.look import look
from worlds.rules import checked, resolve
from worlds.state import State
from worlds.trajectory import Trajectory, extend

__all__ = ["LOOP", "Stage"]


class Table(TypedDict):
    """The graph's state: the log alone."""

    log: Annotated[Trajectory, lambda _old, new: new]


Next = Command[str]
"""What a node gives back: the log it has extended, and the node its phase calls for."""


async def open_scene(state: Table, runtime: Runtime[Company]) -> Next:
    """Let the narrator open the next scene."""
    log = state["log"]
    scene = log.state.world.scenes[log.state.scene + 1]
    text = await runtime.context.narrator.frame(log, scene)
    return await _on(_narrated(log, runtime.context, SceneSet(scene=scene.id, text=text)), runtime.context)


async def cue(state: Table, runtime: Runtime[Company]) -> Next:
    """Fire the beats that are due, then say whose turn it is."""
    return await _on(await _cued(state["log"], runtime.context), runtime.context)


async def act(state: Table, runtime: Runtime[Company]) -> Next:
    """Let the cued characters decide, all at once."""
    return await _on(await _acted(state["log"], runtime.context), runtime.context)


async def settle(state: Table, runtime: Runtime[Company]) -> Next:
    """Rule on the attempts once everybody has made theirs, then let those who had the turn draw conclusions."""
    return await _on(await _settled(state["log"], runtime.context), runtime.context)


async def close(state: Table, runtime: Runtime[Company]) -> Next:
    """Let the narrator end the story."""
    log = state["log"]
    found = await runtime.context.narrator.close(log)
    return await _on(
        _narrated(log, runtime.context, Ended(ending=found.ending, text=found.text)), runtime.context
    )


async def _cued(log: Trajectory, company: Company) -> Trajectory:
    """Give the log up to the next cue, with the minds of those cued set to thinking; or as far as it goes."""
    narrator = company.narrator
    while log.state.phase == "cue" and (beat := due(log.state)):
        log = extend(log, [beat])
    place = quiet_place(log.state)
    if place and (text := await narrator.remark(log, place)):
        log = extend(log, [Draft(Happened(beat=f"mood.{place}", text=text, place=place))])
    order = order_of(log.state)
    if log.state.phase != "cue" or order == "manual":
        return log
    who, reason = await narrator.cue(log) if order == "director" else (pick(log), "")
    log = _narrated(log, company, Cued(who=who, reason=reason))
    await company.prepare(log)
    return log


async def _acted(log: Trajectory, company: Company) -> Trajectory:
    """Give the log with what those cued decide who have a mind."""
    ready = [who for who in log.state.cued if who not in log.state.acts and who in company.minds]
    decisions = await asyncio.gather(*(company.decide(log, who) for who in ready))
    drafts = []
    for who, decision in zip(ready, decisions, strict=True):
        told = any(
            isinstance(event.body, Faulted) and event.by == who for event in log.since(log.state.cued_at)
        )
        if decision.error and not told:
            drafts.append(Draft(Faulted(error=decision.error), by=who))
        body = Acted(action=decision.action, thought=decision.thought, feeling=decision.feeling)
        drafts.append(Draft(body, by=who, links=decision.links))
    return extend(log, drafts)


async def _settled(log: Trajectory, company: Company) -> Trajectory:
    """Give the log up to the end of the turn."""
    if log.state.phase == "resolve":
        for who in log.state.cued:
            log = await _ruled(log, company, who)
    return extend(log, [*await _conclusions(log, company), Draft(TurnEnded())])


async def _ruled(log: Trajectory, company: Company, who: str) -> Trajectory:
    """Give the log with the ruling on one attempt, if it is still open."""
    now = log.state
    if who in now.resolved:
        return log
    seq, action = now.acts[who]
    if isinstance(action, Do) and not action.deed:
        ruling = checked(now, await company.narrator.rule(log, who, action))
    else:
        ruling = resolve(now, who, action, Random(f"{now.settings.seed}:{who}:{now.own[who]}:ruling"))
    body = Resolved(ok=ruling.ok, text=ruling.text, effects=ruling.effects, claims=ruling.claims)
    return _narrated(log, company, body, who, (Link(seq, "because"),))


async def _conclusions(log: Trajectory, company: Company) -> list[Draft]:
    """Give what those who had the turn make of it, asked all at once; those without a mind make nothing."""
    asked = [who for who in log.state.cued if who in company.minds and who not in log.state.reflected]
    views = (look(log, who, choosing=False) for who in asked)
    made = await asyncio.gather(
        *(company.minds[who].reflect(view) for who, view in zip(asked, views, strict=True))
    )
    drafts = []
    for who, reflection in zip(asked, made, strict=True):
        if reflection.text:
            body = Reflected(text=reflection.text, changes=reflection.changes)
            drafts.append(Draft(body, who, reflection.links))
        elif reflection.changes:
            drafts.append(Draft(ProfileChanged(changes=reflection.changes), who, reflection.links))
    return drafts


def _narrated(
    log: Trajectory, company: Company, body: Body, by: str = "", links: tuple[Link, ...] = ()
) -> Trajectory:
    """Append what the narrator had a part in, and before it what went wrong, unless that stands there already."""
    last = log[log.seq].body
    told = isinstance(last, Faulted) and not log[log.seq].by
    faults = [Draft(Faulted(error=error)) for error in company.narrator.faults()]
    return extend(log, [*(() if told else faults), Draft(body, by, links)])


_NODES = {"open": "open_scene", "cue": "cue", "resolve": "settle", "reflect": "settle", "close": "close"}


async def _on(log: Trajectory, company: Company) -> Next:
    """Go on while nobody has to be waited for, then hand the log to the node its phase calls for."""
    while step := _at_once(log.state, company):
        log = await step(log, company)
    return Command(update={"log": log}, goto=_route(log, company))


def _at_once(now: State, company: Company) -> Callable[[Trajectory, Company], Awaitable[Trajectory]] | None:
    """Give what can go on without waiting: a ruling by the rules, a cue by the order, an act already decided."""
    match now.phase:
        case "resolve" | "reflect":
            free = any(isinstance(action, Do) and not action.deed for _, action in now.acts.values())
            return None if free and now.phase == "resolve" else _settled
        case "cue":
            return None if order_of(now) in ("director", "manual") else _cued
        case "act":
            return _acted if company.decided(now.cued) else None
        case _:
            return None


def _route(log: Trajectory, company: Company) -> str:
    """Say what is next, from the phase alone; the end if somebody outside has to act."""
    now = log.state
    if now.phase == "act":
        return "act" if any(who in company.minds and who not in now.acts for who in now.cued) else END
    if now.phase == "cue" and order_of(now) == "manual" and due(now) is None:
        return END
    return _NODES.get(now.phase, END)


def _build() -> "CompiledStateGraph[Table, Company, Table, Table]":
    """Wire the nodes. A node names its successor itself: that is half the price of an edge with a condition."""
    graph = StateGraph(Table, context_schema=Company)
    nodes = (open_scene, cue, act, settle, close)
    ends = (*(node.__name__ for node in nodes), END)
    for node in nodes:
        graph.add_node(node.__name__, node, destinations=ends)
    graph.add_conditional_edges(
        START, lambda state, runtime: _route(state["log"], runtime.context), list(ends)
    )
    return graph.compile()


LOOP = _build()


@dataclass(slots=True)
class Stage(Company):
    """A company at play: where a log is played on, event by event."""

    _log: Trajectory = field(default_factory=Trajectory)
    _given: int = 0

    @property
    def log(self) -> Trajectory:
        """The log as of the latest event given out."""
        return self._log.upto(self._given)

    async def play(self, log: Trajectory) -> AsyncGenerator[Event, None]:
        """Play on from a log, event by event, until it ends or a character without a mind is cued.

        Events are made a turn at a time and given out one by one; write each before asking for the next.
        """
        self._log, self._given = log, len(log)
        steps = LOOP.astream(
            Table(log=log), {"recursion_limit": 2**31 - 1}, context=self, stream_mode="values"
        )
        try:
            async for step in steps:
                self._log = step["log"]
                for event in self._log.since(self._given - 1):
                    self._given += 1
                    yield event
        finally:
            self.dismiss()
