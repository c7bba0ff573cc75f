"""Runs made into a play: cut into nodes, put into one tree, with what each line needs and makes known."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sandbox.games.story import Bark, Line, Node, Play, flat
from sandbox.story import Teller
from worlds.actions import Say
from worlds.events import Acted, Event, Forked
from worlds.fold import apply
from worlds.state import State
from worlds.trajectory import Trajectory

if TYPE_CHECKING:
    from sandbox.exports.source import Options, Played

__all__ = ["play_of"]

_LONG = 14
"""Lines of a node at most."""


def play_of(runs: "Sequence[Played]", options: "Options") -> Play:
    """Make one play of these runs."""
    parts = {
        seq for run in runs for event in run.log if isinstance(event.body, Forked) for seq in (event.seq,)
    }
    builder = _Builder(frozenset(parts))
    for run in runs:
        builder.add(run.log)
    names = {who: name for who, name in builder.names.items() if not options.who or who in options.who}
    nodes = {id_: Node(id_, lines, tuple(builder.next[id_])) for id_, lines in builder.nodes.items()}
    barks = tuple(bark for bark in builder.barks.values() if bark.who in names)
    used = {flag for node in nodes.values() for line in node.lines for flag in (*line.needs, *line.sets)}
    flags = {flag: value for flag, value in builder.flags.items() if flag in used}
    return Play(
        flat(runs[0].log.state.world.title),
        flags,
        tuple(builder.next[""]),
        nodes,
        barks,
        names,
        builder.topics,
    )


class _Builder:
    """Grows the nodes of several runs into one tree."""

    def __init__(self, parts: frozenset[int]) -> None:
        self.parts = parts
        self.nodes: dict[str, tuple[Line, ...]] = {}
        self.next: dict[str, list[str]] = defaultdict(list)
        self.flags: dict[str, bool] = {}
        self.barks: dict[tuple[str, str], Bark] = {}
        self._keys: set[str] = set()
        self.names: dict[str, str] = {}
        self.topics: dict[str, str] = {}

    def add(self, log: Trajectory) -> None:
        """Add a run."""
        started = log.upto(1).state
        self.names |= {who: flat(person.name) for who, person in started.cast.items()}
        for secret, knowers in started.knows.items():
            for who in started.cast:
                self.flags.setdefault(_flag(secret, who), who in knowers)
        at, above = "", ""
        lines: list[Line] = []
        for place, line, cut in _told(log, self):
            if lines and (cut or place != at or len(lines) >= _LONG):
                above, lines = self._node(above, at, lines), []
            at = place
            lines.append(line)
        if lines:
            self._node(above, at, lines)

    def keep(self, bark: Bark) -> None:
        """Keep a line as one that can be said again; one that is said twice weighs twice."""
        line = bark.line
        old = self.barks.get((bark.who, line.text))
        if old is None:
            key = f"bark_{bark.who}_{bark.source}"
            if key in self._keys:
                key = f"{key}_{len(self.barks)}"  # said at the same place of another fork
            self._keys.add(key)
            self.barks[bark.who, line.text] = bark._replace(line=line._replace(key=key))
        elif old.source != bark.source:  # not the same event, in a fork
            self.barks[bark.who, line.text] = old._replace(weight=old.weight + 1)

    def _node(self, above: str, place: str, lines: list[Line]) -> str:
        """Put a node below another, unless it is there already; give its id."""
        found = tuple(lines)
        said = [(line.who, line.text) for line in found]
        for id_ in self.next[above]:
            if [(line.who, line.text) for line in self.nodes[id_]] == said:
                return id_
        stem = f"{_word(place) or 'scene'}_{found[0].key.rpartition('_')[2]}"
        id_ = stem
        while id_ in self.nodes:
            id_ = f"{stem}_{len(self.nodes)}"
        # A line's key is its node's and its place in it: unique, whatever is shared.
        self.nodes[id_] = tuple(line._replace(key=f"{id_}_{number}") for number, line in enumerate(found))
        self.next[above].append(id_)
        return id_


def _told(log: Trajectory, builder: _Builder) -> Iterator[tuple[str, Line, bool]]:
    """Give the lines of a run, each with its place and whether a node has to begin with it."""
    teller, place, cut = Teller(), "", False
    before: State | None = None
    for event in log:
        state = apply(before, event)
        cut = cut or event.seq in builder.parts
        sets = _learned(before, state)
        for told in teller.tell((event,)):
            if told.kind not in ("speech", "deed", "beat", "frame", "end") or not flat(told.text):
                continue
            place = state.where.get(event.by, place)
            line = Line("", "Narrator", flat(told.text), f"_{event.seq}")
            if told.kind == "speech" and isinstance(event.body, Acted) and isinstance(event.body.action, Say):
                said = event.body.action
                line = _speech(state, event, said)._replace(emotion=flat(event.body.feeling))
                topic = _topic(builder, state, said)
                builder.keep(Bark(event.by, line.intent or "tell", topic, line, source=event.seq))
            yield place, line._replace(sets=sets), cut
            cut, sets = False, ()
        before = state


def _speech(state: State, event: Event, said: Say) -> Line:
    """Give what somebody says; who tells a secret has to know it."""
    needs = tuple(
        _flag(secret.id, event.by)
        for secret in state.plan.secrets
        if secret.claim in said.claims and event.by in state.knows[secret.id]
    )
    name = flat(state.cast[event.by].name)
    return Line(event.by, name, flat(said.text), f"_{event.seq}", intent=said.intent or "", needs=needs)


def _topic(builder: _Builder, state: State, said: Say) -> str:
    """Give the topic of a line as a word for flags and nodes; how it is called is kept."""
    ids = [claim.subject for claim in said.claims] + re.findall(r"\w+", said.topic)
    for id_ in ids:
        if id_ in state.plan.names:
            builder.topics[_word(id_)] = flat(state.plan.names[id_])
            return _word(id_)
    if said.topic in state.world.topics:
        word = _word(said.topic)[:40]
        builder.topics[word] = flat(said.topic)
        return word
    return ""


def _learned(before: State | None, state: State) -> tuple[str, ...]:
    if before is None or before.knows is state.knows:
        return ()
    return tuple(
        _flag(secret, who)
        for secret, knowers in state.knows.items()
        for who in sorted(knowers - before.knows.get(secret, frozenset()))
    )


def _flag(secret: str, who: str) -> str:
    return f"known_{_word(secret)}_{_word(who)}"


def _word(text: str) -> str:
    """Give a text as an identifier every format takes."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return f"n{word}" if word[:1].isdigit() else word
