import time
from collections.abc import Iterable, Iterator

import pytest

from judges import JUDGES
from judges.panel import Panel, named
from judges.reading import read
from judges.scores import Score, Tally, compare, estimate, goodness, slope, tally
from judges.verdict import Judge, Log, Scale, Verdict, Window
from tests.house import begin, bundled, person, play, says
from worlds.actions import Say
from worlds.errors import InputError, UsageError
from worlds.files import world_names
from worlds.trajectory import Trajectory


def verdict(value: float | None, seq: int, **fields: object) -> Verdict:
    """Give a verdict on Ben at one event."""
    given: dict[str, object] = {"judge": "test", "subject": "ben", "dimension": "test.one", "value": value}
    return Verdict.model_validate(given | {"window": Window(seq, seq), "evidence": (seq,)} | fields)


def talk(turns: int = 12) -> Trajectory:
    """Let two people take turns at saying nothing much."""
    minds = {
        who: says(*(Say(text=f"Line {number} of mine.") for number in range(turns))) for who in ("ada", "ben")
    }
    return play(begin(person("ada"), person("ben"), turns=turns), **minds)


def score(value: float | None) -> Score:
    """Give a score with this value."""
    return Score(value, (value,), None, 1, 0)


def run(*values: float) -> Tally:
    """Give a tally in which characters a, b, … have these values."""
    return {"d": {chr(97 + index): score(value) for index, value in enumerate(values)}}


class Fixed:
    """A judge that says what it is given, or fails."""

    name = "fixed"

    def __init__(self, verdicts: Iterable[Verdict], error: Exception | None = None) -> None:
        self.verdicts, self.error = verdicts, error

    def judge(self, log: Log) -> Iterator[Verdict]:
        """Give the verdicts, then fail if told to."""
        yield from self.verdicts
        if self.error:
            raise self.error


# ── adding up ──────────────────────────────────────────────────────────────────────────────────────


def test_items_are_averaged_within_windows_and_windows_within_characters() -> None:
    """Many items early do not outweigh few late ones, and the drift is the slope over the windows."""
    log = talk()
    acts = [event.seq for event in read(log).acts["ben"]]
    early = [verdict(1.0, acts[0]) for _ in range(9)]
    found = tally(log, [*early, verdict(0.5, acts[2]), verdict(0.0, acts[-1])])["test.one"]["ben"]
    assert found.windows == (1.0, 0.5, 0.0)
    assert found.value == 0.5
    assert found.drift == pytest.approx(-1.0)
    assert (found.items, found.failed) == (11, 0)


def test_windows_are_thirds_of_a_characters_own_turns() -> None:
    """Twelve turns of two make six own turns: two to a window, whatever the other does in between."""
    reading = read(talk())
    acts = [event.seq for event in reading.acts["ben"]]
    assert [window.first for window in reading.windows("ben")] == [0, acts[2], acts[4]]
    assert reading.windows("ben")[-1].last == len(reading) - 1
    found = tally(reading, [verdict(float(index), seq) for index, seq in enumerate(acts)])
    assert found["test.one"]["ben"].windows == (0.5, 2.5, 4.5)


def test_a_verdict_without_a_value_is_counted_and_not_averaged() -> None:
    """What failed is neither a zero nor forgotten."""
    log = talk()
    found = tally(log, [verdict(1.0, 5), verdict(None, 5)])["test.one"]["ben"]
    assert (found.value, found.items, found.failed) == (1.0, 1, 1)
    nothing = tally(log, [verdict(None, 5)])["test.one"]["ben"]
    assert (nothing.value, nothing.drift, nothing.failed) == (None, None, 1)


def test_doubtful_verdicts_weigh_less() -> None:
    """Within a window verdicts count by their confidence."""
    log = talk()
    found = tally(log, [verdict(1.0, 5, confidence=0.9), verdict(0.0, 5, confidence=0.3)])
    assert found["test.one"]["ben"].value == pytest.approx(0.75)


def test_a_family_averages_its_dimensions_for_the_better() -> None:
    """In a family 1 is good whatever the scales of its dimensions, and each dimension weighs the same."""
    log = talk()
    items = [verdict(1.0, 5) for _ in range(5)]
    late = verdict(20.0, 5, dimension="test.lag", scale=Scale(1.0, 20.0, 1.0))
    found = tally(log, [*items, late])
    assert found["test.lag"]["ben"].value == 20.0
    assert found["test"]["ben"].value == 0.5


def test_a_verdict_on_the_whole_session_counts_in_every_window() -> None:
    """A verdict without a window says the same of beginning and end: it makes no drift."""
    log = talk()
    found = tally(log, [verdict(0.4, 5, window=None), verdict(0.6, 1, subject="", window=None)])["test.one"]
    assert found["ben"].windows == (0.4, 0.4, 0.4)
    assert found["ben"].drift == 0.0
    assert found[""].value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("value", "scale", "good"),
    [
        (3.0, Scale(1, 5, 5), 0.5),
        (0.25, Scale(0, 1, 0), 0.75),
        (1.0, Scale(1, 20, 1), 1.0),
        (0.0, Scale(-1, 1, 0), 1.0),
    ],
)
def test_goodness_is_nearness_to_the_good_end(value: float, scale: Scale, good: float) -> None:
    """Scales that rise, fall or have their best in the middle come to 0..1 with 1 for good."""
    assert goodness(verdict(value, 1, scale=scale)) == pytest.approx(good)
    assert goodness(verdict(None, 1, scale=scale)) is None


def test_slope_skips_empty_windows() -> None:
    """The slope is the change over the session; one point makes none."""
    assert slope((1.0, None, 0.0)) == pytest.approx(-1.0)
    assert slope((0.0, 0.0, 1.0)) == pytest.approx(1.0)
    assert slope((None, 1.0, None)) is None


# ── intervals and comparisons ──────────────────────────────────────────────────────────────────────


def test_an_estimate_is_the_mean_over_runs_with_an_interval_around_it() -> None:
    """Runs weigh the same however many characters they have; the interval holds the mean and repeats exactly."""
    found = estimate([run(1.0, 1.0, 1.0), run(0.0)], "d")
    assert found is not None
    assert found.value == 0.5
    assert found.low <= found.value <= found.high
    assert (found.low, found.high) == (0.0, 1.0)
    assert (found.runs, found.characters) == (2, 4)
    assert estimate([run(1.0, 1.0, 1.0), run(0.0)], "d") == found
    assert estimate([run(0.5)], "other") is None


def test_an_interval_narrows_with_agreement() -> None:
    """Runs that agree have no interval to speak of; runs that do not have a wide one."""
    same, apart = estimate([run(0.7, 0.7)] * 5, "d"), estimate([run(0.4, 1.0), run(0.7), run(1.0, 0.4)], "d")
    assert same is not None
    assert apart is not None
    assert same.high - same.low < 1e-9 < apart.high - apart.low


def test_a_comparison_pairs_characters_within_pairs_of_runs() -> None:
    """Only who is judged in both counts; a difference that always has one sign is not put down to chance."""
    pairs = [(run(0.5, 0.5, 0.9), run(0.7, 0.7)) for _ in range(8)]
    found = compare(pairs, "d")
    assert found is not None
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.low > 0
    assert (found.better, found.worse) == (16, 0)
    assert found.chance == pytest.approx(2 / 2**8)
    even = compare([(run(0.5), run(0.6)), (run(0.5), run(0.4))], "d")
    assert even is not None
    assert even.chance == 1.0
    assert compare([(run(0.5), {"d": {"z": score(0.1)}})], "d") is None


# ── the panel ──────────────────────────────────────────────────────────────────────────────────────


def test_all_judges_that_need_no_model_are_seated_by_default() -> None:
    """Each name stands for a judge that goes by it; an unknown name is refused with the known ones."""
    seated: tuple[Judge, ...] = Panel().judges
    assert len(seated) == len(JUDGES)
    assert [judge.name for judge in named(("tracking", "consistency"))] == ["tracking", "consistency"]
    with pytest.raises(UsageError, match="consistency"):
        named(("astrology",))


def test_a_judge_that_fails_does_not_stop_the_others() -> None:
    """Its failure is a verdict without a value that says why; a mistake in our own code is not hidden."""
    good, bad = Fixed([verdict(1.0, 1)]), Fixed([], InputError("no model answers"))
    found = Panel([bad, good]).judge(talk())
    assert [(each.value, each.reason) for each in found] == [(None, "no model answers"), (1.0, "")]
    with pytest.raises(ZeroDivisionError):
        Panel([Fixed([], ZeroDivisionError())]).judge(talk())


def test_a_plain_list_of_events_is_judged_as_the_log_is() -> None:
    """A panel reads a trajectory and the list of its events to the same verdicts, and writes to neither."""
    log = bundled("tavern")
    before = len(log)
    assert Panel().judge(log) == Panel().judge(list(log))
    assert len(log) == before


@pytest.mark.parametrize("world", world_names())
def test_bundled_runs_score_well(world: str) -> None:
    """Consistency is at least 0.9 for everybody in a clean improv run, in every window."""
    for who, found in Panel(named(("consistency",))).tally(bundled(world))["consistency"].items():
        assert found.value is not None, who
        assert found.value >= 0.9


@pytest.mark.slow
def test_a_long_run_is_judged_at_once() -> None:
    """All judges together take less than five seconds for 200 turns."""
    log = bundled("village", 5, 200)
    began = time.perf_counter()
    assert Panel().judge(log)
    assert time.perf_counter() - began < 5.0
