"""The improv mind in a small house: answers, plans, beliefs, feelings, interviews."""

import asyncio
from collections import Counter

import pytest

from characters.improv import ImprovMind
from characters.improv.choice import weighed
from characters.improv.me import me_of, number
from tests.house import HOUSE, THIEF, acts_of, ask, begin, person, play, says
from worlds.actions import Action, Claim, Go, Intent, Say, Scalar, Touch
from worlds.events import Acted, Happened
from worlds.look import look
from worlds.spec import Beat, Character, Entrance, Place
from worlds.trajectory import Trajectory

# ── answering ──────────────────────────────────────────────────────────────────────────────────────


def test_a_question_is_answered_next() -> None:
    """Asked point-blank, a character's next act is to answer who asked."""
    log = play(begin(person("ben"), person("ada"), turns=2), ben=says(ask("holder")))
    answer = acts_of(log, "ada")[0]
    assert isinstance(answer, Say)
    assert answer.to == ("ben",)
    assert any(rel == "answers" for event in log if event.by == "ada" for _, rel in event.links)


def replies_of(ada: Character, *lines: Action, turns: int = 12) -> list[Say]:
    """Put lines to Ada, one a round, and give what she said."""
    log = play(begin(person("ben"), ada, turns=turns), ben=says(*lines))
    return [action for action in acts_of(log, "ada") if isinstance(action, Say)]


def test_the_honest_do_not_lie() -> None:
    """Who is honest guards a secret by refusing, and does not lie about it."""
    ada = person("ada", traits={"honest": 0.95}, goals={"quiet": "hide theft"}, slots={"trust.ben": -0.5})
    said = replies_of(ada, *(ask() for _ in range(4)))
    assert not any(line.intent == "lie" for line in said)
    assert any(line.intent in ("refuse", "ask", "warn") for line in said)


def test_liars_lie_and_stay_with_it() -> None:
    """A liar with something to hide says what is not so, and the same thing again when asked again."""
    ada = person("ada", traits={"honest": 0.05}, goals={"quiet": "hide theft"}, slots={"trust.ben": -0.9})
    said = replies_of(ada, *(ask() for _ in range(6)))
    lies = [line.claims[0] for line in said if line.intent == "lie"]
    assert lies
    assert THIEF.claim not in lies
    assert len({claim for claim in lies if claim.holds}) <= 1


def test_pressure_brings_secrets_out() -> None:
    """A secret that is asked for often enough by somebody trusted is told, and then known."""
    ada = person(
        "ada", goals={"quiet": "hide theft"}, slots={"trust.ben": 0.8, "liking.ben": 0.8, "mood.shame": 0.6}
    )
    log = play(begin(person("ben"), ada, turns=16), ben=says(*(ask() for _ in range(8))))
    assert "ben" in log.state.knows["theft"]


def test_a_taboo_on_lying_holds_even_for_liars() -> None:
    """Who must not lie does not, whatever the traits say."""
    ada = person("ada", traits={"honest": 0.0}, goals={"quiet": "hide theft"}, taboo_verbs=["lie"])
    assert not any(line.intent == "lie" for line in replies_of(ada, *(ask() for _ in range(5))))


# ── plans ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_goes_through_key_and_chest() -> None:
    """Wanting a ring believed to be in a locked chest upstairs, one fetches the key, unlocks, opens and takes it."""
    ada = person(
        "ada",
        goals={"ring": "have ring"},
        slots={"belief.ring.holder": "chest", "belief.chest.holder": "attic"},
    )
    log = play(begin(ada, turns=30))
    done = [(action.verb, getattr(action, "target", "")) for action in acts_of(log, "ada")]
    assert log.state.held["ring"] == "ada"
    assert log.state.slots["ada"]["goal.ring"] == "done"
    steps = [("unlock", "chest"), ("open", "chest"), ("take", "ring")]
    assert [step for step in done if step in steps] == steps


def test_a_word_given_is_kept() -> None:
    """Who agrees to hand a thing over then does so."""
    ada = person("ada", big_five={"agreeableness": 1.0}, slots={"liking.ben": 0.9, "trust.ben": 0.9})
    order = Say(text="Give me the key.", to=("ada",), intent="persuade", topic="give key ben")
    world = HOUSE.model_copy(update={"cast": {**HOUSE.cast, "ada": Entrance(at="hall", holds=("key",))}})
    log = play(begin(person("ben"), ada, world=world, turns=16), ben=says(order, order))
    assert log.state.held["key"] == "ben"


def test_life_goes_on_without_goals() -> None:
    """With nothing to want, people still talk and do things."""
    log = play(begin(person("ada"), person("ben"), turns=24))
    done = Counter(action.verb for who in ("ada", "ben") for action in acts_of(log, who))
    assert done["wait"] <= 2
    assert done["say"] >= 6


# ── beliefs and feelings ───────────────────────────────────────────────────────────────────────────


def told(claim: Claim, intent: Intent = "tell") -> Say:
    """Tell Ada something."""
    return Say(text="Listen.", to=("ada",), intent=intent, topic=claim.subject, claims=(claim,))


def belief_after(trust: float) -> Trajectory:
    """Let Ben, trusted so much, tell Ada who has the ring, which she wants."""
    ada = person("ada", goals={"ring": "have ring"}, slots={"trust.ben": trust})
    return play(begin(person("ben"), ada, turns=2), ben=says(told(Claim("ring", "holder", "chest"))))


def test_hearsay_counts_by_trust() -> None:
    """What is told is believed from who is trusted, with a confidence and a source, and not from who is not."""
    slots = belief_after(0.6).state.slots["ada"]
    assert slots["belief.ring.holder"] == "chest"
    assert 0.3 < float(slots["sure.ring.holder"]) < 1
    assert slots["source.ring.holder"] == "ben"
    assert "belief.ring.holder" not in belief_after(-0.9).state.slots["ada"]


def test_own_eyes_overrule_hearsay() -> None:
    """A belief falls when one looks where the thing should be and it is not there."""
    ada = person("ada", goals={"ring": "have ring"}, slots={"trust.ben": 0.5})
    log = play(begin(person("ben"), ada, turns=2), ben=says(told(Claim("ring", "holder", "hall"))))
    assert log.state.slots["ada"].get("belief.ring.holder", "") == ""


def test_a_false_charge_is_denied_and_resented() -> None:
    """Accused of what one did not do, one denies it, is angry, and likes the accuser less."""
    ada = person("ada", slots={"liking.ben": 0.3})
    world = HOUSE.model_copy(update={"secrets": ()})
    charge = told(Claim("ring", "thief", "ada"), "accuse")
    log = play(begin(person("ben"), ada, world=world, turns=2), ben=says(charge))
    answer = acts_of(log, "ada")[0]
    assert isinstance(answer, Say)
    assert answer.intent in ("deny", "refuse", "threaten", "warn", "accuse")
    assert number(log.state.slots["ada"]["liking.ben"]) < 0.3
    assert number(log.state.slots["ada"]["mood.anger"]) > 0


def test_kindness_warms_and_beats_alarm() -> None:
    """Comfort raises liking; an alarming happening raises fear, the more so in the anxious."""
    kind = Say(text="There, there.", to=("ada",), intent="comfort")
    log = play(begin(person("ben"), person("ada"), turns=2), ben=says(kind))
    assert number(log.state.slots["ada"]["liking.ben"]) > 0
    world = HOUSE.model_copy(
        update={"beats": (Beat(id="fire", text="Fire! The house is on fire.", at="turn 1"),)}
    )
    anxious, brave = (
        play(begin(person("ada", traits={"brave": b}, big_five={"neuroticism": n}), world=world, turns=2))
        for b, n in ((0.1, 0.9), (0.9, 0.1))
    )
    fears = [float(log.state.slots["ada"].get("mood.fear", 0)) for log in (anxious, brave)]
    assert fears[0] > fears[1]


def test_moods_come_back_to_rest() -> None:
    """A strong feeling that nothing feeds fades."""
    log = play(begin(person("ada", slots={"mood.anger": 0.9}), turns=30))
    assert float(log.state.slots["ada"]["mood.anger"]) < 0.4


def test_a_beat_is_reacted_to() -> None:
    """When something happens to everyone, somebody's next act is about it and says so by a link."""
    blaze = Beat(id="fire", text="A scream, smoke, and the whole roof is on fire.", at="turn 3")
    world = HOUSE.model_copy(update={"beats": (blaze,)})
    log = play(begin(person("ada"), person("ben"), world=world, turns=8))
    beat = next(event.seq for event in log if isinstance(event.body, Happened) and event.body.beat == "fire")
    assert any((beat, "because") in event.links for event in log if isinstance(event.body, Acted))


# ── interviews ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who are you?", ("Ada", "of the house")),
        ("What do you want?", ("the ring",)),
        ("How do you feel?", ("angry",)),
        ("Do you trust Ben?", ("do not trust",)),
        ("Who took the ring?", ("took the ring",)),
        ("Are you hurt?", ("arm", "broken")),
        ("Who has the ring?", ("Ben",)),
        ("What is the capital of the moon?", ("do not know",)),
    ],
)
def test_interviews_are_answered_from_the_profile(question: str, parts: tuple[str, ...]) -> None:
    """A question is answered from identity, goals, moods, relations, beliefs, injuries; else `I do not know`."""
    slots: dict[str, Scalar] = {
        "mood": "angry",
        "trust.ben": -0.7,
        "injury.arm": "broken",
        "belief.ring.holder": "ben",
    }
    log = play(
        begin(person("ben"), person("ada", goals={"ring": "have ring"}, slots=slots), turns=1), ben=says()
    )
    text = asyncio.run(ImprovMind().answer(look(log, "ada"), question))
    assert all(part.lower() in text.lower() for part in parts), text


# ── choosing ──────────────────────────────────────────────────────────────────────────────────────


def test_the_last_two_acts_are_not_done_again() -> None:
    """What was done twice running is no longer among the ideas."""
    world = HOUSE.model_copy(
        update={"places": {**HOUSE.places, "hall": Place(name="the hall", text="A hall.")}}
    )
    log = play(
        begin(person("ada"), world=world, turns=2),
        ada=says(Touch(verb="examine", target="hall"), Touch(verb="examine", target="hall")),
    )
    view = look(log, "ada")
    assert not any(idea.act == Touch(verb="examine", target="hall") for idea in weighed(me_of(view)))
    assert not any(isinstance(idea.act, Go) for idea in weighed(me_of(view)))
