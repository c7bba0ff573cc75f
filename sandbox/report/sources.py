"""What a report is made of: a trajectory, and what judges said of it last, or say now."""

from typing import NamedTuple

from pydantic import ValidationError

from judges.panel import Panel
from judges.reading import Reading, read
from judges.verdict import Verdict
from sandbox.foreign import Trial
from worlds.errors import InputError

__all__ = ["VERDICTS", "Reported", "reported"]

VERDICTS = "verdicts.jsonl"


class Reported(NamedTuple):
    """One run with its verdicts."""

    trial: Trial
    reading: Reading
    verdicts: tuple[Verdict, ...]
    stored: bool
    """Whether the verdicts stood beside the run, rather than being reached for this report."""


def reported(trial: Trial) -> Reported:
    """Give a run with the verdicts beside it; where there are none, the judges that need no model are heard now.

    `InputError` for verdicts that cannot be read, or that rest on events the run does not have.
    """
    reading = read(trial.log)
    path = trial.path / VERDICTS if trial.path.is_dir() else trial.path.parent / VERDICTS
    if trial.foreign or not path.exists():
        return Reported(trial, reading, trial.fair(Panel().judge(reading)), stored=False)
    mend = f"`sandbox judge {trial.path}` writes them anew"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the verdicts cannot be read: {error}; {mend}") from error
    verdicts = []
    for number, line in enumerate(lines, start=1):
        try:
            verdict = Verdict.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise InputError(f"{path}:{number}: no verdict: {first['msg']}; {mend}") from error
        if any(seq not in reading for seq in verdict.evidence):
            raise InputError(f"{path}:{number}: rests on an event this run does not have; {mend}")
        verdicts.append(verdict)
    return Reported(trial, reading, tuple(verdicts), stored=True)
