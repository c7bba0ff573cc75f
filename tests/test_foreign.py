"""Trajectories of other programs are read into the log, and judges abstain where those say too little."""

import json
from pathlib import Path

import pytest

from judges.panel import Panel
from sandbox.foreign import Trial, trajectories_of
from sandbox.foreign.records import LONGEST
from tests.conftest import Sandbox
from worlds.actions import Do, Say
from worlds.errors import InputError
from worlds.events import Acted, Happened, Resolved

MESSAGES = {
    "messages": [
        {"role": "system", "content": "You are Mira Vale, who keeps an inn. She is proud."},
        {"role": "user", "content": "Good evening. A room?"},
        {"role": "assistant", "content": "Of course.", "reasoning_content": "A stranger."},
        {"role": "tool", "content": "5"},
        {"role": "user", "content": [{"type": "text", "text": "And a lamp."}, {"type": "image_url"}]},
        {"role": "assistant", "content": "As an AI language model I cannot carry lamps."},
    ]
}
SHAREGPT = [
    {
        "system": "You are Tam, a miller.",
        "conversations": [{"from": "human", "value": "Hi."}, {"from": "gpt", "value": "Morning to you."}],
    }
]
TAVERN = [
    {"user_name": "You", "character_name": "Rita", "chat_metadata": {"scenario": "Night in a harbour."}},
    {"name": "Rita", "is_user": False, "mes": "Who goes there?", "extra": {"reasoning": "Steps."}},
    {"name": "You", "is_user": True, "mes": "A friend.", "swipes": ["A friend.", "Nobody."]},
    {"name": "Narrator", "mes": "Rain falls.", "extra": {"type": "narrator"}},
    {"name": "Note", "is_system": True, "mes": "ooc", "extra": {"type": "comment"}},
    {"name": "Bob", "is_user": False, "is_system": True, "mes": "Ahoy."},
]


def act(who: str, kind: str, text: str) -> dict[str, object]:
    """Make one act as CharacterBox writes it."""
    return {"round": 0, "character_name": who, "type": kind, "detail": {"text": text}}


BOX = {
    "scene": {"event": "a parcel is found", "location": "edge of the wood", "time": "dusk"},
    "characters": [{"name": "Ann", "description": "Keeps the lamps."}, {"name": "Ben", "description": ""}],
    "record": [
        [
            act("Ann", "action", "lifts the parcel"),
            act("Ann", "dialogue", "What is this?"),
            act("Narrator", "Analyze Result", "It hums."),
            act("Ben", "reaction", "steps back"),
        ]
    ],
}


def written(folder: Path, *rows: object, name: str = "chat.jsonl") -> Path:
    """Write objects, one a line."""
    path = folder / name
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def heard(trial: Trial) -> list[tuple[str, str]]:
    """Give who said or did what, narration included."""
    told = []
    for event in trial.log:
        match event.body:
            case Acted(action=Say(text=text)) | Acted(action=Do(text=text)):
                told.append((event.by, text))
            case Happened(text=text):
                told.append(("", text))
            case _:
                pass
    return told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [MESSAGES],
            [
                ("user", "Good evening. A room?"),
                ("mira_vale", "Of course."),
                ("user", "And a lamp."),
                ("mira_vale", "As an AI language model I cannot carry lamps."),
            ],
        ),
        ([MESSAGES["messages"]], [("user", "Good evening. A room?")]),
        (SHAREGPT, [("user", "Hi."), ("tam", "Morning to you.")]),
        (
            TAVERN,
            [("rita", "Who goes there?"), ("you", "A friend."), ("", "Rain falls."), ("bob", "Ahoy.")],
        ),
        (
            [BOX],
            [("ann", "lifts the parcel"), ("ann", "What is this?"), ("", "It hums."), ("ben", "steps back")],
        ),
    ],
)
def test_known_forms_become_a_log(rows: list[object], told: list[tuple[str, str]], tmp_path: Path) -> None:
    """Each form gives the turns it holds, in order, in one place where everybody hears everything."""
    trial = next(trajectories_of([written(tmp_path, *rows)]))

    assert heard(trial)[: len(told)] == told
    everybody = set(trial.log.state.cast)
    assert all(set(e.witnesses) == everybody for e in trial.log if isinstance(e.body, Acted | Happened))
    assert trial.foreign


def test_what_is_known_of_somebody_becomes_the_core(tmp_path: Path) -> None:
    """System prompts and descriptions are who the characters are; thoughts stay private; scenes give the place."""
    mira = next(trajectories_of([written(tmp_path, MESSAGES)])).log
    box = next(trajectories_of([written(tmp_path, BOX, name="box.jsonl")])).log

    assert mira.state.cast["mira_vale"].core == {
        "identity": "You are Mira Vale, who keeps an inn.",
        "summary": "She is proud.",
    }
    thoughts = [event.body.thought for event in mira if isinstance(event.body, Acted)]
    assert thoughts == ["", "A stranger.", "", ""]
    assert box.state.cast["ann"].core["identity"] == "Keeps the lamps."
    assert box.state.world.places["here"].name == "edge of the wood"
    assert all(event.body.ok for event in box if isinstance(event.body, Resolved))


def test_judges_abstain_where_the_file_says_nothing(tmp_path: Path) -> None:
    """Nothing rests on a world, claims or changes the file does not have; what does stand in it is judged."""
    trial = next(trajectories_of([written(tmp_path, MESSAGES)]))
    verdicts = trial.fair(Panel().judge(trial.log))

    judged = {(v.subject, v.dimension) for v in verdicts if v.value is not None}
    assert judged == {
        ("mira_vale", f"{dimension}")
        for dimension in ("fidelity.apc", "fidelity.violated", "fidelity.fiction", "consistency.repetition")
    }
    abstained = [v for v in verdicts if v.value is None]
    assert all(v.reason and not v.evidence for v in abstained)
    assert len({(v.subject, v.dimension) for v in abstained}) == len(abstained)
    broken = next(v for v in verdicts if v.dimension == "fidelity.fiction" and v.value == 0.0)
    assert [heard_at.by for heard_at in (trial.log[seq] for seq in broken.evidence)] == ["mira_vale"]


def test_files_are_judged_next_to_runs(tmp_path: Path, sandbox: Sandbox) -> None:
    """`judge` takes both, says what a file lacks once, and writes nothing beside the file."""
    chats = written(tmp_path, MESSAGES, MESSAGES)
    sandbox("run", "tavern", "--turns", "4", "-q", "--out", "run")

    done = sandbox("judge", str(chats), "run", "--json")

    runs = json.loads(done.stdout)["runs"]
    assert [row["run"] for row in runs] == [f"{chats}#1", f"{chats}#2", "run"]
    assert runs[0]["scores"]["consistency.world"]["mira_vale"]["value"] is None
    assert done.stderr.count("no timeline of profiles") == 1
    assert "messages left out: 1 tool" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.jsonl", "run"]


HOSTILE = {
    "unknown role": (
        '{"messages": [{"role": "wizard", "content": "x"}]}',
        ":1: messages[0]: `role` is 'wizard'",
    ),
    "wrong type": (
        '{"messages": [{"role": "user", "content": 5}]}',
        ":1: messages[0]: `content` is a number",
    ),
    "no list": ('{"messages": {"role": "user"}}', ":1: `messages` is an object; write a list"),
    "not an object": ('{"conversations": ["hello"]}', ":1: conversations[0]: this is a text"),
    "second line torn": (
        '{"messages": [{"role": "user", "content": "x"}]}\n{"messages": [',
        ":2: not JSON",
    ),
    "nobody": ('{"messages": []}', ":1: nobody says or does anything"),
    "no form": ('{"prompt": "x", "chosen": "y"}', ":1: no form known by its keys (prompt, chosen)"),
    "no message": ('{"chat_metadata": {}, "mes": "x"}\n{"name": "A"}', ":2: there is no `mes`"),
    "narrator's side only": (
        json.dumps({"characters": [], "record": [act("Narrator", "Update Scene", "x")]}),
        ":1: `record` holds no acts of characters",
    ),
    "deep": ("[" * 100_000, ":1: nested too deeply"),
    "a number": ("7", ":1: this is a number"),
    "a long number": ('{"messages": ' + "9" * 5000 + "}", ":1: a number too long"),
    "empty": ("", ": the file is empty"),
    "bytes": ("\udcff\udcfe", ": not UTF-8 text"),
    "huge line": ('{"messages": "' + "x" * LONGEST + '"}', ":1: more than 16 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_is_refused_with_its_line_and_the_mend(name: str, tmp_path: Path) -> None:
    """Whatever is wrong is said with file, line and what to do; nothing else comes out of it."""
    text, hint = HOSTILE[name]
    path = tmp_path / "chat.jsonl"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(InputError) as caught:
        list(trajectories_of([path]))

    assert str(caught.value).startswith(f"{path}{hint}")
    assert "; " in str(caught.value)


def test_control_characters_never_reach_a_log(tmp_path: Path) -> None:
    """Escape sequences, direction marks and halves of characters are taken out of names and words."""
    row = {"messages": [{"role": "assistant", "name": "M\x1b[31mira\u202e", "content": "a\x00b\ud800c\r\nd"}]}
    log = next(trajectories_of([written(tmp_path, row)])).log

    assert [character.name for character in log.state.cast.values()] == ["M[31mira"]
    said = [event.body.action for event in log if isinstance(event.body, Acted)]
    assert [action.text for action in said if isinstance(action, Say)] == ["ab?c\nd"]


def test_speakers_keep_apart(tmp_path: Path) -> None:
    """Names that read alike as ids, or as the place, get ids of their own."""
    rows = [{"name": name, "is_user": False, "mes": "Hm."} for name in ("Ann", "ann", "Here", "!!", "安")]
    log = next(trajectories_of([written(tmp_path, *rows)])).log

    assert list(log.state.cast) == ["ann", "ann_2", "here_2", "somebody", "安"]
    assert [character.name for character in log.state.cast.values()] == ["Ann", "ann", "Here", "!!", "安"]
