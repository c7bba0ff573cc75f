"""Keys and passwords taken out of texts before they are stored or shown."""

import os
import re

__all__ = ["redact"]

_NAMES = ("_API_KEY", "_APIKEY", "_TOKEN", "_SECRET", "_PASSWORD")
"""How the environment variables end whose values are never shown."""

_SHORTEST = 8
"""Values shorter than this are not looked for: they would occur in any text."""

_PATTERNS = (
    (re.compile(r"\b(sk|pk|rk|gsk|xai|hf)[-_][A-Za-z0-9_-]{8,}"), "[key]"),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{10,}"), "[key]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [key]"),
    (re.compile(r"(?i)\b(api[-_]?key|access[-_]?token|key|token)=[^\s&#\"']+"), r"\1=[key]"),
    (re.compile(r"://[^/\s@:]+:[^/\s@]+@"), "://[key]@"),
)


def redact(text: str) -> str:
    """Give the text without keys: the values of this environment's, and whatever looks like one."""
    for name in os.environ:
        if name.upper().endswith(_NAMES) and len(value := os.environ.get(name, "")) >= _SHORTEST:
            text = text.replace(value, "[key]")
    for pattern, shown in _PATTERNS:
        text = pattern.sub(shown, text)
    return text
