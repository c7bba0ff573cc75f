"""What comes of attempts, case by case."""

from random import Random

import pytest

from tests.stagecraft import begin
from worlds.actions import Action, Became, Do, Effect, Go, Handle, Moved, Passed, Touch
from worlds.events import Draft, Intervened, SceneSet
from worlds.rules import options, resolve
from worlds.state import State
from worlds.trajectory import extend


def _state(*effects: Effect) -> State:
    """Give the small world after these effects."""
    log = extend(begin(), [Draft(SceneSet(scene="one", text="Go."))])
    return extend(log, [Draft(Intervened(text="", effects=(effect,))) for effect in effects]).state


def _try(state: State, action: Action, who: str = "ada") -> tuple[bool, str]:
    ruling = resolve(state, who, action, Random("fixed"))
    return ruling.ok, ruling.text


OPEN_BOX = Became(subject="box", attribute="open", value=True)
KEY = Passed(thing="key", to="ada")
YARD = Moved(who="ada", to="yard")


@pytest.mark.parametrize(
    ("effects", "action", "ok", "hint"),
    [
        ((), Go(to="yard"), True, ""),
        ((), Go(to="shed"), False, "no way"),
        ((Became(subject="gate", attribute="open", value=False),), Go(to="yard"), False, "shut"),
        ((YARD,), Go(to="shed"), False, "shut"),
        ((), Touch(verb="take", target="key"), False, "within reach"),
        ((OPEN_BOX,), Touch(verb="take", target="key"), True, "takes"),
        ((OPEN_BOX, KEY, YARD), Touch(verb="unlock", target="shed_door"), True, "unlocks"),
        ((YARD,), Touch(verb="unlock", target="shed_door"), False, "no key"),
        ((YARD,), Touch(verb="open", target="shed_door"), False, "locked"),
        ((YARD,), Touch(verb="take", target="well"), False, "not be moved"),
        ((), Touch(verb="drop", target="lamp"), False, "does not have"),
        ((), Handle(verb="give", thing="ring", to="ben"), True, ""),
        ((), Handle(verb="give", thing="ring", to="cy"), False, "within reach"),
        ((), Handle(verb="put", thing="ring", to="box"), False, "closed"),
        ((OPEN_BOX,), Handle(verb="put", thing="ring", to="box"), True, ""),
        ((), Handle(verb="use", thing="ring", to=""), False, "Nothing"),
        ((), Touch(verb="examine", target="note"), False, "within reach"),
        ((), Do(text="flies", deed="fly"), False, "Nothing"),
        ((Became(subject="ada", attribute="restrained", value=True),), Go(to="yard"), False, "held fast"),
    ],
)
def test_attempts_come_out_as_the_world_stands(
    effects: tuple[Effect, ...], action: Action, ok: bool, hint: str
) -> None:
    """Doors, locks, keys, containers, reach and hands decide, and a failure says why."""
    assert (ok, True) == ((ruling := _try(_state(*effects), action))[0], hint in ruling[1])


def test_no_option_is_refused_as_impossible() -> None:
    """Whatever a view offers can be attempted: it is within reach and in the right state."""
    for effects in ((), (OPEN_BOX, KEY), (OPEN_BOX, KEY, YARD), (Moved(who="ada", to="shed"),)):
        state = _state(*effects)
        for option in options(state, "ada"):
            if option.verb not in ("attack", "restrain"):
                assert _try(state, option)[0], option


def test_examining_finds_what_is_hidden_and_what_it_means() -> None:
    """The coin comes to light in the loft; the ring tells whose it is."""
    found = resolve(_state(), "cy", Touch(verb="examine", target="loft"), Random("fixed"))
    clue = resolve(_state(), "ada", Touch(verb="examine", target="ring"), Random("fixed"))

    assert found.effects == (Became(subject="coin", attribute="hidden", value=False),)
    assert clue.claims[0].subject == "ada"


def test_three_blows_kill_and_the_dead_do_not_act() -> None:
    """A body goes down at the third blow, after which nobody can be cued as it."""
    state = _state(Became(subject="ben", attribute="hurt", value=2))
    blows = (resolve(state, "ada", Touch(verb="attack", target="ben"), Random(seed)) for seed in range(20))
    fatal = next(ruling for ruling in blows if ruling.ok)
    state = _state(*fatal.effects)

    assert not state.able("ben")
    assert "ben" not in state.players


def test_what_the_dead_carry_can_be_taken() -> None:
    """A ring on a body is within reach; on a living, free person it is not."""
    dead = Became(subject="ada", attribute="alive", value=False)

    assert not _try(_state(), Touch(verb="take", target="ring"), "ben")[0]
    assert _try(_state(dead), Touch(verb="take", target="ring"), "ben")[0]
