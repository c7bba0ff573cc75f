"""Slots and the little language of wants, as far as a world can judge them."""

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from worlds.actions import Scalar
from worlds.checks.ground import DERIVED, Finding, Ground, Path, dangling
from worlds.wrongs import closest

__all__ = ["WANTS", "bad_form", "bad_level", "bad_slot", "bad_want"]

Operand: TypeAlias = Literal["thing", "fact", "place", "who", "level", "value", "secret"]

WANTS: dict[str, tuple[Operand, ...]] = {
    "have": ("thing",),
    "learn": ("fact",),
    "at": ("place",),
    "alone": ("who",),
    "trust": ("who", "level"),
    "make": ("fact", "value"),
    "tell": ("secret", "who"),
    "hide": ("secret",),
    "keep": ("thing",),
    "give": ("thing", "who"),
    "expose": ("who",),
    "befriend": ("who",),
}
"""Verb to what must follow it. Agrees with `characters.profile.GOALS`, which stands above this package."""

_OVER = ("done", "dropped", "")
_TOWARDS = ("trust", "liking")


def bad_slot(ground: Ground, path: Path, slot: str) -> Iterator[Finding]:
    """Find the name of a slot that leads nowhere: `trust.<who>` of nobody, a belief about nothing."""
    head, _, rest = slot.partition(".")
    if head in _TOWARDS:
        yield from dangling(path, rest, ground.people, "character")
    elif head == "belief":
        subject, dot, attribute = rest.partition(".")
        if not dot or not attribute:
            yield Finding("error", path, f"`{slot}` is no belief", "write `belief.<subject>.<attribute>`")
        elif subject not in ground.subjects and (close := closest(subject, ground.subjects)):
            yield Finding("warning", path, f"there is nothing called `{subject}`", f"did you mean `{close}`?")


def bad_level(path: Path, slot: str, value: Scalar) -> Iterator[Finding]:
    """Find measures of trust, liking and mood that are none."""
    if slot.startswith(("trust.", "liking.", "mood.")):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not -1 <= float(value) <= 1:
            what = f"{value!r} is no measure of {slot.partition('.')[0]}"
            yield Finding("error", path, what, "write a number from -1 to 1")


def bad_want(ground: Ground, path: Path, want: str) -> Iterator[Finding]:
    """Find what is wrong with a want such as `give ring odo` in this world."""
    malformed = [*bad_form(path, want)]
    yield from malformed
    if malformed or want in _OVER:
        return
    verb, *words = want.split()
    for operand, word in zip(WANTS[verb], words, strict=False):
        yield from _OPERANDS[operand](ground, path, word)


def bad_form(path: Path, want: str) -> Iterator[Finding]:
    """Find what is wrong with a want in any world: its verb, or how many words follow."""
    verb, *words = want.split() or [""]
    if want in _OVER:
        return
    if verb not in WANTS:
        close = closest(verb, WANTS)
        mend = f"did you mean `{close}`?" if close else f"begin with one of {', '.join(WANTS)}"
        yield Finding("error", path, f"`{want[:60]}` is no want", mend)
        return
    operands = WANTS[verb]
    fits = len(words) >= len(operands) if operands[-1] == "value" else len(words) == len(operands)
    if not fits:
        form = " ".join((verb, *(f"<{operand}>" for operand in operands)))
        yield Finding("error", path, f"`{want[:60]}` is not of that form", f"write `{form}`")


def _thing(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    return dangling(path, word, ground.world.things, "thing")


def _place(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    return dangling(path, word, ground.world.places, "place")


def _who(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    return dangling(path, word, ground.people, "character")


def _secret(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    return dangling(path, word, ground.secrets, "secret")


def _level(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    del ground
    try:
        fine = -1 <= float(word) <= 1
    except ValueError:
        fine = False
    if not fine:
        yield Finding("error", path, f"`{word}` is no measure of trust", "write a number from 0 to 1")


def _value(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    del ground, path, word
    return iter(())


def _fact(ground: Ground, path: Path, word: str) -> Iterator[Finding]:
    subject, dot, attribute = word.partition(".")
    if not dot or not attribute:
        yield Finding("error", path, f"`{word}` is no fact", "write `<subject>.<attribute>`")
        return
    claimed = {f"{claim.subject}.{claim.attribute}" for _, claim, _ in ground.claims}
    if word in claimed or ground.kind_of(subject, attribute) is not None:
        return
    if attribute in DERIVED and subject in ground.ids:
        return
    known = claimed | ground.facts.keys()
    close = closest(word, known)
    mend = f"did you mean `{close}`?" if close else "state it in `facts`, or let a secret or clue claim it"
    yield Finding("error", path, f"there is no fact `{word}`", mend)


_OPERANDS: dict[Operand, Callable[[Ground, Path, str], Iterator[Finding]]] = {
    "thing": _thing,
    "place": _place,
    "who": _who,
    "secret": _secret,
    "level": _level,
    "value": _value,
    "fact": _fact,
}
