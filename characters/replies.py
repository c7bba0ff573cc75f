"""From what a model wrote to what it meant: reading forms out of free text, and making words fit to be kept.

Models wrap their answers in prose, fences and headings, think aloud before them, forget commas, quote with the wrong
marks, and stop in the middle. What can be read without guessing at meaning is read; the rest is an `UnfitError`,
whose message is for the model to read.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from pydantic import ValidationError

from characters.shapes import Reply

__all__ = ["UnfitError", "plain", "read", "tidy", "unreasoned"]

T = TypeVar("T", bound=Reply)

_REPAIRABLE = 8_000
"""Characters up to which broken JSON is mended; the time it takes grows with the square."""

_STARTS = 20
"""How many opening braces are tried as the beginning of an answer."""

_THINKING = "think|thinking|thought|reasoning|reflection|scratchpad|analysis"
_OPENED = re.compile(rf"<(?:{_THINKING})\b[^<>]{{0,80}}>", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{_THINKING})\s{{0,8}}>", re.IGNORECASE)

_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some scripts and emoji are written."""

_STRAIGHT = str.maketrans("“”„", '"""')

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class UnfitError(ValueError):
    """A reply that cannot be used; the message says why, in words for the model."""


def read(text: str, shape: type[T]) -> T:
    """Read the form a model filled in; `UnfitError` if there is none that can be read.

    It is asked for up to three times: to see whether it will do, to act on it, and to draw conclusions from it.
    """
    found: T = _read(text, shape)
    return found


@lru_cache(maxsize=512)
def _read(text: str, shape: type[T]) -> T:
    problem = "there is no JSON object in it"
    for number, found in enumerate(_objects(unreasoned(text), shape)):
        try:
            return shape.model_validate(found)
        except ValidationError as error:
            problem = problem if number else _told(error)
        except RecursionError:
            problem = "it is nested too deeply"
    raise UnfitError(problem)


def unreasoned(text: str) -> str:
    """Give what a model said after it had thought: reasoning blocks and channel marks are taken out."""
    text = text.rpartition("<|message|>")[2]
    kept, at = "", 0
    for opened in _OPENED.finditer(text):
        if opened.start() >= at:
            kept += text[at : opened.start()]
            closed = _CLOSED.search(text, opened.end())
            at = closed.end() if closed else len(text)
    kept += text[at:]
    return _CLOSED.split(kept)[-1].strip()


def tidy(text: str, most: int) -> str:
    """Give the text on one line, without what cannot be seen, cut at a word to at most `most` characters."""
    seen = (char if char in _JOINERS or unicodedata.category(char) not in _UNSEEN else " " for char in text)
    line = " ".join("".join(seen).split())
    if len(line) <= most:
        return line
    cut = line[: most - 1].rpartition(" ")[0] or line[: most - 1]
    return f"{cut.rstrip(' ,;:')}…"


def plain(text: str) -> str:
    """Give the text as what can be written to a file: halves of characters become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _objects(text: str, shape: type[Reply]) -> Iterator[dict[str, Any]]:
    """Give what could be the answer, likeliest first."""
    starts = [match.start() for match in re.finditer(r"\{", text)][:_STARTS]
    if starts:
        yield from _exact(text, starts[0])
        yield from _mended(text[starts[0] :])
    for start in starts[1:]:
        yield from _exact(text, start)
    yield from _labelled(text, shape)


def _exact(text: str, start: int) -> Iterator[dict[str, Any]]:
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return
    yield found


def _mended(text: str) -> Iterator[dict[str, Any]]:
    """Give the first object of broken JSON, closed and quoted as it was meant."""
    mend = import_module("json_repair").loads
    text = text[:_REPAIRABLE] if '"' in text else text[:_REPAIRABLE].translate(_STRAIGHT)
    try:
        found = mend(text, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError, AttributeError):
        return  # whatever a mender of anything may stumble over, there is nothing to be had from this text
    for part in found if isinstance(found, list) else [found]:
        if isinstance(part, dict) and part:
            yield part
            return


def _labelled(text: str, shape: type[Reply]) -> Iterator[dict[str, Any]]:
    """Read `**Speech:** Good evening.`: one label a line, at least two of them."""
    names = "|".join(re.escape(name) for name in shape.model_fields)
    label = re.compile(rf"^[^\w\n]*({names})[^\w\n:=]*[:=](.*)$", re.MULTILINE | re.IGNORECASE)
    found = [(name.lower(), value.strip(' *_`",')) for name, value in label.findall(text[:_REPAIRABLE])]
    if len(found) > 1:
        yield {name: value for name, value in reversed(found) if value}


def _told(error: ValidationError) -> str:
    """Put what is wrong with a form into a line."""
    wrongs = []
    for wrong in error.errors(include_url=False, include_input=False, include_context=False)[:3]:
        path = ".".join(str(part) for part in wrong["loc"])
        wrongs.append(f"`{path}`: {wrong['msg']}" if path else wrong["msg"])
    return "; ".join(wrongs)
