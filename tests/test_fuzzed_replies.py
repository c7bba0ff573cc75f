import os
import re
import unicodedata
from collections.abc import Iterator
from random import Random

from characters.minds import Decision
from characters.replies import UnfitError, read
from characters.turn_reply import TurnReply, decision_of
from tests.players import turn
from tests.test_replies import decide, played
from worlds.actions import Do, Go, Handle, Say, Touch, Wait
from worlds.look import look
from worlds.view import View

FUZZED = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "search" else 4_000


def fuzzed(count: int) -> Iterator[str]:
    """Answers as they should be, with one to a dozen things done to each."""
    draw, noise = Random(1), "{}[]\",:'\\n`*<>\x00\u202e\ud83dé0-"
    for number in range(count):
        act = draw.choice(("say", "choose", "try", "wait", "SAY", ""))
        to = draw.choice(([], ["ben"], ["cy"], "Ben and Cy", ["ada"], None, 3))
        text = turn(
            act=act,
            choice=draw.choice((0, 3, 7, -1, 99, "2", 2.5, None)),
            to=to,
            speech=draw.choice(("Well.", "", "Ben: no.", "x" * 900, "a\nb", None, ["a", "b"])),
            deed=draw.choice(("sings", "Ben sings", "", "I sing", 5)),
            changes=draw.choice(([], [1], "none", [{"slot": "trust.ben", "value": 9}])),
        )
        letters = list(text)
        for _ in range(draw.randrange(number % 12 + 1)):
            at = draw.randrange(len(letters))
            letters[at : at + draw.randrange(3)] = draw.choice((noise[draw.randrange(len(noise))], "", "\n"))
        cut = draw.randrange(len(letters)) if draw.random() < 0.1 else len(letters)
        yield "".join(letters[:cut])


def possible(view: View, decision: Decision) -> bool:
    """Whether this character could attempt this, in words that can be stored and shown."""
    action = decision.action
    said = [decision.thought, decision.feeling, getattr(action, "text", "")]
    clean = all(unicodedata.category(char) not in ("Cc", "Cs") for text in said for char in text)
    near = {fellow.id for fellow in view.fellows}
    match action:
        case Say(text=text, to=to, manner=manner):
            return clean and 0 < len(text) <= 600 and (manner == "shout" or near.issuperset(to))
        case Do(text=text, to=to):
            return clean and 0 < len(text) <= 200 and (not to or to in near)
        case Go() | Touch() | Handle() | Wait():
            return clean and (action in view.options or isinstance(action, Wait))


def made_of(view: View, text: str) -> tuple[Decision | None, str]:
    """The decision an answer stands for, or why it is none."""
    try:
        return decision_of(view, read(text, TurnReply)), ""
    except UnfitError as unfit:
        return None, str(unfit)


def test_any_reply_ends_as_a_decision() -> None:
    """Thousands of damaged answers: each is a decision this character could make, or is refused with a reason."""
    log = played()
    views = [look(log.upto(cut), who) for cut in range(3, len(log), 9) for who in ("ada", "ben", "cy")]
    made = 0
    for number, text in enumerate(fuzzed(FUZZED)):
        view = views[number % len(views)]
        decision, why = made_of(view, text)
        assert possible(view, decision) if decision else re.search(r"\w", why), (text, decision)
        made += decision is not None
    assert made > FUZZED // 5


def test_no_reply_breaks_a_mind() -> None:
    """What is refused three times over is improvised: no exception, no turn without a decision."""
    log = played()
    views = [look(log.upto(cut), "ben") for cut in range(3, len(log), 17)]
    for number, text in enumerate(fuzzed(FUZZED // 10)):
        view = views[number % len(views)]
        decision = decide(view, text)
        assert decision.error or possible(view, decision)
