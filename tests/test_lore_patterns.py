"""Patterns in keys: JavaScript's, and never for long."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.lore.patterns import found, problem, split

PIECES = (
    "a",
    "b",
    "ab",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "\\s",
    "(a|b)",
    "(?:ab)",
    "^",
    "$",
    "\\b",
    "x{2}",
    "-",
)
COUNTS = ("", "*", "+", "?", "*?", "{1,2}", "{2,}")


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(COUNTS)), max_size=6),
    st.text(alphabet="abAB x1-\n", max_size=12),
    st.sampled_from(("", "i", "m", "s", "im")),
)
def test_patterns_match_what_a_backtracking_matcher_matches(
    pieces: list[tuple[str, str]], text: str, flags: str
) -> None:
    """On patterns without look-around, the answer is the standard library's."""
    pattern = "".join(p + (c if p not in ("^", "$", "\\b", "x{2}") else "") for p, c in pieces)
    options = sum(getattr(re, flag.upper()) for flag in flags) if flags else 0
    wanted = re.search(pattern.replace("$", "$" if "m" in flags else "\\Z"), text, options) is not None
    assert found(pattern, flags, text) == wanted


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 3000 + "!"),
        ("(a|a)*b", "a" * 4000),
        ("(x+x+)+y", "x" * 4000),
        ("(.*)*" * 20 + "z", "q" * 4000),
    ],
)
def test_a_catastrophic_pattern_is_no_catastrophe(pattern: str, text: str) -> None:
    """Patterns that keep a backtracking matcher busy for ever are answered at once."""
    began = process_time()
    assert not found(pattern, "", text)
    assert process_time() - began < 1


@pytest.mark.parametrize(
    "key",
    ["/(bell/", "/bell)/", "/[a/", "/*/", "/(?<=a)b/", "/a(?=b)/", "/(a)\\1/", "/a{500}/", "/(((a{99}){99}){99})/",
     "/" + "(" * 50 + "a" + ")" * 50 + "/", "/((((((){200}){200}){200}){200}){200})/", "/\\p{L}/", "/a\\/"],
)  # fmt: skip
def test_what_cannot_be_a_pattern_says_why_and_never_matches(key: str) -> None:
    """Broken, unsupported and oversized patterns are told, and match nothing."""
    parts = split(key)
    assert parts
    assert problem(key)
    assert not found(*parts, "bell aaab abab")


def test_only_what_stands_between_slashes_is_a_pattern() -> None:
    """Words, paths and unknown flags are plain keys."""
    assert split("/bell/i") == ("bell", "i")
    assert split("/a/b/") == ("a/b", "")
    for key in ("bell", "/", "//", "/bell", "bell/i", "/bell/q", ""):
        assert split(key) is None
