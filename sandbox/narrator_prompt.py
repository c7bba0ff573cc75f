"""The stage put into words for a narrator that is a language model. It sees everything but is told no secrets."""

from collections.abc import Iterator, Mapping

from characters.profile import core_of
from characters.prompting import Prompts, Section, fill, fit, template
from sandbox.narrator import time_of_day
from worlds.actions import Do
from worlds.deeds import name
from worlds.prose import tell
from worlds.reach import exits, passable
from worlds.spec import Scene
from worlds.state import State
from worlds.trajectory import Trajectory

__all__ = ["close_prompt", "cue_prompt", "frame_prompt", "rule_prompt", "system_prompt"]

STABLE = 1_900
"""Characters for the sections of the stable part, besides its template."""

FRESH = 1_500
"""Characters for the sections of the fresh part, besides its template."""

_TOLD = ("scene_set", "happened", "acted", "resolved", "intervened")
_BACK = 60
"""How many events back the latest happenings are looked for."""

_LINE = 240


def system_prompt(state: State, prompts: Prompts = template) -> str:
    """Give what stays the same for a whole run."""
    world = state.world
    places = [f"{id_} ({place.name}): {_line(place.text)}" for id_, place in world.places.items()]
    people = [
        f"{who} ({character.name}): {_line(_identity(state, who))}" for who, character in state.cast.items()
    ]
    sections = (
        Section("premise", [" ".join(world.premise.split())], 400, 800),
        Section("people", people, 400, 800),
        Section("places", places, 300, 900),
    )
    return fill(
        prompts("narrator"),
        {"title": world.title, "genre": world.genre.capitalize(), **fit(sections, STABLE)},
    )


def frame_prompt(log: Trajectory, scene: Scene, prompts: Prompts = template) -> str:
    """Give what asks to open a scene."""
    state = log.state
    now = [f"It is {time_of_day(state.clock + scene.skip)}.", *_where(state), *state.world.weather[:4]]
    sections = (
        Section("premise", [" ".join(scene.premise.split())], 400, 700),
        Section("now", now, 300, 700),
        Section("recent", _recent(log, log.state.players), 200, 900, newest=True),
    )
    return fill(prompts("frame"), fit(sections, FRESH))


def rule_prompt(log: Trajectory, who: str, deed: Do, prompts: Prompts = template) -> str:
    """Give what asks for a ruling on a deed in free words."""
    state = log.state
    sections = (
        Section("now", list(_around(state, who)), 400, 900),
        Section("recent", _recent(log, state.here(state.where[who])), 200, 700, newest=True),
        Section("card", [_line(" ".join(_identity(state, who, "identity", "summary").split()))], 150, 240),
    )
    to = f", to {name(state, deed.to)}" if deed.to else ""
    return fill(
        prompts("rule"), {"name": name(state, who), "deed": f"{deed.text}{to}", **fit(sections, FRESH)}
    )


def cue_prompt(log: Trajectory, prompts: Prompts = template) -> str:
    """Give what asks in which order those who wait shall act."""
    state = log.state
    waiting = [f"{who} ({name(state, who)}), in {name(state, state.where[who])}" for who in state.waiting]
    sections = (
        Section("waiting", waiting, 300, 600),
        Section("recent", _recent(log), 400, 1_200, newest=True),
    )
    return fill(prompts("cue"), fit(sections, FRESH))


def close_prompt(log: Trajectory, ending: str, prompts: Prompts = template) -> str:
    """Give what asks to close the story."""
    sections = (
        Section("ending", [" ".join(ending.split())], 300, 600),
        Section("now", list(_where(log.state)), 200, 500),
        Section("recent", _recent(log), 200, 1_200, newest=True),
    )
    return fill(prompts("close"), fit(sections, FRESH))


def _recent(log: Trajectory, among: tuple[str, ...] = ()) -> list[str]:
    """Give what happened last; with `among`, only what all of them perceived: nothing private is told on."""
    names = log.state.plan.names
    lines = []
    for event in log.since(max(-1, log.seq - _BACK)):
        known = set(among).issubset(event.witnesses) if among else len(event.witnesses) > 1
        if event.body.kind in _TOLD and known:
            lines.append(_line(tell(event, names)))
    return [line for line in lines if line]


def _around(state: State, who: str) -> Iterator[str]:
    """Say where the deed is done, who is there, and what there is to be changed."""
    place = state.where[who]
    yield f"It is {time_of_day(state.clock)}, in {name(state, place)} ({place})."
    yield _line(state.world.places[place].text)
    yield f"Present: {', '.join(f'{name(state, other)} ({other})' for other in state.here(place))}."
    ways = [f"{way.to} ({'open' if passable(state, way) else 'shut'})" for way in exits(state, place)]
    yield f"Ways out: {', '.join(ways) or 'none'}."
    for thing in state.held:
        if state.place_of(thing) == place:
            yield f"{name(state, thing)} ({thing}), with {state.held[thing]}{_facts(state.facts.get(thing, {}))}"
    yield f"The place itself ({place}){_facts(state.facts.get(place, {}))}"


def _facts(facts: Mapping[str, object]) -> str:
    said = ", ".join(f"{attribute} {str(value).lower()}" for attribute, value in facts.items())
    return f": {said}" if said else ""


def _where(state: State) -> Iterator[str]:
    for who in state.players:
        yield f"{name(state, who)} is in {name(state, state.where[who])}."


def _identity(state: State, who: str, *fields: str) -> str:
    core = core_of(state.cast[who].core)
    return " ".join(str(getattr(core, field)) for field in fields or ("identity",))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"
