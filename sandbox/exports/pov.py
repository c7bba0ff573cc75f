"""One character's part in a run as a conversation: what it perceived, and what it did.

Everything here comes from `look` and from the percepts the log keeps for the character, so that what it did not
perceive cannot get in: nobody else's thoughts, no secret it was not told, no change in anybody's mind.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from characters.profile import core_of
from characters.turn_prompt import card_lines
from characters.turn_prompt import people as everybody
from characters.turn_scene import standing_lines
from worlds.actions import Action, Say
from worlds.events import Acted, Cued
from worlds.look import look
from worlds.prose import attempt, capital
from worlds.state import MINUTES_A_DAY
from worlds.trajectory import Trajectory
from worlds.view import Percept, View

__all__ = [
    "Exchange",
    "Message",
    "Part",
    "answered",
    "brief",
    "conversation",
    "part_of",
    "prompt",
    "spoken",
    "when",
]

Role: TypeAlias = Literal["system", "user", "assistant"]

_MANNERS = {"aloud": "to", "aside": "aside to", "whisper": "whispers to", "shout": "shouts to"}
_BARE = {"aside": "aside", "whisper": "whispers", "shout": "shouts"}


class Message(NamedTuple):
    """One message of a conversation."""

    role: Role
    content: str

    def record(self) -> dict[str, str]:
        """Give it as it is written."""
        return {"role": self.role, "content": self.content}


class Exchange(NamedTuple):
    """One own turn: what was perceived since the one before, and what the character did."""

    cue: int
    """Seq of the cue: nothing later is in what was perceived."""
    seq: int
    """Seq of the act."""
    heard: tuple[int, ...]
    """Seqs of what was perceived."""
    user: str
    reply: str
    thought: str


class Part(NamedTuple):
    """What one character lived through in a run."""

    who: str
    name: str
    system: str
    exchanges: tuple[Exchange, ...]


def part_of(log: Trajectory, who: str) -> Part:
    """Give a character's part in a log. A turn that was cut off before the act is left out."""
    system = ""
    exchanges: list[Exchange] = []
    seen, known, cue = -1, frozenset[str](), 0
    minded: set[str] = set()
    for event in log:
        if isinstance(event.body, Cued) and who in event.body.who:
            cue = event.seq
        elif isinstance(event.body, Acted) and event.by == who:
            view = look(log.upto(cue + 1), who, choosing=False)
            system = system or brief(view)
            heard = tuple(_perceived(log, who, seen, cue))
            told = [f"(You know now: {s.text})" for s in view.secrets if exchanges and s.id not in known]
            told += [f"(You recall: {lore.text})" for lore in view.lore if lore.id not in minded]
            known = frozenset(secret.id for secret in view.secrets)
            minded |= {lore.id for lore in view.lore}
            exchanges.append(_exchange(view, heard, told, (cue, event.seq, event.body)))
            seen = cue
    name = log.state.cast[who].name
    return Part(who, name, system or brief(look(log, who, choosing=False)), tuple(exchanges))


def prompt(part: Part, turn: int, past: int) -> list[Message]:
    """Give what comes before the reply of an own turn, counted from 0: the card, and at most `past` exchanges."""
    before = part.exchanges[max(0, turn - past) : turn]
    said = [message for exchange in before for message in _pair(exchange, thoughts=False)]
    return [Message("system", part.system), *said, Message("user", part.exchanges[turn].user)]


def conversation(part: Part, *, thoughts: bool) -> list[Message]:
    """Give the whole part as system, user, assistant, user and so on."""
    said = [message for exchange in part.exchanges for message in _pair(exchange, thoughts=thoughts)]
    return [Message("system", part.system), *said]


def answered(exchange: Exchange, *, thoughts: bool) -> Message:
    """Give the reply of an exchange; with its thought before it, as reasoning models write theirs, if asked to."""
    thought = f"<think>{exchange.thought}</think>\n" if thoughts and exchange.thought else ""
    return Message("assistant", f"{thought}{exchange.reply}")


def spoken(action: Action, names: Mapping[str, str]) -> str:
    """Put one's own act into words: speech plain, everything else between asterisks."""
    if not isinstance(action, Say):
        return f"*{attempt('', action, names).strip().rstrip('.')}*"
    to = " and ".join(names.get(who, who) for who in action.to)
    how = f"{_MANNERS[action.manner]} {to}" if to else _BARE.get(action.manner, "")
    return f"*{how}* {action.text}" if how else action.text


def when(minutes: int) -> str:
    """Put world time as `day 2, 07:30`."""
    day, minute = divmod(minutes, MINUTES_A_DAY)
    return f"day {day + 1}, {minute // 60:02}:{minute % 60:02}"


def _pair(exchange: Exchange, *, thoughts: bool) -> tuple[Message, Message]:
    return Message("user", exchange.user), answered(exchange, thoughts=thoughts)


def _perceived(log: Trajectory, who: str, after: int, upto: int) -> Iterator[Percept]:
    """Give what was perceived between two moments, own acts left out: those are replies."""
    for percept in log.percepts(who):
        own = percept.kind == "acted" and percept.by == who
        if after < percept.seq <= upto and percept.text and not own:
            yield percept


def _exchange(
    view: View, heard: tuple[Percept, ...], told: list[str], done: tuple[int, int, Acted]
) -> Exchange:
    cue, seq, acted = done
    lines = [*(percept.text.strip() for percept in heard), *told]
    return Exchange(
        cue=cue,
        seq=seq,
        heard=tuple(percept.seq for percept in heard),
        user="\n".join([_here(view), *lines]),
        reply=spoken(acted.action, view.names),
        thought=acted.thought,
    )


def _here(view: View) -> str:
    fellows = ", ".join(fellow.name for fellow in view.fellows) or "nobody else"
    dark = ", in the dark" if view.dark else ""
    return f"[{capital(when(view.time))}. {capital(view.place_name)}{dark}. Here: {fellows}.]"


def brief(view: View) -> str:
    """Say who a character is, what it knows as of a view, and how to answer: the system message of its part."""
    names = ", ".join(view.names[who] for who in everybody(view))
    sections = {
        f"The story: {view.title}": [" ".join(view.premise.split()), f"People: {names}"],
        "Who you are": card_lines(core_of(view.core)),
        "What you know and others may not": [secret.text for secret in view.secrets],
        "How things stand with you": list(standing_lines(view)),
    }
    body = [f"# {head}\n\n" + "\n".join(lines) for head, lines in sections.items() if lines]
    return "\n\n".join([_RULES.replace("{name}", view.name), *body])


_RULES = """\
You are {name}, a character in a story that is made up turn by turn, and nobody else.
You know what stands here and what you perceive, and nothing more.
On your turn you say something, or do one thing. Write words plainly, and deeds between *asterisks*.
Whether a deed comes off is not yours to tell. Never write anybody else's words or deeds."""
