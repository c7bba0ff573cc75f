"""Puts what pydantic finds wrong in a file into words: where, what, and the mend."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, JsonValue
from pydantic_core import ErrorDetails

from worlds.source import Key

__all__ = ["closest", "meant", "schema_of", "spell", "wrongs"]

_SHOULD = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping of fields",
    "model_attributes_type": "a mapping of fields",
    "named_tuple_type": "a list or a mapping of fields",
}
_SCALAR = {"bool_type", "int_type", "float_type", "string_type"}
_QUOTED = re.compile(r"'([^']*)'")


def wrongs(
    data: JsonValue, model: type[BaseModel], errors: Iterable[ErrorDetails]
) -> dict[tuple[Key, ...], str]:
    """Give each path at which something is wrong, with what it is and the mend."""
    schema = schema_of(model)
    at: dict[tuple[Key, ...], list[ErrorDetails]] = {}
    for error in errors:
        at.setdefault(_within(data, error), []).append(error)
    words = {where: _words(group, _known(schema, group[0]["loc"])) for where, group in at.items()}
    for where, group in at.items():
        # A field that is only misspelt is not reported as missing too.
        if group[0]["type"] == "extra_forbidden":
            close = closest(str(where[-1]), _known(schema, group[0]["loc"]))
            right = at.get((*where[:-1], close))
            if right and right[0]["type"] == "missing":
                words.pop((*where[:-1], close), None)
    return words


def schema_of(model: type[BaseModel]) -> dict[str, JsonValue]:
    """Give a model's JSON Schema, in which a record such as a claim may be a list or a mapping."""
    schema: dict[str, JsonValue] = model.model_json_schema()
    definitions = schema.get("$defs")
    if isinstance(definitions, dict):
        for name, definition in definitions.items():
            if isinstance(definition, dict) and "prefixItems" in definition:
                definitions[name] = {"anyOf": [definition, _as_mapping(definition)]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def spell(where: Iterable[Key]) -> str:
    """Write a path into a file: `places.hall.exits[0].to`."""
    steps = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in where)
    return "".join(steps).lstrip(".")[:160]


def meant(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean …?` if one of the known words is close; else nothing."""
    close = closest(word, known)
    return f"; did you mean `{close}`?" if close else ""


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Give the known word most like this one; empty if none is as like as `cutoff` (0..1)."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=cutoff)), "")


# ── words ──────────────────────────────────────────────────────────────────────────────────────────


def _words(group: list[ErrorDetails], known: tuple[str, ...]) -> str:
    """Say what is wrong at one path; the alternatives of a union come as several errors."""
    types = {error["type"] for error in group}
    given = group[0].get("input")
    if types >= _SCALAR:
        return f"should be text, a number, true or false, not {_shown(given)}"
    if types <= _SHOULD.keys():
        should = " or ".join(dict.fromkeys(_SHOULD[error["type"]] for error in group))
        quote = "; put it in quotes" if types == {"string_type"} and isinstance(given, int | float) else ""
        return f"should be {should}, not {_shown(given)}{quote}"
    return "; ".join(dict.fromkeys(_word(error, known) for error in group))


def _word(error: ErrorDetails, known: tuple[str, ...]) -> str:
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            name = str(error["loc"][-1])
            if " " in name and error["input"] is None:
                return "unknown field; quote the text before it if its comma belongs to it"
            return f"unknown field{meant(name, known) or _one_of('; known here', known)}"
        case "literal_error":
            options = _QUOTED.findall(str(limits["expected"]))
            given = "name" if error["loc"][-1] == "[key]" else _shown(error["input"])
            word = str(error["loc"][-2] if given == "name" else error["input"])
            return f"{given} is none of {', '.join(filter(None, options))}{meant(word, options)}"
        case "union_tag_invalid" | "union_tag_not_found":
            field = str(limits["discriminator"]).strip("'")
            tags = _QUOTED.findall(str(limits.get("expected_tags", "")))
            tag = str(limits.get("tag", ""))
            said = f"`{field}: {tag[:40]}` is unknown" if tag else f"has no `{field}`"
            return f"{said}{meant(tag, tags) or _one_of('; write one of', tags) or '; add it'}"
        case "too_short":
            return f"needs at least {limits['min_length']} of its entries, has {limits['actual_length']}"
        case "too_long":
            return f"takes at most {limits['max_length']} entries, has {limits['actual_length']}"
        case _:
            return f"{error['msg'].replace('Input should', 'should')}, not {_shown(error['input'])}"


def _one_of(lead: str, words: Iterable[str]) -> str:
    listed = ", ".join(words)
    return f"{lead}: {listed}" if listed else ""


def _shown(value: object) -> str:
    """Show a value briefly, without control characters."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


# ── finding one's way ──────────────────────────────────────────────────────────────────────────────


def _within(data: JsonValue, error: ErrorDetails) -> tuple[Key, ...]:
    """Give the path in the file: pydantic's own also names the branches of unions."""
    where: list[Key] = []
    for key in error["loc"]:
        if isinstance(data, dict) and key in data:
            data = data[str(key)]
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        elif error["type"] != "missing" or key is not error["loc"][-1]:
            continue
        where.append(key)
    return tuple(where)


def _known(schema: dict[str, JsonValue], loc: tuple[Key, ...]) -> tuple[str, ...]:
    """Name the fields that can stand beside the last step of a path."""
    here = [*_branches(schema, schema)]
    for key in loc[:-1]:
        here = [branch for node in here for step in _steps(node, key) for branch in _branches(schema, step)]
    fields = (properties for node in here if isinstance(properties := node.get("properties"), dict))
    return tuple(name for properties in fields for name in properties)


def _branches(schema: dict[str, JsonValue], node: JsonValue) -> Iterable[dict[str, JsonValue]]:
    """Follow a reference, and open a choice, except where the path itself names the branch."""
    if not isinstance(node, dict):
        return
    definitions = schema.get("$defs")
    if isinstance(definitions, dict) and "$ref" in node:
        yield from _branches(schema, definitions.get(str(node["$ref"]).rpartition("/")[2]))
        return
    yield node
    options = node.get("anyOf")
    for option in options if isinstance(options, list) else ():
        yield from _branches(schema, option)


def _steps(node: Mapping[str, JsonValue], key: Key) -> Iterable[JsonValue]:
    for place in ("properties", "discriminator"):
        names = node.get(place)
        names = names.get("mapping") if place == "discriminator" and isinstance(names, dict) else names
        if isinstance(names, dict) and key in names:
            found = names[str(key)]
            yield {"$ref": found} if isinstance(found, str) else found
    for place in ("items", "additionalProperties"):
        if isinstance(node.get(place), dict):
            yield node[place]


def _as_mapping(record: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the schema of a record written as a mapping instead of a list."""
    items = record["prefixItems"]
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    names = [str(entry["title"]).lower() for entry in entries]
    least = record.get("minItems")
    required: list[JsonValue] = [*names[: least if isinstance(least, int) else 0]]
    return {
        "type": "object",
        "properties": dict(zip(names, entries, strict=True)),
        "required": required,
        "additionalProperties": False,
    }
