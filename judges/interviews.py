"""Interviews made from the timeline: what a character should be able to say of itself, at any moment of a run.

The seven types are those of PersonaMem (Jiang et al. 2025), under its names. There, the options alone give the answer
away: the longest is right half the time. Here options are of one length, and wrong ones are made by rule: a value
that no longer holds, somebody else's, steps of a history swapped, reversed or dropped, another change's reason. Gold
comes from the timeline; no model writes or marks anything.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Literal, TypeAlias, get_args

from judges.interviews_desk import Desk, Moment, Sketch
from judges.interviews_fair import Fair, Mentions
from judges.interviews_kinds import MAKERS
from judges.interviews_told import lines, told
from judges.interviews_words import balanced
from judges.reading import Reading, read
from judges.tracking_timeline import family
from judges.verdict import Log
from worlds.actions import Frozen

__all__ = ["OFFSETS", "TYPES", "Question", "Type", "questions"]

Type: TypeAlias = Literal[
    "recall_user_shared_facts",
    "recalling_facts_mentioned_by_the_user",
    "track_full_preference_evolution",
    "recalling_the_reasons_behind_previous_updates",
    "provide_preference_aligned_recommendations",
    "generalizing_to_new_scenarios",
    "suggest_new_ideas",
]

TYPES: tuple[Type, ...] = get_args(Type)

OFFSETS = (1, 5, 20)
"""Turns after a change at which it is asked about, and once more at the end."""


DRAFTS = 8
"""How often each question is drafted."""


class Question(Frozen):
    """One question with four options."""

    id: str
    type: Type
    who: str
    slot: str
    """The slot it is about; empty for one about all of a profile, or about talk."""
    seq: int
    """The last event whoever answers may have seen."""
    after: int
    """Turns since the change; −1 for the end of the run."""
    text: str
    options: tuple[str, ...]
    gold: int
    kinds: tuple[str, ...]
    """What each option is: `gold`, `stale`, `another's`, `swapped`, `reversed`, `dropped`, `own`."""
    evidence: tuple[int, ...]
    """Seqs the right answer rests on."""


def questions(log: Log, offsets: Sequence[int] = OFFSETS) -> tuple[Question, ...]:
    """Make the questions a run gives rise to, in the order of the moments they are asked at.

    Each is drafted several times; `judges.interviews_fair` takes the draft that gives least away, or none.
    """
    reading = read(log)
    desk, mentions, fair = Desk(reading), Mentions(reading), Fair()
    made: dict[tuple[str, str, str, int], Question] = {}
    for drafts in (*_of_changes(desk, offsets), *_of_talk(desk, offsets)):
        new = [_placed(question, len(made)) for question in drafts if _key(question) not in made]
        chosen = fair.choose([mentions.item(question) for question in new])
        if chosen >= 0:
            made[_key(new[chosen])] = new[chosen]
    return tuple(sorted(made.values(), key=lambda question: (question.seq, question.id)))


def _key(question: Question) -> tuple[str, str, str, int]:
    return question.type, question.who, question.slot or question.text, question.seq


def _placed(question: Question, number: int) -> Question:
    """Put the right option in its place: each place as often as the others, in an order by chance."""
    block, index = divmod(number, len(question.options))
    places = range(len(question.options))
    place = Random(f"places:{block}").sample(places, len(places))[index]
    order = list(places)
    order[place], order[question.gold] = question.gold, place
    return question.model_copy(
        update={
            "options": tuple(question.options[i] for i in order),
            "kinds": tuple(question.kinds[i] for i in order),
            "gold": place,
        }
    )


def _of_changes(desk: Desk, offsets: Sequence[int]) -> Iterator[list[Question]]:
    for newest in desk.given(desk.reading.events[-1].seq):
        for seq, after in _moments(desk.reading, newest.turn, offsets):
            turn = desk.reading[seq].turn
            yield from _asked(desk, Moment(newest, seq, after))
            # At the same moment an older change is asked about, so that the newest is not always the answer.
            older = [t for t in desk.given(newest.seq - 1) if family(t.slot) == family(newest.slot)]
            for other in Random(f"{newest.seq}:{after}").sample(older, min(len(older), 1)):
                yield from _asked(desk, Moment(other, seq, turn - other.turn))


def _asked(desk: Desk, moment: Moment) -> Iterator[list[Question]]:
    turning = moment.turning
    where = (turning.who, moment.seq, moment.after)
    for type_, make in MAKERS.items():
        id_ = f"{type_}:{turning.who}:{turning.slot}:{turning.seq}:{moment.after}"
        yield _drafts(id_, where, partial(make, desk, moment))


def _of_talk(desk: Desk, offsets: Sequence[int]) -> Iterator[list[Question]]:
    for who in desk.reading.cast:
        for line in lines(desk, who):
            for seq, after in _moments(desk.reading, line[0].turn, offsets):
                id_ = f"recall_user_shared_facts:{who}:{line[1].subject}.{line[1].attribute}:{line[0].seq}:{after}"
                yield _drafts(id_, (who, seq, after), partial(told, desk, who, line, seq))


def _drafts(id_: str, where: tuple[str, int, int], make: Callable[[Random], Sketch | None]) -> list[Question]:
    """Draft a question several times over, each time with other wrong options and in another order."""
    draws = [Random(f"{id_}:{number}") for number in range(DRAFTS)]
    return [question for draw in draws for question in _finished(id_, make(draw), where, draw)]


def _moments(reading: Reading, turn: int, offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the last seq that counts, and the turns gone by: for each offset within the run, and for its end."""
    last = reading.events[-1]
    for after in offsets:
        if turn + after < last.turn:
            yield reading.last_of_turn(turn + after), after
    yield last.seq, -1


def _finished(
    id_: str, sketch: Sketch | None, where: tuple[str, int, int], draw: Random
) -> Iterator[Question]:
    """Bring the options to one length and into an order by chance; drop a question for which that cannot be."""
    if sketch is None or len({text for _, text in sketch.options}) < len(sketch.options):
        return
    texts = tuple(text for _, text in sketch.options)
    even = texts if sketch.level else balanced(texts, draw)
    if even is None or max(map(len, even)) > 1.1 * min(map(len, even)):
        return
    order = draw.sample(range(len(even)), len(even))
    who, seq, after = where
    yield Question(
        id=id_,
        type=_type(id_),
        who=who,
        slot=sketch.slot,
        seq=seq,
        after=after,
        text=sketch.text,
        options=tuple(even[index] for index in order),
        gold=order.index(0),
        kinds=tuple(sketch.options[index][0] for index in order),
        evidence=sketch.evidence,
    )


def _type(id_: str) -> Type:
    name = id_.partition(":")[0]
    return next(type_ for type_ in TYPES if type_ == name)
