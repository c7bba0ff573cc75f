"""How each type of interview question is made from one turning, as asked about at one moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random
from typing import TypeAlias

from judges.interviews_desk import Desk, Held, Moment, Sketch
from judges.interviews_words import level, shortened
from judges.tracking_timeline import Turning, family

__all__ = ["MAKERS"]

_LIKELY = 0.35
"""How often the plain `nothing` before a first change is offered: always there, it would be known for wrong."""

_STEPS = 3
_BODY = ("injury", "fear", "taste")

Maker: TypeAlias = Callable[[Desk, Moment, Random], Sketch | None]


def _value(asked: str) -> Maker:
    """Make a maker of questions about the value a slot has now."""

    def make(desk: Desk, moment: Moment, draw: Random) -> Sketch | None:
        turning = moment.turning
        now = desk.slots(turning.who, moment.seq).get(turning.slot, "")
        if desk.words.value(turning.slot, now) != desk.words.value(turning.slot, turning.new):
            return None
        options = _values(desk, moment, draw)
        if options is None:
            return None
        text = asked.format(who=desk.words.people[turning.who], topic=desk.words.topic(turning.slot))
        return Sketch(text, options, (turning.seq,), turning.slot)

    return make


def _values(desk: Desk, moment: Moment, draw: Random) -> tuple[tuple[str, str], ...] | None:
    """Give the value, one it replaced, and others'; None if there are too few."""
    turning, words = moment.turning, desk.words
    gold = words.value(turning.slot, turning.new)
    held = desk.timeline.history(turning.who, turning.slot, moment.seq + 1)
    stale = [words.value(turning.slot, value) for value in held if value != "" or draw.random() < _LIKELY]
    wrong = {text: "stale" for text in reversed(stale) if text not in ("", gold)}
    found = dict(list(wrong.items())[:1])
    own = {words.value(slot, value) for slot, value in desk.slots(turning.who, moment.seq).items()
           if family(slot) == family(turning.slot)}  # fmt: skip
    strange = [text for text in _others(desk, turning, gold) if text not in {gold, *own, *stale}]
    near = sorted(dict.fromkeys(strange), key=lambda text: abs(len(text) - len(gold)))[:6]
    # What was heard of since is the better trap: who takes the latest of everything falls into it.
    since = [words.value(t.slot, t.new) for t in desk.given(moment.seq) if t.seq > turning.seq]
    fresh = [text for text in dict.fromkeys(since) if text in strange]
    chosen = draw.sample(fresh, min(len(fresh), draw.choice((1, 2)), 3 - len(found)))
    near = [text for text in near if text not in chosen]
    chosen += draw.sample(near, min(len(near), 3 - len(found) - len(chosen)))
    found |= dict.fromkeys(chosen, "another's")
    if not gold or len(found) < 3:
        return None
    return (("gold", gold), *((kind, text) for text, kind in found.items()))


def _others(desk: Desk, turning: Turning, gold: str) -> Iterator[str]:
    """Give values of the same kind that this slot does not have."""
    kind = family(turning.slot)
    if isinstance(turning.new, int | float) and kind in ("trust", "liking"):
        steps = [value for value in (-0.8, -0.3, 0.0, 0.3, 0.8) if level(value) != level(turning.new)]
        yield from (desk.words.value(turning.slot, value) for value in steps)
        return
    if kind == "belief" and gold in desk.words.names.values():
        same = desk.words.people if gold in desk.words.people.values() else desk.words.names
        yield from (name for id_, name in same.items() if id_ != turning.who)
        return
    for who, slot, value in desk.pool:
        apart = family(slot) == kind and slot != turning.slot and (who != turning.who or kind != "goal")
        if apart and value != "" and (text := desk.words.value(slot, value)):
            yield text


def _evolution(desk: Desk, moment: Moment, draw: Random) -> Sketch | None:
    """Ask in what order a character's last changes came."""
    who = moment.turning.who
    steps = [
        step for turning in desk.given(moment.seq) if turning.who == who and (step := _step(desk, turning))
    ]
    steps = list(dict.fromkeys(steps))[-_STEPS:]
    others = [
        step for turning in desk.given(moment.seq) if turning.who != who and (step := _step(desk, turning))
    ]
    if len(steps) < _STEPS:
        return None
    first, second, third = steps
    swapped = [second, first, third] if draw.random() < 0.5 else [first, third, second]
    near = sorted(others, key=lambda step: abs(len(step) - len(second)))[:1]
    if near and draw.random() < 0.5 and near[0] not in steps:
        # One step of four is wrong in two of them, and the order in two: no option stands out.
        options = [("gold", steps), ("swapped", swapped)]
        options += [
            ("dropped", [near[0] if step == second else step for step in line]) for _, line in options
        ]
    else:
        rest = [
            [first, third, second],
            [second, first, third],
            [second, third, first],
            [third, first, second],
        ]
        turned = [line for line in rest if line != swapped]
        options = [
            ("gold", steps),
            ("swapped", swapped),
            ("reversed", steps[::-1]),
            ("swapped", draw.choice(turned)),
        ]
    text = f"What became of {desk.words.people[who]}, and in what order?"
    evidence = tuple(turning.seq for turning in desk.given(moment.seq) if turning.who == who)[-_STEPS:]
    return Sketch(text, tuple((kind, "; then ".join(line)) for kind, line in options), evidence, level=True)


def _step(desk: Desk, turning: Turning) -> str:
    value = desk.words.value(turning.slot, turning.new)
    return f"{desk.words.topic(turning.slot)}: {value}" if value and family(turning.slot) != "goal" else value


def _reasons(desk: Desk, moment: Moment, draw: Random) -> Sketch | None:
    """Ask what was behind a change. It is named by its time: its matter would give the reason away."""
    turning = moment.turning
    gold = desk.words.reason(turning.reason)
    when = desk.when(turning.seq)
    given = [other for other in desk.given(moment.seq) if other.cause != turning.cause and other.reason]
    given = [other for other in given if other.who != turning.who or desk.when(other.seq) != when]
    since = [other for other in given if other.seq > turning.seq]
    chosen = draw.sample(since, min(len(since), draw.choice((1, 2))))
    chosen += draw.sample(given, min(len(given), 8))
    wrong: dict[str, str] = {}
    for other in chosen:
        wrong.setdefault(desk.words.reason(other.reason), "own" if other.who == turning.who else "another's")
    wrong.pop(gold, None)
    if not gold or len(wrong) < 3:
        return None
    texts = list(wrong)[:3]
    cut = shortened((gold, *texts))
    text = f"What was behind the change in {desk.words.people[turning.who]} on {when}?"
    kinds = ("gold", *(wrong[text] for text in texts))
    return Sketch(
        text, tuple(zip(kinds, cut, strict=True)), (turning.cause, turning.seq), turning.slot, level=True
    )


def _ideas(desk: Desk, moment: Moment, draw: Random) -> Sketch | None:
    """Ask which of four things has never been true of a character."""
    who = moment.turning.who
    mine = [held for held in _ever(desk, who, moment.seq) if family(held.slot) in _BODY and held.value != ""]
    about = {desk.words.topic(held.slot) for held in mine}
    strange = [
        held for held in desk.pool if held.who != who and family(held.slot) in _BODY and held.value != ""
    ]
    news = [held for held in strange if desk.words.topic(held.slot) not in about]
    if len(mine) < 3 or not news:
        return None
    now = desk.slots(who, moment.seq)
    chosen = draw.sample(mine, 3)
    size = sum(len(_told(desk, held)) for held in chosen) / 3
    gold = min(draw.sample(news, min(5, len(news))), key=lambda held: abs(len(_told(desk, held)) - size))
    wrong = [("own" if now.get(held.slot) == held.value else "stale", _told(desk, held)) for held in chosen]
    text = f"Which of these would be quite new to {desk.words.people[who]}?"
    return Sketch(text, (("gold", _told(desk, gold)), *wrong), (moment.turning.seq,))


def _ever(desk: Desk, who: str, seq: int) -> Iterable[Held]:
    """Give every value a character's slots have had up to an event."""
    born = [
        held for held in desk.pool if held.who == who and desk.timeline.first(who, held.slot) == held.value
    ]
    since = [Held(who, turning.slot, turning.new) for turning in desk.given(seq) if turning.who == who]
    return tuple(dict.fromkeys((*born, *since)))


def _told(desk: Desk, held: Held) -> str:
    return f"{desk.words.topic(held.slot)}: {desk.words.value(held.slot, held.value)}"


MAKERS: Mapping[str, Maker] = {
    "recalling_facts_mentioned_by_the_user": _value("As to {topic}: what is true of {who} now?"),
    "track_full_preference_evolution": _evolution,
    "recalling_the_reasons_behind_previous_updates": _reasons,
    "provide_preference_aligned_recommendations": _value(
        "Somebody would do {who} a kindness in the matter of {topic}. What should they reckon with?"
    ),
    "generalizing_to_new_scenarios": _value(
        "Elsewhere, on another day, {who} is met with {topic} once more. What will show?"
    ),
    "suggest_new_ideas": _ideas,
}
"""Question type to what makes it of a turning. Those about what was said are made from lines instead."""
