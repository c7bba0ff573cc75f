"""A card read by a language model: the same profile as the rules make, better where they only guess.

The model fills in one form. What it leaves empty stays as the rules read it, and what it fills in is told. The card's
text reaches it as data, between marks, and cut to a sensible length.
"""

from pydantic import Field

from characters.asking import Failure, Question, ask
from characters.calls import Calls
from characters.cards.adjectives import temper
from characters.cards.importing import Imported
from characters.cards.repairs import Repairs
from characters.cards.wording import BRACES, cut, few, samples_of
from characters.models import Model
from characters.profile import BigFive, Card
from characters.prompting import fill, template
from characters.replies import UnfitError, tidy
from characters.shapes import Few, Id, Line, Lines, Reply, Text
from worlds.actions import Claim
from worlds.people import Secret

__all__ = ["PortraitReply", "refine"]

_LONGEST = 12_000
"""Characters of a card that are shown to a model."""
_FIELDS = ("description", "personality", "scenario", "first_mes", "mes_example")


class PortraitReply(Reply):
    """A profile."""

    identity: Line = Field(description="who they are in one line: name, age, trade, where from")
    summary: Text = Field(
        description="who they are in three to six sentences, third person",
        json_schema_extra={"maxLength": 1200},
    )
    traits: Few[Id] = Field(default=(), description="adjectives for their character, up to eight")
    values: Few[Line] = Field(default=(), description="what they care about, each a few words")
    manner: Lines = Field(default="", description="how they talk, one sentence")
    habits: Few[Line] = Field(default=(), description="habits of speech, each a few words")
    taboos: Few[Line] = Field(default=(), description="what they never do or say, each as: never …")
    knows: Few[Line] = Field(default=(), description="what they know well")
    ignores: Few[Line] = Field(default=(), description="what they cannot know")
    secrets: Few[Line] = Field(
        default=(), description="what others do not know of them, each a full sentence"
    )
    samples: Few[Line] = Field(default=(), description="lines of theirs from the card, word for word")


async def refine(model: Model, read: Imported, calls: Calls) -> Imported:
    """Let a model improve on what the rules read. Errors are those of `ask`; no usable reply changes nothing."""
    repairs = Repairs(read.repairs)
    text = "\n\n".join(f"<{name}>\n{read.fields.text[name]}\n</{name}>" for name in _FIELDS)
    question = Question(
        at=f"portrait:{read.card.id}",
        system=fill(template("portrait"), {"name": read.card.name}),
        user=f"The card of {read.card.name}:\n\n{text[:_LONGEST]}",
        shape=PortraitReply,
        accept=_fit,
    )
    reply = await ask(model, question, calls)
    if isinstance(reply, Failure):
        repairs.add("model.failed", "the profile", reply.error)
        return read._replace(repairs=tuple(repairs))
    return read._replace(card=_with(read, reply, repairs), repairs=tuple(repairs))


def _fit(reply: PortraitReply) -> PortraitReply:
    if len(reply.summary.split()) < 5:
        raise UnfitError("`summary` says nothing; write three to six sentences")
    return reply


def _with(read: Imported, reply: PortraitReply, repairs: Repairs) -> Card:
    """Put what the model says into the profile, and tell what it said."""
    core, texts = read.card.core, read.fields.text
    mood = temper(reply.traits, ())
    given = "\n".join(texts[name] for name in _FIELDS).replace("*", "")
    heard = [line for line in reply.samples if line.strip(' "“”') in given]
    voice = core.voice.model_copy(
        update=_said(
            manner=tidy(reply.manner, 240),
            habits=few(reply.habits),
            samples=samples_of(
                (*(line.translate(BRACES).strip(' "“”') for line in heard), *core.voice.samples)
            ),
            **mood.levels,
        )
    )
    fresh = _said(
        identity=cut(tidy(reply.identity, 400), 160),
        summary=cut(tidy(reply.summary, 4_000), 1_400),
        traits=mood.traits,
        big_five=core.big_five.model_copy(update=mood.factors) if mood.factors else BigFive(),
        values=few(reply.values),
        taboos=few(reply.taboos),
        knows=few(reply.knows),
        ignores=few(reply.ignores),
    )
    fresh = {name: value for name, value in fresh.items() if value != BigFive()}
    for name, value in fresh.items():
        repairs.add("model.used", f"core.{name}", value if isinstance(value, str) else "")
    secrets = tuple(_secrets(read.card.id, few(reply.secrets))) or read.card.secrets
    return read.card.model_copy(
        update={"core": core.model_copy(update={**fresh, "voice": voice}), "secrets": secrets}
    )


def _said(**fields: object) -> dict[str, object]:
    """Leave out what was left empty."""
    return {name: value for name, value in fields.items() if value}


def _secrets(id_: str, texts: tuple[str, ...]) -> list[Secret]:
    names = ["secret", *(f"secret_{number}" for number in range(2, len(texts) + 1))]
    return [
        Secret(id=f"{id_}_{name}", text=text, claim=Claim(id_, name, text.rstrip(".")), known_by=(id_,))
        for name, text in zip(names, texts, strict=False)
    ]
