import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import Field

from characters.asking import Failure, Question, ask
from characters.calls import Memo
from characters.models import Endpoint, Model, connect, ping
from characters.replies import UnfitError
from characters.shapes import Reply
from tests.faulty import KINDS, every, faulty
from tests.players import scripted
from tests.tiny_server import running, write_model
from worlds.errors import ModelError, UsageError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Word(Reply):
    """A word."""

    word: str = Field(description="a word", json_schema_extra={"maxLength": 20})


def accept(reply: Word) -> str:
    """Take any word but `no`."""
    if reply.word == "no":
        raise UnfitError("`word` must not be no")
    return reply.word


def asked(model: Model, calls: Memo | None = None, at: str = "a:1") -> str | Failure:
    """What comes of asking a model for a word."""
    return asyncio.run(ask(model, Question(at, "You say words.", "A word!", Word, accept), calls or Memo()))


class RefusalError(Exception):
    """What a client raises for an HTTP status."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(f"refused with {status}")
        self.status_code = status
        self.response = type(
            "Response", (), {"headers": {name.replace("_", "-"): text for name, text in headers.items()}}
        )()


def failing(*errors: Exception, then: str = '{"word": "yes"}') -> Callable[[object], str]:
    """A script that raises these errors one after the other, then answers."""
    left = list(errors)

    def script(_: object) -> str:
        if left:
            raise left.pop(0)
        return then

    return script


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server."""
    with running(tmp_path_factory.mktemp("tiny")) as base:
        yield base


def test_a_real_server_fills_in_a_form(tiny: str) -> None:
    """llama.cpp's server decodes by our schema, and tells what it read and wrote."""
    calls = Memo()
    word = asked(connect(f"{tiny}#tiny?max_tokens=200&price=1/2"), calls)
    assert isinstance(word, str)
    [call] = calls.made
    assert json.loads(call.reply) == {"word": word}
    assert call.usage.prompt > 100
    assert call.usage.reply > 0
    assert call.cost == pytest.approx((call.usage.prompt + 2 * call.usage.reply) / 1_000_000)
    assert call.seconds > 0


def test_bad_days_are_waited_out(tiny: str) -> None:
    """Whatever a server does instead of answering is tried again, and each time is written down."""
    with faulty(tiny, every(2)) as proxy:
        model = connect(f"{proxy.base}#tiny?max_tokens=60&wait=0.01&timeout=2")
        calls = Memo()
        for number in range(len(KINDS) + 1):
            assert isinstance(asked(model, calls, f"a:{number}"), str)
    assert set(proxy.faults) == set(KINDS)
    waited = [fault for call in calls.made for fault in call.faults]
    blank = [call for call in calls.made if not call.reply]
    assert len(waited) + len(blank) == proxy.faults.total()
    assert [fault.waited for fault in waited if fault.kind == "429"] == [0.02]


def test_a_file_is_a_model(tmp_path: Path) -> None:
    """`gguf:FILE` runs llama.cpp in this process and answers by the same protocol."""
    pytest.importorskip("xllamacpp")
    pytest.importorskip("langchain_openai")
    file = write_model(tmp_path / "tiny.gguf")
    model = connect(f"gguf:{file}?max_tokens=60&threads=1&context=16384&parallel=1")
    assert isinstance(asked(model), str)
    with pytest.raises(UsageError, match="there is no file"):
        connect("gguf:nowhere.gguf")


def test_servers_are_left_alone_as_long_as_they_ask() -> None:
    """`Retry-After` is honoured in seconds and as a date, up to the model's patience; else waits double."""
    past, later = formatdate(1_000, usegmt=True), formatdate(1_040, usegmt=True)
    errors = (
        RefusalError(429, retry_after="0.03"),
        RefusalError(503, retry_after=later, date=past),
        RefusalError(500),
        OSError("down"),
    )
    calls = Memo()
    assert asked(scripted(failing(*errors), wait=0.001, patience=0.05), calls) == "yes"
    waits = [fault.waited for fault in calls.made[0].faults]
    assert waits[:2] == [0.03, 0.05]
    assert waits[2] < waits[3] + 0.01 < 0.05
    assert [fault.kind for fault in calls.made[0].faults] == ["429", "503", "500", "OSError"]


def test_a_server_that_hangs_is_given_up(tiny: str) -> None:
    """One try takes no longer than the timeout."""
    with faulty(tiny, lambda number: "hang" if number == 0 else "") as proxy:
        began = time.perf_counter()
        assert isinstance(asked(connect(f"{proxy.base}#tiny?max_tokens=30&timeout=1&wait=0")), str)
    assert 1 <= time.perf_counter() - began < 20


def test_what_is_refused_for_good_ends_the_run() -> None:
    """A wrong key or name, and a server that was never there, are errors with a mend; nothing is improvised."""
    for status, mend in ((401, "check the key"), (404, "check the name")):
        with pytest.raises(ModelError, match=mend):
            asked(scripted(failing(RefusalError(status))))
    with pytest.raises(ModelError, match="is it running"):
        asked(scripted(failing(*[OSError("no route")] * 9)))


def test_one_lost_call_costs_a_turn_and_three_the_run() -> None:
    """A call that is lost though the server was there is a failure; when it stays away the run ends."""
    model = scripted(failing(then='{"word": "yes"}'), tries=2)
    assert asked(model) == "yes"
    gone = replace(model, chat=scripted(failing(*[OSError("gone")] * 99)).chat)
    assert isinstance(asked(gone), Failure)
    assert isinstance(asked(gone), Failure)
    with pytest.raises(ModelError, match="gone"):
        asked(gone)


def test_a_prompt_that_is_refused_costs_a_turn() -> None:
    """What a provider will not answer, it need not; the run goes on, and nothing is sent twice."""
    calls = Memo()
    failure = asked(scripted(failing(*[RefusalError(413)] * 9)), calls)
    assert isinstance(failure, Failure)
    assert "refused this prompt (413)" in failure.error
    assert len(calls.made[0].faults) == 1


def test_a_model_that_is_lost_has_a_stand_in() -> None:
    """What comes after a comma answers when what is before it does not."""
    second = scripted(lambda _: '{"word": "second"}')
    second.spec = "scripted:second"
    calls = Memo()
    assert asked(scripted(failing(*[OSError("down")] * 9), tries=2, fallback=second), calls) == "second"
    assert calls.made[0].model == "scripted:second"
    assert len(calls.made[0].faults) == 2


def test_a_schema_that_is_refused_is_done_without() -> None:
    """A server that knows no schemas gets the same prompt without one, now and from then on."""
    seen: list[str] = []

    class Chat:
        def with_structured_output(self, *_: object, **__: object) -> None:
            seen.append("schema")
            raise RefusalError(400)

        async def ainvoke(self, prompt: Any) -> Any:
            seen.append("plain")
            return await real.ainvoke(prompt)

    model = scripted(lambda _: '{"word": "yes"}', structured={})
    real, model.chat = model.chat, cast("BaseChatModel", Chat())
    assert asked(model) == asked(model, at="a:2") == "yes"
    assert seen == ["schema", "plain", "plain"]


def test_a_gate_keeps_the_number_of_requests_down() -> None:
    """No more requests are under way at one endpoint than it takes, whoever asks."""
    under_way, peak = 0, 0

    async def script(_: object) -> str:
        nonlocal under_way, peak
        under_way += 1
        peak = max(peak, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return '{"word": "yes"}'

    async def all_at_once(model: Model) -> None:
        async def one(number: int) -> None:
            await ask(model, Question(f"a:{number}", "s", "u", Word, accept), Memo())

        await asyncio.gather(*(one(number) for number in range(9)))

    asyncio.run(all_at_once(scripted(script, endpoint=Endpoint(3))))
    assert peak == 3


def test_a_call_that_was_answered_is_not_made_again() -> None:
    """An equal question at an equal place is answered from what is kept; at another place it is asked."""
    calls, model = Memo(), scripted(failing(then='{"word": "yes"}'))
    assert asked(model, calls) == asked(model, calls) == "yes"
    assert len(calls.made) == 1
    asked(model, calls, "b:1")
    assert len(calls.made) == 2


def test_a_model_can_be_pinged(tiny: str) -> None:
    """`ping` asks for one word, and says what is wrong where nothing answers."""
    assert "answered in" in asyncio.run(ping(connect(f"{tiny}#tiny?max_tokens=30")))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ModelError, match="is it running"):
        asyncio.run(ping(connect(f"http://127.0.0.1:{port}/v1#tiny?wait=0&tries=2")))
