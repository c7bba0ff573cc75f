"""Runs as a log of Inspect: a sample a run, our verdicts as scores, every event in its transcript.

Written with Inspect's own library, as its authors ask. Times in it are world time: a run has no other.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from judges.verdict import Verdict
from sandbox.exports.chats import stamp
from sandbox.exports.narrated import clocks, narrated
from sandbox.exports.scoring import of_run
from sandbox.exports.source import Options, Played, library
from worlds.events import Event
from worlds.state import State
from worlds.trajectory import Trajectory

Piece: TypeAlias = Any
"""Something of Inspect's own, which is not there for everyone."""

__all__ = ["inspect", "scored", "store_of", "told"]

_NOTED = 40
"""How many verdicts that are not good are told under a score."""


def inspect(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write an .eval log of Inspect: a sample a run, verdicts as scores a character, every event in the transcript."""
    file = out if out.suffix in (".eval", ".json") else out / f"{out.name}.eval"
    file.parent.mkdir(parents=True, exist_ok=True)
    samples = [_sample(run, options) for run in runs]
    _inspect("log").write_eval_log(_log(samples), str(file))
    return [file]


def scored(verdicts: Sequence[Verdict], cast: Sequence[str]) -> dict[str, Piece]:
    """Give a score a judge: 0..1 for each character it judged, 1 being good."""
    judges = dict.fromkeys(verdict.judge for verdict in verdicts)
    scores = {}
    for judge in judges:
        own = [verdict for verdict in verdicts if verdict.judge == judge]
        values = {who: value.value for who in cast if (value := of_run(own, who)) is not None}
        if values:
            scores[judge] = _inspect("scorer").Score(
                value=dict(values), explanation=told(own), metadata=_dimensions(own, cast)
            )
    return scores


def store_of(state: State) -> dict[str, object]:
    """Give a state as plain data: where everybody and everything is, what is so, who is how."""
    return {
        "clock": state.clock,
        "where": dict(state.where),
        "held": dict(state.held),
        "facts": {subject: dict(facts) for subject, facts in state.facts.items()},
        "slots": {who: dict(slots) for who, slots in state.slots.items()},
        "knows": {secret: sorted(who) for secret, who in state.knows.items()},
    }


def told(verdicts: Sequence[Verdict]) -> str:
    """Say what is not good, with the events it rests on."""
    bad = [v for v in verdicts if v.value is not None and v.scale.good != v.value and v.reason]
    lines = [
        f"{v.subject or 'run'} · {v.dimension} {v.value:.2f}: {v.reason} (events {', '.join(map(str, v.evidence))})"
        for v in bad[:_NOTED]
    ]
    return "\n".join([*lines, f"and {len(bad) - _NOTED} more"] if len(bad) > _NOTED else lines)


def _dimensions(verdicts: Sequence[Verdict], cast: Sequence[str]) -> dict[str, Any]:
    found = {who: of_run(verdicts, who) for who in cast}
    return {who: dict(value.parts) for who, value in found.items() if value is not None}


def _sample(run: Played, options: Options) -> Piece:
    log, state = run.log, run.log.state
    begun, over = stamp(log.upto(1).state.clock), stamp(state.clock)
    messages = _messages(log, run.name)
    return _inspect("log").EvalSample(
        id=run.name,
        uuid=str(uuid5(NAMESPACE_URL, run.name)),
        epoch=1,
        input=state.world.premise.strip(),
        target="",
        messages=messages,
        output=_inspect("model").ModelOutput.from_content(
            _minds(state), str(messages[-1].text) if messages else ""
        ),
        scores=scored(run.verdicts(options.judges), tuple(state.cast)),
        metadata={
            "world": state.world.id,
            "seed": state.settings.seed,
            "cast": list(state.cast),
            "turns": state.turn,
        },
        store=store_of(state),
        events=_events(log, run.name),
        started_at=begun,
        completed_at=over,
    )


def _messages(log: Trajectory, name: str) -> list[Piece]:
    model = _inspect("model")
    said: list[Piece] = []
    for each in narrated(log):
        id_ = f"{name}-{each.seq}"
        if each.by:
            mind, meta = log.state.settings.minds.get(each.by, "improv"), {"character": each.by}
            said.append(model.ChatMessageAssistant(id=id_, content=each.text, model=mind, metadata=meta))
        else:
            said.append(model.ChatMessageUser(id=id_, content=each.text))
    return said


def _events(log: Trajectory, name: str) -> list[Piece]:
    """Give a span a turn, and in it every event as it is in our log."""
    kinds = _inspect("event")
    told: list[Piece] = []
    cues = {event.turn: ", ".join(event.body.who) for event in log if event.body.kind == "cued"}
    for (turn, events), at in zip(_turns(log), _begun(log), strict=True):
        span = f"{name}-turn-{turn}"
        title = f"turn {turn}: {cues[turn]}" if turn in cues else "before the first turn"
        told.append(kinds.SpanBeginEvent(uuid=f"{span}-begin", id=span, name=title, type="turn", **at))
        for event in events:
            data = json.loads(event.model_dump_json(exclude_defaults=True))
            told.append(
                kinds.InfoEvent(
                    uuid=f"{name}-{event.seq}", span_id=span, source=event.body.kind, data=data, **at
                )
            )
        told.append(kinds.SpanEndEvent(uuid=f"{span}-end", id=span, **at))
    return told


def _turns(log: Trajectory) -> list[tuple[int, list[Event]]]:
    return [(turn, list(events)) for turn, events in groupby(log, key=lambda event: event.turn)]


def _begun(log: Trajectory) -> Iterator[dict[str, Any]]:
    """Give when each turn begins, as Inspect's events have it."""
    times = list(clocks(log))
    for turn, events in _turns(log):
        moment = datetime.fromisoformat(stamp(times[events[0].seq]))
        yield {"timestamp": moment, "working_start": float(turn)}


def _log(samples: Sequence[Piece]) -> Piece:
    made = _inspect("log")
    name = "+".join(sorted({str(sample.metadata["world"]) for sample in samples}))
    ids = [str(sample.id) for sample in samples]
    number = str(uuid5(NAMESPACE_URL, " ".join(ids)))
    begun = min(sample.started_at or "" for sample in samples)
    over = max(sample.completed_at or "" for sample in samples)
    models = sorted({sample.output.model for sample in samples})
    return made.EvalLog(
        status="success",
        eval=made.EvalSpec(
            eval_id=number,
            run_id=number,
            task_id=number,
            created=begun,
            task=f"sandbox/{name}",
            dataset=made.EvalDataset(name=name, samples=len(samples), sample_ids=ids),
            model="+".join(models),
            config=made.EvalConfig(),
        ),
        results=made.EvalResults(
            total_samples=len(samples), completed_samples=len(samples), scores=_results(samples)
        ),
        stats=made.EvalStats(started_at=begun, completed_at=over),
        samples=samples,
    )


def _results(samples: Sequence[Piece]) -> list[Piece]:
    """Give the mean of each judge over characters and runs."""
    made = _inspect("log")
    means: dict[str, list[float]] = {}
    for sample in samples:
        for judge, score in (sample.scores or {}).items():
            value: Mapping[str, Any] = score.value if isinstance(score.value, dict) else {}
            means.setdefault(judge, []).extend(float(each) for each in value.values())
    return [
        made.EvalScore(
            name=judge,
            scorer=judge,
            scored_samples=len(samples),
            metrics={"mean": made.EvalMetric(name="mean", value=fmean(values))},
        )
        for judge, values in sorted(means.items())
    ]


def _inspect(part: str) -> ModuleType:
    return library(f"inspect_ai.{part}", "inspect")


def _minds(state: State) -> str:
    return "+".join(sorted({state.settings.minds.get(who, "improv") for who in state.cast}))
