from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from sandbox.tui.details import Details
from sandbox.tui.dialogs import Ask, Choose, Reading
from sandbox.tui.index import BIT
from sandbox.tui.jump import Jump
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.theatregoers import finished, show, until


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
        assert screen.query_one(Details).active == tab
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


def test_jump_mode_goes_to_a_pane(tmp_path: Path) -> None:
    """ctrl+o and the letter on a pane go there, whichever pane it is; another letter only leaves the letters."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        for letter, pane in {"p": "places", "d": "tabs", "z": "tabs", "c": "cast", "s": "transcript"}.items():
            await pilot.press("ctrl+o", letter)
            await until(lambda: pilot.app.screen is screen, pilot)
            assert screen.focused
            assert screen.focused.id == pane

    show(Opening(finished(tmp_path)), script)


def test_what_changes_shines_through_a_window(tmp_path: Path) -> None:
    """Below a small window the story goes on, and is seen to."""

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        def seen() -> str:
            return " ".join(window.render_line(y).text for y in range(window.size.height))

        await pilot.press("v")
        window = pilot.app.screen
        assert isinstance(window, Choose)
        assert "#0" not in seen()
        screen.go(0)
        await until(lambda: "#0/" in seen(), pilot)

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
