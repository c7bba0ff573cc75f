"""What batches cost: `python benchmarks/batch.py [--json] [--quick] [--runs N] [SECTION…]`.

Sections, all if none is named: `throughput` (short improv runs on all processors), `kills` (the same, with everything
killed at ten random moments), `endpoint` (many runs at once against a model that takes 100 ms), `engines` (local,
several workers, Ray: the same logs). Prints a table, or JSON.

On a machine that others use too, wall time says little; so for each worker the time it ran and the time it was ready to
run but had to wait for a processor are both taken from the kernel. Their sum is what it would have used on a quiet one.
"""

import asyncio
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from characters.models import Endpoint, Model
from characters.models.scripted import ScriptedChat
from sandbox.batch.desk import QueueDesk
from sandbox.batch.parent import Parent, driving
from sandbox.batch.player import Folders
from sandbox.batch.prepare import Part, checked, fill
from sandbox.batch.queue import Queue, open_queue
from sandbox.batch.spec import Limits, load_plan
from sandbox.batch.turnstile import Turnstile
from sandbox.batch.worker import Worker
from sandbox.calm import calm

ROOT = Path(__file__).resolve().parent.parent
LATENCY = 0.1
"""Seconds the fake model takes."""

SLOTS = 64

REPLY = json.dumps(
    {
        "thought": "I wait and see.", "feeling": "calm", "act": "wait", "speech": "A cold night to be out in.",
        "to": [], "manner": "aloud", "intent": "", "topic": "", "claims": [], "choice": -1, "deed": "", "used": [],
        "conclusion": "", "changes": [],
    }
)  # fmt: skip

Row = dict[str, Any]


def plan(folder: Path, out: str, runs: int, turns: int = 60, more: str = "") -> Path:
    """Write a plan of three characters in the tavern."""
    path = folder / f"{out}.yaml"
    path.write_text(
        f"out: {folder / out}\ngrid: {{worlds: tavern, casts: 'mira, bram, odo', seeds: 1..{runs}}}\n"
        f"turns: {turns}\n{more}\n"
    )
    return path


def hashes(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every finished log."""
    return {
        log.parent.name: hashlib.sha256(log.read_bytes()).hexdigest() for log in folder.glob("*/events.jsonl")
    }


def start(*words: str) -> "subprocess.Popen[bytes]":
    """Start the program, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def family(parent: int) -> list[int]:
    """Give a process and its children."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [parent, *(int(word) for word in text.split())]


def schedule(pid: int) -> tuple[float, float]:
    """Give the seconds a process ran, and those it was ready to but had to wait; all its threads."""
    ran = waited = 0.0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            words = (task / "schedstat").read_text().split()
            ran, waited = ran + int(words[0]) / 1e9, waited + int(words[1]) / 1e9
    except OSError:
        pass
    return ran, waited


def memory(pid: int) -> float:
    """Give the resident memory of a process, in MB."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def throughput(folder: Path, runs: int) -> list[Row]:
    """Play short improv runs on all processors."""
    began, peak, mid = time.perf_counter(), 0.0, {}
    process = start("batch", str(plan(folder, "undisturbed", runs)))
    seen: dict[int, tuple[float, float, float]] = {}
    while process.poll() is None:
        pids = family(process.pid)
        peak = max(peak, sum(memory(pid) for pid in pids))
        for pid in pids[1:]:
            seen[pid] = (*schedule(pid), time.perf_counter())
            mid.setdefault(pid, seen[pid])
        time.sleep(0.1)
    wall = time.perf_counter() - began
    done = hashes(folder / "undisturbed")
    size = sum(file.stat().st_size for file in (folder / "undisturbed").glob("*/*") if file.is_file())
    busy = {
        pid: tuple((last[i] - mid[pid][i]) / max(last[2] - mid[pid][2], 1e-9) for i in (0, 1))
        for pid, last in seen.items()
    }
    ran = sum(last[0] for last in seen.values())
    turns = runs * 60
    return [
        {
            "what": f"{runs} runs of 3 characters, 60 turns",
            "done": len(done),
            "runs/s": round(runs / wall, 2),
            "turns/s": round(turns / wall),
            "runs per processor second": round(runs / ran, 2),
            "processor ms per turn": round(ran / turns * 1e3, 2),
            "of a processor, each worker ran": [round(one[0], 3) for one in busy.values()],
            "and ran or was ready to": [round(sum(one), 3) for one in busy.values()],
            "peak MB, all processes": round(peak),
            "kB a run": round(size / max(len(done), 1) / 1000, 1),
        }
    ]


def kills(folder: Path, runs: int) -> list[Row]:
    """Play them again; kill the parent and all workers at ten random moments, and start again each time."""
    path, draw, times = plan(folder, "killed", runs), Random("kills"), []
    whole = hashes(folder / "undisturbed") or hashes_of(folder, runs)
    queue, crashes = folder / "killed", 0
    marks = sorted(draw.sample(range(1, max(runs - 1, 12)), 10))
    for mark in marks:
        process = start("batch", str(path))
        wait = draw.uniform(0, 1.5)
        while process.poll() is None and len([*queue.glob("*/events.jsonl")]) < mark:
            time.sleep(0.02)
        time.sleep(wait)
        victims = family(process.pid)
        times.append(len(victims))
        for pid in victims if draw.random() < 0.7 else victims[:1]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        with open_queue(queue) as opened:
            crashes += opened.counts().get("playing", 0)
    last = start("batch", str(path))
    code = last.wait()
    return [
        {
            "what": f"{runs} runs, killed {len(marks)} times",
            "exit code": code,
            "processes killed, at most": sum(times),
            "runs in hand when killed": crashes,
            "the same logs": hashes(queue) == whole,
            "failed": len([*(queue / "failed").glob("*")]),
        }
    ]


def hashes_of(folder: Path, runs: int) -> dict[str, str]:
    """Play undisturbed and give the hashes."""
    start("batch", str(plan(folder, "undisturbed", runs))).wait()
    return hashes(folder / "undisturbed")


# ── a model that takes its time ────────────────────────────────────────────────────────────────────


class Busy:
    """How many calls are under way, over time."""

    def __init__(self) -> None:
        """Begin with none."""
        self.now, self.calls, self.area, self.since = 0, 0, 0.0, time.perf_counter()

    def step(self, change: int) -> None:
        """Note that a call begins or ends."""
        now = time.perf_counter()
        self.area += self.now * (now - self.since)
        self.now, self.since = self.now + change, now


def connecting(busy: Busy, latency: float = LATENCY) -> Callable[[str], Model]:
    """Give what connects every model to one that answers after a while."""

    async def script(_: object) -> str:
        busy.step(1)
        busy.calls += 1
        answer = REPLY.replace("A cold night", f"Night {busy.calls} is cold")  # no two alike
        await asyncio.sleep(latency)
        busy.step(-1)
        return answer

    return lambda spec: Model(spec=spec, chat=ScriptedChat(script=script), endpoint=Endpoint(100_000))


@contextmanager
def asking(path: Path, spec: str) -> Iterator[Queue]:
    """Let a model play everybody of a plan, and fill its queue."""
    path.write_text(path.read_text().replace("seeds", f"minds: '{spec}', seeds"))
    read = load_plan(path)
    expansion, jobs = checked(read, Part())
    with driving(Path(read.plan.out), new=True) as queue:
        fill(queue, read.plan, expansion, jobs)
        yield queue


def scripted(folder: Path) -> str:
    """Give a spec in whose place `connecting` puts its model."""
    (folder / "lines.jsonl").write_text('"x"\n')
    return f"scripted:{folder}/lines.jsonl"


@contextmanager
def talking(folder: Path, out: str, runs: int, calls: int, processes: int = 1) -> Iterator[Queue]:
    """Fill a queue with runs that models play, 200 of them at once."""
    more = f"narrator: improv\nmemory: none\nlimits: {{runs: {200 // processes}, calls: {calls}}}"
    with asking(plan(folder, out, runs, 20, more), scripted(folder)) as queue:
        yield queue


def endpoint(folder: Path, runs: int) -> list[Row]:
    """Play 200 runs at once in one process, under a limit and without; then in two processes.

    At 100 ms a limit of 64 means 640 calls a second, more than one process makes; at 1 s the gate alone decides.
    """
    rows = []
    cases = (
        ("limit of 64", SLOTS, LATENCY),
        ("limit lifted", 100_000, LATENCY),
        ("64, 1 s a call", SLOTS, 1.0),
    )
    for number, (name, calls, latency) in enumerate(cases):
        with talking(folder, f"endpoint-{number}", 200 if latency == 1.0 else runs, calls) as queue:
            rows.append({"what": f"one process, {name}", **asyncio.run(_measured(queue, calls, latency))})
    rows.append(_two(folder, runs))
    return rows


async def _measured(queue: Queue, calls: int, latency: float) -> Row:
    """Play, and look at the gate while there is more to do than it lets through."""
    busy = Busy()
    worker = Worker(QueueDesk(queue), Folders(queue.folder))
    worker.player.connect = connecting(busy, latency)
    calm()
    playing = asyncio.ensure_future(worker.work())
    held, asked, samples, window = 0.0, 0.0, 0, (0.0, 0.0, 0, 0.0)
    began = (time.perf_counter(), time.process_time(), 0)
    while not playing.done():
        await asyncio.sleep(0.005)
        gate = next((known.gate() for known in worker.gates.known.values()), None)
        if not isinstance(gate, Turnstile) or not gate.busy:
            began = (time.perf_counter(), time.process_time(), busy.calls)
            continue
        if gate.busy + len(gate.queue) >= min(calls, SLOTS) or calls > SLOTS:
            samples += 1  # there is more to do than the limit lets through
            held, asked = held + gate.busy, asked + busy.now
        window = (time.perf_counter() - began[0], time.process_time() - began[1], busy.calls - began[2], 0)
    await playing
    seconds, processor, made, _ = window
    row: Row = {
        "runs at once": 200,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "turns/s": round(made / seconds),
        "turns per processor second": round(made / processor),
        "ms per turn": round(processor / made * 1e3, 2),
    }
    if calls == SLOTS:
        row["of 64 slots in use"] = round(held / samples / SLOTS, 3)
        row["of 64 calls under way"] = round(asked / samples / SLOTS, 3)
    return row


def _two(folder: Path, runs: int) -> Row:
    """Let two processes share the limit; each samples its own calls."""
    with talking(folder, "two", runs, SLOTS, 2) as queue:
        command = [sys.executable, __file__, "--talker"]
        began = time.perf_counter()
        parent = Parent(queue, Limits(), 2, command=command)
        parent.run()
        wall = time.perf_counter() - began
        made = queue.tally().calls
    files = [file.read_text().splitlines() for file in (folder / "two").glob(".talker-*")]
    full = _together([[json.loads(line) for line in lines] for lines in files])
    samples = max(len(full), 1)
    return {
        "what": "two processes, 100 runs each, limit of 64",
        "calls": made,
        "calls/s with starting": round(made / wall),
        "calls/s, both at work": round((full[-1][2] - full[0][2]) / (full[-1][3] - full[0][3]))
        if full
        else 0,
        "of 64 slots in use": round(sum(one[0] for one in full) / samples / SLOTS, 3),
        "of 64 calls under way": round(sum(one[1] for one in full) / samples / SLOTS, 3),
        "never more than": max((one[0] for one in full), default=0),
    }


def _together(files: list[list[list[float]]]) -> list[tuple[float, float, float, float]]:
    """Give slots in use, calls under way, calls begun and the time, every 5 ms while more was wanted than there are.

    From the first moment to the last at which both processes played.
    """
    begin, end = max(lines[0][0] for lines in files), min(lines[-1][0] for lines in files)
    full = []
    places = [0 for _ in files]
    for step in range(int((end - begin) / 0.005)):
        moment, now = begin + step * 0.005, []
        for number, lines in enumerate(files):
            while places[number] + 1 < len(lines) and lines[places[number] + 1][0] <= moment:
                places[number] += 1
            now.append(lines[places[number]])
        if sum(line[2] for line in now) >= SLOTS and all(line[2] for line in now):
            held, asked, begun = (sum(line[field] for line in now) for field in (1, 3, 4))
            full.append((held, asked, begun, moment))
    return full


async def talker(folder: Path) -> None:
    """Be one of the two processes."""
    with open_queue(folder) as queue:
        worker = Worker(QueueDesk(queue), Folders(folder))
        busy = Busy()
        worker.player.connect = connecting(busy)
        calm()
        playing = asyncio.ensure_future(worker.work())
        lines = []
        while not playing.done():
            await asyncio.sleep(0.004)
            for known in worker.gates.known.values():
                gate = known.gate()
                if isinstance(gate, Turnstile):
                    wanted = gate.busy + len(gate.queue)
                    lines.append([time.monotonic(), gate.busy, wanted, busy.now, busy.calls])
        await playing
    (folder / f".talker-{os.getpid()}").write_text("\n".join(json.dumps(line) for line in lines))


def engines(folder: Path, runs: int) -> list[Row]:
    """Play the same plan with one worker, with two, and on Ray."""
    found, row = [], {"what": f"{runs} runs of 20 turns"}
    for name, words in (
        ("one", ["--workers", "1"]),
        ("two", ["--workers", "2"]),
        ("ray", ["--workers", "2", "--engine", "ray"]),
    ):
        began = time.perf_counter()
        code = start("batch", str(plan(folder, f"engine-{name}", runs, 20)), *words).wait()
        found.append(hashes(folder / f"engine-{name}"))
        row[f"{name}, s"] = round(time.perf_counter() - began, 1) if code == 0 else f"exit code {code}"
    row["runs"] = [len(one) for one in found]
    row["the same logs"] = found[0] == found[1] == found[2]
    return [row]


SECTIONS: dict[str, Callable[[Path, int], list[Row]]] = {
    "throughput": throughput, "kills": kills, "endpoint": endpoint, "engines": engines,
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    words = sys.argv[1:]
    if "--talker" in words:
        asyncio.run(talker(Path(words[-1])))
        return
    quick = "--quick" in words
    runs = int(words[words.index("--runs") + 1]) if "--runs" in words else 40 if quick else 1000
    sizes = {"endpoint": 200 if quick else 400, "engines": 20 if quick else 50}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in SECTIONS if name in words] or SECTIONS:
            rows += [{"section": name, **row} for row in SECTIONS[name](Path(folder), sizes.get(name, runs))]
            if "--json" not in words:
                for row in rows[-4:] if name == "endpoint" else rows[-1:]:
                    print("  ".join(f"{key}: {value}" for key, value in row.items()), flush=True)
    if "--json" in words:
        print(json.dumps({"schema": "sandbox.bench.batch/1", "rows": rows}))


if __name__ == "__main__":
    main()
