"""Damaged cards by the hundred thousand: nothing but `CardError`, nothing large, nothing slow.

    python benchmarks/cards_fuzz.py [FILES] [SEED]

Every file is one of the odd cards of `scripts/make_cards.py`, a lorebook or a chat, damaged in a way that its form
suggests: chunks, members, numbers and names changed one by one, or simply bytes. Which damage is decided by the seed
and the number of the file alone. Each is read as `sandbox cards import` reads it, and written again.
"""

import base64
import json
import resource
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from characters.cards.chats import is_chat, read_chat, with_voice
from characters.cards.exporting import FORMATS, became, write_card
from characters.cards.fields import is_card
from characters.cards.importing import import_card
from characters.cards.jsontext import dumps
from characters.cards.keeping import as_yaml
from characters.cards.reading import read_file
from characters.cards.repairs import Repairs
from characters.files import load_card
from characters.lore import is_book, read_book
from scripts.make_cards import DEVIATIONS, SIGNATURE, archive, chunk, lore, png, text_chunk, v3
from worlds.errors import CardError

__all__ = ["Result", "consume", "damaged", "fuzz"]

WORLD_INFO = {
    "entries": {
        "0": {
            "uid": 0, "key": ["bell", "/b(e|a)ll/i"], "keysecondary": ["tower"], "content": "@@depth 2\nIt is cracked.",
            "constant": False, "selective": True, "selectiveLogic": 3, "order": 10, "position": 4, "disable": False,
            "probability": 50, "useProbability": True, "group": "a", "sticky": 2, "cooldown": 3, "delay": 1,
            "characterFilter": {"isExclude": False, "names": ["Liss"], "tags": []},
        },
    },
}  # fmt: skip
CHAT = b"\n".join(
    json.dumps(line).encode()
    for line in (
        {"user_name": "Tove", "character_name": "Liss", "create_date": "", "chat_metadata": {}},
        {"name": "Tove", "is_user": True, "mes": "Who is there?"},
        {"name": "Liss Ondra", "is_user": False, "mes": '*She turns.* "Only me."', "swipes": ["a"]},
    )
)

STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1e300, "", " ", "{{", "{{roll:999d999999}}", "{{random:" * 20, "<START>", "[/red]",
    "/(a+)+$/", "/(((((/", "/[^/i", "/a{1,199}{1,199}/", "@@depth x\n@@@@", "@@activate_only_every 0\nx", "\ud800",
    "a" * 5000, "\n" * 3000, "* " * 3000, '"' * 3000, "{{char}}" * 2000, "\x00\x1b[31m", [], {}, [[]], [None] * 50,
    {"": {"": [{}]}}, "NaN", "1e999", 1.5, ["a", 1, None], {"prompt": 3, "depth": []}, "../../x", "data:,x",
)  # fmt: skip
NAMES = (
    "name", "description", "data", "spec", "spec_version", "character_book", "entries", "keys", "content", "extensions",
    "use_regex", "selectiveLogic", "position", "probability", "depth_prompt", "assets", "tags", "mes_example", "core",
    "roleplay_sandbox", "card", "uid", "key", "order", "chat", "mes",
)  # fmt: skip


class Result(NamedTuple):
    """What came of some damaged files."""

    files: int
    read: int
    """How many could be read all the same."""
    slowest: float
    """Seconds of processor time the slowest took."""
    which: int
    """Its number."""


def damaged(number: int, seed: int = 1) -> tuple[str, bytes]:
    """Give the name and the content of one damaged file."""
    random = Random(f"{seed}:{number}")
    name, raw = random.choice(_corpus())
    for _ in range(random.choice((1, 1, 2, 4))):
        raw = random.choice(_WAYS)(raw, random)
    if raw[:1] in b"{[" and raw and random.random() < 0.2:
        raw = _wrapped(raw, random)
    return (
        random.choice(("x.json", "x.yaml", "x.png", "x.jsonl", "x.charx")) if random.random() < 0.1 else name
    ), raw


def consume(path: Path) -> bool:
    """Read a file for all it may be, and write it again; whether that went well. Raises nothing but `CardError`."""
    try:
        file = read_file(path)
        if is_chat(file):
            read_chat(file)
            return True
        if is_book(file.tree) and not is_card(file.tree):
            read_book(file.tree, "book", Repairs())
            return True
        read = import_card(file)
        as_yaml(with_voice(read.card, ()))
        form = FORMATS[len(file.text) % len(FORMATS)]
        write_card(path.with_name("out"), form, file.tree, file)
        write_card(path.with_name("out"), "json", became(file.tree, read.card, None), file)
    except CardError:
        return False
    return True


def fuzz(files: int, seed: int = 1, first: int = 0) -> Result:
    """Read so many damaged files."""
    read, slowest, which = 0, 0.0, 0
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for number in range(first, first + files):
            name, raw = damaged(number, seed)
            path = Path(folder, name)
            path.write_bytes(raw)
            began = process_time()
            try:
                read += consume(path)
            except Exception as error:
                raise AssertionError(
                    f"file {number} of seed {seed} raised {type(error).__name__}: {error}"
                ) from error
            took = process_time() - began
            if took > slowest:
                slowest, which = took, number
    return Result(files, read, slowest, which)


# ── damage ─────────────────────────────────────────────────────────────────────────────────────────

_CORPUS: list[tuple[str, bytes]] = []


def _corpus() -> list[tuple[str, bytes]]:
    if not _CORPUS:
        book = lore({"keys": ["/bell/i"], "extensions": {"position": 4, "selectiveLogic": 1, "sticky": 2}})
        _CORPUS.extend((d.file, d.make()) for d in DEVIATIONS if d.file != "long.json")
        _CORPUS.extend((("world.json", json.dumps(WORLD_INFO).encode()), ("chat.jsonl", CHAT)))
        _CORPUS.append(("book.json", json.dumps({"spec": "lorebook_v3", "data": book}).encode()))
        ours = became(v3(), load_card("bram"), None)
        _CORPUS.append(("ours.json", dumps(ours).encode()))
        _CORPUS.append(("booked.json", json.dumps(v3(character_book=book)).encode()))
    return _CORPUS


def _flipped(raw: bytes, random: Random) -> bytes:
    made = bytearray(raw or b"\0")
    for _ in range(random.randint(1, 8)):
        made[random.randrange(len(made))] = random.randrange(256)
    return bytes(made)


def _cut(raw: bytes, random: Random) -> bytes:
    start = random.randrange(len(raw) + 1)
    return raw[:start] + raw[start + random.randrange(1 + len(raw) // 2) :]


def _doubled(raw: bytes, random: Random) -> bytes:
    start = random.randrange(len(raw) + 1)
    piece = raw[start : start + random.randrange(1, 200)]
    return raw[:start] + piece * random.choice((2, 2, 100)) + raw[start:]


def _spliced(raw: bytes, random: Random) -> bytes:
    _, other = random.choice(_corpus())
    return raw[: random.randrange(len(raw) + 1)] + other[random.randrange(len(other)) :]


def _number(raw: bytes, random: Random) -> bytes:
    """Put an extreme number where one may stand."""
    if len(raw) < 8:
        return raw
    at = random.randrange(len(raw) - 4)
    extreme = random.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, len(raw)))
    return raw[:at] + struct.pack(random.choice((">I", "<I")), extreme) + raw[at + 4 :]


def _chunks(raw: bytes, random: Random) -> bytes:
    """Change the chunks of a picture, their checksums made to fit again."""
    if not raw.startswith(SIGNATURE):
        return raw
    parts: list[tuple[bytes, bytes]] = []
    at = 8
    while at + 12 <= len(raw) and len(parts) < 100:
        length, kind = struct.unpack_from(">I4s", raw, at)
        parts.append((kind, raw[at + 8 : at + 8 + length]))
        at += 12 + length
    if not parts:
        return raw
    i = random.randrange(len(parts))
    kind, data = parts[i]
    changed = random.choice((_flipped, _cut, _doubled))(data, random)
    kinds = (kind, b"tEXt", b"zTXt", b"iTXt", b"IEND", b"IDAT")
    parts[i] = (random.choice(kinds), changed if random.random() < 0.7 else data)
    if random.random() < 0.3:
        random.shuffle(parts)
    return SIGNATURE + b"".join(chunk(kind, data) for kind, data in parts)


def _tree(raw: bytes, random: Random) -> bytes:
    """Change a value or a name somewhere in a JSON."""
    try:
        tree = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    spots: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting and len(spots) < 2000:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        for key in keys:
            spots.append((here, key))
            waiting.append(here[key])
    if not spots:
        return raw
    where, key = random.choice(spots)
    if isinstance(where, dict) and random.random() < 0.3:
        where[random.choice(NAMES)] = where.pop(key) if random.random() < 0.5 else random.choice(STRANGE)
    elif random.random() < 0.1:
        where[key] = _deep(random.choice((10, 70, 2000)))
    else:
        where[key] = random.choice(STRANGE)
    return _as_json(tree, raw)


def _as_json(tree: object, otherwise: bytes) -> bytes:
    try:
        return json.dumps(tree).encode()
    except (RecursionError, ValueError):
        return otherwise


@cache
def _bombs() -> tuple[bytes, bytes]:
    return zlib.compress(b"0" * 1000), zlib.compress(b"0" * 20_000_000)


def _deep(levels: int) -> Any:  # noqa: ANN401 - a list of lists of lists
    tree: Any = "x"
    for _ in range(levels):
        tree = [tree]
    return tree


def _wrapped(raw: bytes, random: Random) -> bytes:
    """Put a JSON into another container."""
    coded = base64.b64encode(raw)
    bomb = random.choice(_bombs())
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: png([text_chunk(random.choice(("chara", "ccv3")), coded)]),
        lambda: png(
            [text_chunk("ccv3", coded, random.choice((b"zTXt", b"iTXt")), packed=random.random() < 0.5)]
        ),
        lambda: png([chunk(b"zTXt", b"chara\0\0" + bomb), text_chunk("chara", coded)]),
        lambda: archive({"card.json": raw, "a" * 50: bomb}),
        lambda: archive({random.choice(("../x", "/x", "c:\\x", "card.json")): raw, "card.json": raw}),
        lambda: png() + archive({"card.json": raw}),
    )
    return random.choice(ways)()


_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(_flipped, _cut, _doubled, _spliced, _number, _chunks, _chunks, _chunks, _tree, _tree, _tree, _tree),
)


def main() -> None:
    """Read many, and say how it went."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    fuzz(200, seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = fuzz(files, seed)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{done.files:,} files, {done.read:,} readable all the same, nothing but CardError")
    print(f"slowest {done.slowest * 1000:.0f} ms of processor time (file {done.which})")
    print(f"largest memory grew by {grown:.0f} MiB over all of them")


if __name__ == "__main__":
    main()
