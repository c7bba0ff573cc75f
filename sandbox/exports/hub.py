"""A dataset folder as the Hugging Face hub has it: parquet files with one schema, and a card that says what they are.

Five tables: `trajectories` (one character's part, from its own point of view), `events` (whole logs, everybody's
thoughts included), `verdicts`, `interviews` (questions with gold), `authored` (the worlds and cards, once each).
What is open-ended is JSON in a string: a column empty in one file and a list in the next would make two schemas.
The same runs give the same bytes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import JsonValue

from sandbox.exports.hub_rows import COLUMNS, ROWS, Type, authored
from sandbox.exports.hub_splits import SPLITS, split
from sandbox.exports.source import Options, Played, library

__all__ = ["parquet"]

SHARD = 200_000
"""Rows of one file at most."""

_BATCH = 4_000
"""Rows that are written at once."""

Counts = dict[tuple[str, str], tuple[int, int]]
"""Rows, and bytes in memory, of each table in each split."""


def parquet(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write a Hugging Face dataset folder: parquet, one schema, a card, splits that share no world or character."""
    library("pyarrow", "datasets")
    members = [(run.log.state.world.id, tuple(run.log.state.cast)) for run in runs]
    splits = split(members)
    written: list[Path] = []
    counts: Counts = {}
    minds: set[str] = set()
    for wanted in SPLITS:
        chosen = [index for index, each in enumerate(splits) if each == wanted]
        if not chosen:
            continue
        tables = {name: _Table(out, name, wanted) for name in COLUMNS}
        known: set[str] = set()
        for index in chosen:
            run = runs[index]
            minds |= {run.log.state.settings.minds.get(who, "improv") for who in run.log.state.cast}
            for name, rows in ROWS.items():
                tables[name].add(rows(run, options))
            tables["authored"].add(authored(run, known))
        for name, table in tables.items():
            written += table.close()
            counts[name, wanted] = table.count, table.size
    card = out / "README.md"
    card.write_text(_card(counts, splits, members, sorted(minds)), encoding="utf-8")
    return [card, *written]


class _Table:
    """The files of one table in one split, written as rows come."""

    def __init__(self, out: Path, name: str, wanted: str) -> None:
        self.folder, self.split = out / "data" / name, wanted
        self.count = self.size = 0
        self.columns = COLUMNS[name]
        self._rows: list[dict[str, Any]] = []
        self._files: list[Path] = []
        self._writer: Any = None

    def add(self, rows: Iterator[dict[str, Any]]) -> None:
        """Take rows in; what fills a batch is written."""
        for row in rows:
            self._rows.append(row)
            if len(self._rows) >= _BATCH:
                self._write()

    def close(self) -> list[Path]:
        """Write what is left, and name the files now that their number is known; without rows there is none."""
        if self._rows:
            self._write()
        if self._writer is not None:
            self._writer.close()
        number = len(self._files)
        named = [self.folder / f"{self.split}-{index:05}-of-{number:05}.parquet" for index in range(number)]
        return [file.replace(name) for file, name in zip(self._files, named, strict=True)]

    def _write(self) -> None:
        arrow, files = library("pyarrow", "datasets"), library("pyarrow.parquet", "datasets")
        schema = arrow.schema([(name, _arrow(kind)) for name, kind in self.columns.items()])
        if self._writer is None or self.count % SHARD + len(self._rows) > SHARD:
            if self._writer is not None:
                self._writer.close()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._files.append(self.folder / f"{self.split}.{len(self._files)}.part")
            self._writer = files.ParquetWriter(self._files[-1], schema, compression="zstd")
        table = arrow.Table.from_pylist(self._rows, schema=schema)
        self._writer.write_table(table)
        self.count, self.size = self.count + table.num_rows, self.size + table.nbytes
        self._rows = []


def _arrow(kind: Type) -> Any:  # noqa: ANN401 - pyarrow's own types, which are not there for everyone
    """Give a column's type as Arrow has it."""
    arrow = library("pyarrow", "datasets")
    if isinstance(kind, str):
        return getattr(arrow, {"bool": "bool_"}.get(kind, kind))()
    if isinstance(kind, list):
        return arrow.list_(_arrow(kind[0]))
    return arrow.struct([(name, _arrow(inner)) for name, inner in kind.items()])


def _feature(kind: Type) -> Any:  # noqa: ANN401 - YAML of any depth
    """Give a column's type as the card has it."""
    if isinstance(kind, str):
        return {"dtype": kind}
    if isinstance(kind, list):
        inner = kind[0]
        if isinstance(inner, str):
            return {"list": inner}
        return {"list": _feature(inner)["struct"] if isinstance(inner, dict) else _feature(inner)}
    return {"struct": [{"name": name, **_feature(inner)} for name, inner in kind.items()]}


def _card(
    counts: Counts, splits: Sequence[str], members: Sequence[tuple[str, Sequence[str]]], minds: Sequence[str]
) -> str:
    """Say what the folder holds: for machines in the head, for people below."""
    there = [name for name in SPLITS if name in splits]
    filled = {name: [each for each in there if counts[name, each][0]] for name in COLUMNS}
    tables = {name: having for name, having in filled.items() if having}
    head: dict[str, JsonValue] = {
        "license": "other",
        "tags": ["role-play", "characters", "synthetic"],
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == "trajectories" else {}),
                "data_files": [{"split": each, "path": f"data/{name}/{each}-*.parquet"} for each in having],
            }
            for name, having in tables.items()
        ],
        "dataset_info": [_info(name, having, counts) for name, having in tables.items()],
    }
    rows = [
        f"| {each} | {splits.count(each)} | {_listed({members[i][0] for i, s in enumerate(splits) if s == each})} |"
        f" {_listed({who for i, s in enumerate(splits) if s == each for who in members[i][1]})} |"
        for each in there
    ]
    values = {"rows": "\n".join(rows), "minds": _listed(minds)}
    text = _CARD
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n\n{text}"


def _info(name: str, there: Sequence[str], counts: Counts) -> JsonValue:
    return {
        "config_name": name,
        "features": [{"name": column, **_feature(kind)} for column, kind in COLUMNS[name].items()],
        "splits": [
            {"name": each, "num_bytes": counts[name, each][1], "num_examples": counts[name, each][0]}
            for each in there
        ],
        "dataset_size": sum(counts[name, each][1] for each in there),
    }


def _listed(words: set[str] | Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))


_CARD = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")
