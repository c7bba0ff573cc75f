"""A card made into one of ours, by rules: who somebody is, how they sound, what they never do, what they hide.

Nothing is lost by it: the card itself is kept beside the profile, and is what is written on export.
"""

from collections.abc import Iterator
from typing import NamedTuple

from characters.cards.adjectives import Temper, temper
from characters.cards.fields import Fields, fields_of
from characters.cards.limits import LIMITS, Limits
from characters.cards.macros import Scope, expand, unknown
from characters.cards.naming import slug
from characters.cards.portrait import Portrait, lines_said, portrait, spoken
from characters.cards.reading import CardFile
from characters.cards.repairs import Repair, Repairs
from characters.cards.wording import (
    BRACES,
    SAMPLE,
    SENTENCE,
    adjectives,
    as_sentences,
    cut,
    few,
    identified,
    level,
    lowered,
    passages,
    samples_of,
    slots,
    taboo_verbs,
)
from characters.lore import joined, known_by, read_book
from characters.profile import BigFive, Card, Core, Voice
from worlds.actions import Claim, Intent
from worlds.errors import CardError
from worlds.lore import Lore, Lorebook
from worlds.people import Secret

__all__ = ["NAMESPACE", "STRANGER", "Imported", "import_card"]

NAMESPACE = "roleplay_sandbox"
"""Where in a card's `extensions` a profile of ours is kept."""

STRANGER = "stranger"
"""Whom `{{user}}` means where nobody is there yet."""

_SUMMARY, _IDENTITY, _NAME, _TRAITS = 1_400, 160, 80, 10
"""Longest summary, identity and name of a profile, in characters; most traits."""


class Imported(NamedTuple):
    """A card read, and the character it makes."""

    card: Card
    file: CardFile
    fields: Fields
    repairs: tuple[Repair, ...]
    """Of the reading and of the importing."""


def import_card(file: CardFile, *, user: str = STRANGER, name: str = "", limits: Limits = LIMITS) -> Imported:
    """Make a character of a card. `user` is whom `{{user}}` means; `name` is an id other than the usual one.

    A card that was exported from here gives back the very profile it was made of. `CardError` if it is no card.
    """
    repairs = Repairs(file.repairs)
    fields = fields_of(file, repairs, limits)
    kept = fields.extensions.get(NAMESPACE)
    if isinstance(kept, dict) and "card" in kept:
        try:
            card = Card.model_validate(kept["card"])
        except ValueError as error:
            raise CardError(f"{file.path}: extensions.{NAMESPACE} is no profile of this program") from error
    else:
        card = _Importer(fields, repairs, user, limits).card()
    # An id becomes the name of a file, and a card may say anything.
    card = _renamed(card, slug(name or card.id, "character"))
    return Imported(card, file, fields, tuple(repairs))


def _renamed(card: Card, id_: str) -> Card:
    """Give the character with another id; its own secrets and lore stay its own."""
    if id_ == card.id:
        return card

    def own(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id_ if word == card.id else word for word in words)

    secrets = tuple(
        secret.model_copy(
            update={
                "claim": secret.claim._replace(subject=own((secret.claim.subject,))[0]),
                "known_by": own(secret.known_by),
            }
        )
        for secret in card.secrets
    )
    return card.model_copy(update={"id": id_, "secrets": secrets, "lore": known_by(card.lore, own)})


class _Importer:
    """Makes one character."""

    def __init__(self, fields: Fields, repairs: Repairs, user: str, limits: Limits) -> None:
        self.fields, self.repairs, self.limits = fields, repairs, limits
        self.name = " ".join(fields.name.split())[:_NAME]
        self.id = slug(self.name, "character")
        called = fields.text["nickname"].strip()[:_NAME] or self.name
        self.scope = Scope(char=called, user=user)
        self.where = "data." if fields.version > 1 else ""

    def card(self) -> Card:
        """Make the character."""
        about, manner = self.text("description"), self.text("personality")
        said = portrait(f"{about}\n\n{as_sentences(manner)}", self.name)
        mood = temper((*said.attributes.get("traits", ()), *adjectives(manner)), lowered(about))
        self._note()
        return Card(
            id=self.id,
            name=self.name,
            core=self._core(said, mood),
            secrets=tuple(self._secrets(said)),
            slots=dict(slots(said)),
            lore=self._lore(),
        )

    def text(self, field: str) -> str:
        """Give a field with its macros filled in."""
        raw = self.fields.text[field]
        where = f"{self.where}{field}"
        lowered = raw.lower()
        if any(macro in lowered for macro in ("{{random", "{{pick", "{{roll")):
            self.repairs.add("macro.fixed", where)
        for macro in unknown(raw)[:5]:
            self.repairs.add("macro.left", where, f"{{{{{macro}}}}}")
        if "{{user" in lowered or "<user>" in lowered:
            self.repairs.add("macro.user", where, "{{user}}", self.scope.user)
        address = f"{self.name}:{field}"
        return expand(raw, self.scope._replace(draw=address, place=address))

    def _core(self, said: Portrait, mood: Temper) -> Core:
        listed = said.attributes
        identity = ", ".join(listed.get("identity", ())) or next(iter(said.prose), "")
        prose = said.prose if listed.get("identity") else said.prose[1:]
        talk = self.fields.extensions.get("talkativeness")
        talkative = level(talk) if isinstance(talk, int | float | str) else 0.5
        return Core(
            identity=cut(identified(self.name, identity), _IDENTITY),
            summary=self._summary((*prose, *said.other)),
            traits=dict(list(mood.traits.items())[:_TRAITS]),
            big_five=BigFive(**mood.factors),
            values=few((*listed.get("values", ()), *listed.get("goals", ()))),
            voice=self._voice(said, mood),
            taboos=few(self._bare(text) for text in (*listed.get("taboo", ()), *said.kinds.get("taboo", ()))),
            taboo_verbs=tuple(taboo_verbs((*listed.get("taboo", ()), *said.kinds.get("taboo", ())))),
            knows=few(listed.get("knows", ())),
            ignores=few(listed.get("ignores", ())),
            talkativeness=talkative,
        )

    def _summary(self, parts: tuple[str, ...]) -> str:
        whole = " ".join(parts)
        if len(whole) > _SUMMARY:
            self.repairs.add("import.cut", f"{self.where}description", f"{len(whole):,} characters")
        return cut(whole, _SUMMARY)

    def _voice(self, said: Portrait, mood: Temper) -> Voice:
        names = tuple(dict.fromkeys((self.name, self.scope.char, self.name.split()[0], "char")))
        lines = samples_of(
            (
                *lines_said(self.text("mes_example"), names),
                *(passages(spoken(self.text("first_mes")))),
                *(
                    line
                    for greeting in self.fields.lists["alternate_greetings"][:3]
                    for line in passages(spoken(expand(greeting, self.scope)))
                ),
            )
        )
        if not lines:
            self.repairs.add("import.voice", "the card")
        greeting = samples_of(
            [spoken(expand(self.fields.text["first_mes"], self.scope._replace(user="\ue010")))]
        )
        # Only a greeting that is one line can be said again to anybody.
        greet: dict[Intent, tuple[str, ...]] = {
            "greet": tuple(line.replace("\ue010", "{to}") for line in greeting if len(line) < SAMPLE // 2)
        }
        how = (*said.attributes.get("voice", ()), *said.kinds.get("voice", ()))
        return Voice(
            manner=cut(" ".join(how), SENTENCE),
            samples=lines,
            habits=few(said.attributes.get("habits", ())),
            catchphrases=tuple(text.translate(BRACES) for text in few(said.attributes.get("phrases", ()))),
            lines={intent: lines for intent, lines in greet.items() if lines},
        ).model_copy(update=mood.levels)

    def _secrets(self, said: Portrait) -> Iterator[Secret]:
        """Read what is said to be secret. The claim is a fact of the character's own, so that it can be told."""
        found = few((*said.attributes.get("secret", ()), *said.kinds.get("secret", ())))
        for number, text in enumerate(found, 1):
            told = text if self.name.split()[0] in text else f"{self.name}: {text}"
            attribute = "secret" if number == 1 else f"secret_{number}"
            claim = Claim(self.id, attribute, self._bare(text).rstrip("."))
            yield Secret(id=f"{self.id}_{attribute}", text=told, claim=claim, known_by=(self.id,))

    def _bare(self, sentence: str) -> str:
        """Leave the character's own name off the beginning of a sentence."""
        for head in (self.name, self.scope.char, self.name.split()[0], "She", "He", "They", "I"):
            if sentence.startswith(f"{head} "):
                return sentence[len(head) + 1 :].rstrip(".")
        return sentence.rstrip(".")

    def _lore(self) -> Lorebook:
        books = []
        if self.fields.book is not None:
            where = f"{self.where}character_book"
            try:
                books.append(read_book(self.fields.book, where, self.repairs, self.limits))
            except CardError:
                self.repairs.add("field.mapping", where, self.fields.book)
        prompt = self.fields.extensions.get("depth_prompt")
        text = prompt.get("prompt") if isinstance(prompt, dict) else None
        if isinstance(text, str) and text.strip():
            entry = Lore(id="depth_prompt", text=text[: self.limits.field], constant=True, place="late")
            books.append(Lorebook(entries=(entry,)))
        book = joined(books) if len(books) > 1 else next(iter(books), Lorebook())
        # Books name characters in short; here they go by their ids.
        short = {slug(name, "character") for name in (self.scope.char, self.name.split()[0])}
        return known_by(book, lambda names: tuple(self.id if name in short else name for name in names))

    def _note(self) -> None:
        """Tell what is in the card and plays no part here."""
        fields, add, where = self.fields, self.repairs.add, self.where
        for field in ("scenario", "system_prompt", "post_history_instructions", "first_mes"):
            if fields.text[field].strip():
                add(_UNUSED.get(field, "import.instructions"), f"{where}{field}", fields.text[field])
        if fields.extensions.get("regex_scripts") or fields.extensions.get("tavern_helper"):
            add("import.scripts", f"{where}extensions")
        for number, asset in enumerate(fields.assets):
            uri = str(asset.get("uri", ""))
            remote = uri.lower().startswith(("http:", "https:", "//", "ftp:", "file:"))
            if uri != "ccdefault:":
                add("import.remote" if remote else "import.asset", f"{where}assets[{number}]", uri)
        if any(mark in self.name for mark in (" & ", " and ", ", ")):
            add("import.several", f"{where}name", self.name)


_UNUSED = {"scenario": "import.scenario", "first_mes": "import.greeting"}
