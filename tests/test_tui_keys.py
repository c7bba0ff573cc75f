from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TabbedContent

from sandbox.tui.actbar import ActBar
from sandbox.tui.dialogs import Ask, Choose, Reading
from sandbox.tui.index import BIT
from sandbox.tui.interview import Interview
from sandbox.tui.jump import Jump
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.stagecraft import begin
from tests.theatregoers import finished, show, unfinished, until
from worlds.actions import Say
from worlds.events import Acted, Forked, Intervened
from worlds.store import load


def story(screen: Stagehand) -> str:
    """What the transcript shows."""
    return screen.query_one(Transcript).text()


def test_a_finished_run_opens_before_its_first_turn(tmp_path: Path) -> None:
    """The screen shows the title and the first scene, and nothing that comes later."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        assert screen.show_.cursor == screen.show_.index.turns[0] - 1
        assert "The Yard" in story(screen)
        assert "said" not in story(screen)

    show(Opening(finished(tmp_path)), script)


def test_keys_move_the_cursor(tmp_path: Path) -> None:
    """Ends, events, turns, rounds and jumps all move the one cursor; a jump can be gone back from."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        seen = screen.show_
        await pilot.press("end")
        assert seen.cursor == seen.last
        await pilot.press("left")
        assert seen.cursor == seen.shown[-2]
        await pilot.press("right", "home")
        assert seen.cursor == 0
        await pilot.press("shift+right", "shift+right")
        assert seen.state.turn == 1
        await pilot.press("n")
        assert seen.state.turn == 2
        began = seen.state.round
        await pilot.press("N")
        assert seen.state.round == began + 1
        await pilot.press("shift+left")
        assert seen.log[seen.cursor + 1].body.kind == "cued"
        here = seen.cursor
        await pilot.press("ctrl+g", *"12", "enter")
        await until(lambda: seen.state.turn == 12, pilot)
        await pilot.press("b")
        assert seen.cursor == here

    show(Opening(finished(tmp_path)), script)


def test_space_plays_a_finished_run_and_stops_it(tmp_path: Path) -> None:
    """The cursor runs on by itself at the speed that is set, and stays where it is stopped."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        assert screen.speed == 25
        before = screen.show_.cursor
        await pilot.press("space")
        await until(lambda: screen.show_.cursor > before + 10, pilot)
        await pilot.press("space")
        here = screen.show_.cursor
        await pilot.pause(0.3)
        assert screen.show_.cursor == here
        await pilot.press("left_square_bracket")
        assert screen.speed == 10

    show(Opening(finished(tmp_path)), script)


def test_a_point_of_view_hides_what_was_not_perceived(tmp_path: Path) -> None:
    """Under Cy's eyes nothing is shown that Cy did not perceive; `everything` brings it back."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end")
        whole = len(screen.show_.shown)
        await pilot.press("v", "down", "down", "down", "enter")
        await until(lambda: screen.show_.pov == "cy", pilot)
        assert len(screen.show_.shown) < whole
        for seq in screen.show_.shown[1:]:
            assert "cy" in (*screen.show_.log[seq].witnesses, *screen.show_.log[seq].glimpses)
        await pilot.press("v", "enter")
        await until(lambda: screen.show_.pov == "", pilot)
        assert len(screen.show_.shown) == whole

    show(Opening(finished(tmp_path)), script)


def test_a_search_lets_only_its_finds_through(tmp_path: Path) -> None:
    """What is typed filters at once; enter goes back to the story, escape ends the search."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end")
        whole = len(screen.show_.shown)
        await pilot.press("slash", *"who:ben kind:speech")
        await until(lambda: screen.show_.query.mask == BIT["speech"], pilot)
        assert all(screen.show_.index.who[seq] == "ben" for seq in screen.show_.shown)
        assert "Ben" in story(screen)
        await pilot.press("enter", "left")
        assert screen.show_.cursor in screen.show_.shown
        await pilot.press("escape")
        await until(lambda: len(screen.show_.shown) == whole, pilot)

    show(Opening(finished(tmp_path)), script)


def test_thoughts_and_kinds_can_be_shown_and_hidden(tmp_path: Path) -> None:
    """`t` brings thoughts in, the list of kinds takes any kind out."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end")
        assert "<thought" not in story(screen)
        await pilot.press("t")
        assert "<thought" in story(screen)
        await pilot.press("o", "down", "enter")
        await until(lambda: not screen.show_.wanted & BIT["speech"], pilot)
        assert "<said" not in story(screen)

    show(Opening(finished(tmp_path)), script)


@pytest.mark.parametrize(
    ("key", "tab"),
    [("1", "who"), ("2", "event"), ("3", "graph"), ("4", "memory"), ("5", "prompt"), ("6", "judges")],
)
def test_each_tab_opens_and_draws_at_every_turn(key: str, tab: str, tmp_path: Path) -> None:
    """A tab can be opened by its number and drawn wherever the cursor is, under every point of view."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press(key)
        assert screen.query_one("#tabs", TabbedContent).active == tab
        for pov in ("", "ada"):
            screen.let(pov=pov)
            for seq in range(0, len(screen.show_.log), 11):
                screen.go(seq)
                screen.draw()

    show(Opening(finished(tmp_path)), script)


def test_a_link_can_be_followed(tmp_path: Path) -> None:
    """Choosing a cause of the event puts the cursor on it; `b` goes back."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end", "shift+left", "enter")
        ties = screen.query_one("#ties", OptionList)
        await until(lambda: ties.option_count > 0, pilot)
        here, first = screen.show_.cursor, ties.get_option_at_index(0).id or ""
        ties.focus()
        await pilot.press("home", "enter")
        await until(lambda: screen.show_.cursor == int(first.partition("-")[2]), pilot)
        screen.query_one(Transcript).focus()
        await pilot.press("b")
        assert screen.show_.cursor == here

    show(Opening(finished(tmp_path)), script)


def test_the_small_windows_open_and_close(tmp_path: Path) -> None:
    """Every key that opens a window opens it, and escape puts it away."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        windows = {
            "v": Choose,
            "o": Choose,
            "x": Choose,
            "k": Ask,
            "ctrl+g": Ask,
            "question_mark": Reading,
            "ctrl+o": Jump,
        }
        for key, window in windows.items():
            await pilot.press(key)
            await until(lambda window=window: isinstance(pilot.app.screen, window), pilot)  # type: ignore[misc]
            await pilot.press("escape")
            await until(lambda: pilot.app.screen is screen, pilot)
        await pilot.press("c")
        assert screen.who == "ada"
        await pilot.press("f")
        assert screen.following

    show(Opening(finished(tmp_path)), script)


def test_a_click_goes_to_the_line(tmp_path: Path) -> None:
    """Clicking a line of the story or a moment of the timeline puts the cursor there."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("end")
        await pilot.click("#timeline", offset=(1, 1))
        assert screen.show_.cursor == 0
        await pilot.press("end")
        await pilot.pause()
        story_, rows = screen.query_one(Transcript), range(screen.query_one(Transcript).size.height)
        row = next(row for row in rows if 0 < story_.seq_at(row) < screen.show_.last)
        wanted = story_.seq_at(row)
        await pilot.click("#transcript", offset=(20, row))
        assert screen.show_.cursor == wanted

    show(Opening(finished(tmp_path)), script)


def test_a_new_run_is_played_and_kept(tmp_path: Path) -> None:
    """`n` plays one turn; what is on the screen is in the file, and quitting loses nothing."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        assert screen.show_.log.state.turn == 0
        await pilot.press("n")
        await until(lambda: screen.show_.log.state.turn == 1 and screen.show_.log.state.phase == "cue", pilot)
        await pilot.press("N")
        await until(lambda: screen.show_.log.state.round == 1, pilot)
        await pilot.press("q")

    show(Opening(tmp_path / "new", begin(turns=24)), script)
    assert load(tmp_path / "new").log.state.round >= 1


def test_an_unfinished_run_goes_on_when_asked(tmp_path: Path) -> None:
    """Space at its end opens the run for writing and plays on where it broke off."""
    run = unfinished(tmp_path)

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        assert screen.show_.at_end
        screen.action_speed(9)
        await pilot.press("space")
        await until(lambda: screen.over, pilot)

    show(Opening(run), script)
    assert load(run).log.state.phase == "over"


def test_a_person_plays_a_character(tmp_path: Path) -> None:
    """A possessed character waits for a person; what is typed is its act; released, its mind goes on."""
    run = tmp_path / "new"

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        await pilot.press("p", "enter")
        await until(lambda: screen.mine == {"ada"}, pilot)
        await pilot.press("n")
        await until(lambda: screen.query_one(ActBar).asked == "ada", pilot)
        await pilot.press(*"Good day.", "enter")
        await until(lambda: "Good day." in story(screen), pilot)
        await until(lambda: screen.show_.log.state.phase == "cue", pilot)
        await pilot.press("p", "enter")
        await until(lambda: not screen.mine, pilot)
        screen.action_speed(9)
        await pilot.press("space")
        await until(lambda: screen.over, pilot)

    show(Opening(run, begin(turns=12)), script)
    said = [
        event
        for event in load(run).log
        if isinstance(event.body, Acted) and event.body.action == Say(text="Good day.")
    ]
    assert [event.by for event in said] == ["ada"]


def test_a_person_steps_in(tmp_path: Path) -> None:
    """An intervention is written with its effects; one the world does not allow changes nothing."""
    run = tmp_path / "new"

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        await pilot.press("n")
        await until(lambda: screen.show_.log.state.turn == 1 and screen.show_.log.state.phase == "cue", pilot)
        await pilot.press("i", *"A gust. => moved cy pit", "enter")
        await until(lambda: screen.show_.log.state.where["cy"] == "pit", pilot)
        count = len(screen.show_.log)
        await pilot.press("i", *"x => moved cy moon", "enter")
        await pilot.pause(0.2)
        assert len(screen.show_.log) == count

    show(Opening(run, begin(turns=12)), script)
    assert sum(isinstance(event.body, Intervened) for event in load(run).log) == 1


def test_a_fork_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    """`k` makes a new run of the events up to the cursor; it is played on, and the old one is untouched."""
    run = finished(tmp_path)
    before = (run / "events.jsonl").read_bytes()

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("ctrl+g", *"6", "enter")
        await until(lambda: screen.show_.state.turn == 6, pilot)
        await pilot.press("k")
        await until(lambda: isinstance(pilot.app.screen, Ask), pilot)
        await pilot.press("enter")
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        await pilot.press("n")
        await until(lambda: screen.show_.log.state.turn == 7, pilot)
        assert isinstance(
            screen.show_.log[len(screen.show_.log.upto(screen.show_.log.turn_at(7))) - 1].body, Forked
        )

    show(Opening(run), script)
    assert (run / "events.jsonl").read_bytes() == before
    assert load(tmp_path / "runs" / "yard-at-6").log.state.turn >= 6


def test_an_interview_never_joins_the_log(tmp_path: Path) -> None:
    """A question is answered on the screen; the file stays as it was."""
    run = finished(tmp_path)
    before = (run / "events.jsonl").read_bytes()

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await pilot.press("x", "enter")
        await until(lambda: isinstance(pilot.app.screen, Interview), pilot)
        interview = pilot.app.screen
        assert isinstance(interview, Interview)
        await pilot.press(*"Why?", "enter")
        await until(lambda: "no answer to: Why?" in interview.text, pilot)
        assert pilot.app.screen.query_one(Input).value == ""

    show(Opening(run), script)
    assert (run / "events.jsonl").read_bytes() == before


def test_a_run_another_process_writes_is_followed(tmp_path: Path) -> None:
    """What is appended to the file appears on the screen by itself."""
    run = unfinished(tmp_path)
    whole = finished(tmp_path / "other")
    lines = (whole / "events.jsonl").read_text().splitlines(keepends=True)

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        assert screen.following
        with (run / "events.jsonl").open("a") as file:
            file.writelines(lines[40:60])
        await until(lambda: len(screen.show_.log) == 60, pilot)
        assert screen.show_.cursor == 59

    show(Opening(run), script)
