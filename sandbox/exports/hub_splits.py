"""Splits that keep worlds and characters apart.

Runs that share a world or a character, by id, hang together, directly or through others; what hangs together goes into
one split. The smallest groups go to test, then to validation, about a tenth of the runs each; where all hangs
together, all is train.
"""

import hashlib
from collections.abc import Mapping, Sequence

__all__ = ["SPLITS", "split"]

SPLITS = ("train", "validation", "test")

_SHARE = 0.1


def split(members: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Give each run's split; a run is its world's id and its characters'."""
    groups = _groups(members)
    ranked = sorted(groups, key=lambda name: (len(groups[name]), hashlib.sha256(name.encode()).hexdigest()))
    splits = ["train"] * len(members)
    for name, wanted in (("test", 1), ("validation", 2)):
        taken = 0
        while len(ranked) > 1 and (taken == 0 or taken + len(groups[ranked[0]]) <= _SHARE * len(members)):
            if taken == 0 and len(groups) <= wanted:
                break
            group = groups[ranked.pop(0)]
            taken += len(group)
            for index in group:
                splits[index] = name
    return splits


def _groups(members: Sequence[tuple[str, Sequence[str]]]) -> Mapping[str, list[int]]:
    """Give what hangs together, each group named by the first of its worlds and characters in order."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    for world, cast in members:
        for who in cast:
            one, other = sorted((find(f"world {world}"), find(f"who {who}")))
            root[other] = one
    groups: dict[str, list[int]] = {}
    for index, (world, _) in enumerate(members):
        groups.setdefault(find(f"world {world}"), []).append(index)
    return groups
