"""The forms of the rubric: a critique, and seven marks with what each rests on."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema, WrapValidator
from pydantic.functional_validators import ModelWrapValidatorHandler

from characters.shapes import Few, Line, Lines, Number, Reply

__all__ = ["DIMENSIONS", "HIGH", "LOW", "Certainty", "CritiqueReply", "MarkReply", "ScoreReply"]

LOW, HIGH = 1.0, 5.0
"""The ends of the scale."""

_FEW: dict[str, Any] = {"maxItems": 6}


def _number(value: object) -> object:
    """Read `4`, `"4/5"`, `"4 out of 5"` and `"[4]"` as 4."""
    found = re.match(r"\D{0,3}(\d+(?:\.\d+)?)", value) if isinstance(value, str) else None
    return float(found[1]) if found else value


def _certainty(value: object) -> object:
    """Read `85`, `"85 %"` and `0.85` as 85; give −1 for what is no certainty."""
    value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return -1.0
    return value * 100 if 0 < value < 1 else float(value)


Certainty = Annotated[
    float,
    BeforeValidator(_certainty),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 100}),
]
"""How sure the model says it is, 0..100; −1 where it said nothing usable."""


class FaultReply(Reply):
    """Something wrong with the play."""

    line: Number = Field(description="[number] of the line")
    what: Line = Field(description="what is wrong with it, in a sentence")


class CritiqueReply(Reply):
    """What is wrong, and what is right."""

    faults: Few[FaultReply] = Field(
        default=(), description="what is wrong, the gravest first", json_schema_extra=_FEW
    )
    well: Lines = Field(default="", description="what is played well, in a sentence or two")


class MarkReply(Reply):
    """One mark."""

    lines: Few[Number] = Field(
        default=(), description="[numbers] of the lines it rests on", json_schema_extra=_FEW
    )
    why: Line = Field(default="", description="why, in a sentence")
    mark: Annotated[
        float,
        BeforeValidator(_number),
        WithJsonSchema({"type": "integer", "minimum": LOW, "maximum": HIGH}),
    ] = Field(default=0.0, description="from 1 to 5")
    sure: Certainty = Field(default=-1.0, description="how sure, from 0 to 100")


def _or_blank(value: object, handler: ModelWrapValidatorHandler[MarkReply]) -> MarkReply:
    """Read a mark; one that cannot be read is blank, and costs the others nothing."""
    try:
        return handler(value)
    except ValidationError:
        return MarkReply()


_Mark = Annotated[MarkReply, WrapValidator(_or_blank)]
_BLANK = MarkReply()


class ScoreReply(Reply):
    """The seven marks."""

    knowledge_accuracy: _Mark = Field(default=_BLANK, description="knows and says what is right")
    behavioural_accuracy: _Mark = Field(default=_BLANK, description="own habits, own way of talking")
    emotional_expression: _Mark = Field(default=_BLANK, description="feeling, with cause and shades")
    personality_traits: _Mark = Field(default=_BLANK, description="choices come from traits and values")
    immersion: _Mark = Field(default=_BLANK, description="remains this person in this world")
    adaptability: _Mark = Field(default=_BLANK, description="meets what is new, as the same person")
    behavioural_coherence: _Mark = Field(default=_BLANK, description="acts follow from what went before")


DIMENSIONS = tuple(ScoreReply.model_fields)
"""The seven published dimensions, in their order."""
