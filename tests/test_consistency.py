from collections.abc import Callable

import pytest

from judges.consistency import DIMENSIONS, ConsistencyJudge
from judges.reading import read
from judges.scores import tally
from tests.breaches import breaches
from tests.house import begin, bundled, person, play, says
from worlds.actions import Claim, Go, Say, Touch, Wait
from worlds.errors import LogError
from worlds.events import Event
from worlds.files import world_names
from worlds.trajectory import Trajectory

WORLDS = pytest.mark.parametrize("world", world_names())
Damage = Callable[[Trajectory], tuple[list[Event], int]]


# ── what is sound ──────────────────────────────────────────────────────────────────────────────────


@WORLDS
def test_clean_runs_are_consistent(world: str) -> None:
    """An improv run scores at least 0.9 in every dimension's mean, with no impossible knowledge at all."""
    log = bundled(world)
    verdicts = tuple(ConsistencyJudge().judge(log))
    assert [v for v in verdicts if v.dimension == "consistency.knowledge" and v.value == 0] == []
    scores = tally(log, verdicts)["consistency"]
    assert set(scores) == set(log.state.cast)
    assert min(score.value or 0.0 for score in scores.values()) >= 0.9


@WORLDS
def test_every_verdict_rests_on_events_there_are(world: str) -> None:
    """Evidence names seqs of the log, oldest first, and every dimension is answered for everybody."""
    log = bundled(world)
    verdicts = tuple(ConsistencyJudge().judge(log))
    for verdict in verdicts:
        assert all(0 <= seq < len(log) for seq in verdict.evidence)
        assert list(verdict.evidence) == sorted(set(verdict.evidence))
        assert verdict.evidence or verdict.value is None
    judged = {(verdict.subject, verdict.dimension) for verdict in verdicts}
    assert {(who, dimension) for who in log.state.cast for dimension in DIMENSIONS} <= judged


@WORLDS
def test_a_sound_log_reads_as_it_folds(world: str) -> None:
    """Reading a possible history finds no trouble, and every state is the one the log itself had."""
    log = bundled(world)
    reading = read(log)
    assert reading.troubles == {}
    assert reading.end == log.state
    assert reading.after(40) == log.upto(41).state
    assert read(reading) is reading


def test_a_log_without_a_start_cannot_be_read() -> None:
    """What does not begin with `started` has no world to be judged against, and says so."""
    with pytest.raises(LogError, match="started"):
        read([])


# ── statements ─────────────────────────────────────────────────────────────────────────────────────

TAKEN = Claim("ring", "thief", "ada")
BY_BEN = Claim("ring", "thief", "ben")
UP = Claim("ben", "at", "attic")


def told(*spoken: Say, by: str = "ben") -> Trajectory:
    """Let Ben (or Ada) say these lines in the hall, turn by turn, to the other."""
    minds = {by: says(*spoken), "ada" if by == "ben" else "ben": says()}
    return play(begin(person("ada"), person("ben"), turns=8), **minds)


def line(claim: Claim, intent: str = "tell", text: str = "So it is.") -> Say:
    """Say one thing."""
    return Say.model_validate({"text": text, "to": ("ada",), "intent": intent, "claims": (claim,)})


def test_a_secret_is_no_secret_to_those_it_was_told() -> None:
    """Who was told a secret may use it; who was not may not, by whatever speech act but a lie, a question or a joke."""
    assert breaches(told(line(TAKEN)), "knowledge")
    assert breaches(told(line(TAKEN, "accuse")), "knowledge")
    for harmless in ("ask", "lie", "joke"):
        assert not breaches(told(line(TAKEN, harmless)), "knowledge")
    heard = play(
        begin(person("ada"), person("ben"), turns=6),
        ada=says(Say(text="I took it.", to=("ben",), intent="admit", claims=(TAKEN,))),
        ben=says(Wait(), line(TAKEN)),
    )
    assert not breaches(heard, "knowledge")


def test_what_is_in_plain_sight_is_not_to_be_denied() -> None:
    """To say that somebody is elsewhere who stands there is a breach; to be mistaken by hearsay is none."""
    here = Claim("ada", "at", "attic")
    assert breaches(told(line(here)), "world")
    assert not breaches(told(line(here, "lie")), "world")
    hearsay = play(
        begin(person("ada"), person("ben"), turns=6),
        ada=says(
            Say(
                text="It is in the hall.",
                to=("ben",),
                intent="lie",
                claims=(Claim("ring", "holder", "hall"),),
            )
        ),
        ben=says(Wait(), line(Claim("ring", "holder", "hall"))),
    )
    assert not breaches(hearsay, "world")
    made_up = told(line(Claim("ring", "holder", "ben")))
    assert breaches(made_up, "world")


def test_one_does_not_contradict_oneself_without_news() -> None:
    """Two statements that cannot both hold are a breach, unless something was learned in between."""
    open_, shut = Claim("chest", "open", value=True), Claim("chest", "open", value=False)
    assert breaches(told(line(open_), line(shut)), "self")
    assert not breaches(told(line(open_), line(open_)), "self")
    informed = play(
        begin(person("ada"), person("ben"), turns=8),
        ada=says(Wait(), Say(text="It is shut.", to=("ben",), intent="tell", claims=(shut,))),
        ben=says(line(open_), Wait(), line(shut)),
    )
    assert not breaches(informed, "self")


def test_one_says_what_one_believes() -> None:
    """To state something other than one's belief is a breach, less surely so in a denial, and none in a lie."""
    believer = person("ben", slots={"belief.ring.thief": "cy"})
    for intent, found in (("tell", [1.0]), ("lie", [])):
        log = play(begin(person("ada"), believer, turns=4), ada=says(), ben=says(line(BY_BEN, intent)))
        assert [verdict.confidence for verdict in breaches(log, "belief")] == found
    denied = line(Claim("ring", "thief", "cy", holds=False), "deny")
    log = play(begin(person("ada"), believer, turns=4), ada=says(), ben=says(denied))
    assert [verdict.confidence for verdict in breaches(log, "belief")] == [0.3]


def test_nobody_reaches_for_what_they_never_heard_of() -> None:
    """An attempt on a thing in a closed chest elsewhere, never seen or spoken of, is impossible knowledge."""
    reach = play(
        begin(person("ada"), person("ben"), turns=4), ada=says(), ben=says(Touch(verb="take", target="ring"))
    )
    assert breaches(reach, "knowledge")
    wanted = person("ben", goals={"it": "have ring"}, summary="Ben wants the ring.")
    known = play(
        begin(person("ada"), wanted, turns=4), ada=says(), ben=says(Touch(verb="take", target="ring"))
    )
    assert not breaches(known, "knowledge")


def test_words_to_somebody_elsewhere_are_out_of_place() -> None:
    """Speaking aloud to somebody in another room is found, shouting is not."""
    call = {"text": "Come down!", "to": ("ada",)}
    quiet, loud = Say.model_validate(call), Say.model_validate(call | {"manner": "shout"})
    for spoken, found in ((quiet, 1), (loud, 0)):
        log = play(
            begin(person("ada"), person("ben"), turns=6), ada=says(Go(to="attic")), ben=says(Wait(), spoken)
        )
        assert len(breaches(log, "place")) == found
