"""What memory costs, and what its index finds: `python benchmarks/memory.py [--json] [--quick]`.

A run of 20 000 things that happen, each different, to one, two or all of four people; then each is asked 100 times.
`exact` searches all of it in this process, `chroma` gives all but the newest to Chroma, `memory` is the default.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import numpy as np

from characters.embedders import Hashing
from characters.memory import NEAR, Memory
from characters.memory.chroma import BATCH
from worlds.events import Draft, Intervened, Started
from worlds.spec import Character, Entrance, Exit, Place, Scene, Settings, World
from worlds.trajectory import Trajectory, extend, start

Row = dict[str, Any]

PEOPLE = ("ada", "ben", "cy", "dora")
PLACES = ("hall", "loft", "yard")
ASKED = 100
WHO = "Ada Ben Cy Dora Edda Falk Greta Hob Ines Jory Kit Lorn".split()
DID = """hid found sold broke painted buried lost borrowed mended stole burned praised cursed washed weighed polished
    dropped forgot measured promised""".split()
WHAT = """lantern kettle ladder saddle fiddle letter ring spade bucket barrel mirror candle anvil basket blanket chain
    clock comb cradle drum flute glove hammer harness hinge jug lock map needle oar""".split()
WHERE = """under the stairs|behind the mill|by the river|in the chapel|at the fair|on the roof|near the well|in the
    orchard|at the crossroads|beneath the bridge|in the cellar|beside the forge""".replace("\n", " ").split(
    "|"
)


def happenings(count: int) -> Iterator[Draft]:
    """Give so many things that happen, all different, here and there or everywhere."""
    draw = Random("memory")
    every = list(product(WHO, DID, WHAT, WHERE))
    for who, did, what, where in draw.sample(every, count):
        text = f"{who} {did} the {what} {' '.join(where.split())}."
        yield Draft(Intervened(text=text, place=draw.choice(("", *PLACES))))


def lived(count: int) -> Trajectory:
    """Give a run of so many happenings; two people share a place."""
    places = {
        id_: Place(name=f"the {id_}", text="A place.", exits=(Exit(to=PLACES[n - 1]),))
        for n, id_ in enumerate(PLACES)
    }
    cast = {who: Entrance(at=PLACES[n % len(PLACES)]) for n, who in enumerate(PEOPLE)}
    world = World(
        id="much", title="Much", genre="test", premise="Much happens.", places=places, cast=cast,
        scenes=(Scene(id="one", premise="Life."),),
    )  # fmt: skip
    people = tuple(Character(id=who, name=who.title()) for who in PEOPLE)
    return extend(start(Started(world=world, cast=people, settings=Settings())), happenings(count))


def questions() -> list[tuple[str, str]]:
    """Give who is asked what."""
    draw = Random("questions")
    pick = draw.choice
    texts = [f"what did {pick(WHO)} do with the {pick(WHAT)} {pick(WHERE)}?" for _ in range(ASKED)]
    return [(PEOPLE[n % len(PEOPLE)], text) for n, text in enumerate(texts)]


def cost(log: Trajectory, name: str, near: int) -> Row:
    """Measure taking in a whole log, and recalling."""
    memory = Memory("cost", Hashing(), near=near)
    began = time.perf_counter()
    memory.recall(log, PEOPLE[0], "where is it?")
    taken = time.perf_counter() - began
    spent = []
    for who, text in questions():
        began = time.perf_counter()
        memory.recall(log, who, text)
        spent.append(time.perf_counter() - began)
    memory.close()
    return {
        "what": f"{name}, {len(log) - 1} happenings",
        "ms per recall": round(float(np.median(spent)) * 1000, 2),
        "ms per memory taken in": round(taken / len(log) * 1000, 3),
    }


def found(log: Trajectory) -> list[Row]:
    """Measure what share of the ten nearest memories, as exact search gives them, the index proposes."""
    memory = Memory("found", Hashing(), near=0)
    memory.recall(log, PEOPLE[0], "where is it?")
    library, far = memory._library, memory._far  # noqa: SLF001 - the index is measured without what stands round it
    assert library is not None
    seqs = np.array([record.seq for record in library.bank.records[: far.count]])
    vectors = library.bank.vectors[: far.count]
    rows = []
    for share in (1.0, 0.5, 0.1):
        before = int(len(log) * share)
        hits, spent = [], 0.0
        for who, text in questions():
            vector = Hashing().embed([text])[0]
            began = time.perf_counter()
            proposed = far.nearest(library, vector, who, before if share < 1 else None, 64)
            spent += time.perf_counter() - began
            mine = np.array([who in record.owners for record in library.bank.records[: far.count]])
            cosines = np.where(mine & (seqs < before), vectors @ vector, -9.0)
            bar = np.sort(cosines)[-10]
            hits.append(min(10, int((cosines[list(proposed)] >= bar - 1e-6).sum())) / 10)
        what = "owner" if share == 1 else f"owner and seq < {before}"
        rows.append({
            "what": f"index of {far.count}, by {what}", "recall@10": round(float(np.mean(hits)), 3),
            "worst": min(hits), "ms per query": round(spent / ASKED * 1000, 2),
        })  # fmt: skip
    memory.close()
    return rows


def main() -> None:
    """Measure and print."""
    sizes = (1000, 5000) if "--quick" in sys.argv else (1000, 10_000, 20_000)
    log = lived(sizes[-1])
    rows: list[Row] = []
    for size in sizes:
        part = log.upto(size + 1)
        rows += [cost(part, "exact", size), cost(part, "chroma", 0), cost(part, "memory", NEAR)]
    rows += found(log)
    rows.append({"what": "process", "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024})
    if "--json" in sys.argv:
        print(json.dumps({"schema": "sandbox.bench.memory/1", "near": NEAR, "batch": BATCH, "rows": rows}))
        return
    for row in rows:
        print(
            "  ".join(f"{name}: {value}" if name != "what" else f"{value:40}" for name, value in row.items())
        )


if __name__ == "__main__":
    main()
