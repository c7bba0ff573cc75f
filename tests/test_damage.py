"""Damage: what is spoilt, what is not, and that the judges it is made for notice."""

import json
import re
from pathlib import Path

import pytest

from judges.calibration import calibrate
from judges.calibration_page import as_json, markdown, read_json, shipped
from judges.consistency import ConsistencyJudge
from judges.damage import damage, damages, restamped
from judges.fidelity import FidelityJudge
from judges.reading import read
from judges.tracking import TrackingJudge
from tests.house import bundled
from worlds.actions import Say
from worlds.errors import InputError, UsageError
from worlds.events import Acted, Started

KINDS = pytest.mark.parametrize("kind", list(damages()))
JUDGES = (FidelityJudge(), ConsistencyJudge(), TrackingJudge())


def test_there_are_many_kinds() -> None:
    """There are at least fourteen kinds, and every dimension that must notice one is some judge's."""
    assert len(damages()) >= 14
    known = {v.dimension for judge in JUDGES for v in judge.judge(bundled("tavern"))}
    assert {dimension for kind in damages().values() for dimension in kind.own} <= known


@KINDS
def test_damage_is_a_pure_function(kind: str) -> None:
    """The same log, kind, dose and seed give the same events; the log is left as it was; no dose, no damage."""
    log = bundled("tavern")
    before = list(log)
    one, two = (damage(log, kind, dose=0.7, seed="5") for _ in range(2))
    assert one == two
    assert one.places
    assert list(log) == before
    assert list(damage(log, kind, dose=0.0).events) == before
    assert damage(log, kind, seed="6").places != one.places or len(one.places) <= 4


@KINDS
def test_a_higher_dose_spoils_more_and_keeps_what_was_spoilt(kind: str) -> None:
    """Places of a lower dose are among those of a higher one."""
    log = bundled("village")
    low, high = (set(damage(log, kind, dose=dose, seed="1").places) for dose in (0.3, 1.0))
    assert low <= high
    assert len(low) <= len(high)


@KINDS
def test_a_spoilt_log_is_a_log(kind: str) -> None:
    """Seqs run from 0 without a gap, links and causes point backwards, and it can be read from its start."""
    events = damage(bundled("opera"), kind).events
    assert [event.seq for event in events] == list(range(len(events)))
    assert isinstance(events[0].body, Started)
    for event in events:
        assert all(link.to < event.seq for link in event.links)
        assert all(change.because < event.seq for change in getattr(event.body, "changes", ()))
    assert len(read(events)) == len(events)


def test_stamping_a_clean_log_anew_changes_nothing() -> None:
    """Witnesses and turns worked out again are those the stage stamped."""
    log = bundled("station")
    assert list(restamped(list(log))) == list(log)


def test_numbers_follow_when_events_are_taken_out() -> None:
    """Links and causes follow their events to their new places, and those to events that are gone are dropped."""
    log = bundled("tavern")
    gone = next(event for event in log if event.links and event.seq > 40)
    kept = [event for event in log if event.seq != gone.links[0].to]
    events = restamped(kept)
    assert [event.seq for event in events] == list(range(len(kept)))
    assert all(link.to < event.seq for event in events for link in event.links)


def test_unknown_kinds_and_doses_are_refused() -> None:
    """The message names the kinds there are."""
    with pytest.raises(UsageError, match="teleport"):
        damage(bundled("tavern"), "flood")
    with pytest.raises(UsageError, match="0 to 1"):
        damage(bundled("tavern"), "teleport", dose=1.5)


@pytest.mark.slow
def test_judges_notice_what_they_are_made_to_notice() -> None:
    """On two runs every kind is told from clean, in the dimension it is made for, at full dose and at half."""
    runs = {world: bundled(world) for world in ("tavern", "opera")}
    table = calibrate(runs, JUDGES, doses=(0.5, 1.0))
    assert not [failure for failure in table.failures() if "AUROC" in failure and "undeclared" not in failure]
    assert {cell.kind for cell in table.cells} == set(damages())
    assert all(clean.retest == 1.0 for clean in table.clean)


def test_a_judge_that_notices_nothing_fails_and_the_page_says_so() -> None:
    """Calibration is no formality: without the right judge a kind goes unnoticed, and table and JSON show it."""
    table = calibrate({"tavern": bundled("tavern")}, [TrackingJudge()], kinds=["teleport"], doses=(0.5, 1.0))
    assert any("teleport × consistency.place" in failure for failure in table.failures())
    assert "| teleport |" in markdown(table)
    assert as_json(table)["failures"] == table.failures()


def test_planted_words_say_what_their_claims_say() -> None:
    """What is claimed not to be so is said not to be so: who reads words finds the fault as who reads claims."""
    denied = []
    for kind in ("taken_back", "against_belief"):
        spoilt = damage(bundled("tavern"), kind, seed="5")
        events = {event.seq: event.body for event in spoilt.events}
        acts = [body for place in spoilt.places for seq in place if isinstance(body := events[seq], Acted)]
        says = [body.action for body in acts if isinstance(body.action, Say)]
        denied += [say.text for say in says if any(not claim.holds for claim in say.claims)]
    assert denied
    assert all(re.search(r"\b(?:not|no|never)\b|n't", text) for text in denied)


def test_the_table_in_the_docs_is_the_one_that_ships(root: Path) -> None:
    """`docs/judges.md` shows the calibration reports use, and it meets what is asked of the judges."""
    assert markdown(shipped()) in (root / "docs" / "judges.md").read_text(encoding="utf-8")
    assert shipped().failures() == []
    assert {cell.kind for cell in shipped().cells} == damages().keys()


def test_a_calibration_is_read_back(tmp_path: Path) -> None:
    """What is written as JSON reads back as it was; another file is refused with the mend."""
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(as_json(shipped())))
    assert as_json(read_json(path)) == as_json(shipped())
    for bad in ("{}", "not", '{"runs": 5, "clean": [], "cells": []}'):
        path.write_text(bad)
        with pytest.raises(InputError, match="sandbox calibrate --out"):
            read_json(path)
