"""Where the runs of a worker wait: whose call is sent off first, and who goes on when."""

import asyncio

from sandbox.batch.governor import Share
from sandbox.batch.turnstile import PATIENCE, Line, Patience, Turnstile


def test_the_run_that_began_first_goes_first() -> None:
    """Slots that come free go by the order in which runs were begun, whenever their calls came; nobody is forgotten."""
    let: list[int] = []

    async def call(turnstile: Turnstile, rank: int) -> None:
        async with asyncio.timeout(None) as limit:
            PATIENCE.set(Patience(60.0, limit, rank))
            async with turnstile:
                let.append(rank)
                await asyncio.sleep(0)

    async def calls() -> None:
        turnstile = Turnstile()
        waiting = [asyncio.ensure_future(call(turnstile, rank)) for rank in (3, 1, 4, 1, 5, 2)]
        await asyncio.sleep(0)
        assert let == []
        turnstile.give(Share(slots=1, grants=None))
        await asyncio.gather(*waiting)
        assert (turnstile.busy, turnstile.made) == (0, 6)

    asyncio.run(calls())
    assert let == [1, 1, 2, 3, 4, 5]


def test_a_run_goes_on_when_what_is_ready_was_sent() -> None:
    """Between two that go on, whatever became ready with the first has run, some steps deep; they keep their order."""
    done: list[str] = []

    async def send(number: int) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        done.append(f"sent {number}")

    async def go_on(line: Line, number: int) -> None:
        await line.wait()
        done.append(f"turn {number}")
        await send(number)

    async def runs() -> None:
        line = Line()
        gone = asyncio.ensure_future(line.wait())
        going = [asyncio.ensure_future(go_on(line, number)) for number in range(3)]
        gone.cancel()
        await asyncio.gather(*going)

    asyncio.run(runs())
    assert done == [f"{what} {number}" for number in range(3) for what in ("turn", "sent")]
