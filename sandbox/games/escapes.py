r"""Words made safe: what a format would take for its own signs, written so that it is shown as it is.

yarn     a backslash before `\ < > { } # / [ ] :`, as the lexer of Yarn Spinner and its markup parser read it
ink      a backslash before every sign that means something
twee     the signs of SugarCube, Harlowe and HTML as HTML entities; `::` cannot begin a line then
godot    brackets as the tags `[lb]` and `[rb]`; what would mean something is broken up by an empty tag
"""

import re

__all__ = ["godot_text", "ink_text", "twee_name", "twee_text", "yarn_text"]

_TWEE = re.compile(r"[^\w\s.,;:!?'()\"“”‘’…–—-]|_(?=_)|(?<=_)_|(?<=')'|'(?=')|--|::|(?<=/)/")
_BREAK = "[i][/i]"


def yarn_text(text: str) -> str:
    """Escape a line of Yarn. `Name: ` stands before it, so a `:` in it is no speaker's."""
    return re.sub(r"[\\<>{}#/\[\]]", lambda found: f"\\{found[0]}", text)


def ink_text(text: str) -> str:
    """Escape a line of ink, or the words of a choice."""
    return re.sub(r"[\\{}|\[\]#/~*+=<>-]", lambda found: f"\\{found[0]}", text)


def twee_text(text: str) -> str:
    """Escape words in a passage."""
    return _TWEE.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), text)


def twee_name(text: str) -> str:
    """Escape the name of a passage in its header."""
    return re.sub(r"[\\\[\]{}]", lambda found: f"\\{found[0]}", text)


def godot_text(text: str) -> str:
    """Escape a line of Godot's Dialogue Manager. `Name: ` stands before it, so it begins no command."""
    text = text.translate({ord("["): "\0", ord("]"): "\1"})
    for hazard in ("\\n", "\\t", "\\:", "{{", "=>"):
        while hazard in text:
            text = text.replace(hazard, f"{hazard[0]}{_BREAK}{hazard[1:]}")
    return text.replace("\0", "[lb]").replace("\1", "[rb]")
