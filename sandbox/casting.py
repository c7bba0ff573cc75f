"""Who plays whom: minds and narrator for a run, from its settings."""

from collections.abc import Callable
from functools import cache

from characters.calls import Calls, Memo
from characters.embedders import load_embedder
from characters.improv import ImprovMind
from characters.memory import Memory
from characters.minds import Mind
from characters.model_mind import ModelMind
from characters.models import Model, connect, usable
from sandbox.company import Recall
from sandbox.loop import Stage
from sandbox.model_narrator import ModelNarrator
from sandbox.narrator import ImprovNarrator, Narrator
from worlds.errors import UsageError
from worlds.spec import Settings
from worlds.trajectory import Trajectory

__all__ = ["check_minds", "embedder_for", "models_of", "stage_for"]

_BUILT_IN = frozenset({"improv", "person"})


def models_of(settings: Settings) -> tuple[str, ...]:
    """Give the models that these settings need."""
    return tuple(sorted({*settings.minds.values(), settings.narrator} - _BUILT_IN))


def check_minds(settings: Settings, *, on_record: bool = False) -> None:
    """Raise `UsageError` if a model that is asked for cannot be used here; nothing is sent to find out.

    Of models whose replies are `on_record` only the templates are looked at.
    """
    for spec in models_of(settings):
        wrong = usable(spec, on_record=on_record)
        if wrong:
            raise UsageError(wrong)


def embedder_for(wanted: str, settings: Settings) -> str:
    """Give the id of the embedder to remember with; empty for no memory. Models remember unless told not to."""
    if wanted == "none" or (not wanted and not models_of(settings)):
        return ""
    return load_embedder(wanted).id


def stage_for(
    log: Trajectory,
    calls: Calls | None = None,
    *,
    run: str = "run",
    chroma: str = "",
    connect: Callable[[str], Model] = connect,
) -> Stage:
    """Give the stage for a log: a mind for each of its cast, as its settings say, and a memory if they name one.

    Calls to models are looked up in `calls` first, and kept there. `run` names the memory's collection; `chroma` is
    the address of a Chroma server, if memory is not to live in this process; `connect` connects a model by its spec.
    """
    settings, kept = log.state.settings, Memo() if calls is None else calls
    connected = cache(connect)

    def mind(spec: str) -> Mind | None:
        if spec == "person":
            return None
        return ImprovMind() if spec == "improv" else ModelMind(connected(spec), kept)

    minds = {who: mind(settings.minds.get(who, "improv")) for who in log.state.cast}
    return Stage(
        {who: mind for who, mind in minds.items() if mind is not None},
        _narrator(settings.narrator, connected, kept),
        _memory(settings.embedder, run, chroma),
    )


def _narrator(spec: str, connected: Callable[[str], Model], kept: Calls) -> Narrator:
    return ImprovNarrator() if spec == "improv" else ModelNarrator(connected(spec), kept)


def _memory(embedder: str, run: str, chroma: str) -> Recall | None:
    if not embedder:
        return None
    return Memory(run, load_embedder(embedder), server=chroma).for_view
