import asyncio
from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from characters.improv import ImprovMind
from judges.interviews import OFFSETS, TYPES, Question, questions
from judges.interviews_asking import MARKER, ask, mark, of_mind, picked, prompt, standing
from judges.interviews_desk import Desk
from judges.interviews_words import plain
from judges.reading import read
from judges.scores import tally
from tests.house import bundled
from worlds.files import world_names
from worlds.trajectory import Trajectory

WORLDS = pytest.mark.parametrize("world", world_names())


@cache
def made(world: str) -> tuple[Question, ...]:
    """Give the questions of a bundled run."""
    return questions(bundled(world))


def everything() -> list[Question]:
    """Give the questions of all bundled worlds."""
    return [question for world in world_names() for question in made(world)]


def choice(kind: str) -> Callable[[Trajectory, Question], object]:
    """Give an answerer that picks the option of one kind, if there is one."""

    async def answer(log: Trajectory, question: Question) -> str:
        return f"({'abcd'[question.kinds.index(kind)]})" if kind in question.kinds else ""

    return answer


def asked(world: str, answer: Callable[..., object]) -> list[tuple[Question, int | None]]:
    """Put all questions of a bundled run."""
    return asyncio.run(ask(bundled(world), made(world), answer))  # type: ignore[arg-type]


# ── what is asked ──────────────────────────────────────────────────────────────────────────────────


def test_all_published_types_are_asked() -> None:
    """Over the bundled worlds each of the seven types is asked, at +1, +5 and +20 turns and at the end."""
    found = {(question.type, question.after) for question in everything()}
    assert {(type_, after) for type_ in TYPES for after in (*OFFSETS, -1)} <= found


@WORLDS
def test_a_question_has_four_options_and_one_is_right(world: str) -> None:
    """Options are of one length, no two alike, and every question has its own id."""
    assert {*OFFSETS, -1} <= {question.after for question in made(world)}
    for question in made(world):
        assert len(set(question.options)) == 4
        assert question.kinds.count("gold") == 1
        assert question.kinds[question.gold] == "gold"
        assert max(map(len, question.options)) <= 1.1 * min(map(len, question.options))
    assert len({question.id for question in made(world)}) == len(made(world))


@WORLDS
def test_nothing_asked_about_lies_ahead(world: str) -> None:
    """The right answer rests on events up to the moment of asking, which is in the log."""
    log = bundled(world)
    for question in made(world):
        assert question.seq < len(log)
        assert all(seq <= question.seq for seq in question.evidence)


@WORLDS
def test_the_right_answer_is_the_slot_as_it_is(world: str) -> None:
    """What is asked of a value is what the slot holds at that moment, drift and all; a wrong option never says it."""
    reading = read(bundled(world))
    desk = Desk(reading)
    for question in made(world):
        if question.type == "recalling_facts_mentioned_by_the_user":
            now = reading.after(question.seq).slots[question.who][question.slot]
            told = [plain(option) for option in question.options]
            assert told[question.gold] == desk.words.value(question.slot, now)
            assert told.count(told[question.gold]) == 1


def test_questions_are_the_same_every_time() -> None:
    """Made again from the same log, every question is the same."""
    assert questions(bundled("opera")) == made("opera")


# ── asking and marking ─────────────────────────────────────────────────────────────────────────────


@WORLDS
def test_oblivion_oracle_and_improv(world: str) -> None:
    """Who always takes the old value is wholly stale, an oracle never and always right, improv in between."""
    oblivious, oracle = standing(asked(world, choice("stale"))), standing(asked(world, choice("gold")))
    assert (oblivious.stale, oblivious.right) == (1.0, 0.0)
    assert (oracle.stale, oracle.right) == (0.0, 1.0)
    assert oracle.answered == oracle.asked
    improv = standing(asked(world, of_mind(ImprovMind(), options=False)))
    assert improv.right is not None
    assert improv.stale is not None
    assert 0.0 < improv.right < 1.0
    assert 0.0 <= improv.stale < 0.5
    assert 0 < improv.answered < improv.asked


def test_an_answer_sees_nothing_of_what_comes_after() -> None:
    """Whoever answers is given the log up to the moment and no further, and the run itself is left as it was."""
    log, seen = bundled("station"), []

    async def answer(upto: Trajectory, question: Question) -> str:
        seen.append((upto.seq, question.seq))
        return ""

    asyncio.run(ask(log, made("station"), answer))
    assert all(at == asked for at, asked in seen)
    assert log == bundled("station")


@pytest.mark.parametrize(
    ("reply", "index"),
    [
        ("(b)", 1),
        ("I weigh (a) and (b) and say <answer> (c)", 2),
        ("I think it is b", 1),
        ("(a) or (b)", None),
        ("<answer> nothing fits, but earlier (d)", 3),
        ("She cannot stand the smell of it, I know.", 2),
        ("No idea.", None),
        ("", None),
    ],
)
def test_replies_are_read_as_published_and_by_their_words(reply: str, index: int | None) -> None:
    """A letter in parentheses counts, two do not; without letters the option with most words in common is meant."""
    question = made("tavern")[0].model_copy(
        update={
            "options": (
                "fond of it",
                "afraid of dogs, all in all",
                "cannot stand the smell",
                "never heard of it",
            )
        }
    )
    assert picked(question, reply) == index
    assert MARKER in prompt(question)


def test_marks_are_verdicts() -> None:
    """Right is 1, wrong 0, no answer is marked unparsed without a value, and the stale are counted on their own."""
    question = next(q for q in made("tavern") if "stale" in q.kinds)
    stale = question.kinds.index("stale")
    right, old, silent = (list(mark([(question, index)])) for index in (question.gold, stale, None))
    assert [(v.value, v.dimension.split(".")[0], v.parsed) for v in right] == [
        (1.0, "interview", "rule"),
        (0.0, "interview", "rule"),
    ]
    assert [v.value for v in old] == [0.0, 1.0]
    assert [(v.value, v.parsed) for v in silent] == [(None, "unparsed")] * 2
    scores = tally(bundled("tavern"), [*right, *silent])
    assert scores["interview.staleness"][question.who].failed == 1


def test_wrong_options_are_of_the_published_kinds() -> None:
    """Over all worlds there are stale values, others' values, own values, and steps swapped, reversed and dropped."""
    kinds = Counter(kind for question in everything() for kind in question.kinds)
    assert set(kinds) == {"gold", "stale", "another's", "own", "swapped", "reversed", "dropped"}
