"""Chats: OpenAI messages, ShareGPT conversations, SillyTavern chat files."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from sandbox.foreign.records import Record, plain
from sandbox.foreign.script import Line, Script

__all__ = ["messages", "sharegpt", "tavern"]

_GUESSED = "the whole system prompt is read as who the character is, instructions included"

_ROLES = {
    "system": "system", "developer": "system", "narrator": "narrator",
    "user": "user", "human": "user",
    "assistant": "character", "gpt": "character", "chatgpt": "character", "model": "character", "bot": "character",
    "bing": "character", "bard": "character", "claude": "character",
    "tool": "tool", "function": "tool", "function_call": "tool", "observation": "tool", "tool_response": "tool",
}  # fmt: skip
"""What the roles of both forms come to."""

_CALLED = (
    re.compile(r"(?:^|\n)\s*(?:name|character)\s*[:=]\s*([^\n,.;]{1,60})", re.IGNORECASE),
    re.compile(
        r"\b(?i:you are|act as|play(?:ing)?(?: the (?:role|part) of)?|roleplay as)\s+"
        r"([^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*){0,3})"
    ),
)
"""How system prompts name the character."""

_SAID = frozenset({"", "normal"})
"""Values of `extra.type` that mark no message of the program itself."""


def messages(record: Record) -> Script:
    """Read one object with `messages`, as chat models are trained on."""
    rows = record.rows("messages")
    return _chat(record, [(row, "role", _content(row)) for row in rows])


def sharegpt(record: Record) -> Script:
    """Read one object with `conversations` of `from` and `value`."""
    rows = record.rows("conversations")
    told = [(row, "from", row.text("value")) for row in rows]
    if system := record.text("system"):
        told.insert(0, (record._replace(data={"from": "system"}), "from", system))
    return _chat(record, told)


def tavern(rows: Sequence[Record]) -> Script:
    """Read a SillyTavern chat: a header, then one message a line."""
    head = rows[0] if "mes" not in rows[0].data else None
    lines, people, left = [], set(), Counter[str]()
    for row in rows[1:] if head else rows:
        kind = row.inner("extra").text("type")
        if row.flag("is_system") and kind not in _SAID and kind != "narrator":
            left[kind] += 1
            continue
        line = _mes(row, head, told=kind == "narrator")
        if not line.text:
            left["empty"] += 1
            continue
        if row.flag("is_user"):
            people.add(line.who)
        lines.append(line)
    metadata = head.inner("chat_metadata") if head else None
    return Script(
        lines,
        title=head.text("character_name") if head else "",
        premise=metadata.text("scenario") if metadata else "",
        people=frozenset(people),
        notes=("a chat file holds no card: who the characters are is not known", *_left(left)),
    )


def _mes(row: Record, head: Record | None, *, told: bool) -> Line:
    user = row.flag("is_user")
    usual = (head.text("user_name" if user else "character_name") if head else "") or (
        "User" if user else "Character"
    )
    name = row.text("name", usual).strip()[:60] or usual
    if "mes" not in row.data:
        raise row.refuse("there is no `mes`", "a message is an object with `name` and `mes`")
    return Line("" if told else name, row.text("mes").strip(), thought=row.inner("extra").text("reasoning"))


def _chat(record: Record, rows: Sequence[tuple[Record, str, str]]) -> Script:
    """Make a script of rows with roles."""
    roles = [_role(row, key) for row, key, _ in rows]
    opening = next((i for i, role in enumerate(roles) if role != "system"), len(roles))
    persona = "\n".join(text for _, _, text in rows[:opening] if text)
    character, guessed = _called(record, rows, roles, persona)
    user = next(_names(rows, roles, "user"), "User")
    if user == character:
        user = f"{user} (user)"
    lines, left = [], Counter[str]()
    for (row, _, text), role in zip(rows[opening:], roles[opening:], strict=True):
        if role == "tool" or not text.strip():
            left[role if role == "tool" else "empty"] += 1
            continue
        usual = {"character": character, "user": user}.get(role, "")
        name = (row.text("name").strip()[:60] or usual) if usual else ""
        lines.append(Line(name, text.strip(), thought=row.text("reasoning_content")))
    spoken = {line.who for line in lines} - {character, ""}
    return Script(
        lines,
        title=record.text("title"),
        personas={character: persona} if persona else {},
        people=frozenset(spoken & {user, *_names(rows, roles, "user")}),
        notes=(*_noted(persona, guessed), *_left(left)),
        prompted=bool(persona),
    )


def _noted(persona: str, guessed: str) -> Iterator[str]:
    if persona:
        yield _GUESSED
    if guessed:
        yield guessed


def _left(left: Mapping[str, int]) -> Iterator[str]:
    if left:
        yield f"messages left out: {', '.join(f'{count} {kind}' for kind, count in sorted(left.items()))}"


def _role(row: Record, key: str) -> str:
    role = row.text(key).strip().casefold()
    if role not in _ROLES:
        known = "system, user, assistant, tool" if key == "role" else "system, human, gpt, tool"
        raise row.refuse(f"`{key}` is {role[:40]!r}", f"known are {known}")
    return _ROLES[role]


def _names(rows: Sequence[tuple[Record, str, str]], roles: Sequence[str], role: str) -> Iterator[str]:
    for (row, _, _), own in zip(rows, roles, strict=True):
        if own == role and (name := row.text("name").strip()[:60]):
            yield name


def _called(
    record: Record, rows: Sequence[tuple[Record, str, str]], roles: Sequence[str], persona: str
) -> tuple[str, str]:
    """Give the name of the character, and a note if it was guessed."""
    given = next(_names(rows, roles, "character"), "")
    for key in ("character", "character_name", "char_name"):
        if not given and isinstance(record.data.get(key), str):
            given = record.text(key).strip()[:60]
    if given:
        return given, ""
    for pattern in _CALLED:
        if found := pattern.search(persona):
            return found[1].strip(), f"the character's name, {found[1].strip()}, was read out of the prompt"
    return "Assistant", "the file does not name the character; it is called Assistant"


def _content(row: Record) -> str:
    """Give the text of a message: itself, or the texts among its parts."""
    content: JsonValue = row.data.get("content")
    if not isinstance(content, list):
        return row.text("content")
    parts = [part for part in row.rows("content") if part.data.get("type", "text") == "text"]
    return plain("\n".join(part.text("text") for part in parts))
