"""Improv characters speak of what has become of them."""

import pytest

from characters.improv.oneself import own_words
from characters.profile import Core
from tests.house import bundled
from worlds.events import Acted

SHE = Core(identity="A miller.", summary="She keeps her own counsel.")
HE = Core(identity="A miller.", summary="He keeps his own counsel.")


@pytest.mark.parametrize(
    ("core", "slot", "value", "said"),
    [
        (SHE, "injury.left_arm", "scalded to the elbow", "My left arm: scalded to the elbow."),
        (SHE, "taste.broth", "fond of it, to her annoyance", "Broth: I am fond of it, to my annoyance."),
        (HE, "taste.broth", "likes it, he finds", "Broth: I like it, I find."),
        (HE, "fear.the_mare", "flinches when she lifts a foot", "The mare: I flinch when she lifts a foot."),
        (SHE, "fear.stage", "it tried to kill her", "Stage: it tried to kill me."),
        (HE, "taste.wine", "never touches it", "Wine: I never touch it."),
        (HE, "taste.staying", "has begun to doubt it", "Staying: I have begun to doubt it."),
        (HE, "fear.sleep", "tries to do without it", "Sleep: I try to do without it."),
        (HE, "taste.ale", "does not care for it", "Ale: I do not care for it."),
        (HE, "taste.his_own_jokes", "laughs at them himself", "My own jokes: I laugh at them myself."),
    ],
)
def test_an_authors_note_becomes_words_of_ones_own(core: Core, slot: str, value: str, said: str) -> None:
    """Notes about somebody, in the third person, are said in the first."""
    assert own_words(core, slot, value) == said


def test_who_is_hurt_says_so_before_long_and_once() -> None:
    """Mira scalds her arm in the tavern; she mentions it, and does not go on about it."""
    log = bundled("tavern", seed=21, turns=200)
    lines = [
        event.body.action.text
        for event in log
        if isinstance(event.body, Acted) and event.by == "mira" and event.body.action.verb == "say"
    ]

    assert sum("scalded from wrist to elbow" in line for line in lines) == 1
