"""The theatre with its doors to the stage: taking characters over, stepping in, forking, asking, judging."""

import asyncio
import sys
from concurrent.futures import Future

from textual import on
from textual.widgets import Input

from sandbox.story import clean
from sandbox.tui.actbar import ActBar
from sandbox.tui.acting import read_intervention
from sandbox.tui.dialogs import Ask, Choose
from sandbox.tui.interview import Interview
from sandbox.tui.moving import Moving
from sandbox.tui.transcript import Transcript
from worlds.errors import UsageError
from worlds.events import Acted
from worlds.look import look

__all__ = ["Stagehand"]


class Stagehand(Moving):
    """The whole screen."""

    def tick(self) -> None:
        """Ask a person when it is their character's turn."""
        super().tick()
        engine, bar = self.engine, self.query_one(ActBar)
        log = engine.log if engine and engine.opened else self.show_.log
        waiting = engine.waiting if engine and len(log) == len(self.show_.log) else ""
        if waiting != bar.asked:
            bar.ask(look(log, waiting) if waiting else None)
            if waiting:
                self.to_story()
            else:
                self.query_one(Transcript).focus()
        if engine and engine.cueless and self.show_.at_end and self.is_current:
            engine.cueless = False
            self.action_cue()

    def _doors_open(self) -> bool:
        """Open the run for writing, if it is not yet and can be."""
        if not self.show_.ready:
            return False
        if self.over:
            self.notify("The story has ended; fork it (k) to play on from an earlier moment.")
            return False
        if not self.engine:
            self.engage(self.run if self.run.is_dir() else self.run.parent, None, play=False)
        return True

    # ── a person plays ─────────────────────────────────────────────────────────────────────────────

    def action_possess(self) -> None:
        """Take a character over, or give it back."""
        if not self._doors_open():
            return
        cast = self.show_.state.cast
        names = [
            (who, f"{'release' if who in self.mine else 'play'} {person.name}")
            for who, person in cast.items()
        ]
        _ = self.app.push_screen(Choose("Whom do you play?", names), self._possess)

    def _possess(self, who: str | None) -> None:
        if who and self.engine:
            self.engine.possess(who)
            self.mine = self.engine.mine
            self.following = True
            name = self.show_.index.names.get(who, who)
            self.notify(
                clean(
                    f"You play {name} from the next turn on."
                    if who in self.mine
                    else f"{name} goes on alone."
                )
            )

    @on(ActBar.Acted)
    def _act(self, event: ActBar.Acted) -> None:
        if self.engine:
            self.query_one(ActBar).ask(None)
            self.query_one(Transcript).focus()
            self.following = True
            self._tell(self.engine.act(Acted(action=event.action), event.who))

    def action_act(self) -> None:
        """Go back to the line in which a person acts."""
        bar = self.query_one(ActBar)
        if bar.asked:
            self.to_story()
            bar.query_one(Input).focus()

    def action_intervene(self) -> None:
        """Let something happen from outside the story."""
        if not self._doors_open():
            return
        hint = "[@place] words [=> effect; effect]\nA draught puts the lamp out. => became lamp.lit false"
        _ = self.app.push_screen(Ask("What happens?", hint), self._intervene)

    def _intervene(self, text: str | None) -> None:
        if not text or not self.engine:
            return
        try:
            body = read_intervention(self.show_.log.state, text)
        except UsageError as error:
            self.notify(clean(str(error)), severity="error", markup=False)
            return
        self.following = True
        self._tell(self.engine.tell(body))

    def _tell(self, done: "Future[str]") -> None:
        """Say what was wrong with what was asked of the engine, when it is known."""

        async def wait() -> None:
            wrong = await asyncio.wrap_future(done)
            if wrong:
                self.notify(clean(wrong), severity="error", markup=False)

        self.run_worker(wait())

    def action_cue(self) -> None:
        """Ask who is next; what the turn order would have said does not count then."""
        if not self._doors_open():
            return
        state = self.show_.log.state
        due = state.waiting or state.players
        names = [(who, state.cast[who].name) for who in due]
        names += [(who, f"{state.cast[who].name}, once more") for who in state.players if who not in due]
        _ = self.app.push_screen(Choose("Who is next?", names), self._cue)

    def _cue(self, who: str | None) -> None:
        if self.engine:
            if who:
                self.following = True
                self._tell(self.engine.cue(who))
            else:
                self.engine.play(0)

    # ── another way ────────────────────────────────────────────────────────────────────────────────

    def action_fork(self) -> None:
        """Leave the run here for a new one."""
        if not self.show_.ready or not len(self.show_.log):
            return
        state = self.show_.state
        turns = max(state.settings.turns, state.turn + 40)
        hint = "The same events up to here, then another run of its own. How many turns in all?"
        _ = self.app.push_screen(Ask(f"Fork at turn {state.turn}", hint, str(turns)), self._fork)

    def _fork(self, text: str | None) -> None:
        if text is None or not text.strip().isdecimal():
            return
        show = self.show_
        here = show.here if show.state.phase != "over" else show.log.upto(show.cursor)
        old = self.run if self.run.is_dir() else self.run.parent
        settings = here.state.settings.model_copy(update={"turns": int(text)})
        forked = here.fork(old.name, settings)
        if self.engine:
            self.engine.stop()
            self.engine = None
        if self.feed:
            self.feed.close()
            self.feed = None
        self.mine, self.following, self.playing, self.trouble = frozenset(), True, False, ""
        show.switch(forked, len(here))
        self.engage(old.parent / f"{old.name}-at-{here.state.turn}", forked, play=False)
        self.go(show.last)
        self.notify(clean(f"Forked from {old.name}. Space plays on."))

    def action_interview(self) -> None:
        """Ask a character, as of the cursor."""
        if self.show_.ready:
            cast = [(who, person.name) for who, person in self.show_.state.cast.items()]
            _ = self.app.push_screen(Choose("Whom do you ask?", cast), self._interview)

    def _interview(self, who: str | None) -> None:
        if who:
            _ = self.app.push_screen(Interview(self.show_.here, who, self.colours, self.staged))

    def action_judge(self) -> None:
        """Have the run judged by `sandbox judge`, in a process of its own."""
        self.action_tab("judges")
        self.run_worker(self._judge(), exclusive=True, group="judge")

    async def _judge(self) -> None:
        self.notify("The judges are reading.")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", "judge", str(self.run),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await process.communicate()
        if process.returncode:
            last = said.decode(errors="replace").strip().splitlines()[-1:] or ["it failed"]
            self.notify(clean(f"No verdicts: {last[0]}"), severity="warning", markup=False)

    def action_home(self) -> None:
        """Leave; what was played is kept."""
        self.close()
        if len(self.app.screen_stack) > 2:
            _ = self.app.pop_screen()
        else:
            self.app.exit()
