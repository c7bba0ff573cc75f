"""Which mind plays whom, out of what files and flags say."""

from collections.abc import Iterable, Mapping

from characters.models.specs import read_spec
from worlds.errors import UsageError
from worlds.spec import Character, World

__all__ = ["minds_for"]


def minds_for(
    world: World, people: Iterable[Character], given: Mapping[str, str], everybody: str, *, said: str
) -> dict[str, str]:
    """Say what plays whom, where it is not improv: what is given for one, else world file, else card, else for all.

    `UsageError` if a file names a server, or a folder of templates, and nobody else does: the file may be a
    stranger's, and the story and a key would be sent there, or what is in the folder to a model. `said` shows how a
    mind is given, with `{who}` and `{mind}`.
    """
    minds: dict[str, str] = {}
    for person in people:
        who, entrance = person.id, world.cast.get(person.id)
        written = (entrance.mind if entrance else "") or person.mind
        if who not in given and ("://" in written or _brings(written)):
            one, other = said.format(who=who, mind=written), said.format(who=who, mind="improv")
            raise UsageError(
                f"a file lets {written} play {who}; an address or a folder of prompts is used only if you give it: "
                f"`{one}`, or `{other}`"
            )
        minds[who] = given.get(who) or written or everybody
    return {who: spec for who, spec in minds.items() if spec != "improv"}


def _brings(spec: str) -> bool:
    """Say whether a spec names a folder of templates, however it is spelt."""
    return "?" in spec and any(read_spec(part.strip()).options.prompts for part in spec.split(","))
