"""Reading authoring files: what is taken, and what is refused with its line."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from worlds.errors import InputError
from worlds.source import MAX_BYTES, read

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)
)

REFUSED = [
    ("empty.yaml", "", 1, "nothing is in it"),
    ("comment.yaml", "# only this\n", 1, "nothing is in it"),
    ("twice.yaml", "a: 1\nb: 2\na: 3\n", 3, "`a` stands on line 1 already"),
    ("twice.json", '{"a": 1,\n "a": 2}', 2, "`a` stands on line 1 already"),
    ("deep.yaml", "[" * 1_000_000, 1, "more than 40 levels"),
    ("deep.json", "[" * 1_000_000, 1, "nest far too deep"),
    ("bomb.yaml", BOMB, 6, "more than 200,000 values"),
    ("loop.yaml", "a: &x [*x]\n", 1, "repeats nothing that is complete"),
    ("star.yaml", "a: *b\n", 1, "quote text that begins with *"),
    ("tag.yaml", "a: 1\nb: !!python/object:os.system [x]\n", 2, "has no meaning here"),
    ("colon.yaml", "a: one\nb: two: three\n", 2, "put text that holds `: ` in quotes"),
    ("tab.yaml", "a:\n\tb: 1\n", 2, "indent with spaces, not tabs"),
    ("quote.yaml", "a: 1\nb: 'open\nc: 2\n", 2, "not YAML"),
    ("bell.yaml", "a: 1\nb: \x07\n", 2, "remove the control character"),
    ("second.yaml", "a: 1\n---\nb: 2\n", 2, "a second document begins"),
    ("key.yaml", "? [a]\n: b\n", 1, "a list or mapping stands where a name should"),
    ("huge.yaml", "a: 1e999\n", 1, "is not finite"),
    ("long.yaml", "a: " + "9" * 5000, 1, "is too long"),
    ("nan.json", '{"a": NaN}', 1, "is not finite"),
    ("comma.json", '{"a": 1,\n}', 2, "not JSON"),
    ("half.json", '["\\ud800"]', 1, "half a surrogate pair"),
]


@pytest.mark.parametrize(("name", "text", "line", "what"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_broken_file_is_refused_with_its_line(
    tmp_path: Path, name: str, text: str, line: int, what: str
) -> None:
    """Whatever is wrong with a file's text is one error that names file, line and mend."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    """A missing file, a directory, a pipe, a binary, another encoding and too large a file are each told apart."""
    (tmp_path / "binary").write_bytes(b"a: \0")
    (tmp_path / "latin").write_bytes("a: 1\nb: é".encode("latin-1"))
    (tmp_path / "large").write_bytes(b"a" * (MAX_BYTES + 1))
    os.mkfifo(tmp_path / "pipe")
    told = {
        "missing": "does not exist",
        ".": "is a directory",
        "pipe": "is no regular file",
        "binary": "is a binary file",
        "latin": ":2: not UTF-8",
        "large": "is larger than 4 MB",
        "no\0name": "cannot be read",
    }
    for name, what in told.items():
        with pytest.raises(InputError, match=what):
            read(tmp_path / name)


def test_every_path_has_its_line(tmp_path: Path) -> None:
    """A path into the data leads to the line it is written on; one that leads nowhere, to the last on the way."""
    path = tmp_path / "a.yaml"
    path.write_text("# top\na:\n  b:\n    - c: 1\n      d: 2\n  e: &e [x,\n    y]\nf: *e\n", encoding="utf-8")
    source = read(path)
    assert source.data == {"a": {"b": [{"c": 1, "d": 2}], "e": ["x", "y"]}, "f": ["x", "y"]}
    assert source.line(("a", "b", 0, "d")) == 5
    assert source.line(("a", "e", 1)) == 7
    assert source.line(("f",)) == 8
    assert source.line(("a", "b", 0, "missing", "deeper")) == 4
    assert source.line() == 2


def test_words_that_yaml_once_changed_stay_as_written(tmp_path: Path) -> None:
    """`on`, `no`, times and octal-looking numbers are text or numbers as they look, and names are always text."""
    path = tmp_path / "a.yaml"
    path.write_text(
        "on: no\nat: 08:30\n1: 007\nt: true\nn: ~\ng: -2.5\ns: '3'\nd: 2024-01-01\n", encoding="utf-8"
    )
    assert read(path).data == {
        "on": "no", "at": "08:30", "1": 7, "t": True, "n": None, "g": -2.5, "s": "3", "d": "2024-01-01",
    }  # fmt: skip


WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = st.text("abcß", min_size=1)


def nested(leaves: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[dict[str, JsonValue]]:
    """Draw mappings of lists and mappings of leaves."""
    inner: st.SearchStrategy[JsonValue] = st.recursive(
        leaves,
        lambda deep: st.lists(deep, max_size=4) | st.dictionaries(NAMES, deep, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(NAMES, inner, min_size=1)


@given(nested(st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | WORDS))
def test_json_is_read_as_written(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, JsonValue]
) -> None:
    """JSON gives back what was written into it, whatever is in it, unless it is endless."""
    path = tmp_path_factory.mktemp("files") / "a.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    if "Infinity" in path.read_text(encoding="utf-8"):
        return
    assert read(path).data == data


@given(nested(WORDS))
def test_yaml_is_read_as_written(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, JsonValue]
) -> None:
    """YAML gives back every text written into it in quotes."""
    path = tmp_path_factory.mktemp("files") / "a.yaml"
    path.write_text(yaml.safe_dump(data, default_style='"'), encoding="utf-8")
    assert read(path).data == data


@given(st.text("{}[]:,-&*!|>'\"#%@ \n\tab1\\"), st.sampled_from(("a.yaml", "a.json")))
def test_no_text_does_worse_than_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    """Any text at all is read, or refused with its line."""
    path = tmp_path_factory.mktemp("files") / name
    path.write_text(text, encoding="utf-8")
    try:
        said = str(read(path).line())
    except InputError as error:
        said = str(error).removeprefix(f"{path}:")
    assert re.match(r"\d+", said)
