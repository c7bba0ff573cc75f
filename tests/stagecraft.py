"""A small world with every kind of obstacle in it, and minds that try anything."""

from random import Random

from characters.minds import Decision, Reflection, ScriptedMind
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from sandbox.playing import played
from worlds.actions import Action, Became, Change, Claim, Do, Handle, Moved, Passed, Profile, Say, Touch, Wait
from worlds.events import Link, Started
from worlds.spec import (
    Beat,
    Character,
    Clue,
    Deed,
    Ending,
    Entrance,
    Exit,
    Order,
    Place,
    Scene,
    Secret,
    Settings,
    Thing,
    Use,
    World,
)
from worlds.trajectory import Trajectory, start
from worlds.view import View

__all__ = ["CAST", "WORLD", "Anything", "begin", "play", "stage"]

SECRET = Secret(id="theft", text="Ada took the ring.", claim=Claim("ada", "took", "ring"), known_by=("ada",))

WORLD = World(
    id="yard",
    title="The Yard",
    genre="test",
    premise="Three people and a locked shed.",
    allows=("attack", "restrain"),
    places={
        "hall": Place(
            name="the hall",
            text="A hall.",
            exits=(Exit(to="yard", door="gate"), Exit(to="loft")),
            moods=("A draught.",),
        ),
        "yard": Place(
            name="the yard",
            text="A yard.",
            exits=(Exit(to="hall", door="gate"), Exit(to="shed", door="shed_door")),
        ),
        "shed": Place(
            name="the shed",
            text="A shed.",
            dark=True,
            exits=(Exit(to="yard", door="shed_door"), Exit(to="pit", hidden="lid.open is true")),
        ),
        "pit": Place(name="the pit", text="A pit.", exits=(Exit(to="shed"),)),
        "loft": Place(name="the loft", text="A loft.", exits=(Exit(to="hall"),)),
    },
    things={
        "gate": Thing(
            name="the gate", at="hall", portable=False, door=True, facts={"open": True, "locked": False}
        ),
        "shed_door": Thing(
            name="the shed door",
            at="yard",
            portable=False,
            door=True,
            key="key",
            facts={"open": False, "locked": True},
        ),
        "lid": Thing(name="the lid", at="shed", portable=False, facts={"open": False}),
        "key": Thing(name="a key", at="box", small=True),
        "box": Thing(name="a box", at="hall", capacity=2, facts={"open": False, "locked": False}),
        "lamp": Thing(
            name="a lamp",
            at="loft",
            facts={"lit": False},
            uses=(
                Use(
                    text="{who} lights the lamp.",
                    when=("lamp.lit is false",),
                    effects=(Became(subject="lamp", attribute="lit", value=True),),
                ),
            ),
        ),
        "ring": Thing(
            name="a ring", at="ada", small=True, clues=(Clue(text="An A is cut in it.", claim=SECRET.claim),)
        ),
        "coin": Thing(name="a coin", at="loft", hidden=True),
        "note": Thing(name="a note", at="pit"),
        "well": Thing(name="the well", at="yard", portable=False, facts={"level": 5}),
    },
    facts={"ring.thief": "<culprit>", "ada.past": "<past>", "well.bottom": "<bottom>"},
    secrets=(SECRET,),
    deeds=(
        Deed(
            id="draw_water",
            text="draws water",
            at="yard",
            chance=0.9,
            ok="{who} draws water.",
            fails="The rope slips.",
            again=1,
            effects=(Became(subject="well", attribute="level", value=-1, add=True),),
        ),
        Deed(
            id="slap",
            text="slaps the other",
            to="character",
            ok="{who} slaps {to}.",
            again=2,
            effects=(Profile(who="target", slot="mood", value="stung"),),
        ),
    ),
    beats=(
        Beat(id="rain", text="It rains.", every=7),
        Beat(
            id="fall",
            text="A beam falls on Ben.",
            at="turn 9",
            place="hall",
            effects=(Profile(who="ben", slot="injury.arm", value="bruised"),),
        ),
        Beat(
            id="after_fall",
            text="Ben's arm swells.",
            after="fall",
            delay=3,
            effects=(Profile(who="ben", slot="injury.arm", value="swollen"),),
        ),
        Beat(id="dry", text="The well runs low.", when=("well.level <= 3",)),
        Beat(
            id="swept",
            text="Cy is swept into the yard.",
            at="turn 15",
            effects=(Moved(who="cy", to="yard"),),
            chance=0.5,
        ),
        Beat(
            id="drop",
            text="The note is blown to the hall.",
            at="turn 20",
            place="hall",
            effects=(Passed(thing="note", to="hall"),),
        ),
    ),
    scenes=(Scene(id="one", premise="Morning.", rounds=6), Scene(id="two", premise="Later.", skip=60)),
    endings=(Ending(id="out", text="All is out.", when=("theft.knowers >= 3",), after=30),),
    cast={"ada": Entrance(at="hall", holds=("ring",)), "ben": Entrance(at="hall"), "cy": Entrance(at="loft")},
)

CAST = tuple(Character(id=name.lower(), name=name, slots={"mood": "calm"}) for name in ("Ada", "Ben", "Cy"))


class Anything(ScriptedMind):
    """A mind that tries anything, the impossible included; its words and thoughts are marked as its own."""

    async def decide(self, view: View) -> Decision:
        """Pick by a draw addressed by position."""
        draw = Random(f"{view.draw}:{len(view.news)}:{view.place}")
        links = tuple(Link(percept.seq, "answers") for percept in view.news[-1:])
        return Decision(_any_action(view, draw), thought=f"<thought {view.who} {view.own_turn}>", links=links)

    async def reflect(self, view: View) -> Reflection:
        """Change something private because of the newest percept."""
        if not view.news:
            return Reflection()
        return Reflection(
            changes=(Change("inner", f"<inner {view.who} {view.own_turn}>", view.news[-1].seq),)
        )


def _any_action(view: View, draw: Random) -> Action:
    kind = draw.random()
    if kind < 0.45:
        words = f"<said {view.who} {view.own_turn}>"
        to = (draw.choice(view.fellows).id,) if view.fellows and draw.random() < 0.7 else ()
        claims = tuple(secret.claim for secret in view.secrets if draw.random() < 0.3)
        return Say(
            text=words, to=to, manner=draw.choice(("aloud", "aside", "whisper", "shout")), claims=claims
        )
    if kind < 0.85:
        return draw.choice(view.options)
    if kind < 0.9 and view.deeds:
        deed = draw.choice(view.deeds)
        whom = draw.choice(view.fellows).id if deed.to and view.fellows else ""
        return Do(text=deed.text, deed=deed.id, to=whom)
    wild = draw.choice(tuple(view.names))
    return draw.choice(
        (
            Touch(verb="take", target=wild),
            Handle(verb="give", thing="ring", to=wild),
            Do(text="sings"),
            Wait(),
        )
    )


def begin(*, seed: int = 1, turns: int = 40, order: Order = "list", world: World = WORLD) -> Trajectory:
    """Give the first line of a run in the small world."""
    settings = Settings(seed=seed, turns=turns, order=order)
    return start(Started(world=world, cast=CAST, settings=settings))


def stage() -> Stage:
    """Give the small world's stage."""
    return Stage({character.id: Anything() for character in CAST}, ImprovNarrator())


def play(log: Trajectory, on: Stage | None = None) -> Trajectory:
    """Play a log to its end."""
    return played(log, on or stage())
