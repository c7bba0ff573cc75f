"""Every export is read back by the library it is made for; a test whose library is not there is skipped."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from judges.interviews import questions
from sandbox.exports.pov import part_of
from tests.exporting import improvised, lines, shelf, written
from worlds.eventgraph import event_graph

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    """Give `datasets`, quiet and with a cache of its own."""
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()

    def load(*words: str, **wishes: Any) -> Any:
        return datasets.load_dataset(*words, cache_dir=str(tmp_path / "cache"), **wishes)

    return load


# ── datasets, TRL ──────────────────────────────────────────────────────────────────────────────────


COLUMNS = {
    "messages": {"messages", "metadata"},
    "sharegpt": {"id", "conversations"},
    "sft": {"messages"},
    "prompt": {"prompt"},
    "kto": {"prompt", "completion", "label"},
    "rewards": {"prompt", "completion", "reward"},
    "preferences": {"prompt", "chosen", "rejected", "margin"},
    "best-of": {"prompt", "completion", "score"},
}
"""What is asked for in each format for training."""


@pytest.fixture(scope="session")
def trained_on(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a file of each format for training; forks are played, so it is done once."""
    folder = tmp_path_factory.mktemp("training")
    forked: dict[str, Any] = {"who": ("mira",), "samples": 3, "points": 3, "ahead": 3, "margin": 0.0}
    return {
        form: written(shelf()[:1], form, folder / form, **(forked if "of" in form or "pref" in form else {}))[
            0
        ]
        for form in COLUMNS
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", COLUMNS)
def test_datasets_reads_each_training_format(hub: Any, trained_on: dict[str, Path], form: str) -> None:
    """`load_dataset("json", …)` gives one row a record with the columns that trainers ask for."""
    file = trained_on[form]
    rows = hub("json", data_files=str(file), split="train")

    assert set(rows.column_names) >= COLUMNS[form]
    assert len(rows) == len(lines(file)) > 0


@pytest.mark.slow
def test_trl_takes_each_training_format_as_what_it_is(trained_on: dict[str, Path]) -> None:
    """TRL's own check finds conversations in them, and the columns are those of the type each is meant to be."""
    utils = pytest.importorskip("trl.data_utils")
    theirs = {"messages", "prompt", "completion", "chosen", "rejected", "label"}
    for form in ("sft", "prompt", "kto", "rewards", "preferences", "best-of"):
        for record in lines(trained_on[form]):
            kept = {name: record[name] for name in record if name in theirs}
            assert utils.is_conversational(kept), form
            assert set(kept) == COLUMNS[form] & theirs


@pytest.mark.slow
def test_datasets_loads_the_folder_with_every_table_and_split(hub: Any, tmp_path: Path) -> None:
    """The card's tables and splits load, with one schema each; no world or character is in two splits."""
    runs = shelf()
    out = tmp_path / "hub"
    written(runs, "parquet", out)
    tables = {
        name: hub(str(out), name) for name in ("trajectories", "events", "verdicts", "interviews", "authored")
    }

    for name, table in tables.items():
        assert name == "interviews" or set(table) == {
            "train",
            "validation",
            "test",
        }  # short runs may raise no question
        assert len({str(rows.features) for rows in table.values()}) == 1
    trajectories = {name: rows.to_list() for name, rows in tables["trajectories"].items()}
    for column in ("world", "character"):
        seen = [{row[column] for row in rows} for rows in trajectories.values()]
        assert sum(map(len, seen)) == len(set.union(*seen))
    every = [row for rows in tables["events"].values() for row in rows]
    assert len(every) == sum(len(run.log) for run in runs)
    assert {row["kind"] for row in every} >= {"started", "acted", "resolved", "ended"}
    mira = next(
        r
        for rows in trajectories.values()
        for r in rows
        if r["run"] == "tavern-1" and r["character"] == "mira"
    )
    assert mira["messages"][2]["content"] == part_of(runs[0].log, "mira").exchanges[0].reply
    hashes = {row["hash"] for rows in tables["authored"].values() for row in rows}
    started = [json.loads(row["body"]) for row in every if row["kind"] == "started"]
    assert {body["world"] for body in started} <= hashes
    assert {card for body in started for card in body["cast"]} <= hashes


# ── Inspect ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_inspect_reads_its_log(tmp_path: Path) -> None:
    """Inspect's loader, which its viewer uses, gives a sample a run, our scores, and every event in its transcript."""
    log = pytest.importorskip("inspect_ai.log")
    runs = shelf()[:2]
    (file,) = written(runs, "inspect", tmp_path / "runs.eval")
    read = log.read_eval_log(str(file))

    assert read.status == "success"
    assert [sample.id for sample in read.samples] == ["tavern-1", "tavern-2"]
    for sample, run in zip(read.samples, runs, strict=True):
        assert set(sample.scores) >= {"fidelity", "consistency"}
        assert sample.scores["consistency"].value["mira"] == 1.0
        assert [e.data["seq"] for e in sample.events if e.event == "info"] == [event.seq for event in run.log]
        assert sample.store["where"] == dict(run.log.state.where)
        spans = [e.id for e in sample.events if e.event == "span_begin"]
        assert spans == [e.id for e in sample.events if e.event == "span_end"]
    assert [summary.id for summary in log.read_eval_log_sample_summaries(str(file))] == [
        "tavern-1",
        "tavern-2",
    ]
    assert {score.name for score in read.results.scores} >= {"fidelity", "consistency"}


# ── evaluation tools ───────────────────────────────────────────────────────────────────────────────


def test_langsmith_takes_examples_and_feedback(tmp_path: Path) -> None:
    """LangSmith's own models accept every line, and feedback points at the act an example is of."""
    schemas = pytest.importorskip("langsmith.schemas")
    examples, feedback = written(shelf()[:1], "langsmith", tmp_path / "out")
    made = [schemas.ExampleCreate(**row) for row in lines(examples)]
    given = [schemas.FeedbackCreate(**row) for row in lines(feedback)]

    assert made[0].inputs["messages"][-1]["role"] == "user"
    acts = {example.metadata["source_run_id"] for example in made}
    assert len({example.id for example in made}) == len(made)
    assert any(str(each.run_id) in acts for each in given)
    assert all(0 <= float(each.score) <= 1 for each in given)


def test_agentevals_compares_trajectories(tmp_path: Path) -> None:
    """Its evaluators find a trajectory equal to itself and unequal to another, by messages and by steps."""
    match = pytest.importorskip("agentevals.trajectory.match")
    graph = pytest.importorskip("agentevals.graph_trajectory.strict")
    trajectories, results = written(shelf()[:1], "agentevals", tmp_path / "out")
    one, other, *_ = lines(trajectories)
    equal = match.create_trajectory_match_evaluator(trajectory_match_mode="strict")

    assert equal(outputs=one["outputs"], reference_outputs=one["outputs"])["score"] is True
    assert equal(outputs=one["outputs"], reference_outputs=one["outputs"][:-2])["score"] is False
    steps = graph.graph_trajectory_strict_match
    assert steps(outputs=one["graph"], reference_outputs=one["graph"])["score"] is True
    assert steps(outputs=one["graph"], reference_outputs=other["graph"])["score"] is False
    assert {"key", "score", "comment"} <= set(lines(results)[0])


@pytest.mark.slow
def test_lm_eval_runs_the_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness finds the task, renders every question with four options, and scores a model that guesses."""
    lm_eval = pytest.importorskip("lm_eval")
    tasks = pytest.importorskip("lm_eval.tasks")
    run = shelf()[0]
    task, rows = written([run], "lm-eval", tmp_path / "task")
    monkeypatch.chdir(task.parent)
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    manager = tasks.TaskManager(include_path=str(task.parent), include_defaults=False)
    done = lm_eval.simple_evaluate(
        model="dummy", tasks=["sandbox_interviews"], task_manager=manager, bootstrap_iters=0, log_samples=True
    )

    assert len(done["samples"]["sandbox_interviews"]) == len(lines(rows)) == len(questions(run.log))
    assert 0 <= done["results"]["sandbox_interviews"]["acc,none"] <= 1
    first = done["samples"]["sandbox_interviews"][0]
    assert len(first["arguments"]) == 4
    assert first["doc"]["question"] in str(first["arguments"])


def test_sillytavern_takes_the_chat(tmp_path: Path) -> None:
    """As its reader has it: a header that names user and character, then lines with name, is_user, mes and a date."""
    header, *said = lines(written(shelf()[:1], "sillytavern", tmp_path / "chat.jsonl", who=("mira",))[0])

    assert header["user_name"] == "Mira"
    assert "chat_metadata" in header
    assert {line["is_user"] for line in said} == {True, False}
    assert all(line["name"] == "Mira" for line in said if line["is_user"])
    assert {line["name"] for line in said} >= {"Mira", "Narrator"}
    assert all(line["mes"].strip() and line["send_date"].endswith("Z") for line in said)


# ── graphs ─────────────────────────────────────────────────────────────────────────────────────────


def test_networkx_reads_both_graphs(tmp_path: Path) -> None:
    """Nodes and edges, with their kinds, are those of the event graph."""
    import networkx as nx

    graph = event_graph(improvised())
    edges = sorted((later, earlier, rel) for later, earlier, rel in graph.edges(keys=True))
    (xml,) = written(shelf()[:1], "graphml", tmp_path / "run.graphml")
    (file,) = written(shelf()[:1], "node-link", tmp_path / "run.json")
    read = nx.read_graphml(xml, node_type=int, force_multigraph=True)
    linked = nx.node_link_graph(json.loads(file.read_text()), edges="edges")

    for found in (read, linked):
        assert {n: found.nodes[n]["kind"] for n in found} == {n: graph.nodes[n]["kind"] for n in graph}
        assert (
            sorted((later, earlier, data["rel"]) for later, earlier, data in found.edges(data=True)) == edges
        )


@pytest.mark.slow
def test_prov_reads_the_document(tmp_path: Path) -> None:
    """The reference implementation finds every event, who it is attributed to, and what it was derived from."""
    model = pytest.importorskip("prov.model")
    log = improvised()
    (file,) = written(shelf()[:1], "prov", tmp_path / "run.json")
    document = model.ProvDocument.deserialize(str(file), format="json")

    assert len(list(document.get_records(model.ProvEntity))) == len(log) + 1
    assert len(list(document.get_records(model.ProvAttribution))) == len(log)
    assert len(list(document.get_records(model.ProvDerivation))) == event_graph(log).number_of_edges()
    assert len(list(document.get_records(model.ProvAgent))) == len(log.state.cast) + 1
    assert (
        model.ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document
    )
