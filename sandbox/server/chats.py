"""Chats: which session a history belongs to, and what is new in it.

A client sends its whole history with every request; the log has it already. The history is held against the messages
of the sessions it may belong to, and only what is new is acted:

    it ends as the session ends      the new line is said, and answered
    it is an earlier request again   the answer that was given is given again; nothing is acted
    it leaves the session somewhere  the run is forked there, and what the client has instead is put in its place
    nothing is known of it           a new session begins, with the client's history put in

A session is named by the client (header `X-Session`, `metadata.session`, or `user`), or else found by how the
history begins.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sandbox.runs import EVENTS, read_run
from sandbox.server.hearing import hear
from sandbox.server.keeper import Keeper
from sandbox.server.session import Session
from sandbox.server.shapes import NAME
from sandbox.server.transcript import Line, Message, Transcript, agrees, joined, plain
from sandbox.server.visits import VISITOR, Stageful, visited
from worlds.actions import Moved, Say
from worlds.errors import InputError
from worlds.events import Acted
from worlds.trajectory import Trajectory

__all__ = ["Answer", "Ask", "Chats"]

_MOST = 24
"""Sessions a history is held against, the latest first."""
_REMEMBERED = 20_000
_BACK = 60
"""Events back that a pronoun can reach."""


class Ask(NamedTuple):
    """A request for the next message."""

    world: str
    who: str
    lines: tuple[Line, ...]
    """The history, its last line the visitor's."""
    mind: str
    seed: int | None = None
    session: str = ""
    """As the client names it; empty if it does not."""


class Answer(NamedTuple):
    """The next message."""

    session: str
    text: str


class _Fit(NamedTuple):
    """How a history lies on the messages of a session."""

    agreed: int
    """Messages both have, from the beginning."""
    ends: bool
    """Whether the session ends as the history does."""
    again: str
    """The answer there was, if all of it was asked before."""


class Chats:
    """The chats of one server."""

    def __init__(self, keeper: Keeper, stages: dict[str, Stageful]) -> None:
        """Hold chats with the people of these worlds."""
        self.keeper = keeper
        self.stages = stages
        self._heads: OrderedDict[bytes, str] = OrderedDict()
        """What a history is, to the session that ends with it."""
        self._read: WeakKeyDictionary[Session, Transcript] = WeakKeyDictionary()

    async def reply(self, ask: Ask) -> Answer:
        """Give the character's next message. Errors are those of `Keeper.using` and `Session.turn`."""
        lines = joined(ask.lines)
        stem = self._stem(ask, lines)
        async with self.keeper.using(self._place(ask, stem, lines)) as session:
            messages = self._messages(session)
            fit = _fit(messages, lines, named=bool(ask.session))
            fresh = ask.seed in (None, session.log.state.settings.seed)
            if fit.again and fresh:
                return Answer(session.name, fit.again)
            if (fit.ends and not fit.again) or not messages:
                return await self._answer(session, ask, lines, len(lines) - 1 if fit.ends else 0)
            kept = len(lines) - 1 if fit.again else fit.agreed
            made = self.keeper.make(stem, _left(session, messages, kept, ask))
        async with self.keeper.using(made.name) as session:
            return await self._answer(session, ask, lines, kept)

    def _place(self, ask: Ask, stem: str, lines: Sequence[Line]) -> str:
        """Name the session this history fits best; a new one if it fits none."""
        if ask.session or len(lines) > 1:
            known = self._heads.get(_digest(ask, lines[:-1]))
            if known and not ask.session and self.keeper.exists(known):
                return known
            fits = [
                (_fit(messages, lines, named=bool(ask.session)), name)
                for name, messages in self._candidates(ask, stem)
            ]
            best = max(fits, key=lambda fit: (bool(fit[0].again), fit[0].ends, fit[0].agreed), default=None)
            if best and (best[0].again or best[0].ends or best[0].agreed):
                return best[1]
        seed = 1 if ask.seed is None else ask.seed
        return self.keeper.make(stem, visited(self.stages[ask.world], ask.who, ask.mind, seed)).name

    def _candidates(self, ask: Ask, stem: str) -> list[tuple[str, Sequence[Message]]]:
        """Read the sessions that begin alike, the latest first."""
        pattern = re.compile(rf"{re.escape(stem)}(-\d+)?")
        names = [path.name for path in self.keeper.folder.glob(f"{stem}*") if pattern.fullmatch(path.name)]
        names.sort(key=lambda name: -int(name[len(stem) + 1 :] or 1))
        found = []
        for name in names[:_MOST]:
            session = self.keeper.opened(name)
            log = session.log if session else self._stored(name)
            if len(log) and VISITOR in log.state.cast and ask.who in log.state.cast:
                found.append((name, self._messages(session) if session else Transcript().catch_up(log)))
        return found

    def _stored(self, name: str) -> Trajectory:
        path = self.keeper.folder / name
        try:
            return read_run(path).log if (path / EVENTS).is_file() else Trajectory()
        except InputError:
            return Trajectory()  # damaged: not to be gone on with, and not ours to mend

    def _messages(self, session: Session) -> Sequence[Message]:
        return self._read.setdefault(session, Transcript()).catch_up(session.log)

    async def _answer(self, session: Session, ask: Ask, lines: Sequence[Line], kept: int) -> Answer:
        """Put in what is new of the history, say the last line, and give what comes back."""
        for line in lines[kept:-1]:
            await _put(session, ask.who, line)
            await asyncio.sleep(0)  # a long history is put in while others go on
        messages = self._messages(session)
        if not (messages and messages[-1].role == "user" and agrees(messages[-1], lines[-1])):
            await _put(session, ask.who, lines[-1])
        await session.turn(ask.who)
        text = self._messages(session)[-1].text
        self._remember(_digest(ask, [*lines, Line("assistant", text)]), session.name)
        return Answer(session.name, text)

    def _remember(self, key: bytes, name: str) -> None:
        self._heads[key] = name
        if len(self._heads) > _REMEMBERED:
            self._heads.popitem(last=False)

    def _stem(self, ask: Ask, lines: Sequence[Line]) -> str:
        """Name the runs of a conversation: as the client calls it, or else by how it begins."""
        if ask.session and re.fullmatch(NAME, ask.session) and self.keeper.exists(ask.session):
            return ask.session
        whom = f"{_slug(ask.world)}-{_slug(ask.who)}"[:36]
        if ask.session:
            return f"{whom}-{_slug(ask.session)[:14]}-{hashlib.sha256(ask.session.encode()).hexdigest()[:6]}"
        return f"{whom}-{_digest(ask, lines[:1]).hex()[:10]}"


def _fit(messages: Sequence[Message], lines: Sequence[Line], *, named: bool) -> _Fit:
    """Hold a request against the messages of a session.

    A history that has lost its beginning fits a session that the client has named.
    """
    history = lines[:-1]
    agreed = 0
    while agreed < min(len(history), len(messages)) and agrees(messages[agreed], history[agreed]):
        agreed += 1
    if (
        agreed == len(history)
        and len(messages) >= len(lines) + 1
        and agrees(messages[agreed], lines[-1])
        and (history or not named)
    ):
        return _Fit(agreed, ends=len(messages) == len(lines) + 1, again=messages[agreed + 1].text)
    waiting = len(messages) and messages[-1].role == "user"
    known = lines if waiting else history
    offset = len(messages) - len(known)
    ends = offset == 0 or (named and offset > 0)
    ends = ends and all(agrees(message, line) for message, line in zip(messages[offset:], known, strict=True))
    return _Fit(agreed, ends=ends, again="")


def _left(session: Session, messages: Sequence[Message], kept: int, ask: Ask) -> Trajectory:
    """Give the log that leaves a session after its first messages."""
    log = session.log
    old = log.state.settings
    settings = old if ask.seed is None else old.model_copy(update={"seed": ask.seed})
    length = messages[kept].began if kept < len(messages) else len(log)
    return log.upto(max(length, 2)).fork(session.name, settings)


async def _put(session: Session, who: str, line: Line) -> None:
    """Let a line of a history happen: the visitor's is read and said, the character's is taken as given."""
    if line.role == "assistant":
        await session.put_words(who, Say(text=line.text, to=(VISITOR,)))
        return
    state = session.log.state
    if state.where[VISITOR] != state.where[who]:
        await session.happen("", state.where[who], (Moved(who=VISITOR, to=state.where[who]),))
    await session.act(VISITOR, hear(session.log.state, VISITOR, who, line.text, _spoken_of(session.log)))


def _spoken_of(log: Trajectory) -> tuple[str, ...]:
    """Give the ids spoken of lately, the latest first."""
    found: list[str] = []
    for event in reversed(log.since(max(-1, log.seq - _BACK))):
        if isinstance(event.body, Acted) and isinstance(event.body.action, Say):
            said = event.body.action
            found += [claim.subject for claim in said.claims]
            found += re.findall(r"\w+", said.topic)[:2]
    return tuple(id_ for id_ in dict.fromkeys(found) if id_ in log.state.plan.names)


def _digest(ask: Ask, lines: Sequence[Line]) -> bytes:
    told = "\0".join(f"{line.role}\1{plain(line.text)}" for line in lines)
    return hashlib.sha256(f"{ask.world}\0{ask.who}\0{told}".encode()).digest()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-") or "x"
