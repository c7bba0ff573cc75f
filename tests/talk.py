"""A log written by hand, turn by turn, and memories to read it."""

from collections.abc import Sequence

from characters.embedders import Hashing
from characters.memory import Memory
from tests.stagecraft import WORLD, begin
from worlds.actions import Action, Change, Say, Wait
from worlds.events import Acted, Cued, Draft, ProfileChanged, Resolved, SceneSet, TurnEnded
from worlds.spec import Phrase, Scene
from worlds.trajectory import Trajectory, extend
from worlds.view import Recollection

__all__ = ["acted", "changed", "memory", "opened", "said", "texts"]

QUIET = WORLD.model_copy(
    update={
        "beats": (),
        "endings": (),
        "scenes": (Scene(id="one", premise="Evening."),),
        "phrases": {
            "holder": Phrase(
                says="{value} has {subject}", asks="who has {subject}", denies="{value} lacks {subject}"
            )
        },
    }
)


def opened() -> Trajectory:
    """A log in which nothing has happened yet: Ada and Ben in the hall, Cy in the loft."""
    return extend(begin(turns=100_000, world=QUIET), [Draft(SceneSet(scene="one", text="It is evening."))])


def acted(log: Trajectory, who: str, action: Action, *after: Draft) -> Trajectory:
    """The log after one more turn; `after` is what is concluded in it."""
    cue, act, ruling = (
        Draft(Cued(who=(who,))),
        Draft(Acted(action=action), who),
        Draft(Resolved(ok=True), who),
    )
    return extend(log, [cue, act, ruling, *after, Draft(TurnEnded())])


def said(log: Trajectory, who: str, text: str, to: str = "") -> Trajectory:
    """The log after one more turn, in which somebody speaks."""
    return acted(log, who, Say(text=text, to=(to,) if to else (), manner="whisper" if to else "aloud"))


def changed(log: Trajectory, who: str, slot: str, value: str | float, source: str = "") -> Trajectory:
    """The log after one more turn, in which a slot changes because of the newest percept."""
    change = Change(slot, value, log.percepts(who)[-1].seq, source=source)
    return acted(log, who, Wait(), Draft(ProfileChanged(changes=(change,)), who))


def memory() -> Memory:
    """A memory that knows nothing yet."""
    return Memory("test", Hashing())


def texts(found: Sequence[Recollection]) -> list[str]:
    """The memories alone."""
    return [one.text for one in found]
