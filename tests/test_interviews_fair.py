"""Generated questions give nothing away: not by their options, nor by what came up last."""

import re
from collections.abc import Callable, Sequence

import pytest

from judges.audit import audit
from judges.interviews import Question, questions
from judges.interviews_fair import Mentions
from judges.reading import read
from tests.house import bundled
from tests.test_interviews import everything
from worlds.actions import Say
from worlds.events import Acted
from worlds.files import world_names


def words(text: str) -> frozenset[str]:
    """Give the words of a text."""
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def share(scores: Sequence[float], gold: int) -> float:
    """Give how often the highest score is the right option's, ties shared."""
    best = [index for index, score in enumerate(scores) if score == max(scores)]
    return (gold in best) / len(best)


def central(question: Question) -> list[float]:
    """Give how much each option has in common with the others."""
    bags = [words(option) for option in question.options]
    return [sum(len(one & other) / len(one | other) for other in bags if other is not one) for one in bags]


BASELINES: dict[str, Callable[[Question], list[float]]] = {
    "longest": lambda q: [float(len(option)) for option in q.options],
    "shortest": lambda q: [-float(len(option)) for option in q.options],
    "first": lambda q: [3.0, 2.0, 1.0, 0.0],
    "last": lambda q: [0.0, 1.0, 2.0, 3.0],
    "most overlap": lambda q: [len(words(o) & words(q.text)) / len(words(o)) for o in q.options],
    "least overlap": lambda q: [-len(words(o) & words(q.text)) / len(words(o)) for o in q.options],
    "most central": central,
    "oddest": lambda q: [-score for score in central(q)],
}


@pytest.mark.parametrize("baseline", BASELINES)
def test_options_give_nothing_away(baseline: str) -> None:
    """No rule that reads only question and options is right more than 30 % of the time, on at least 200 questions."""
    asked = everything()
    assert len(asked) >= 200
    assert sum(share(BASELINES[baseline](q), q.gold) for q in asked) / len(asked) <= 0.30


@pytest.mark.parametrize(("turns", "seeds"), [(90, (3,)), (30, (3, 31, 32))])
def test_the_audit_finds_nothing(turns: int, seeds: tuple[int, ...]) -> None:
    """On 200 questions or more, from short runs too, no rule of the audit is right in more than 30 %.

    Among the rules are taking what came up last in what the character perceived, and the best rule of each type.
    """
    items = []
    for log in (bundled(world, seed, turns) for world in world_names() for seed in seeds):
        reading = read(log)
        mentions = Mentions(reading)
        own = [mentions.item(question) for question in questions(reading)]
        assert audit(own).flaws == ()
        items += own
    found = audit(items)

    assert found.items >= 200
    assert {"latest", "typed", "longest", "central", "overlap", "constant"} <= found.baselines.keys()
    assert found.best[1] <= 0.30, found.best


def test_the_latest_mention_is_the_one_perceived() -> None:
    """When an option last came up is told by what its character perceived, not by what happened elsewhere."""
    reading = read(bundled("tavern"))
    mentions = Mentions(reading)
    line = next(
        event
        for event in reading
        if isinstance(event.body, Acted)
        and isinstance(event.body.action, Say)
        and 1 < len(event.witnesses) < len(reading.cast)
    )
    assert isinstance(line.body, Acted)
    assert isinstance(line.body.action, Say)
    words_said = line.body.action.text
    stranger = next(who for who in reading.cast if who not in (*line.witnesses, *line.glimpses))

    assert mentions.last(line.witnesses[0], line.seq, words_said) == line.seq
    assert mentions.last(line.witnesses[0], line.seq - 1, words_said) < line.seq
    assert mentions.last(stranger, line.seq, words_said) < line.seq
