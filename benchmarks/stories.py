"""How lively the improv cast is: `python benchmarks/stories.py [--seeds 5] [--turns 200] [--endings] [--json]`.

Plays every bundled world with several seeds and prints what a reader would notice: repeated lines, loops, silence,
variety, change, and secrets that get out. `--endings` plays ten seeds a world to its end and counts the endings.
"""

import argparse
import json
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

from sandbox.playing import opened, played
from worlds.actions import Do, Go, Handle, Profile, Say, Touch, Wait
from worlds.events import Acted, Ended, Happened, Intervened, ProfileChanged, Reflected, Resolved
from worlds.files import world_names
from worlds.look import look
from worlds.spec import Settings
from worlds.trajectory import Trajectory

Row = dict[str, float | int | str]

LIMITS = {
    "repeats %": (0, 2),
    "three in a row": (0, 0),
    "waits %": (0, 10),
    "verbs (least)": (6, 99),
    "speech acts (least)": (8, 99),
    "changes / 100 turns": (10, 10_000),
    "uncaused": (0, 0),
    "secrets out": (1, 99),
    "refused": (0, 0),
    "blind acts": (0, 0),
}
"""What each figure must lie between."""


def play(world_id: str, seed: int, turns: int) -> Trajectory:
    """Play a bundled world with the improv cast."""
    return played(opened(world_id, Settings(seed=seed, turns=turns)))


def measure(job: tuple[str, int, int]) -> Row:
    """Play one run and count."""
    log = play(*job)
    per = [_character(log, who) for who in log.state.cast]
    changes, uncaused = _changes(log)
    acts = [event for event in log if isinstance(event.body, Acted)]
    waits = sum(isinstance(event.body.action, Wait) for event in acts if isinstance(event.body, Acted))
    refused = [e for e in log if isinstance(e.body, Resolved) and e.body.text.startswith("It cannot be done")]
    return {
        "world": job[0],
        "seed": job[1],
        "turns": log.state.turn,
        "repeats %": round(max(float(row["repeats"]) for row in per), 1),
        "three in a row": sum(int(row["loops"]) for row in per),
        "waits %": round(100 * waits / len(acts), 1),
        "speech %": round(100 * sum(e.body.action.verb == "say" for e in acts) / len(acts)),  # type: ignore[union-attr] - acts
        "verbs (least)": min(int(row["verbs"]) for row in per),
        "speech acts (least)": min(int(row["intents"]) for row in per),
        "changes / 100 turns": round(100 * changes / log.state.turn),
        "uncaused": uncaused,
        "secrets out": _secrets(log),
        "refused": len(refused),
        "failed %": round(100 * sum(isinstance(e.body, Resolved) and not e.body.ok for e in log) / len(acts)),
        "blind acts": _blind(log),
        "beats": sum(isinstance(e.body, Happened) and not e.body.beat.startswith("mood.") for e in log),
        "ending": next((e.body.ending for e in log if isinstance(e.body, Ended)), ""),
    }


def _character(log: Trajectory, who: str) -> Row:
    actions = [event.body.action for event in log if isinstance(event.body, Acted) and event.by == who]
    lines = [action.text.lower() for action in actions if isinstance(action, Say)]
    keys = [(action.verb, _target(action)) for action in actions]
    loops = sum(
        a == b == c for (a, b), (_, c) in pairwise(pairwise(keys)) if a[0] != "say" and a[0] != "wait"
    )
    return {
        "repeats": 100 * (len(lines) - len(set(lines))) / max(1, len(lines)),
        "loops": loops,
        "verbs": len({action.verb for action in actions}),
        "intents": len({action.intent for action in actions if isinstance(action, Say)}),
    }


def _target(action: object) -> str:
    match action:
        case Go(to=target) | Touch(target=target):
            return target
        case Handle(thing=thing, to=to):
            return f"{thing} {to}"
        case Do(deed=deed, text=text):
            return deed or text
        case _:
            return ""


def _changes(log: Trajectory) -> tuple[int, int]:
    count = uncaused = 0
    for event in log:
        body = event.body
        if isinstance(body, ProfileChanged | Reflected):
            count += len(body.changes)
            uncaused += sum(not 0 < change.because < event.seq for change in body.changes)
        if isinstance(body, Happened | Resolved | Intervened):
            count += sum(isinstance(effect, Profile) for effect in body.effects)
    return count, uncaused


def _secrets(log: Trajectory) -> int:
    """Count secrets that reached somebody new by words that they witnessed."""
    known = dict(log.upto(1).state.knows)
    secrets = {
        s.id: s.claim
        for s in (*log.state.world.secrets, *(s for c in log.state.cast.values() for s in c.secrets))
    }
    out = set()
    for event in log:
        if isinstance(event.body, Acted) and isinstance(event.body.action, Say):
            for id_, claim in secrets.items():
                if claim in event.body.action.claims and set(event.witnesses) - known[id_]:
                    out.add(id_)
    return len(out)


def _blind(log: Trajectory) -> int:
    """Count acts decided on no news although something had been perceivable since the last own turn."""
    blind = 0
    marks: dict[str, int] = {}
    for event in log:
        if isinstance(event.body, Acted):
            who, mark = event.by, marks.get(event.by, -1)
            perceivable = any(mark < percept.seq < event.seq for percept in log.percepts(who))
            if perceivable and not look(log.upto(event.seq), who).news:
                blind += 1
        if event.body.kind == "turn_ended":
            marks |= dict.fromkeys(log.upto(event.seq).state.cued, event.seq)
    return blind


def endings(job: tuple[str, int, int]) -> tuple[str, str]:
    """Play one run and say how it ended."""
    log = play(*job)
    return job[0], next((event.body.ending for event in log if isinstance(event.body, Ended)), "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--worlds", default=",".join(world_names()))
    parser.add_argument("--endings", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    seeds = 10 if given.endings else given.seeds
    jobs = [(world, seed, given.turns) for world in given.worlds.split(",") for seed in range(1, seeds + 1)]
    with ProcessPoolExecutor() as pool:
        if given.endings:
            found = Counter(pool.map(endings, jobs))
            for (world, ending), count in sorted(found.items()):
                print(f"{world:10} {count:3} × {ending}")
            return
        rows = list(pool.map(measure, jobs))
    if given.json:
        print(json.dumps({"schema": "sandbox.bench.stories/1", "rows": rows}))
        return
    _table(rows)


def _table(rows: list[Row]) -> None:
    names = list(rows[0])
    print("  ".join(names))
    for row in rows:
        print("  ".join(str(row[name]).rjust(len(name)) for name in names))
    for name, (low, high) in LIMITS.items():
        values = [float(row[name]) for row in rows]
        verdict = "ok " if all(low <= value <= high for value in values) else "OUT"
        print(f"{verdict} {name}: {min(values)} to {max(values)}, wanted {low} to {high}")


if __name__ == "__main__":
    main()
