"""Profiles in atomic sentences."""

from characters.files import character_names, load_card
from characters.profile import Card
from characters.statements import statements
from tests.groundwork import CARD
from worlds.actions import Claim, Scalar
from worlds.spec import Phrase, Secret

MIRA = Card.model_validate(CARD).character()
PHRASES = {"owner": Phrase(says="{subject} belongs to {value}", asks="whose {subject} is", denies="")}
NAMES = {"ring": "the ring", "mira": "Mira", "ivo": "Ivo"}


def said(slots: dict[str, Scalar]) -> dict[str, str]:
    """Give the sentences made of some slots, by id."""
    return {made.id: made.text for made in statements(MIRA, slots, NAMES, PHRASES) if made.slot}


def test_a_profile_becomes_sentences() -> None:
    """Identity, traits, bounds, wants, relations and beliefs each give one sentence with its own id and kind."""
    made = {(one.id, one.kind): one.text for one in statements(MIRA, None, NAMES, PHRASES)}
    assert made == {
        ("core.identity", "identity"): "Mira, a courier.",
        ("core.summary.0", "identity"): "She counts.",
        ("core.summary.1", "identity"): "She likes mules.",
        ("core.trait.proud", "trait"): "Mira is very proud.",
        ("core.taboo_verb.0", "taboo"): "Mira will never lie.",
        ("slot.goal.ring", "goal"): "Mira wants this: get my ring back.",
        ("slot.trust.ivo", "relation"): "Mira distrusts Ivo a little.",
        ("slot.belief.ring.owner", "belief"): "Mira believes that the ring belongs to Mira.",
        ("slot.goal.old", "goal"): "Mira has given this up: old.",
    }


def test_what_changes_keeps_its_id() -> None:
    """A slot with a new value gives another sentence under the same id, and none once it is empty."""
    assert said({"goal.ring": "done"})["slot.goal.ring"] == "Mira has achieved this: get my ring back."
    assert said({"goal.ring": "give ring ivo"})["slot.goal.ring"] == "Mira wants this now: give the ring Ivo."
    assert said({"injury.left_arm": "burnt"}) == {
        "slot.injury.left_arm": "Mira is hurt in the left arm: burnt."
    }
    assert said({"injury.left_arm": "", "trust.ivo": 0.05, "mood.joy": 0.1, "sure.ring.owner": 0.4}) == {}
    assert (
        said({"belief.hatch.open": False})["slot.belief.hatch.open"]
        == "Mira believes that hatch is not open."
    )


def test_names_are_not_filled_in_twice() -> None:
    """A name with a blank in it stays as it is."""
    made = statements(MIRA, {"belief.ring.owner": "{subject}"}, NAMES, PHRASES)
    assert made[-1].text == "Mira believes that the ring belongs to {subject}."


def test_secrets_are_told_as_secrets() -> None:
    """A character's own secret gives a sentence of its own."""
    secret = Secret(
        id="own", text="The ring is hers.", claim=Claim("ring", "owner", "mira"), known_by=("mira",)
    )
    made = statements(MIRA.model_copy(update={"secrets": (secret,)}), {})
    assert ("secret.own", "Mira keeps a secret: The ring is hers.") in {(one.id, one.text) for one in made}


def test_every_bundled_character_has_distinct_sentences() -> None:
    """No two sentences of a bundled character share an id, and each is a sentence."""
    for name in character_names():
        made = statements(load_card(name).character())
        assert len({one.id for one in made}) == len(made) > 20
        assert all(one.text[0].isupper() and one.text[-1] in '.!?”"' for one in made)
