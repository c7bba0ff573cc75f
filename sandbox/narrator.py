"""The narrator: frames scenes, rules on free deeds, picks cues, closes the story. It alone sees everything."""

from random import Random
from typing import NamedTuple, Protocol

from characters.improv.speech_names import in_place
from worlds.actions import Do
from worlds.deeds import Ruling, name, trait
from worlds.events import Happened
from worlds.fold import ending
from worlds.prose import capital
from worlds.spec import Scene
from worlds.state import MINUTES_A_DAY, State
from worlds.trajectory import Trajectory

__all__ = ["Close", "Cue", "ImprovNarrator", "Narrator", "time_of_day"]


class Cue(NamedTuple):
    """Whom the narrator cues, and why."""

    who: tuple[str, ...]
    reason: str


class Close(NamedTuple):
    """How the story ends."""

    ending: str
    text: str


class Narrator(Protocol):
    """Who tells the story around the characters."""

    async def frame(self, log: Trajectory, scene: Scene) -> str:
        """Open a scene: what everybody on stage perceives of it."""
        ...

    async def remark(self, log: Trajectory, place: str) -> str:
        """Say a sentence about a place at the start of a round; empty for nothing."""
        ...

    async def rule(self, log: Trajectory, who: str, deed: Do) -> Ruling:
        """Rule on a deed in free words. Its effects pass the same check as anyone's."""
        ...

    async def cue(self, log: Trajectory) -> Cue:
        """Pick who acts next, among those waiting in this round."""
        ...

    async def close(self, log: Trajectory) -> Close:
        """End the story."""
        ...

    def faults(self) -> tuple[str, ...]:
        """Say what went wrong since this was last asked, where something stood in."""
        ...


class ImprovNarrator:
    """A narrator without a model: composes from the world's own sentences, by chance addressed by position."""

    def faults(self) -> tuple[str, ...]:
        """Give nothing: there is nothing here that could fail."""
        return ()

    async def frame(self, log: Trajectory, scene: Scene) -> str:
        """Give the premise with the weather and how the first place feels."""
        state, draw = log.state, _draw(log.state, f"frame:{scene.id}")
        place = state.where[state.players[0]] if state.players else ""
        moods = state.world.places[place].moods if place else ()
        parts = [scene.premise.strip()]
        parts += [draw.choice(sentences) for sentences in (state.world.weather, moods) if sentences]
        return " ".join(parts)

    async def remark(self, log: Trajectory, place: str) -> str:
        """Give one of the place's own sentences, or one about the weather."""
        state, draw = log.state, _draw(log.state, f"remark:{place}:{log.state.round}")
        said = {
            event.body.text for event in log.since(max(0, log.seq - 900)) if isinstance(event.body, Happened)
        }
        fresh = [
            text for text in (*state.world.places[place].moods, *state.world.weather) if text not in said
        ]
        return draw.choice(fresh) if fresh else ""

    async def rule(self, log: Trajectory, who: str, deed: Do) -> Ruling:
        """Rule by the trait the deed calls for, and by luck."""
        state, draw = log.state, _draw(log.state, f"rule:{who}:{log.state.own[who]}")
        words = deed.text.lower()
        needed = next((trait_ for word, trait_ in _CALLS.items() if word in words), "conscientiousness")
        ok = draw.random() < 0.35 + 0.4 * trait(state, who, needed)
        told = draw.choice(_COMES_OFF if ok else _FAILS)
        return Ruling(ok=ok, text=told.replace("{who}", name(state, who)))

    async def cue(self, log: Trajectory) -> Cue:
        """Pick who has most to react to; among equals, who has waited longest."""
        state = log.state
        scores = {}
        for who in state.waiting:
            mark = state.marks.get(who, -1)
            news = [percept for percept in log.percepts(who)[-12:] if mark < percept.seq <= log.seq]
            spoken_to = sum(
                percept.action is not None and who in getattr(percept.action, "to", ()) for percept in news
            )
            happened = sum(percept.kind == "happened" for percept in news)
            scores[who] = (2 * spoken_to + happened + 0.2 * len(news), -mark)
        chosen = max(scores, key=lambda who: scores[who])
        spoken = scores[chosen][0] >= 2
        return Cue((chosen,), "has been spoken to" if spoken else "has waited longest")

    async def close(self, log: Trajectory) -> Close:
        """Take the world's ending that holds, and say where it leaves everybody."""
        state = log.state
        found = ending(state)
        text = found.text.strip() if found else "Here the telling stops, though the people in it go on."
        return Close(found.id if found else "open", " ".join([text, *_fates(state)]))


def time_of_day(clock: int) -> str:
    """Put minutes of world time into words: `the evening of day 2, 19:30`."""
    day, minute = divmod(clock, MINUTES_A_DAY)
    part = _PARTS[minute // 180]
    return f"{part} of day {day + 1}, {minute // 60:02}:{minute % 60:02}"


_PARTS = (
    "the small hours",
    "the last of the night",
    "early morning",
    "the forenoon",
    "midday",
    "the afternoon",
    "the evening",
    "late evening",
)

_CALLS = {
    "climb": "brave", "fight": "brave", "jump": "brave", "face": "brave", "listen": "curious", "search": "curious",
    "look": "curious", "read": "curious", "sing": "extraversion", "dance": "extraversion", "comfort": "kind",
    "tend": "kind", "help": "kind", "mend": "conscientiousness", "repair": "conscientiousness", "wait": "patient",
    "steal": "greedy", "lie": "greedy",
}  # fmt: skip
"""Words in a free deed, and the trait that helps with it."""

_COMES_OFF = (
    "{who} manages it.",
    "It comes off, more easily than {who} had feared.",
    "It takes a while, but {who} gets it done.",
    "{who} does it with a steady hand.",
    "This time luck is with {who}.",
)

_FAILS = (
    "It does not come off.",
    "{who} tries twice and lets it be.",
    "Halfway through, {who} has to give up.",
    "Something always gets in the way; {who} leaves it.",
    "{who} is not the one for this, not today.",
)


def _draw(state: State, what: str) -> Random:
    return Random(f"{state.settings.seed}:narrator:{what}")


def _fates(state: State) -> list[str]:
    """Say where the end leaves everybody, place by place, and with what in their hands."""
    left: dict[str, list[str]] = {}
    for who, character in state.cast.items():
        if not state.able(who):
            continue
        carried = [state.world.things[thing].name for thing, at in state.held.items() if at == who]
        hands = f" with {_listed(carried[:2])}" if carried else ""
        left.setdefault(state.where[who], []).append(f"{character.name}{hands}")
    told = [
        f"{capital(in_place(state.world.places[place].name))}: {'; '.join(people)}."
        for place, people in left.items()
    ]
    lost = [character.name for who, character in state.cast.items() if state.fact(who, "alive") is not True]
    return [*told, f"{_listed(lost)} did not live to see it."] if lost else told


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
