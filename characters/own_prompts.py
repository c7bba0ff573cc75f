"""Templates a designer brings: a folder of files that are used instead of the program's own.

A file is named after the template it replaces, `mind.md`; what the folder does not have is the program's own. All of it
is read and checked when a model is connected. So nothing is played with a template that keeps from a character what it
must know, and what is changed in the folder later does not reach a run that is under way.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from characters.prompting import Prompts, template
from characters.replies import tidy
from worlds.errors import UsageError

__all__ = ["GUIDE", "TEMPLATES", "apart", "bring", "guide"]

MOST = 8_000
"""Longest template, in characters: five times the longest of the program's own."""

_BYTES = 4 * MOST

GUIDE = "README.md"
"""May stand beside the templates."""

_BRACES = re.compile(r"\{(\s*\w+\s*)\}")
"""What is a place, or was meant as one."""

_OFTEN = frozenset({"name", "title", "genre"})
"""Places that are a word or two. All others are sections, and would be sent twice."""

_SHOWN = 5
"""So many faults of a folder are told at once."""


class Kind(NamedTuple):
    """A template that can be brought."""

    what: str
    needed: tuple[str, ...]
    """Places it must have: without them nobody could answer as the program needs it."""


TEMPLATES: Mapping[str, Kind] = {
    "mind": Kind(
        "The rules of the stage and who one is: the first message to a character. It stays the same from turn to turn.",
        ("name", "people", "statements", "card", "secrets"),
    ),
    "turn": Kind(
        "Asks a character for a turn: the second message.", ("recollections", "news", "now", "options")
    ),
    "answer": Kind(
        "Puts a question to a character in an interview.", ("recollections", "news", "now", "question")
    ),
    "narrator": Kind("The rules for the narrator: the first message to it.", ("people", "places")),
    "frame": Kind("Asks the narrator to open a scene.", ("premise",)),
    "cue": Kind("Asks the narrator in what order to act.", ("waiting",)),
    "rule": Kind("Asks the narrator what comes of a deed in free words.", ("name", "deed", "now")),
    "close": Kind("Asks the narrator to close the story.", ("ending",)),
    "shape": Kind("How to answer: stands behind every first message.", ("shape",)),
    "again": Kind("Asks again when an answer could not be used.", ("problem",)),
}
"""By name. The one for reading cards, and those of judges, are the program's own for everybody."""

_PLACES = {
    "card": "who the character is",
    "deed": "what is tried",
    "ending": "how the story ends",
    "genre": "the genre of the story",
    "name": "the name of the character",
    "news": "what was perceived since its last turn, each with its number",
    "now": "the place, who is there, what lies about, the time",
    "options": "what can be chosen, numbered",
    "past": "what was perceived before that, oldest first",
    "people": "everybody in the story, with ids",
    "places": "the places of the world, with ids",
    "premise": "how the scene begins; for `narrator`, the story",
    "problem": "what was wrong with the answer",
    "question": "what is asked",
    "recent": "what happened last",
    "recollections": "memories and lore that come back",
    "secrets": "what the character knows and others may not",
    "shape": "the form to fill in, as JSON",
    "standing": "feelings, ties, beliefs and wants as they are now",
    "statements": "what people make statements about, and in what words",
    "title": "the title of the story",
    "waiting": "who has yet to act",
}


def bring(folder: str) -> Prompts:
    """Read the templates of a folder; `UsageError` says what is wrong with it and how to mend it."""
    path = Path(folder)
    if not path.is_dir():
        here = "" if path.is_absolute() else f" in {Path.cwd()}"
        raise UsageError(
            f"prompts={folder}: there is no such folder{here}; go to where it is, name its whole path, "
            f"or make one with `sandbox new prompts {folder}`"
        )
    texts: dict[str, str] = {}
    wrong = list(_read(path, texts))
    if not texts and not wrong:
        wrong = [f"{path}: there is no template in it; {_there_are()}"]
    if wrong:
        more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise UsageError("\n".join([*wrong[:_SHOWN], *more]))
    return lambda name: texts.get(name) or template(name)


def apart(one: Prompts, two: Prompts) -> tuple[str, ...]:
    """Give the names of the templates in which two differ."""
    return tuple(name for name in TEMPLATES if one(name) != two(name))


def guide() -> str:
    """Explain every template and its places, in Markdown: what stands beside the copies to begin with."""
    rows = [
        f"| `{name}.md` | {kind.what} | {_listed(kind.needed)} | {_listed(_own(name) - {*kind.needed})} |"
        for name, kind in TEMPLATES.items()
    ]
    places = [f"| `{{{place}}}` | {means} |" for place, means in _PLACES.items()]
    return "\n".join((_HEAD, *rows, _MIDDLE, *places, ""))


_HEAD = f"""# Prompts of your own

Use them by naming this folder behind a model: `--model 'openai:NAME?prompts=FOLDER'`.
Delete what you do not change: a template that is not here is the program's own.
What stands in {{braces}} is filled in by the program; each section may be named once. A template has at most
{MOST} characters, and is sent as it stands: there are no comments in it.

| template | what it is | must have | may have |
|---|---|---|---|"""

_MIDDLE = """
| place | what is filled in |
|---|---|"""


def _read(path: Path, texts: dict[str, str]) -> Iterator[str]:
    """Read what is in a folder into `texts`; give what is wrong with it."""
    try:
        files = sorted(file for file in path.iterdir() if file.name != GUIDE and file.name[0] != ".")
    except OSError as error:
        yield f"{path}: cannot be read: {error.strerror}; look at who may read it"
        return
    strange = [file.name for file in files if not _is_template(file)]
    if strange:
        names = f"{', '.join(tidy(name, 40) for name in strange[:3])}{' …' if len(strange) > 3 else ''}"
        yield f"{path}: {names}: not a template; {_there_are()}; rename it, or move it away"
    for file in filter(_is_template, files):
        try:
            texts[file.stem] = text = _text(file)
        except UsageError as error:
            yield str(error)
        else:
            yield from _faults(file, text)


def _is_template(file: Path) -> bool:
    return file.suffix == ".md" and file.stem in TEMPLATES


def _text(file: Path) -> str:
    """Give the text of a file that is short enough."""
    try:
        if not file.is_file():
            raise UsageError(f"{file}: is no file; put a text file there, or take it away")
        with file.open("rb") as opened:
            found = opened.read(_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}; look at who may read it") from error
    try:
        text = "" if len(found) > _BYTES else found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not text in UTF-8, at byte {error.start}; save it as UTF-8") from error
    if len(text) > MOST or len(found) > _BYTES:
        raise UsageError(f"{file}: is longer than {MOST} characters; say it in fewer")
    return text.replace("\r\n", "\n").strip()


def _faults(file: Path, text: str) -> Iterator[str]:
    """Give what is wrong with the places of a template."""
    own, found = _own(file.stem), Counter(_BRACES.findall(text))
    for place, times in found.items():
        if place not in own:
            near = difflib.get_close_matches(place.strip().lower(), own, 1)
            mend = f"did you mean {{{near[0]}}}?" if near else f"there are {_listed(own)}"
            yield f"{file}: {{{place[:40]}}} is nothing that is filled in here; {mend}"
        elif times > 1 and place not in _OFTEN:
            yield f"{file}: {{{place}}} stands there {times} times and would be sent as often; leave it once"
    for place in TEMPLATES[file.stem].needed:
        if place not in found:
            yield f"{file}: lacks {{{place}}}, {_PLACES[place]}; put it where it is to be read"


def _own(name: str) -> set[str]:
    """Give the places of a template: all the program fills in stand in its own."""
    return set(_BRACES.findall(template(name)))


def _there_are() -> str:
    return f"there are {', '.join(f'{name}.md' for name in TEMPLATES)}"


def _listed(places: set[str] | tuple[str, ...]) -> str:
    return " ".join(f"`{{{place}}}`" for place in sorted(places))
