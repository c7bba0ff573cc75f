"""The stage as a PettingZoo environment."""

import warnings
from typing import Any

import pytest

pytest.importorskip("pettingzoo")

import numpy as np

from sandbox.environment import SandboxEnv, Terms, env
from sandbox.environment_spaces import offer
from tests.stagecraft import SECRET
from worlds.actions import Action, Say
from worlds.errors import UsageError
from worlds.events import Acted
from worlds.look import look
from worlds.spec import Order, Settings
from worlds.store import write_line

CAST = ("mira", "bram", "odo")
FREE = lambda log, who: 0.0  # noqa: E731 - judges take time, and most of these tests need none


def _made(turns: int = 9, order: Order | None = None, **wishes: Any) -> SandboxEnv:
    return env("tavern", CAST, settings=Settings(turns=turns, order=order), **{"reward": FREE, **wishes})


def _play(made: SandboxEnv, seed: int, choose: Any) -> dict[str, float]:
    """Play an episode; give what each agent was paid."""
    made.reset(seed=seed)
    paid: dict[str, float] = {}
    for agent in made.agent_iter():
        seen, reward, terminated, truncated, info = made.last()
        paid[agent] = paid.get(agent, 0.0) + reward
        made.step(None if terminated or truncated else choose(agent, seen, info))
    return paid


@pytest.mark.slow
def test_pettingzoos_own_api_test_passes() -> None:
    """`api_test` finds nothing wrong; what it warns of is that observations are dictionaries and agents have names."""
    from pettingzoo.test import api_test

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        api_test(_made(), num_cycles=40)
    assert {str(warning.message).partition(" ")[0] for warning in told} <= {"Observation", "We"}


@pytest.mark.slow
@pytest.mark.parametrize("order", [None, "together"])
def test_pettingzoos_own_seed_test_passes(order: Order | None) -> None:
    """Two environments with one seed and the same actions show and pay the same."""
    from pettingzoo.test import seed_test

    seed_test(lambda: _made(order=order), num_cycles=12)


def test_an_observation_is_a_view_and_nothing_else() -> None:
    """Numbers, words and mask are those of `look` for that agent; what was said out of earshot is not in them."""
    made = _made()
    made.reset(seed=3)
    for agent in made.agents:
        seen = made.observe(agent)
        view = look(made.log, agent)
        assert made.observation_space(agent).contains(seen)
        assert np.array_equal(seen["observation"], made.table.numbers(view))
        assert view.place_name in seen["text"]
        mine = agent == made.agent_selection
        assert seen["action_mask"].sum() == (len(offer(view, 64).actions) if mine else 0)
    assert made.infos[made.agent_selection]["choices"][0] == "improvise"


def test_a_choice_is_the_action_it_names() -> None:
    """Whatever number is chosen, the agent's next act in the log is what that number offered."""
    made = _made()
    done: list[tuple[str, Action | None, str]] = []

    def choose(agent: str, seen: Any, info: Any) -> int:
        number = 1 + len(done) % (int(seen["action_mask"].sum()) - 1)
        done.append((agent, offer(look(made.log, agent), 64).actions[number], info["choices"][number]))
        return number

    _play(made, 5, choose)
    acted = [(event.by, event.body.action) for event in made.log if isinstance(event.body, Acted)]

    assert acted == [(agent, action) for agent, action, _ in done]
    assert all(label for _, _, label in done)


def test_words_are_said() -> None:
    """With words among the actions, they come before the choice; without any, the choice counts."""
    made = _made(terms=Terms(words=True))
    made.reset(seed=1)
    first = made.agent_selection
    words = "Who goes there? Åsa, 你好"
    assert made.action_space(first).contains({"choice": 1, "words": words})
    made.step({"choice": 1, "words": words})
    second = made.agent_selection
    made.step({"choice": 1, "words": ""})
    acts = [event for event in made.log if isinstance(event.body, Acted)]

    assert acts[0].by == first
    assert acts[0].body.action == Say(text=words)  # type: ignore[union-attr]
    assert acts[1].by == second
    assert not isinstance(acts[1].body.action, Say)  # type: ignore[union-attr]


def test_improvising_throughout_is_the_run_improv_plays() -> None:
    """Choice 0 at every turn makes the log that the built-in minds make, to the byte."""
    from tests.exporting import improvised

    made = _made(turns=12)
    _play(made, 1, lambda *_: 0)
    log = improvised("tavern", 1, 12)

    assert [write_line(event) for event in log][1:] == [write_line(event) for event in made.log][1:]


def test_only_some_of_a_cast_are_agents() -> None:
    """The others are played as the settings say, and what nobody chose is not asked for."""
    made = _made(agents=("bram",))
    asked: list[str] = []

    def choose(agent: str, *_: Any) -> int:
        asked.append(agent)
        return 0

    _play(made, 2, choose)
    acted = [event.by for event in made.log if isinstance(event.body, Acted)]

    assert made.possible_agents == ["bram"]
    assert set(asked) == {"bram"}
    assert len(asked) == acted.count("bram")
    assert {"mira", "odo"} <= set(acted)


def test_acting_together_each_decides_before_anything_comes_of_it() -> None:
    """Under the order `together` the agents are asked one after another on the same moment."""
    made = _made(order="together")
    made.reset(seed=4)
    before, asked = len(made.log), []
    while len(made.log) == before:
        asked.append(made.agent_selection)
        made.step(0)
    assert sorted(asked) == sorted(CAST)


def test_what_is_paid_is_goals_and_at_the_end_the_reward() -> None:
    """An agent's rewards add up to the share of its goals it reached, and what the reward function gives at the end."""
    made = _made(reward=lambda log, who: 10.0 if log.state.phase == "over" and who in CAST else -1.0)
    paid = _play(made, 6, lambda *_: 0)

    assert set(paid) == set(CAST)
    assert all(10.0 <= value <= 11.0 for value in paid.values())
    assert not made.agents


@pytest.mark.slow
def test_judges_pay_by_default() -> None:
    """Unless told otherwise, the reward at the end is what the judges that need no model say, 0..1."""
    paid = _play(env("tavern", CAST, settings=Settings(turns=6)), 1, lambda *_: 0)
    assert all(0.0 < value <= 2.0 for value in paid.values())


def test_what_cannot_be_done_is_refused() -> None:
    """A choice that is not offered, and an agent who is not in the cast."""
    made = _made()
    made.reset(seed=1)
    with pytest.raises(ValueError, match="is not offered; choose from 0 to"):
        made.step(63)
    with pytest.raises(UsageError, match="'nobody' is not in the cast"):
        _made(agents=("nobody",))


async def _inside() -> int:
    made = _made(turns=3)
    _play(made, 1, lambda *_: 0)
    return len(made.log)


def test_it_runs_where_an_event_loop_runs_already() -> None:
    """In a notebook, say."""
    import asyncio

    assert asyncio.run(_inside()) > 5


def test_the_story_can_be_printed_and_an_agent_briefed() -> None:
    """`render` tells the story; `brief` says who an agent is, and no secret it does not have."""
    made = _made(terms=Terms(render_mode="ansi"))
    made.reset(seed=1)
    made.step(0)
    story = made.render()
    made.close()

    assert story is not None
    assert made.world.title in story
    for secret in made.log.state.plan.secrets:
        for who in CAST:
            assert (secret.text in made.brief(who)) == (who in made.log.upto(1).state.knows[secret.id])
    assert SECRET.text not in made.brief("mira")
