"""Who plays whom: minds and narrator for a run, from its settings."""

from collections.abc import Callable
from functools import cache

from characters.calls import Calls, Memo
from characters.improv import ImprovMind
from characters.minds import Mind
from characters.model_mind import ModelMind
from characters.models import Model, connect, usable
from sandbox.loop import Stage
from sandbox.model_narrator import ModelNarrator
from sandbox.narrator import ImprovNarrator, Narrator
from worlds.errors import UsageError
from worlds.spec import Settings
from worlds.trajectory import Trajectory

__all__ = ["check_minds", "models_of", "stage_for"]

_BUILT_IN = frozenset({"improv", "person"})


def models_of(settings: Settings) -> tuple[str, ...]:
    """Give the models that these settings need."""
    return tuple(sorted({*settings.minds.values(), settings.narrator} - _BUILT_IN))


def check_minds(settings: Settings) -> None:
    """Raise `UsageError` if a model that is asked for cannot be used here; nothing is sent to find out."""
    for spec in models_of(settings):
        wrong = usable(spec)
        if wrong:
            raise UsageError(wrong)


def stage_for(log: Trajectory, calls: Calls | None = None) -> Stage:
    """Give the stage for a log: a mind for each of its cast, as its settings say.

    Calls to models are looked up in `calls` first, and kept there.
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
    )


def _narrator(spec: str, connected: Callable[[str], Model], kept: Calls) -> Narrator:
    return ImprovNarrator() if spec == "improv" else ModelNarrator(connected(spec), kept)
