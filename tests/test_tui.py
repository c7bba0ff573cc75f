from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.tui.acting import choices, read_action, read_intervention
from sandbox.tui.feed import Feed
from sandbox.tui.index import BIT
from sandbox.tui.leaf import bar, spark
from sandbox.tui.search import parse
from sandbox.tui.show import USUAL, Show
from sandbox.tui.timeline import cell_of, marked
from tests.stagecraft import begin, play
from tests.theatregoers import finished
from worlds.actions import Became, Do, Go, Moved, Say, Wait
from worlds.errors import InputError, LogError, UsageError
from worlds.look import look
from worlds.store import write_line
from worlds.trajectory import Trajectory

LOG = play(begin(turns=24))


def showing(log: Trajectory = LOG) -> Show:
    """A show of a whole log."""
    show = Show()
    show.take(log)
    show.go(show.last)
    return show


def test_what_is_shown_does_not_hang_on_how_the_log_came() -> None:
    """A log taken in at once and one taken in event by event give the same lines, marks, turns and series."""
    whole, bit_by_bit = showing(), Show()
    for length in range(1, len(LOG) + 1):
        bit_by_bit.take(LOG.upto(length))
    assert bit_by_bit.shown == whole.shown
    assert bit_by_bit.index.rows == whole.index.rows
    assert bit_by_bit.index.marks == whole.index.marks
    assert bit_by_bit.index.turns == whole.index.turns
    assert bit_by_bit.index.series == whole.index.series


@pytest.mark.parametrize("who", ["ada", "ben", "cy"])
def test_a_point_of_view_shows_what_was_perceived_and_nothing_else(who: str) -> None:
    """Under a point of view every line belongs to an event that character witnessed or glimpsed."""
    show = showing()
    show.show(pov=who, wanted=USUAL | BIT["inner"])
    assert show.shown
    for seq in show.shown:
        event = LOG[seq]
        assert who in (*event.witnesses, *event.glimpses) or event.body.kind == "started"
        for row in show.index.lines(event, show.wanted, who):
            assert row.kind != "inner" or event.by == who
            others = {"ada", "ben", "cy"} - {who}
            assert not any(
                f"<thought {other}" in row.text or f"<inner {other}" in row.text for other in others
            )


def test_the_cursor_goes_by_events_that_are_shown_and_by_turns() -> None:
    """Steps go from line to line, turns from end to end of a turn, and both stop at the ends of the log."""
    show = showing()
    show.move(-1)
    assert show.cursor == show.shown[-2]
    show.move(1)
    assert show.cursor == show.last
    show.move_turn(-1)
    assert LOG[show.cursor + 1].body.kind == "cued"
    assert show.state.turn == LOG.state.turn - 1
    show.go(0)
    show.move(-1)
    assert show.cursor == 0
    show.go(LOG.turn_at(1) - 1)
    seen = []
    while not show.at_end:
        show.move_turn(1)
        seen.append(show.state.turn)
    assert seen[: LOG.state.turn] == list(range(1, LOG.state.turn + 1))


def test_the_state_shown_is_the_state_at_the_cursor() -> None:
    """Wherever the cursor is, the state is that of the log cut there."""
    show = showing()
    for seq in range(0, len(LOG), 7):
        show.go(seq)
        assert show.state == LOG.upto(seq + 1).state


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("kind:speech", lambda show, seq: show.index.masks[seq] & BIT["speech"]),
        ("who:ben", lambda show, seq: show.index.who[seq] == "ben"),
        ("place:yard", lambda show, seq: show.index.place[seq] == "yard"),
        ("turn:3-5", lambda show, seq: 3 <= LOG[seq].turn <= 5),
        ("said ada", lambda show, seq: all(word in show.index.text[seq] for word in ("said", "ada"))),
        (
            "kind:deed who:cy the",
            lambda show, seq: (
                show.index.masks[seq] & BIT["deed"]
                and show.index.who[seq] == "cy"
                and "the" in show.index.text[seq]
            ),
        ),
    ],
)
def test_a_query_lets_through_what_it_asks_for(query: str, holds: Callable[[Show, int], object]) -> None:
    """Every event that is found has what was asked for, and none that has it is missing."""
    show = showing()
    before = list(show.shown)
    show.show(query=parse(query))
    assert show.shown == [seq for seq in before if holds(show, seq)]
    assert show.shown


def test_leaving_for_a_fork_forgets_what_is_no_longer_so() -> None:
    """After switching to another log everything looked up is as if that log had been read from its start."""
    show, cut = showing(), LOG.turn_at(9)
    other = play(LOG.upto(cut).fork("yard", LOG.state.settings.model_copy(update={"seed": 5})))
    show.switch(other, cut)
    fresh = showing(other)
    assert show.index.rows == fresh.index.rows
    assert show.index.series == fresh.index.series
    assert show.shown == fresh.shown


def test_a_file_is_read_as_it_grows(tmp_path: Path) -> None:
    """A half-written line waits for its end; what comes later is taken in with the same call."""
    lines = [write_line(event) for event in LOG]
    file = tmp_path / "events.jsonl"
    file.write_text("".join(lines[:10]) + lines[10][:20], encoding="utf-8")
    feed = Feed(file)
    assert feed.read(5) == 10
    assert feed.read(5) == 0
    with file.open("a", encoding="utf-8") as more:
        more.write(lines[10][20:] + "".join(lines[11:]))
    feed.read(5)
    assert list(feed.log) == list(LOG)
    assert feed.whole
    assert feed.ended
    feed.close()


def test_a_damaged_file_is_shown_up_to_the_damage(tmp_path: Path) -> None:
    """A line that was changed is refused with its number; what came before stays."""
    run = finished(tmp_path)
    file = run / "events.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    lines[20] = lines[20].replace('"turn"', '"tern"')
    file.write_text("".join(lines))
    feed = Feed(file)
    with pytest.raises(LogError, match=":21:"):
        feed.read(5)
    assert len(feed.log) == 20
    feed.close()


def test_no_file_is_said_plainly(tmp_path: Path) -> None:
    """Opening what is not there names it and the mend."""
    with pytest.raises(InputError, match="sandbox run"):
        Feed(tmp_path / "events.jsonl")


def test_what_a_person_types_becomes_an_action() -> None:
    """Plain words are spoken, @ addresses, / commands or picks, * is a deed; nothing is nothing."""
    view = look(begin(turns=3), "ada")
    assert read_action(view, "Hello.") == Say(text="Hello.")
    assert read_action(view, "@ben  “Hello.”") == Say(text="Hello.", to=("ben",))
    assert read_action(view, "/whisper ben psst") == Say(text="psst", to=("ben",), manner="whisper")
    assert read_action(view, "/shout Out!") == Say(text="Out!", manner="shout")
    assert read_action(view, "*hums a tune") == Do(text="hums a tune")
    assert read_action(view, "/wait") == Wait()
    assert read_action(view, "/go loft") == Go(to="loft")
    assert read_action(view, "/fly to the moon") is None
    assert read_action(view, "  ") is None


def test_all_that_is_possible_is_offered() -> None:
    """The choices are the view's options and the deeds the world offers, each with a label of its own."""
    view = look(begin(turns=3), "ada")
    offered = choices(view, "")
    assert {choice.action for choice in offered} >= set(view.options)
    assert any(isinstance(choice.action, Do) and choice.action.deed for choice in offered)
    assert len({choice.label for choice in offered}) == len(offered)
    assert [choice.action for choice in choices(view, "/go lo")] == [Go(to="loft")]


def test_an_intervention_is_words_a_place_and_typed_effects() -> None:
    """`@place words => effect; effect` is read; numbers, truth values and sums keep their types."""
    state = LOG.upto(3).state
    body = read_intervention(
        state, "@hall A gust. => moved cy yard; became well.level -1 add; became lamp.lit true"
    )
    assert (body.text, body.place) == ("A gust.", "hall")
    assert body.effects == (
        Moved(who="cy", to="yard"),
        Became(subject="well", attribute="level", value=-1, add=True),
        Became(subject="lamp", attribute="lit", value=True),
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("@moon A gust.", "hall"),
        ("x => flew cy moon", "moved WHO PLACE"),
        ("x => moved cy moon", "no place moon"),
        ("x => became well.level soon", "cannot become"),
        ("", "what happens"),
    ],
)
def test_a_wrong_intervention_is_refused_with_the_mend(text: str, hint: str) -> None:
    """What cannot be read, and what the world does not allow, is said before anything is written."""
    with pytest.raises(UsageError, match=hint):
        read_intervention(LOG.upto(3).state, text)


def test_charts_keep_to_their_cells() -> None:
    """Sparklines and bars are as wide as asked for, whatever the values."""
    assert spark([0, 0.5, 1], 0, 1, 5) == "  ▁▅█"
    assert len(spark([x / 100 for x in range(300)], 0, 1, 12)) == 12
    assert spark([-9, 9], 0, 1, 2) == "▁█"
    assert spark([], 0, 1, 4) == "    "
    assert bar(-1) == "████│    "
    assert bar(0.5) == "    │██  "


def test_marks_fall_into_cells_and_the_graver_one_is_seen() -> None:
    """The first and the last event have the outer cells; where marks meet, a fault is drawn over a beat."""
    assert [cell_of(seq, 100, 11) for seq in (0, 50, 100)] == [0, 5, 10]
    cells = marked([(0, "happened"), (1, "faulted"), (99, "ended")], 100, 10)
    assert cells[0] == "faulted"
    assert cells[9] == "ended"
