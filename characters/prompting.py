"""Prompts: templates are files, sections have budgets, and what must not be squeezed out is not.

A budget is given in characters; with the tokenizers in use, a token of English is about four. A section has a minimum
it always gets and a maximum it never exceeds; what is left of the budget is dealt out in the order of the sections.
Sections are cut by whole lines, at the end that matters less.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

__all__ = ["Prompts", "Section", "fill", "fit", "template"]

Prompts: TypeAlias = Callable[[str], str]
"""Gives a template by its name: `template`, or what a designer brings (`characters.own_prompts`)."""

PROMPTS = Path(__file__).parent / "prompts"
"""Where the templates are."""

_PLACE = re.compile(r"\{([a-z_]+)\}")

NOTHING = "(nothing)"
"""What stands where a section is empty."""


class Section(NamedTuple):
    """A named part of a prompt."""

    name: str
    """The `{name}` in the template it is put in."""
    lines: Sequence[str]
    least: int
    """Characters it gets in any case, if it has so many."""
    most: int
    """Characters it gets at most."""
    newest: bool = False
    """Whether the last lines are kept when it is cut, rather than the first."""


@lru_cache
def template(name: str) -> str:
    """Give a template of the program's own by its name."""
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into a template, once: what is put in is data, and braces in it mean nothing."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def fit(sections: Sequence[Section], budget: int) -> dict[str, str]:
    """Give each section's text, the sum of them within the budget if their minima are.

    Everybody gets the minimum first; what is left goes to the first section up to its maximum, then to the next.
    """
    full = {section.name: sum(map(len, section.lines)) + len(section.lines) for section in sections}
    sizes = {section.name: min(section.least, full[section.name]) for section in sections}
    spare = budget - sum(sizes.values())
    for section in sections:
        wanted = min(section.most, full[section.name]) - sizes[section.name]
        given = max(0, min(wanted, spare))
        sizes[section.name] += given
        spare -= given
    return {section.name: _cut(section, sizes[section.name]) or NOTHING for section in sections}


def _cut(section: Section, size: int) -> str:
    """Give as many whole lines as there is room for; a single line that is too long is cut itself."""
    lines = list(reversed(section.lines)) if section.newest else list(section.lines)
    kept: list[str] = []
    room = size
    for line in lines:
        if len(line) + 1 > room:
            kept += [f"{line[: room - 2]}…"] if not kept and room > 2 else []
            break
        kept.append(line)
        room -= len(line) + 1
    return "\n".join(reversed(kept) if section.newest else kept)
