"""CharacterBox records: what its simulator writes, and the scenes it starts from."""

from collections.abc import Iterator

from sandbox.foreign.records import Record
from sandbox.foreign.script import Line, Script

__all__ = ["box", "scene"]

_BY_CHARACTER = frozenset({"action", "dialogue", "reaction"})

_NOTE = "positions and states are left out: they are words about a moment, not facts of a world"

_MEND = "give the file of its `round` folder, which holds every act in order"


def box(record: Record) -> Script:
    """Read one record: `scene`, `characters` and `record`, the acts round by round or character by character."""
    head, place, text = _scene(record.inner("scene"))
    acts, notes = _acts(record)
    return Script(
        tuple(line for act in acts if (line := _line(act)) is not None),
        title=record.text("title") or head,
        premise=head,
        place=place,
        place_text=text,
        personas=dict(_personas(record)),
        notes=notes,
    )


def scene(record: Record) -> Script:
    """Read a scene with the acts it opens with."""
    head, place, text = _scene(record)
    lines = []
    for act in record.rows("actions"):
        line = Line(act.text("character").strip()[:60], act.text("dialogue"), act.text("action"))
        if line.who and (line.text or line.deed):
            lines.append(line)
    return Script(
        lines, title=head, premise=head, place=place, place_text=text, personas=dict(_personas(record)),
        notes=("a scene holds the acts it opens with, and nothing that was played",),
    )  # fmt: skip


def _scene(record: Record) -> tuple[str, str, str]:
    told = [record.text(key).strip() for key in ("time", "description")]
    return record.text("event").strip(), record.text("location").strip(), " ".join(filter(None, told))


def _personas(record: Record) -> Iterator[tuple[str, str]]:
    if isinstance(record.data.get("characters"), dict):
        keyed = record.inner("characters")
        rows = [keyed.inner(key) for key in keyed.data]
    else:
        rows = record.rows("characters")
    for row in rows:
        if name := row.text("name").strip()[:60]:
            yield name, row.text("description")


def _acts(record: Record) -> tuple[list[Record], tuple[str, ...]]:
    """Give the acts in the order they came in, as far as the file says."""
    kept = record.data.get("record")
    if isinstance(kept, dict) and "generated_plot" not in kept:
        sides = record.inner("record")
        acts = [act for key in sides.data for act in sides.rows(key)]
        note = "the file is ordered by character: who came first within a round is not known"
        return sorted(acts, key=_round), (_NOTE, note)
    if isinstance(kept, list):
        rounds = [record._replace(data={"round": row}, path=f"record[{i}]") for i, row in enumerate(kept)]
        acts = [act for one in rounds for act in _round_of(one)]
        if any(act.text("type") in _BY_CHARACTER for act in acts):
            return acts, (_NOTE,)
    raise record.refuse("`record` holds no acts of characters", _MEND)


def _round_of(one: Record) -> list[Record]:
    row = one.data["round"]
    return [one._replace(data=row)] if isinstance(row, dict) else one.rows("round")


def _round(act: Record) -> int:
    number = act.data.get("round", 0)
    if not isinstance(number, int):
        raise act.refuse("`round` is no whole number", "write 0, 1, 2 …")
    return number


def _line(act: Record) -> Line | None:
    text = act.inner("detail").text("text").strip()
    name = act.text("character_name").strip()[:60]
    if not text:
        return None
    if act.text("type") not in _BY_CHARACTER or not name:
        return Line("", text)
    return Line(name, text) if act.text("type") == "dialogue" else Line(name, "", deed=text)
