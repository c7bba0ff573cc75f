import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.embedders import Hashing, Vectors
from characters.memory import Memory
from characters.recall_score import WEIGHTS, WORDED
from sandbox.loop import Stage
from tests.stagecraft import CAST, begin, play, stage
from tests.talk import memory, opened, said, texts
from worlds.errors import ModelError, UsageError
from worlds.events import ProfileChanged, Reflected
from worlds.look import look
from worlds.spec import Order
from worlds.store import write_line
from worlds.trajectory import Trajectory
from worlds.view import Recollection, View

SEEDS = st.integers(0, 10_000)
ORDERS: st.SearchStrategy[Order] = st.sampled_from(("list", "natural", "together"))


@given(seed=SEEDS, order=ORDERS, data=st.data())
def test_nobody_recalls_what_somebody_else_perceived(seed: int, order: Order, data: st.DataObject) -> None:
    """Whatever is asked, as of any moment: what comes back was this character's, in these words, before then."""
    log, kept = play(begin(seed=seed, order=order)), memory()
    for who in (character.id for character in CAST):
        before = data.draw(st.integers(1, len(log)))
        asked = data.draw(
            st.sampled_from(("said thought inner", "Ada takes the ring", "injury of arm", "rain"))
        )
        for found in kept.recall(log, who, asked, k=40, before=before):
            event = log[found.seq]
            assert found.seq < before
            assert who in (*event.witnesses, *event.glimpses)
            percepts = log.percepts(who)
            at = bisect_left(percepts, found.seq, key=lambda percept: percept.seq)
            own = isinstance(event.body, ProfileChanged | Reflected) and event.by == who
            told = found.text.startswith(("Ada: ", "Ben: ", "Cy: ", "Formerly")) and who in found.text.lower()
            assert own or told or percepts[at].text == found.text


@given(seed=SEEDS, order=ORDERS, data=st.data())
def test_memory_as_of_a_moment_is_memory_at_that_moment(seed: int, order: Order, data: st.DataObject) -> None:
    """Asked as of event n, a memory of the whole run answers like a new one that has seen n events only."""
    log, kept = play(begin(seed=seed, order=order, turns=24)), memory()
    for who in (character.id for character in CAST):
        kept.recall(log, who, "anything")
        before = data.draw(st.integers(1, len(log)))
        then = memory().recall(log.upto(before), who, "who takes the ring and says what")
        assert then == kept.recall(log, who, "who takes the ring and says what", before=before)


@pytest.mark.parametrize("order", ["list", "together"])
def test_memory_thrown_away_between_turns_is_not_missed(order: Order) -> None:
    """A run whose memory is deleted again and again, and one that is cut and resumed, give the same log."""

    def run(recall: Memory | None, log: Trajectory) -> Trajectory:
        async def fresh(log: Trajectory, view: View) -> tuple[Recollection, ...]:
            return await (recall or memory()).for_view(log, view)

        on = stage()
        return play(log, Stage(on.minds, on.narrator, recall=fresh))

    first = begin(seed=5, order=order, turns=20)
    whole = run(memory(), first)
    lines = [write_line(event) for event in whole]

    assert lines == [write_line(event) for event in run(None, first)]
    for cut in range(30, len(whole), 17):
        assert lines == [write_line(event) for event in run(memory(), whole.upto(cut))]


def test_a_view_is_not_told_what_it_holds_anyway() -> None:
    """What a view calls to mind is none of its own percepts, and is at hand for a mind to use."""
    log, kept = opened(), memory()
    for n in range(60):
        log = said(log, "ben" if n == 50 else "ada", f"I counted {n} geese, and they went over the mill.")
    view = look(log, "ben")
    found = asyncio.run(kept.for_view(log, view))

    assert len(found) == 8
    assert not {one.seq for one in found} & {percept.seq for percept in (*view.past, *view.news)}
    assert replace(view, recollections=found).recollections == found


def test_needles() -> None:
    """Of 20 facts told once and early, at least 19 are among the eight memories a later question brings back."""
    needles = [f"the {what} is buried {where}" for what in WHATS for where in WHERES]
    log, kept, hits = opened(), memory(), 0
    for needle in needles:
        log = said(log, "ada", f"Listen, Ben: {needle}.", to="ben")
    for n in range(500):
        log = said(log, ("ada", "ben", "cy")[n % 3], f"{OPENERS[n % 7]} {MATTERS[n % 11]}, {n} times over.")
    for needle in needles:
        what, _, where = needle.partition(" is buried ")
        asked = said(log, "ada", f"Where did you bury {what}, Ben?", to="ben")
        found = asyncio.run(kept.for_view(asked, look(asked, "ben")))
        hits += any(needle in text for text in texts(found))
        assert not any(
            where in text and what in text for text in texts(kept.recall(asked, "cy", needle, k=50))
        )

    assert hits >= 19


WHATS = ("silver spoon", "old sword", "blue jar", "box of letters", "saddle")
WHERES = ("under the elder", "by the north wall", "beneath the mill wheel", "behind the chapel")
OPENERS = ("They say", "I heard", "No doubt", "Well,", "My mother said", "Believe me,", "Ah,")
MATTERS = (
    "the rain will not stop", "bread is dear this year", "the road is bad", "the mule bit the smith",
    "a fair is coming", "the wall wants mending", "the miller is late", "geese make good guards",
    "nobody sleeps at full moon", "the new priest sings well", "a letter takes a week",
)  # fmt: skip


def test_a_fork_is_remembered_as_it_went() -> None:
    """Shown a log that left the one it knew, memory forgets what did not happen in it."""
    trunk, kept = said(opened(), "ada", "I keep bees."), memory()
    left, right = said(trunk, "ada", "I keep a wolf."), said(trunk, "ada", "I keep a swan.")

    assert any("wolf" in text for text in texts(kept.recall(left, "ben", "keep")))
    assert not any("wolf" in text for text in texts(kept.recall(right, "ben", "keep")))
    assert kept.recall(trunk, "ben", "keep") == memory().recall(trunk, "ben", "keep")


def test_a_score_says_why() -> None:
    """The four parts are named and add up to the score; weights add up to 1."""
    log = said(opened(), "ada", "I am afraid of the dark, Ben.", to="ben")
    found = memory().recall(log, "ben", "what frightens Ada?")[0]

    parts = {part.split()[0]: float(part.split()[1]) for part in found.why.split(" · ")}
    assert list(parts) == ["relevance", "words", "recency", "importance"]
    assert sum(parts.values()) == pytest.approx(found.score, abs=0.02)
    assert [sum(weights) for weights in (WEIGHTS, WORDED)] == [pytest.approx(1)] * 2


class Counting(Hashing):
    """Counts how often it is asked, and fails when told to."""

    calls = 0
    broken = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Count."""
        self.calls += 1
        if self.broken:
            raise ModelError("no answer")
        return super().embed(texts)


def test_one_call_of_the_embedder_a_recall() -> None:
    """What is new and what is asked are embedded together; a failure leaves nothing half read."""
    log, embedder = said(opened(), "ada", "I keep bees."), Counting()
    kept = Memory("test", embedder)
    first = kept.recall(log, "ben", "bees")
    assert embedder.calls == 1
    log = said(log, "ada", "They sting.")
    embedder.broken = True
    with pytest.raises(ModelError):
        kept.recall(log, "ben", "bees")
    embedder.broken = False

    assert kept.recall(log, "ben", "bees", before=first[0].seq + 1)[0].text == first[0].text
    assert kept.recall(log, "ben", "sting") == memory().recall(log, "ben", "sting")


def test_embedders_are_not_mixed() -> None:
    """A run whose log names another embedder is refused, with both names."""
    log = opened()
    log = log.fork("here", log.state.settings.model_copy(update={"embedder": "minilm"}))
    with pytest.raises(UsageError, match="'minilm', not 'hashing'"):
        memory().recall(log, "ben", "bees")
