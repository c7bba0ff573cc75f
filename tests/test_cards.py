"""Cards of other programs: whatever is odd about them is read, told, and written back as it was."""

import json
import struct
import zipfile
from pathlib import Path

import pytest

from characters.cards.exporting import FORMATS, Form, became, blank, write_card
from characters.cards.importing import import_card
from characters.cards.jsontext import dumps, loads
from characters.cards.png import stored, unbase
from characters.cards.reading import CardFile, read_file
from characters.cards.repairs import RULES, Repairs
from characters.cards.trees import NOTE, data_of
from characters.files import load_card
from scripts.make_cards import DEVIATIONS, V1, Deviation, archive, b64, lore, png, text, text_chunk, v2, v3
from worlds.errors import UsageError

ODD = [pytest.param(deviation, id=deviation.file) for deviation in DEVIATIONS]
SAME: dict[str, tuple[Form, ...]] = {"png": ("v2-png", "v3-png"), "charx": ("charx",), "json": ("json",)}
"""The forms that hold a card of a container as it is."""


def written(folder: Path, name: str, raw: bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(raw)
    return path


def again(file: CardFile, form: Form) -> CardFile:
    """What is read of a card that was written in another form."""
    out = file.path.with_name(f"{file.path.stem}.{form}.out")
    write_card(out, form, file.tree, file)
    return read_file(out)


def test_there_are_many_deviations() -> None:
    """At least thirty odd cards are made, and every rule about files and forms is told by one of them."""
    assert len(DEVIATIONS) >= 30
    told = frozenset[str]().union(*(deviation.findings for deviation in DEVIATIONS))
    untold = {
        rule for rule in RULES if rule.split(".")[0] in ("file", "text", "json", "base64", "png", "charx")
    } - told
    assert not untold


@pytest.mark.parametrize("deviation", ODD)
def test_an_odd_card_is_read_and_everything_odd_is_told(deviation: Deviation, tmp_path: Path) -> None:
    """Each imports as the same lamplighter, with exactly the findings it deserves."""
    read = import_card(read_file(written(tmp_path, deviation.file, deviation.make())))
    assert {repair.rule for repair in read.repairs} == deviation.findings
    assert all(repair.what for repair in read.repairs)
    named = {"nameless.json": "nameless", "two-people.json": "liss_and_tove"}
    assert read.card.id == named.get(deviation.file, "liss_ondra")
    said = any("lamps do not wait" in line for line in read.card.core.voice.samples)
    assert said != (deviation.file == "voiceless.json")


@pytest.mark.parametrize("deviation", ODD)
def test_the_raw_tree_is_a_fixed_point(deviation: Deviation, tmp_path: Path) -> None:
    """Import, export, import gives the same raw tree, number by number, in every form; and so does doing it again."""
    file = read_file(written(tmp_path, deviation.file, deviation.make()))
    for form in FORMATS:
        once = again(file, form)
        twice = again(once, form)
        assert dumps(twice.tree) == dumps(once.tree)
        assert {repair.rule for repair in once.repairs} <= {
            "png.older",
            "charx.prefix",
            "charx.extra",
            "png.asset",
        }
        for field in ("description", "extensions", "tags"):
            if isinstance(file.tree.get("data"), dict):
                assert data_of(once.tree)[field] == data_of(file.tree)[field]
    if deviation.file.endswith(".json") and "spec" in file.tree:
        assert dumps(again(file, "json").tree) == dumps(file.tree)


@pytest.mark.parametrize(
    ("name", "raw", "form"),
    [
        ("v1.json", text(V1), "json"),
        ("v2.json", text(v2()), "json"),
        ("v3.json", text(v3()), "json"),
        ("v2.png", png([text_chunk("chara", b64(v2()))]), "v2-png"),
        ("after.png", png((), [text_chunk("chara", b64(v2()))]), "v2-png"),
        ("v3.png", png([text_chunk("ccv3", b64(v3()))]), "v3-png"),
        ("z.png", png([text_chunk("ccv3", b64(v3()), b"zTXt")]), "v3-png"),
        ("i.png", png([text_chunk("ccv3", b64(v3()), b"iTXt")]), "v3-png"),
        ("animated.png", png([text_chunk("ccv3", b64(v3()))], animated=True), "v3-png"),
        ("c.charx", archive({"card.json": text(v3())}), "charx"),
        ("j.jpg", archive({"card.json": text(v3())}, b"\xff\xd8\xff picture \xff\xd9"), "charx"),
    ],
)
def test_an_unchanged_card_is_written_to_the_byte(name: str, raw: bytes, form: Form, tmp_path: Path) -> None:
    """The JSON that comes back out of a container is the JSON that went in, byte for byte."""
    file = read_file(written(tmp_path, name, raw))
    assert again(file, form).text == file.text != b""


def test_numbers_and_unknown_fields_survive_to_the_sign() -> None:
    """Order of names, ways of writing numbers, and whatever nobody here knows come back as they were."""
    raw = '{"b":1.50,"a":[1e2,-0,-0.0,1E+3,12345678901234567890,0.1],"\\u00e9\\n":{"":null,"x":[[],{}]},"t":true}'
    tree = loads(raw.encode(), "it", Repairs())
    assert dumps(tree) == raw.replace("\\u00e9", "é")


def test_a_picture_keeps_its_chunks(tmp_path: Path) -> None:
    """All chunks but the card's stay where they were, to the byte; what comes behind the picture too."""
    extra = text_chunk("Comment", b"by hand") + struct.pack(">I4s", 2, b"xyZz") + b"hi" + b"\0\0\0\0"
    stale = text_chunk("chara", b64(v2(creator="old")), b"zTXt")
    raw = png([extra, stale], [text_chunk("chara", b64(v2()))]) + b"TAIL"
    file = read_file(written(tmp_path, "a.png", raw))
    assert data_of(file.tree)["creator"] == "the keeper"
    out = tmp_path / "b.png"
    left = write_card(out, "v3-png", file.tree, file)
    made = out.read_bytes()
    assert extra in made
    assert made.endswith(b"TAIL")
    assert {repair.rule for repair in left} == {"export.twin"}
    copies = {
        copy.keyword: loads(unbase(copy.value, "", Repairs()), "", Repairs())
        for copy in stored(made, Repairs())
    }
    assert list(copies) == ["ccv3", "chara"]
    assert b"zTXt" not in made
    older = copies["chara"]
    assert isinstance(older, dict)
    assert str(data_of(older)["creator_notes"]).startswith(NOTE)


def test_an_archive_keeps_its_members(tmp_path: Path) -> None:
    """Assets, scripts and other programs' files stay in a CHARX, and so does the picture before it."""
    assets = [
        {"type": "icon", "uri": "embeded://assets/icon/images/main.png", "name": "main", "ext": "png"},
        {"type": "emotion", "uri": "embeded://assets/emotion/images/joy.png", "name": "joy", "ext": "png"},
    ]
    icon = png([text_chunk("Comment", b"icon")])
    files = {
        "card.json": text(v3(assets=assets)),
        "assets/icon/images/main.png": icon,
        "assets/emotion/images/joy.png": png(),
        "module.risum": b"\0scripts",
        "x_meta/a.json": b"{}",
    }
    file = read_file(written(tmp_path, "a.charx", archive(files, b"\xff\xd8 picture")))
    out = tmp_path / "b.charx"
    assert write_card(out, "charx", file.tree, file) == ()
    assert out.read_bytes().startswith(b"\xff\xd8 picture")
    with zipfile.ZipFile(out) as made:
        assert {name: made.read(name) for name in made.namelist()} == files
    left = write_card(tmp_path / "b.png", "v3-png", file.tree, file)
    assert [(repair.rule, repair.where) for repair in left] == [("export.asset", "data.assets[1]")]
    assert b"icon" in (tmp_path / "b.png").read_bytes()


def test_a_card_can_be_written_over_itself(tmp_path: Path) -> None:
    """An export to where the card came from keeps what was in it; one to nowhere is refused and leaves nothing."""
    files = {"card.json": text(v3()), "assets/icon/images/main.png": png()}
    file = read_file(written(tmp_path, "a.charx", archive(files)))
    write_card(file.path, "charx", file.tree, file)
    with zipfile.ZipFile(file.path) as made:
        assert {name: made.read(name) for name in made.namelist()} == files
    with pytest.raises(UsageError, match="cannot be written"):
        write_card(tmp_path / "a.charx" / "a.json", "json", file.tree, file)
    assert [path.name for path in tmp_path.iterdir()] == ["a.charx"]


def test_decorators_stay_in_the_third_version_alone(tmp_path: Path) -> None:
    """The copy for older programs holds the lore without decorators; the newer one holds it as it was."""
    book = lore({"content": "@@depth 4\n@@scan_depth 3\nThe bell is cracked.", "use_regex": False})
    file = read_file(written(tmp_path, "a.json", text(v3(character_book=book))))
    older, newer = again(file, "v2-png"), again(file, "v3-png")
    assert dumps(newer.tree) == dumps(file.tree)
    assert "@@" not in dumps(older.tree)
    assert import_card(older).card.lore.entries[0].text == "The bell is cracked."


def test_a_card_from_here_gives_back_the_very_profile(tmp_path: Path) -> None:
    """Our own characters go out as cards of any form and come in again as they were."""
    for name in ("mira", "bram", "ko"):
        card = load_card(name)
        tree = became(blank(card), card, None)
        for form in FORMATS:
            out = tmp_path / f"{name}.{form}"
            write_card(out, form, tree)
            assert import_card(read_file(out)).card == card
        assert json.loads((tmp_path / f"{name}.json").read_bytes())["data"]["name"] == card.name
