"""Lore: what comes to whose mind, and when."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from characters.lore import lore_for
from characters.turn_prompt import turn_prompt
from tests import groundwork
from tests.stagecraft import CAST, WORLD, begin, play, stage
from tests.talk import QUIET, said
from worlds.actions import Became, Say
from worlds.check import check_world
from worlds.events import Acted, Cued, Draft, Intervened, SceneSet, Started
from worlds.look import look
from worlds.lore import FOREVER, Lore, Lorebook
from worlds.spec import Settings
from worlds.trajectory import Trajectory, extend, start


def lore(id_: str = "bell", *keys: str, **fields: object) -> Lore:
    """An entry that tells its own name."""
    return Lore.model_validate({"id": id_, "text": f"<{id_}>", "keys": keys, **fields})


def opened(*entries: Lore, seed: int = 1, **book: object) -> Trajectory:
    """A log at its first turn, in a world with this lore: Ada and Ben in the hall, Cy in the loft."""
    lorebook = Lorebook.model_validate({"entries": entries, **book})
    world = QUIET.model_copy(update={"lore": lorebook})
    settings = Settings(seed=seed, turns=100_000, order="list")
    log = start(Started(world=world, cast=CAST, settings=settings))
    return extend(log, [Draft(SceneSet(scene="one", text="It is evening."))])


def told(log: Trajectory, who: str = "ben") -> list[str]:
    """The ids of what comes to mind, in order."""
    return [known.id for known in lore_for(log, who)]


def test_lore_reaches_only_who_perceived_its_key() -> None:
    """A key that is whispered to Ben brings the entry to Ben's mind, and not to Cy's in the loft."""
    log = said(opened(lore("bell", "bell")), "ada", "The bell.", to="ben")
    assert told(log, "ben") == ["bell"]
    assert told(log, "cy") == []


def test_lore_reaches_only_who_may_know_it() -> None:
    """An entry for Ben alone, or for those who know a secret, is for nobody else whatever they hear."""
    entries = lore("for_ben", "bell", known_by=["ben"]), lore("for_thieves", "bell", known_by=["theft"])
    log = said(opened(*entries), "ada", "The bell.")
    assert told(log, "ada") == ["for_thieves"]
    assert told(log, "ben") == ["for_ben"]
    assert told(log, "cy") == []


def test_lore_waits_for_the_world() -> None:
    """Conditions are asked of the world as it is now, `actor` being who is asked."""
    entry = lore("deep", "well", when=["well.level <= 3", "actor.at is hall"])
    log = said(opened(entry), "ada", "The well.")
    assert told(log) == []
    lower = Became(subject="well", attribute="level", value=2)
    assert told(extend(log, [Draft(Intervened(text="It sinks.", effects=(lower,)))])) == ["deep"]


def test_keys_are_words_parts_of_words_or_patterns() -> None:
    """Plain keys are found anywhere and in any case, whole ones as words; patterns go by their own flags."""
    entries = (
        lore("part", "BEL"),
        lore("whole", "bel", whole=True),
        lore("case", "BELL", case=True),
        lore("pattern", "/b[aeiou]ll\\b/"),
        lore("folded", "/THE .*BELL/i"),
        lore("anchored", "/^Ada says/"),
        lore("broken", "/(bell/"),
        lore("phrase", "the bell rings", whole=True),
    )
    found = told(said(opened(*entries), "ada", "Hark, the bell rings!"))
    assert set(found) == {"part", "pattern", "folded", "anchored", "phrase"}


def test_second_keys_and_exclusions() -> None:
    """Second keys are asked for as their logic says; an excluded word keeps an entry away."""
    entries = [
        lore(f"{logic}_{n}", "bell", also=also, logic=logic)
        for logic in ("any", "all", "not_any", "not_all")
        for n, also in enumerate((["tower"], ["tower", "rope"], ["rope"]))
    ]
    found = told(
        said(opened(*entries, lore("no", "bell", unless=["tower"])), "ada", "The bell in the tower.")
    )
    assert set(found) == {"any_0", "any_1", "all_0", "not_any_2", "not_all_1", "not_all_2"}


def test_the_depth_is_counted_in_what_was_perceived() -> None:
    """An entry looks at so many of the last messages, and the book says how many if the entry does not."""
    log = opened(lore("near", "bell", depth=1), lore("far", "bell"), depth=2)
    log = said(said(log, "ada", "The bell."), "ben", "Hm.")
    assert told(log) == ["far"]
    assert told(said(log, "ada", "So.")) == []


def test_order_place_budget_and_priority() -> None:
    """Entries are told by place and rising order; where there is no room, the least priority is left out."""
    entries = (
        lore("b", constant=True, order=2),
        lore("a", constant=True, order=1),
        lore("late", constant=True, place="late", order=0),
        lore("first", constant=True, place="before", order=9),
        lore("off", constant=True, enabled=False),
    )
    assert told(opened(*entries)) == ["first", "a", "b", "late"]
    long = lore("long", constant=True, text="x" * 400, priority=1), lore("dear", constant=True, priority=5)
    assert told(opened(*long, budget=50)) == ["dear"]


def test_lore_brings_lore_to_mind() -> None:
    """What an entry says can bring another to mind, unless it, the other or the book forbids it."""
    chain = (
        lore("bell", "bell", text="It hangs in the tower. {{hidden_key:owl}}"),
        lore("tower", "tower", text="Rooks live there."),
        lore("rooks", "rooks", found_by_lore=False),
        lore("owl", "owl", only_by_lore=True),
        lore("loud", "bell", only_by_lore=True),
    )
    log = said(opened(*chain), "ada", "The bell.")
    assert set(told(log)) == {"bell", "tower", "owl", "loud"}
    assert lore_for(log, "ben")[0].text == "It hangs in the tower."
    assert told(said(opened(*chain, recursive=False), "ada", "The bell.")) == ["bell"]


def test_timed_effects_follow_from_earlier_turns() -> None:
    """Sticky entries stay, then rest for their cooldown; delayed ones wait. No state is kept: the log says it all."""
    entries = (
        lore("sticky", "bell", depth=1, sticky=2, cooldown=3),
        lore("late", "bell", delay=4, depth=20),
        lore("once", "bell", depth=1, cooldown=FOREVER),
    )
    log, seen = opened(*entries), []
    for line in ("The bell.", "a", "b", "The bell.", "The bell.", "c", "The bell."):
        log = said(log, "ada", line)
        cued = extend(log, [Draft(Cued(who=("ben",)))])
        seen.append(set(told(cued)))
        log = said(log, "ben", "Mm.")
    assert [("sticky" in found) for found in seen] == [True, True, False, True, True, False, True]
    assert [("once" in found) for found in seen] == [True, False, False, False, False, False, False]
    assert [("late" in found) for found in seen] == [False, True, True, True, True, True, True]


def test_chance_and_groups_are_drawn_by_address() -> None:
    """A chance of one half comes in about half the runs, one of a group is told, and all of it can be repeated."""
    entries = (
        lore("maybe", constant=True, chance=0.5),
        lore("one", constant=True, group="g", weight=300),
        lore("two", constant=True, group="g", weight=100),
    )
    runs = [told(opened(*entries, seed=seed)) for seed in range(200)]
    assert runs == [told(opened(*entries, seed=seed)) for seed in range(200)]
    assert 70 < sum("maybe" in found for found in runs) < 130
    assert 120 < sum("one" in found for found in runs) < 180
    assert all(("one" in found) != ("two" in found) for found in runs)
    chosen = lore("three", constant=True, group="g", chosen=True)
    assert "three" in told(opened(*entries, chosen))


def test_macros_in_lore_read_the_world_clock() -> None:
    """The time is the world's, `{{user}}` is who spoke last, and dice fall the same way again."""
    text = "{{char}} to {{user}} at {{time}} on {{date}}: {{roll:d100}}"
    log = said(opened(lore("now", constant=True, text=text)), "ada", "Well?")
    first, again = lore_for(log, "ben")[0].text, lore_for(log, "ben")[0].text
    assert first == again
    assert first.startswith("Ben to Ada at 08:00 on day 1: ")


def test_a_cued_character_knows_what_it_knew_at_the_cue() -> None:
    """While characters act together, what one says brings nothing to the mind of another."""
    log = extend(opened(lore("bell", "bell")), [Draft(Cued(who=("ada", "ben")))])
    before = lore_for(log, "ben")
    assert lore_for(extend(log, [Draft(Acted(action=Say(text="The bell.")), "ada")]), "ben") == before == ()


def test_lore_stands_in_the_prompt_of_who_may_know_it() -> None:
    """A model that plays Ben reads the entry; a view without lore makes the prompt there always was."""
    log = said(opened(lore("bell", "bell", text="The bell is cracked [/red] {now}.")), "ada", "The bell.")
    view = look(log, "ben")
    plain = turn_prompt(view)
    with_lore = turn_prompt(replace(view, lore=lore_for(log, "ben")))
    assert "The bell is cracked [/red] {now}." in with_lore[1]
    assert "cracked" not in plain[1]
    assert with_lore[0] == plain[0]


def test_a_world_without_lore_is_as_before() -> None:
    """No lore costs nothing: views hold none, and the log says nothing of it."""
    log = play(begin(turns=6))
    assert lore_for(log, "ada") == ()
    assert "lore" not in log[0].body.model_dump(exclude_defaults=True)["world"]


@given(st.integers(0, 10_000))
def test_a_view_never_holds_lore_for_others(seed: int) -> None:
    """Whatever is said and done, an entry for one is in nobody else's view."""
    entries = [lore(f"of_{who.id}", "a", "e", "<", constant=seed % 2 == 0, known_by=[who.id]) for who in CAST]
    world = WORLD.model_copy(update={"lore": Lorebook(entries=tuple(entries))})
    log = play(begin(seed=seed, turns=5, world=world), stage())
    for who in CAST:
        assert set(told(log, who.id)) <= {f"of_{who.id}"}


def test_lore_is_checked() -> None:
    """Names of nobody, doubles, conditions that cannot hold and entries nothing brings to mind are found."""
    world = groundwork.world()
    entries = (
        lore(
            "a",
            "ring",
            known_by=["mira", "owning", "nobody"],
            when=["actor.at is hall", "ring.colour is red"],
        ),
        lore("a", "ring", when=["actor:guild is smiths"]),
        lore("silent"),
    )
    found = check_world(
        world.model_copy(update={"lore": Lorebook(entries=entries)}), (groundwork.character(),)
    )
    assert {(finding.severity, finding.path[2:]) for finding in found if finding.path[0] == "lore"} == {
        ("error", (0, "id")),
        ("error", (1, "id")),
        ("error", (0, "known_by", 2)),
        ("error", (0, "when", 1)),
        ("warning", (2,)),
    }
    own = groundwork.character().model_copy(
        update={"lore": Lorebook(entries=(lore("x", "y", when=["moon"]),))}
    )
    marks = [
        finding
        for finding in check_world(world, (own,))
        if finding.of == "mira" and finding.path[0] == "lore"
    ]
    assert [finding.path for finding in marks] == [("lore", "entries", 0, "when", 0)]
