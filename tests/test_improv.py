"""The improv mind in the bundled worlds: what holds of every run."""

from collections import Counter
from dataclasses import replace

import pytest

from characters.improv.me import me_of
from characters.improv.mind import decide
from characters.improv.reflecting import changed, reflection
from tests.house import acts_of, bundled, changes
from worlds.actions import Action, Say
from worlds.events import Acted, Resolved
from worlds.files import world_names
from worlds.look import look

WORLDS = pytest.mark.parametrize("world", world_names())


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
def test_everybody_has_a_repertoire() -> None:
    """Who has had thirty turns has used at least four verbs and six speech acts, on average six and nine."""
    verbs: list[int] = []
    intents: list[int] = []
    for world in world_names():
        log = bundled(world, seed=2, turns=200)
        for who in log.state.cast:
            done = acts_of(log, who)
            if len(done) >= 30:
                verbs.append(len({action.verb for action in done}))
                intents.append(len({action.intent for action in done if isinstance(action, Say)}))
    assert min(verbs) >= 4
    assert min(intents) >= 6
    assert sum(verbs) / len(verbs) >= 6
    assert sum(intents) / len(intents) >= 9


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


def test_thoughts_give_the_motive() -> None:
    """Every decision comes with a thought in the first person's words and a word for the mood."""
    for event in bundled("tavern"):
        if isinstance(event.body, Acted):
            assert event.body.thought
            assert "{" not in event.body.thought
            assert event.body.feeling


def test_failed_attempts_are_outcomes_of_the_world() -> None:
    """What fails in a run fails by the world's own chance or by what was found shut, never by a refusal."""
    for world in world_names():
        for event in bundled(world):
            if isinstance(event.body, Resolved) and not event.body.ok:
                assert "cannot do that here" not in event.body.text
                assert "not within reach" not in event.body.text
