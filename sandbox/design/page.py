"""Report cards and comparisons, to read in a terminal."""

from collections.abc import Iterator, Mapping

from sandbox.design.audition import ReportCard
from sandbox.design.comparing import Difference, Parting, Result
from sandbox.design.variants import Prompting
from worlds.actions import Say
from worlds.events import Acted, Event

__all__ = ["as_lines", "compared_lines"]

_WIDTH = 22

_OWN = "the program's own"


def as_lines(card: ReportCard) -> Iterator[str]:
    """Write a report card."""
    yield f"{card.character}, auditioned in {card.world}: {card.score:.2f}"
    yield ""
    for mark in card.marks:
        score = "   –" if mark.score is None else f"{mark.score:4.2f}"
        yield f"{mark.name:<{_WIDTH}} {score}  {mark.found}"
        for quote in mark.quotes:
            yield f"{'':<{_WIDTH}}       {quote.where}: {quote.text}"
        if mark.advice:
            yield f"{'':<{_WIDTH}}       → {mark.advice}"


def compared_lines(
    result: Result, first: str, second: str, names: Mapping[str, str], prompts: Prompting | None = None
) -> Iterator[str]:
    """Write a comparison: what differs, what was looked at and does not, and where they part.

    Two that differ in nothing but their `prompts` are called by these.
    """
    found = [one for one in result.differences if one.is_one]
    yield f"{first} and {second}, {result.pairs} pairs of runs on the same worlds and seeds, both measured by {first}"
    if prompts is not None:
        own, other = prompts.first or _OWN, prompts.second or _OWN
        yield f"prompts: {own} and {other}, {_apart(prompts)}"
        first, second = (own, other) if prompts.alone and own != other else (first, second)
    yield ""
    if not found:
        yield f"no difference among {len(result.differences)} measures"
    for one in found:
        yield _difference(one, first, second)
    rest = [one.measure for one in result.differences if not one.is_one]
    if found and rest:
        yield f"no difference: {', '.join(rest)}"
    for parting in result.partings[:2] if found else ():
        yield ""
        yield from _parting(parting, first, second, names)


def _apart(prompts: Prompting) -> str:
    if not prompts.templates:
        return "the same to the letter in all that the part is asked with"
    return f"which differ in {', '.join(prompts.templates)}{' and in nothing else' if prompts.alone else ''}"


def _difference(one: Difference, first: str, second: str) -> str:
    low, high = one.change.low, one.change.high
    return (
        f"{one.measure:<{_WIDTH}} {first} {one.first:.2f}   {second} {one.second:.2f}   "
        f"difference {one.change.value:+.2f} [{low:+.2f}, {high:+.2f}]   p {one.chance:.3f}"
    )


def _parting(parting: Parting, first: str, second: str, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{parting.world}, seed {parting.seed}: they part in turn {parting.turn}"
    for label, events in ((first, parting.first), (second, parting.second)):
        yield f"  with {label}:"
        yield from (f"    {names.get(event.by, event.by)}: {_words(event)}" for event in events)


def _words(event: Event) -> str:
    action = event.body.action if isinstance(event.body, Acted) else None
    if isinstance(action, Say):
        return f"“{action.text}”"
    return " ".join(str(value) for value in action.model_dump().values() if value) if action else ""
