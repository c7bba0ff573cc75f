"""Words in scripts for games: whatever is said comes out as it was put in, whatever signs are in it."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.games.escapes import godot_text, ink_text, twee_text, yarn_text
from sandbox.games.ink import ink_script
from sandbox.games.story import Line, Node, Play, flat
from sandbox.games.twee import twee_script
from sandbox.games.yarn import yarn_script
from tests.nodejs import INK, TWEE, YARN, node

SIGNS = (
    "-> => <- [[ ]] << >> {{ }} { } [ ] < > # // /* */ \\ \\n \\: ~ * + - = === --- | $x :: : ' \" `` '' __ % ! @ "
    "&amp; & ^ , if VAR TODO: INCLUDE [if [#tag] [ID:9] <br> plain words é “so” 1"
).split()
SIGNS.append(" ")
HARD = (
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=8)
    .map(lambda parts: flat("".join(parts)))
    .filter(bool)
)


def play_with(texts: list[str]) -> Play:
    """A play in which somebody says these texts, a node each."""
    nodes = {
        f"n{i}": Node(f"n{i}", (Line("mira", "Mira", text, f"n{i}_0", "calm", "tell"),))
        for i, text in enumerate(texts)
    }
    return Play("Hard words", {"known": True}, tuple(nodes), nodes, (), {"mira": "Mira"}, {})


def hard_texts() -> list[str]:
    """Three hundred texts full of signs that mean something somewhere."""
    draw = Random("hard words")
    texts = {flat("".join(draw.choices(SIGNS, k=draw.randint(1, 8)))) for _ in range(320)}
    return sorted(texts - {""})[:300]


# ── what was put in is read back ───────────────────────────────────────────────────────────────────


def read_yarn(line: str) -> str:
    """Read a line's words as Yarn Spinner's lexer and its markup parser do."""
    words, place = "", 0
    while place < len(line):
        rest = line[place:]
        if rest[0] == "\\":
            assert rest[1] in "\\<>{}#/[]:"
            words, place = words + rest[1], place + 2
            continue
        assert rest[0] not in "{#[]"
        assert not rest.startswith(("<<", "//"))
        words, place = words + rest[0], place + 1
    return words


def read_ink(line: str) -> str:
    """Read a line's words as ink does: a sign after a backslash is itself."""
    bare = re.sub(r"\\.", "", line)
    assert not re.search(r"[{}|\[\]#~]|->|<-|<>|//|/\*", bare), line
    return re.sub(r"\\(.)", r"\1", line)


def read_godot(line: str) -> str:
    """Read a line's words as Dialogue Manager and a RichTextLabel do."""
    assert not re.search(r" =>|\{\{|\\n|\\t|\\:|\[\[|\[#|\[ID:|\[if ", line), line
    return line.replace("[i][/i]", "").replace("[lb]", "[").replace("[rb]", "]")


def read_twee(line: str) -> str:
    """Read a line's words as a browser does; no sign of a story format may be left in them."""
    assert not re.search(r"\[\[|<|\$|''|//|__|\{|^::", line), line
    return html.unescape(line)


@pytest.mark.parametrize(
    ("write", "read"),
    [(yarn_text, read_yarn), (ink_text, read_ink), (godot_text, read_godot), (twee_text, read_twee)],
    ids=["yarn", "ink", "godot", "twee"],
)
@given(text=HARD | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_words_come_through(write: Callable[[str], str], read: Callable[[str], str], text: str) -> None:
    """Whatever is said is read back as it was said, in every format, and nothing in it is taken for a sign."""
    assert read(write(text)) == text


def test_ink_says_what_was_said(tmp_path: Path) -> None:
    """The ink compiler takes hard words without a warning, and tells them as they are."""
    texts = hard_texts()
    found = node(
        INK, "inkjs/full", ink_script(play_with(texts)), [f"n{i}" for i in range(len(texts))], tmp_path
    )
    assert found["wrong"] == []
    assert [text for _, text, _ in found["told"]] == [f"Mira: {text}" for text in texts]


def test_yarn_says_what_was_said(tmp_path: Path) -> None:
    """A Yarn runner takes hard words and tells them as they are, with who says them."""
    texts = hard_texts()
    found = node(
        YARN, "yarn-bound", yarn_script(play_with(texts)), [f"n{i}" for i in range(len(texts))], tmp_path
    )
    assert found["wrong"] == []
    assert [(text.strip(), who) for _, text, who in found["told"]] == [(text, "Mira") for text in texts]


def test_twee_says_what_was_said(tmp_path: Path) -> None:
    """A Twee parser finds every passage, with its words as they are once a browser has read them."""
    texts = hard_texts()
    found = node(TWEE, "extwee", twee_script(play_with(texts)), [], tmp_path)
    told = {name: html.unescape(text.partition("</strong> ")[2]) for name, text, _ in found["told"]}
    assert [told[f"n{i}"] for i in range(len(texts))] == texts
