"""One entry of a lorebook of another program: its fields, of whatever type they are, read as ours."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import JsonValue

from characters.cards.naming import slug
from characters.cards.repairs import Repairs

__all__ = ["Given"]

_MOST = 1_000_000
_PLACES: dict[int, Literal["before", "after", "late"]] = {
    0: "before", 1: "after", 2: "late", 3: "late", 4: "late", 5: "before", 6: "before",
}  # fmt: skip
"""SillyTavern's positions: around the character, the author's note, at a depth of the chat, the examples."""

_OTHER = (
    "automation_id", "ignore_budget", "triggers", "outlet_name", "use_group_scoring", "match_persona_description",
    "match_character_description", "match_character_personality", "match_character_depth_prompt",
    "match_scenario", "match_creator_notes",
)  # fmt: skip


class Given:
    """A mapping of unknown quality, asked for what it should hold."""

    def __init__(self, data: Mapping[str, JsonValue], where: str, repairs: Repairs) -> None:
        """Tell what is mended under a path of the file."""
        self.data, self.where, self.repairs = data, where, repairs

    def value(self, field: str) -> JsonValue:
        """Give what stands there."""
        return self.data.get(field)

    def text(self, field: str) -> str:
        """Give text; numbers as they are written."""
        value = self.data.get(field)
        if value is None or isinstance(value, str):
            return value or ""
        if not isinstance(value, int | float):
            self._wrong(field, value)
            return ""
        return str(value)

    def texts(self, field: str) -> tuple[str, ...]:
        """Give a list of texts; one text with commas is one too."""
        value = self.data.get(field)
        if isinstance(value, str):
            if value.strip():
                self.repairs.add("field.tags", f"{self.where}.{field}", value)
            value = [*value.split(",")]
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(field, value)
            return ()
        texts = [part.strip() for part in value[:_MOST] if isinstance(part, str)]
        if len(texts) < len(value):
            self._wrong(field, value)
        return tuple(text[:2_000] for text in texts if text)[:1_000]

    def whole(self, field: str, usual: int) -> int:
        """Give a number that is not negative; `usual` where there is none."""
        return max(0, self.number(field, usual))

    def number(self, field: str, usual: int) -> int:
        """Give a whole number."""
        value = self.data.get(field)
        if value is None or value == "":
            return usual
        try:
            number = float(str(value)[:40])
            return int(max(-_MOST, min(number, _MOST)))
        except ValueError:
            self._wrong(field, value)
            return usual

    def flag(self, field: str, *, usual: bool) -> bool:
        """Give true or false."""
        value = self.data.get(field)
        if value is None or isinstance(value, bool):
            return usual if value is None else value
        if value in ("", 0, 1, "true", "false", "True", "False"):
            return value in (1, "true", "True")
        # SillyTavern gives levels to some of its switches.
        if not isinstance(value, int | float):
            self._wrong(field, value)
            return usual
        return bool(value)

    def plain(self) -> dict[str, Any]:
        """Give the fields that are a matter of names and types."""
        chance = self.whole("probability", 100) if self.flag("use_probability", usual=True) else 100
        order = self.number("insertion_order", 100)
        return {
            "constant": self.flag("constant", usual=False),
            "enabled": self.flag("enabled", usual=True),
            "order": order,
            "priority": self.number("priority", order) if self.value("priority") is not None else None,
            "place": self._place(),
            "chance": min(chance, 100) / 100,
            "case": self.flag("case_sensitive", usual=False),
            "whole": self.flag("match_whole_words", usual=False),
            "depth": self.whole("scan_depth", 0) if self.value("scan_depth") is not None else None,
            "sticky": self.whole("sticky", 0),
            "cooldown": self.whole("cooldown", 0),
            "delay": self.whole("delay", 0),
            "group": self.text("group").partition(",")[0].strip()[:80],
            "weight": self.whole("group_weight", 100),
            "chosen": self.flag("group_override", usual=False),
            "found_by_lore": not self.flag("exclude_recursion", usual=False),
            "finds_lore": not self.flag("prevent_recursion", usual=False),
            "only_by_lore": self.flag("delay_until_recursion", usual=False),
        }

    def known_by(self) -> dict[str, Any]:
        """Read whom the entry is for; only who it is *not* for cannot be said here."""
        wanted = self.value("character_filter")
        names = wanted.get("names") if isinstance(wanted, dict) else None
        if not isinstance(wanted, dict) or not isinstance(names, list) or not names:
            return {}
        if wanted.get("isExclude"):
            self.repairs.add("lore.other", f"{self.where}.character_filter", "isExclude")
            return {}
        self.repairs.add("lore.filter", f"{self.where}.character_filter", names)
        return {"known_by": tuple(slug(name, "character") for name in names[:100] if isinstance(name, str))}

    def remark(self) -> None:
        """Tell of settings that mean nothing here."""
        if self.value("vectorized") is True:
            self.repairs.add("lore.vector", self.where)
        for field in _OTHER:
            if self.value(field):
                self.repairs.add("lore.other", f"{self.where}.{field}", self.value(field))

    def _place(self) -> Literal["before", "after", "late"]:
        """Read the position: the extension knows it better, for exports fold most of them into `after_char`."""
        for field in ("place", "position"):
            value = self.value(field)
            if isinstance(value, int) and not isinstance(value, bool):
                if value not in _PLACES:
                    self.repairs.add("lore.other", f"{self.where}.position", value)
                return _PLACES.get(value, "after")
            if value in ("before_char", "after_char"):
                return "before" if value == "before_char" else "after"
        return "after"

    def _wrong(self, field: str, value: JsonValue) -> None:
        self.repairs.add("lore.type", f"{self.where}.{field}", value)
