"""Claims, questions, wants and grammar as words."""

from collections.abc import Iterator
from math import prod

import pytest

from characters.improv.speech import name_of, phrase_ask, phrase_claim
from characters.improv.speech_grammar import Choice, Maybe, Ref, Slot, compile_line, standard
from characters.improv.speech_polish import contract, tidy
from characters.improv.speech_wants import want_slots
from characters.profile import GOALS
from tests.speakers import WANTS, seen_by
from worlds.actions import INTENTS, Claim
from worlds.errors import InputError


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
    assert line.needs == {"warm"}
    assert line.bars == {"cold"}
    assert Slot("to") in compile_line("Hello, {to}.").parts
    for wrong in ("(a|b", "a|b", "a)"):
        with pytest.raises(InputError, match="brackets"):
            compile_line(wrong)
