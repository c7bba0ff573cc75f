"""Prompts a designer brings: used wherever a model is asked, checked before anything is played, compared."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from characters.calls import Memo
from characters.files import load_card
from characters.model_mind import ModelMind
from characters.models import connect, usable
from characters.models.specs import read_spec
from characters.own_prompts import MOST, TEMPLATES, apart, bring
from characters.prompting import template
from characters.turn_prompt import turn_prompt
from sandbox.design.scaffolds import write_prompts
from sandbox.minds import minds_for
from sandbox.model_narrator import ModelNarrator
from tests.conftest import Sandbox
from tests.players import at_the_gate, scripted, turn
from tests.test_models import asked
from worlds.actions import Do
from worlds.errors import UsageError
from worlds.files import load_world
from worlds.look import look
from worlds.view import Recollection

CURT = "Be curt."


def brought(folder: Path, **texts: str) -> str:
    """Write these templates into a new folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return str(folder)


def curt(folder: Path) -> str:
    """Write a template that is the program's own but for a sentence."""
    return brought(folder, mind=template("mind").replace("- Be who you are", f"- {CURT}\n- Be who you are"))


@pytest.fixture
def replies(tmp_path: Path) -> str:
    """A model that does as it is told: curt if told so, and else warm."""
    no, yes = turn(act="say", speech="No.", intent="refuse"), turn(act="say", speech="Sit down, love, do.")
    lines = ({"if": CURT, "reply": no}, {"reply": yes})
    (tmp_path / "say.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return "scripted:say.jsonl"


def test_copies_to_begin_with_change_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    """What `new prompts` writes can be used at once, says what the program says, and is never written over."""
    sandbox("new", "prompts", "mine")
    assert apart(bring(str(tmp_path / "mine")), template) == ()
    guide = (tmp_path / "mine" / "README.md").read_text()
    assert all(f"`{name}.md`" in guide for name in TEMPLATES)
    assert all(f"{{{place}}}" in guide for kind in TEMPLATES.values() for place in kind.needed)
    (tmp_path / "mine" / "mind.md").write_text("changed")
    refused = sandbox("new", "prompts", "mine", code=2)
    assert "never overwritten" in refused.stderr
    assert (tmp_path / "mine" / "mind.md").read_text() == "changed"


def test_every_template_is_used_where_the_programs_own_would_be(tmp_path: Path) -> None:
    """Turns, interviews, scenes, rulings, orders, endings, forms and re-asks are all put in the words brought."""
    folder = brought(tmp_path / "p", **{name: f"«{name}» {template(name)}" for name in TEMPLATES})
    calls, log = Memo(), at_the_gate()
    model = scripted(lambda _: "?", prompts=bring(folder))
    mind, narrator = ModelMind(model, calls), ModelNarrator(model, calls)

    async def ask_all() -> None:
        await mind.decide(look(log, "ada"))
        await mind.answer(look(log, "ada"), "Who?")
        await narrator.frame(log, log.state.world.scenes[1])
        await narrator.rule(log, "ben", Do(text="searches the straw"))
        await narrator.cue(log)
        await narrator.close(log)

    asyncio.run(ask_all())
    said = "\n".join(message.text for call in calls.made for message in call.messages)
    assert [name for name in TEMPLATES if f"«{name}»" not in said] == []


def test_a_judge_is_asked_in_the_programs_words(tmp_path: Path) -> None:
    """A question that is neither a mind's nor the narrator's has nothing in it of what the model brings."""
    folder = brought(tmp_path / "p", shape="«shape» {shape}", again="«again» {problem}")
    calls = Memo()
    asked(scripted(lambda _: "?", prompts=bring(folder)), calls)
    assert len(calls.made) == 3
    assert "«" not in str(calls.made)


MIND = "You are {name} of {people}: {card} {secrets} {statements}"
TURN = "{recollections} {news} {now} {options}"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("trun.md", TURN, "trun.md: not a template; there are mind.md, turn.md"),
        ("portrait.md", "{name}", "portrait.md: not a template"),
        ("mind.md", MIND.replace("{card}", ""), "mind.md: lacks {card}, who the character is; put it"),
        ("turn.md", "", "turn.md: lacks {recollections}, memories and lore"),
        (
            "turn.md",
            f"{TURN} {{nmae}}",
            "turn.md: {nmae} is nothing that is filled in here; did you mean {name}?",
        ),
        (
            "mind.md",
            f"{MIND} {{ Premise }}",
            "{ Premise } is nothing that is filled in here; did you mean {premise}?",
        ),
        ("turn.md", f"{TURN} {{0}} {{news}}", "{0} is nothing that is filled in here; there are `{name}`"),
        ("turn.md", f"{TURN} {{news}}", "turn.md: {news} stands there 2 times"),
        ("frame.md", "{premise}" + "ß" * MOST, f"frame.md: is longer than {MOST} characters"),
        ("frame.md", b"\xff{premise}", "frame.md: is not text in UTF-8, at byte 0"),
        ("frame.md", None, "frame.md: is no file"),
        ("README.md", "Mine.", "there is no template in it"),
    ],
)
def test_a_folder_that_will_not_do_is_refused(
    name: str, text: str | bytes | None, told: str, tmp_path: Path
) -> None:
    """Each fault of a folder is told with its file and the mend, when the model is connected and before."""
    file = Path(brought(tmp_path / "p")) / name
    if text is None:
        file.mkdir()
    else:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "say.jsonl").write_text('"x"')
    spec = f"scripted:{tmp_path / 'say.jsonl'}?prompts={tmp_path / 'p'}"
    assert told in usable(spec)
    with pytest.raises(UsageError):
        connect(spec)


def test_what_is_brought_is_data(tmp_path: Path) -> None:
    """Braces that are no place stay, and what is filled in is not looked at again."""
    folder = brought(tmp_path / "p", mind=f'{MIND} {{"a": {{}}}} {{{{', turn=f"\ufeff{TURN}\r\n")
    view = replace(look(at_the_gate(), "ada"), title="{card}", name="{secrets}")
    system, user = turn_prompt(view, bring(folder))
    assert system.startswith("You are {secrets} of ada (Ada)")
    assert system.endswith('{"a": {}} {{')
    assert user[0] != "\ufeff"


def test_long_templates_squeeze_nothing_out(tmp_path: Path) -> None:
    """With templates as long as they may be, a character still has its card, its memories and its news."""
    words = "word " * ((MOST - 200) // 5)
    folder = brought(tmp_path / "p", mind=MIND + words, turn=TURN + words)
    view = look(at_the_gate(), "ada")
    view = replace(view, recollections=(Recollection(0, "The needle is in the hay.", 1.0, "asked"),))
    system, user = turn_prompt(view, bring(folder))
    assert "smith in the yard" in system
    assert "The needle is in the hay." in user
    assert "Cy has the key." in user


def test_a_spec_names_its_folder_and_can_be_read_again(tmp_path: Path) -> None:
    """The folder is part of what identifies a call, whatever its name; only the model that is asked first has one."""
    folder = f"{tmp_path}/a+b, c&d"
    spec = read_spec(f"ollama:x?prompts={quote(folder)}&timeout=9&temperature=0.5")
    assert spec.options.prompts == folder
    assert read_spec(spec.shown).shown == spec.shown
    assert read_spec(spec.shown).options.prompts == folder
    assert read_spec("ollama:x?prompts=a+b").options.prompts == "a+b"
    assert "write, for example, prompts=my_prompts" in usable("ollama:x?prompts=")
    assert "behind the first alone" in usable("ollama:x,ollama:y?prompts=p")


@pytest.mark.slow
def test_two_prompts_are_compared(tmp_path: Path, replies: str, sandbox: Sandbox) -> None:
    """A sentence in a template makes a difference that is found, and both prompts and the template are named."""
    curt(tmp_path / "curt")
    words = ("compare", f"mira@{replies}", f"mira@{replies}?prompts=curt", "--seeds", "6", "--turns", "20")
    told = sandbox(*words).stdout
    assert "prompts: the program's own and curt, which differ in mind.md and in nothing else" in told
    assert re.search(r"conduct\.length +the program's own \d[\d.]+ +curt \d", told)
    assert "with curt:\n    Mira: “No.”" in told
    write_prompts(tmp_path / "copied")
    same = json.loads(sandbox(*words[:2], f"mira@{replies}?prompts=copied", *words[3:], "--json").stdout)
    assert same["prompts"] == {"first": "", "second": "copied", "templates": [], "alone": True}
    assert not any(row["differs"] for row in same["differences"])
    refused = sandbox("compare", f"mira@{replies}", f"mira@{replies}?prompts=gone", code=2)
    assert "there is no such folder" in refused.stderr


@pytest.mark.slow
def test_a_run_goes_on_with_the_prompts_it_began_with(tmp_path: Path, replies: str, sandbox: Sandbox) -> None:
    """A run is replayed and resumed with its folder; without it that is refused and nothing is made."""
    curt(tmp_path / "curt")
    words = (
        "run",
        "tavern",
        "--cast",
        "mira,bram",
        "--mind",
        f"mira={replies}?prompts=curt",
        "--turns",
        "6",
        "-q",
    )
    sandbox(*words, "--out", "live")
    sandbox(*words, "--out", "again", "--replay", "live")
    log = (tmp_path / "live" / "events.jsonl").read_bytes()
    assert log == (tmp_path / "again" / "events.jsonl").read_bytes()
    (tmp_path / "cut").mkdir()
    cut = tmp_path / "cut" / "events.jsonl"
    cut.write_bytes(b"".join(log.splitlines(keepends=True)[:-9]))
    kept = cut.read_bytes()
    (tmp_path / "curt").rename(tmp_path / "gone")
    for verb in (
        ("resume", "cut"),
        ("fork", "live", "--at", "2", "--out", "no"),
        (*words, "--out", "no", "--replay", "live"),
    ):
        assert "there is no such folder" in sandbox(*verb, code=2).stderr
    assert not (tmp_path / "no").exists()
    assert cut.read_bytes() == kept
    (tmp_path / "gone").rename(tmp_path / "curt")
    sandbox("resume", "cut", "-q")
    assert cut.read_bytes() == log


@pytest.mark.parametrize("spelt", ["prompts=p", "temperature=1&%70rompts=p"])
def test_a_file_does_not_choose_the_prompts(spelt: str) -> None:
    """A folder that a card or world names is refused until it is given by hand, however it is spelt."""
    world = load_world("tavern")
    card = load_card("mira").character().model_copy(update={"mind": f"ollama:x?{spelt}"})
    with pytest.raises(UsageError, match="a folder of prompts is used only if you give it: `--mind mira="):
        minds_for(world, [card], {}, "improv", said="--mind {who}={mind}")
    given = {"mira": card.mind}
    assert minds_for(world, [card], given, "improv", said="--mind {who}={mind}") == given
