"""Minds and models that fail a batch: nothing is lost, nothing done twice, the reason is said; docs/reliability.md."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from characters.minds import Decision, ScriptedMind
from characters.models.scripted import ScriptedChat
from sandbox.batch.governor import Share
from sandbox.batch.turnstile import PATIENCE, Patience, Turnstile
from sandbox.casting import stage_for
from sandbox.loop import Stage
from tests.batches import crew, hashes, opened, plan_at, played, reasons, speaking, undisturbed
from tests.players import turn
from worlds.view import View


def talking(folder: Path, seeds: str = "1..4", **limits: Any) -> Path:
    """A plan in which a model plays everybody."""
    folder.mkdir(exist_ok=True)
    (folder / "lines.jsonl").write_text('"x"')
    grid = f"grid: {{worlds: ./shed.yaml, minds: 'scripted:{folder}/lines.jsonl', seeds: {seeds}}}"
    return plan_at(folder, f"{grid}\nnarrator: improv", memory="none", limits=limits)


def staged(mind: Callable[[View], Any], seed: int = 2) -> Callable[..., Stage]:
    """Give what stages runs: as usual, but with another mind for everybody in one of them."""

    def stage(log: Any, calls: Any = None, **given: Any) -> Stage:
        usual = stage_for(log, calls, **given)
        if log.state.settings.seed != seed:
            return usual
        return Stage({who: ScriptedMind(mind) for who in log.state.cast}, usual.narrator)

    return stage


# ── minds and models ───────────────────────────────────────────────────────────────────────────────


def test_a_mind_that_raises_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    """The others end as if it were not there; the folder says what was raised and where."""
    whole = undisturbed(tmp_path)

    def mind(view: View) -> Any:
        raise ZeroDivisionError("by nothing" * view.own_turn)

    with opened(plan_at(tmp_path)) as queue:
        (worker,) = crew(queue)
        worker.player.stage = staged(mind)
        assert played(queue, worker) == {"done": 3, "failed": 1}
        assert reasons(queue) == ["ZeroDivisionError: by nothing"]

    (aside,) = (tmp_path / "out" / "failed").iterdir()
    said = (aside / "reason.txt").read_text()
    assert said.startswith("ZeroDivisionError: by nothing\n")
    assert "Traceback" in said
    assert "sandbox batch retry" in said
    assert hashes(tmp_path / "out").items() < whole.items()


def test_a_mind_that_hangs_is_given_up_and_the_others_go_on(tmp_path: Path) -> None:
    """No new event for `timeout` seconds, `attempts` times over: set aside."""

    class Hangs(ScriptedMind):
        async def decide(self, view: View) -> Decision:
            await asyncio.Event().wait()
            return await super().decide(view)

    def stage(log: Any, calls: Any = None, **given: Any) -> Stage:
        usual = stage_for(log, calls, **given)
        hangs = {who: Hangs(lambda _: None) for who in log.state.cast}  # type: ignore[arg-type,return-value]
        return Stage(hangs, usual.narrator) if log.state.settings.seed == 2 else usual

    with opened(plan_at(tmp_path, limits={"timeout": 1, "attempts": 2})) as queue:
        (worker,) = crew(queue)
        worker.player.stage = stage
        assert played(queue, worker) == {"done": 3, "failed": 1}
        assert reasons(queue) == ["no new event for 1 s"]


def test_waiting_for_the_limits_is_no_hanging() -> None:
    """While one of its calls waits for a slot a run's patience is not counted down; then it counts anew."""

    async def wait() -> None:
        turnstile = Turnstile()
        turnstile.give(Share(slots=1, grants=None))
        await turnstile.acquire()
        async with asyncio.timeout(None) as limit:
            patience = Patience(60.0, limit)
            PATIENCE.set(patience)
            patience.again()
            counted = [limit.when()]
            waiting = asyncio.ensure_future(turnstile.acquire())
            await asyncio.sleep(0)
            patience.again()  # something else happens in the run
            counted.append(limit.when())
            turnstile.release()
            await waiting
            counted.append(limit.when())
        first, meanwhile, after = counted
        assert (meanwhile, turnstile.busy) == (None, 1)
        assert first is not None
        assert after is not None
        assert after >= first

    asyncio.run(wait())


def test_a_model_that_floods_is_set_aside(tmp_path: Path) -> None:
    """A run whose files grow beyond `megabytes` is given up; the disk is not filled."""
    flood = "".join(f"line {number} of much\n" for number in range(60_000))
    with opened(talking(tmp_path, seeds="1", megabytes=1, attempts=1)) as queue:
        assert played(queue, *crew(queue, connect=speaking(lambda _: flood))) == {"failed": 1}
        assert "its files have grown to" in reasons(queue)[0]
        size = sum(path.stat().st_size for path in queue.folder.rglob("*.jsonl"))
    assert size < 100e6


def test_a_model_that_lies_about_usage_cannot_overspend(tmp_path: Path) -> None:
    """Said to cost nothing, or to give tokens back, it is counted by its text, and the budget stops the batch."""

    class Liar(ScriptedChat):
        def _generate(self, *given: Any, **more: Any) -> Any:
            result = super()._generate(*given, **more)
            counts = {"input_tokens": -900, "output_tokens": 0, "total_tokens": -900}
            result.generations[0].message.usage_metadata = counts  # type: ignore[attr-defined]
            return result

        async def _agenerate(self, *given: Any, **more: Any) -> Any:
            return self._generate(*given, **more)

    model = speaking()("scripted:x")
    model.chat = Liar(script=lambda _: turn(speech="Free."))
    with opened(talking(tmp_path, max_tokens=5_000)) as queue:
        played(queue, *crew(queue, connect=lambda _: model))
        assert "spent its tokens" in queue.get("stop")
        assert 5_000 <= queue.tally().tokens < 15_000


def test_a_provider_that_is_down_stops_the_batch_and_fails_no_run(tmp_path: Path) -> None:
    """After some runs in a row nothing more is tried; started again when it is back, all are played."""

    def down(_: Sequence[Any]) -> str:
        raise ConnectionError("refused")

    with opened(talking(tmp_path, seeds="1..20", runs=2)) as queue:
        counts = played(queue, *crew(queue, connect=speaking(down)))
        assert counts.get("failed", 0) <= 1
        assert "in a row were given up" in queue.get("stop")
        assert queue.get("stop_code") == "4"
    with opened(tmp_path / "plan.yaml") as queue:
        queue.retry(str(name) for (name,) in queue.read("SELECT name FROM run WHERE state = 'failed'"))
        assert played(queue, *crew(queue, connect=speaking())) == {"done": 20}


def test_a_budget_that_is_spent_keeps_what_was_paid_for(tmp_path: Path) -> None:
    """With more to spend it goes on; no call is made twice, and the logs are those of one that had enough."""
    asked = []

    def script(_: Sequence[Any]) -> str:
        asked.append(1)
        return turn(speech="It rains.")

    with opened(talking(tmp_path / "rich")) as queue:
        played(queue, *crew(queue, connect=speaking(script)))
        enough, calls = hashes(queue.folder), len(asked)
    shutil.rmtree(queue.folder)
    asked.clear()
    stops = 0
    for spent in range(6_000, 200_000, 6_000):
        with opened(talking(tmp_path / "rich", max_tokens=spent)) as queue:
            if played(queue, *crew(queue, connect=speaking(script))) == {"done": 4}:
                break
            assert "raise limits.max_tokens" in queue.get("stop")
            stops += 1
    assert stops > 1
    assert hashes(queue.folder) == enough
    assert len(asked) == calls
