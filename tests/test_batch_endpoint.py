"""Two worker processes at one server on loopback, by the OpenAI protocol: the limits hold for both together."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

import pytest

from tests.batches import plan_at
from tests.conftest import Sandbox
from tests.players import turn


class Server(ThreadingHTTPServer):
    """Answers every request after a while, and counts how many are under way."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.now, self.peak, self.requests = Lock(), 0, 0, 0

    def step(self, change: int) -> None:
        """Note that a request begins or ends."""
        with self.lock:
            self.now += change
            self.peak = max(self.peak, self.now)
            self.requests += change > 0


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_POST(self) -> None:
        """Say that it rains."""
        self.server.step(1)
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(0.05)
        message = {"role": "assistant", "content": turn(speech="It rains.")}
        body = {
            "id": "x", "object": "chat.completion", "created": 0, "model": "x",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1_000},
        }  # fmt: skip
        self.server.step(-1)
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
        """Say nothing."""


@contextmanager
def _serving() -> Iterator[Server]:
    with Server() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _plan(folder: Path, server: Server, **limits: object) -> None:
    spec = f"http://127.0.0.1:{server.server_address[1]}/v1#x?price=1/2"
    text = f"grid: {{worlds: ./shed.yaml, minds: '{spec}', seeds: 1..8}}\nnarrator: improv"
    plan_at(folder, text, memory="none", turns=6, out="out", limits=limits)


@pytest.mark.slow
def test_two_processes_keep_within_one_limit(tmp_path: Path, sandbox: Sandbox) -> None:
    """Never more than three calls are under way, the three are used, and no call is made twice."""
    with _serving() as server:
        _plan(tmp_path, server, calls=3)
        done = json.loads(sandbox("batch", "plan.yaml", "--workers", "2", "--json").stdout)
        assert server.peak == 3
        assert done["counts"] == {"done": 8}
        assert done["calls"] == server.requests == 48
        assert done["tokens"] == 48_000
        assert done["cost"] == pytest.approx(48 * (900 + 200) / 1e6)


@pytest.mark.slow
def test_two_processes_share_one_budget(tmp_path: Path, sandbox: Sandbox) -> None:
    """It is overrun by no more than the calls that were under way; the exit code says why it stopped."""
    with _serving() as server:
        _plan(tmp_path, server, calls=3, max_tokens=12_000)
        stopped = sandbox("batch", "plan.yaml", "--workers", "2", "-q", code=5)
        assert "raise limits.max_tokens" in stopped.stderr
        assert 12 <= server.requests <= 12 + 12
        _plan(tmp_path, server, calls=3)
        sandbox("batch", "plan.yaml", "--workers", "2", "-q")
        assert server.requests == 48
