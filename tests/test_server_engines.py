"""The interface for game engines: sessions, what happens in them, turns in typed fields, one live connection."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.runs import read_run
from tests.conftest import ROOT, Sandbox
from tests.serving import app_of, running, said

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
    with httpx.Client(base_url=f"{served[0]}/api", timeout=30) as opened:
        yield opened


JOY = {"effect": "profile", "who": "mira", "slot": "mood.joy", "value": 0.5}


def post(client: httpx.Client, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """Post, and give what came back."""
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_game_plays_a_scene(client: httpx.Client, served: tuple[str, Path]) -> None:
    """A game opens a session, says what happened, lets its player speak, and gets a turn in typed fields."""
    opened = post(
        client, "/sessions", {"world": "tavern", "name": "quest-1", "seed": 3, "cast": ["bram", "mira"]}, 201
    )
    assert [person["id"] for person in opened["cast"]] == ["mira", "bram", "player"]
    happened = post(
        client, "/sessions/quest-1/events",
        {"text": "The lamp goes out.", "place": "common", "effects": [
            {"effect": "became", "subject": "roof", "attribute": "load", "value": 2},
            {"effect": "profile", "who": "mira", "slot": "trust.bram", "value": -0.5}]},
    )  # fmt: skip
    assert "mira" in happened["events"][0]["witnesses"]
    post(client, "/sessions/quest-1/acts", {"say": "Bram, who took the garnet?", "to": "bram"})
    turn = post(client, "/sessions/quest-1/turn", {})
    assert turn["who"] == "bram"
    assert turn["say"]
    assert turn["action"]["verb"] == "say"
    assert turn["target"] in ("player", None)
    assert turn["emotion"]["label"]
    assert all(
        delta["delta"] == pytest.approx(delta["now"] - delta["was"]) for delta in turn["relation_deltas"]
    )
    log = read_run(served[1] / "quest-1").log
    assert log.state.fact("roof", "load") == 2
    assert log.state.slots["mira"]["trust.bram"] == -0.5


def test_fields_come_of_the_log(client: httpx.Client, served: tuple[str, Path]) -> None:
    """Notes and deltas name events of the run that caused them, and agree with its state."""
    post(client, "/sessions", {"world": "tavern", "name": "notes"}, 201)
    post(client, "/sessions/notes/acts", {"say": "I saw Ysolde take the garnet.", "to": "mira"})
    seen: list[dict[str, Any]] = []
    for _ in range(6):
        turn = post(client, "/sessions/notes/turn", {"who": "mira"})
        seen += [*turn["memory_notes"], *turn["relation_deltas"]]
        post(
            client,
            "/sessions/notes/acts",
            {"say": "You are lying. You took the garnet yourself!", "to": "mira"},
        )
    log = read_run(served[1] / "notes").log
    assert seen
    assert all(0 <= row["because"] <= log.seq for row in seen)
    last = [row for row in seen if row.get("of") == "player" and row["kind"] == "trust"][-1]
    assert log.upto(turn["seq"][1] + 1).state.slots["mira"]["trust.player"] == last["now"]


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        ("/sessions", {"world": "moon"}, 404, "no world"),
        ("/sessions", {"world": "tavern", "cast": ["nobody"]}, 404, "not of this world"),
        ("/sessions", {"world": "tavern", "players": [{"id": "mira"}]}, 409, "taken"),
        ("/sessions/nowhere/turn", {}, 404, "no session"),
        ("/sessions/wrong/turn", {"who": "player"}, 409, "no mind"),
        ("/sessions/wrong/acts", {"who": "mira", "say": "Hm."}, 409, "not yours"),
        ("/sessions/wrong/acts", {"say": "Hm.", "action": {"verb": "wait"}}, 400, "Extra"),
        ("/sessions/wrong/events", {"effects": [{"effect": "moved", "who": "mira", "to": "moon"}]}, 409, "moon"),
        ("/sessions/wrong/events", {}, 409, "nothing happens"),
        ("/sessions/wrong/events", {"effects": [{**JOY, "value": 1e300}]}, 409, "finite"),
        ("/sessions/wrong/events", {"effects": [{**JOY, "slot": "Joy!"}]}, 409, "no name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    client: httpx.Client, path: str, body: dict[str, Any], status: int, word: str
) -> None:
    """What the world or the session does not allow is refused, with what is wrong and the mend."""
    client.post("/sessions", json={"world": "tavern", "name": "wrong"})
    assert word in post(client, path, body, status)["error"]["message"]


def test_one_connection_does_it_all(client: httpx.Client, served: tuple[str, Path]) -> None:
    """Over a websocket the same is asked and answered, errors too, and every event is told as it happens."""
    connect = pytest.importorskip("websockets.sync.client").connect
    post(client, "/sessions", {"world": "tavern", "name": "live", "cast": ["odo"]}, 201)

    def until(socket: Any, kind: str) -> dict[str, Any]:
        while kind not in (row := json.loads(socket.recv(timeout=20))):
            events.append(row)
        return dict(row)

    events: list[dict[str, Any]] = []
    with connect(f"{served[0].replace('http', 'ws')}/api/sessions/live/live") as socket:
        socket.send(json.dumps({"id": 1, "act": {"say": "Good evening, brother.", "to": "odo"}}))
        assert until(socket, "events")["id"] == 1
        socket.send(json.dumps({"id": "b", "turn": {}}))
        turn = until(socket, "turn")
        assert (turn["id"], turn["turn"]["who"]) == ("b", "odo")
        for wrong in ("{", "{}", '{"turn": {"who": "nobody"}}', '{"turn": 3}'):
            socket.send(wrong)
            assert until(socket, "error")["error"]["message"]
    assert any(row.get("event", {}).get("by") == "odo" for row in events)


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """With room for two sessions, a third puts the first away; asked again it is there, and remembers."""
    with (
        running(app_of(tmp_path, sessions=2)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        lines = [{"role": "user", "content": "My name is Anselm."}]
        _, name = said(client, lines)
        for number in range(3):
            post(client, "/api/sessions", {"world": "tavern", "name": f"other-{number}"}, 201)
        assert client.post(f"/api/sessions/{name}/close").status_code == 204
        lines.append({"role": "user", "content": "What brings you here?"})
        assert said(client, lines)[1] == name
        assert name in client.get("/api/sessions").json()


def _serve(folder: Path, *words: str) -> "tuple[subprocess.Popen[str], str]":
    """Start `sandbox serve` as a user does; give the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", *words, "--port", "0", "--out", str(folder)],
        cwd=folder.parent, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    return process, process.stderr.readline().split("/v1")[0]


def _stop(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    process.send_signal(how)
    process.communicate(timeout=20)


def test_a_turn_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    """A run that was cut in the middle of an answer goes on from there when asked again, and comes out the same."""
    lines = [{"role": "user", "content": "Hello."}]
    with running(app_of(tmp_path)) as address, httpx.Client(base_url=address, timeout=30) as client:
        said(client, lines)
        asked = [*lines, {"role": "user", "content": "Who took the garnet?"}]
        text, name = said(client, list(asked))
    events = tmp_path / name / "events.jsonl"
    whole = events.read_text(encoding="utf-8").splitlines(keepends=True)
    for left in (1, 3, 5, 7):
        events.write_text("".join(whole[:-left]), encoding="utf-8")
        with running(app_of(tmp_path)) as address, httpx.Client(base_url=address, timeout=30) as client:
            assert said(client, list(asked)) == (text, name), left
        assert events.read_text(encoding="utf-8").splitlines(keepends=True) == whole


@pytest.mark.slow
def test_killed_and_opened_again_it_remembers(tmp_path: Path, sandbox: Sandbox) -> None:
    """The program is killed in the middle; opened again it goes on with the same run, which the other verbs read."""
    folder = tmp_path / "runs"
    lines: list[dict[str, str]] = []
    process, address = _serve(folder, "tavern")
    with httpx.Client(base_url=address, timeout=30) as client:
        for text in ("Good evening.", "Ysolde took the garnet. I saw it."):
            lines.append({"role": "user", "content": text})
            _, name = said(client, lines)
    _stop(process, signal.SIGKILL)
    process, address = _serve(folder, "tavern")
    with httpx.Client(base_url=address, timeout=30) as client:
        lines.append({"role": "user", "content": "What did I tell you?"})
        assert said(client, lines)[1] == name
    _stop(process, signal.SIGINT)
    assert "I saw it." in sandbox("show", str(folder / name)).stdout
    assert "consistency" in sandbox("judge", str(folder / name)).stdout
    sandbox("export", str(folder / name), "--format", "npc", "--who", "mira", "--out", str(tmp_path / "mira"))
