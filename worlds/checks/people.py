"""The cast in this world: what they want, feel and know must be about what is here."""

from collections.abc import Iterator

from worlds.checks.ground import Finding, Ground, Path, dangling
from worlds.checks.slots import bad_level, bad_slot, bad_want
from worlds.spec import Character

__all__ = ["find"]


def find(ground: Ground) -> Iterator[Finding]:
    """Find characters without wants, and wants, slots and secrets about what is not here."""
    for character in ground.cast:
        for finding in _of(ground, character):
            yield finding._replace(of=character.id)


def _of(ground: Ground, character: Character) -> Iterator[Finding]:
    goals = _goals(character)
    if not any(slot.startswith("goal.") for slot in character.slots):
        mend = "add an entry to `core.goals`, with `id`, `want` and `text`"
        yield Finding("warning", ("core", "goals"), f"{character.id} wants nothing", mend)
    for slot, value in character.slots.items():
        path: Path = ("slots", slot)
        if slot.startswith("goal."):
            yield from bad_want(ground, goals.get(slot, path), str(value))
        else:
            yield from bad_slot(ground, path, slot)
            yield from bad_level(path, slot, value)
    for i, secret in enumerate(character.secrets):
        for j, who in enumerate(secret.known_by):
            yield from dangling(("secrets", i, "known_by", j), who, ground.people, "character")
        if character.id not in secret.known_by:
            what = f"{character.id} does not know their own secret `{secret.id}`"
            yield Finding(
                "warning", ("secrets", i, "known_by"), what, f"add {character.id}, or move it to the world"
            )


def _goals(character: Character) -> dict[str, Path]:
    """Say where in the file the want behind each goal slot is written."""
    listed = character.core.get("goals")
    return {
        f"goal.{goal['id']}": ("core", "goals", i, "want")
        for i, goal in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(goal, dict)
        and "id" in goal
        and character.slots.get(f"goal.{goal['id']}") == goal.get("want")
    }
