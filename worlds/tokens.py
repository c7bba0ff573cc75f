"""Cuts YAML and JSON text into one kind of token, each with its line.

YAML is read event by event, never composed: libyaml's composer recurses in C, where deep nesting ends the
process. Only the YAML 1.2 core words have a meaning: `on`, `no` and `08:00` are text. Tags are refused
because nothing here needs them, and numbers that are not finite because no log could hold them.
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Literal, NamedTuple

import yaml
from pydantic import JsonValue

__all__ = ["BadTextError", "Token", "json_tokens", "yaml_tokens"]


class Token(NamedTuple):
    """One step of a file: a mapping or list begins or ends, a value stands, an earlier value is repeated."""

    kind: Literal["mapping", "list", "end", "value", "alias"]
    line: int
    value: JsonValue = None
    text: str = ""
    """A value as it is written, for use as a name."""
    anchor: str = ""
    """The name under which it can be repeated, or of what is repeated."""


class BadTextError(Exception):
    """Text that is not of its format; the caller knows the file."""

    def __init__(self, line: int, what: str) -> None:
        """Say what is wrong on a line (from 1)."""
        super().__init__(what)
        self.line = line


_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MEANINGS: dict[str, JsonValue] = {"null": None, "true": True, "false": False}
_WORDS: dict[str, JsonValue] = {
    "": None,
    "~": None,
    **{form: value for word, value in _MEANINGS.items() for form in (word, word.title(), word.upper())},
}
_LONGEST_NUMBER = 40
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')
_HINTS = {
    "mapping values are not allowed": "put text that holds `: ` in quotes, and check the indentation",
    "cannot start any token": "indent with spaces, not tabs, and quote text that begins with @, ` or %",
    "unknown escape character": "write the backslash twice, or use single quotes",
    "did not find expected": "check the indentation and the quotes here and on the line before",
    "could not find expected ':'": "write `name: value`, or indent the line to continue the one before",
    "undefined alias": "quote text that begins with *",
    "control characters are not allowed": "remove the control character",
}


# ── YAML ───────────────────────────────────────────────────────────────────────────────────────────


def yaml_tokens(text: str) -> Iterator[Token]:
    """Cut one YAML document; `BadTextError` for bad syntax, tags, endless numbers and second documents."""
    documents = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.NodeEvent):
                yield _yaml_token(event, line)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                yield Token("end", line)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise BadTextError(line, "a second document begins; keep one, without `---` before it")
    except yaml.YAMLError as error:
        raise _bad_yaml(text, error) from error


def _yaml_token(event: yaml.NodeEvent, line: int) -> Token:
    anchor = event.anchor or ""
    if isinstance(event, yaml.AliasEvent):
        return Token("alias", line, anchor=anchor)
    tag = getattr(event, "tag", None)
    if tag is not None:
        mend = "remove it, or quote text that begins with !"
        raise BadTextError(line, f"tag {str(tag)[:40]!r} has no meaning here; {mend}")
    if isinstance(event, yaml.ScalarEvent):
        plain = event.implicit[0]
        return Token("value", line, _plain(event.value, line) if plain else event.value, event.value, anchor)
    kind: Literal["mapping", "list"] = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
    return Token(kind, line, anchor=anchor)


def _plain(word: str, line: int) -> JsonValue:
    """Give what an unquoted YAML word means."""
    if word in _WORDS:
        return _WORDS[word]
    if _INT.fullmatch(word) or _FLOAT.fullmatch(word):
        return _number(word, line)
    return word


def _bad_yaml(text: str, error: yaml.YAMLError) -> BadTextError:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    usual = "check the indentation and the quotes"
    hint = next((mend for part, mend in _HINTS.items() if part in problem), usual)
    # A quote that is never closed is noticed at the end of the file; where it opens is the context.
    which = "context_mark" if "end of stream" in problem else "problem_mark"
    mark = getattr(error, which, None)
    position = getattr(error, "position", None)
    if mark is not None:
        return BadTextError(mark.line + 1, f"not YAML: {problem} (column {mark.column + 1}); {hint}")
    line = text.count("\n", 0, position) + 1 if position is not None else 1
    return BadTextError(line, f"not YAML: {problem}; {hint}")


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────────


def json_tokens(text: str) -> Iterator[Token]:
    """Cut one JSON document; `BadTextError` for bad syntax and for numbers that are not finite."""
    try:
        # Checks the syntax, so that what follows only has to tell tokens apart.
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except JSONDecodeError as error:
        hint = "check commas, quotes and brackets here and just before"
        raise BadTextError(error.lineno, f"not JSON: {error.msg} (column {error.colno}); {hint}") from error
    except RecursionError as error:
        raise BadTextError(1, "lists and mappings nest far too deep; write it flatter") from error
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in _JSON_TOKEN.finditer(text):
        yield _json_token(match.group(), bisect_right(starts, match.start()))


def _json_token(word: str, line: int) -> Token:
    match word[0]:
        case "{":
            return Token("mapping", line)
        case "[":
            return Token("list", line)
        case "}" | "]":
            return Token("end", line)
        case '"':
            string = str(json.loads(word, strict=False))
            if any("\ud800" <= sign <= "\udfff" for sign in string):
                raise BadTextError(line, "half a surrogate pair is no character; write both halves")
            return Token("value", line, string, string)
        case _:
            value = _WORDS[word] if word in _WORDS else _number(word, line)
            return Token("value", line, value, word)


def _number(word: str, line: int) -> int | float:
    if len(word) > _LONGEST_NUMBER:
        raise BadTextError(line, f"number {word[:12]}… is too long; quote it if it is text")
    try:
        number = int(word) if _INT.fullmatch(word) else float(word)
    except ValueError as error:
        raise BadTextError(line, f"{word} is no number here; quote it if it is text") from error
    if not math.isfinite(number):
        raise BadTextError(line, f"number {word} is not finite; quote it if it is text")
    return number
