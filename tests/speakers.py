"""Three voices, a room to speak in, and things to mean: what tests of speech share."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from characters.improv.speech import Utterance, speak
from characters.profile import Core, Goal, Voice
from worlds.actions import INTENTS, Claim, Say
from worlds.spec import Phrase, Secret
from worlds.view import Fellow, Percept, Sight, View, Way

__all__ = ["ASKS", "CLAIMS", "GRUFF", "VOICES", "WANTS", "anything", "long_talk", "seen_by"]

GRUFF = Voice(
    formality=0.1, verbosity=0.1, warmth=0.2, hedging=0.1, dialect={"nothing": "nowt", "you": "ye"},
    fillers=("Bah,",), addresses={"mira": "lass"}, lines={"greet": ("Shut the door, {to}.", "So it is {who}.")},
)  # fmt: skip
GRAND = Voice(
    formality=0.9, verbosity=0.9, warmth=0.9, hedging=0.5, humour=0.8, fillers=("on the whole",),
    habits=('ends questions with "no?"',), catchphrases=("One must go on.",),
    lines={"tell": ("I had it from a bishop: {claim}.",), "joke": ("Laugh at {to.__class__}.",)},
)  # fmt: skip
MEEK = Voice(formality=0.5, hedging=0.95, warmth=0.6)
VOICES = {"gruff": GRUFF, "grand": GRAND, "meek": MEEK}
CORES = {
    name: Core(
        identity="x", summary="x", voice=voice, values=("loyalty", "a door is kept open"), knows=("old songs",),
        traits={"curious": 0.9}, goals=(Goal(id="g", want="have ring", text="get the ring back by dawn"),),
    ).model_dump(mode="json", exclude_defaults=True)
    for name, voice in VOICES.items()
}  # fmt: skip
PHRASES = {
    "holder": Phrase(says="{value} has {subject}", asks="who has {subject}", denies="{value} does not have {subject}"),
    "thief": Phrase(says="{value} stole {subject}", asks="who stole {subject}", denies="{value} stole no {subject}"),
    "want": Phrase(says="{subject} wants {value}", asks="what does {subject} want", denies="not {value}"),
    "mother": Phrase(says="{value} is {subject}'s mother", asks="who is {subject}'s mother", denies="no"),
    "sunk": Phrase(says="the ring lies in {subject}", asks="is the ring in {subject}", denies="the ring is not there"),
}  # fmt: skip
NAMES = {
    "mira": "Mira", "bram": "Bram", "odo": "Odo", "cellar": "the cellar", "hall": "the hall",
    "ring": "a silver ring", "keys": "the keys", "lamp": "a brass lamp",
}  # fmt: skip
CLAIMS = (
    Claim("ring", "holder", "odo"), Claim("mira", "at", "cellar"), Claim("ring", "thief", "bram"),
    Claim("keys", "at", "cellar", holds=False), Claim("lamp", "lit", value=True), Claim("mira", "want", "ring"),
)  # fmt: skip
ASKS = (("ring", "holder"), ("odo", "at"), ("mira", "want"), ("lamp", "lit"), ("station", "air"))
WANTS = ("have ring", "learn ring.holder", "at cellar", "alone odo", "trust mira 0.6", "make lamp.lit false",
         "tell theft odo", "hide theft", "keep keys", "give ring mira", "expose odo", "befriend mira")  # fmt: skip


def seen_by(voice: str = "meek", **changes: object) -> View:
    """Give what Bram sees in the hall of an evening, with Mira, speaking in one of the voices."""
    view = View(
        who="bram", name="Bram", core=CORES[voice], slots={"liking.odo": -0.5, "mood.joy": 0.1},
        secrets=(Secret(id="theft", text="Odo took it.", claim=Claim("keys", "thief", "odo"), known_by=()),),
        draw="", seq=9, turn=6, own_turn=4, time=20 * 60, title="", premise="", place="hall",
        place_name="the hall", place_text="", dark=False, ways=(Way("cellar", "the stair", "", True, False),),
        fellows=(Fellow("mira", "Mira", (), {}),),
        sights=(
            Sight("lamp", "a brass lamp", "", "hall", {}, True, False, False),
            Sight("keys", "the keys", "", "bram", {}, True, False, False),
        ),
        news=(), past=(), said=(), done={}, recollections=(), options=(), deeds=(), names=NAMES,
        map={"hall": ("cellar",), "cellar": ("hall",)}, phrases=PHRASES, topics=("the snow", "wolves, and why"),
    )  # fmt: skip
    return replace(view, **changes)  # type: ignore[arg-type]


HEARD = Percept(
    3, 2, 0, "acted", "mira", "", True, Say(text="The cellar?", to=("bram",), intent="ask", topic="cellar")
)


def anything(rng: Random, intent: str) -> Utterance:
    """Give an utterance of an intent with content that suits it, or none."""
    return Utterance(
        intent,  # type: ignore[arg-type]
        to=rng.choice((("mira",), ("mira",), ())),
        topic=rng.choice(("", "", "cellar", "the snow", "ring", "odo")),
        claims=tuple(rng.sample(CLAIMS, rng.choice((0, 1, 1, 2)))) if intent not in ("ask", "order") else (),
        asks=rng.choice(ASKS) if intent in ("ask", "tell", "refuse", "muse") and rng.random() < 0.6 else None,
        manner=rng.choice(("aloud", "aloud", "aloud", "whisper", "shout", "aside")),
        want=rng.choice(("", *WANTS)),
        answers=rng.choice((None, HEARD)),
        mood={rng.choice(("anger", "fear", "sadness", "joy")): rng.random()},
    )


def long_talk(voice: str, intent: str, length: int) -> Iterator[str]:
    """Let one character go on with one speech act, or `any`, while the view remembers sixty lines."""
    said: list[str] = []
    for number in range(length):
        rng = Random(f"{voice}:{intent}:{number}")
        view = seen_by(voice, said=tuple(said[-60:]), time=rng.randrange(1440))
        said.append(speak(view, anything(rng, rng.choice(INTENTS) if intent == "any" else intent), rng))
        yield said[-1]
