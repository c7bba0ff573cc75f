"""The keys that move: through what has been played, and on from there."""

from collections.abc import Callable

from textual import on

from sandbox.tui.dialogs import Ask
from sandbox.tui.theatre import SPEEDS, Theatre
from sandbox.tui.timeline import Timeline
from sandbox.tui.transcript import Transcript

__all__ = ["Moving"]


class Moving(Theatre):
    """A run that can be moved in."""

    def action_play(self) -> None:
        """Play or pause: through what is there, and on from its end."""
        show, engine = self.show_, self.engine
        if self.playing or (engine and engine.playing):
            self.playing = False
            if engine:
                engine.play(0)
        elif not show.at_end:
            self.playing, self.owed = True, 0.0
        elif self.over:
            self.notify("The story has ended. Home rewinds it, k forks it from here.")
        else:
            self.play_on(float("inf"))

    def action_step(self) -> None:
        """Go on by one turn."""
        self.playing = False
        if not self.show_.at_end:
            self.show_.move_turn(1)
        elif not self.over:
            self.play_on(1)

    def action_step_round(self) -> None:
        """Go on by one round."""
        self.playing = False
        if not self.show_.at_end:
            self.show_.move_round()
        elif not self.over:
            self.play_on(max(1, len(self.show_.state.waiting) or len(self.show_.state.players)))

    def action_move(self, steps: int) -> None:
        """Move the cursor by events that are shown."""
        self._look(lambda: self.show_.move(steps))

    def action_move_turn(self, steps: int) -> None:
        """Move the cursor by turns."""
        self._look(lambda: self.show_.move_turn(steps))

    def action_start(self) -> None:
        """Go to the start."""
        self._look(lambda: self.show_.go(0))

    def action_end(self) -> None:
        """Go to the end, and stay there while the run grows."""
        self._look(lambda: self.show_.go(self.show_.last))

    def _look(self, move: Callable[[], None]) -> None:
        self.playing = False
        move()
        self.following = self.show_.at_end and not self.over
        self.query_one(Transcript).follow()
        self.tick()

    @on(Transcript.Chosen)
    @on(Timeline.Chosen)
    def _chosen(self, event: Transcript.Chosen | Timeline.Chosen) -> None:
        """Go to what was clicked; `b` goes back."""
        self.jumps.append(self.show_.cursor)
        self._look(lambda: self.show_.go(event.seq))

    def action_follow(self) -> None:
        """Stay at the newest event, or stay here."""
        self.following = not self.following
        if self.following:
            self.go(self.show_.last)

    def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self.pace = max(0, min(len(SPEEDS) - 1, self.pace + steps))
        if self.engine:
            self.engine.pace = self.speed
        self.draw_status()

    def action_go(self) -> None:
        """Ask for a turn or an event to go to."""
        _ = self.app.push_screen(Ask("Go to", "a turn: 12 · an event: #140"), self._go_to)

    def _go_to(self, text: str | None) -> None:
        text = (text or "").strip()
        turns = self.show_.index.turns
        if text.startswith("#") and text[1:].isdecimal():
            self.go(int(text[1:]), jump=True)
        elif text.isdecimal() and turns:
            number = max(1, min(int(text), len(turns)))
            self.go(turns[number] - 1 if number < len(turns) else self.show_.last, jump=True)
