from tests.talk import acted, changed, memory, opened, said, texts
from worlds.actions import Claim, Say


def test_a_newer_value_supersedes_an_older_one() -> None:
    """Of two values of one slot the newer comes first; the older is told as history, but not as of its own time."""
    log, kept = opened(), memory()
    log = changed(log, "ben", "taste.drink", "likes cider")
    middle = len(log)
    for n in range(30):
        log = said(log, "ada", f"Another mug of cider, number {n}?")
    log = changed(log, "ben", "taste.drink", "cannot stand cider")
    found = [one for one in kept.recall(log, "ben", "taste of drink") if "taste of drink" in one.text]

    assert texts(found) == [
        "Ben: taste of drink is now: cannot stand cider. Before, it was: likes cider.",
        "Formerly, until turn 32: Ben: taste of drink is now: likes cider.",
    ]
    then = kept.recall(log, "ben", "taste of drink", before=middle)
    assert texts(then)[0] == "Ben: taste of drink is now: likes cider."


def test_beliefs_name_their_source() -> None:
    """A belief is remembered in the world's own words, with who said so, by its owner alone."""
    log, kept = opened(), memory()
    log = acted(log, "ada", Say(text="Cy has it.", to=("ben",), claims=(Claim("coin", "holder", "cy"),)))
    log = changed(log, "ben", "belief.coin.holder", "cy", source="ada")

    assert "Ben believes that Cy has a coin, as Ada said." in texts(
        kept.recall(log, "ben", "who has the coin?")
    )
    assert not any("believes" in text for text in texts(kept.recall(log, "ada", "who has the coin?")))


def test_relations_are_summed_up() -> None:
    """Small changes of trust leave nothing; passing from one word to another leaves that, and what it came of."""
    log, kept = said(opened(), "ada", "I never saw your purse, Ben."), memory()
    for value in (-0.05, -0.1, -0.2, -0.22):
        log = changed(log, "ben", "trust.ada", value)
    found = [text for text in texts(kept.recall(log, "ben", "trust Ada", k=20)) if "trusts" in text]

    assert found == ["Ben now distrusts Ada. It came of this: Ben waits."]


def test_what_comes_again_is_kept_once() -> None:
    """The same words heard again and again are one memory, dated at the latest time before the moment asked about."""
    log, kept = opened(), memory()
    for _ in range(5):
        log = said(log, "ada", "The kettle is on.")
    found = kept.recall(log, "ben", "kettle")
    earlier = kept.recall(log, "ben", "kettle", before=found[0].seq)

    assert texts(found).count("Ada says: “The kettle is on.”") == 1
    assert earlier[0].text == found[0].text
    assert earlier[0].seq < found[0].seq
