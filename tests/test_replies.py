import asyncio
import json
import re
import time
from functools import lru_cache

import pytest

from characters.improv import ImprovMind
from characters.minds import Decision
from characters.model_mind import ModelMind
from characters.replies import UnfitError, read, tidy, unreasoned
from characters.turn_reply import TurnReply
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from tests.players import PLAYERS, curtain, scripted, turn
from tests.stagecraft import Anything, play
from worlds.actions import Do, Say
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import View


@lru_cache
def played() -> Trajectory:
    """A log of the small world in which anything was tried."""
    stage = Stage({character.id: Anything() for character in PLAYERS}, ImprovNarrator())
    return play(curtain(turns=24), stage)


def hall() -> View:
    """What Ada sees at the beginning: Ben is with her in the hall, Cy is not."""
    return look(played().upto(3), "ada")


def decide(view: View, *replies: str) -> Decision:
    """The decision of a mind whose model says these things, the last of them for ever."""
    given = iter(replies)
    said = ""

    def script(_: object) -> str:
        nonlocal said
        said = next(given, said)
        return said

    return asyncio.run(ModelMind(scripted(script)).decide(view))


SAY = turn(act="say", speech="At 9:30, by the gate: be there.", to=["ben"])
LABELLED = (
    "**Thought:** He must know.\n**Act:** say\n**Speech:** At 9:30, by the gate: be there.\n**To:** Ben"
)

SHAPES = {
    "a clock time with a colon": SAY,
    "a line before it": f"Here is the action:\n{SAY}\nI hope that helps.",
    "a bold heading": f"**Action**\n\n```json\n{SAY}\n```",
    "blank lines between the parts": SAY.replace(", ", ",\n\n\n"),
    "bold keys": SAY.replace('"act"', '"**Act**"')
    .replace('"speech"', '"**Speech**"')
    .replace('"to"', '"**To**"'),
    "bold names, semicolons and a space too many": SAY.replace('["ben"]', '"**Ben** ; "'),
    "labels instead of JSON": LABELLED,
    "trailing commas": SAY.replace("}", ",}"),
    "single quotes": str({"act": "say", "speech": "At 9:30, by the gate: be there.", "to": ["ben"]}),
    "cut off": '{"act": "say", "to": ["ben"], "speech": "At 9:30, by the gate: be there.", "thought": "He mu',
    "thinking aloud": f"<think>Perhaps {{not}} this: {turn(act='wait')}</think>{SAY}",
    "thinking that was not opened": f"I could {turn(act='wait')} …</think>\n{SAY}",
    "a list of one": f"[{SAY}]",
    "two answers": f"{SAY}\n{turn(act='wait')}",
    "nulls": SAY.replace('"intent": ""', '"intent": null').replace('"claims": []', '"claims": null'),
    "a comment": SAY.replace('"thought"', '// my answer\n"thought"'),
    "quotes that are not escaped": SAY.replace('"I wait and see."', '"He said "no" to me."'),
    "typographic quotes": re.sub(r'"([^"]*)"', r"“\1”", SAY),
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
def test_what_was_meant_is_read(text: str) -> None:
    """However an answer is wrapped, broken or decorated, it is read whole and as it was meant."""
    decision = decide(hall(), text)
    assert not decision.error
    assert decision.action == Say(text="At 9:30, by the gate: be there.", to=("ben",))


REFUSED = {
    "prose": "Ada looks up and says nothing, because she is thinking about the ring.",
    "nothing": "",
    "another's name on it": turn(act="say", speech="Hello.", who="Ben"),
    "another's line": turn(act="say", speech="Hello.\nBen: Good day to you."),
    "another's deed": turn(act="try", deed="Ben hands over the ring"),
    "somebody who is not here": turn(act="say", speech="Hello.", to=["cy"]),
    "somebody who does not exist": turn(act="say", speech="Hello.", to=["the mayor"]),
    "a number out of range": turn(act="choose", choice=99),
    "half a number": turn(act="choose", choice="2.5"),
    "no words": turn(act="say", speech=" … "),
    "no deed": turn(act="try"),
    "no act": json.dumps({"speech": "Hello."}),
    "an unfinished thought": "<think>Shall I? " + turn(act="wait"),
    "a number for a text that is a table": turn(act="say", speech={"a": 1}),
    "nested beyond reason": '{"act":' * 3_000,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    """What is no answer, or not this character's to give, is asked for again and then improvised, with the reason."""
    view = hall()
    decision = decide(view, text)
    assert decision.error.startswith("3 replies could not be used; the last: ")
    assert decision._replace(error="") == asyncio.run(ImprovMind().decide(view))


def test_the_second_answer_counts() -> None:
    """A model that mends its answer when told what was wrong is taken at its word."""
    told: list[str] = []

    def script(messages: object) -> str:
        told.append(str(messages[-1].text))  # type: ignore[index]
        return turn(act="choose", choice=99 if len(told) < 3 else 0)

    view = hall()
    decision = asyncio.run(ModelMind(scripted(script)).decide(view))
    assert decision.action == view.options[0]
    assert not decision.error
    assert "choose a number from 0 to" in told[1]


def test_thinking_is_not_speech() -> None:
    """Reasoning blocks are taken out wherever a provider leaves them."""
    assert unreasoned("<think>a\nb</think>c") == "c"
    assert unreasoned("<Reasoning effort=high>a</Reasoning> c") == "c"
    assert unreasoned("a</thinking>c") == "c"
    assert unreasoned("c<think>a") == "c"
    assert unreasoned("<|channel|>analysis<|message|>a<|end|><|channel|>final<|message|>c") == "c"


def test_reading_takes_no_longer_for_malice() -> None:
    """Replies made to be slow to read are given up within a second or two each."""
    slow = ("<think>", "<think ", "</think>", '{"', "{", "[", "\n", '{"a":', "\\", "* ", "speech: ")
    for bad in (part * 9_000 for part in slow):
        began = time.perf_counter()
        with pytest.raises(UnfitError):
            read(bad, TurnReply)
        assert time.perf_counter() - began < 10, bad[:9]


def test_numbers_that_cannot_be_stored_are_no_numbers() -> None:
    """Infinity and its like never reach the log."""
    claim = '{"subject": "ada", "attribute": "took", "value": 1e999, "holds": true}'
    claims = f'"claims": [{claim}, {claim.replace("1e999", "NaN")}]'
    decision = decide(hall(), turn(act="say", speech="So.").replace('"claims": []', claims))
    assert decision.action == Say(text="So.")


def test_words_are_made_fit_to_be_kept() -> None:
    """Control characters, direction marks and lone surrogates go; lines become one; what is long is cut at a word."""
    assert tidy("a\x1b[31m\u202eb\n\tc\x00", 40) == "a [31m b c"
    assert tidy("\ud83d half", 40) == "half"
    assert tidy("one two three four", 12) == "one two…"
    assert tidy("👩\u200d🔧 माँ", 40) == "👩\u200d🔧 माँ"


def test_own_name_and_marks_are_not_words() -> None:
    """A line that begins with the speaker's own name, or stands in quotes, is taken without."""
    decision = decide(hall(), turn(act="say", speech='**Ada** (quietly): "I am here."'))
    assert decision.action == Say(text="I am here.")
    assert decide(hall(), turn(act="try", deed="Ada counts the nails.")).action == Do(text="counts the nails")


def test_beside_the_point_is_left_out() -> None:
    """Claims about nothing known and numbers of nothing perceived do not cost a turn; the rest of the list stands."""
    took = {"subject": "ada", "attribute": "took", "value": "a ring"}
    claims = [took, took | {"subject": "moon"}, took | {"attribute": "ate"}, 5]
    text = turn(act="say", speech="It was me.", used=["[2]", 77, "x"], claims=claims)
    view = hall()
    decision = decide(view, text)
    assert not decision.error
    assert isinstance(decision.action, Say)
    assert [tuple(claim) for claim in decision.action.claims] == [("ada", "took", "ring", True)]
    assert {link.to for link in decision.links} <= {percept.seq for percept in (*view.past, *view.news)}
