"""The stage as a PettingZoo environment: characters are agents, views observations, decisions actions.

from sandbox.environment import env

env = env("tavern", cast=("mira", "bram"), turns=40)
env.reset(seed=7)
for agent in env.agent_iter():
    seen, reward, terminated, truncated, info = env.last()
    env.step(None if terminated or truncated else env.action_space(agent).sample(seen["action_mask"]))

An observation is a view: `observation` in numbers, `text` in words, `action_mask` over the choices; `info["choices"]`
names them. An action is the number of a choice; under `Terms(words=True)` it is a choice and words, as in
`{"choice": 0, "words": "@bram Good evening."}`, and words, if there are any, come first. Choice 0 leaves all to the
built-in mind.

A reward is what changed: the weight of each goal reached, and, when the story is over, what judges say of the
character, 0..1. Judges are asked by `reward`, which can be any function of the log.

Whoever is no agent is played as the settings say. What an agent makes of its turn (moods, beliefs, goals reached) is
worked out by the built-in mind, so that agents only decide.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from pettingzoo import AECEnv

from characters.files import load_cast
from characters.improv import ImprovMind
from characters.minds import Decision, Mind
from sandbox.casting import stage_for
from sandbox.environment_minds import Puppet, Waiter, WaitingError, judged, reached
from sandbox.environment_spaces import Offer, Table, action_space, offer, seen_space, table_of, told
from sandbox.exports.pov import brief
from sandbox.story import Teller
from sandbox.tui.acting import read_action
from worlds.errors import UsageError
from worlds.events import Ended, Started
from worlds.files import find_world, load_world
from worlds.look import look
from worlds.spec import Settings, World
from worlds.trajectory import Trajectory, start
from worlds.view import View

__all__ = ["SandboxEnv", "Terms", "env", "judged"]

ActionLike: TypeAlias = int | np.integer[Any] | Mapping[str, Any] | None
Reward: TypeAlias = Callable[[Trajectory, str], float]
"""What a log is worth to a character when it is over."""


class Terms(NamedTuple):
    """What can be seen and done, besides the story."""

    most: int = 64
    """Choices an action has at most."""
    words: bool = False
    """Whether an action can be words too."""
    render_mode: str | None = None


_USUAL = Terms()


class SandboxEnv(AECEnv):  # type: ignore[misc]  # PettingZoo has no types
    """One world and its cast, one episode a run. See the module."""

    metadata = {"name": "sandbox_v0", "render_modes": ["ansi"], "is_parallelizable": False}

    def __init__(
        self,
        world: World | str = "tavern",
        cast: Sequence[str] = (),
        *,
        agents: Sequence[str] = (),
        settings: Settings | None = None,
        reward: Reward = judged,
        terms: Terms = _USUAL,
    ) -> None:
        """Set a world up, by name, path or as it is; `agents` of its cast are played from outside, all if empty.

        `settings` say who else plays and how long. `UsageError` for names there are not.
        """
        super().__init__()
        self.world = load_world(world) if isinstance(world, str) else world
        base = find_world(world).parent if isinstance(world, str) else None
        self.people = load_cast(self.world, tuple(cast), base)
        ids = [person.id for person in self.people]
        if strange := [who for who in agents if who not in ids]:
            raise UsageError(f"{strange[0]!r} is not in the cast; it is {', '.join(ids)}")
        self.settings = settings or Settings(turns=self.world.turns)
        self.reward, self.terms, self.render_mode = reward, terms, terms.render_mode
        self.possible_agents = list(agents) or ids
        self.agents: list[str] = []
        self.table: Table = table_of(self.world, {p.id: p for p in self.people}, self.settings.turns)
        self.observation_spaces = {who: seen_space(self.table, terms.most) for who in self.possible_agents}
        self.action_spaces = {
            who: action_space(terms.most, words=terms.words) for who in self.possible_agents
        }
        self.observation_space = self.observation_spaces.__getitem__
        self.action_space = self.action_spaces.__getitem__
        self._episode = 0
        self._waiter = Waiter()
        self._seen: dict[tuple[str, int], tuple[View, Offer]] = {}

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Begin a new run; without a seed, with the one after the last."""
        del options
        self._episode = self._episode + 1 if seed is None else seed
        settings = self.settings.model_copy(update={"seed": self._episode})
        self.log = start(Started(world=self.world, cast=self.people, settings=settings))
        self.stage = stage_for(self.log)
        self.puppets = {who: Puppet() for who in self.possible_agents}
        minds: dict[str, Mind] = {**self.stage.minds, **self.puppets}
        self.stage.minds = minds
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self._worth = dict.fromkeys(self.agents, 0.0)
        self._seen = {}
        self._play()

    def step(self, action: ActionLike) -> None:
        """Let the agent whose turn it is act, and play on to the next; `ValueError` for what it cannot do."""
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(cast("Any", action))
            return
        self.puppets[agent].next = self._decision(agent, action)
        self._cumulative_rewards[agent] = 0.0
        self._play()
        self._accumulate_rewards()

    def observe(self, agent: str) -> dict[str, Any]:
        """Give what an agent may know now."""
        view, found = self._view(agent)
        mask: NDArray[np.int8] = np.zeros(self.terms.most, dtype=np.int8)
        mask[: len(found.actions)] = 1
        return {"observation": self.table.numbers(view), "text": told(view, found), "action_mask": mask}

    def brief(self, agent: str) -> str:
        """Give who an agent is and what it knows at first, as a language model would be told."""
        return brief(look(self.log.upto(1), agent, choosing=False))

    def render(self) -> str | None:
        """Give the story so far as text, if the mode is `ansi`."""
        if self.render_mode != "ansi":
            return None
        return "\n".join(
            f"{line.who}: {line.text}" if line.who else line.text for line in Teller().tell(self.log)
        )

    def close(self) -> None:
        """Let go of the event loop; an environment that is closed is done with."""
        self._waiter.close()

    def _decision(self, agent: str, action: ActionLike) -> Decision:
        view, found = self._view(agent)
        words, choice = "", action
        if isinstance(action, Mapping):
            words, choice = str(action.get("words", "")).strip(), action["choice"]
        if words and (said := read_action(view, words)):
            return Decision(said)
        number = int(cast("int", choice))
        if not 0 <= number < len(found.actions):
            raise ValueError(f"choice {number} is not offered; choose from 0 to {len(found.actions) - 1}")
        chosen = found.actions[number]
        return Decision(chosen) if chosen else self._waiter.run(ImprovMind().decide(view))

    def _view(self, agent: str) -> tuple[View, Offer]:
        """Give a view with its offer: of whose turn it is everything, of others nothing to choose."""
        key = (agent, len(self.log))
        if key not in self._seen:
            state = self.log.state
            turn = state.phase == "act" and agent in state.cued and agent not in state.acts
            view = look(self.log, agent, choosing=turn)
            self._seen[key] = view, offer(view, self.terms.most) if turn else Offer((), ())
        return self._seen[key]

    def _play(self) -> None:
        """Play on until an agent has to decide, or the story is over."""
        waiting = self._undecided()
        if not waiting:
            self._waiter.run(self._drain())
            waiting = self._undecided()
        over = self.log.state.phase == "over"
        self._pay(over=over)
        self.infos: dict[str, dict[str, Any]] = {who: {} for who in self.agents}
        if waiting:
            self.agent_selection = waiting[0]
            self.infos[waiting[0]] = {"choices": list(self._view(waiting[0])[1].labels)}
        elif over:
            self._end()

    def _undecided(self) -> list[str]:
        """Give the agents who are cued and have not decided."""
        state = self.log.state
        cued = state.cued if state.phase == "act" else ()
        return [
            who
            for who in cued
            if who in self.puppets and who not in state.acts and not self.puppets[who].next
        ]

    async def _drain(self) -> None:
        self._seen = {}
        try:
            async for _ in self.stage.play(self.log):
                pass
        except WaitingError:
            pass
        self.log = self.stage.log

    def _pay(self, *, over: bool) -> None:
        """Give each agent what its goals are worth more than before, and at the end what the run is worth."""
        for who in self.agents:
            worth = reached(self.log, who)
            self.rewards[who] = worth - self._worth[who] + (self.reward(self.log, who) if over else 0.0)
            self._worth[who] = worth

    def _end(self) -> None:
        """Mark the end: terminated if the story came to an end of its own, truncated at the limit of turns."""
        last = self.log[self.log.seq].body
        told_out = isinstance(last, Ended) and last.ending != "open"
        self.terminations = dict.fromkeys(self.agents, told_out)
        self.truncations = dict.fromkeys(self.agents, not told_out)
        self.agent_selection = self.agents[0]


env = SandboxEnv
"""The environment under the name PettingZoo's own modules give theirs."""
