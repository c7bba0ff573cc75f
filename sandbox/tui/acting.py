"""What a person types for a character, read as an action; and for the narrator, as an intervention.

Plain words are spoken. `@bram …` speaks to somebody, `/whisper bram …` and `/shout …` say how, `*…` is a deed in free
words, and `/` with anything else picks from what is possible.
"""

from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from worlds.actions import Action, Do, Effect, Go, Handle, Manner, Say, Scalar, Touch, Wait
from worlds.effects import illegal
from worlds.errors import UsageError
from worlds.events import Intervened
from worlds.state import State
from worlds.view import View

__all__ = ["Choice", "choices", "read_action", "read_intervention"]

_MANNERS: dict[str, Manner] = {"say": "aloud", "whisper": "whisper", "aside": "aside", "shout": "shout"}

_SHAPES = {
    "moved": ("who", "to"),
    "passed": ("thing", "to"),
    "created": ("thing", "at"),
    "destroyed": ("thing",),
    "profile": ("who", "slot", "value"),
}

_EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)


class Choice(NamedTuple):
    """Something possible, in words."""

    label: str
    action: Action


def choices(view: View, typed: str) -> list[Choice]:
    """Give what is possible here and now, as far as it fits what is typed after a slash."""
    found = [Choice(_plain(view, option), option) for option in view.options]
    for deed in view.deeds:
        for to in [fellow.id for fellow in view.fellows] if deed.to else [""]:
            label = f"{deed.text}{f' ({view.names.get(to, to)})' if to else ''}"
            found.append(Choice(label, Do(text=deed.text, deed=deed.id, to=to)))
    words = typed.removeprefix("/").casefold().split() if typed.startswith("/") else []
    return [choice for choice in found if all(word in choice.label.casefold() for word in words)]


def read_action(view: View, text: str) -> Action | None:
    """Read a line as an action; None if it is nothing, or nothing that is possible."""
    text = text.strip()
    if text.startswith("*"):
        return Do(text=text.strip("* ")) if text.strip("* ") else None
    if text.startswith("/"):
        return _command(view, text)
    to: tuple[str, ...] = ()
    while text.startswith("@"):
        name, _, text = text.partition(" ")
        to += _whom(view, name[1:])
    text = text.strip().strip('“”"')
    return Say(text=text, to=to) if text else None


def _command(view: View, text: str) -> Action | None:
    word, _, rest = text[1:].partition(" ")
    if word == "wait":
        return Wait()
    if word == "do":
        return Do(text=rest) if rest else None
    if word in _MANNERS:
        name, _, words = rest.partition(" ")
        to = _whom(view, name.lstrip("@"))
        said = words if to else rest
        return Say(text=said, to=to, manner=_MANNERS[word]) if said else None
    found = choices(view, text)
    return found[0].action if found else None


def _whom(view: View, name: str) -> tuple[str, ...]:
    name = name.casefold().rstrip(",:")
    return tuple(f.id for f in view.fellows if name and name in (f.id.casefold(), f.name.casefold()))


def _plain(view: View, action: Action) -> str:
    """Say what would be done, as one would say it to the character."""
    names = view.names
    match action:
        case Go(to=to):
            return f"go to {names.get(to, to)}"
        case Touch(verb=verb, target=target):
            return f"{verb} {names.get(target, target)}"
        case Handle(verb=verb, thing=thing, to=to):
            joint = {"put": "into", "use": "on"}.get(verb, "to")
            return f"{verb} {names.get(thing, thing)}{f' {joint} {names.get(to, to)}' if to else ''}"
        case _:
            return action.verb


def read_intervention(state: State, text: str) -> Intervened:
    """Read `[@place] words [=> effect; effect]`; `UsageError` says what is wrong and how an effect is written."""
    words, _, wanted = text.partition("=>")
    words, place = words.strip(), ""
    if words.startswith("@"):
        place, _, words = words[1:].partition(" ")
        if place not in state.world.places:
            raise UsageError(f"there is no place {place!r}; choose from {', '.join(state.world.places)}")
    effects = tuple(_effect(state, part.split()) for part in wanted.split(";") if part.strip())
    if not words and not effects:
        raise UsageError("say what happens, or add an effect behind =>")
    return Intervened(text=words.strip(), place=place, effects=effects)


def _effect(state: State, parts: list[str]) -> Effect:
    kind, *rest = parts
    if kind == "became" and len(rest) >= 2:
        subject, _, attribute = rest[0].partition(".")
        fields = {
            "subject": subject,
            "attribute": attribute,
            "value": _scalar(rest[1]),
            "add": rest[2:] == ["add"],
        }
    elif kind in _SHAPES and len(rest) >= len(_SHAPES[kind]):
        names = _SHAPES[kind]
        last = " ".join(rest[len(names) - 1 :])
        fields = dict(zip(names, [*rest[: len(names) - 1], last], strict=True))
        fields |= {"value": _scalar(last)} if "value" in names else {}
    else:
        raise UsageError(
            f"{' '.join(parts)!r} is no effect; write moved WHO PLACE, passed THING TO, became X.FACT VALUE [add], "
            "created THING PLACE, destroyed THING, or profile WHO SLOT VALUE"
        )
    try:
        effect = _EFFECT.validate_python({"effect": kind, **fields})
    except ValidationError as error:
        raise UsageError(f"{' '.join(parts)!r}: {error.errors()[0]['msg']}") from error
    if why := illegal(state, effect):
        raise UsageError(f"{' '.join(parts)!r}: {why}")
    return effect


def _scalar(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
