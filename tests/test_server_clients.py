"""Other programs talk to the server: the openai client, LangChain, curl, and a fuzzer that reads its schema."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.runs import read_run
from tests.serving import app_of, running

pytest.importorskip("fastapi", reason="the server needs the extra `serve`")

LINES = (
    "Good evening, brother.",
    "Who are you?",
    "What is in the box?",
    "Is it true about the saint?",
    "What do you think of Bram?",
    "Somebody stole the garnet.",
    "Was it you?",
    "I did not mean to offend you.",
    "Tell me a joke, then.",
    "Thank you. Good night.",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server with the tavern, and where its runs are."""
    folder = tmp_path_factory.mktemp("served")
    with running(app_of(folder)) as address:
        yield address, folder


def acted_once(folder: Path, first: str) -> bool:
    """Whether there is a run that begins with this line and holds all of `LINES` once, in order."""
    for path in folder.iterdir():
        log = read_run(path).log
        said = [e.body.action.text for e in log if e.by == "stranger" and e.body.kind == "acted"]  # type: ignore[union-attr]
        if said == [first, *LINES[1:]]:
            return True
    return False


def test_the_openai_client_holds_a_conversation(served: tuple[str, Path]) -> None:
    """The openai client talks for ten turns, every other one streamed."""
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(base_url=f"{served[0]}/v1", api_key="none")
    assert "tavern/odo" in [model.id for model in client.models.list()]
    assert client.models.retrieve("tavern/odo").object == "model"
    history: list[dict[str, str]] = []
    for number, line in enumerate((f"{LINES[0]} (A)", *LINES[1:])):
        history.append({"role": "user", "content": line})
        asked: dict[str, Any] = {"model": "tavern/odo", "messages": history}
        if number % 2:
            with client.chat.completions.create(**asked, stream=True) as chunks:
                text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        else:
            answer = client.chat.completions.create(**asked)
            text = answer.choices[0].message.content
            assert answer.usage.total_tokens > 0
        assert text.strip()
        history.append({"role": "assistant", "content": text})
    assert acted_once(served[1], f"{LINES[0]} (A)")
    with pytest.raises(openai.NotFoundError, match="no character"):
        client.chat.completions.create(model="tavern/x", messages=[{"role": "user", "content": "Hi"}])
    client.close()


def test_langchain_holds_a_conversation(served: tuple[str, Path]) -> None:
    """LangChain's chat model talks for ten turns, every other one streamed."""
    openai = pytest.importorskip("langchain_openai")
    messages = pytest.importorskip("langchain_core.messages")
    model = openai.ChatOpenAI(model="tavern/odo", base_url=f"{served[0]}/v1", api_key="none")
    history: list[Any] = [messages.SystemMessage("Answer in one word.")]
    for number, line in enumerate((f"{LINES[0]} (B)", *LINES[1:])):
        history.append(messages.HumanMessage(line))
        if number % 2:
            chunks = list(model.stream(history))
            text = "".join(str(chunk.content) for chunk in chunks)
        else:
            text = str(model.invoke(history).content)
        assert text.strip()
        history.append(messages.AIMessage(text))
    assert acted_once(served[1], f"{LINES[0]} (B)")


def test_curl_holds_a_conversation(served: tuple[str, Path], tmp_path: Path) -> None:
    """Curl talks for ten turns, every other one streamed."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    history: list[dict[str, str]] = []
    body = tmp_path / "body.json"
    for number, line in enumerate((f"{LINES[0]} (C)", *LINES[1:])):
        history.append({"role": "user", "content": line})
        body.write_text(json.dumps({"model": "tavern/odo", "messages": history, "stream": bool(number % 2)}))
        told = subprocess.run(
            ["curl", "-sSN", "--fail-with-body", f"{served[0]}/v1/chat/completions",
             "-H", "content-type: application/json", "--data", f"@{body}"],
            capture_output=True, text=True, timeout=30, check=True,
        ).stdout  # fmt: skip
        if number % 2:
            rows = [json.loads(row[6:]) for row in told.splitlines() if row.startswith("data: {")]
            assert told.rstrip().endswith("data: [DONE]")
            text = "".join(row["choices"][0]["delta"].get("content", "") for row in rows)
        else:
            text = json.loads(told)["choices"][0]["message"]["content"]
        assert text.strip()
        history.append({"role": "assistant", "content": text})
    assert acted_once(served[1], f"{LINES[0]} (C)")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_fuzzer_that_reads_the_schema_finds_nothing(tmp_path: Path) -> None:
    """Requests made from the published schema, fitting and unfitting, get answers that fit it, and never a 5xx."""
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings

    app = app_of(tmp_path, sessions=64)
    schema = schemathesis.openapi.from_dict(app.openapi())
    with running(app) as address:
        import httpx

        httpx.post(f"{address}/api/sessions", json={"world": "tavern", "name": "known"})
        for operation in schema.get_all_operations():

            @settings(
                max_examples=20,
                phases=[Phase.generate],
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.ok().as_strategy())
            def probe(case: Any) -> None:
                parameters = case.path_parameters or {}
                if "name" in parameters and parameters["name"] != "0":
                    parameters["name"] = "known"
                if "who" in parameters:
                    parameters.update(world="tavern", who="mira")
                if isinstance(case.body, dict) and "model" in case.body:
                    case.body["model"] = "tavern/odo"
                if isinstance(case.body, dict) and "world" in case.body:
                    case.body["world"] = "tavern"
                case.call_and_validate(base_url=address)

            probe()
