"""Exports: what a point of view may hold, what is written where, and what commands say."""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judges.verdict import Verdict
from sandbox.exports import FORMS, Shelf, export, runs_in
from sandbox.exports.hub_splits import split
from sandbox.exports.pov import Part, conversation, part_of, prompt
from sandbox.runs import new_run
from tests.conftest import Sandbox
from tests.exporting import improvised, lines, shelf, wild, written
from tests.stagecraft import SECRET
from worlds.errors import InputError, UsageError
from worlds.events import Acted, ProfileChanged, Reflected
from worlds.spec import Order
from worlds.store import save
from worlds.trajectory import Trajectory

ORDERS: st.SearchStrategy[Order] = st.sampled_from(("list", "natural", "together"))

MINE: dict[str, str] = {
    "messages": "",
    "sharegpt": "",
    "sft": "",
    "turns": "",
    "prompt": "",
    "rewards": "",
    "kto": "",
    "agentevals": "trajectories.jsonl",
    "langsmith": "examples.jsonl",
}
"""Forms that are one character's point of view, and the file of them that is."""


# ── what a point of view may hold ──────────────────────────────────────────────────────────────────


def _strangers(log: Trajectory, who: str, text: str, upto: int, *, thoughts: bool = False) -> list[str]:
    """Give the marked words in a text that are of nobody this character could have them from by then."""
    allowed = set()
    for event in log.upto(upto + 1):
        if isinstance(event.body, Acted) and (event.by == who or who in event.witnesses):
            allowed.add(getattr(event.body.action, "text", ""))
        if isinstance(event.body, Acted) and thoughts and event.by == who:
            allowed.add(event.body.thought)
    found = re.findall(r"<(?:said|thought|inner|culprit|past|bottom)[^<>]*>", text)
    told = SECRET.text in text and who not in log.upto(upto + 1).state.knows[SECRET.id]
    return [mark for mark in found if mark not in allowed] + ([SECRET.text] if told else [])


def _said(part: Part, turn: int) -> str:
    return "\n".join(message.content for message in prompt(part, turn, 1000))


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), order=ORDERS)
def test_no_prompt_holds_what_its_character_did_not_perceive_by_then(seed: int, order: Order) -> None:
    """Marked words, thoughts, inner changes, secrets and hidden facts are in prompts of those entitled alone."""
    log = wild(seed, order).log
    for who in log.state.cast:
        part = part_of(log, who)
        for turn, exchange in enumerate(part.exchanges):
            assert not _strangers(log, who, _said(part, turn), exchange.cue)
        whole = "\n".join(message.content for message in conversation(part, thoughts=True))
        assert not _strangers(log, who, whole, log.seq, thoughts=True)


@settings(max_examples=4)
@given(seed=st.integers(0, 10_000), order=ORDERS)
def test_no_export_from_a_point_of_view_holds_more_than_that(seed: int, order: Order) -> None:
    """Whole records, whatever is beside the conversation included, pass the same test in every such form."""
    run = wild(seed, order)
    with TemporaryDirectory() as folder:
        for form, file in MINE.items():
            own = form == "turns"  # there, a character's own thoughts are in its replies
            for record in lines(written([run], form, Path(folder) / form)[0]):
                who, upto = _owner(record), int(record.get("seq", run.log.seq))
                text = json.dumps(record, ensure_ascii=False)
                assert not _strangers(run.log, who, text, upto, thoughts=own), form
            assert not file or (Path(folder) / form / file).is_file()
        for who in run.log.state.cast:
            chat = written([run], "sillytavern", Path(folder) / f"chat-{who}", who=(who,))[0]
            assert not _strangers(run.log, who, chat.read_text(encoding="utf-8"), run.log.seq)


def _owner(record: dict[str, Any]) -> str:
    meta = record.get("metadata", {})
    return str(record.get("character") or meta.get("character") or str(record["id"]).partition(":")[2])


def test_a_part_has_everything_its_character_perceived_and_did() -> None:
    """No percept with words is lost between two own turns, and every act of its own is a reply."""
    log = improvised()
    for who in log.state.cast:
        part = part_of(log, who)
        acts = [event.seq for event in log if isinstance(event.body, Acted) and event.by == who]
        heard = {seq for exchange in part.exchanges for seq in exchange.heard}
        perceived = {p.seq for p in log.percepts(who) if p.text and not (p.kind == "acted" and p.by == who)}

        assert [exchange.seq for exchange in part.exchanges] == acts
        assert heard == {seq for seq in perceived if seq <= part.exchanges[-1].cue}
        roles = [message.role for message in conversation(part, thoughts=False)]
        assert roles == ["system", *(["user", "assistant"] * len(acts))]


# ── what is written ────────────────────────────────────────────────────────────────────────────────


def test_exporting_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Everything that is text or parquet is the same the second time."""
    runs = shelf()[:1]
    for form in sorted(FORMS.keys() - {"inspect", "preferences", "best-of"}):
        if form == "parquet":
            pytest.importorskip("pyarrow")
        first = [file.read_bytes() for file in written(runs, form, tmp_path / "one" / form)]
        assert first == [file.read_bytes() for file in written(runs, form, tmp_path / "two" / form)], form


def test_nothing_is_written_over_unless_asked_for(tmp_path: Path) -> None:
    """An existing file is refused and left; with force it is replaced, but strange files in a folder are not."""
    runs, out = shelf()[:2], tmp_path / "out.jsonl"
    out.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        written(runs, "sft", out)
    assert out.read_text() == "mine"

    assert export(runs, "sft", out, force=True) == [out]
    assert len(lines(out)) == 6

    folder = tmp_path / "graphs"
    written(runs, "graphml", folder)
    export(runs, "graphml", folder, force=True)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt is no part of this export"):
        export(runs, "graphml", folder, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graphs", "out.jsonl"]


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """What is refused half-way is not there afterwards, nor is its scratch folder."""
    with pytest.raises(UsageError, match="nothing to write"):
        written(shelf()[:1], "preferences", tmp_path / "pairs.jsonl")
    with pytest.raises(UsageError, match="choose from"):
        written(shelf()[:1], "csv", tmp_path / "x")
    with pytest.raises(UsageError, match="leave --who out"):
        written(shelf()[:1], "prov", tmp_path / "x", who=("mira",))
    with pytest.raises(UsageError, match="its cast is mira, bram, odo"):
        written(shelf()[:1], "sft", tmp_path / "x", who=("nobody",))
    assert not list(tmp_path.iterdir())


def test_choosing_characters_and_thoughts(tmp_path: Path) -> None:
    """`who` leaves the others out; `thoughts` puts the character's own before its replies."""
    run = shelf()[0]
    record = lines(written([run], "sft", tmp_path / "one", who=("mira",), thoughts=True)[0])
    thoughts = [e.body.thought for e in run.log if isinstance(e.body, Acted) and e.by == "mira"]

    assert [each["character"] for each in record] == ["mira"]
    replies = [each["content"] for each in record[0]["messages"] if each["role"] == "assistant"]
    assert [reply.partition("</think>")[0] for reply in replies] == [f"<think>{text}" for text in thoughts]


def test_prompts_go_back_no_further_than_asked(tmp_path: Path) -> None:
    """`past` bounds the exchanges before the last."""
    for record in lines(written(shelf()[:1], "prompt", tmp_path / "out", past=1)[0]):
        assert len(record["prompt"]) <= 4
        assert record["prompt"][0]["role"] == "system"
        assert record["prompt"][-1]["role"] == "user"


def test_splits_keep_worlds_and_characters_apart() -> None:
    """Runs that share a world or a character, even through a third run, are in one split; all are used if possible."""
    members = [
        ("inn", ("a", "b")),
        ("ship", ("b", "c")),
        ("farm", ("d",)),
        ("moon", ("e",)),
        ("moon", ("f",)),
    ]
    splits = split(members)

    assert splits[0] == splits[1]
    assert splits[3] == splits[4]
    assert set(splits) == {"train", "validation", "test"}
    assert split(members[:2]) == ["train", "train"]
    assert sorted(split(members[:3])) == ["test", "train", "train"]
    assert split(members) == splits


# ── files and commands ─────────────────────────────────────────────────────────────────────────────


def test_runs_are_found_and_read_one_by_one(tmp_path: Path) -> None:
    """A folder of runs is all runs in it; two of one name get numbers; verdicts beside a log are taken, if sound."""
    for folder in ("a", "b"):
        with new_run(tmp_path / folder / "tavern", improvised()):
            pass
    runs = Shelf(runs_in([tmp_path]))
    assert [run.name for run in runs] == ["tavern", "tavern-2"]

    verdict = Verdict(judge="fidelity", subject="mira", dimension="fidelity.voice", value=0.25, evidence=(3,))
    file = tmp_path / "a" / "tavern" / "verdicts.jsonl"
    file.write_text(f"{verdict.model_dump_json()}\n")
    assert runs[0].verdicts() == (verdict,)
    file.write_text(f"{verdict.model_copy(update={'evidence': (9999,)}).model_dump_json()}\n")
    with pytest.raises(InputError, match="rests on event 9999"):
        runs[0].verdicts()


def test_the_verb_exports_and_lists(sandbox: Sandbox, tmp_path: Path) -> None:
    """`sandbox export` writes and names the files, says what is missing or there already, and lists every format."""
    with new_run(tmp_path / "run", improvised()):
        pass
    done = sandbox("export", "run", "--format", "sharegpt", "--out", "chat.jsonl", "--who", "mira", "--json")
    assert json.loads(done.stdout)["files"] == ["chat.jsonl"]
    assert lines(tmp_path / "chat.jsonl")[0]["conversations"][0]["from"] == "system"
    assert "--out" in sandbox("export", "run", "--format", "sft", code=2).stderr
    assert (
        "chat.jsonl exists already"
        in sandbox("export", "run", "--format", "sft", "--out", "chat.jsonl", code=2).stderr
    )
    listed = json.loads(sandbox("export", "--format", "list", "--json").stdout)["formats"]
    assert [row["format"] for row in listed] == list(FORMS)
    assert all(row["what"] for row in listed)


def test_a_foreign_line_in_a_log_stops_the_export(tmp_path: Path) -> None:
    """A log that cannot be trusted is refused with file and line, and nothing is written."""
    (tmp_path / "run").mkdir()
    save(improvised(), tmp_path / "run" / "events.jsonl")
    log = tmp_path / "run" / "events.jsonl"
    log.write_text(log.read_text().replace('"turn":3', '"turn":4', 1))
    with pytest.raises(InputError, match=r"events\.jsonl:\d+"):
        export(Shelf([tmp_path / "run"]), "sft", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_private_events_are_nobodys_percepts() -> None:
    """The runs of these tests do have thoughts and inner changes that could leak."""
    log = wild().log
    assert sum(isinstance(event.body, ProfileChanged | Reflected) for event in log) > 5
    assert sum(isinstance(event.body, Acted) and bool(event.body.thought) for event in log) > 5
