"""What every test stands on: repeatable examples, a clean environment, and the program as a subprocess."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, settings

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # run in the background, they would start programs deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent

Sandbox: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]
Golden: TypeAlias = Callable[[str, str], None]

# `ci` looks for what we know to ask, the same way every time; `search` looks for what we do not know yet.
settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _clean(environment: dict[str, str]) -> dict[str, str]:
    """Leave out whatever could make a test spend money, phone home or differ between two machines."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(("SANDBOX_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_", "OTEL_"))
        and not name.endswith(("_API_KEY", "_API_TOKEN"))
    }
    return kept | {"ANONYMIZED_TELEMETRY": "False", "COLUMNS": "110", "NO_COLOR": "1", "TERM": "dumb"}


os.environ.update(_clean(dict(os.environ)))
for name in set(os.environ) - set(_clean(dict(os.environ))):
    del os.environ[name]


@pytest.fixture(scope="session")
def root() -> Path:
    """Where the tree stands."""
    return ROOT


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """Run `sandbox …` as a user does, in an empty folder; `code` is the exit code asked for."""

    def run(*words: str, code: int = 0, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "sandbox", *words],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == code, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture
def golden() -> Golden:
    """Compare a text with the file of that name in tests/golden; `make snap` rewrites the file instead."""

    def compare(name: str, text: str) -> None:
        file = ROOT / "tests" / "golden" / name
        if os.environ.get("SNAP"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), f"{file} differs; if it should, run `make snap`"

    return compare
