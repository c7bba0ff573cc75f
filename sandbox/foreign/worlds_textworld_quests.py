"""The quests of a TextWorld game: the last one is how the story ends, all of them are what its player wants."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from characters.profile import Goal
from sandbox.foreign.worlds import Ids
from sandbox.foreign.worlds_textworld_shapes import HANDS, PLAYER, Quest, Truth
from worlds.spec import Ending

__all__ = ["Quests", "quests_of"]


class Quests(NamedTuple):
    """What quests come to."""

    endings: tuple[Ending, ...]
    goals: tuple[Goal, ...]
    notes: tuple[str, ...]


def quests_of(quests: Sequence[Quest], ids: Ids, name: Callable[[str], str]) -> Quests:
    """Give endings and wants; `name` says how something of theirs is called."""
    asked = [quest for quest in quests if not quest.optional and quest.win_events]
    if not asked:
        return Quests((), (), ("no quest is in it; it plays until its turns are over",))
    notes = []
    when = tuple(c for truth in asked[-1].win_events[-1].truths for c in _condition(ids, truth))
    endings = [Ending(id="won", text="It is done, all that was asked for.", when=when)] if when else []
    if not when:
        notes.append("what the last quest asks for has no counterpart; nothing ends it early")
    for event in (event for quest in asked for event in quest.fail_events):
        lost = tuple(c for truth in event.truths for c in _condition(ids, truth))
        if lost:
            text = "That cannot be undone. It is lost."
            endings.append(Ending(id=f"lost_{len(endings)}", text=text, when=lost))
    return Quests(tuple(endings), tuple(_goals(asked, ids, name)), tuple(notes))


def _goals(quests: Sequence[Quest], ids: Ids, name: Callable[[str], str]) -> Iterator[Goal]:
    seen: set[str] = set()
    for number, quest in enumerate(quests, 1):
        weight = 0.5 + 0.5 * number / len(quests)
        for truth in quest.win_events[-1].truths:
            want, text = _want(ids, truth, [name(key) for key in truth.about])
            if want and want not in seen:
                seen.add(want)
                yield Goal(id=f"task_{number}", want=want, text=text, weight=weight)


def _condition(ids: Ids, truth: Truth) -> Iterator[str]:
    """Put a fact in our language of conditions."""
    known = [ids[key] for key in truth.about if key in ids]
    match truth.name:
        case "open" | "closed" if known:
            yield f"{known[0]}.open is {str(truth.name == 'open').lower()}"
        case "locked" if known:
            yield f"{known[0]}.locked is true"
        case "in" if truth.about[1:] == (HANDS,) and known:
            yield f"{known[0]}.holder is {ids[PLAYER]}"
        case "in" | "on" if len(known) == 2:
            yield f"{known[0]}.holder is {known[1]}"
        case "at" if len(known) == 2:
            yield f"{known[0]}.at is {known[1]}"
        case "eaten" if known:
            yield f'{known[0]}.holder is ""'


def _want(ids: Ids, truth: Truth, names: Sequence[str]) -> tuple[str, str]:
    """Put a fact in our language of wants, and in words; empty if there is none for it."""
    known = [ids[key] for key in truth.about if key in ids]
    match truth.name:
        case "open" if known:
            return f"make {known[0]}.open true", f"get the {names[0]} open"
        case "in" if truth.about[1:] == (HANDS,) and known:
            return f"have {known[0]}", f"get hold of the {names[0]}"
        case "in" | "on" if len(known) == 2:
            return f"have {known[0]}", f"put the {names[0]} where the {names[1]} is"
        case "at" if truth.about[:1] == (PLAYER,) and len(known) == 2:
            return f"at {known[1]}", f"get to the {names[1]}"
        case _:
            return "", ""
