"""Conditions one by one: that each reads well, names what is there, and compares like with like."""

from collections.abc import Iterator

from worlds.actions import Became, Profile, Scalar
from worlds.checks.ground import DERIVED, Finding, Ground, Path, Written, dangling
from worlds.checks.slots import bad_slot
from worlds.conditions import Condition, parse
from worlds.errors import InputError
from worlds.wrongs import closest

__all__ = ["NUMBERS", "find", "kind", "parsed"]

NUMBERS = ("turn", "round", "day", "hour")
"""What a condition can compare that is neither fact nor slot."""

_EQUAL = ("is", "is not")


def find(ground: Ground) -> Iterator[Finding]:
    """Find conditions that cannot mean what their author wrote."""
    for written in ground.conditions:
        yield from _condition(ground, written)


def parsed(text: str) -> Condition | None:
    """Read a condition; None if it does not read."""
    try:
        return parse(text)
    except InputError:
        return None


def kind(value: Scalar) -> str:
    """Name the type of a value, as facts have it: whole numbers and others are one."""
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | float) else "text"


def _condition(ground: Ground, written: Written) -> Iterator[Finding]:
    path = written.path
    try:
        condition = parse(written.text)
    except InputError as error:
        what, _, mend = str(error).partition(";")
        yield Finding("error", path, what, mend.strip())
        return
    left = condition.left
    subject, dot, attribute = left.partition(".")
    if left in NUMBERS:
        yield from _typed(path, condition, 0)
    elif ":" in left:
        yield from _slot_condition(ground, written, condition)
    elif not dot or not attribute:
        what = f"`{left}` is nothing that has a value"
        yield Finding(
            "error", path, what, "write `subject.attribute`, `who:slot`, or turn, round, day or hour"
        )
    elif subject == "beat":
        yield from dangling(path, attribute, ground.beats, "beat")
        yield from _typed(path, condition, kind_of=True)
    elif subject in ground.secrets and attribute.startswith("know"):
        yield from _knowing(ground, path, condition, attribute)
    elif attribute in DERIVED:
        yield from _derived(ground, written, condition)
    else:
        yield from _fact(ground, written, condition)


def _slot_condition(ground: Ground, written: Written, condition: Condition) -> Iterator[Finding]:
    who, _, slot = condition.left.partition(":")
    yield from dangling(written.path, who, ground.people | written.words, "character")
    yield from bad_slot(ground, written.path, slot)
    name = slot.removeprefix("goal.")
    played = next((character for character in ground.cast if character.id == who), None)
    given = (placed.effect for placed in ground.effects if isinstance(placed.effect, Profile))
    wants = {effect.slot for effect in given if effect.who == who}.union(played.slots if played else ())
    if name != slot and played and slot not in wants:
        close = closest(slot, wants)
        mend = f"did you mean `{who}:{close}`?" if close else f"give {who} a goal with the id `{name}`"
        yield Finding("error", written.path, f"{who} never has a goal `{name}`", mend)


def _knowing(ground: Ground, path: Path, condition: Condition, attribute: str) -> Iterator[Finding]:
    head, _, who = attribute.partition(".")
    if attribute == "knowers":
        yield from _typed(path, condition, 0)
    elif head == "known" and who:
        yield from dangling(path, who, ground.people, "character")
        yield from _typed(path, condition, kind_of=True)
    else:
        secret = condition.left.partition(".")[0]
        mend = f"write `{secret}.knowers` or `{secret}.known.<who>`"
        yield Finding("error", path, f"a secret has no `{attribute}`", mend)


def _derived(ground: Ground, written: Written, condition: Condition) -> Iterator[Finding]:
    subject, _, attribute = condition.left.partition(".")
    path, words = written.path, written.words
    if attribute == "holder":
        yield from dangling(path, subject, ground.world.things, "thing")
        holders = ground.ids | words
    else:
        yield from dangling(
            path, subject, ground.world.things.keys() | ground.people | words, "thing or character"
        )
        holders = frozenset(ground.world.places)
    if condition.op not in _EQUAL:
        yield Finding("error", path, f"`{attribute}` is no number", "compare it with `is` or `is not`")
    elif condition.right != "":
        what = "place, thing or character" if attribute == "holder" else "place"
        yield from dangling(path, str(condition.right), holders, what)


def _fact(ground: Ground, written: Written, condition: Condition) -> Iterator[Finding]:
    subject, _, attribute = condition.left.partition(".")
    if subject in written.words:
        usual = next(
            (v for who in sorted(ground.people) if (v := ground.kind_of(who, attribute)) is not None), None
        )
        if usual is not None:
            yield from _typed(written.path, condition, usual)
        return
    now = ground.kind_of(subject, attribute)
    if now is None:
        now = _given(ground, subject, attribute)
    if now is None:
        known = {*ground.facts, *(f"{secret}.knowers" for secret in ground.secrets)}
        close = closest(condition.left, known)
        mend = f"did you mean `{close}`?" if close else f"state it in `facts`: `{condition.left}: …`"
        yield Finding("error", written.path, f"there is no fact `{condition.left}`", mend)
    else:
        yield from _typed(written.path, condition, now)


def _given(ground: Ground, subject: str, attribute: str) -> Scalar | None:
    """Give the value some effect gives to a fact that nothing states at the start."""
    for placed in ground.effects:
        effect = placed.effect
        if isinstance(effect, Became) and (effect.subject, effect.attribute) == (subject, attribute):
            return effect.value
    return None


def _typed(path: Path, condition: Condition, kind_of: Scalar) -> Iterator[Finding]:
    left, op, right = condition
    if op not in _EQUAL and kind(kind_of) != "a number":
        yield Finding(
            "error", path, f"`{left}` is {kind(kind_of)}, no number", "compare it with `is` or `is not`"
        )
    elif kind(right) != kind(kind_of):
        mend = f"write {'a word' if kind(kind_of) == 'text' else kind(kind_of)} on the right"
        yield Finding("error", path, f"`{left}` is {kind(kind_of)}, but `{right}` is {kind(right)}", mend)
