"""The audition: short scenes with contrasting partners and an interview, and a report card with the lines it rests on.

What is tried follows the five tasks of PersonaGym (Samuel et al., "PersonaGym: Evaluating Persona Agents and LLMs",
2024: expected action, linguistic habits, consistency, justification, toxicity under provocation); what is scored is
scored by rule, so that it costs nothing and says the same every time.
"""

import asyncio
from typing import NamedTuple

from characters.minds import ScriptedMind
from characters.profile import core_of
from sandbox.casting import stage_for
from sandbox.design.interviewing import interviewed
from sandbox.design.marking import Mark, Played, expected, heard, judged, kept, on_paper
from sandbox.design.partners import PARTNER, scenes
from sandbox.design.partners import Scene as Script
from sandbox.design.variants import Variant, home_of
from sandbox.playing import through
from worlds.actions import Action, Wait
from worlds.events import Started
from worlds.files import load_world
from worlds.spec import Character, Entrance, Scene, Settings, World
from worlds.trajectory import start
from worlds.view import View

__all__ = ["ReportCard", "audition"]

_SECRETS = 3


class ReportCard(NamedTuple):
    """How a character did."""

    character: str
    world: str
    marks: tuple[Mark, ...]
    played: tuple[Played, ...]

    @property
    def score(self) -> float:
        """The mean of the marks there are, 0..1."""
        given = [mark.score for mark in self.marks if mark.score is not None]
        return sum(given) / len(given)


async def audition(who: Variant, world: str = "", seed: int = 1) -> ReportCard:
    """Try a character out, in its own world or another."""
    part, person = who.card.id, who.card.character()
    name = world or home_of(who.card, who.file)
    home = load_world(name)
    secrets = (*person.secrets, *(secret for secret in home.secrets if part in secret.known_by))
    scripts = tuple(scenes(part, secrets[:_SECRETS], core_of(person.core).taboos))
    room = _room(home, part)
    played = await asyncio.gather(*(_played(room, who, person, script, seed) for script in scripts))
    by_name = {one.scene.id: one for one in played}
    marks = (
        *on_paper(who.card, home, secrets),
        *judged(part, played),
        heard(who.card, played),
        kept(part, played),
        expected(who.card, by_name),
        *await interviewed(part, by_name["company"]),
    )
    return ReportCard(who.label, name, marks, tuple(played))


def _room(world: World, part: str) -> World:
    """Give the part's own place and nothing that would disturb: two people, one scene, no beats, no endings."""
    own = world.cast.get(part, Entrance(at=next(iter(world.places))))
    return world.model_copy(
        update={
            "cast": {PARTNER: Entrance(at=own.at), part: own},
            "beats": (),
            "endings": (),
            "scenes": (Scene(id="audition", premise=world.premise),),
        }
    )


async def _played(room: World, who: Variant, person: Character, script: Script, seed: int) -> Played:
    """Play one scene: the partner begins, and says a line a turn."""
    partner = Character(id=PARTNER, name=script.name, core={"identity": script.identity})
    minds = {who.card.id: who.mind, PARTNER: "person"}
    settings = Settings(seed=seed, turns=2 * len(script.lines), order="list", minds=minds)
    log = start(Started(world=room, cast=(partner, person), settings=settings))
    stage = stage_for(log)

    def line(view: View) -> Action:
        return script.lines[view.own_turn - 1] if view.own_turn <= len(script.lines) else Wait()

    stage.minds = {**stage.minds, PARTNER: ScriptedMind(line)}
    return Played(script, await through(log, stage))
