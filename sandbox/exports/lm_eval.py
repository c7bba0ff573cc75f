"""Interview questions made from runs, as a task of EleutherAI's lm-evaluation-harness.

Four options each; gold comes from the timeline. The context is the character's own part in the run up to the moment it
is asked at. Wrong options are other values of the run, so the options as a whole may name what the character does not
know: that is what is tested.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import JsonValue

from judges.interviews import Question, questions
from sandbox.exports.pov import Part, part_of
from sandbox.exports.source import Options, Played, people, write_lines
from worlds.trajectory import Trajectory

__all__ = ["TASK", "asked_of", "lm_eval"]

TASK = "sandbox_interviews"


def lm_eval(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write a task folder for lm-eval: interview questions made from runs; run it from inside the folder."""
    out.mkdir(parents=True)
    written = write_lines(out / "questions.jsonl", _rows(runs, options))
    task = out / f"{TASK}.yaml"
    task.write_text(yaml.safe_dump(_TASK, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return [task, *written]


def asked_of(run: Played, options: Options) -> Iterator[Question]:
    """Give the questions a run gives rise to, on the characters wanted."""
    wanted = people(run, options)
    return (question for question in questions(run.log) if question.who in wanted)


_TASK: dict[str, JsonValue] = {
    "task": TASK,
    "dataset_path": "json",
    "dataset_kwargs": {"data_files": {"test": "questions.jsonl"}},
    "test_split": "test",
    "output_type": "multiple_choice",
    "doc_to_text": "{{context}}\n\nQuestion to {{name}}: {{question}}\nAnswer:",
    "doc_to_choice": "options",
    "doc_to_target": "gold",
    "metric_list": [
        {"metric": "acc", "aggregation": "mean", "higher_is_better": True},
        {"metric": "acc_norm", "aggregation": "mean", "higher_is_better": True},
    ],
    "metadata": {"version": 1.0},
}


def _rows(runs: Sequence[Played], options: Options) -> Iterator[Mapping[str, object]]:
    for run in runs:
        known: dict[str, Part] = {}
        for question in asked_of(run, options):
            if question.who not in known:
                known[question.who] = part_of(run.log, question.who)
            yield {
                "id": f"{run.name}:{question.id}",
                "type": question.type,
                "name": known[question.who].name,
                "character": question.who,
                "context": _told(run.log, known[question.who], question.seq, options.past),
                "question": question.text,
                "options": list(question.options),
                "gold": question.gold,
            }


def _told(log: Trajectory, part: Part, seq: int, past: int) -> str:
    """Give a character's part as plain text up to an event."""
    lived = [exchange for exchange in part.exchanges if exchange.seq <= seq]
    lines = [part.system]
    for exchange in lived[-past:]:
        lines += [exchange.user, f"{part.name}: {exchange.reply}"]
    last = lived[-1].seq if lived else -1
    lines += [
        percept.text.strip()
        for percept in log.percepts(part.who)
        if last < percept.seq <= seq and percept.text
    ]
    return "\n\n".join(lines)
