"""What was not as it should be in a card, and what was made of it: every repair is told."""

from typing import NamedTuple

__all__ = ["RULES", "Repair", "Repairs", "brief"]

RULES: dict[str, str] = {
    # the file
    "file.bom": "begins with a byte order mark; it is left out",
    "text.utf8": "is not UTF-8 throughout; what cannot be read is replaced by �",
    "text.surrogate": "holds half a surrogate pair, which is no character; replaced by �",
    "text.control": "holds line breaks or control characters inside quotes, which JSON forbids; read all the same",
    "json.duplicate": "stands more than once in one object; the last one counts",
    "json.trailing": "is followed by something that is no JSON; it is left out",
    "base64.cleaned": "is not clean base64; read all the same",
    "base64.raw": "is plain JSON where base64 belongs; read all the same",
    "png.crc": "has a wrong checksum; the picture may have been edited by hand",
    "png.truncated": "ends too early, or a chunk in it says a false length; what came before is used",
    "png.case": "is a keyword written in another case; read all the same",
    "png.compressed": "is compressed, which few programs read; it is written plain on export",
    "png.several": "stands more than once; the first that can be read is used",
    "png.unread": "cannot be read; another copy of the card is used",
    "png.older": "holds an older copy of the card; the newer one is used",
    "png.asset": "holds an asset the old way; it is kept",
    "charx.prefix": "is a picture with the archive behind it; the picture is kept",
    "charx.extra": "may hold scripts; it is kept and never run",
    # the form
    "spec.v1": "is a card of the first version; its fields stand at the top",
    "spec.flat": "names a version that keeps its fields under `data`, but they stand at the top; read from there",
    "spec.missing": "has `data` but names no version; read as version 2",
    "spec.unknown": "is a version nobody here knows; read as the nearest known one",
    "spec.newer": "is newer than what is known here; read as the newest known version",
    "spec.disagree": "says one thing at the top and another under `data`; `data` counts",
    "spec.foreign": "is named as another program names it; read as its usual name",
    "book.root": "is a lorebook at the top instead of under `data`; read from there",
    "field.null": "is nothing; read as empty",
    "field.text": "should be text; read as text",
    "field.list": "should be a list; read as one",
    "field.tags": "is one text with commas; read as a list",
    "field.mapping": "should be a mapping; left aside, kept in the file",
    "field.name": "is empty; the name of the file stands in",
    "field.long": "is very long; it will be cut in prompts",
    "field.many": "are very many; the first ones are used",
    # what becomes of it
    "import.cut": "is longer than a profile is; the beginning is used, the card keeps all of it",
    "import.scenario": "is not used: a world has a premise of its own",
    "import.instructions": "is an instruction to another program; it is kept and not used",
    "import.asset": "is kept in the card and not shown here",
    "import.remote": "lies at an address on the net; it is never fetched",
    "import.scripts": "are scripts; they are kept and never run",
    "import.several": "may describe several characters; one profile is made of it",
    "import.voice": "gives no line the character says; add `samples` to the voice",
    "import.greeting": "is used for the voice alone: scenes open themselves here",
    "macro.fixed": "leaves something to chance; it is drawn once, for who somebody is does not change",
    "macro.left": "is a placeholder nobody here knows; it stands as it is",
    "macro.user": "speaks of a player; a stand-in is used",
    "model.used": "was read out of the card by the model",
    "model.failed": "could not be had from the model; the rules' reading stands",
    # lore
    "lore.plain": "says its keys are patterns, but this one is a word; taken as a word",
    "lore.pattern": "is a pattern that cannot be used here; it never matches",
    "lore.type": "is not of its type; read as its usual value",
    "lore.skipped": "is no lore entry; left out, kept in the file",
    "lore.decorator": "is a decorator that means nothing here; left out",
    "lore.regex_flags": "is on with patterns, which the standard says to ignore; honoured",
    "lore.vector": "is found by likeness elsewhere; here by its keys alone",
    "lore.other": "is a setting that means nothing here; kept in the file",
    "lore.filter": "names whom it is for; told to those of them who are in the cast",
    # export
    "export.asset": "cannot be put into this kind of file; left out",
    "export.picture": "brought no picture; a plain one was made",
    "export.twin": "is an older or compressed copy of the card; left out",
}
"""Each rule and what it says of the place it is told about."""


class Repair(NamedTuple):
    """One thing that was not as it should be."""

    rule: str
    """A name in `RULES`."""
    where: str
    """A path into the card, such as `data.tags`, or a part of the file, such as `chunk 3 (tEXt)`."""
    before: str = ""
    """What stood there, shortened."""
    after: str = ""
    """What was made of it, shortened."""

    @property
    def what(self) -> str:
        """Say it in words."""
        change = f" ({self.before} → {self.after})" if self.before and self.after else ""
        change = change or (f" ({self.before})" if self.before else "")
        return f"{self.where} {RULES[self.rule]}{change}"


class Repairs(list[Repair]):
    """Repairs as they are made; the same one is told once, and of one rule at most `MOST`."""

    MOST = 50

    def add(self, rule: str, where: str, before: object = "", after: object = "") -> None:
        """Tell one."""
        if sum(other.rule == rule for other in self) < self.MOST:
            length = 160 if isinstance(before, Exception) else 60
            repair = Repair(rule, brief(where, 80), brief(before, length), brief(after))
            if repair not in self:
                self.append(repair)


def brief(value: object, length: int = 60) -> str:
    """Give a value shortly, on one line, without control characters."""
    if isinstance(value, dict | list):
        return f"{'a mapping' if isinstance(value, dict) else 'a list'} of {len(value)}"
    text = "nothing" if value is None else str(value)[: length * 4]
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
