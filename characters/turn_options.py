"""The admissible actions of a view, numbered and grouped by verb: all of them in a few lines."""

from collections.abc import Mapping
from typing import assert_never

from worlds.actions import Action, Do, Go, Handle, Say, Touch, Wait
from worlds.view import View

__all__ = ["option_lines"]


def option_lines(view: View) -> list[str]:
    """Give a line for each verb, `take: 3 a key (key), 4 a lamp (lamp)`; named deeds are numbered on behind."""
    groups: dict[str, list[str]] = {}
    for number, option in enumerate(view.options):
        head, rest = _worded(option, view.names)
        groups.setdefault(head, []).append(f"{number} {rest}".strip())
    for number, deed in enumerate(view.deeds, start=len(view.options)):
        groups.setdefault("deeds", []).append(
            f"{number} {deed.text}{' (say to whom in `to`)' if deed.to else ''}"
        )
    order = sorted(groups, key=lambda head: _RARE.get(head.partition(" ")[0], 0))
    return [f"{head}: {', '.join(groups[head])}" for head in order]


_RARE = {"put": 1, "show": 2}
"""Verbs that are listed last, and so are the first to go when there is no room."""


def _worded(option: Action, names: Mapping[str, str]) -> tuple[str, str]:
    """Give the verb, with what it is used on if there may be several, and the rest."""

    def name(id_: str) -> str:
        return names.get(id_, id_.replace("_", " "))

    match option:
        case Go():
            return "go to", name(option.to)
        case Touch():
            return option.verb, name(option.target)
        case Handle(verb="use"):
            return "use", f"{name(option.thing)} on {name(option.to)}" if option.to else name(option.thing)
        case Handle():
            link = "with" if option.verb == "put" else "to"
            return f"{option.verb} {name(option.thing)} {link}", name(option.to) if option.to else "everybody"
        case Do():
            return "deeds", option.text
        case Say() | Wait():
            return option.verb, ""
        case _:
            assert_never(option)
