"""The improv mind: what it decides, feels and believes, in a small scene and in the bundled worlds."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from characters.files import load_cast
from characters.improv import ImprovMind
from characters.improv.choice import weighed
from characters.improv.me import me_of
from characters.improv.mind import decide
from characters.improv.reflecting import changed, reflection
from characters.minds import Mind, ScriptedMind
from sandbox.casting import stage_for
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator
from worlds.actions import Action, Change, Claim, Go, Say, Touch, Wait
from worlds.events import Acted, Event, Happened, ProfileChanged, Reflected, Resolved, Started
from worlds.files import find_world, load_world, world_names
from worlds.look import look
from worlds.spec import (
    Beat,
    Character,
    Entrance,
    Exit,
    Phrase,
    Place,
    Scene,
    Secret,
    Settings,
    Thing,
    World,
)
from worlds.trajectory import Trajectory, start

THIEF = Secret(id="theft", text="Ada took the ring.", claim=Claim("ring", "thief", "ada"), known_by=("ada",))

HOUSE = World(
    id="house",
    title="The House",
    genre="test",
    premise="A ring is gone.",
    places={
        "hall": Place(name="the hall", text="A hall.", exits=(Exit(to="attic"),)),
        "attic": Place(name="the attic", text="An attic.", exits=(Exit(to="hall"),)),
    },
    things={
        "chest": Thing(
            name="the chest",
            at="attic",
            portable=False,
            capacity=2,
            key="key",
            facts={"open": False, "locked": True},
        ),
        "ring": Thing(name="the ring", at="chest"),
        "key": Thing(name="a small key", at="hall"),
    },
    phrases={
        "thief": Phrase(
            says="{value} took {subject}", asks="who took {subject}", denies="{value} did not take {subject}"
        )
    },
    topics=("the weather", "the price of salt"),
    secrets=(THIEF,),
    scenes=(Scene(id="one", premise="Morning."),),
    cast={"ada": Entrance(at="hall"), "ben": Entrance(at="hall")},
)


def person(id_: str, **core: object) -> Character:
    """Make a character with a core of these fields; its goals are `{id: want}`."""
    goals = core.pop("goals", {})
    slots = core.pop("slots", {})
    given = [{"id": name, "want": want, "text": want, "weight": 0.9} for name, want in goals.items()]
    fields = {"identity": f"{id_}, of the house.", "summary": "", "goals": given, **core}
    wants = {f"goal.{name}": want for name, want in goals.items()}
    return Character(id=id_, name=id_.capitalize(), core=fields, slots={**wants, **slots})


def begin(*people: Character, world: World = HOUSE, turns: int = 20) -> Trajectory:
    """Give the first line of a run of these people in the house."""
    settings = Settings(seed=1, turns=turns, order="list")
    return start(Started(world=world, cast=people, settings=settings))


def play(log: Trajectory, **others: Mind) -> Trajectory:
    """Play to the end; who is not given another mind improvises."""
    minds = {who: others.get(who, ImprovMind()) for who in log.state.cast}
    on = Stage(minds, ImprovNarrator())

    async def drain() -> Trajectory:
        async for _ in on.play(log):
            pass
        return on.log

    return asyncio.run(drain())


def says(*lines: Action) -> ScriptedMind:
    """Make a mind that goes through these actions, one a turn, and then waits."""
    return ScriptedMind(lambda view: lines[view.own_turn - 1] if view.own_turn <= len(lines) else Wait())


def ask(attribute: str = "thief") -> Say:
    """Ask Ada something about the ring."""
    return Say(text="Tell me.", to=("ada",), intent="ask", topic=f"ring.{attribute}")


def acts_of(log: Trajectory, who: str) -> list[Action]:
    """Give what somebody did, in order."""
    return [event.body.action for event in log if isinstance(event.body, Acted) and event.by == who]


def changes(log: Trajectory) -> Iterator[tuple[Event, Change]]:
    """Give every change of a slot by a mind, with its event."""
    for event in log:
        if isinstance(event.body, Reflected | ProfileChanged):
            for change in event.body.changes:
                yield event, change


@cache
def bundled(world: str, seed: int = 3, turns: int = 90) -> Trajectory:
    """Play a bundled world with its own cast."""
    spec = load_world(world)
    cast = load_cast(spec, tuple(spec.cast), find_world(world).parent)
    log = start(Started(world=spec, cast=cast, settings=Settings(seed=seed, turns=turns)))
    on = stage_for(log)

    async def drain() -> Trajectory:
        async for _ in on.play(log):
            pass
        return on.log

    return asyncio.run(drain())


WORLDS = pytest.mark.parametrize("world", world_names())


# ── whole runs ─────────────────────────────────────────────────────────────────────────────────────


@WORLDS
def test_equal_views_are_answered_equally(world: str) -> None:
    """Asked again with an equal view, the mind decides, reflects and answers the same."""
    log = bundled(world)
    for cut in (20, len(log) // 2, len(log) - 1):
        for who in log.state.cast:
            view = look(log.upto(cut), who)
            again = replace(view, slots=dict(view.slots), core=dict(view.core))
            assert decide(view) == decide(again)
            assert reflection(view) == reflection(again)


@WORLDS
def test_nobody_attempts_nonsense(world: str) -> None:
    """Every physical act is one the world offered at that moment, so no attempt is refused as impossible."""
    log = bundled(world)
    for event in log:
        if isinstance(event.body, Acted) and not isinstance(event.body.action, Say):
            view = look(log.upto(event.seq), event.by)
            deeds = {deed.id for deed in view.deeds} | {"struggle"}
            action = event.body.action
            assert action in view.options or getattr(action, "deed", "") in deeds


@WORLDS
def test_taboos_hold(world: str) -> None:
    """Nobody ever uses a verb or a speech act that is taboo to them."""
    log = bundled(world)
    for who, character in log.state.cast.items():
        taboo = character.core.get("taboo_verbs", [])
        done = {action.verb for action in acts_of(log, who)}
        said = {action.intent for action in acts_of(log, who) if isinstance(action, Say)}
        assert not (done | said) & set(taboo if isinstance(taboo, list) else ())


@WORLDS
def test_nobody_does_the_same_thrice_running(world: str) -> None:
    """No character uses one verb on one target in three turns of its own running."""
    log = bundled(world)
    for who in log.state.cast:
        done = [_target(action) for action in acts_of(log, who)]
        assert all(len({*three}) > 1 for three in zip(done, done[1:], done[2:], strict=False))


def _target(action: Action) -> tuple[object, ...]:
    fields = action.model_dump()
    return tuple(fields[name] for name in ("verb", "to", "target", "thing", "deed") if name in fields)


@WORLDS
def test_people_talk_and_act(world: str) -> None:
    """Most turns are speech, hardly any are waiting, and no line is said twice in more than one case of fifty."""
    done = Counter(event.body.action.verb for event in bundled(world) if isinstance(event.body, Acted))
    lines = [
        e.body.action.text
        for e in bundled(world)
        if isinstance(e.body, Acted) and isinstance(e.body.action, Say)
    ]
    assert 0.35 * done.total() < done["say"] < 0.8 * done.total()
    assert done["wait"] <= 0.1 * done.total()
    assert len(lines) - len(set(lines)) <= 0.02 * len(lines)


@pytest.mark.slow
@WORLDS
def test_everybody_has_a_repertoire(world: str) -> None:
    """Over a long run a character uses at least five verbs and six speech acts, and its people six and eight."""
    log = bundled(world, seed=2, turns=200)
    verbs: dict[str, set[str]] = defaultdict(set)
    intents: dict[str, set[str]] = defaultdict(set)
    for who in log.state.cast:
        for action in acts_of(log, who):
            verbs[who].add(action.verb)
            if isinstance(action, Say):
                intents[who].add(action.intent or "")
    assert min(map(len, verbs.values())) >= 5
    assert min(map(len, intents.values())) >= 6
    assert _mean(verbs.values()) >= 6
    assert _mean(intents.values()) >= 8


def _mean(sets: Iterable[set[str]]) -> float:
    sizes = [len(found) for found in sets]
    return sum(sizes) / len(sizes)


@WORLDS
def test_changes_have_perceived_causes(world: str) -> None:
    """Every change of a slot names as its cause an event its owner perceived, and there are enough of them."""
    log = bundled(world)
    found = list(changes(log))
    for event, change in found:
        cause = log[change.because]
        assert event.by in (cause.by, *cause.witnesses, *cause.glimpses), change
    turns = log.state.turn
    assert 0.1 * turns <= len(found) <= 4 * turns


@WORLDS
def test_links_point_at_what_was_perceived(world: str) -> None:
    """Every link of a decision points at an earlier event its maker perceived."""
    log = bundled(world)
    acted = [event for event in log if isinstance(event.body, Acted)]
    for event in acted:
        for to, _ in event.links:
            assert to < event.seq
            assert event.by in (log[to].by, *log[to].witnesses, *log[to].glimpses)
    assert sum(bool(event.links) for event in acted) > 0.25 * len(acted)


@WORLDS
def test_claims_are_known_or_lies(world: str) -> None:
    """What a character asserts it believes, unless it is denying or lying."""
    log = bundled(world)
    for event in log:
        say = event.body.action if isinstance(event.body, Acted) else None
        if isinstance(say, Say) and say.intent not in ("lie", "deny"):
            me = me_of(
                look(log.upto(event.seq), event.by), changed(look(log.upto(event.seq), event.by)).slots
            )
            for claim in say.claims:
                belief = me.believes(claim.subject, claim.attribute)
                assert belief is not None
                assert belief.value == claim.value


@pytest.mark.slow
@WORLDS
def test_secrets_spread_by_talk(world: str) -> None:
    """In a long run at least one secret is told to somebody who did not know it."""
    log = bundled(world, seed=2, turns=200)
    secrets = (*log.state.world.secrets, *(s for c in log.state.cast.values() for s in c.secrets))
    told = [
        event
        for event in log
        if isinstance(event.body, Acted) and isinstance(event.body.action, Say)
        for secret in secrets
        if secret.claim in event.body.action.claims and set(event.witnesses) - set(secret.known_by)
    ]
    assert told


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


def told(claim: Claim, intent: str = "tell") -> Say:
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
    assert log.state.slots["ada"]["liking.ben"] < 0.3
    assert log.state.slots["ada"]["mood.anger"] > 0


def test_kindness_warms_and_beats_alarm() -> None:
    """Comfort raises liking; an alarming happening raises fear, the more so in the anxious."""
    kind = Say(text="There, there.", to=("ada",), intent="comfort")
    log = play(begin(person("ben"), person("ada"), turns=2), ben=says(kind))
    assert log.state.slots["ada"]["liking.ben"] > 0
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
    slots = {
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


# ── choosing ───────────────────────────────────────────────────────────────────────────────────────


def test_thoughts_give_the_motive() -> None:
    """Every decision comes with a thought in the first person's words and a word for the mood."""
    for event in bundled("tavern"):
        if isinstance(event.body, Acted):
            assert event.body.thought
            assert "{" not in event.body.thought
            assert event.body.feeling


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


def test_failed_attempts_are_outcomes_of_the_world() -> None:
    """What fails in a run fails by the world's own chance or by what was found shut, never by a refusal."""
    for world in world_names():
        for event in bundled(world):
            if isinstance(event.body, Resolved) and not event.body.ok:
                assert "cannot do that here" not in event.body.text
                assert "not within reach" not in event.body.text
