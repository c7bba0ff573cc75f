"""Judges clean improv runs of all worlds: what they score, what is wrongly reported, how long judging takes.

    python benchmarks/clean_runs.py [RUNS A WORLD, 3] [TURNS, 200] [FIRST SEED, 41]

Goals: consistency at least 0.9 in every run, no impossible knowledge, under five seconds for 200 turns. Seconds are of
the processor, so that neighbours do not count.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from judges.panel import Panel
from judges.scores import estimate, goodness, tally
from sandbox.playing import opened, played
from worlds.files import world_names
from worlds.spec import Settings
from worlds.trajectory import Trajectory

GOALS = "goals: consistency ≥ 0.9 in each, knowledge 0 in all, seconds < 5"


def play(world_id: str, seed: int, turns: int) -> Trajectory:
    """Play a bundled world with improv minds."""
    return played(opened(world_id, Settings(seed=seed, turns=turns)))


def main(runs: int = 3, turns: int = 200, first: int = 41) -> bool:
    """Print a line a run; say whether all goals are met."""
    print("run             turns  consistency  fidelity  tracking  alarms  knowledge  verdicts  seconds")
    met = True
    for world in world_names():
        for seed in range(first, first + runs):
            log = play(world, seed, turns)
            began = time.process_time()
            verdicts = Panel().judge(log)
            scores = tally(log, verdicts)
            spent = time.process_time() - began
            bad = [v for v in verdicts if (good := goodness(v)) is not None and good < 0.5]
            wrong = sum(v.dimension.startswith("consistency.") for v in bad)
            impossible = sum(v.dimension == "consistency.knowledge" for v in bad)
            means = [estimate([scores], name) for name in ("consistency", "fidelity", "tracking")]
            shown = "".join(f"{mean.value:10.3f}" if mean else f"{'–':>10}" for mean in means)
            print(f"{world}-{seed:<{14 - len(world)}} {log.state.turn:5} {shown} {wrong:8} {impossible:10} "
                  f"{len(verdicts):9} {spent:8.2f}")  # fmt: skip
            met = met and means[0] is not None and means[0].value >= 0.9 and not impossible and spent < 5
    print(f"{GOALS}: {'met' if met else 'NOT met'}")
    return met


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)
