"""What the verbs that play have in common: their options, and how those are read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worlds.errors import UsageError

if TYPE_CHECKING:
    from worlds.spec import Character, Order, World

__all__ = [
    "ORDERS",
    "Chroma",
    "Json",
    "MaxCost",
    "MaxSeconds",
    "MaxTokens",
    "Model",
    "Narrator",
    "Out",
    "Quiet",
    "Remember",
    "Seed",
    "TurnOrder",
    "Turns",
    "minds_of",
    "order_named",
]

ORDERS: "tuple[Order, ...]" = ("list", "natural", "pooled", "initiative", "director", "together")

Out = Annotated[
    Path | None, typer.Option(help="Folder of the new run; a free name under runs/ if not given.")
]
Turns = Annotated[
    int | None, typer.Option(min=1, help="How many character turns to play.", envvar="SANDBOX_TURNS")
]
Seed = Annotated[int, typer.Option(help="Decides everything that is left to chance.", envvar="SANDBOX_SEED")]
TurnOrder = Annotated[
    str | None, typer.Option(help=f"Turn order: {', '.join(ORDERS)}.", envvar="SANDBOX_ORDER")
]
Model = Annotated[
    str, typer.Option(help="What plays the characters: improv, or a model.", envvar="SANDBOX_MODEL")
]
Narrator = Annotated[
    str, typer.Option(help="What narrates; as the characters if empty.", envvar="SANDBOX_NARRATOR")
]
Remember = Annotated[
    str,
    typer.Option(
        help="Embedder to remember with, or none; hashing if a model plays.", envvar="SANDBOX_MEMORY"
    ),
]
MaxTokens = Annotated[int | None, typer.Option(min=1, help="Stop when this many tokens are spent.")]
MaxCost = Annotated[float | None, typer.Option(min=0, help="Stop when this many US dollars are spent.")]
MaxSeconds = Annotated[float | None, typer.Option(min=0, help="Stop after so many seconds.")]
Chroma = Annotated[
    str,
    typer.Option(
        help="Address of a Chroma server to remember with, instead of in this process.",
        envvar="SANDBOX_CHROMA",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not print the story.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document about the run instead of the story.")
]


def minds_of(
    world: "World", people: "Sequence[Character]", model: str, one_by_one: list[str]
) -> dict[str, str]:
    """Say what plays whom: the flag for one comes first, then the world file, the card, the flag for all."""
    from sandbox.minds import minds_for

    ids = [person.id for person in people]
    wrong = [part for part in one_by_one if part.partition("=")[0] not in ids or "=" not in part]
    if wrong:
        raise UsageError(f"--mind {wrong[0]!r} names nobody in the cast; write `--mind {ids[0]}=SPEC`")
    given = dict(part.split("=", 1) for part in one_by_one)
    return minds_for(world, people, given, model, said="--mind {who}={mind}")


def order_named(word: str | None) -> "Order | None":
    """Give the turn order of this name; `UsageError` if there is none."""
    if word is None:
        return None
    for order in ORDERS:
        if order == word:
            return order
    message = f"there is no turn order {word!r}; choose one of {', '.join(ORDERS)}"
    raise UsageError(message)
