"""What lore comes to a character's mind: a pure function of the log.

Looked through is only what this character perceived itself; asked first is whether it may know the entry at all. The
order of things is the one people know from SillyTavern: delay, cooldown, constant, sticky, keys, second keys; then
groups, then chance, then again with what was found, and last the budget. Draws are addressed by the character, its
turn and the entry. There is no state: how long an entry stays is worked out from its character's earlier turns.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from characters.cards.macros import expand, hidden_keys
from characters.lore.hearing import Hearing, Moment
from characters.lore.keys import Haystack
from worlds.lore import Lore, Lorebook
from worlds.state import State, hold
from worlds.trajectory import Trajectory
from worlds.view import Known

__all__ = ["lore_for", "may_know"]

_PASSES = 8
"""How often found lore may bring more lore to mind."""
_ALWAYS = 8_000
"""Characters that lore may take in any case."""
_TOKEN = 4
"""Characters of a token, about."""
_PLACES = {"before": 0, "after": 1, "late": 2}


def lore_for(log: Trajectory, who: str) -> tuple[Known, ...]:
    """Give the lore that comes to mind, in the order to tell it.

    While a cued character decides, it is what came to mind at the cue, as `worlds.look` has it.
    """
    state = log.state
    if not state.world.lore.entries and not state.cast[who].lore.entries:
        return ()
    if state.phase == "act" and who in state.cued:
        log = log.upto(state.cued_at + 1)
    mind = Hearing(log, who)
    books = (state.cast[who].lore, state.world.lore)
    kept = [found for book in books for found in _Scan(mind, book).found()]
    kept.sort(key=lambda found: (_PLACES[found.entry.place], found.entry.order))
    told = (Known(found.entry.id, mind.told(found.entry), found.why) for found in kept)
    return tuple(known for known in told if known.text)


def may_know(state: State, who: str, entry: Lore) -> bool:
    """Whether an entry is for this character: by name, by a secret it knows by now, and by its conditions."""
    meant = (name == who or who in state.knows.get(name, ()) for name in entry.known_by)
    return entry.enabled and (not entry.known_by or any(meant)) and hold(state, entry.when, {"actor": who})


class _Found(NamedTuple):
    """An entry that came to mind."""

    entry: Lore
    why: str
    sticky: bool = False


class _Scan:
    """Looks for the entries of one book."""

    def __init__(self, mind: Hearing, book: Lorebook) -> None:
        self.mind, self.book = mind, book
        allowed = (entry for entry in book.entries if may_know(mind.state, mind.who, entry))
        self.candidates = sorted(allowed, key=lambda entry: -entry.order)
        self.active: dict[str, _Found] = {}
        self.refused: set[str] = set()
        self.read: list[str] = []
        """Texts of entries found so far: what the next pass looks through besides."""
        self.stacks: dict[tuple[int, int, int], Haystack] = {}
        self.moments: list[Moment] = []

    def found(self) -> Iterator[_Found]:
        """Give what comes to mind and finds room."""
        for number in range(_PASSES):
            fresh = self._pass(again=number > 0)
            self.active |= {found.entry.id: found for found in fresh}
            texts = [found.entry.text for found in fresh if found.entry.finds_lore]
            if not texts or not self.book.recursive:
                break
            self.read += [" ".join((text, *hidden_keys(text))) for text in texts]
        return self._within()

    def _pass(self, *, again: bool) -> list[_Found]:
        fresh: list[_Found] = []
        for entry in self.candidates:
            if entry.id in self.active or entry.id in self.refused or (entry.only_by_lore and not again):
                continue
            if (found := self._comes(entry)) is not None:
                fresh.append(found)
        chosen = self._of_groups(fresh)
        kept = [found for found in chosen if found.sticky or self._lucky(found.entry, self.mind.now)]
        self.refused |= {found.entry.id for found in fresh} - {found.entry.id for found in kept}
        return kept

    def _comes(self, entry: Lore) -> _Found | None:
        """Whether an entry comes to mind now, and why."""
        now = self.mind.now
        if now.heard < entry.delay or (entry.every and now.own % entry.every):
            return None
        stays, cools = self._timed(entry) if entry.sticky or entry.cooldown else (False, False)
        if stays:
            return _Found(entry, "still on its mind", sticky=True)
        if cools:
            return None
        if entry.constant and not self._has(entry, entry.unless, now):
            return _Found(entry, "always known")
        key = self._match(entry, now, self.read if entry.found_by_lore else ())
        return _Found(entry, f"“{key}”") if key else None

    def _timed(self, entry: Lore) -> tuple[bool, bool]:
        """Whether an entry stays from an earlier turn, and whether it may not come again yet."""
        self.moments = self.moments or list(self.mind.turns())
        stays, cools = -1, -1
        for moment in self.moments[:-1]:
            if (
                moment.heard <= cools
                or moment.heard < entry.delay
                or (entry.every and moment.own % entry.every)
            ):
                continue
            if (entry.constant or self._match(entry, moment, ())) and self._lucky(entry, moment):
                stays = moment.heard + entry.sticky
                cools = stays + entry.cooldown
        now = self.mind.now.heard
        return now <= stays and entry.sticky > 0, now <= cools

    def _match(self, entry: Lore, moment: Moment, read: Sequence[str]) -> str:
        """Give the key that is found; empty if none is, or the second keys do not allow it."""
        key = next((key for key in entry.keys if self._has(entry, (key,), moment, read)), "")
        if not key or self._has(entry, entry.unless, moment, read):
            return ""
        if entry.also:
            hits = [self._has(entry, (other,), moment, read) for other in entry.also]
            allowed = {"any": any(hits), "all": all(hits), "not_any": not any(hits), "not_all": not all(hits)}
            return key if allowed[entry.logic] else ""
        return key

    def _has(self, entry: Lore, keys: tuple[str, ...], moment: Moment, read: Sequence[str] = ()) -> bool:
        if not keys:
            return False
        depth = self.book.depth if entry.depth is None else entry.depth
        address = (moment.heard, depth, len(read))
        stack = self.stacks.get(address)
        if stack is None:
            stack = self.stacks[address] = Haystack([*self.mind.window(moment, depth), *read])
        scope = self.mind.scope
        return any(stack.has(expand(key, scope), case=entry.case, whole=entry.whole) for key in keys)

    def _lucky(self, entry: Lore, moment: Moment) -> bool:
        return entry.chance >= 1 or self.mind.draw(moment, entry.id).random() < entry.chance

    def _of_groups(self, fresh: list[_Found]) -> list[_Found]:
        """Leave of each group one: who stays, else who is chosen, else by a draw; none if one is there already."""
        taken = {found.entry.group for found in self.active.values()}
        groups: dict[str, list[_Found]] = {}
        for found in fresh:
            if found.entry.group and found.entry.group not in taken:
                groups.setdefault(found.entry.group, []).append(found)
        kept = {self._one_of(group, members).entry.id for group, members in groups.items()}
        return [found for found in fresh if not found.entry.group or found.entry.id in kept]

    def _one_of(self, group: str, members: list[_Found]) -> _Found:
        staying = next((found for found in members if found.sticky), None)
        chosen = staying or next((found for found in members if found.entry.chosen), None)
        weights = [found.entry.weight for found in members]
        if chosen or not any(weights):
            return chosen or members[0]
        return self.mind.draw(self.mind.now, f"group:{group}").choices(members, weights)[0]

    def _within(self) -> Iterator[_Found]:
        """Give what the budget has room for, who has least priority left out first."""
        left = min(self.book.budget * _TOKEN or _ALWAYS, _ALWAYS)
        for found in sorted(self.active.values(), key=_rank):
            left -= len(found.entry.text)
            if left < 0:
                return
            yield found


def _rank(found: _Found) -> int:
    entry = found.entry
    return -(entry.order if entry.priority is None else entry.priority)
