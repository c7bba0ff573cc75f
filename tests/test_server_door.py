"""Who is let in: tokens, origins, sizes, rates, names."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Sandbox
from tests.serving import app_of, running

pytest.importorskip("fastapi", reason="the server needs the extra `serve`")


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


def test_who_is_kept_out(tmp_path: Path) -> None:
    """A token is asked for where there is one; a page elsewhere, too much, and too often are sent away."""
    with (
        running(app_of(tmp_path / "a", token="open sesame")) as address,
        httpx.Client(base_url=address) as client,
    ):
        assert client.get("/v1/models").status_code == 401
        assert client.get("/v1/models", headers={"authorization": "Bearer open sesamE"}).status_code == 401
        assert client.get("/v1/models", headers={"authorization": "Bearer open sesame"}).status_code == 200
        assert client.get("/health").status_code == 200
    with (
        running(app_of(tmp_path / "b", body=2000, rate=20)) as address,
        httpx.Client(base_url=address) as client,
    ):
        assert client.get("/v1/models", headers={"host": "evil.example"}).status_code == 403
        assert client.get("/v1/models", headers={"origin": "https://evil.example"}).status_code == 403
        assert client.post("/api/sessions", content=b"x" * 3000).status_code == 413
        assert client.post("/api/sessions", content=iter([b"x" * 1500] * 2)).status_code == 413
        assert {client.get("/v1/models").status_code for _ in range(30)} == {200, 429}


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "%2e%2e", "%2e%2e%2fx", ".hidden", "A", "x" * 65])
def test_no_name_leads_out(client: httpx.Client, name: str, served: tuple[str, Path]) -> None:
    """No session's name reaches beyond the folder of the runs."""
    assert client.get(f"/api/sessions/{name}").status_code in (400, 404, 405, 200)
    answer = client.post("/api/sessions", json={"world": "tavern", "name": name})
    assert answer.status_code == 400
    assert {path.parent for path in served[1].rglob("events.jsonl")} <= set(served[1].iterdir())


def test_half_a_letter_is_refused(client: httpx.Client) -> None:
    """Half a surrogate pair, numbers that are none, and what is no JSON are refused or mended, not stumbled over."""
    wrong = (
        b'{"world": "tavern", "name": "\\ud800"}',
        b'{"world": "tavern", "seed": NaN}',
        b"{",
        b"",
        b"[]",
        b"\xff",
    )
    for body in wrong:
        answer = client.post("/api/sessions", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400, body
        assert answer.json()["error"]["type"] == "invalid_request_error"
    chat = b'{"model": "tavern/mira", "messages": [{"role": "user", "content": "\\ud800 hi"}]}'
    answer = client.post("/v1/chat/completions", content=chat, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    named = b'{"model": "tavern/mira", "user": "\\udfff", "messages": [{"role": "user", "content": "hi"}]}'
    answer = client.post("/v1/chat/completions", content=named, headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_a_socket_needs_the_token_too(tmp_path: Path) -> None:
    """The live connection is refused without the token, and to a page from elsewhere."""
    client = pytest.importorskip("websockets.sync.client")
    refused = pytest.importorskip("websockets.exceptions").InvalidStatus
    with running(app_of(tmp_path / "a", token="sesame")) as address:
        where = f"{address.replace('http', 'ws')}/api/sessions/x/live"
        with pytest.raises(refused), client.connect(where):
            pass
    with running(app_of(tmp_path / "b")) as address:
        where = f"{address.replace('http', 'ws')}/api/sessions/x/live"
        with pytest.raises(refused), client.connect(where, origin="https://evil.example"):
            pass


def test_beyond_this_machine_a_token_is_needed(sandbox: Sandbox) -> None:
    """Without a token the program does not listen at an address others can reach."""
    assert "SANDBOX_TOKEN" in sandbox("serve", "tavern", "--host", "0.0.0.0", code=2).stderr
