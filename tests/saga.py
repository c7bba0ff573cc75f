"""A long run: three people of a bundled village who play on for thousands of turns, with secrets told early.

They are improv characters; in chosen rounds the prompt a model would have been sent in their stead is written down.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

from characters.embedders import Hashing
from characters.files import load_cast
from characters.improv import ImprovMind
from characters.memory import Memory
from characters.minds import Decision, Reflection
from characters.model_mind import ModelMind
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.players import scripted, turn
from worlds.actions import Change, Say, Wait
from worlds.events import Started, TurnEnded
from worlds.files import load_world
from worlds.spec import Entrance, Scene, Settings
from worlds.trajectory import Trajectory, start
from worlds.view import View

__all__ = ["FIRST", "NEEDLES", "PEOPLE", "Needle", "Prompter", "Saga", "after_turn", "told_to"]

PEOPLE = ("hanne", "jory", "perrin")
TURNS = 3_000
FIRST = 5
"""The turn in which the first needle is told; one is told in each turn from then on."""
_ROUND = len(PEOPLE)


class Needle(NamedTuple):
    """A fact that is told once, a question about it, and words without which the question is not answered."""

    fact: str
    question: str
    answer: str


NEEDLES = tuple(
    Needle(*line.split(" | "))
    for line in """
My aunt Ilse is buried at Marl, beneath the yew. | Where does your aunt Ilse lie? | beneath the yew
I put nine crowns under the loose hearthstone. | Where did I hide those crowns? | loose hearthstone
The grey mare is blind in her left eye. | What is wrong with the mare? | blind in her left eye
My true name is Tobias, and nobody here knows it. | What is my true name? | Tobias
I cannot abide parsnips; they killed my brother. | Which food is it I will not eat? | parsnips
The fiddle was strung with gut from a drowned ewe. | What is that fiddle strung with? | drowned ewe
My lantern was stolen by a tinker from Oxcombe. | Who took my lantern, and where was he from? | Oxcombe
When I was seven I fell into the weir and a priest pulled me out. | Who saved me from the weir? | a priest
I mean to marry a widow in Saltby before the spring. | Whom do I mean to marry? | widow in Saltby
The ledger for the flood year is a forgery. | Is there anything amiss with a ledger? | forgery
I dream every night of a burning ferry. | What do I dream about? | burning ferry
A hawker sold me poison, and it stands behind the vinegar. | Where is the poison kept? | behind the vinegar
My knees ache whenever snow is two days off. | How can I tell that there will be snow? | knees ache
There is a door behind the oven that leads to the crypt. | How could one get into the crypt? | behind the oven
I owe the ropemaker for eleven fathoms of hemp. | What do I owe the ropemaker? | eleven fathoms
The bell of the chapel was cast with a flaw and will crack. | What will become of the bell? | will crack
I once swore an oath to the bishop never to gamble. | What did I promise the bishop? | never to gamble
The spade with the notch belonged to a hanged man. | Whose spade was it before? | hanged man
I keep bees in the ruin, and they do not sting me. | What animals do I keep? | keep bees
My mother was a smuggler who drank with the excise. | What was my mother's trade? | smuggler
""".strip().splitlines()
)


def told_to(number: int) -> tuple[str, str]:
    """Say who tells a needle, and who alone hears it."""
    return PEOPLE[(FIRST + number - 1) % _ROUND], PEOPLE[(FIRST + number) % _ROUND]


class Prompter:
    """A model that waits in every turn, and the prompts it was sent."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seen: list[str] = []
        self.mind = ModelMind(scripted(self._reply))

    def _reply(self, messages: Sequence[Any]) -> str:
        self.seen.append("\n\n".join(str(message.text) for message in messages))
        return turn()

    async def prompt(self, view: View) -> str:
        """Give the prompt a model would be sent for this view."""
        await self.mind.decide(view)
        return self.seen[-1]


class Villager(ImprovMind):
    """An improv character that says what it is told to in its first turns, and whose taste changes when it is told.

    In the turns named by `shadowed` it also writes down the prompt a model would have been sent.
    """

    def __init__(
        self, shadowed: frozenset[int], lines: Mapping[int, Say], tastes: Mapping[int, tuple[str, str]]
    ) -> None:
        """Take rounds, from 1 on: those to write down, and to what is said and come to be liked in them."""
        self.shadowed, self.lines, self.tastes = shadowed, lines, tastes
        self.views: dict[int, View] = {}
        self.prompts: dict[int, str] = {}

    async def decide(self, view: View) -> Decision:
        """Say one's line, or improvise."""
        if view.own_turn in self.shadowed:
            self.views[view.own_turn] = view
            self.prompts[view.own_turn] = await Prompter().prompt(view)
        if view.own_turn <= _OPENING:
            return Decision(self.lines.get(view.own_turn, Wait()))
        return await super().decide(view)

    async def reflect(self, view: View) -> Reflection:
        """Come to like something else, or reflect as usual."""
        taste = self.tastes.get(view.own_turn)
        made = await super().reflect(view)
        return made._replace(changes=(*made.changes, Change(*taste, view.seq))) if taste else made


_OPENING = (FIRST + len(NEEDLES) - 2) // _ROUND + 1
"""The last round in which needles are told."""


class Saga:
    """The run, played once."""

    def __init__(self, shadowed: frozenset[int], tastes: Mapping[str, Mapping[int, tuple[str, str]]]) -> None:
        """Play; `shadowed` are rounds from 1 on, `tastes` maps character and round to slot and value."""
        world = load_world("village")
        world = world.model_copy(
            update={
                "endings": (),
                "scenes": (Scene(id="one", premise="Go on."),),
                "cast": {who: Entrance(at="heron", holds=world.cast[who].holds) for who in PEOPLE},
            }
        )
        settings = Settings(seed=7, turns=TURNS + 1, order="list", embedder="hashing")
        self.memory = Memory("saga", Hashing())
        self.people = {
            who: Villager(
                shadowed,
                {(FIRST + n - 1) // _ROUND + 1: say for n, say in _lines() if told_to(n)[0] == who},
                tastes.get(who, {}),
            )
            for who in PEOPLE
        }
        begun = start(Started(world=world, cast=load_cast(world, PEOPLE), settings=settings))
        stage = Stage(self.people, ImprovNarrator(), recall=self.memory.for_view)
        self.log = asyncio.run(after_turn(stage, begun, TURNS))

    def round(self, number: int) -> list[str]:
        """Give the prompts of a shadowed round."""
        return [person.prompts[number] for person in self.people.values()]


def _lines() -> list[tuple[int, Say]]:
    return [
        (n, Say(text=needle.fact, to=(told_to(n)[1],), manner="whisper")) for n, needle in enumerate(NEEDLES)
    ]


async def after_turn(stage: Stage, log: Trajectory, number: int) -> Trajectory:
    """Play on until a turn has ended."""
    async with aclosing(stage.play(log)) as events:
        async for event in events:
            if isinstance(event.body, TurnEnded) and event.turn >= number:
                break
    return stage.log
