"""What is shipped is what was tested."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, Sandbox

PACKAGES = ("worlds", "characters", "judges", "sandbox")
PLAY = ("run", "tavern", "--turns", "20", "--seed", "7", "--out", "played")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the tree without a look at the network."""
    pytest.importorskip("hatchling", reason="the dev extra is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_all_that_is_played(wheel: Path) -> None:
    """Every file of the four packages is in the wheel, data as well as code."""
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.split("/")[0] in PACKAGES}
    in_tree = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped == in_tree
    for kind in ("worlds/stages/", "characters/cast/", "characters/improv/grammar/"):
        assert any(name.startswith(kind) and name.endswith(".yaml") for name in shipped), kind


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """Besides the packages there is only what describes them; tests and runs stay at home."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        [info] = tops - set(PACKAGES)
        scripts = archive.read(f"{info}/entry_points.txt").decode()
    assert info.endswith(".dist-info")
    assert "sandbox = sandbox.cli:main" in scripts


@pytest.mark.slow
def test_the_wheel_plays_the_same_run(wheel: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    """A run played from the wheel, far from the tree, is byte for byte the run played from the tree."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    played = subprocess.run(
        [sys.executable, "-P", "-m", "sandbox", *PLAY],
        cwd=elsewhere,
        env=os.environ | {"PYTHONPATH": str(site)},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    sandbox(*PLAY)

    assert played.returncode == 0, played.stderr
    assert (elsewhere / "played/events.jsonl").read_bytes() == (tmp_path / "played/events.jsonl").read_bytes()
