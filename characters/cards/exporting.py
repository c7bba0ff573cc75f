"""Characters written as cards of other programs: the raw tree they came from, and on it what they have become.

A card that was imported and not changed is written as it was, to the byte of its JSON. What is ours goes into
`extensions`, where any program keeps it and only this one reads it, and in words at the end of the description.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from pydantic import JsonValue

from characters.cards.charx import member, write_charx
from characters.cards.fields import FIRST
from characters.cards.importing import NAMESPACE
from characters.cards.jsontext import dumps
from characters.cards.limits import LIMITS
from characters.cards.png import plain_picture, write_png
from characters.cards.reading import CardFile, Tree
from characters.cards.repairs import Repair, Repairs
from characters.cards.trees import data_of, downgraded, upgraded
from characters.profile import Card, core_of
from characters.statements import statements
from worlds.actions import Scalar
from worlds.errors import CardError, UsageError
from worlds.people import Character

__all__ = ["FORMATS", "Become", "Form", "became", "blank", "in_run", "write_card"]

Form: TypeAlias = Literal["v2-png", "v3-png", "json", "charx"]
FORMATS: tuple[Form, ...] = get_args(Form)

HEADING = "## Since then"
"""Begins the part of a description that says what somebody has become."""

_ICON = "assets/icon/images/main.png"


class Become(NamedTuple):
    """What a run made of a character."""

    slots: Mapping[str, Scalar]
    """As of the moment of the export."""
    names: Mapping[str, str]
    """Id to name, for the words."""
    run: str
    """What the run is called."""
    turn: int


def in_run(character: Character) -> Card:
    """Give the character file that a member of a run's cast was read from; a goal is no slot there."""
    core = core_of(character.core)
    goals = {f"goal.{goal.id}": goal.want for goal in core.goals}
    slots = {slot: value for slot, value in character.slots.items() if goals.get(slot) != value}
    return Card(
        id=character.id,
        name=character.name,
        core=core,
        secrets=character.secrets,
        slots=slots,
        lore=character.lore,
    )


def blank(card: Card) -> Tree:
    """Make a tree for a character that never was another program's card."""
    core = card.core
    wants = [f"{card.name} wants to {goal.text}." for goal in core.goals]
    holds = [f"What holds for {card.name}: {'; '.join(core.taboos)}."] if core.taboos else []
    description = "\n\n".join(filter(None, (core.identity, core.summary, " ".join((*wants, *holds)))))
    words = [name for name, strength in core.traits.items() if strength >= 0.6]
    data: Tree = {
        "name": card.name,
        "description": description,
        "personality": ", ".join([*words, *core.values]),
        "first_mes": f"“{core.voice.samples[0]}”" if core.voice.samples else "",
        "mes_example": "\n".join(f"<START>\n{{{{char}}}}: {line}" for line in core.voice.samples),
        "extensions": {"talkativeness": str(core.talkativeness)},
    }
    return upgraded(data, 3)


def became(tree: Tree, card: Card, end: Become | None) -> Tree:
    """Give the tree with our profile in it, and what runs made of the character in words and slots."""
    tree = upgraded(tree, 2)
    data = dict(data_of(tree))
    profile = card.model_dump(mode="json", exclude_defaults=True)
    extensions = data.get("extensions")
    extensions = extensions if isinstance(extensions, dict) else {}
    before = _before(extensions.get(NAMESPACE)) or dict(card.character().slots)
    ours: Tree = {"card": profile, "before": dict(before)}
    if end is not None:
        ours |= {"card": {**profile, "slots": dict(end.slots)}, "run": end.run, "turn": end.turn}
        data["description"] = _since(data.get("description"), card, before, end)
        version = str(data.get("character_version") or "1").partition(", turn ")[0]
        data["character_version"] = f"{version}, turn {end.turn} of {end.run}"[:200]
    data["extensions"] = {**extensions, NAMESPACE: ours}
    return {
        **tree,
        "data": data,
        **{field: data[field] for field in FIRST if field in tree and field in data},
    }


def _before(ours: JsonValue) -> dict[str, Scalar]:
    """Give the slots a character had before its first run, from an earlier export."""
    slots = ours.get("before") if isinstance(ours, dict) else None
    if not isinstance(slots, dict):
        return {}
    return {slot: value for slot, value in slots.items() if isinstance(value, bool | int | float | str)}


def write_card(
    out: Path, form: Form, tree: Tree, origin: CardFile | None = None, picture: Path | None = None
) -> tuple[Repair, ...]:
    """Write a card file; `origin` lends its picture and whatever else is in it. Gives what could not be kept.

    It may be written over its origin. `UsageError` if it cannot be written there.
    """
    repairs = Repairs()
    part = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(part, form, tree, origin, (picture, repairs))
        part.replace(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}); choose another --out") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return tuple(repairs)


def _write(
    out: Path, form: Form, tree: Tree, origin: CardFile | None, given: tuple[Path | None, Repairs]
) -> None:
    if form == "charx":
        _write_charx(out, tree, origin, given)
        return
    _assets_left(origin, given[1])
    if form == "json":
        same = origin is not None and tree is origin.tree
        out.write_bytes(origin.text if origin and same and origin.text else dumps(tree).encode())
    else:
        image = _picture(origin, given[0], str(data_of(tree).get("name") or "nobody"), given[1])
        out.write_bytes(write_png(image, _copies(form, tree, origin), given[1]))


def _copies(form: Form, tree: Tree, origin: CardFile | None) -> dict[str, bytes]:
    """Give the copies a PNG is to hold, the second version's always among them."""

    def written(copy: Tree) -> bytes:
        same = origin is not None and copy is origin.tree and origin.text
        return origin.text if origin and same else dumps(copy).encode()

    if form == "v2-png":
        return {"chara": written(downgraded(tree))}
    newest = upgraded(tree, 3)
    return {"chara": written(downgraded(newest)), "ccv3": written(newest)}


def _write_charx(out: Path, tree: Tree, origin: CardFile | None, given: tuple[Path | None, Repairs]) -> None:
    tree = upgraded(tree, 3)
    source = origin.path if origin and origin.container == "charx" else None
    added: dict[str, bytes] = {}
    if source is None:
        image = _picture(origin, given[0], str(data_of(tree).get("name") or "nobody"), given[1])
        # The picture is not to carry another copy of the card into the archive.
        added[_ICON] = write_png(image, {}, Repairs())
        data = data_of(tree)
        assets = data.get("assets")
        kept = [asset for asset in assets if not _is_icon(asset)] if isinstance(assets, list) else []
        icon: Tree = {"type": "icon", "uri": f"embeded://{_ICON}", "name": "main", "ext": "png"}
        tree = {**tree, "data": {**data, "assets": [icon, *kept]}}
    text = origin.text if origin and tree is origin.tree and origin.text else dumps(tree).encode()
    write_charx(out, text, source, added)


def _is_icon(asset: JsonValue) -> bool:
    return isinstance(asset, dict) and asset.get("type") == "icon" and asset.get("name", "main") == "main"


def _picture(origin: CardFile | None, picture: Path | None, name: str, repairs: Repairs) -> bytes:
    """Find a picture for a card: the one given, its own, or a plain one."""
    if picture is not None:
        try:
            return picture.read_bytes()
        except OSError as error:
            raise CardError(f"{picture}: cannot be read ({error}); name a PNG file") from error
    if origin and origin.container == "png":
        return origin.path.read_bytes()
    if origin and origin.container == "charx" and (found := _icon_in(origin)):
        return found
    repairs.add("export.picture", "the card")
    return plain_picture(name)


def _icon_in(origin: CardFile) -> bytes:
    assets = data_of(origin.tree).get("assets")
    for asset in assets if isinstance(assets, list) else ():
        uri = str(asset.get("uri", "")) if isinstance(asset, dict) and _is_icon(asset) else ""
        if uri.startswith(("embeded://", "embedded://")) and uri.endswith(".png"):
            with origin.path.open("rb") as file:
                try:
                    return member(file, uri.partition("://")[2], LIMITS.picture)
                except CardError:
                    return b""
    return b""


def _assets_left(origin: CardFile | None, repairs: Repairs) -> None:
    """Tell which assets stay behind: the third version's text asks for that."""
    if origin is None or origin.container != "charx":
        return
    assets = data_of(origin.tree).get("assets")
    for number, asset in enumerate(assets if isinstance(assets, list) else ()):
        if not _is_icon(asset):
            repairs.add(
                "export.asset", f"data.assets[{number}]", asset.get("uri") if isinstance(asset, dict) else ""
            )


def _since(description: JsonValue, card: Card, before: Mapping[str, Scalar], end: Become) -> str:
    """Put what is other than at first into sentences behind the description, in place of those of earlier exports."""
    text = description if isinstance(description, str) else ""
    text = text.partition(f"\n\n{HEADING}")[0].rstrip()
    then = {statement.text for statement in statements(card.character(), before, end.names)}
    now = statements(card.character(), end.slots, end.names)
    fresh = [statement.text for statement in now if statement.slot and statement.text not in then]
    return f"{text}\n\n{HEADING}\n\n{' '.join(fresh)}".strip() if fresh else text
