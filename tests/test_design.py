"""What a designer of characters is told: flaws by name, no difference where there is none."""

import asyncio
from random import Random

import pytest

from characters.files import character_names, load_card
from characters.profile import Card
from sandbox.design.audition import ReportCard, audition
from sandbox.design.comparing import LEVEL, Run, _by_chance, runs_of, weigh
from sandbox.design.reading import contradictions, given_away, open_secrets, unlike
from sandbox.design.variants import Variant, home_of, variant
from tests.conftest import Sandbox
from tests.house import begin
from worlds.files import load_world

MIRA = variant("mira")


def _with(card: Card, **core: object) -> Card:
    return card.model_copy(update={"core": card.core.model_copy(update=core)})


def _in_the_voice_of(card: Card, other: Card, *, samples_only: bool) -> Card:
    given = other.core.voice
    voice = card.core.voice.model_copy(update={"samples": given.samples}) if samples_only else given
    return _with(card, voice=voice)


def _tried(card: Card) -> ReportCard:
    return asyncio.run(audition(MIRA._replace(card=card)))


def _flaws(card: ReportCard) -> str:
    return " ".join(quote.text for mark in card.marks[:2] for quote in mark.quotes)


@pytest.mark.parametrize("name", character_names())
def test_the_bundled_cards_are_without_flaws_on_paper(name: str) -> None:
    """Twenty cards written with care: no contradiction, no strange samples, no open secret is reported of them."""
    card = load_card(name)
    world = load_world(home_of(card))

    assert not [*contradictions(card), *open_secrets(card, world), *given_away(card, world.secrets)]
    assert unlike(card) is None


@pytest.mark.slow
def test_whoever_lends_samples_is_named() -> None:
    """Every bundled card with the samples of every other: all are found, and the lender is named in each."""
    cards = {name: load_card(name) for name in character_names()}
    missed = [
        (one.id, other.id)
        for one in cards.values()
        for other in cards.values()
        if one.id != other.id
        and f"more like {other.id} " not in str(unlike(_in_the_voice_of(one, other, samples_only=True)))
    ]

    assert not missed


@pytest.mark.parametrize(
    "wrong",
    [
        {"summary": "She never drinks plum brandy. She drinks plum brandy every night."},
        {"summary": "She has never left the valley.", "values": ("a home after she left the valley",)},
        {
            "identity": "Mira, thirty years old, innkeeper.",
            "summary": "She is fifty-two years old and tired.",
        },
        {"taboos": ("never tells a lie",), "summary": "She tells lies to everybody."},
    ],
)
def test_statements_that_contradict_each_other_are_both_quoted(wrong: dict[str, object]) -> None:
    """A card that says a thing and its contrary is told so, in its own words."""
    assert "contradict each other" in _flaws(_tried(_with(MIRA.card, **wrong)))


def test_an_audition_names_what_was_planted() -> None:
    """Samples of another, and a secret told to everyone, stand on the report card; of the clean card they do not."""
    told = MIRA.card.secrets or load_world("tavern").secrets
    secret = told[0].model_copy(update={"known_by": tuple(load_world("tavern").cast)})
    clean = _tried(MIRA.card)
    lent = _tried(_in_the_voice_of(MIRA.card, load_card("odo"), samples_only=True))
    open_ = _tried(MIRA.card.model_copy(update={"secrets": (secret,)}))

    assert _flaws(clean) == ""
    assert "more like odo" in _flaws(lent)
    assert "known to everyone from the start" in _flaws(open_)
    assert all(mark.score is None or 0 <= mark.score <= 1 for mark in clean.marks)


def test_a_report_card_is_the_same_twice_and_can_fail_a_build(sandbox: Sandbox) -> None:
    """The command line says the same every time, and leaves with 6 below the bar."""
    once = sandbox("audition", "mira")

    assert sandbox("audition", "mira", "--fail-under", "1", code=6).stdout == once.stdout


def test_a_character_differs_in_nothing_from_itself() -> None:
    """The same runs twice: not one measure differs."""
    runs = asyncio.run(runs_of(MIRA, MIRA, ["tavern"], range(1, 7), 12))

    assert not any(row.is_one for row in weigh([(run, run) for run in runs], "mira").differences)


def test_luck_alone_is_called_a_difference_one_time_in_twenty() -> None:
    """Of 400 comparisons of twenty measures that only luck moves, about one in twenty finds something."""
    draw, log, names = Random(3), begin(), [f"m{n}" for n in range(20)]

    def lucky() -> Run:
        return Run("house", 1, log, {name: draw.gauss(0, 1 + n) for n, name in enumerate(names)})

    chances = [_by_chance([(lucky(), lucky()) for _ in range(7)], names) for _ in range(400)]

    assert 8 <= sum(min(each.values()) < LEVEL for each in chances) <= 34


def test_a_flawed_copy_is_told_from_the_card() -> None:
    """Six pairs are enough to tell a card from its copy in another's voice."""
    copy = Variant(
        "copy", _in_the_voice_of(MIRA.card, load_card("odo"), samples_only=False), "improv", MIRA.file
    )
    one = asyncio.run(runs_of(MIRA, MIRA, ["tavern"], range(1, 7), 20))
    two = asyncio.run(runs_of(copy, MIRA, ["tavern"], range(1, 7), 20))

    assert "fidelity.voice" in {
        row.measure for row in weigh(list(zip(one, two, strict=True)), "mira").differences if row.is_one
    }


def test_a_new_character_and_world_can_be_checked_played_and_auditioned(sandbox: Sandbox) -> None:
    """Three commands and the questions' own examples make something that passes `check` without a warning."""
    sandbox("new", "character", "wenna")
    sandbox("new", "character", "tobit", "--set", "name=Tobit Crane", "--set", "secret=nothing")
    sandbox("new", "world", "dryford")

    told = sandbox("check", "dryford.yaml").stdout.splitlines()
    assert [line for line in told if "tobit wants nothing" not in line] == []
    assert "0.00" not in sandbox("audition", "characters/wenna.yaml").stdout.splitlines()[0]
    sandbox("run", "dryford.yaml", "--turns", "8", "-q")
    again = sandbox("new", "character", "wenna", code=2)
    assert "never overwritten" in again.stderr


def test_an_answer_to_nothing_is_refused(sandbox: Sandbox) -> None:
    """A flag that answers no question says which there are."""
    refused = sandbox("new", "character", "wenna", "--set", "colour=red", code=2)

    assert "colour" in refused.stderr
    assert "identity" in refused.stderr


def test_check_reads_a_card_as_an_editor_would(sandbox: Sandbox) -> None:
    """Contradictions are warnings of `sandbox check`, with both statements quoted."""
    sandbox("new", "character", "wenna", "--set", "summary=She never drinks ale. She drinks ale every night.")
    told = sandbox("check", "characters/wenna.yaml").stdout

    assert "never drinks ale" in told
    assert "drinks ale every night" in told
