"""Runs for games: dialogue scripts, tables, and characters as bundles.

export(Shelf([Path("runs/tavern-7")]), "yarn", Path("tavern.yarn"))
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.games.bundle import npc_bundle, solo
from sandbox.games.godot import godot_script
from sandbox.games.ink import ink_script
from sandbox.games.story import Play
from sandbox.games.tables import unity_tables, unreal_tables
from sandbox.games.telling import play_of
from sandbox.games.twee import twee_script
from sandbox.games.yarn import yarn_script

if TYPE_CHECKING:
    from sandbox.exports.source import Form, Options, Played

__all__ = ["FORMS", "godot", "ink", "solo", "twee", "yarn"]


def yarn(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write a script for Yarn Spinner: the story as nodes, and what each character can be asked about."""
    return _script(runs, out, options, yarn_script)


def ink(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write an ink script: the story as knots, and what each character can be asked about."""
    return _script(runs, out, options, ink_script)


def twee(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write Twee 3: the tree of the runs as passages, forks as links."""
    return _script(runs, out, options, twee_script)


def godot(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write a script for Godot's Dialogue Manager: the story, and what each character can be asked about."""
    return _script(runs, out, options, godot_script)


def _script(
    runs: "Sequence[Played]", out: Path, options: "Options", write: Callable[[Play], str]
) -> list[Path]:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(write(play_of(runs, options)), encoding="utf-8", newline="\n")
    return [out]


FORMS: "Mapping[str, Form]" = {
    "yarn": yarn,
    "ink": ink,
    "twee": twee,
    "godot": godot,
    "unreal": unreal_tables,
    "unity": unity_tables,
    "npc": npc_bundle,
}
"""Every format by its name."""
