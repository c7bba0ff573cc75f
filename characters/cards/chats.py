"""Chats of SillyTavern: JSON lines, the first about the chat, each other one a message."""

from collections.abc import Iterable
from typing import NamedTuple

from characters.cards.portrait import spoken
from characters.cards.reading import CardFile
from characters.cards.wording import samples_of
from characters.profile import Card
from worlds.errors import CardError

__all__ = ["Chat", "Message", "is_chat", "read_chat", "with_voice"]

_LONGEST = 20_000
"""Characters of a message that are looked at."""


class Message(NamedTuple):
    """One message."""

    name: str
    text: str
    user: bool
    """Whether a person wrote it."""


class Chat(NamedTuple):
    """A chat."""

    user: str
    character: str
    messages: tuple[Message, ...]


def is_chat(file: CardFile) -> bool:
    """Whether a file is a chat."""
    return file.container == "jsonl"


def read_chat(file: CardFile) -> Chat:
    """Read a chat; what the program itself said is left out. `CardError` if it is none."""
    rows = file.tree["chat"]
    lines = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    head = lines[0] if lines and "mes" not in lines[0] else {}
    messages = tuple(
        Message(str(row.get("name", ""))[:100], str(row["mes"])[:_LONGEST], row.get("is_user") is True)
        for row in lines
        if isinstance(row.get("mes"), str) and row.get("is_system") is not True
    )
    if not messages:
        raise CardError(
            f'{file.path}: holds no messages; a chat has a line `{{"name": …, "mes": …}}` for each'
        )
    names = [message.name for message in messages if not message.user]
    return Chat(
        user=str(head.get("user_name", ""))[:100],
        character=str(head.get("character_name") or next(iter(names), ""))[:100],
        messages=messages,
    )


def with_voice(card: Card, chats: Iterable[Chat]) -> Card:
    """Give a character with what it said in chats as further examples of its voice."""
    lines = [
        spoken(message.text)
        for chat in chats
        for message in chat.messages
        if not message.user and message.name.lower() == card.name.lower()
    ]
    voice = card.core.voice
    more = samples_of((*voice.samples, *lines))
    core = card.core.model_copy(update={"voice": voice.model_copy(update={"samples": more})})
    return card.model_copy(update={"core": core}) if lines else card
