"""The speech of improv characters: whole, in person, and never the same twice."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.improv.speech import Utterance, name_of, phrase_ask, phrase_claim, speak
from characters.improv.speech_grammar import Choice, Maybe, Ref, Slot, compile_line, standard
from characters.improv.speech_polish import contract, say_dialect, tidy
from characters.improv.speech_wants import want_slots
from characters.profile import GOALS, Core, Goal, Voice
from worlds.actions import INTENTS, Claim, Say
from worlds.errors import InputError
from worlds.spec import Phrase, Secret
from worlds.view import Fellow, Percept, Sight, View, Way

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
        news=(), past=(), said=(), recollections=(), options=(), deeds=(), names=NAMES,
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
    """Let one character go on with one speech act while the view remembers sixty lines."""
    said: list[str] = []
    for number in range(length):
        rng = Random(f"{voice}:{intent}:{number}")
        view = seen_by(voice, said=tuple(said[-60:]), time=rng.randrange(1440))
        said.append(speak(view, anything(rng, intent), rng))
        yield said[-1]


@given(st.sampled_from(INTENTS), st.sampled_from(sorted(VOICES)), st.integers(0, 10**6))
def test_a_line_is_whole(intent: str, voice: str, seed: int) -> None:
    """Whatever is meant, the line has no open slot or stray space, begins with a capital and ends with a mark."""
    line = speak(seen_by(voice), anything(Random(seed), intent), Random(seed))
    assert not re.search(r"[{}<>|%]|  | [,.?!]|[,:;][.?!]|\.\.|,,", line), line
    assert re.match(r"['\"]?[A-Z]", line), line
    assert line.endswith((".", "!", "?", "…", "—", '"')), line


@given(st.sampled_from(INTENTS), st.sampled_from(sorted(VOICES)), st.integers(0, 10**6))
def test_equal_arguments_give_equal_lines(intent: str, voice: str, seed: int) -> None:
    """Speech is a function: the same view, meaning and draws give the same words."""
    meant = anything(Random(seed), intent)
    assert speak(seen_by(voice), meant, Random(seed)) == speak(seen_by(voice), meant, Random(seed))


def test_lines_do_not_depend_on_hash_seeds() -> None:
    """Another process says the same, whatever order its sets have."""
    program = (
        "from tests.test_speech import *\n"
        "print([speak(seen_by('grand'), anything(Random(i), i_), Random(i)) for i, i_ in enumerate(INTENTS * 3)])"
    )
    given_lines = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=".",
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(given_lines) == 1


@pytest.mark.parametrize(("voice", "intent"), [("gruff", "agree"), ("grand", "greet"), ("meek", "tell")])
def test_nothing_is_said_twice(voice: str, intent: str) -> None:
    """No line is among those remembered, and three hundred of one kind repeat in at most one of a hundred."""
    lines = list(long_talk(voice, intent, 300))
    for number, line in enumerate(lines):
        assert line.lower() not in {earlier.lower() for earlier in lines[max(0, number - 60) : number]}
    assert len(lines) - len(set(lines)) <= 3


def test_successive_lines_begin_differently() -> None:
    """A line does not begin with the two words that one of the last two lines began with."""
    begun = [" ".join(re.findall(r"[\w']+", line.lower())[:2]) for line in long_talk("gruff", "refuse", 120)]
    assert all(begun[i] not in begun[max(0, i - 2) : i] for i in range(len(begun)))


def test_a_line_is_varied_as_a_last_resort() -> None:
    """Even who has one thing to say, and has said it in every way, finds another way to put it."""
    view, meant = seen_by("gruff"), Utterance("agree", ("mira",))
    said: tuple[str, ...] = ()
    for _ in range(40):
        said = (*said, speak(replace(view, said=said), meant, Random(1)))
    assert len(set(said)) == 40


@pytest.mark.parametrize("intent", ["tell", "lie", "deny", "accuse", "confide", "warn", "admit"])
def test_what_is_claimed_is_said(intent: str) -> None:
    """Who informs names what it is about."""
    for seed in range(40):
        meant = Utterance(intent, ("mira",), claims=(CLAIMS[0],))  # type: ignore[arg-type]
        line = speak(seen_by("grand"), meant, Random(seed))
        assert "Odo has the silver ring" in line, line


def test_what_is_not_known_is_owned_up_to() -> None:
    """A question without an answer to it still comes back in the line."""
    for seed in range(40):
        line = speak(seen_by(), Utterance("tell", ("mira",), asks=ASKS[0]), Random(seed))
        assert re.search(r"who has the silver ring|about the silver ring", line, re.IGNORECASE), line


@pytest.mark.parametrize(
    ("claim", "clause"),
    [
        (Claim("ring", "holder", "bram"), "I have the silver ring"),
        (Claim("ring", "holder", "mira", holds=False), "you do not have the silver ring"),
        (Claim("bram", "want", "ring"), "I want the silver ring"),
        (Claim("mira", "mother", "bram"), "I am your mother"),
        (Claim("mira", "at", "cellar"), "you are in the cellar"),
        (Claim("keys", "at", "cellar"), "the keys are in the cellar"),
        (Claim("lamp", "lit", value=True, holds=False), "the brass lamp is dark"),
        (Claim("ring", "holder", "lamp"), "the silver ring is in the brass lamp"),
        (Claim("odo", "did", "broke the lamp"), "Odo broke the lamp"),
        (Claim("station", "air", 3), "the station's air is three"),
    ],
)
def test_claims_agree_with_who_speaks(claim: Claim, clause: str) -> None:
    """The speaker is I, the hearer is you, and the verb agrees with either."""
    assert phrase_claim(seen_by(), claim, ("mira",)) == clause


@pytest.mark.parametrize(
    ("asks", "direct", "indirect"),
    [
        (("ring", "holder"), "who has the silver ring", "who has the silver ring"),
        (("odo", "at"), "where is Odo", "where Odo is"),
        (("mira", "want"), "what do you want", "what you want"),
        (("odo", "want"), "what does Odo want", "what Odo wants"),
        (("mira", "mother"), "who is your mother", "who your mother is"),
        (("keys", "locked"), "are the keys locked", "whether the keys are locked"),
        (("cellar", "sunk"), "is the ring in the cellar", "whether the ring lies in the cellar"),
    ],
)
def test_questions_turn_round(asks: tuple[str, str], direct: str, indirect: str) -> None:
    """A question can be asked and spoken of."""
    assert phrase_ask(seen_by(), asks, ("mira",)) == (direct, indirect)


def test_names_are_definite() -> None:
    """What is talked about is `the` ring, and what has no name is called by its id."""
    assert [name_of(seen_by(), who) for who in ("ring", "mira", "old_well")] == [
        "the silver ring",
        "Mira",
        "the old well",
    ]


@pytest.mark.parametrize("want", sorted(GOALS))
def test_every_want_has_words(want: str) -> None:
    """Each verb of the language of wants can be asked for, wished, promised and named."""
    phrase = next(phrase for phrase in WANTS if phrase.split()[0] == want)
    forms = want_slots(seen_by(), phrase, ("mira",))
    assert sorted(forms) == ["do", "get", "object", "will"]
    assert not any("{" in text for texts in forms.values() for text in texts)
    assert want_slots(seen_by(), "no such want", ()) == {}


def test_voices_are_told_apart() -> None:
    """Dialect replaces whole words, the formal do not contract, and own lines come before the grammar's."""
    gruff = [speak(seen_by("gruff"), Utterance("refuse", ("mira",)), Random(seed)) for seed in range(60)]
    grand = [speak(seen_by("grand"), Utterance("refuse", ("mira",)), Random(seed)) for seed in range(60)]
    assert any(re.search(r"\bye\b", line) for line in gruff)
    assert not any(re.search(r"\byou\b|\bnothing\b", line, re.IGNORECASE) for line in gruff)
    assert any("n't" in line for line in gruff)
    assert not any("n't" in line for line in grand)
    told = [
        speak(seen_by("grand"), Utterance("tell", ("mira",), claims=CLAIMS[:1]), Random(seed))
        for seed in range(60)
    ]
    assert sum(line.startswith("I had it from a bishop: Odo has the silver ring.") for line in told) > 30
    assert say_dialect("You. Nothing, younger one.", GRUFF.dialect) == "Ye. Nowt, younger one."


def test_card_text_is_data() -> None:
    """A template with a slot nobody knows is left unsaid, never formatted."""
    joke, greet = Utterance("joke", ("mira",)), Utterance("greet", ("mira",))
    said = [speak(seen_by("grand"), joke, Random(seed)) for seed in range(60)]
    said += [speak(seen_by("gruff"), greet, Random(seed)) for seed in range(60)]
    assert not any(
        "class" in line or "who" in line for line in said if line.startswith(("Laugh at", "So it is"))
    )


def test_manner_is_heard() -> None:
    """A whisper does not exclaim, and a shout does."""
    for seed in range(60):
        meant = Utterance("warn", ("mira",), claims=CLAIMS[:1])
        assert "!" not in speak(
            seen_by("gruff"), meant._replace(manner="whisper", mood={"anger": 1.0}), Random(seed)
        )
        assert "!" in speak(seen_by("gruff"), meant._replace(manner="shout"), Random(seed))


def test_small_talk_is_of_this_world_and_keeps_its_secrets() -> None:
    """Idle talk draws on topics, values, places and things, but not on what a secret is about."""
    lines = [speak(seen_by(), Utterance("small_talk", ("mira",)), Random(seed)) for seed in range(300)]
    for word in ("the snow", "loyalty", "old songs", "the brass lamp", "the cellar"):
        assert any(word in line for line in lines), word
    assert not any("the keys" in line for line in lines)


def test_polish() -> None:
    """Punctuation, articles and contractions come out as they are written by hand."""
    assert tidy("so :. a apple , {x}") == "So. An apple, x."
    assert contract("I am sure it is not so, but I know where you are now.") == (
        "I'm sure it isn't so, but I know where you are now."
    )
    assert contract("All is not lost. What is it? What you do with it is up to you.") == (
        "All is not lost. What is it? What you do with it is up to you."
    )


def _named(choice: Choice) -> Iterator[str]:
    """Give the rules a choice refers to."""
    for part in (part for alternative in choice.alternatives for part in alternative.parts):
        if isinstance(part, Ref):
            yield part.name
        elif isinstance(part, Maybe | Choice):
            yield from _named(part.inner if isinstance(part, Maybe) else part)


def _ways(part: object) -> int:
    """Count the wordings of a part of the grammar, its slots left open."""
    if isinstance(part, Choice):
        return sum(prod(map(_ways, alternative.parts)) for alternative in part.alternatives)
    if isinstance(part, Ref):
        return _ways(standard().rules[part.name])
    return 1 + _ways(part.inner) if isinstance(part, Maybe) else 1


def test_the_grammar_is_sound() -> None:
    """Every rule that is named exists, and every speech act can be said in thousands of ways, also for its own sake."""
    rules = standard().rules
    assert {name for rule in rules.values() for name in _named(rule)} <= set(rules)
    assert {f"{intent}.free" for intent in INTENTS} | {f"more.{intent}" for intent in INTENTS} <= set(rules)
    for intent in INTENTS:
        assert sum(_ways(rules[name]) for name in rules if name.startswith(f"{intent}.")) > 2000, intent


def test_a_line_of_the_grammar_is_read() -> None:
    """Tags and slots say when an alternative may be used, and brackets must close."""
    line = compile_line("%warm,!cold Hello[, {to}].")
    assert (line.needs, line.bars) == ({"warm"}, {"cold"})
    assert Slot("to") in compile_line("Hello, {to}.").parts
    for wrong in ("(a|b", "a|b", "a)"):
        with pytest.raises(InputError, match="brackets"):
            compile_line(wrong)
