"""What all workers together may ask, and what a server says it took."""

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.calls import Call, Message, Usage
from characters.models import Endpoint, Model
from characters.models.model import Price
from characters.models.scripted import ScriptedChat
from sandbox.batch.gate import Gates, believed
from sandbox.batch.governor import BURST, Ledger, Need, Rules, Share
from sandbox.batch.turnstile import Turnstile

STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 40), st.floats(0, 3), st.booleans()), min_size=1, max_size=60
)


@given(STEPS, st.integers(1, 50))
def test_slots_never_exceed_the_limit(steps: list[tuple[int, int, float, bool]], most: int) -> None:
    """Whoever asks for whatever, comes, and dies: the calls that all may have under way are within the limit."""
    ledger, now, slots = Ledger(), 0.0, dict[int, int]()
    for worker, wants, passed, dies in steps:
        now += passed
        if dies:
            ledger.forget(worker)
            slots.pop(worker, None)
            continue
        need = Need(wants, min(wants, slots.get(worker, 0)), usual=8)
        slots[worker] = ledger.share(Rules(calls=most), worker, {"a": need}, now, "boot")["a"].slots
        assert need.busy <= slots[worker]
        assert sum(slots.values()) <= most


@given(STEPS, st.floats(1, 600))
def test_grants_never_exceed_what_flows_in(
    steps: list[tuple[int, int, float, bool]], per_minute: float
) -> None:
    """Requests begun are at most those of the time that has gone, and what can be saved up."""
    ledger, now, granted = Ledger(), 0.0, 0
    for worker, wants, passed, _ in steps:
        now += passed
        share = ledger.share(Rules(requests=per_minute), worker, {"a": Need(wants, 0, 8)}, now, "boot")["a"]
        granted += share.grants or 0
        assert granted <= max(1.0, per_minute * BURST / 60) + per_minute * now / 60 + 1e-6


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40))
def test_a_clock_that_jumps_lets_nothing_through(jumps: list[float]) -> None:
    """However the seconds jump, each report lets in at most what can be saved up, and nobody starves afterwards."""
    ledger, rules, now = Ledger(), Rules(requests=60.0), 0.0
    for jump in jumps:
        now += jump
        granted = ledger.share(rules, 1, {"a": Need(100, 0, 8)}, now, "boot")["a"].grants
        assert 0 <= (granted or 0) <= BURST
    later = [ledger.share(rules, 1, {"a": Need(100, 0, 8)}, now + n, "boot")["a"].grants for n in (1, 2, 3)]
    assert sum(each or 0 for each in later) >= 3


def test_another_start_of_the_machine_counts_as_no_time() -> None:
    """Seconds of two boots are not compared."""
    ledger, rules = Ledger(), Rules(requests=60.0)
    _ = ledger.share(rules, 1, {"a": Need(100, 0, 8)}, 1e6, "one")
    assert ledger.share(rules, 1, {"a": Need(100, 0, 8)}, 5.0, "two")["a"].grants == 0
    assert ledger.share(rules, 1, {"a": Need(100, 0, 8)}, 7.0, "two")["a"].grants == 2


def test_slots_go_where_they_are_wanted() -> None:
    """Two workers share equally, also when one has them all under way; what one does not want the other has."""
    ledger, rules = Ledger(), Rules(calls=10)

    def ask(worker: int, wants: int, busy: int = 0) -> int:
        return ledger.share(rules, worker, {"a": Need(wants, busy, 8)}, 0.0, "boot")["a"].slots

    assert ask(1, 50) == 10
    assert ask(2, 50) == 0
    assert ask(1, 50, busy=10) == 5  # it begins no more until it has come down to that …
    assert ask(2, 50) == 0  # … and until it says so, they are not given away
    assert ask(1, 50, busy=5) == 5
    assert ask(2, 50) == 5
    assert ask(1, 2) == 2
    assert ask(2, 50, busy=5) == 8


def test_tokens_a_minute_hold_for_calls_under_way_too() -> None:
    """In the long run no more is spent than flows in, though what a call costs is known only when it has ended."""
    ledger, rules, draw = Ledger(), Rules(tokens=60_000.0), Random("tokens")
    ends: list[tuple[float, int]] = []
    spent, left = 0, 0
    for step in range(2_400):
        now = step / 4
        done = [cost for end, cost in ends if end <= now]
        ends = [(end, cost) for end, cost in ends if end > now]
        spent += sum(done)
        need = Need(50, len(ends), 8, left, len(done), sum(done))
        left += ledger.share(rules, 1, {"a": need}, now, "boot")["a"].grants or 0
        while left and len(ends) < 50:
            left -= 1
            ends.append((now + draw.uniform(0.5, 4.0), draw.randrange(500, 4_000)))
    assert 0.9 * 600_000 <= spent <= 1.1 * (600_000 + 60_000 * BURST / 60)


# ── the gate ───────────────────────────────────────────────────────────────────────────────────────


def test_a_turnstile_lets_through_what_it_has_slots_and_grants_for() -> None:
    """A call that ends makes room at once; one that is cancelled while it waits leaves no gap."""

    async def go() -> list[int]:
        gate, seen = Turnstile(), list[int]()
        gate.give(Share(2, 3))

        async def call() -> None:
            async with gate:
                seen.append(gate.busy)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(call()) for _ in range(6)]
        await asyncio.sleep(0)
        tasks[4].cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(seen) == 3
        gate.give(Share(2, None))
        await asyncio.gather(*tasks, return_exceptions=True)
        assert gate.busy == 0
        return seen

    assert max(asyncio.run(go())) == 2


def test_models_at_one_address_share_a_gate() -> None:
    """The limit is the endpoint's, whatever is asked there; what stands in elsewhere has a gate of its own."""
    gates = Gates()

    def model(spec: str) -> Model:
        return Model(spec=spec, chat=ScriptedChat(script=lambda _: ""), endpoint=Endpoint(8))

    one = gates.govern("http://127.0.0.1:9/v1#a", model("a"))
    two = model("b")
    two.fallback = model("c")
    gates.govern("http://127.0.0.1:9/v1#b,http://127.0.0.1:8/v1#c", two)

    assert one.endpoint is two.endpoint
    assert two.fallback.endpoint is not two.endpoint
    assert set(gates.known) == {"http://127.0.0.1:9/v1", "http://127.0.0.1:8/v1"}


LIES = {
    "nothing": Usage(0, 0, 0),
    "less than nothing": Usage(-500, -1, -70),
    "far too much": Usage(10**12, 0, 10**12),
    "no reply": Usage(900, 0, 0),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_usage_is_not_believed(name: str) -> None:
    """What is counted can be true of the text; what was said is kept beside it."""
    call = Call(
        "ada:1", 0, "m", "k", (Message("system", "x" * 3_600),), "y" * 1_200, usage=LIES[name], cost=0.0
    )
    model = Model(spec="m", chat=ScriptedChat(script=lambda _: ""), price=Price(1.0, 1.0))

    fair = believed(call, model)

    assert 300 <= fair.usage.prompt <= 27_200
    assert 100 <= fair.usage.reply <= 202_400
    assert fair.cost == pytest.approx(fair.usage.total / 1e6)
    assert fair.faults[-1].kind == "usage"


def test_what_can_be_true_is_believed() -> None:
    """Usage as providers give it is left as it is, thinking and hidden prompts included."""
    for usage in (Usage(900, 0, 300), Usage(900, 800, 9_000), Usage(5_000, 0, 300)):
        call = Call("ada:1", 0, "m", "k", (Message("system", "x" * 3_600),), "y" * 1_200, usage=usage)
        assert believed(call, None) is call
