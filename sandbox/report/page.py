"""The page itself: one HTML file with its style, its script and its pictures inside, and a policy that loads nothing.

Every text of a run is data: the template escapes it, the script puts it in as text, and the policy lets no other
style or script run than the two whose hashes it names.
"""

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import JsonValue

from judges.calibration import Calibrated
from judges.scores import Estimate, Tally, estimate, goodness
from sandbox.report.checks import Check, checks
from sandbox.report.flows import Flow, flows
from sandbox.report.found import Finding, Findings, findings
from sandbox.report.sources import Reported
from sandbox.report.strips import PARTS, Curve, Row, curves, path, rows, scales_of, tallied
from sandbox.report.telling import Passage, Telling
from sandbox.report.web import Web, web
from sandbox.report.words import FAMILIES, WHAT, family, leaf, number, order
from sandbox.story import clean

__all__ = ["Chapter", "render"]

_HERE = Path(__file__).parent

TONES = 10
"""Colours of characters; with more characters they come again."""


class Person(NamedTuple):
    """A character on the page."""

    name: str
    tone: int


class Chapter(NamedTuple):
    """One run, laid out."""

    id: str
    one: Reported
    title: str
    name: str
    turns: int
    people: Mapping[str, Person]
    tally: Tally
    rows: Sequence[Row]
    curves: Mapping[str, Sequence[Curve]]
    found: Findings
    flows: Sequence[Flow]
    web: Web
    passages: Sequence[Passage]
    marks: Mapping[int, Sequence[str]]
    """Event to the ids of the findings that rest on it."""
    resting: Mapping[str, JsonValue]
    """Event to all verdicts that rest on it, for the script."""

    def alarms(self, passage: Passage) -> list[str]:
        """Give the ids of the findings that rest on a line."""
        return list(dict.fromkeys(id_ for seq in passage.seqs for id_ in self.marks.get(seq, ())))

    def mean(self, dimension: str) -> Estimate | None:
        """Give the mean over the characters."""
        return estimate([self.tally], dimension)


def render(runs: Sequence[Reported], table: Calibrated | None) -> str:
    """Give the page about one run or several; `table` is the calibration of the judges, if it is known."""
    names = _names(runs)
    chapters = [
        _chapter(f"r{i}", name, one) for i, (name, one) in enumerate(zip(names, runs, strict=True), 1)
    ]
    found: Mapping[str, Check] = checks(table) if table else {}
    style, script = (_file(name) for name in ("page.css", "page.js"))
    text = (
        _templates()
        .get_template("page.html")
        .render(
            chapters=chapters,
            families=_families(chapters),
            overall=rows({c.id: c.tally for c in chapters}, scales_of(runs)) if len(chapters) > 1 else [],
            checks=found,
            played=table.runs if table else (),
            style=style,
            script=script,
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
            "form-action 'none'",
        )
    )
    return text.rstrip() + "\n"


def _names(runs: Sequence[Reported]) -> list[str]:
    """Give what the runs are called, without the folder they share."""
    names = [clean(one.trial.name) for one in runs]
    shared = os.path.commonpath([Path(name).parent for name in names]) if len(names) > 1 else ""
    return [name.removeprefix(f"{shared}/") if shared else name for name in names]


def _chapter(id_: str, name: str, one: Reported) -> Chapter:
    telling = Telling(one)
    found = findings(one, telling)
    tally = tallied(one)
    return Chapter(
        id=id_,
        one=one,
        title=clean(one.reading.end.world.title),
        name=name,
        turns=one.reading.end.turn,
        people={
            who: Person(clean(character.name), tone % TONES)
            for tone, (who, character) in enumerate(one.reading.end.cast.items())
        },
        tally=tally,
        rows=rows({id_: tally}, scales_of([one])),
        curves=curves(tallied(one, PARTS)),
        found=found,
        flows=flows(one.reading),
        web=web(one.reading, telling),
        passages=telling.passages,
        marks=_marks(id_, found.alarms),
        resting=_resting(one),
    )


def _marks(id_: str, alarms: Sequence[Finding]) -> Mapping[int, Sequence[str]]:
    marks: dict[int, list[str]] = {}
    for number_, finding in enumerate(alarms, start=1):
        for quote in finding.quotes:
            marks.setdefault(quote.seq, []).append(f"{id_}f{number_}")
    return marks


def _resting(one: Reported) -> Mapping[str, JsonValue]:
    """Give the verdicts on each event: whom on, in what, the value, why, and whether it is bad."""
    names = {who: clean(character.name) for who, character in one.reading.end.cast.items()}
    found: dict[str, list[JsonValue]] = {}
    for verdict in one.verdicts:
        good = goodness(verdict)
        if good is not None:
            who = names.get(verdict.subject, verdict.subject)
            row: list[JsonValue] = [
                who,
                verdict.dimension,
                number(verdict.value),
                clean(verdict.reason),
                good < 0.5,
            ]
            for seq in verdict.evidence:
                found.setdefault(str(seq), []).append(row)
    return dict(found)


def _families(chapters: Sequence[Chapter]) -> list[str]:
    names = {name for chapter in chapters for name in chapter.tally if "." not in name}
    return sorted(names, key=order)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"leaf": leaf, "family": family, "number": number, "path": path}
    made.globals |= {"WHAT": WHAT, "FAMILIES": FAMILIES}
    return made


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
