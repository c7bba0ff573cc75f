"""Plays as tables: CSV for Unreal's DataTables, JSON for Unity's JsonUtility.

Unreal takes the first column, `Name`, for the row's name. JsonUtility wants one root object, and knows neither
dictionaries nor null; so every file is `{"items": [...]}` with flat rows.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from characters.profile import core_of
from sandbox.games.story import Play, flat
from sandbox.games.telling import play_of
from worlds.actions import Scalar

if TYPE_CHECKING:
    from sandbox.exports.source import Options, Played

__all__ = ["csv_text", "unity_tables", "unreal_tables"]

Row = Mapping[str, Scalar]


def unreal_tables(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write a folder of CSV for Unreal's DataTables: the lines, who says them, who thinks what of whom."""
    return _written(out, ".csv", {name: csv_text(rows) for name, rows in _tables(runs, options).items()})


def unity_tables(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write a folder of JSON that Unity's JsonUtility reads: the lines, who says them, who thinks what of whom."""
    tables = _tables(runs, options)
    texts = {
        name: json.dumps({"items": rows}, ensure_ascii=False, indent=1) + "\n"
        for name, rows in tables.items()
    }
    return _written(out, ".json", texts)


def csv_text(rows: Sequence[Row]) -> str:
    """Give rows as CSV, with a header, quotes where needed, and plain line feeds."""
    file = io.StringIO()
    writer = csv.DictWriter(
        file, list(rows[0]) if rows else ["Name"], lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC
    )
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _written(out: Path, suffix: str, texts: Mapping[str, str]) -> list[Path]:
    out.mkdir(parents=True)
    files = []
    for name, text in texts.items():
        files.append(out / f"{name}{suffix}")
        files[-1].write_text(text, encoding="utf-8", newline="\n")
    return files


def _tables(runs: "Sequence[Played]", options: "Options") -> dict[str, list[Row]]:
    play = play_of(runs, options)
    return {
        "dialogue": list(_dialogue(play)),
        "npcs": [row for run in runs[-1:] for row in _npcs(run, play)],
        "relations": [row for run in runs[-1:] for row in _relations(run, play)],
    }


def _dialogue(play: Play) -> Iterator[Row]:
    for node in play.nodes.values():
        for number, line in enumerate(node.lines):
            last = number == len(node.lines) - 1
            yield {
                "Name": line.key,
                "Node": node.id,
                "Speaker": line.who or "narrator",
                "SpeakerName": line.name,
                "Text": line.text,
                "Emotion": line.emotion,
                "Intent": line.intent,
                "Needs": " ".join(line.needs),
                "Sets": " ".join(line.sets),
                "Next": " ".join(node.next) if last else f"{node.id}_{number + 1}",
            }


def _npcs(run: "Played", play: Play) -> Iterator[Row]:
    state = run.log.state
    for who, name in play.names.items():
        core = core_of(state.cast[who].core)
        yield {
            "Name": who,
            "DisplayName": name,
            "Identity": flat(core.identity),
            "Manner": flat(core.voice.manner),
            "Place": state.where[who],
            "Mood": flat(str(state.slots[who].get("mood", ""))),
            "Openness": core.big_five.openness,
            "Conscientiousness": core.big_five.conscientiousness,
            "Extraversion": core.big_five.extraversion,
            "Agreeableness": core.big_five.agreeableness,
            "Neuroticism": core.big_five.neuroticism,
        }


def _relations(run: "Played", play: Play) -> Iterator[Row]:
    state = run.log.state
    for who in play.names:
        slots = state.slots[who]
        for other in state.cast:
            trust, liking = slots.get(f"trust.{other}"), slots.get(f"liking.{other}")
            if other != who and (trust is not None or liking is not None):
                yield {
                    "Name": f"{who}_{other}",
                    "Who": who,
                    "Of": other,
                    "Trust": _level(trust),
                    "Liking": _level(liking),
                }


def _level(value: Scalar | None) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
