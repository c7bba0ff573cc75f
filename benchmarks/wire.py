"""What a turn costs when the model is behind a network: `python benchmarks/wire.py [RUNS]`.

Runs of a batch in one process, 64 calls at once, against a model that takes 100 ms: in this process, and then as a
server on loopback that is asked by the OpenAI protocol, with a schema for the answer, through langchain and httpx as
any other. The server has a process of its own. Prints calls a second and milliseconds of processor a turn.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from batch import LATENCY, REPLY, Busy, asking, connecting, plan, scripted

from sandbox.batch.desk import QueueDesk
from sandbox.batch.player import Folders
from sandbox.batch.worker import Worker
from sandbox.calm import calm

_CALLS = count()


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
    """Be the model: no two answers are alike."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(LATENCY)
    said = {"role": "assistant", "content": REPLY.replace("A cold night", f"Night {next(_CALLS)} is cold")}
    body = {
        "id": "x", "object": "chat.completion", "created": 0, "model": "x",
        "choices": [{"index": 0, "finish_reason": "stop", "message": said}],
        "usage": {"prompt_tokens": 3000, "completion_tokens": 250, "total_tokens": 3250},
    }  # fmt: skip
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


@contextmanager
def serving() -> Iterator[str]:
    """Serve in another process; give the spec of the model."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, __file__, "--serve", str(port)]) as server:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1#x"
        server.kill()


def measured(folder: Path, name: str, spec: str, runs: int) -> dict[str, Any]:
    """Play runs of 20 turns in this process, all at once."""
    path = plan(folder, name, runs, 20, "narrator: improv\nmemory: none\nlimits: {runs: 200, calls: 64}")
    with asking(path, spec) as queue:
        worker = Worker(QueueDesk(queue), Folders(queue.folder))
        if spec.startswith("scripted"):
            worker.player.connect = connecting(Busy(), LATENCY)
        calm()
        wall, processor = time.perf_counter(), time.process_time()
        asyncio.run(worker.work())
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        calls = queue.tally().calls
    return {
        "calls": calls,
        "calls/s": round(calls / wall),
        "ms of processor a turn": round(processor / calls * 1e3, 2),
    }


def main() -> None:
    """Measure and print."""
    if "--serve" in sys.argv:
        uvicorn.run(answer, host="127.0.0.1", port=int(sys.argv[-1]), log_level="error")
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    with tempfile.TemporaryDirectory() as name, serving() as spec:
        folder = Path(name)
        for what, used in (("in process", scripted(folder)), ("over HTTP", spec)):
            row = measured(folder, what.replace(" ", "-"), used, runs)
            print(f"{what:12}" + "  ".join(f"{key}: {value}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
