"""Whether memory finds what answers a question: `python benchmarks/retrieval.py [--json] [--embedder SPEC] [FOLDER]`.

Runs PersonaBench (Tan et al. 2025, CC BY-NC-SA 4.0; not part of this repository): the conversations, purchases and
chats of three people become the memories of three characters who never meet, and each is asked the questions about
it. Evidence is right if it is among the first five: recall@5 and NDCG@5 as published, over the best of the
alternative sets of evidence. FOLDER holds the data; else it is `personabench` under `$SANDBOX_SHARED/data`, or under
`../shared/data`.

Weights were set on one half of the questions, drawn by the hash of their text; the other half is reported apart. But
all questions were in sight while notions were chosen, so none of this is a test on data never seen.
"""

import argparse
import hashlib
import json
import math
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from characters.embedders import Embedder, load_embedder
from characters.memory import Memory
from worlds.events import Draft, Intervened, Started
from worlds.spec import Character, Entrance, Exit, Place, Scene, Settings, World
from worlds.trajectory import Trajectory, extend, start

K = 5
NOISES = ("0.0", "0.5")
Rank = Callable[[str, str], Sequence[str]]  # person and question to segment ids, best first


class Question(NamedTuple):
    """A question, and the sets of segments each of which would answer it."""

    who: str
    text: str
    evidence: tuple[frozenset[str], ...]


class Data(NamedTuple):
    """One noise level."""

    segments: dict[str, dict[str, Any]]
    """Person to segment id to segment."""
    questions: tuple[Question, ...]


class Score(NamedTuple):
    """Of one question."""

    recall: float
    ndcg: float


def folder_of(given: str = "") -> Path | None:
    """Find the data; None if it is not on this machine."""
    shared = Path(os.environ.get("SANDBOX_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    folder = Path(given or shared / "data" / "personabench")
    return folder if folder.is_dir() else None


def read(folder: Path, noise: str) -> Data:
    """Read one noise level; questions that are not scored by evidence are left out."""
    level = folder / f"noise_{noise}"
    segments: dict[str, dict[str, Any]] = {}
    for name in ("conversation_data_all", "purchase_history_data_all", "user_ai_interaction_data_all"):
        for person in json.loads((level / f"{name}.json").read_text(encoding="utf-8")):
            for part in person["Data"]:
                for segment in part.get("Conversations", [part]):
                    segments.setdefault(person["Name"], {})[segment["segment_id"]] = segment
    context = json.loads((level / "qa_gt_context.json").read_text(encoding="utf-8"))
    sets = {one["q_id"]: islice(product(*one["segment_id"].values()), 20_000) for one in context}
    people = json.loads((folder / "eval_info_3_people.json").read_text(encoding="utf-8"))
    questions = [
        Question(person["Name"], one["question"], tuple(map(frozenset, sets[one["q_id"]])))
        for person in people
        for one in person["Eval_Info"]["qa"]
        if one["type"] != "Subjective"
    ]
    return Data(segments, tuple(questions))


def told(segment: dict[str, Any]) -> str:
    """Give what is said in a segment, or what was bought."""
    lines = segment.get("conversation") or segment.get("user_ai_interaction")
    if lines:
        return " ".join(line["content"] for line in lines)
    bought = segment["purchase_history"]
    words = ((one["title"], one["description"], one.get("brand") or "", *one["categories"]) for one in bought)
    return " ".join(" ".join(each) for each in words)


def whole(segment: dict[str, Any]) -> str:
    """Give a segment as the published baselines are given it: JSON without its ids."""
    return json.dumps({key: value for key, value in segment.items() if key not in ("segment_id", "session")})


def bm25(data: Data, text: Callable[[dict[str, Any]], str]) -> Rank:
    """Give plain Okapi BM25: k1 1.2, b 0.75, small words left out, usual endings cut off."""
    lives = data.segments.items()
    known = {who: {id_: Counter(_words(text(one))) for id_, one in own.items()} for who, own in lives}

    def rank(who: str, question: str) -> Sequence[str]:
        documents = known[who]
        average = sum(map(Counter.total, documents.values())) / len(documents)
        scores = dict.fromkeys(documents, 0.0)
        for word in set(_words(question)):
            having = [id_ for id_, counts in documents.items() if word in counts]
            idf = math.log(1 + (len(documents) - len(having) + 0.5) / (len(having) + 0.5))
            for id_ in having:
                count, length = documents[id_][word], documents[id_].total()
                scores[id_] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))
        return sorted(scores, key=lambda id_: -scores[id_])

    return rank


_SMALL = frozenset(
    """a an the and or but if of to in on at by for with from as is are was were be been being am do does did have has
    had i me my mine you your he him his she her it its we us our they them their this that these those there here what
    which who whom whose when where why how not no so too can will would should may might just about""".split()
)


def _words(text: str) -> list[str]:
    found = (word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _SMALL)
    return [re.sub(r"(?<=...)(ing|edly|ed|ies|es|ly|s)$", "", word) for word in found]


def nearest(data: Data, embedder: Embedder) -> Rank:
    """Give the order by vectors alone."""
    known = {who: embedder.embed([told(one) for one in own.values()]) for who, own in data.segments.items()}

    def rank(who: str, question: str) -> Sequence[str]:
        order = (-(known[who] @ embedder.embed([question])[0])).argsort(kind="stable")
        return [list(data.segments[who])[at] for at in order]

    return rank


def remembered(data: Data, embedder: Embedder) -> Rank:
    """Give the order in which memory itself brings segments back, each being something that happened."""
    (log, ids), memory = lived(data), Memory("retrieval", embedder)

    def rank(who: str, question: str) -> Sequence[str]:
        return [ids[one.seq] for one in memory.recall(log, _id(who), question, K)]

    return rank


def lived(data: Data) -> tuple[Trajectory, dict[int, str]]:
    """Make a log in which each segment happens to its person, and say which event is which segment."""
    homes = [f"home_{_id(who)}" for who in data.segments]
    places = {
        home: Place(name=home, text="Home.", exits=(Exit(to=homes[n - 1]),)) for n, home in enumerate(homes)
    }
    world = World(
        id="lives", title="Lives", genre="test", premise="Lives.", places=places,
        scenes=(Scene(id="one", premise="Life."),),
        cast={_id(who): Entrance(at=home) for who, home in zip(data.segments, homes, strict=True)},
    )  # fmt: skip
    cast = tuple(Character(id=_id(who), name=who) for who in data.segments)
    log = start(Started(world=world, cast=cast, settings=Settings()))
    parts = [(who, id_, one) for who, own in data.segments.items() for id_, one in own.items()]
    ids = {len(log) + n: id_ for n, (_, id_, _) in enumerate(parts)}
    return extend(
        log, [Draft(Intervened(text=told(one), place=f"home_{_id(who)}")) for who, _, one in parts]
    ), ids


def _id(name: str) -> str:
    return name.lower().replace(" ", "_")


def score(ranked: Sequence[str], question: Question) -> Score:
    """Give recall@5 and NDCG@5 against the set of evidence that fares best."""
    best = Score(0.0, 0.0)
    for wanted in question.evidence:
        hits = [id_ in wanted for id_ in ranked[:K]]
        gain = sum(1 / math.log2(at + 2) for at, hit in enumerate(hits) if hit)
        ideal = sum(1 / math.log2(at + 2) for at in range(min(len(wanted), K)))
        best = max(best, Score(sum(hits) / len(wanted), gain / ideal))
    return best


def mean(scores: Sequence[Score]) -> Score:
    """Average both."""
    return Score(*(round(sum(column) / len(scores), 3) for column in zip(*scores, strict=True)))


def gains(ours: Sequence[Score], theirs: Sequence[Score]) -> list[float]:
    """Give what is gained in recall, question by question."""
    return [one.recall - other.recall for one, other in zip(ours, theirs, strict=True)]


def interval(gained: Sequence[float]) -> tuple[float, float]:
    """Give the 95 % interval of the mean gain, by a paired bootstrap over questions."""
    draw = Random("retrieval")
    means = sorted(sum(draw.choices(gained, k=len(gained))) / len(gained) for _ in range(2000))
    return round(means[50], 3), round(means[1949], 3)


def tuned(question: Question) -> bool:
    """Whether a question is of the half on which weights were set."""
    return hashlib.sha256((question.who + question.text).encode()).digest()[0] % 2 == 0


def halves(asked: Sequence[Question], gained: Sequence[Sequence[float]]) -> dict[str, tuple[float, ...]]:
    """Give mean gain and interval over both noise levels: of the half that was tuned on, of the other, of all."""
    means = [sum(each) / len(gained) for each in zip(*gained, strict=True)]
    known = {
        "all questions": means,
        "the half tuned on": [mean for mean, one in zip(means, asked, strict=True) if tuned(one)],
        "the other half": [mean for mean, one in zip(means, asked, strict=True) if not tuned(one)],
    }
    return {name: (round(sum(some) / len(some), 3), *interval(some)) for name, some in known.items()}


PLAIN = "BM25, text only"


def run(folder: Path, embedder: Embedder) -> tuple[list[dict[str, Any]], dict[str, tuple[float, ...]]]:
    """Score every method at every noise level; give what memory gains over plain BM25, too."""
    rows: list[dict[str, Any]] = []
    gained = []
    for noise in NOISES:
        data = read(folder, noise)
        methods = {
            "BM25, whole JSON (published protocol)": bm25(data, whole),
            PLAIN: bm25(data, told),
            f"vectors alone ({embedder.id})": nearest(data, embedder),
            f"memory ({embedder.id})": remembered(data, embedder),
        }
        asked = data.questions
        scored = {
            name: [score(rank(one.who, one.text), one) for one in asked] for name, rank in methods.items()
        }
        ours = scored[f"memory ({embedder.id})"]
        gained.append(gains(ours, scored[PLAIN]))
        for name, scores in scored.items():
            rest = [score for score, one in zip(scores, asked, strict=True) if not tuned(one)]
            row = {"noise": noise, "method": name, "all": mean(scores), "other half": mean(rest)}
            rows.append(row if scores is ours else row | {"memory gains": interval(gains(ours, scores))})
    return rows, halves(asked, gained)


def main() -> None:
    """Measure and print."""
    asks = argparse.ArgumentParser()
    asks.add_argument("folder", nargs="?", default="")
    asks.add_argument("--embedder", default="hashing")
    asks.add_argument("--json", action="store_true")
    given = asks.parse_args()
    folder = folder_of(given.folder)
    if folder is None:
        print("no PersonaBench data here: set SANDBOX_SHARED, or give its folder; nothing was measured")
        return
    rows, over_plain = run(folder, load_embedder(given.embedder))
    if given.json:
        print(
            json.dumps(
                {"schema": "sandbox.bench.retrieval/2", "rows": rows, "gain over BM25, text only": over_plain}
            )
        )
        return
    print(
        f"recall@{K} / NDCG@{K} [of the half not tuned on], and the 95 % interval of what memory gains in recall"
    )
    for row in rows:
        gained = "{:+.3f} … {:+.3f}".format(*row["memory gains"]) if "memory gains" in row else ""
        scores = "{:.3f} / {:.3f}  [{:.3f} / {:.3f}]".format(*row["all"], *row["other half"])
        print(f"noise {row['noise']}  {row['method']:40} {scores}  {gained}")
    for name, found in over_plain.items():
        print(
            "memory gains over {}, both noise levels, {}: {:+.3f} ({:+.3f} … {:+.3f})".format(
                PLAIN, name, *found
            )
        )


if __name__ == "__main__":
    main()
