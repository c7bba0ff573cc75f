"""What a visitor types is read for what it means, and a visit is the author's world made quiet."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.server.hearing import hear
from sandbox.server.visits import VISITOR, grown_stage, load_stage, visited
from worlds.actions import Change, Claim, Do, Say
from worlds.events import Acted, Cued, Draft, ProfileChanged, Resolved, SceneSet, TurnEnded
from worlds.state import State
from worlds.trajectory import Trajectory, extend


@cache
def visit() -> Trajectory:
    """A visit to Mira, its scene set."""
    log = visited(load_stage("tavern"), "mira", "improv", 1)
    return extend(log, [Draft(SceneSet(scene="supper", text="Evening."))])


def heard(text: str, before: tuple[str, ...] = ()) -> Say:
    """Read a line said to Mira."""
    action = hear(visit().state, VISITOR, "mira", text, before)
    assert isinstance(action, Say)
    return action


@pytest.mark.parametrize(
    ("text", "intent", "topic"),
    [
        ("Good evening!", "greet", ""),
        ("Who took the garnet?", "ask", "garnet.thief"),
        ("where is the Sorrel garnet", "ask", "garnet.holder"),
        ("Do you know who has the brass key?", "ask", "brass_key.holder"),
        ("Tell me about Bram.", "ask", "bram"),
        ("Give me the brass key, please", "persuade", f"give brass_key {VISITOR}"),
        ("Thank you.", "thank", ""),
        ("I'm sorry about that.", "apologise", ""),
        ("It was you, admit it!", "accuse", ""),
        ("Don't worry, it's all right.", "comfort", ""),
        ("I must be going. Good night.", "take_leave", ""),
        ("Tell me where it is or else.", "threaten", ""),
        ("Nice weather.", "small_talk", ""),
        ("I love the snow.", "small_talk", "the snow"),
        ("*smiles* Hello, you.", "greet", ""),
    ],
)
def test_lines_are_read(text: str, intent: str, topic: str) -> None:
    """The speech act and what it is about are found in the words, and the words are kept."""
    said = heard(text)
    assert (said.intent, said.topic, said.text) == (intent, topic, text)


def test_claims_are_read() -> None:
    """What is claimed of the matters of the world is a claim; `it` and `you` are who and what is meant."""
    assert heard("I think Ysolde took the garnet.").claims == (Claim("garnet", "thief", "ysolde"),)
    assert heard("Bram took it.", ("garnet",)).claims == (Claim("garnet", "thief", "bram"),)
    assert heard("You took it!", ("odo", "garnet")).claims == (Claim("garnet", "thief", "mira"),)
    assert heard("The garnet is nothing but red glass.").claims == (
        Claim("garnet", "substance", "red glass"),
    )
    assert heard("Who took the garnet? Was it Bram?").claims == ()
    assert heard("What do you think of him?", ("garnet", "odo")).topic == "odo"


def test_a_deed_is_a_deed() -> None:
    """A line that is all between asterisks is done, not said."""
    assert hear(visit().state, VISITOR, "mira", "*sits down*") == Do(text="sits down")


@given(text=st.text(max_size=80) | st.text("*() \n?\"'", max_size=20))
def test_anything_can_be_typed(text: str) -> None:
    """Whatever is typed is read as something that can be said or done."""
    state: State = visit().state
    action = hear(state, VISITOR, "mira", text)
    assert isinstance(action, Say | Do)
    assert action.text


def test_a_visit_is_quiet() -> None:
    """On a visit only the character and the visitor are on stage, in one place, and nothing is scheduled."""
    state = visit().state
    assert state.players == ("mira", VISITOR)
    assert state.where["mira"] == state.where[VISITOR]
    assert not state.world.beats
    assert not state.world.endings
    assert state.plan.names["bram"] == "Bram"


def test_people_are_met_as_they_became() -> None:
    """Who is met in a run's world has the slots, the secrets and the place it had at the run's end."""
    log = visit()
    words = Say(text="Bram took it.", to=("mira",), intent="tell", claims=(Claim("garnet", "thief", "bram"),))
    drafts = [
        Draft(Cued(who=(VISITOR,))),
        Draft(Acted(action=words), VISITOR),
        Draft(Resolved(ok=True), VISITOR),
    ]
    changes = (Change("trust.stranger", 0.5, log.seq),)
    log = extend(log, [*drafts, Draft(ProfileChanged(changes=changes), "mira"), Draft(TurnEnded())])
    stage = grown_stage(log)
    again = visited(stage, "mira", "improv", 2).state
    assert VISITOR not in [person.id for person in stage.cast]
    assert again.slots["mira"]["trust.stranger"] == 0.5
    assert "mira" in again.knows["theft"]
    assert again.able("mira")
    assert not again.able("bram")
