"""Deliberate faults, to test judges by: each kind puts one sort of fault into a clean log, as much of it as asked.

    spoilt = damage(log, "teleport", dose=0.5, seed="7")
    spoilt.events     # a log as good as before but for the fault; seqs as they were, witnesses stamped anew
    spoilt.places     # the seqs at which it was put, site by site

A **site** is a place where the fault can be put: the events that replace those of equal seq. At full dose a share of
all sites is used that leaves most of the log as it was. Everything is a pure function of log, kind, dose and seed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

from judges.reading import Reading, read
from worlds.errors import UsageError
from worlds.events import Acted, Cued, Draft, Event, Happened, Intervened, Resolved
from worlds.perception import witnesses

__all__ = ["Damage", "Damaged", "Site", "damage", "damages", "restamped"]

Site: TypeAlias = Mapping[int, Event]
"""Seq to the event that takes its place."""


class Damage(NamedTuple):
    """One kind of fault."""

    name: str
    does: str
    """What is wrong afterwards, in words."""
    own: tuple[str, ...]
    """Dimensions that must notice; the first is the one it is made for."""
    also: tuple[str, ...]
    """Dimensions that may notice: the fault is one in their eyes too, or breeds one."""
    sites: Callable[[Reading, str], Iterable[Site]]
    """All places it can be put, drawn at an address."""
    share: float = 0.3
    """Share of the sites used at full dose."""
    most: int = 16
    """So many sites at most."""


class Damaged(NamedTuple):
    """A spoilt log, and where it was spoilt."""

    events: tuple[Event, ...]
    places: tuple[tuple[int, ...], ...]
    """The seqs of each site used."""


def damages() -> dict[str, Damage]:
    """Give all kinds of damage by name."""
    from judges.damage_acts import ACTS  # noqa: PLC0415 - they are made of what is defined here
    from judges.damage_claims import CLAIMS  # noqa: PLC0415
    from judges.damage_lines import LINES  # noqa: PLC0415
    from judges.damage_profiles import PROFILES  # noqa: PLC0415

    return {kind.name: kind for kind in (*LINES, *CLAIMS, *ACTS, *PROFILES)}


def damage(log: Iterable[Event], kind: str, *, dose: float = 1.0, seed: str = "0") -> Damaged:
    """Spoil a log. A dose of 0, or a log with no place for the fault, gives it back as it is.

    `dose` is 0..1. A higher dose spoils every place a lower one does with the same seed. `UsageError` for a kind
    there is not or a dose out of range.
    """
    kinds = damages()
    if kind not in kinds or not 0 <= dose <= 1:
        raise UsageError(f"no damage {kind!r} at dose {dose}; kinds: {', '.join(kinds)}; doses: 0 to 1")
    reading, what = read(log), kinds[kind]
    address = f"{seed}:{kind}"
    sites = _apart([dict(site) for site in what.sites(reading, address) if site])
    if not sites or dose == 0:
        return Damaged(reading.events, ())
    order = Random(address).sample(range(len(sites)), len(sites))
    full = min(what.most, max(min(4, len(sites)), what.share * len(sites)))
    used = [sites[index] for index in order[: max(1, round(dose * full))]]
    chosen = {seq: event for site in used for seq, event in site.items()}
    events = restamped([chosen.get(event.seq, event) for event in reading])
    return Damaged(events, tuple(sorted(tuple(sorted(site)) for site in used)))


def restamped(events: Sequence[Event]) -> tuple[Event, ...]:
    """Give events their places anew, in order from 0, and stamp on each its turn and who perceives it.

    Links and causes follow their events; those to events that are gone are dropped.
    """
    new = {event.seq: seq for seq, event in enumerate(events)}
    moved = any(old != seq for old, seq in new.items())
    numbered = [_renumbered(event, new) for event in events] if moved else list(events)
    reading = read(numbered)
    return tuple(_stamped(reading, event) for event in numbered)


def _renumbered(event: Event, new: Mapping[int, int]) -> Event:
    links = tuple(link._replace(to=new[link.to]) for link in event.links if link.to in new)
    body = event.body
    changes = getattr(body, "changes", None)
    if changes:
        kept = tuple(c._replace(because=new[c.because]) for c in changes if c.because in new)
        body = body.model_copy(update={"changes": kept})
    return event.model_copy(update={"seq": new[event.seq], "links": links, "body": body})


def _stamped(reading: Reading, event: Event) -> Event:
    if event.seq == 0 or not isinstance(event.body, Acted | Resolved | Happened | Intervened):
        return event
    before = reading.before(event.seq)
    turn = before.turn + isinstance(event.body, Cued)
    if event.by and event.by not in before.where:
        return event
    seen = witnesses(before, Draft(event.body, event.by))
    if seen == (event.witnesses, event.glimpses) and turn == event.turn:
        return event
    return event.model_copy(update={"witnesses": seen.whole, "glimpses": seen.part, "turn": turn})


def _apart(sites: Sequence[Site]) -> list[Site]:
    """Keep those sites that share no event with an earlier one."""
    taken: set[int] = set()
    kept: list[Site] = []
    for site in _nonempty(sites):
        if not taken & site.keys():
            kept.append(site)
            taken |= site.keys()
    return kept


def _nonempty(sites: Iterable[Site]) -> Iterator[Site]:
    yield from (site for site in sites if site)
