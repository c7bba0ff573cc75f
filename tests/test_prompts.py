import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.asking import Question, opening
from characters.prompting import Section, fill, fit
from characters.turn_options import option_lines
from characters.turn_prompt import answer_prompt, turn_prompt
from characters.turn_reply import AnswerReply, TurnReply
from sandbox.narrator_prompt import close_prompt, cue_prompt, frame_prompt, rule_prompt, system_prompt
from sandbox.narrator_reply import CueReply, RuleReply, TextReply
from tests.conftest import Golden
from tests.players import at_the_gate
from worlds.actions import Claim, Do
from worlds.look import look
from worlds.spec import Secret
from worlds.view import Percept, Recollection, View


def gate() -> View:
    """What Ada sees when it is her turn, with a memory brought back and some ties."""
    view = look(at_the_gate(), "ada")
    slots = {
        **view.slots,
        "mood": "uneasy",
        "mood.fear": 0.2,
        "belief.key.holder": "ben",
        "sure.key.holder": 0.6,
    }
    memory = Recollection(0, "Cy once lost a key in the well.", 0.9, "key")
    return replace(view, slots=slots, recollections=(memory,))


def whole(question: Question[TurnReply, None]) -> str:
    """A prompt as it is sent."""
    return "\n\n".join(f"──── {message.role} ────\n\n{message.text}" for message in opening(question)) + "\n"


@pytest.mark.golden
def test_the_prompt_of_a_turn(golden: Golden) -> None:
    """The whole prompt for a decision is as reviewed."""
    golden("prompt-turn.txt", whole(Question("", *turn_prompt(gate()), TurnReply, lambda _: None)))


@pytest.mark.golden
def test_the_prompt_of_an_interview(golden: Golden) -> None:
    """The whole prompt for an interview question is as reviewed."""
    prompt = answer_prompt(gate(), "Who has the {key}?")
    golden("prompt-answer.txt", whole(Question("", *prompt, AnswerReply, lambda _: None)))  # type: ignore[arg-type]


@pytest.mark.golden
def test_the_prompts_of_the_narrator(golden: Golden) -> None:
    """The prompts for framing, ruling, cueing and closing are as reviewed."""
    log = at_the_gate()
    system = system_prompt(log.state)
    asked = (
        (TextReply, frame_prompt(log, log.state.world.scenes[1])),
        (RuleReply, rule_prompt(log, "ada", Do(text="searches the straw", to="ben"))),
        (CueReply, cue_prompt(log)),
        (TextReply, close_prompt(log, "All is out.")),
    )
    texts = [whole(Question("", system, user, shape, lambda _: None)) for shape, user in asked]  # type: ignore[arg-type]
    golden("prompt-narrator.txt", "\n".join(texts))


words = st.text(string.ascii_lowercase + " ", max_size=200)
parts = st.builds(
    Section,
    name=st.uuids().map(str),
    lines=st.lists(words, max_size=12),
    least=st.integers(0, 300),
    most=st.integers(300, 900),
    newest=st.booleans(),
)


@given(st.lists(parts, max_size=6), st.integers(0, 3_000))
def test_budgets_hold_and_minima_are_kept(sections: list[Section], budget: int) -> None:
    """No section exceeds its maximum, all together the budget; and each gets its minimum, to a line."""
    texts = fit(sections, budget)
    floor = sum(min(section.least, sum(len(line) + 1 for line in section.lines)) for section in sections)
    assert sum(len(text) for text in texts.values() if text != "(nothing)") <= max(budget, floor)
    for section in sections:
        text, size = texts[section.name], sum(len(line) + 1 for line in section.lines)
        assert len(text) <= max(section.most, len("(nothing)"))
        longest = max((len(line) for line in section.lines), default=0)
        assert text == "(nothing)" or len(text) + 1 >= min(section.least, size) - longest - 1


def test_what_is_put_in_is_data() -> None:
    """Braces in names and lines mean nothing, and nothing is put in twice."""
    assert fill("{a} {b} {c}", {"a": "{b}", "b": "{a.__class__} %s {0}"}) == "{b} {a.__class__} %s {0} {c}"


def test_card_memory_and_news_are_not_squeezed_out() -> None:
    """In a crowded, noisy world the prompt stays in its bounds, and who one is and what one remembers stay in it."""
    view = gate()
    noise = tuple(
        Percept(seq, 1, 0, "happened", "", f"Noise {seq} " * 30, whole=True) for seq in range(4, 60)
    )
    crowd = replace(
        view,
        past=noise,
        news=noise,
        place_text="A hall of halls. " * 200,
        premise="Long ago. " * 300,
        options=view.options * 40,
        secrets=tuple(
            Secret(id=f"s{n}", text="Who knows? " * 9, claim=Claim("ada", "took", n), known_by=("ada",))
            for n in range(40)
        ),
        slots={**view.slots, **{f"trust.p{n}": 0.5 for n in range(200)}},
        recollections=tuple(Recollection(0, f"Memory {n} of many. " * 3, 1.0, "") for n in range(30)),
        names={**{f"p{n}": f"Person {n}" for n in range(100)}, **view.names},
    )
    system, user = turn_prompt(crowd)
    assert len(system) + len(user) < 10_500
    for kept in ("smith in the yard", "never breaks a promise", "have the ring in my hand"):
        assert kept in system
    assert "Memory 0 of many." in user
    assert "Noise 59" in user
    assert "wait:" in "\n".join(option_lines(view))


def test_every_option_is_offered() -> None:
    """Each admissible action and named deed has its number in the list, once."""
    view = gate()
    numbers = [
        int(word) for line in option_lines(view) for word in line.replace(",", " ").split() if word.isdigit()
    ]
    assert sorted(numbers) == list(range(len(view.options) + len(view.deeds)))
