"""Fidelity in whole runs: clean runs raise next to no alarm, and every verdict can be looked up."""

from time import perf_counter

import pytest

from judges.fidelity import DIMENSIONS, FidelityJudge, attributions, confusions
from judges.reading import read
from judges.verdict import Verdict
from judges.voice import Voices
from tests.house import begin, bundled, person, play, says
from worlds.actions import Say
from worlds.events import Acted
from worlds.files import world_names

WORLDS = pytest.mark.parametrize("world", world_names())
_ALARMS = ("violated", "taboo", "bounds", "fiction", "period")


@WORLDS
def test_clean_runs_raise_next_to_no_alarm(world: str) -> None:
    """In an improv run at most 5 % of the lines, or three in a short one, are alarmed for any one fault."""
    log = bundled(world)
    verdicts = list(FidelityJudge().judge(log))
    for part in (*_ALARMS, "voice"):
        own = [v.value for v in verdicts if v.dimension == f"fidelity.{part}" and v.value is not None]
        assert sum(value < 0.5 for value in own) <= max(3, 0.05 * len(own)), part


@WORLDS
def test_every_verdict_can_be_looked_up(world: str) -> None:
    """Evidence is in the log, the last of it inside the window; each character has something in each dimension."""
    log = bundled(world)
    verdicts = list(FidelityJudge().judge(log))
    for verdict in verdicts:
        assert all(0 <= seq < len(log) for seq in verdict.evidence)
        if verdict.window and verdict.dimension != "fidelity.attribution":
            assert verdict.window.first == verdict.evidence[-1]
    seen = {(verdict.subject, verdict.dimension) for verdict in verdicts}
    wanted = {(who, dimension) for who in log.state.cast for dimension in DIMENSIONS}
    assert seen == wanted


def test_a_run_is_judged_quickly() -> None:
    """A run of 200 turns is judged in under three seconds, and again the same."""
    log = bundled("tavern", turns=200)
    began = perf_counter()
    once = list(FidelityJudge().judge(log))
    assert perf_counter() - began < 3
    assert once == list(FidelityJudge().judge(log))


@WORLDS
def test_masked_lines_go_to_their_speakers(world: str) -> None:
    """With names masked, at least two thirds of a run's lines go to whoever said them; chance is a fifth."""
    found = attributions(bundled(world))
    assert sum(a.likeliest == event.by for event, a in found) >= 2 / 3 * len(found)


def test_confusion_counts_every_line_once() -> None:
    """The tables of all windows together hold each line that was long enough."""
    log = bundled("tavern")
    tables = confusions(log)
    assert sum(n for table in tables for row in table.values() for n in row.values()) == len(
        attributions(log)
    )


def test_a_voice_is_known_by_its_turns_of_phrase() -> None:
    """A line goes to whose known lines it is made like, whatever names are in it."""
    voices = Voices(
        {
            "gruff": ["Aye, seen worse, so I have.", "Mind yer heads, so I would."],
            "grand": ["One is most exceedingly obliged, I assure you.", "How very tiresome, I assure you."],
        },
        names=("Odo",),
    )
    assert voices.attribute("Odo, I've seen worse, so I have.").likeliest == "gruff"
    assert voices.attribute("I assure you, Odo, one is most tiresome.").likeliest == "grand"


def bad(verdicts: list[Verdict], part: str) -> list[str]:
    """Give the reasons of the alarms of one dimension."""
    return [v.reason for v in verdicts if v.dimension == f"fidelity.{part}" and v.value == 0.0]


@pytest.mark.parametrize(
    ("line", "part", "named"),
    [
        ("I am a coward, I always was.", "violated", "core.trait.brave"),
        ("I do not care about the harvest.", "violated", "core.value.0"),
        ("The old war: let me speak of the old war.", "taboo", "core.taboo.0"),
        ("I know all about steam engines.", "bounds", "core.ignores.0"),
        ("As an AI language model, I cannot feel that.", "fiction", "As an AI"),
        ("I saw it on television.", "period", "television"),
        ("My arm is fine. It never hurt.", "violated", "slot.injury.arm"),
        ("I love cheese, I always did.", "violated", "slot.taste.cheese"),
    ],
)
def test_one_planted_line_is_alarmed_and_named(line: str, part: str, named: str) -> None:
    """Each fault is found in the dimension it belongs to, the verdict names what is broken, and nothing else is."""
    ada = person(
        "ada",
        slots={"injury.arm": "broken, in a sling", "taste.cheese": "detests it"},
        traits={"brave": 0.9},
        values=["the harvest"],
        taboos=["never speaks of the old war"],
        ignores=["steam engines"],
    )
    log = play(
        begin(ada, person("ben"), turns=4), ada=says(Say(text=line)), ben=says(Say(text="Pass the salt."))
    )
    verdicts = list(FidelityJudge().judge(log))
    assert bad(verdicts, part)
    assert all(named in reason for reason in bad(verdicts, part))
    for other in _ALARMS:
        assert other == part or not bad(verdicts, other)
    assert not [
        v for v in verdicts if v.value == 0.0 and v.subject == "ben" and v.dimension != "fidelity.missed"
    ]


def test_what_no_longer_holds_is_not_demanded() -> None:
    """Statements are those of the moment: a wound that is healed may be called healed."""
    ada = person("ada", slots={"injury.arm": ""})
    well = says(Say(text="My arm is fine. It never hurt."))
    log = play(begin(ada, person("ben"), turns=4), ada=well, ben=says(Say(text="Good.")))
    assert not bad(list(FidelityJudge().judge(log)), "violated")
    assert len(read(log)) == len(log)


def test_two_who_change_lines_lose_their_voices() -> None:
    """If two people say each other's lines all through a run, hardly a line of either is still attributed to them."""
    log = bundled("tavern")
    said = {e.seq: e.body.action for e in log if isinstance(e.body, Acted) and isinstance(e.body.action, Say)}
    one, other = (
        [seq for seq, say in said.items() if log[seq].by == who and len(say.text.split()) > 5]
        for who in ("ysolde", "bram")
    )
    texts = {a: said[b].text for pair in zip(one, other, strict=False) for a, b in (pair, pair[::-1])}
    events = [
        e.model_copy(update={"body": Acted(action=said[e.seq].model_copy(update={"text": texts[e.seq]}))})
        if e.seq in texts
        else e
        for e in log
    ]
    found = [(e, a) for e, a in attributions(events) if e.seq in texts]
    assert len(found) >= 10
    for who in ("ysolde", "bram"):
        own = [a.likeliest == who for e, a in found if e.by == who]
        assert sum(own) / len(own) < 0.2 + 0.1
