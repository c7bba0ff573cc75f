"""The tables of a dataset folder: their columns, and the rows a run has in each."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from judges.scores import goodness
from sandbox.exports.lm_eval import asked_of
from sandbox.exports.narrated import clocks
from sandbox.exports.pov import conversation, part_of
from sandbox.exports.scoring import by_judge, of_run
from sandbox.exports.source import Options, Played, people
from worlds.events import Event, Started
from worlds.prose import tell

__all__ = ["COLUMNS", "ROWS", "Row", "Type", "authored"]

Type: TypeAlias = str | list[Any] | dict[str, Any]
"""Of a column: a name both Arrow and the hub know, a list of one type, or a struct of named ones."""

Row: TypeAlias = dict[str, Any]

COLUMNS: Mapping[str, Mapping[str, Type]] = {
    "trajectories": {
        "run": "string",
        "world": "string",
        "character": "string",
        "world_hash": "string",
        "character_hash": "string",
        "seed": "int64",
        "mind": "string",
        "turns": "int32",
        "ending": "string",
        "messages": [{"role": "string", "content": "string"}],
        "thoughts": ["string"],
        "events": [["int32"]],
        "scores": [{"judge": "string", "value": "float64"}],
    },
    "events": {
        "run": "string",
        "seq": "int32",
        "turn": "int32",
        "time": "int32",
        "kind": "string",
        "by": "string",
        "text": "string",
        "witnesses": ["string"],
        "glimpses": ["string"],
        "links": [{"to": "int32", "rel": "string"}],
        "body": "string",
    },
    "verdicts": {
        "run": "string",
        "judge": "string",
        "subject": "string",
        "dimension": "string",
        "value": "float64",
        "good": "float64",
        "scale": {"low": "float64", "high": "float64", "good": "float64"},
        "confidence": "float64",
        "evidence": ["int32"],
        "reason": "string",
        "first": "int32",
        "last": "int32",
        "parsed": "string",
        "model": "string",
    },
    "interviews": {
        "run": "string",
        "id": "string",
        "type": "string",
        "character": "string",
        "slot": "string",
        "seq": "int32",
        "after": "int32",
        "question": "string",
        "options": ["string"],
        "gold": "int32",
        "kinds": ["string"],
        "evidence": ["int32"],
    },
    "authored": {"hash": "string", "kind": "string", "id": "string", "name": "string", "json": "string"},
}


def _trajectories(run: Played, options: Options) -> Iterator[Row]:
    state = run.log.state
    last = run.log[run.log.seq].body
    for who in people(run, options):
        part = part_of(run.log, who)
        if not part.exchanges:
            continue
        scored = of_run(run.verdicts(options.judges), who)
        heard = [seqs for each in part.exchanges for seqs in (list(each.heard), [each.seq])]
        yield {
            "run": run.name,
            "world": state.world.id,
            "character": who,
            "world_hash": _hash(state.world.model_dump_json(exclude_defaults=True)),
            "character_hash": _hash(state.cast[who].model_dump_json(exclude_defaults=True)),
            "seed": state.settings.seed,
            "mind": state.settings.minds.get(who, "improv"),
            "turns": state.turn,
            "ending": last.ending if last.kind == "ended" else "",
            "messages": [each.record() for each in conversation(part, thoughts=False)],
            "thoughts": [exchange.thought for exchange in part.exchanges],
            "events": [[], *heard],
            "scores": [{"judge": j, "value": value} for j, value in by_judge(scored).items()]
            if scored
            else [],
        }


def _events(run: Played, options: Options) -> Iterator[Row]:
    del options
    names = run.log.state.plan.names
    for event, clock in zip(run.log, clocks(run.log), strict=True):
        yield {
            "run": run.name,
            "seq": event.seq,
            "turn": event.turn,
            "time": clock,
            "kind": event.body.kind,
            "by": event.by,
            "text": tell(event, names),
            "witnesses": list(event.witnesses),
            "glimpses": list(event.glimpses),
            "links": [link._asdict() for link in event.links],
            "body": _body(event),
        }


def _body(event: Event) -> str:
    """Give a body as JSON; that of the first event with hashes for the world and cast, which are long."""
    body = event.body
    if not isinstance(body, Started):
        return body.model_dump_json(exclude_defaults=True)
    told = {
        "kind": "started",
        "version": body.version,
        "world": _hash(body.world.model_dump_json(exclude_defaults=True)),
        "cast": [_hash(each.model_dump_json(exclude_defaults=True)) for each in body.cast],
        "settings": body.settings.model_dump(mode="json", exclude_defaults=True),
    }
    return json.dumps(told, ensure_ascii=False)


def _verdicts(run: Played, options: Options) -> Iterator[Row]:
    for verdict in run.verdicts(options.judges):
        yield {
            "run": run.name,
            "judge": verdict.judge,
            "subject": verdict.subject,
            "dimension": verdict.dimension,
            "value": verdict.value,
            "good": goodness(verdict),
            "scale": verdict.scale._asdict(),
            "confidence": verdict.confidence,
            "evidence": list(verdict.evidence),
            "reason": verdict.reason,
            "first": verdict.window.first if verdict.window else None,
            "last": verdict.window.last if verdict.window else None,
            "parsed": verdict.parsed,
            "model": verdict.model,
        }


def _interviews(run: Played, options: Options) -> Iterator[Row]:
    for question in asked_of(run, options):
        row = question.model_dump()
        row |= {"run": run.name, "character": row.pop("who"), "question": row.pop("text")}
        yield row


ROWS: Mapping[str, Callable[[Played, Options], Iterator[Row]]] = {
    "trajectories": _trajectories,
    "events": _events,
    "verdicts": _verdicts,
    "interviews": _interviews,
}
"""What makes a run's rows, table by table."""


def authored(run: Played, known: set[str]) -> Iterator[Row]:
    """Give the world and the cards of a run, those that are not `known` by their hash yet."""
    state = run.log.state
    world = ("world", state.world.id, state.world.title, state.world.model_dump_json(exclude_defaults=True))
    cards = (
        ("character", who, character.name, character.model_dump_json(exclude_defaults=True))
        for who, character in state.cast.items()
    )
    for kind, id_, name, text in (world, *cards):
        hash_ = _hash(text)
        if hash_ not in known:
            known.add(hash_)
            yield {"hash": hash_, "kind": kind, "id": id_, "name": name, "json": text}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
