"""A character's profile: the core that does not change in a run, and the slots that do.

A character file holds both. `Core` is the fixed part; it travels through the log as plain JSON and is read back
here. Slots are flat, `name → scalar`, so that every one of them is a series over time:

    mood                 word                      goal.<id>          a want, see `GOALS`; or `done`, `dropped`
    mood.joy … mood.fear −1..1                     trust.<who> · liking.<who>    −1..1
    belief.<subject>.<attribute>   value           injury.<part>      words; empty when healed
    fear.<of> · taste.<of>         words           anything else a world adds
"""

from collections.abc import Mapping
from functools import lru_cache

from pydantic import Field, JsonValue

from worlds.actions import Frozen, Intent, Scalar
from worlds.spec import Character, Lorebook, Secret

__all__ = ["GOALS", "BigFive", "Card", "Core", "Goal", "Voice", "core_of"]

GOALS = {
    "have": "have <thing>",
    "learn": "learn <subject>.<attribute>",
    "at": "at <place>",
    "alone": "alone <who>",
    "trust": "trust <who> <0..1>",
    "make": "make <subject>.<attribute> <value>",
    "tell": "tell <secret> <who>",
    "hide": "hide <secret>",
    "keep": "keep <thing>",
    "give": "give <thing> <who>",
    "expose": "expose <who>",
    "befriend": "befriend <who>",
}
"""The little language of wants. Minds that are models read the goal's words instead."""


class BigFive(Frozen):
    """Five factors, each 0..1, 0.5 being the average."""

    openness: float = Field(0.5, ge=0, le=1)
    conscientiousness: float = Field(0.5, ge=0, le=1)
    extraversion: float = Field(0.5, ge=0, le=1)
    agreeableness: float = Field(0.5, ge=0, le=1)
    neuroticism: float = Field(0.5, ge=0, le=1)


class Voice(Frozen):
    """How someone talks. Levels are 0..1, 0.5 being the average."""

    manner: str = ""
    """One sentence describing the voice."""
    samples: tuple[str, ...] = ()
    """Things this person has said: the measure for fidelity of voice."""
    habits: tuple[str, ...] = ()
    """Verbal habits, described: `ends questions with "no?"`."""
    catchphrases: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    """Openers and tags of their own: `Listen,` · `by the saints`."""
    formality: float = 0.5
    verbosity: float = 0.5
    warmth: float = 0.5
    hedging: float = 0.5
    humour: float = 0.5
    dialect: dict[str, str] = {}
    """Word replacements: `nothing: nowt`."""
    addresses: dict[str, str] = {}
    """What they call others: id to form of address."""
    lines: dict[Intent, tuple[str, ...]] = {}
    """Own lines by speech act. `{to}`, `{topic}`, `{claim}`, `{place}`, `{thing}` are filled in."""


class Goal(Frozen):
    """A want, in words and in the little language of `GOALS`."""

    id: str
    want: str
    text: str
    """Why, in the character's terms: `get my mother's ring back before the pass opens`."""
    weight: float = Field(0.5, ge=0, le=1)


class Core(Frozen):
    """Who someone is. Fidelity is judged against this."""

    identity: str = ""
    """One line: age, role, where from."""
    summary: str = ""
    traits: dict[str, float] = {}
    """Adjective to strength 0..1: `proud: 0.8`.

    Improv knows honest, brave, curious, greedy, proud, kind, jealous, patient.
    """
    big_five: BigFive = BigFive()
    values: tuple[str, ...] = ()
    voice: Voice = Voice()
    taboos: tuple[str, ...] = ()
    """What they never do or say, each a sentence: `never speaks of the war`."""
    taboo_verbs: tuple[str, ...] = ()
    """The same where it is a verb or a speech act: `attack`, `lie`."""
    knows: tuple[str, ...] = ()
    """What they know well."""
    ignores: tuple[str, ...] = ()
    """What they cannot know: bounds of knowledge."""
    goals: tuple[Goal, ...] = ()
    talkativeness: float = Field(0.5, ge=0, le=1)
    initiative: float = 0.0
    """Added to the draw under the `initiative` order."""


class Card(Frozen):
    """A character file as it is written."""

    id: str
    name: str
    core: Core
    secrets: tuple[Secret, ...] = ()
    slots: dict[str, Scalar] = {}
    lore: Lorebook = Lorebook()
    mind: str = ""
    """What plays it if neither the run nor the world says so: `improv`, `person`, or a model, `openai:gpt-…`."""

    def character(self) -> Character:
        """Give the form that enters a world and its log; goals become slots `goal.<id>`."""
        goals: dict[str, Scalar] = {f"goal.{goal.id}": goal.want for goal in self.core.goals}
        core = self.core.model_dump(mode="json", exclude_defaults=True)
        return Character(
            id=self.id,
            name=self.name,
            core=core,
            secrets=self.secrets,
            slots={**goals, **self.slots},
            lore=self.lore,
            mind=self.mind,
        )


def core_of(core: Mapping[str, JsonValue]) -> Core:
    """Read the core out of a view or a logged character; the same mapping is read once."""
    return _read_core(_Identity(core))


class _Identity:
    """Hashes a mapping by identity, so that a run's few cores are parsed once each."""

    __slots__ = ("core",)

    def __init__(self, core: Mapping[str, JsonValue]) -> None:
        self.core = core

    def __hash__(self) -> int:
        return id(self.core)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.core is self.core


@lru_cache(maxsize=512)
def _read_core(key: _Identity) -> Core:
    return Core.model_validate(key.core)
