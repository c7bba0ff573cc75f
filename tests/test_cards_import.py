"""What a card says of a character, and what becomes of it."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from characters.calls import Memo
from characters.cards.chats import read_chat, with_voice
from characters.cards.exporting import Become, became, in_run
from characters.cards.importing import Imported, import_card
from characters.cards.keeping import as_yaml, keep, origin_of, unchanged
from characters.cards.macros import Scope, expand, unknown
from characters.cards.modelled import refine
from characters.cards.reading import CardFile, read_file
from characters.cards.trees import data_of
from characters.check import check_file
from characters.files import load_card
from scripts.make_cards import V1, text, v2, v3
from tests.players import scripted

RICH = v2(
    name="Tove Brandt",
    description=(
        "{{char}} keeps the last ferry on a river that moves. She is blunt and brave.\n"
        "{{char}} never lies to a passenger. She refuses to cross at night. "
        "Nobody knows that she cannot swim. She is afraid of still water. She speaks slowly, in a river drawl.\n"
        "Age: 51\nOccupation: ferrywoman\nLikes: strong tea, old maps\nDislikes: bridges\nHair: grey\n"
        'Skills("knots" + "weather")\nQuirks: counts the strokes\nCatchphrase: "The river decides."'
    ),
    personality="stubborn, calm, dry, generous",
    scenario="{{user}} stands on the landing.",
    first_mes='*A rope creaks.* "Get in, {{user}}. Mind the bucket."',
    mes_example=(
        '<START>\n{{user}}: How far is it?\n{{char}}: *spits* "Further than yesterday."\n{{user}}: Why?\n'
        "{{char}}: Rivers get tired too.\nThey lie down elsewhere.\n<START>\nTove: One coin. {{user}} pays."
    ),
    extensions={"talkativeness": "0.3", "depth_prompt": {"prompt": "It rains.", "depth": 4}},
)


def imported(tree: object, name: str = "card.json", **options: Any) -> Imported:
    """What is made of a raw tree."""
    assert isinstance(tree, dict)
    return import_card(CardFile(Path(name), "json", tree, b"", ()), **options)


def test_a_card_becomes_a_profile() -> None:
    """Attributes, adjectives, taboos, secrets, fears, tastes, lines and lore find their places."""
    card = imported(RICH, user="traveller").card
    core, voice = card.core, card.core.voice
    assert (card.id, card.name, core.identity) == (
        "tove_brandt",
        "Tove Brandt",
        "Tove Brandt, 51, ferrywoman",
    )
    assert core.summary.startswith(
        "Tove Brandt keeps the last ferry on a river that moves. She is blunt and brave."
    )
    assert "Hair: grey." in core.summary
    assert core.traits["proud"] == core.traits["honest"] == core.traits["brave"] == 0.85
    assert core.traits["greedy"] == 0.2
    assert core.taboos == ("never lies to a passenger", "refuses to cross at night")
    assert core.taboo_verbs == ("lie",)
    assert core.knows == ("knots", "weather")
    assert core.talkativeness == 0.3
    assert voice.manner == "She speaks slowly, in a river drawl."
    assert voice.habits == ("counts the strokes",)
    assert voice.catchphrases == ("The river decides",)
    assert voice.samples == (
        "Further than yesterday.",
        "Rivers get tired too. They lie down elsewhere.",
        "One coin. traveller pays.",
        "Get in, traveller. Mind the bucket.",
    )
    assert voice.lines == {"greet": ("Get in, {to}. Mind the bucket.",)}
    (secret,) = card.secrets
    assert (secret.known_by, secret.claim.subject) == (("tove_brandt",), "tove_brandt")
    assert "cannot swim" in secret.text
    assert "swim" not in core.summary
    assert card.slots == {
        "taste.strong_tea": "likes it",
        "taste.old_maps": "likes it",
        "taste.bridges": "cannot stand it",
        "fear.still_water": "still water",
    }
    assert card.lore.entries[0].constant
    assert "landing" not in card.model_dump_json()


def test_a_character_can_be_given_another_id() -> None:
    """Its secrets go with it."""
    (secret,) = import_card(CardFile(Path("x.json"), "json", RICH, b"", ()), name="ferry").card.secrets
    assert (secret.known_by, secret.claim.subject) == (("ferry",), "ferry")


def test_lore_for_a_character_by_its_short_name_is_for_it() -> None:
    """A book's filter says Tove; the entry is known by tove_brandt, whatever id she is given."""
    entry = {"keys": ["a"], "content": "b", "extensions": {"characterFilter": {"names": ["Tove", "Odo"]}}}
    tree = {**RICH, "data": {**RICH["data"], "character_book": {"entries": [entry]}}}
    for name, id_ in (("", "tove_brandt"), ("ferry", "ferry")):
        card = import_card(CardFile(Path("x.json"), "json", tree, b"", ()), name=name).card
        assert card.lore.entries[0].known_by == (id_, "odo")


def test_importing_is_the_same_every_time() -> None:
    """Chance in a card is drawn once, from an address: equal cards make equal characters."""
    tree = v2(
        description="{{char}} has {{random:one,two,three,four,five,six,seven}} cats and {{roll:d1000}} fleas."
    )
    assert imported(tree).card == imported(tree).card
    assert "{{" not in imported(tree).card.core.identity


def test_our_own_profile_in_a_card_is_taken_as_it_is() -> None:
    """A card exported from here, edited or not by others, brings its profile back."""
    card = load_card("mira")
    tree = became(v2(name="Somebody"), card, None)
    assert imported(json.loads(text(tree))).card == card


def test_an_imported_character_is_a_file_like_any_other(tmp_path: Path) -> None:
    """The YAML reads back equal and checks clean; the card beside it is the card, byte for byte."""
    source = tmp_path / "in.json"
    odd = ("1e3", "no", "08:00", "null", "~", "- a: b", "'", '"', "🜂 ünï", "x: y # z", "1_0", "0o7")
    source.write_bytes(
        text({**RICH, "data": {**RICH["data"], "tags": list(odd), "personality": ", ".join(odd)}})
    )
    read = import_card(read_file(source))
    full = read.card.core.model_copy(update={"values": odd})
    path = keep(read._replace(card=read.card.model_copy(update={"core": full})), tmp_path / "characters")
    assert load_card(path).core.values == odd
    assert [mark for mark in check_file(path) if mark.severity == "error"] == []
    assert path.with_suffix(".card").read_bytes() == source.read_bytes()
    origin = origin_of(path)
    assert origin is not None
    assert not unchanged(load_card(path), origin)
    assert unchanged(read.card, origin)


def test_cards_of_others_can_be_cast_directly(tmp_path: Path) -> None:
    """A path to a JSON card is a character; a character file in JSON is still one of ours."""
    foreign, ours = tmp_path / "a.json", tmp_path / "mira.json"
    foreign.write_bytes(text(v3()))
    ours.write_text(json.dumps(load_card("mira").model_dump(mode="json", exclude_defaults=True)))
    assert load_card(foreign).name == V1["name"]
    assert load_card(ours) == load_card("mira")


def test_what_a_run_made_of_somebody_stands_in_the_card() -> None:
    """Slots of the run's end are in the profile, in words behind the description, once however often it is exported."""
    card = imported(RICH).card
    end = Become({**card.slots, "injury.arm": "broken", "trust.odo": -0.7}, {"odo": "Odo"}, "run-1", 30)
    once = became(RICH, in_run(card.character()), end)
    data = data_of(once)
    assert "## Since then" in str(data["description"])
    assert "arm: broken" in str(data["description"])
    assert data["character_version"] == "1, turn 30 of run-1"
    again = imported(json.loads(text(once))).card
    assert again.slots["injury.arm"] == "broken"
    later = end._replace(slots={**end.slots, "injury.arm": ""}, run="run-2")
    twice = str(data_of(became(once, again, later))["description"])
    assert twice.count("## Since then") == 1
    assert "Odo" in twice
    assert "broken" not in twice


def test_a_model_improves_on_the_rules(tmp_path: Path) -> None:
    """What the model says is taken and told; lines it made up are not, and silence leaves the rules' reading."""
    reply = {
        "identity": "Tove Brandt, 51, ferrywoman",
        "summary": "She has kept the ferry for thirty years and trusts nothing that stands still.",
        "traits": ["honest", "wry"],
        "taboos": ["never crosses at night"],
        "secrets": ["Tove cannot swim."],
        "samples": ["Rivers get tired too.", "I never said this."],
    }
    seen: list[str] = []

    def answer(messages: Sequence[Any]) -> str:
        seen.append(str(messages[-1].content))
        return json.dumps(reply)

    read = asyncio.run(refine(scripted(answer), imported(RICH), Memo()))
    assert "<description>" in seen[0]
    assert read.card.core.taboos == ("never crosses at night",)
    assert "wry" in read.card.core.traits
    assert [secret.text for secret in read.card.secrets] == ["Tove cannot swim."]
    assert "I never said this." not in read.card.core.voice.samples
    assert "model.used" in {repair.rule for repair in read.repairs}
    silent = asyncio.run(refine(scripted(lambda _: "no"), imported(RICH), Memo()))
    assert silent.card == imported(RICH).card
    assert "model.failed" in {repair.rule for repair in silent.repairs}


def test_chats_lend_their_lines(tmp_path: Path) -> None:
    """A SillyTavern chat adds what the character said in it, and nobody else's words."""
    path = tmp_path / "chat.jsonl"
    rows = (
        {"user_name": "Odo", "character_name": "Tove Brandt"},
        {"name": "Odo", "is_user": True, "mes": "Is it cold?"},
        {"name": "Tove Brandt", "is_user": False, "mes": '*nods* "Ask the fish."'},
        {"name": "System", "is_system": True, "mes": "Paused."},
        {"name": "Wren", "is_user": False, "mes": "I am Wren."},
    )
    path.write_bytes(b"\n".join(json.dumps(row).encode() for row in rows))
    chat = read_chat(read_file(path))
    assert (chat.character, chat.user, len(chat.messages)) == ("Tove Brandt", "Odo", 3)
    samples = with_voice(imported(RICH).card, [chat]).core.voice.samples
    assert "Ask the fish." in samples
    assert not {"I am Wren.", "Is it cold?"} & set(samples)


def test_macros_are_expanded_once_and_the_same() -> None:
    """Names, time, choices and dice; what is unknown stands as it is, and what is put in is not looked at again."""
    scope = Scope("Tove", "{{char}}", 17 * 60 + 5 + 24 * 60, "1:tove:3", "1:entry", ("Odo", "Wren"), "Hm.")
    told = expand(
        "{{CHAR}}|<user>|{{time}}|{{date}}|{{weekday}}|{{group}}|{{lastMessage}}|{{reverse:abc}}", scope
    )
    assert told == "Tove|{{char}}|17:05|day 2|Tuesday|Tove, Odo, Wren|Hm.|cba"
    assert expand("a{{// note}}b{{comment: c}}{{hidden_key:d}} \n {{trim}}\n e", scope) == "abe"
    for text_, allowed in (
        ("{{random:a,b\\,c,d}}", {"a", "b,c", "d"}),
        ("{{pick::x::y}}", {"x", "y"}),
        ("{{roll:d6}}", set("123456")),
        ("{{roll:2d1+3}}", {"5"}),
        ("{{random:{{char}},{{char}}}}", {"Tove"}),
    ):
        assert expand(text_, scope) in allowed
        assert expand(text_, scope) == expand(text_, scope)
    drawn = {expand("{{roll:d1000}}", scope._replace(draw=f"{n}")) for n in range(20)}
    assert len(drawn) > 15
    assert len({expand("{{pick:a,b,c,d,e,f}}", scope._replace(draw=f"{n}")) for n in range(20)}) == 1
    assert expand("{{shrug}} {{roll:x}} {{ {{", scope) == "{{shrug}} {{roll:x}} {{ {{"
    assert unknown("{{char}} {{shrug}}") == ("shrug",)
    assert expand("{{time}}", scope._replace(clock=None)) == "{{time}}"


def test_yaml_of_a_character_says_nothing_twice() -> None:
    """What has its usual value is left out."""
    assert "big_five" not in as_yaml(imported(v2(personality="", description="A lamplighter.")).card)
