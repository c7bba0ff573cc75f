"""A proxy on loopback that stands before a model server and now and then does what servers do on bad days.

429      too many requests, with `Retry-After`          cut      a connection that breaks off in mid-answer
500      the server fails                               garbage  a page of HTML instead of an answer
hang     no answer until the client gives up            empty    nothing at all, well-formed in every other way
blank    a proper answer with no words in it
"""

import http.client
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

__all__ = ["KINDS", "Proxy", "every", "faulty"]

KINDS = ("429", "500", "cut", "garbage", "empty", "blank", "hang")

_BLANK = {
    "id": "x", "object": "chat.completion", "created": 0, "model": "tiny",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 0, "total_tokens": 1},
}  # fmt: skip


class Proxy(ThreadingHTTPServer):
    """The proxy, and what it has seen."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, upstream: str, plan: Callable[[int], str]) -> None:
        """Pass requests on to `upstream`, except those for which `plan` names a fault by their number."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream)
        self.plan = plan
        self.base = f"http://127.0.0.1:{self.server_address[1]}/v1"
        self.requests = 0
        self.faults: Counter[str] = Counter()
        self.peak = 0
        self.closing = Event()
        self._under_way = 0
        self._lock = Lock()

    def begin(self) -> str:
        """Note a request; give the fault it meets with, if any."""
        with self._lock:
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
            fault = self.plan(self.requests)
            self.requests += 1
            self.faults.update([fault] if fault else [])
            return fault

    def end(self) -> None:
        """Note the end of a request."""
        with self._lock:
            self._under_way -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that have hung up: that is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def do_POST(self) -> None:
        """Pass a request on, or fail it."""
        body = self.rfile.read(int(self.headers["content-length"]))
        fault = self.server.begin()
        try:
            self._fail(fault) if fault else self._pass(body)
        finally:
            self.server.end()

    def _pass(self, body: bytes) -> None:
        upstream = self.server.upstream
        link = http.client.HTTPConnection(upstream.hostname or "", upstream.port or 80, timeout=60)
        with closing(link):
            link.request("POST", self.path, body, {"Content-Type": "application/json"})
            reply = link.getresponse()
            self._answer(reply.status, reply.read())

    def _fail(self, fault: str) -> None:
        match fault:
            case "429":
                self._answer(429, b'{"error": {"message": "slow down"}}', {"Retry-After": "0.02"})
            case "500":
                self._answer(500, b'{"error": {"message": "out of order"}}')
            case "cut":
                self._answer(200, b'{"id": "x", "choices": [{"mess', length=4_000)
            case "garbage":
                self._answer(200, b"<html><body>The service is busy.</body></html>")
            case "empty":
                self._answer(200, b"")
            case "blank":
                self._answer(200, json.dumps(_BLANK).encode())
            case "hang":
                self.server.closing.wait(30)

    def _answer(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Keep no log."""


def every(n: int, kinds: tuple[str, ...] = KINDS) -> Callable[[int], str]:
    """Plan a fault for every n-th request, one kind after the other."""
    return lambda number: kinds[number // n % len(kinds)] if number % n == n - 1 else ""


@contextmanager
def faulty(upstream: str, plan: Callable[[int], str] = lambda _: "") -> Iterator[Proxy]:
    """Run the proxy; `Proxy.base` is the address to use in place of the server's."""
    proxy = Proxy(upstream, plan)
    thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.closing.set()
        proxy.shutdown()
        proxy.server_close()
        thread.join()
