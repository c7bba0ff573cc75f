"""Knowledge in plain words and in deeds: secrets told without being marked, things reached for that nobody showed."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from judges.consistency_terms import meant, said, verdict
from judges.knowledge import BORN, Knowledge
from judges.reading import Reading
from judges.verdict import Verdict
from worlds.actions import Claim, Handle, Say, Touch
from worlds.events import Acted, Event
from worlds.prose import tell
from worlds.reach import reachable
from worlds.spec import Secret

__all__ = ["read_of", "unheard", "words"]

_SENTENCE = re.compile(r"(?<=[.!?])\s")

_RETOLD = 0.7
"""Share of the telling words of a secret's sentence that gives it away."""


def words(reading: Reading, knowledge: Knowledge) -> Iterator[Verdict]:
    """Judge lines and thoughts that tell in plain words a secret their maker does not know."""
    for who in reading.cast:
        for event in reading.acts[who]:
            for secret, part in _told(reading, event):
                known = knowledge.grounds(who, secret.claim, event.seq) is not None
                if not known and read_of(reading, event, secret.claim, secret) is None:
                    reason = f"{part} the secret {secret.id} in words without having come to know it"
                    yield verdict(event, "knowledge", reason, value=0.0, sure=0.7)


def unheard(reading: Reading, knowledge: Knowledge) -> Iterator[Verdict]:
    """Judge acts on things that are out of reach and that their actor can never have heard of."""
    for who in reading.cast:
        for event in reading.acts[who]:
            state = reading.before(event.seq)
            for id_ in _things(event):
                if id_ not in state.world.things or id_ in state.plan.public or id_ in reachable(state, who):
                    continue
                met = knowledge.met(who, id_, event.seq)
                if not met and read_of(reading, event, Claim(id_, "", id_), None) is None:
                    reason = f"reaches for {id_}, of which it has never seen or heard"
                    yield verdict(event, "knowledge", reason, value=0.0, sure=0.8)


def read_of(reading: Reading, event: Event, claim: Claim, secret: Secret | None) -> int | None:
    """Give the event in whose words an actor perceived a matter, `BORN` if its own core tells of it; None if none."""
    names = reading.end.plan.names
    about = said(names.get(claim.subject, claim.subject)) | said(
        names.get(str(claim.value), str(claim.value))
    )
    for seen in reversed(reading.perceived[event.by]):
        if seen.seq < event.seq and seen.by != event.by:
            heard = said(tell(seen, names))
            if _retells(heard, secret) if secret else about <= heard:
                return seen.seq
    for text in _texts(reading.end.cast[event.by].core):
        if _retells(said(text), secret) if secret else about <= said(text):
            return BORN
    return None


def _texts(part: JsonValue) -> Iterator[str]:
    """Give the sentences of a core, the mind's own lines left out: they are for whatever comes up."""
    if isinstance(part, str):
        yield from _SENTENCE.split(part)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name != "lines":
                yield from _texts(inner)


def _told(reading: Reading, event: Event) -> Iterator[tuple[Secret, str]]:
    """Give the secrets a line or a thought retells, unless the line is marked as telling them."""
    body = event.body
    if not isinstance(body, Acted):
        return
    action = body.action
    spoken = action.text if isinstance(action, Say) and meant(action) else ""
    for secret in reading.end.plan.secrets:
        value = str(secret.claim.value)
        key = said(reading.end.plan.names.get(value, value))
        marked = isinstance(action, Say) and secret.claim in action.claims
        for text, part in ((spoken, "says"), (body.thought, "thinks")):
            if not marked and any(_states(sentence, secret, key) for sentence in _SENTENCE.split(text)):
                yield secret, part


def _states(sentence: str, secret: Secret, key: frozenset[str]) -> bool:
    """Whether a sentence gives a secret away: the very thing it hides included, and not as a question."""
    heard = said(sentence)
    asks = sentence.endswith("?") or "whether" in heard
    return not asks and _retells(heard, secret) and (key <= heard or secret.claim.value is True)


def _things(event: Event) -> tuple[str, ...]:
    match event.body.action if isinstance(event.body, Acted) else None:
        case Touch(target=target):
            return (target,)
        case Handle(thing=thing, to=to):
            return tuple(filter(None, (thing, to)))
        case _:
            return ()


def _retells(heard: frozenset[str], secret: Secret) -> bool:
    telling = said(secret.text)
    return len(telling) >= 3 and len(telling & heard) >= _RETOLD * len(telling)
