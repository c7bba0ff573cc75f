"""Whether a key is found in what was perceived."""

import re
from collections.abc import Sequence
from functools import lru_cache

from characters.lore.patterns import found, split

__all__ = ["Haystack"]


class Haystack:
    """Some messages to look for keys in. Plain keys may not run over the end of a message, nor may patterns."""

    def __init__(self, messages: Sequence[str]) -> None:
        """Take the messages, the oldest first."""
        self.messages = tuple(messages)
        self.text = "\n".join(messages)
        self.lower = self.text.lower()

    def has(self, key: str, *, case: bool = False, whole: bool = False) -> bool:
        """Whether the key is there. `/pattern/flags` goes by its own flags."""
        pattern = split(key)
        if pattern:
            return any(found(*pattern, message) for message in self.messages)
        text, key = (self.text, key) if case else (self.lower, key.lower())
        if whole and len(key.split()) == 1:
            return _word(key).search(text) is not None
        return bool(key) and key in text


@lru_cache(maxsize=4096)
def _word(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
