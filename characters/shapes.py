"""What a model is asked to fill in: a `Reply` is a flat form, forgiving in how it is filled in.

One class serves three readers: the provider, as the JSON Schema it decodes by; the model, as a commented example in
its prompt; and us, as the validator of what came back.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeAlias, TypeVar, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler

from worlds.actions import Scalar

__all__ = ["Few", "Id", "Line", "Lines", "Number", "Reply", "Text", "Value", "schema_of", "shape_of"]

T = TypeVar("T")

_LIMITS = frozenset({"maxLength", "minLength", "maxItems", "minItems", "maximum", "minimum", "pattern"})
"""What providers with strict schemas refuse."""

_NAMING = frozenset({"title", "default", "description"})
"""What a schema says for people."""

_SEPARATORS = re.compile(r"\s*(?:[,;/&\n]|\band\b)\s*")


def _as_text(value: object) -> object:
    """Take a list of lines or a bare value for the text it stands for."""
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value) if isinstance(value, bool | int | float) else value


def _as_number(value: object) -> object:
    return value.strip("[]# ") if isinstance(value, str) else value


def _as_value(value: object) -> object:
    """Refuse numbers that cannot be written down, or that nobody could mean."""
    if isinstance(value, int | float) and not -1e12 < value < 1e12:
        raise ValueError("no such number")
    return value


def _each(items: object, handler: ModelWrapValidatorHandler[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Keep the items that can be read; what is only beside the point is not worth asking again for."""
    kept: tuple[Any, ...] = ()
    for item in items if isinstance(items, list | tuple) else [items]:
        try:
            kept += handler((item,))
        except ValidationError:
            continue
    return kept


Text = Annotated[str, BeforeValidator(_as_text)]
"""Words, however they were wrapped."""

Few: TypeAlias = Annotated[tuple[T, ...], WrapValidator(_each)]
"""A list whose unreadable items are left out."""

Id: TypeAlias = Annotated[Text, WithJsonSchema({"type": "string", "maxLength": 40})]
"""A name or a word. Limits of length are told to the model; what is longer is read all the same."""

Line: TypeAlias = Annotated[Text, WithJsonSchema({"type": "string", "maxLength": 200})]
"""A sentence."""

Lines: TypeAlias = Annotated[Text, WithJsonSchema({"type": "string", "maxLength": 500})]
"""A few sentences."""

Number: TypeAlias = Annotated[int, BeforeValidator(_as_number), WithJsonSchema({"type": "integer"})]
"""A whole number, in [brackets] or not."""

Value: TypeAlias = Annotated[
    Scalar,
    BeforeValidator(_as_value),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 80}, {"type": "number"}, {"type": "boolean"}]}),
]
"""The value of a fact or a slot."""


class Reply(BaseModel):
    """A form for a model to fill in. Every field has a description; the model reads it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _forgive(cls, data: Any) -> Any:  # noqa: ANN401 - JSON enters here
        """Read `**Speech**` as `speech`, leave out what is null, and split what should be a list."""
        if not isinstance(data, Mapping):
            return data
        named = {
            str(key).strip(" *_`'\"#").lower(): value for key, value in data.items() if value is not None
        }
        for name, field in cls.model_fields.items():
            if isinstance(named.get(name), str) and get_origin(field.annotation) is tuple:
                named[name] = [part for part in _SEPARATORS.split(named[name]) if part]
        return named


@lru_cache(maxsize=64)
def _schema(shape: type[Reply], *, strict: bool) -> str:
    schema = shape.model_json_schema()
    defs = schema.pop("$defs", {})
    return json.dumps(_plain(schema, defs, _NAMING | (_LIMITS if strict else frozenset())))


def schema_of(shape: type[Reply], *, strict: bool = False) -> dict[str, Any]:
    """Give the JSON Schema to decode by: everything required, nothing more allowed, no references.

    `strict` leaves out the limits of length and range, which some providers refuse.
    """
    schema: dict[str, Any] = json.loads(_schema(shape, strict=strict))
    return {"title": shape.__name__, "description": (shape.__doc__ or "").strip(), **schema}


def _plain(node: JsonValue, defs: Mapping[str, JsonValue], without: frozenset[str]) -> JsonValue:
    if isinstance(node, list):
        return [_plain(part, defs, without) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(ref := node.get("$ref"), str):
        return _plain(defs[ref.rpartition("/")[2]], defs, without)
    plain: dict[str, JsonValue] = {}
    for key, value in node.items():
        if key == "properties" and isinstance(value, dict):
            plain[key] = {name: _plain(part, defs, without) for name, part in value.items()}
        elif key not in without:
            plain[key] = _plain(value, defs, without)
    if isinstance(fields := plain.get("properties"), dict):
        plain |= {"required": list(fields), "additionalProperties": False}
    return plain


@lru_cache(maxsize=64)
def shape_of(shape: type[Reply]) -> str:
    """Put the form into words: an example with a comment to every field."""
    schema = schema_of(shape)
    lines = []
    for name, field in shape.model_fields.items():
        lines.append(f'"{name}": {_example(schema["properties"][name])},  // {field.description}')
    return "\n".join(["{", *lines, "}"])


def _example(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return json.dumps("|".join(str(value) for value in node["enum"] if value))
    if "anyOf" in node:
        return _example(node["anyOf"][0])
    match node.get("type"):
        case "array":
            return f"[{_example(node['items'])}]"
        case "object":
            return (
                "{"
                + ", ".join(f'"{name}": {_example(part)}' for name, part in node["properties"].items())
                + "}"
            )
        case "integer":
            return "0"
        case "number":
            return "0.0"
        case "boolean":
            return "true"
        case _:
            return '"…"'
