"""Runs for evaluation tools: LangSmith examples and feedback, agentevals trajectories.

Each is a folder of two files: what a character perceived and did, and what judges say of it. They are apart because a
judge's reason may name what the character did not know. Nothing is uploaded.

Shapes: LangSmith's `ExampleCreate` and `FeedbackCreate`; agentevals' OpenAI messages and `GraphTrajectory`, and the
`EvaluatorResult` it shares with openevals.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from judges.scores import goodness
from judges.verdict import Verdict
from sandbox.exports.chats import parts
from sandbox.exports.pov import Part, answered, conversation, prompt
from sandbox.exports.source import Options, Played, write_lines
from worlds.trajectory import Trajectory

__all__ = ["agentevals", "langsmith"]


def langsmith(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write LangSmith examples.jsonl, one an own turn, and feedback.jsonl, one a verdict; nothing is uploaded."""
    out.mkdir(parents=True)
    examples = (
        {
            "id": _number(run, part.who, exchange.seq, "example"),
            "inputs": {"messages": [dict(each.record()) for each in prompt(part, turn, options.past)]},
            "outputs": {"message": dict(answered(exchange, thoughts=options.thoughts).record())},
            "metadata": {
                "run": run.name,
                "world": run.log.state.world.id,
                "character": part.who,
                "seq": exchange.seq,
                "source_run_id": _number(run, part.who, exchange.seq),
            },
        }
        for run, part in parts(runs, options)
        for turn, exchange in enumerate(part.exchanges)
    )
    feedback = (
        {
            "id": str(uuid5(NAMESPACE_URL, f"{run.name}:verdict:{number}")),
            "run_id": _number(run, part.who, _act(part, verdict)),
            "trace_id": _number(run, part.who),
            "key": verdict.dimension,
            "score": goodness(verdict),
            "value": verdict.value,
            "comment": verdict.reason,
            "feedback_source": {
                "type": "model" if verdict.model else "api",
                "metadata": {"judge": verdict.judge},
            },
            "extra": {"evidence": list(verdict.evidence), "confidence": verdict.confidence},
        }
        for run, part, number, verdict in _verdicts(runs, options)
    )
    return [*write_lines(out / "examples.jsonl", examples), *write_lines(out / "feedback.jsonl", feedback)]


def agentevals(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write agentevals trajectories.jsonl, one a character, and results.jsonl of the judges."""
    out.mkdir(parents=True)
    trajectories = (
        {
            "id": f"{run.name}:{part.who}",
            "inputs": {"messages": [dict(each.record()) for each in prompt(part, 0, 0)]},
            "outputs": [dict(each.record()) for each in conversation(part, thoughts=options.thoughts)],
            "graph": {
                "inputs": [{"messages": [{"role": "user", "content": part.exchanges[0].user}]}],
                "results": [{"messages": [{"role": "assistant", "content": part.exchanges[-1].reply}]}],
                "steps": _steps(run.log, part),
            },
        }
        for run, part in parts(runs, options)
    )
    results = (
        {
            "trajectory": f"{run.name}:{part.who}",
            "key": verdict.dimension,
            "score": goodness(verdict),
            "comment": verdict.reason,
            "metadata": {"judge": verdict.judge, "evidence": list(verdict.evidence), "value": verdict.value},
            "source_run_id": _number(run, part.who, _act(part, verdict)),
        }
        for run, part, _, verdict in _verdicts(runs, options)
    )
    return [
        *write_lines(out / "trajectories.jsonl", trajectories),
        *write_lines(out / "results.jsonl", results),
    ]


def _verdicts(runs: Sequence[Played], options: Options) -> Iterator[tuple[Played, Part, int, Verdict]]:
    """Give the verdicts on each wanted character that have a value, numbered within the run."""
    for run, part in parts(runs, options):
        for number, verdict in enumerate(run.verdicts(options.judges)):
            if verdict.subject == part.who and verdict.value is not None and not verdict.held_back:
                yield run, part, number, verdict


def _act(part: Part, verdict: Verdict) -> int:
    """Give the seq of the act a verdict is about; −1 if it is about more than one."""
    window = verdict.window
    if window is None or window.first != window.last:
        return -1
    return next((exchange.seq for exchange in part.exchanges if exchange.seq == window.first), -1)


def _number(run: Played, who: str, seq: int = -1, kind: str = "run") -> str:
    """Give the number of an act, or of a whole part, as these tools number runs: always the same one."""
    return str(uuid5(NAMESPACE_URL, f"{kind}:{run.name}:{who}:{seq}"))


def _steps(log: Trajectory, part: Part) -> list[list[str]]:
    """Give, for each own turn, whose acts were perceived before it, and then one's own."""
    return [
        [
            *(
                log[seq].by
                for seq in exchange.heard
                if log[seq].body.kind == "acted" and part.who in log[seq].witnesses
            ),
            part.who,
        ]
        for exchange in part.exchanges
    ]
