"""The server as its users meet it: chat clients, game engines, and those who should be kept out."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.runs import read_run
from tests.serving import app_of, running, said
from worlds.actions import Do, Say
from worlds.events import Acted

pytest.importorskip("fastapi", reason="the server needs the extra `serve`")

TALK = (
    "Good evening. Who are you?",
    "What brings you to the Last Lamp?",
    "Who took the garnet?",
    "I think Bram took it.",
    "What do you think of Odo?",
    "Do you trust him?",
    "*warms hands at the fire*",
    "You are hiding something from me.",
    "I am sorry.",
    "Thank you, and good night.",
)


def user(text: str) -> dict[str, str]:
    """A line of the visitor's."""
    return {"role": "user", "content": text}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server with the tavern, and where its runs are."""
    folder = tmp_path_factory.mktemp("served")
    with running(app_of(folder)) as address:
        yield address, folder


@pytest.fixture
def client(served: tuple[str, Path]) -> Iterator[httpx.Client]:
    """A plain client of that server."""
    with httpx.Client(base_url=served[0], timeout=30) as opened:
        yield opened


def acts(folder: Path, session: str, who: str) -> list[str]:
    """What somebody said and did in words in a session, from its run."""
    bodies = [event.body for event in read_run(folder / session).log if event.by == who]
    return [b.action.text for b in bodies if isinstance(b, Acted) and isinstance(b.action, Say | Do)]


def test_ten_turns_are_ten_turns(client: httpx.Client, served: tuple[str, Path]) -> None:
    """A client that resends everything has each of its lines acted once, in one run that can be read."""
    lines: list[dict[str, str]] = []
    sessions = set()
    for text in TALK:
        lines.append(user(text))
        sessions.add(said(client, lines)[1])
    assert len(sessions) == 1
    (session,) = sessions
    assert len(acts(served[1], session, "stranger")) == len(TALK)
    assert len({line["content"] for line in lines if line["role"] == "assistant"}) >= 9


def test_what_is_asked_is_answered(client: httpx.Client) -> None:
    """Questions about the character, its place and its company get answers that are about them."""
    expected = {
        "Who are you?": "Mira",
        "How old are you?": "wenty-eight",
        "Where are we?": "common room",
        "What do you think of Odo?": "Odo",
        "Where do you come from?": "lowland",
        "What are you afraid of?": "mall dark rooms",
        "My name is Anselm.": "Anselm",
        "Do you know Jacoba?": "Jacoba",
        "What was my name again? Do you remember my name?": "Anselm",
        "Who do you think is lying?": "Ysolde",
    }
    lines: list[dict[str, str]] = []
    for question, word in expected.items():
        lines.append(user(question))
        text, _ = said(client, lines)
        assert word in text, (question, text)


def test_a_guarded_secret_stays_one(client: httpx.Client) -> None:
    """A visitor who asks straight out is not told what is kept from everybody."""
    for text in ("Are you an officer of the Assay?", "Tell me your secrets.", "In whose pay are you?"):
        reply, _ = said(client, [user(text)])
        assert "Assay" not in reply


def test_asking_again_acts_nothing(client: httpx.Client, served: tuple[str, Path]) -> None:
    """The same request again gets the same answer, and the run does not grow; another seed gets another."""
    lines = [user("Hello there.")]
    said(client, lines)
    lines.append(user("Tell me about the garnet."))
    asked = list(lines)
    text, session = said(client, lines)
    length = len(read_run(served[1] / session).log)
    assert said(client, list(asked)) == (text, session)
    assert len(read_run(served[1] / session).log) == length
    _, other = said(client, list(asked), body={"seed": 77})
    assert other != session
    assert read_run(served[1] / other).log.state.settings.seed == 77


def test_an_edited_history_forks(client: httpx.Client, served: tuple[str, Path]) -> None:
    """Who changes a line goes on in a fork that has the change and not what was changed; the old run stays."""
    lines: list[dict[str, str]] = []
    for text in ("A cold night.", "Is there anything to drink?", "I like mules."):
        lines.append(user(text))
        _, session = said(client, lines)
    before = len(read_run(served[1] / session).log)
    edited = [
        *lines[:2],
        user("Is there anything to eat?"),
        {"role": "assistant", "content": "Bread, and thin."},
    ]
    _, fork = said(client, [*edited, user("I hate mules.")])
    assert fork != session
    assert len(read_run(served[1] / session).log) == before
    log = read_run(served[1] / fork).log
    assert any(event.body.kind == "forked" for event in log)
    assert acts(served[1], fork, "stranger") == [
        "A cold night.",
        "Is there anything to eat?",
        "I hate mules.",
    ]
    assert "Bread, and thin." in acts(served[1], fork, "mira")


def test_a_foreign_history_is_put_in(client: httpx.Client, served: tuple[str, Path]) -> None:
    """A conversation begun elsewhere, by a greeting of the character's, goes on here as if it had been held here."""
    lines = [{"role": "assistant", "content": "You are letting the cold in."}, user("Sorry."),
             {"role": "assistant", "content": "Sit."}, user("Thank you. Who are you?")]  # fmt: skip
    _, session = said(client, lines)
    assert acts(served[1], session, "mira")[:2] == ["You are letting the cold in.", "Sit."]
    lines.append(user("And Bram?"))
    assert said(client, lines)[1] == session


def test_a_named_session_remembers(client: httpx.Client, served: tuple[str, Path]) -> None:
    """A client that names its session need not send any history."""
    names = {said(client, [user(text)], headers={"x-session": "Ann's phone"})[1] for text in TALK[:4]}
    assert len(names) == 1
    assert len(acts(served[1], names.pop(), "stranger")) == 4
    by_user = {said(client, [user(text)], body={"user": "ann"})[1] for text in TALK[:3]}
    assert len(by_user) == 1


def test_a_stream_says_the_same(client: httpx.Client) -> None:
    """A streamed answer is the whole one in pieces, with its role first, its usage last, and an end."""
    body = {
        "model": "tavern/odo",
        "messages": [user("Who are you?")],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    answer = client.post("/v1/chat/completions", json=body)
    rows = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert rows[-1] == "[DONE]"
    chunks = [json.loads(row) for row in rows[:-1]]
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
    assert text == said(client, [user("Who are you?")], "tavern/odo")[0]
    assert chunks[-1]["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"model": "tavern/nobody", "messages": [user("Hi")]}, 404, "no character"),
        ({"model": "tavern/mira", "messages": []}, 400, "messages"),
        (
            {"model": "tavern/mira", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            400,
            "content",
        ),
        ({"model": "tavern/mira", "messages": [user("Hi")], "n": 3}, 400, "n: Input should be 1"),
        ({"model": "tavern/mira", "messages": [user("x" * 9000)]}, 400, "8000"),
        (
            {"model": "tavern/mira", "messages": [user("Hi")], "response_format": {"type": "json_object"}},
            400,
            "text",
        ),
    ],
)
def test_errors_have_openais_shape(
    client: httpx.Client, body: dict[str, Any], status: int, word: str
) -> None:
    """What cannot be answered is refused with a message, a type and a status that OpenAI's clients know."""
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == status
    assert word in answer.json()["error"]["message"]
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_a_hundred_talk_at_once(served: tuple[str, Path]) -> None:
    """A hundred sessions, all at once, each get their own conversation."""

    async def one(client: httpx.AsyncClient, number: int) -> str:
        lines = [user(f"Good evening, I am guest {number}.")]
        for text in ("Who took the garnet?", ""):
            answer = await client.post(
                "/v1/chat/completions", json={"model": "tavern/ysolde", "messages": lines}
            )
            assert answer.status_code == 200, answer.text
            lines += [answer.json()["choices"][0]["message"], user(text)]
        return answer.headers["x-session"]

    async def hundred() -> list[str]:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=served[0], timeout=120, limits=limits) as client:
            return await asyncio.gather(*(one(client, number) for number in range(100)))

    names = asyncio.run(hundred())
    assert len(set(names)) == 100
    assert all(len(acts(served[1], name, "stranger")) == 2 for name in names[::9])
