"""Checks of what comes with a suite: labels, totals, rubrics, gold types, memories, oracles."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from judges.audit import Flaw
from worlds.errors import UsageError

__all__ = ["anchors", "disagreements", "gold_types", "labels", "refuse_gold", "totals"]

_GOLD = frozenset({"correct_answer", "gold", "ground_truth", "answer", "label", "gt"})


def labels(used: Iterable[str], known: Iterable[str]) -> list[Flaw]:
    """Find labels outside a vocabulary, such as `contradict` where `contradicted` is stored."""
    vocabulary = tuple(known)
    found = []
    for label in sorted(set(used) - set(vocabulary)):
        near = get_close_matches(label, vocabulary, n=1)
        hint = f"; did it mean {near[0]!r}?" if near else ""
        found.append(Flaw("label.vocabulary", f"{label!r} is none of {', '.join(vocabulary)}{hint}"))
    return found


def totals(rows: Mapping[str, Mapping[str, float]], total: str, tolerance: float = 0.01) -> list[Flaw]:
    """Find rows whose published total is not the mean of their parts."""
    found = []
    for name, row in rows.items():
        parts = [value for key, value in row.items() if key != total]
        mean = sum(parts) / len(parts)
        if abs(row[total] - mean) > tolerance + 1e-9:
            reason = f"{name}: {total} is {row[total]:.2f}, the mean of its parts {mean:.2f}"
            found.append(Flaw("total.mismatch", reason))
    return found


def anchors(rubrics: Mapping[str, Sequence[str]], least: int = 2) -> list[Flaw]:
    """Find rubrics whose examples were cut to nothing, such as a string indexed where a list was meant."""
    return [
        Flaw("rubric.anchors", f"{name}: example {i + 1} is {text!r}")
        for name, examples in rubrics.items()
        for i, text in enumerate(examples)
        if len(text.split()) < least
    ]


def gold_types(golds: Sequence[object], wanted: type = str) -> list[Flaw]:
    """Find golds of another type than answers are compared as."""
    wrong = tuple(i for i, gold in enumerate(golds) if not isinstance(gold, wanted))
    if not wrong:
        return []
    kinds = ", ".join(sorted({type(golds[i]).__name__ for i in wrong}))
    return [
        Flaw(
            "gold.type",
            f"{len(wrong)} golds are {kinds}, and answers are compared as {wanted.__name__}",
            wrong,
        )
    ]


def disagreements(rows: Iterable[tuple[str, str, str]], least: float = 0.05) -> list[Flaw]:
    """Find groups of items whose labels an exact oracle does not bear out; rows are (group, label, oracle's answer)."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for group, label, answer in rows:
        groups[group].append(label != answer)
    return [
        Flaw(
            "oracle.disagrees",
            f"{group}: {sum(wrong)} of {len(wrong)} labels are not what follows from the events",
        )
        for group, wrong in groups.items()
        if sum(wrong) > least * len(wrong)
    ]


def refuse_gold(rows: Iterable[Mapping[str, object]]) -> None:
    """Refuse to build a memory from rows that hold the answers; `UsageError` names the field."""
    for index, row in enumerate(rows):
        found = sorted(_GOLD & {key.lower() for key in row})
        if found:
            raise UsageError(
                f"row {index} holds the gold ({', '.join(found)}); a memory must not be built from it"
            )
