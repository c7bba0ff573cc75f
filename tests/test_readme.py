"""What the README shows is what there is."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, Golden, Sandbox

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.strip() and not line.startswith("#")
]
SHOWN = [shlex.split(line, comments=True) for line in LINES]
COMMANDS = [words[1:] for words in SHOWN if words[0] == "sandbox"]


def spoken(help_text: str) -> set[str]:
    """Give the words and flags a help text names."""
    return set(re.findall(r"(?<![\w-])(?:--?)?[a-z][\w-]*", help_text))


def test_only_known_programs_are_shown() -> None:
    """Each line of shell in the README starts with a program this test knows how to check."""
    assert {words[0] for words in SHOWN} <= {"cmp", "make", "sandbox"}


def test_make_targets_exist() -> None:
    """Every `make` target in the README and in the contributors' guide is a rule of the Makefile."""
    rules = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", README + guide, re.MULTILINE)) <= rules


def test_verbs_and_flags_exist(sandbox: Sandbox) -> None:
    """Every verb and every flag shown in the README is in the program's help."""
    helps = cache(lambda *verb: spoken(sandbox(*verb, "--help").stdout))
    missing = [
        word
        for verb, *words in COMMANDS
        for word, known in [(verb, helps()), *((word, helps(verb)) for word in words if word[0] == "-")]
        if word not in known
    ]
    assert missing == []


@pytest.mark.golden
def test_help_is_what_was_agreed(sandbox: Sandbox, golden: Golden) -> None:
    """The program's help names its verbs in the words that were last reviewed."""
    golden("help.txt", sandbox("--help").stdout)


@pytest.mark.slow
def test_the_first_five_minutes_work(sandbox: Sandbox, tmp_path: Path) -> None:
    """The commands of the README run, in their order, from an empty folder and without a key."""
    for program, *words in SHOWN:
        if program == "cmp":
            one, other = (tmp_path / word for word in words)
            assert one.read_bytes() == other.read_bytes(), shlex.join(words)
        if program == "sandbox":
            if words[0] == "resume":
                _interrupt(tmp_path / words[1] / "events.jsonl")
            done = sandbox(*words)
            assert (done.stdout + done.stderr).strip(), f"{shlex.join(words)} says nothing"


def _interrupt(log: Path) -> None:
    """Leave what a crash leaves: the last events missing, and half a line."""
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-9]) + lines[-9][:40])


def test_links_lead_somewhere() -> None:
    """Every relative link in the README and in docs/ leads to a file."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
