"""The report: one page with all of it inside, true to the verdicts, that nothing in a run can break out of."""

import base64
import hashlib
import re
from collections import Counter
from html import escape
from pathlib import Path

import pytest

from judges.calibration_page import shipped
from judges.reading import read
from judges.scores import estimate, tally
from judges.verdict import Verdict
from sandbox.foreign import Trial, trajectories_of
from sandbox.report import Reported, render, reported
from sandbox.report.flows import flows
from sandbox.report.words import number
from tests.conftest import Sandbox
from tests.house import HOUSE, begin, bundled, person, play, says
from tests.reporting import UNREAD, Page, page, spoilt
from worlds.actions import Say
from worlds.errors import InputError
from worlds.store import save


@pytest.mark.parametrize("runs", [1, 2])
def test_the_page_loads_nothing(runs: int) -> None:
    """Policy, links and sources: nothing but the page itself, and only the style and script it came with may run."""
    found = Page(page(runs))
    policy = next(tag["content"] or "" for _, tag in found.tags if tag.get("http-equiv"))
    code = [text for text in found.inside["script"] if text.startswith('"use strict"')]

    assert not re.search(r"https?://|url\(|@import|\bsrc\s*=", page(runs))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for text in (*code, *found.inside["style"]):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert len(code) == len(found.inside["style"]) == 1
    assert not [tag for _, tag in found.tags if "style" in tag or any(name.startswith("on") for name in tag)]


@pytest.mark.parametrize("runs", [1, 2])
def test_every_link_leads_somewhere(runs: int) -> None:
    """Links stay on the page and their ends are there; no two places have the same name."""
    found = Page(page(runs))
    ids = Counter(found.all("id"))

    assert {link[0] for link in found.all("href")} == {"#"}
    assert {link[1:] for link in found.all("href")} <= ids.keys()
    assert max(ids.values()) == 1


def test_evidence_opens_to_its_lines() -> None:
    """Whatever event a verdict rests on has a place in the transcript, and alarms quote what is said there."""
    one, ids = spoilt(), set(Page(page()).all("id"))
    assert {f"r1e{seq}" for verdict in one.verdicts for seq in verdict.evidence} <= ids
    broken = [v for v in one.verdicts if v.dimension == "fidelity.fiction" and v.value == 0.0]
    assert broken
    for verdict in broken:
        words = escape(verdict.reason.partition("“")[2].rstrip("”"))
        assert re.search(rf'href="#r1e{verdict.evidence[-1]}".{{0,400}}{re.escape(words)}', page(), re.DOTALL)


def test_scores_are_those_of_the_judges() -> None:
    """Means, intervals and numbers of alarms, abstentions and unread replies are what the verdicts come to."""
    one = spoilt()
    scores = tally(one.reading, one.verdicts)
    for dimension in ("consistency", "fidelity", "fidelity.violated", "tracking.lag"):
        mean = estimate([scores], dimension)
        assert mean is not None
        assert f"<b>{number(mean.value)}</b>" in page()
        assert number(mean.low) == number(mean.high) or f"{number(mean.low)} … {number(mean.high)}" in page()
    assert "<title>the run 0.80</title>" in re.sub(r"\s+<title>", "<title>", page())
    abstained = sum(verdict.value is None for verdict in one.verdicts) + 1
    assert f"{abstained} abstentions</a>, 3 model calls, 1 reply that could not be read" in page()
    assert "the reply held no mark" in page()
    assert "1 reply unreadable" in page()
    assert "held back: some:model was not admitted as a judge" in page()
    assert "a mark of no weight" not in page().partition("<script")[0]


def test_calibration_stands_beside_scores() -> None:
    """What a judge is worth stands next to what it says, and leads to where that comes from."""
    worst = next(cell for cell in shipped().cells if (cell.kind, cell.part) == ("another_voice", "own"))
    false = next(clean for clean in shipped().clean if clean.dimension == "fidelity.voice").alarms.value
    assert f"{worst.auroc['0.05'].value:.2f} → 1.00 · {100 * false:.1f} % false</a>" in page()
    assert 'id="check-fidelity.voice"' in page()


def test_who_knew_what_and_from_whom() -> None:
    """A secret that is told spreads from its teller to who heard it, at that turn, and not before."""
    secret = HOUSE.secrets[0]
    confession = Say(text="It was me.", to=("ben",), claims=(secret.claim,))
    log = play(begin(person("ada"), person("ben"), turns=4), ada=says(confession), ben=says())
    flow = next(flow for flow in flows(read(log)) if flow.kind == "secret")
    told = next(event for event in log if event.by == "ada" and event.body.kind == "acted")

    lanes = {lane.who: lane.learnt for lane in flow.lanes}
    assert [learnt.how for learnt in lanes["ada"]] == ["born"]
    assert [(learnt.seq, learnt.how, learnt.by) for learnt in lanes["ben"]] == [(told.seq, "told", 0)]
    assert flow.spread


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}{% x %}\x1b[31m\u202e'\""


def test_nothing_in_a_run_breaks_out(tmp_path: Path) -> None:
    """Names, words, reasons and paths are text on the page, whatever is in them."""
    world = HOUSE.model_copy(update={"title": HOSTILE, "premise": HOSTILE})
    ada, ben = (person(id_).model_copy(update={"name": f"{id_}{HOSTILE}"}) for id_ in ("ada", "ben"))
    log = play(
        begin(ada, ben, world=world, turns=6), ada=says(Say(text=HOSTILE), Say(text=HOSTILE)), ben=says()
    )
    bad = Verdict(
        judge="fidelity", subject="ada", dimension="fidelity.voice", value=0.0, reason=HOSTILE, evidence=(4,)
    )
    text = render([Reported(Trial(tmp_path, HOSTILE, log), read(log), (bad,), stored=True)], shipped())
    found = Page(text)

    assert len(found.inside["script"]) == 2
    assert "img" not in {tag for tag, _ in found.tags}
    assert not {"\x1b", "\u202e"} & set(text)
    assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(..)", text)
    assert text.count("{{ 7*7 }}") >= 6


def test_a_report_reads_the_verdicts_beside_a_run(tmp_path: Path) -> None:
    """Verdicts that stand there are taken; others are refused by file and line; without any, rules are heard."""
    save(bundled("station"), tmp_path / "events.jsonl")
    trial = next(trajectories_of([tmp_path]))
    assert not reported(trial).stored

    (tmp_path / "verdicts.jsonl").write_text(f"{UNREAD.model_dump_json()}\n")
    assert reported(trial).verdicts == (UNREAD,)
    for bad in ("{}", "nonsense", UNREAD.model_copy(update={"evidence": (10**6,)}).model_dump_json()):
        (tmp_path / "verdicts.jsonl").write_text(f"{UNREAD.model_dump_json()}\n{bad}\n")
        with pytest.raises(InputError, match=r"verdicts\.jsonl:2: .*sandbox judge"):
            reported(trial)


def test_report_on_the_command_line(tmp_path: Path, sandbox: Sandbox) -> None:
    """One run has its page beside it; several have one where asked; chats of others are taken too."""
    chat = tmp_path / "chat.jsonl"
    chat.write_text(
        '{"messages": [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hm."}]}'
    )
    (tmp_path / "run").mkdir()
    save(bundled("station"), tmp_path / "run" / "events.jsonl")

    assert "run/report.html" in sandbox("report", "run").stderr
    sandbox("report", "run", "chat.jsonl", "--out", "all.html")
    sandbox("report", "run", "--out", ".", code=2)

    assert "The Slow Leak" in (tmp_path / "run" / "report.html").read_text()
    assert "Another program wrote this" in (tmp_path / "all.html").read_text()
