"""What the tests of the consistency judge share: its breaches, a log's lines, and one event changed."""

from collections.abc import Iterator, Sequence

from judges.consistency import ConsistencyJudge
from judges.verdict import Verdict
from worlds.actions import Say
from worlds.events import Acted, Event
from worlds.trajectory import Trajectory

__all__ = ["breaches", "lines", "swapped"]


def breaches(log: Sequence[Event] | Trajectory, part: str) -> list[Verdict]:
    """Give the verdicts of one dimension that found something."""
    found = ConsistencyJudge().judge(log)
    return [verdict for verdict in found if verdict.dimension == f"consistency.{part}" and verdict.value == 0]


def lines(log: Trajectory) -> Iterator[tuple[Event, Say]]:
    """Give every utterance with its event."""
    for event in log:
        if isinstance(event.body, Acted) and isinstance(event.body.action, Say):
            yield event, event.body.action


def swapped(log: Trajectory, seq: int, **body: object) -> list[Event]:
    """Give the events with some fields of one body changed."""
    events = list(log)
    changed = events[seq].body.model_copy(update=body)
    events[seq] = events[seq].model_copy(update={"body": changed})
    return events
