from characters.improv import ImprovMind
from characters.minds import ScriptedMind
from sandbox.narrator import ImprovNarrator
from tests.contracts import a_mind, a_narrator


def test_improv_keeps_the_contract_of_a_mind() -> None:
    """The built-in mind passes the conformance suite."""
    a_mind(ImprovMind())


def test_a_scripted_mind_keeps_the_contract() -> None:
    """The test double passes the suite it stands in for."""
    a_mind(ScriptedMind())


def test_the_improv_narrator_keeps_the_contract_of_a_narrator() -> None:
    """The built-in narrator passes the conformance suite."""
    a_narrator(ImprovNarrator())
