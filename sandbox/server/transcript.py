"""A visit as the messages of a chat: what the visitor typed, and what came back.

Messages are worked out of the log. So what a client sends along as history can be held against what happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sandbox.server.visits import VISITOR
from sandbox.story import Teller, clean
from worlds.actions import Action, Do, Say
from worlds.events import Acted, Cued, Event, TurnEnded
from worlds.trajectory import Trajectory

__all__ = ["Line", "Message", "Transcript", "agrees", "joined", "plain"]

_TOLD = ("deed", "beat", "end")
_HOW = {"aloud": "", "aside": "*aside* ", "whisper": "*whispering* ", "shout": "*shouting* "}


class Line(NamedTuple):
    """A message as a client has it."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(slots=True)
class Message:
    """A message as the log has it."""

    role: Literal["user", "assistant"]
    began: int
    """How many events there were before it."""
    texts: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it: words, and deeds between asterisks."""
        return "\n\n".join(self.texts)


@dataclass(slots=True)
class Transcript:
    """The messages of a visit so far; catches up with a log that grows."""

    messages: list[Message] = field(default_factory=list)
    _teller: Teller = field(default_factory=lambda: Teller(VISITOR))
    _seq: int = -1
    _turn: int = 0
    _answered: bool = True
    """Whether the latest message is finished: what happens then belongs to the next."""
    _asides: list[str] = field(default_factory=list)

    def catch_up(self, log: Trajectory) -> Sequence[Message]:
        """Read the events that are new; give all messages."""
        for event in log.since(self._seq):
            self._read(event)
            self._seq = event.seq
        return self.messages

    def _read(self, event: Event) -> None:
        told = [f"*{line.text}*" for line in self._teller.tell((event,)) if line.kind in _TOLD and line.text]
        body = event.body
        match body:
            case Cued():
                self._turn = event.seq
                if not self._answered and self.messages[-1].role == "assistant":
                    self.messages[
                        -1
                    ].began = event.seq  # it holds what came of the visitor's deed; words follow
            case Acted(action=Say() | Do()) if event.by == VISITOR:
                self._answered = False
                self._message("user").texts.append(_typed(body.action))
            case Acted(action=Say() as said) if VISITOR in event.witnesses:
                message = self._message("assistant")
                message.texts.append(f"{_HOW[said.manner]}{clean(said.text)}")
                message.spoken.append(said.text)
            case TurnEnded():
                self._end_turn()
            case _ if self._answered:
                self._asides += told
            case _ if told:
                self._message("assistant").texts += told

    def _end_turn(self) -> None:
        """After the turn of who was spoken to, the message is finished; silence is an answer too."""
        cued = self._teller.state.cued if self._teller.state else ()
        if VISITOR in cued or not self.messages:
            return
        if self.messages[-1].role == "user":
            self._message("assistant").texts.append("*Nothing is said.*")
        self._answered = True

    def _message(self, role: Literal["user", "assistant"]) -> Message:
        if not self.messages or self.messages[-1].role != role:
            self.messages.append(Message(role, self._turn))
            if role == "assistant":
                self.messages[-1].texts, self._asides = self._asides, []
        return self.messages[-1]


def _typed(action: Action) -> str:
    return f"*{action.text}*" if isinstance(action, Do) else action.text if isinstance(action, Say) else ""


def joined(lines: Sequence[Line]) -> list[Line]:
    """Put together what follows one another from the same side."""
    found: list[Line] = []
    for line in lines:
        if found and found[-1].role == line.role:
            found[-1] = Line(line.role, f"{found[-1].text}\n{line.text}")
        else:
            found.append(line)
    return found


def agrees(message: Message, line: Line) -> bool:
    """Whether a client's message is the one that happened; a reply may have been cut short, or be its words alone."""
    told = plain(line.text)
    if message.role != line.role:
        return False
    if message.role == "user":
        return told == plain(message.text)
    words = (plain(message.text), plain("\n\n".join(message.spoken)))
    return any(told == known or (len(told) > 20 and known.startswith(told)) for known in words)


def plain(text: str) -> str:
    """Take out what clients change on the way: space, marks of emphasis, and what is lost in cleaning."""
    return " ".join(clean(text).replace("*", " ").split())
