"""Three people who cannot reach one another, and minds that take their time."""

import asyncio

from characters.minds import Decision
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.stagecraft import CAST, Anything
from worlds.spec import Entrance, Exit, Place, Scene, Thing, World
from worlds.view import View

__all__ = ["HERMITS", "Slow", "hermits"]

HERMITS = World(
    id="islands",
    title="Three Islands",
    genre="test",
    premise="Nobody comes by.",
    places={
        f"{part}_{who}": Place(name=f"the {part} of {who}", text="Sand.", exits=(Exit(to=f"{other}_{who}"),))
        for who in ("ada", "ben", "cy")
        for part, other in (("hut", "beach"), ("beach", "hut"))
    },
    things={f"shell_{who}": Thing(name="a shell", at=f"beach_{who}") for who in ("ada", "ben", "cy")},
    scenes=(Scene(id="one", premise="Calm."),),
    cast={who: Entrance(at=f"hut_{who}") for who in ("ada", "ben", "cy")},
)


class Slow(Anything):
    """A mind that waits before it decides, and counts how often it was asked."""

    waits = True

    def __init__(self, seconds: float) -> None:
        """Wait so long for each decision."""
        super().__init__()
        self.seconds = seconds
        self.asked = 0

    async def decide(self, view: View) -> Decision:
        """Wait, then decide."""
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return await super().decide(view)


def hermits(*, waits: bool, seconds: float = 0.0) -> Stage:
    """Give a stage for the three islands."""
    minds = {who.id: Slow(seconds) if waits else Anything() for who in CAST}
    return Stage(minds, ImprovNarrator())
