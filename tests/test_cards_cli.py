"""Cards on the command line: in, on stage, judged, and out again."""

import json
from pathlib import Path

import pytest

from characters.cards.importing import import_card
from characters.cards.reading import read_file
from characters.cards.trees import data_of
from scripts.make_cards import b64, lore, png, text, text_chunk, v2
from tests.conftest import Sandbox

BOOK = {
    "entries": {"0": {"uid": 0, "key": ["garnet"], "content": "Garnets grow in slate.", "comment": "Garnets"}}
}


@pytest.mark.slow
def test_a_card_comes_in_plays_and_goes_out(sandbox: Sandbox, tmp_path: Path) -> None:
    """Import, run, judge, export: a picture of a stranger plays in the tavern and goes home changed."""
    picture = png([], [text_chunk("chara", b64(v2(character_book=lore({}))))])
    (tmp_path / "liss.png").write_bytes(picture)
    (tmp_path / "garnets.json").write_bytes(text(BOOK))
    done = sandbox("cards", "import", "liss.png", "garnets.json", "--json")
    (told,) = json.loads(done.stdout)["cards"]
    assert (told["id"], told["lore"]) == ("liss_ondra", 2)
    sandbox("run", "tavern", "--cast", "mira,liss_ondra", "--turns", "8", "--out", "run", "-q")
    sandbox("judge", "run")
    sandbox("cards", "export", "run", "--who", "liss_ondra", "--format", "v3-png", "--out", "out.png")
    file = read_file(tmp_path / "out.png")
    data = data_of(file.tree)
    assert data["extensions"]["harbour/oil"] == v2()["data"]["extensions"]["harbour/oil"]  # type: ignore[call-overload, index]
    assert file.tree["beside"] == [1]
    assert "turn 8 of run" in str(data["character_version"])
    assert import_card(file).card.lore.entries[1].text == "Garnets grow in slate."
    again = sandbox("cards", "import", "liss.png", code=2)
    assert "exists already" in again.stderr


def test_an_unedited_character_goes_out_as_its_card(sandbox: Sandbox, tmp_path: Path) -> None:
    """What was imported and not touched is exported with the very JSON it came with."""
    (tmp_path / "liss.json").write_bytes(text(v2()))
    sandbox("cards", "import", "liss.json")
    sandbox("cards", "export", "liss_ondra", "--format", "json", "--out", "out.json")
    assert (tmp_path / "out.json").read_bytes() == text(v2())


def test_show_and_refusals(sandbox: Sandbox, tmp_path: Path) -> None:
    """Show says what a file is and what is odd about it; what is no card leaves with 3, what cannot be asked with 2."""
    (tmp_path / "a.json").write_bytes(text(v2(tags="a, b")))
    (tmp_path / "book.json").write_bytes(text(BOOK))
    (tmp_path / "bad.png").write_bytes(png())
    shown = sandbox("cards", "show", "a.json").stdout
    assert "a card in JSON" in shown
    assert "field.tags" in shown
    assert json.loads(sandbox("cards", "show", "book.json", "--json").stdout)["entries"] == ["garnets"]
    assert "holds no card" in sandbox("cards", "show", "bad.png", code=3).stderr
    sandbox("cards", "export", "mira", "--format", "gif", "--out", "x", code=2)
    sandbox("cards", "import", "book.json", "--out", "lore")
    assert "Garnets grow in slate." in (tmp_path / "lore" / "book.lore.yaml").read_text()
