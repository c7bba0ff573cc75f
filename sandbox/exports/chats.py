"""Runs as conversations, one a character: OpenAI messages, ShareGPT, SillyTavern.

Shapes: `messages` is what OpenAI's and most others' fine-tuning takes, with `metadata` beside it; ShareGPT is
`{"conversations": [{"from": "human", "value": …}]}`; a SillyTavern chat is a header line, then a line a message, as
`src/endpoints/chats.js` of SillyTavern reads them.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sandbox.exports.pov import Message, Part, answered, conversation, part_of, spoken
from sandbox.exports.scoring import by_judge, of_run
from sandbox.exports.source import Options, Played, files_for, people, write_lines
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import Percept

__all__ = ["messages", "parts", "sharegpt", "sillytavern", "stamp"]

_FROM = {"system": "system", "user": "human", "assistant": "gpt"}


def parts(runs: Sequence[Played], options: Options) -> Iterator[tuple[Played, Part]]:
    """Give each wanted character's part in each run; one who never had a turn has none."""
    for run in runs:
        for who in people(run, options):
            part = part_of(run.log, who)
            if part.exchanges:
                yield run, part


def messages(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write OpenAI messages: one conversation a character, from its own point of view, with scores beside it."""
    return write_lines(out, (_openai(run, part, options) for run, part in parts(runs, options)))


def sharegpt(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write ShareGPT conversations: one a character, from its own point of view."""
    return write_lines(
        out,
        (
            {
                "id": f"{run.name}:{part.who}",
                "conversations": [_turned(each) for each in conversation(part, thoughts=options.thoughts)],
            }
            for run, part in parts(runs, options)
        ),
    )


def sillytavern(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write SillyTavern chats: a file a character, who is the user there; what it did not perceive is not in it."""
    chosen = [(index, who) for index, run in enumerate(runs) for who in people(run, options)]
    names = [f"{runs[index].name}-{who}" for index, who in chosen]
    files = files_for(names, out, ".jsonl")
    for (index, who), file in zip(chosen, files, strict=True):
        write_lines(file, _chat(runs[index].log, who))
    return files


def stamp(minutes: int) -> str:
    """Give world time as a date, since a run has no other: day 1 is 1 January 2001."""
    days, minute = divmod(minutes, 24 * 60)
    year, day = 2001 + days // 365, days % 365
    month = next(index for index in range(11, -1, -1) if _BEFORE[index] <= day)
    return (
        f"{year:04}-{month + 1:02}-{day - _BEFORE[month] + 1:02}T{minute // 60:02}:{minute % 60:02}:00.000Z"
    )


_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a year before each month; leap days are left out, so that day n is always the same date."""


def _openai(run: Played, part: Part, options: Options) -> Mapping[str, object]:
    state = run.log.state
    scored = of_run(run.verdicts(options.judges), part.who)
    said: list[object] = [{"role": "system", "content": part.system}]
    seqs: list[object] = [[]]
    for exchange in part.exchanges:
        said.append({"role": "user", "content": exchange.user})
        reply = answered(exchange, thoughts=options.thoughts)
        said.append({"role": "assistant", "name": part.who, "content": reply.content})
        seqs += [list(exchange.heard), [exchange.seq]]
    return {
        "messages": said,
        "metadata": {
            "run": run.name,
            "character": part.who,
            "world": state.world.id,
            "seed": state.settings.seed,
            "mind": state.settings.minds.get(part.who, "improv"),
            "scores": {judge: round(value, 4) for judge, value in by_judge(scored).items()} if scored else {},
            "events": seqs,
        },
    }


def _turned(message: Message) -> Mapping[str, object]:
    return {"from": _FROM[message.role], "value": message.content}


def _chat(log: Trajectory, who: str) -> Iterator[Mapping[str, object]]:
    name = log.state.cast[who].name
    view = look(log, who, choosing=False)
    yield {
        "user_name": name,
        "character_name": view.title,
        "create_date": stamp(log.upto(1).state.clock),
        "chat_metadata": {"note_prompt": "", "variables": {}},
    }
    for percept in log.percepts(who):
        if percept.seq <= log.seq and percept.text:
            yield _line(percept, who, dict(view.names))


def _line(percept: Percept, who: str, names: dict[str, str]) -> Mapping[str, object]:
    """Give a percept as a message: by whom it is if it is an act, by the narrator if it is not."""
    acted = percept.kind == "acted" and percept.action is not None
    text = spoken(percept.action, names) if percept.action is not None and acted else percept.text
    return {
        "name": names.get(percept.by, percept.by) if acted else "Narrator",
        "is_user": acted and percept.by == who,
        "is_system": False,
        "send_date": stamp(percept.time),
        "mes": text.strip(),
        "extra": {"seq": percept.seq} if acted else {"seq": percept.seq, "type": "narrator"},
    }
