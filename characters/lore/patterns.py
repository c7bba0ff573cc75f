r"""Patterns in keys, `/drag(on|oons)\\b/i`: whether one is found in a text, in a bounded number of steps.

Lorebooks come from strangers, and a backtracking matcher can be kept busy for ever by a pattern of ten signs. Here a
pattern becomes a nondeterministic automaton that is walked with all its states at once (Thompson, "Regular expression
search algorithm", 1968), so that time grows with the text alone; what would take too many steps is no match, the same
everywhere and always, which no time limit could promise. JavaScript's syntax, as books use it, but for looking around
and back.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from characters.lore.syntax import Node, Test, parse
from worlds.errors import CardError

__all__ = ["found", "problem", "split"]

STATES = 500
"""How large an automaton may be."""
STEPS = 60_000
"""How many states may be visited for one text."""
TEXT = 4_000
"""Characters of a text that are looked at."""


class _State(NamedTuple):
    """What has to be so to pass, and where one is then. A state without a test is passed freely."""

    test: Test | None
    at: str
    to: tuple[int, ...]


class Automaton(NamedTuple):
    """A pattern made ready."""

    states: tuple[_State, ...]
    start: int
    fold: bool


def split(key: str) -> tuple[str, str] | None:
    """Take a key written `/pattern/flags` apart; None for a plain one."""
    head, slash, flags = key.rpartition("/")
    if not slash or len(head) < 2 or head[0] != "/" or not set(flags) <= set("dgimsuvy"):
        return None
    return head[1:], flags


def problem(key: str) -> str:
    """Say why a pattern cannot be used; empty if it can."""
    parts = split(key)
    try:
        if parts:
            _compiled(*parts)
    except CardError as error:
        return str(error)
    return ""


@lru_cache(maxsize=16_384)
def found(pattern: str, flags: str, text: str) -> bool:
    """Whether the pattern is somewhere in the text; false for one that cannot be used or takes too long."""
    try:
        automaton = _compiled(pattern, flags)
    except CardError:
        return False
    text = text[:TEXT]
    return _Walk(automaton, text.lower() if automaton.fold else text).matches()


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Automaton:
    builder = _Builder()
    start = builder.build(parse(pattern, flags), 0)
    return Automaton(tuple(builder.states), start, "i" in flags)


class _Builder:
    """Builds states from the end to the beginning; state 0 is the end."""

    def __init__(self) -> None:
        self.states = [_State(None, "end", ())]
        self.built = 0

    def build(self, node: Node, to: int) -> int:
        """Give the state from which the node leads to `to`."""
        self.built += 1  # a group of nothing, repeated, adds no states and yet takes time
        if self.built > 10 * STATES:
            raise CardError("the pattern is too large")
        if node.kind == "test":
            return self.add(_State(node.test, "", (to,)))
        if node.kind == "at":
            return self.add(_State(None, node.at, (to,)))
        if node.kind == "any":
            return self.add(_State(None, "", tuple(self.build(part, to) for part in node.parts)))
        if node.kind == "repeat":
            return self.repeat(node, to)
        for part in reversed(node.parts):
            to = self.build(part, to)
        return to

    def repeat(self, node: Node, to: int) -> int:
        (part,) = node.parts
        if node.most is None:
            loop = self.add(_State(None, "", ()))
            self.states[loop] = _State(None, "", (self.build(part, loop), to))
            to = loop
        else:
            out = to
            for _ in range(node.most - node.least):
                to = self.add(_State(None, "", (self.build(part, to), out)))
        for _ in range(node.least):
            to = self.build(part, to)
        return to

    def add(self, state: _State) -> int:
        if len(self.states) >= STATES:
            raise CardError("the pattern is too large")
        self.states.append(state)
        return len(self.states) - 1


class _Walk:
    """Walks one text; what was worked out for a set of states is remembered for this text."""

    def __init__(self, automaton: Automaton, text: str) -> None:
        self.states, self.start, _ = automaton
        self.text = text
        self.steps = 0
        self.next: dict[tuple[frozenset[int], str, str], tuple[frozenset[int], bool]] = {}

    def matches(self) -> bool:
        here: frozenset[int] = frozenset()
        for i in range(len(self.text) + 1):
            before, sign = self.text[i - 1 : i] if i else "", self.text[i : i + 1]
            after = self.next.get((here, before, sign))
            if after is None:
                after = self.step(here, before, sign)
                self.next[here, before, sign] = after
            here, done = after
            if done:
                return True
            if self.steps > STEPS:
                return False
        return False

    def step(self, here: Iterable[int], before: str, sign: str) -> tuple[frozenset[int], bool]:
        """Give where one is after a sign, and whether the end was reached before it."""
        waiting, seen, onward = [self.start, *here], set(here) | {self.start}, set()
        while waiting:
            self.steps += 1
            state = self.states[waiting.pop()]
            if state.at == "end":
                return frozenset(), True
            if state.test is not None:
                if sign and state.test(sign):
                    onward.add(state.to[0])
            elif not state.at or _AT[state.at](before, sign):
                fresh = [to for to in state.to if to not in seen]
                seen.update(fresh)
                waiting += fresh
        return frozenset(onward), False


def _word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


_AT: dict[str, Callable[[str, str], bool]] = {
    "start": lambda before, _: not before,
    "stop": lambda _, sign: not sign,
    "line": lambda before, _: before in ("", "\n"),
    "line end": lambda _, sign: sign in ("", "\n"),
    "edge": lambda before, sign: _word(before) != _word(sign),
    "no edge": lambda before, sign: _word(before) == _word(sign),
}
