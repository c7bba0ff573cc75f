"""The syntax of patterns: JavaScript's, without looking around and back; read into a small tree."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from worlds.errors import CardError

__all__ = ["Node", "Test", "parse"]

Test: TypeAlias = Callable[[str], bool]
"""Whether one sign fits."""

_LONGEST = 2_000
_NESTED = 30
_REPEATED = 200


class Node(NamedTuple):
    """A piece of a pattern."""

    kind: Literal["test", "at", "all", "any", "repeat"]
    test: Test | None = None
    at: str = ""
    parts: "tuple[Node, ...]" = ()
    least: int = 1
    most: int | None = 1


def parse(pattern: str, flags: str) -> Node:
    """Read a pattern; `CardError` for what is none, or is of the kind that is not done here."""
    if len(pattern) > _LONGEST:
        raise CardError("the pattern is too long")
    parser = _Parser(pattern, flags)
    node = parser.choice(0)
    if parser.at < len(pattern):
        raise CardError("a bracket closes that was not opened")
    return node


def _digit(sign: str) -> bool:
    return "0" <= sign <= "9"


def _word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


_CLASSES: dict[str, Test] = {
    "d": _digit,
    "w": _word,
    "s": str.isspace,
    "D": lambda sign: not _digit(sign),
    "W": lambda sign: not _word(sign),
    "S": lambda sign: not sign.isspace(),
}
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_CODES = {"x": 2, "u": 4}


class _Parser:
    """Reads from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.flags = flags
        self.fold = "i" in flags
        self.at = 0

    def choice(self, depth: int) -> Node:
        if depth > _NESTED:
            raise CardError("the pattern nests too deep")
        parts = [self.sequence(depth)]
        while self.eat("|"):
            parts.append(self.sequence(depth))
        return parts[0] if len(parts) == 1 else Node("any", parts=tuple(parts))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self.repeated(self.atom(depth)))
        return Node("all", parts=tuple(parts))

    def repeated(self, node: Node) -> Node:
        if self.eat("*"):
            least, most = 0, None
        elif self.eat("+"):
            least, most = 1, None
        elif self.eat("?"):
            least, most = 0, 1
        else:
            counts = self.counts()
            if counts is None:
                return node
            least, most = counts
        self.eat("?")
        return Node("repeat", parts=(node,), least=least, most=most)

    def counts(self) -> "tuple[int, int | None] | None":
        """Read `{2}`, `{2,}` or `{2,5}`; None if the brace is a plain one."""
        stop = self.pattern.find("}", self.at)
        inner = self.pattern[self.at + 1 : stop] if self.pattern[self.at : self.at + 1] == "{" else ""
        low, comma, high = inner.partition(",")
        if stop < 0 or not low.isdecimal() or (high and not high.isdecimal()):
            return None
        self.at = stop + 1
        least = int(low[:5])
        most = int(high[:5]) if high else None if comma else least
        if max(least, most or 0) > _REPEATED or (most is not None and most < least):
            raise CardError(f"{{{inner[:20]}}} is too often")
        return least, most

    def atom(self, depth: int) -> Node:
        sign = self.take()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return Node("test", self.set_of())
        if sign == ".":
            return Node("test", (lambda _: True) if "s" in self.flags else (lambda sign: sign != "\n"))
        if sign in "^$":
            lines = "m" in self.flags
            return Node(
                "at", at=(("line" if lines else "start") if sign == "^" else "line end" if lines else "stop")
            )
        if sign in "*+?":
            raise CardError(f"nothing stands before {sign}")
        return self.escaped() if sign == "\\" else self.literal(sign)

    def group(self, depth: int) -> Node:
        if self.eat("?"):
            if self.eat("<") and self.pattern[self.at : self.at + 1] not in ("=", "!"):
                stop = self.pattern.find(">", self.at)
                self.at = stop + 1 if stop >= 0 else len(self.pattern)
            elif not self.eat(":"):
                raise CardError("looking around is not done here")
        node = self.choice(depth + 1)
        if not self.eat(")"):
            raise CardError("a bracket is not closed")
        return node

    def escaped(self) -> Node:
        sign = self.take()
        if sign in "bB":
            return Node("at", at="edge" if sign == "b" else "no edge")
        if sign in _CLASSES:
            return Node("test", _CLASSES[sign])
        if sign in "123456789k":
            raise CardError("looking back is not done here")
        if sign in "pP":
            raise CardError("classes of Unicode are not done here")
        return self.literal(self.sign_of(sign))

    def sign_of(self, sign: str) -> str:
        """Give the sign an escape stands for."""
        length = _CODES.get(sign)
        code = self.pattern[self.at : self.at + length] if length else ""
        if length and len(code) == length and all(digit in "0123456789abcdefABCDEF" for digit in code):
            self.at += length
            return chr(int(code, 16))
        return _SIGNS.get(sign, sign)

    def literal(self, sign: str) -> Node:
        wanted = sign.lower() if self.fold else sign
        return Node("test", lambda sign: sign == wanted)

    def set_of(self) -> Test:
        """Read a set such as `[^a-z]` up to its end."""
        negated, spans, tests = self.eat("^"), [], []
        while (sign := self.take()) != "]":
            if sign == "\\" and self.pattern[self.at : self.at + 1] in _CLASSES:
                tests.append(_CLASSES[self.take()])
                continue
            first = self.sign_of(self.take()) if sign == "\\" else sign
            last = first
            if self.pattern[self.at : self.at + 1] == "-" and self.pattern[self.at + 1 : self.at + 2] not in (
                "]",
                "",
            ):
                self.at += 1
                sign = self.take()
                last = self.sign_of(self.take()) if sign == "\\" else sign
            spans.append((first.lower(), last.lower()) if self.fold else (first, last))

        def test(sign: str) -> bool:
            inside = any(low <= sign <= high for low, high in spans) or any(test(sign) for test in tests)
            return inside != negated

        return test

    def eat(self, sign: str) -> bool:
        if self.pattern[self.at : self.at + 1] == sign:
            self.at += 1
            return True
        return False

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise CardError("the pattern is cut off")
        self.at += 1
        return self.pattern[self.at - 1]
