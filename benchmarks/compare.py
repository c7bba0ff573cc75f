"""Whether a comparison of characters can be trusted: `python benchmarks/compare.py [--tests 100] [--pairs 8]`.

Plays a bundled character on many seeds, then draws pairs: with itself on the same seeds, with itself on other seeds
(luck alone), and with copies that have a flaw. Prints in how many of the tests a difference is found.
"""

import argparse
import asyncio
from random import Random

from characters.files import load_card
from sandbox.design.comparing import Run, runs_of, weigh
from sandbox.design.variants import Variant, home_of, variant

SEEDS, TURNS = 60, 40


def copies(of: Variant) -> dict[str, Variant]:
    """Give copies of a card, each with one flaw."""
    core, odd = of.card.core, load_card("odo" if of.card.id != "odo" else "mira").core
    meek = {trait: 1 - level for trait, level in core.traits.items()}
    flawed = {
        "another voice": core.model_copy(update={"voice": odd.voice}),
        "traits turned round": core.model_copy(
            update={
                "traits": meek,
                "big_five": core.big_five.model_copy(update={"extraversion": 0.05, "agreeableness": 0.95}),
            }
        ),
        "talks to nobody": core.model_copy(update={"talkativeness": 0.0}),
    }
    return {
        name: of._replace(card=of.card.model_copy(update={"core": core})) for name, core in flawed.items()
    }


def share(ones: list[Run], twos: list[Run], tests: int, pairs: int, part: str, *, mixed: bool = False) -> int:
    """Count the tests that find a difference, each on pairs drawn from the runs; `mixed` pairs other seeds."""
    found = 0
    for test in range(tests):
        draw = Random(f"{part}:{test}")
        first = draw.sample(range(len(ones)), 2 * pairs)
        second = first[pairs:] if mixed else first[:pairs]
        chosen = [(ones[a], twos[b]) for a, b in zip(first[:pairs], second, strict=True)]
        found += any(row.is_one for row in weigh(chosen, part).differences)
    return found


def main() -> None:
    """Play, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--character", default="mira")
    given = parser.parse_args()
    own = variant(given.character)
    part, worlds, seeds = own.card.id, [home_of(own.card)], range(1, SEEDS + 1)
    runs = asyncio.run(runs_of(own, own, worlds, seeds, TURNS))
    told = {"itself": share(runs, runs, given.tests, given.pairs, part)}
    told["itself, other luck"] = share(runs, runs, given.tests, given.pairs, part, mixed=True)
    for name, copy in copies(own).items():
        others = asyncio.run(runs_of(copy, own, worlds, seeds, TURNS))
        told[name] = share(runs, others, given.tests, given.pairs, part)
    for name, found in told.items():
        print(f"{name:24} a difference in {found} of {given.tests} tests of {given.pairs} pairs")


if __name__ == "__main__":
    main()
