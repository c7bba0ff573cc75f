"""Plans, what they stand for, and batches as a user meets them."""

import json
from pathlib import Path

import pytest

from sandbox.batch.after import export_runs, take_back
from sandbox.batch.grid import Expansion, expand
from sandbox.batch.player import Folders
from sandbox.batch.prepare import Part, checked, part_of
from sandbox.batch.spec import load_plan
from tests.batches import crew, hashes, opened, plan_at, played, reasons, speaking
from tests.conftest import Sandbox
from worlds.errors import InputError, SandboxError, UsageError


def _names(folder: Path, text: str, **more: object) -> list[str]:
    return [job.name.rpartition("-")[0] for job in _expansion(folder, text, **more).jobs()]


def _expansion(folder: Path, text: str, **more: object) -> Expansion:
    return expand(load_plan(plan_at(folder, text, **more)))


def test_a_grid_is_every_combination(tmp_path: Path) -> None:
    """Worlds × orders × seeds, less what is excluded, and what is included besides."""
    names = _names(
        tmp_path,
        "grid: {worlds: [tavern, ./shed.yaml], orders: [list, natural], seeds: 1..2}\n"
        "exclude: {worlds: tavern, orders: natural}\n"
        "include: [{worlds: opera, seeds: [7, 9..10], orders: together}]",
    )
    assert names == [
        "tavern-list-1", "tavern-list-2", "shed-list-1", "shed-list-2", "shed-natural-1", "shed-natural-2",
        "opera-together-7", "opera-together-9", "opera-together-10",
    ]  # fmt: skip


def test_what_is_listed_twice_is_played_once(tmp_path: Path) -> None:
    """Equal cells are one run."""
    assert len(_names(tmp_path, "grid: {worlds: ./shed.yaml, seeds: [1, 1..3]}\ninclude: [{seeds: 2}]")) == 3


def test_overrides_change_some_runs(tmp_path: Path) -> None:
    """Later ones win, and only where they match."""
    jobs = _expansion(
        tmp_path,
        "grid: {worlds: ./shed.yaml, seeds: 1..3}\n"
        "override: [{match: {seeds: 2..3}, turns: 20}, {match: {seeds: 3}, turns: 30}]",
    ).jobs()
    assert [job.turns for job in jobs] == [8, 20, 30]


def test_minds_are_given_to_all_or_to_one(tmp_path: Path) -> None:
    """A mind is one word for everybody, or a mapping with a word for the others."""
    (tmp_path / "lines.jsonl").write_text('"Hello."')
    spec = f"scripted:{tmp_path}/lines.jsonl"
    jobs = [
        *_expansion(
            tmp_path,
            f"grid: {{worlds: ./shed.yaml, minds: [improv, '{spec}', {{ada: '{spec}'}}]}}\nnarrator: improv",
        ).jobs()
    ]
    minds = [json.loads(job.settings).get("minds", {}) for job in jobs]
    assert minds == [{}, {"ada": spec, "ben": spec}, {"ada": spec}]
    assert [job.waits for job in jobs] == [False, True, True]
    assert "lines.jsonl" in jobs[1].name


def test_a_name_says_what_decides_the_run(tmp_path: Path) -> None:
    """The same plan gives the same names, an edited world others."""
    text = "grid: {worlds: ./shed.yaml, seeds: 1..2}"
    first = [job.name for job in _expansion(tmp_path, text).jobs()]
    again = [job.name for job in _expansion(tmp_path, text).jobs()]
    (tmp_path / "shed.yaml").write_text(
        (tmp_path / "shed.yaml").read_text().replace("A shed.", "A cold shed.")
    )
    edited = [job.name for job in expand(load_plan(tmp_path / "plan.yaml")).jobs()]

    assert first == again
    assert not {*first} & {*edited}


def test_parts_make_a_whole(tmp_path: Path) -> None:
    """Every run is in exactly one part."""
    read = load_plan(plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..10}"))
    parts = [job.name for number in (1, 2, 3) for job in checked(read, Part(number, 3))[1]]
    assert sorted(parts) == sorted(job.name for job in checked(read, Part())[1])


@pytest.mark.parametrize("text", ["0/3", "4/3", "a/b", "1", "1/0"])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    """`--part` is a number of a number."""
    with pytest.raises(UsageError, match="3/16"):
        part_of(text)


POISON = {
    "misspelt": ("grid: {worlds: tavern, seed: 1}", ":1: grid.seed: unknown field; did you mean `seeds`?"),
    "no worlds": ("grid: {seeds: 1}", ":1: grid.worlds: is missing"),
    "no world": ("grid: {worlds: tavren}", "did you mean `tavern`?"),
    "no range": ("grid: {worlds: tavern, seeds: 1..x}", "whole numbers or a range"),
    "empty range": ("grid: {worlds: tavern, seeds: 5..1}", "smaller number first"),
    "too many seeds": ("grid: {worlds: tavern, seeds: 1..99999999999}", "make several plans"),
    "too many runs": (
        "grid: {worlds: [tavern, opera], seeds: 1..900000}",
        "more than the 1,000,000",
    ),
    "order": ("grid: {worlds: tavern, orders: naturl}", "did you mean `natural`?"),
    "nobody there": ("grid: {worlds: tavern, minds: {mra: improv}}", "'mra' is not in the cast"),
    "a person": ("grid: {worlds: tavern, minds: person}", "nobody sits at a batch"),
    "no model": ("grid: {worlds: tavern, minds: 'openay:x'}", "openai"),
    "no judge": ("grid: {worlds: tavern}\njudges: fidelty", "fidelty"),
    "no format": ("grid: {worlds: tavern}\nexports: parket", "parket"),
    "no price": (
        "grid: {worlds: tavern, minds: 'http://127.0.0.1:9/v1#x'}\nlimits: {max_cost: 1}",
        "needs a price",
    ),
    "nothing left": ("grid: {worlds: tavern}\nexclude: {worlds: tavern}", "no run is left"),
    "limits": ("grid: {worlds: tavern}\nlimits: {runs: 0}", "limits.runs"),
    "a bomb": ("a: &a [x,x,x,x]\ngrid: {worlds: [*a,*a]}", "a: unknown field"),
    "a list": ("- grid", "is a mapping"),
    "a way out": ("grid: {worlds: tavern}\nname: ../../etc", "name"),
}


@pytest.mark.parametrize("name", POISON)
def test_a_poison_plan_is_refused_before_anything_is_made(name: str, tmp_path: Path) -> None:
    """What is wrong with a plan is said with the mend, and no folder appears."""
    text, hint = POISON[name]
    path = tmp_path / "poison.yaml"
    path.write_text(text)

    with pytest.raises((InputError, UsageError)) as caught:
        _ = checked(load_plan(path), Part())

    assert hint in str(caught.value)
    assert "poison.yaml" in str(caught.value)
    assert [*tmp_path.iterdir()] == [path]


def test_a_batch_from_the_command_line(tmp_path: Path, sandbox: Sandbox) -> None:
    """Estimate, play, status: two processes play eight runs, judges sit, and what is printed can be piped."""
    plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..8}", judges=["consistency"], out="all")

    dry = sandbox("batch", "--dry-run", "plan.yaml")
    assert "8 runs of at most 64 turns" in dry.stdout
    assert not (tmp_path / "all").exists()

    done = sandbox("batch", "plan.yaml", "--workers", "2")
    assert "8 done" in done.stdout
    assert "runs/s" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr

    stood = json.loads(sandbox("batch", "status", "all", "--json", "--runs").stdout)
    assert stood["counts"] == {"done": 8}
    assert {row["run"]: row["hash"] for row in stood["runs"]} == hashes(tmp_path / "all")
    assert len([*(tmp_path / "all").glob("*/verdicts.jsonl")]) == 8


def test_a_plan_played_in_parts_is_found_by_its_name(tmp_path: Path, sandbox: Sandbox) -> None:
    """`status` takes the plan for its one part that is there; of several it asks which."""
    plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..4}", out="all")
    sandbox("batch", "plan.yaml", "--part", "1/2", "-q")
    assert json.loads(sandbox("batch", "status", "plan.yaml", "--json").stdout)["counts"] == {"done": 2}
    (tmp_path / "all-2-of-2").mkdir()
    asked = sandbox("batch", "status", "plan.yaml", code=2)
    assert "name one of their folders: all-1-of-2, all-2-of-2" in asked.stderr


def test_a_run_of_a_batch_is_the_run_played_by_itself(tmp_path: Path, sandbox: Sandbox) -> None:
    """Not one byte differs from what `sandbox run` writes."""
    with opened(plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 3}")) as queue:
        played(queue)
        (name,) = hashes(queue.folder)
    sandbox("run", "./shed.yaml", "--turns", "8", "--seed", "3", "--out", "alone", "-q")

    assert (tmp_path / "out" / name / "events.jsonl").read_bytes() == (
        tmp_path / "alone" / "events.jsonl"
    ).read_bytes()


def test_a_plan_that_grew_plays_what_is_new(tmp_path: Path) -> None:
    """What is done stays done; judges named later sit on it too; what was taken out is not waited for."""
    with opened(plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 1..3}")) as queue:
        assert played(queue) == {"done": 3}
    before = hashes(tmp_path / "out")
    plan = plan_at(tmp_path, "grid: {worlds: ./shed.yaml, seeds: 2..5}", judges=["consistency"])
    with opened(plan) as queue:
        assert queue.counts() == {"played": 2, "waiting": 2}
        assert played(queue) == {"done": 4}

    after = hashes(tmp_path / "out")
    assert len(after) == 5
    assert before.items() <= after.items()


def test_a_batch_is_exported(tmp_path: Path) -> None:
    """The plan's formats are written into one folder, and again if it is started again."""
    with opened(plan_at(tmp_path, exports=["messages", "node-link"])) as queue:
        played(queue)
        assert queue.get("exports") == "messages,node-link"
        for _ in range(2):
            lines, graphs = export_runs(
                Folders(queue.folder), sorted(hashes(queue.folder)), ["messages", "node-link"]
            )
        assert len(lines.read_text().splitlines()) == 8
        assert len([*graphs.iterdir()]) == 4


def test_a_failed_run_can_be_retried(tmp_path: Path) -> None:
    """What failed is gone on with, not begun again: no call is made twice."""
    asked: list[str] = []

    def script(_: object) -> str:
        asked.append("")
        if len(asked) == 5:
            raise SandboxError("the fifth call breaks")
        return '"x"'

    (tmp_path / "lines.jsonl").write_text('"x"')
    plan = plan_at(
        tmp_path,
        f"grid: {{worlds: ./shed.yaml, minds: 'scripted:{tmp_path}/lines.jsonl', seeds: 1}}\nnarrator: improv",
        memory="none",
    )
    with opened(plan) as queue:
        assert played(queue, *crew(queue, connect=speaking(script))) == {"failed": 1}
        assert reasons(queue) == ["the fifth call breaks"]
        (aside,) = (queue.folder / "failed").iterdir()
        assert "the fifth call breaks" in (aside / "reason.txt").read_text()
        calls = (aside / "calls.jsonl").read_bytes()

        take_back(Folders(queue.folder), aside.name)
        queue.retry([aside.name])
        assert played(queue, *crew(queue, connect=speaking())) == {"done": 1}
        assert (queue.folder / aside.name / "calls.jsonl").read_bytes().startswith(calls)
