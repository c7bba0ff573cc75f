"""New characters, worlds and prompts: a few questions, and files that pass `sandbox check` and can be used at once."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import JsonValue

from characters.files import card_schema
from characters.own_prompts import GUIDE, TEMPLATES, guide
from characters.prompting import template
from worlds.errors import UsageError
from worlds.files import world_schema

__all__ = ["CHARACTER", "WORLD", "Question", "write_character", "write_prompts", "write_world"]

_ID = re.compile(r"[a-z][a-z0-9_]*")


class Question(NamedTuple):
    """One thing to be asked; `many` takes several answers, apart by semicolons."""

    key: str
    text: str
    example: str
    many: bool = False


CHARACTER = (
    Question("name", "What are they called?", "Wenna Tull"),
    Question(
        "identity",
        "Who are they, in one line: age, trade, where from?",
        "thirty, ferrywoman at a ford that is drying up",
    ),
    Question(
        "summary",
        "What should an actor know who is to play them?",
        "Talks to the river. Owes money to nobody, and is proud of it.",
    ),
    Question(
        "traits",
        "Strong traits, of honest brave curious greedy proud kind jealous patient?",
        "proud; kind",
        many=True,
    ),
    Question("values", "What matters to them?", "paying one's way; a river that stays a river", many=True),
    Question("manner", "How do they talk, in one sentence?", "Short and dry, and about water in the end."),
    Question(
        "samples",
        "A few things they have said, word for word?",
        "It is a ford until it is not.; Mind the third stone.; Ask the river.",
        many=True,
    ),
    Question("taboos", "What would they never do?", "never takes a coin she has not earned", many=True),
    Question(
        "secret",
        "What do they hide, as a sentence? `nothing` is an answer.",
        "Wenna moved the third stone herself.",
    ),
)

WORLD = (
    Question("title", "What is it called?", "The Dry Ford"),
    Question("genre", "What kind of story?", "rural mystery"),
    Question(
        "premise",
        "How do things stand when it begins?",
        "The river has fallen so low that the ford is a road. Somebody has moved the third stone.",
    ),
    Question(
        "places",
        "Where can one be? Two places at least.",
        "the ferry hut; the ford; the far bank",
        many=True,
    ),
    Question("things", "What lies about there?", "a rope; a lantern", many=True),
    Question(
        "cast", "Who is in it? Ids of characters beside it, or bundled ones.", "wenna; tobit", many=True
    ),
)


def write_character(id_: str, answers: Mapping[str, str | Sequence[str]], out: Path) -> Path:
    """Write `<id>.yaml` and the schema for editors; `UsageError` if something stands there already."""
    _check(id_)
    name = str(answers["name"])
    core: dict[str, JsonValue] = {
        "identity": f"{name}, {answers['identity']}",
        "summary": str(answers["summary"]),
        "traits": {_id(trait): 0.8 for trait in answers["traits"]},
        "values": list(answers["values"]),
        "voice": {"manner": str(answers["manner"]), "samples": list(answers["samples"])},
        "taboos": list(answers["taboos"]),
    }
    card: dict[str, JsonValue] = {
        "id": id_,
        "name": name,
        "core": core,
    }
    secret = str(answers["secret"]).strip()
    if secret and secret.lower().rstrip(".") not in ("nothing", "none", "no"):
        named = f"{id_}_secret"
        claim: JsonValue = {"subject": id_, "attribute": "hides", "value": "something"}
        card["secrets"] = [{"id": named, "text": secret, "claim": claim, "known_by": [id_]}]
        core["goals"] = [
            {"id": "secret", "want": f"hide {named}", "text": "keep it from everybody", "weight": 0.8}
        ]
    return _write(out / f"{id_}.yaml", card, card_schema(), "character", _LATER)


def write_world(id_: str, answers: Mapping[str, str | Sequence[str]], out: Path) -> Path:
    """Write `<id>.yaml` and the schema for editors; places are joined in a row, things lie about in them."""
    _check(id_)
    names = list(answers["places"])
    if len(names) < 2:
        raise UsageError("a world needs two places at least; name them with a semicolon between")
    ids = [_id(name) for name in names]
    places: dict[str, JsonValue] = {
        ids[n]: {
            "name": name,
            "text": f"{name[:1].upper()}{name[1:]}. Say here what one sees and hears.",
            "exits": [{"to": ids[m]} for m in (n - 1, n + 1) if 0 <= m < len(ids)],
        }
        for n, name in enumerate(names)
    }
    things: dict[str, JsonValue] = {
        _id(thing): {"name": thing, "text": "Say here what it looks like.", "at": ids[n % len(ids)]}
        for n, thing in enumerate(answers["things"])
    }
    world: dict[str, JsonValue] = {
        "id": id_,
        "title": str(answers["title"]),
        "genre": str(answers["genre"]),
        "premise": str(answers["premise"]),
        "places": places,
        "things": things,
        "topics": ["the weather"],
        "phrases": {"hides": dict(_HIDES)},
        "scenes": [{"id": "opening", "premise": str(answers["premise"])}],
        "cast": {_id(who): {"at": ids[0]} for who in answers["cast"]},
    }
    return _write(out / f"{id_}.yaml", world, world_schema(), "world", "")


def write_prompts(folder: Path) -> Path:
    """Write a copy of every template that can be brought, and what can stand in it, into a new or empty folder."""
    files = {f"{name}.md": f"{template(name)}\n" for name in TEMPLATES} | {GUIDE: guide()}
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} exists already and is never overwritten; choose another folder")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}; choose another folder") from error
    return folder


_HIDES = {
    "says": "{subject} is hiding {value}",
    "asks": "what {subject} is hiding",
    "denies": "{subject} is not hiding {value}",
}
"""How the secrets of new characters are spoken of."""

_LATER = """
# What else a character can have, to be filled in when you need it:
#   core.voice.lines      own lines by speech act: {ask: ["Who told you about {topic}?"]}
#   core.goals            wants: [{id: stone, want: "learn stone.mover", text: "find out who moved the stone"}]
#   slots                 what changes: {"taste.perch": hates it, "trust.fenn": 0.4, "injury.hand": burnt}
"""


def _write(
    path: Path, data: Mapping[str, JsonValue], schema: Mapping[str, JsonValue], kind: str, more: str
) -> Path:
    if path.exists():
        raise UsageError(f"{path} exists already and is never overwritten; choose another id or --out")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.parent / f"{kind}.schema.json"
        if not beside.exists():
            beside.write_text(json.dumps(schema, indent=1), encoding="utf-8")
        text = yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=110)
        path.write_text(f"# yaml-language-server: $schema={beside.name}\n{text}{more}", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}; choose another --out") from error
    return path


def _check(id_: str) -> None:
    if not _ID.fullmatch(id_):
        raise UsageError(f"{id_!r} is no id; use lower-case letters, digits and _, a letter first")


def _id(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", re.sub(r"^(?:the|a|an) ", "", name.strip().lower()))
    return "_".join(words) or "thing"
