"""What is there and what works."""

import asyncio
import importlib.metadata
import platform
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from characters.files import character_names, load_card
from characters.models import connect, listing, ping
from worlds.errors import SandboxError
from worlds.files import load_world, world_names

__all__ = ["Checked", "examine", "pinged"]

_PACKAGES = ("langgraph", "langchain-core", "pydantic", "networkx", "chromadb", "textual")

_ENOUGH = 50 * 2**20
"""Bytes of free disk below which runs are at risk."""


class Checked(NamedTuple):
    """One thing looked at."""

    what: str
    ok: bool
    found: str
    needed: bool = True
    """Whether the program cannot do without it."""


def examine() -> tuple[Checked, ...]:
    """Look at the interpreter, the packages, the bundled content and the place runs go to."""
    python = Checked("python", sys.version_info >= (3, 11), platform.python_version())
    models = (Checked(found.name, found.ok, found.text, needed=False) for found in listing())
    return (python, *(_package(name) for name in _PACKAGES), _content(), _disk(), *models)


def pinged(spec: str) -> Checked:
    """Send a model one short question."""
    try:
        return Checked(spec, ok=True, found=asyncio.run(ping(connect(spec))))
    except SandboxError as error:
        return Checked(spec, ok=False, found=str(error))


def _package(name: str) -> Checked:
    try:
        return Checked(name, ok=True, found=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Checked(name, ok=False, found="not installed; install roleplay-sandbox again")


def _content() -> Checked:
    try:
        worlds = [load_world(id_).id for id_ in world_names()]
        cards = [load_card(id_).id for id_ in character_names()]
    except SandboxError as error:
        return Checked("content", ok=False, found=str(error))
    return Checked("content", ok=bool(worlds), found=f"{len(worlds)} worlds, {len(cards)} characters")


def _disk() -> Checked:
    runs = Path("runs")
    folder = runs if runs.is_dir() else Path()
    free = shutil.disk_usage(folder).free
    return Checked("runs", ok=free > _ENOUGH, found=f"{folder.resolve()}, {free // 2**20} MB free")
