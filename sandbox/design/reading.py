"""Reading a card as an editor would: what in it contradicts itself, does not sound like it, or can be no secret."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from characters.files import character_names, find_card, load_card
from characters.profile import Card
from characters.statements import Statement, statements
from judges.apc_rules import evidence
from judges.voice import Voices, spoken
from judges.words import read_text, stems
from worlds.check import Mark
from worlds.errors import SandboxError
from worlds.spec import Secret, World

__all__ = ["Flaw", "choir", "contradictions", "given_away", "open_secrets", "proofread", "unlike"]

_FREE = frozenset({"identity", "value", "taboo", "knowledge", "taste", "injury", "other"})
"""Kinds of statement in the author's own words; levels and relations are numbers, and no two of them clash."""

_SHARE = 0.5
"""Share of what each of two statements says that the other must deny."""

_ENOUGH = 12
"""Lines of a card's own below which nothing can be said about how it sounds."""

_STRANGE = 0.12
"""Samples that are less likely than this to be the card's own sound like nobody known."""

_TOLD = 0.75
"""Share of a secret's telling words in a sample that gives it away."""


_NOTHING = re.compile(r"^(?!.*\b(?:never|not|no|cannot)\b).*\b(?:nothing|nobody|none)\b", re.IGNORECASE)
"""`Forgets nothing` denies nothing."""


class Flaw(NamedTuple):
    """What is wrong with a card, and how to mend it."""

    what: str
    mend: str


def proofread(file: str) -> Iterator[Mark]:
    """Give what an editor would object to in a character file, as warnings; nothing for any other file."""
    try:
        path = find_card(file)
        card = load_card(path)
    except SandboxError:
        return
    flaw = unlike(card)
    for found in (*contradictions(card), *((flaw,) if flaw else ()), *given_away(card, card.secrets)):
        yield Mark("warning", str(path), 0, "", found.what, found.mend)


def contradictions(card: Card) -> Iterator[Flaw]:
    """Give the pairs of statements that cannot both be true: one denies the other, or gives another number."""
    made = [one for one in statements(card.character()) if one.kind in _FREE and "big_five" not in one.id]
    ignore = frozenset(stems(card.name)) | _WORDLESS
    seen: set[frozenset[str]] = set()
    for one, other in permutations(made, 2):
        pair = frozenset({one.id, other.id})
        if pair in seen or (one.kind == other.kind == "taste"):
            continue
        why = _clash(one, other, ignore)
        if why:
            seen.add(pair)
            yield Flaw(
                f"{one.id} and {other.id} contradict each other: “{one.text}” · “{other.text}” ({why})",
                "keep the one that is meant, or write when each of them holds",
            )


def _clash(one: Statement, other: Statement, ignore: frozenset[str]) -> str:
    found, back = evidence(one.text, other.text, ignore), evidence(other.text, one.text, ignore)
    denied = len(found.denied) >= 2 and min(found.whole, back.whole) >= _SHARE
    denied = denied and not any(_NOTHING.search(text) for text in (one.text, other.text))
    opposite = bool(found.opposed) and min(found.affirmed, back.affirmed) >= 0.3
    return found.why if denied or opposite or found.numbers else ""


def unlike(card: Card) -> Flaw | None:
    """Say if the samples do not sound like the card's other lines; None if they do, or there is too little to tell."""
    voices, samples = choir(card), card.core.voice.samples
    if voices is None or len(samples) < 3:
        return None
    shares = [voices.attribute(sample).shares for sample in samples]
    mean = {who: sum(share[who] for share in shares) / len(shares) for who in shares[0]}
    likest = max(mean, key=lambda who: mean[who])
    if likest != card.id:
        heard = (
            f"more like {likest} ({mean[likest]:.0%}) than like the card's own lines ({mean[card.id]:.0%})"
        )
    elif mean[card.id] < _STRANGE:
        heard = f"hardly like the card's own lines ({mean[card.id]:.0%})"
    else:
        return None
    return Flaw(
        f"core.voice.samples are not in this voice; they sound {heard}, as in “{samples[0]}”",
        "write samples this person would say, or lines that sound like the samples",
    )


def open_secrets(card: Card, world: World) -> Iterator[Flaw]:
    """Give the secrets everybody knows from the start, and those nobody could come to know."""
    others = world.cast.keys() - {card.id}
    for secret in (*card.secrets, *world.secrets):
        if card.id not in secret.known_by and secret not in card.secrets:
            continue
        if others and others <= set(secret.known_by):
            yield Flaw(
                f"the secret {secret.id} is known to everyone from the start: “{secret.text}”",
                "leave in `known_by` only who shares it",
            )


def given_away(card: Card, secrets: tuple[Secret, ...]) -> Iterator[Flaw]:
    """Give the secrets that a sample or a line of the card tells whoever hears it."""
    voice = card.core.voice
    lines = (*voice.samples, *voice.catchphrases, *(line for own in voice.lines.values() for line in own))
    for secret in secrets:
        told = frozenset(stems(secret.text)) - frozenset(stems(card.name)) - _WORDLESS
        for line in lines:
            if len(told) >= 3 and len(told & read_text(line).affirmed) >= _TOLD * len(told):
                yield Flaw(
                    f"a line gives the secret {secret.id} away: “{line}”", "write a line that keeps it"
                )


def choir(card: Card) -> Voices | None:
    """Give this card's voice among those of the bundled cards, samples left out; None if it has too few lines."""
    lines = tuple(spoken(card.core.voice))
    return _choir(card.id, card.name, lines) if len(lines) >= _ENOUGH else None


@lru_cache(maxsize=64)
def _choir(who: str, name: str, lines: tuple[str, ...]) -> Voices:
    """Give the voices of the bundled cards and of this one, by all they have but samples."""
    cards = {id_: load_card(id_) for id_ in character_names() if id_ != who}
    known = {id_: tuple(spoken(card.core.voice)) for id_, card in cards.items()}
    return Voices({**known, who: lines}, (*(card.name for card in cards.values()), name))


_WORDLESS = frozenset(stems("cares about loves knows nothing much of afraid keeps a secret"))
"""What statements are framed in: says nothing about anybody."""
