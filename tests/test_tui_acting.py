from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from sandbox.tui.actbar import ActBar
from sandbox.tui.dialogs import Ask, Choose
from sandbox.tui.interview import Interview
from sandbox.tui.opening import Opening
from sandbox.tui.stagehand import Stagehand
from sandbox.tui.transcript import Transcript
from tests.stagecraft import begin
from tests.theatregoers import finished, show, unfinished, until
from worlds.actions import Say
from worlds.events import Acted, Cued, Forked, Intervened
from worlds.store import load


def story(screen: Stagehand) -> str:
    """What the transcript shows."""
    return screen.query_one(Transcript).text()


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


def test_a_person_says_who_is_next(tmp_path: Path) -> None:
    """Under the order `manual` the screen asks whose turn it is; who is chosen acts, and nobody else does."""
    run = tmp_path / "new"

    async def script(pilot: Pilot[None], screen: Stagehand) -> None:
        await until(lambda: screen.engine and screen.engine.opened, pilot)
        await pilot.press("space")
        for choice in (["down", "down"], ["down"], []):  # cy; ben of the two left; ada, who is last
            await until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.focused, pilot)
            turn = screen.show_.log.state.turn
            await pilot.press(*choice, "enter")
            await until(lambda turn=turn: screen.show_.log.state.turn == turn + 1, pilot)  # type: ignore[misc]
        await until(lambda: isinstance(pilot.app.screen, Choose), pilot)
        await pilot.press("escape")
        await until(lambda: screen.engine and not screen.engine.playing, pilot)

    show(Opening(run, begin(turns=12, order="manual")), script)
    cued = [event.body.who for event in load(run).log if isinstance(event.body, Cued)]
    assert cued == [("cy",), ("ben",), ("ada",)]


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
