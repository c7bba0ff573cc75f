"""The speech of improv characters: whole, in person, and never the same twice."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.improv.speech import Utterance, speak
from characters.improv.speech_polish import say_dialect
from tests.speakers import ASKS, CLAIMS, GRUFF, VOICES, anything, long_talk, seen_by
from worlds.actions import INTENTS


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
        "from random import Random\n"
        "from characters.improv.speech import speak\n"
        "from tests.speakers import anything, seen_by\n"
        "from worlds.actions import INTENTS\n"
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


def test_a_long_life_of_talk_does_not_repeat() -> None:
    """Over all speech acts mixed, six hundred lines of one character are six hundred different lines."""
    assert len(set(long_talk("gruff", "any", 600))) == 600


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
