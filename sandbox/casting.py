"""Who plays whom: minds and narrator for a run, from its settings."""

from characters.improv import ImprovMind
from characters.minds import Mind
from sandbox.loop import Stage
from sandbox.narrator import ImprovNarrator, Narrator
from worlds.errors import UsageError
from worlds.trajectory import Trajectory

__all__ = ["stage_for"]


def stage_for(log: Trajectory) -> Stage:
    """Give the stage for a log: a mind for each of its cast, as its settings say."""
    settings = log.state.settings
    minds = {who: _mind(settings.minds.get(who, "improv")) for who in log.state.cast}
    return Stage({who: mind for who, mind in minds.items() if mind is not None}, _narrator(settings.narrator))


def _mind(spec: str) -> Mind | None:
    if spec == "improv":
        return ImprovMind()
    if spec == "person":
        return None
    message = f"there is no mind {spec!r}; choose improv or person"
    raise UsageError(message)


def _narrator(spec: str) -> Narrator:
    if spec == "improv":
        return ImprovNarrator()
    message = f"there is no narrator {spec!r}; choose improv"
    raise UsageError(message)
