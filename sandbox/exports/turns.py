"""The prompts a model is shown when it plays here, and the replies that would have made the same run.

Whoever is trained on these plays here as it is, with `--model`: the prompt is the program's own, and the reply is the
form it asks for. What cannot be said in that form (an attempt nobody would be offered) is left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from characters.asking import Question, opening
from characters.turn_prompt import turn_prompt
from characters.turn_reply import TurnReply
from sandbox.exports.source import Options, Played, people, write_lines
from worlds.actions import Change, Do, Say, Wait
from worlds.events import Acted, Cued, Event, ProfileChanged, Reflected
from worlds.look import look
from worlds.trajectory import Trajectory
from worlds.view import View

__all__ = ["turns"]

_FEW = 4
"""Items a list in the form has at most."""

_SAID = ("trust.", "liking.", "mood.", "belief.", "goal.")
"""What a model can say changes in it; a built-in mind keeps more, for itself."""


def turns(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write TRL conversations as a model has them that plays here: its own prompt and reply, one an own turn."""
    return write_lines(
        out,
        (
            record
            for run in runs
            for who in people(run, options)
            for record in _of_character(run.log, who, {"run": run.name, "character": who})
        ),
    )


def _of_character(log: Trajectory, who: str, where: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    cue = 0
    for event in log:
        if isinstance(event.body, Cued) and who in event.body.who:
            cue = event.seq
        elif isinstance(event.body, Acted) and event.by == who:
            view = look(log.upto(cue + 1), who)
            reply = _reply(view, event, event.body, _after(log, event, cue))
            if reply is not None:
                said = [
                    *_prompt(view),
                    {"role": "assistant", "content": json.dumps(reply, ensure_ascii=False)},
                ]
                yield {"messages": said, **where, "seq": event.seq}


def _prompt(view: View) -> list[dict[str, str]]:
    system, user = turn_prompt(view)
    question = Question(f"{view.who}:{view.own_turn}", system, user, TurnReply, lambda reply: reply)
    return [{"role": message.role, "content": message.text} for message in opening(question)]


def _after(log: Trajectory, acted: Event, cue: int) -> tuple[str, list[Change]]:
    """Give what a character concluded in its turn, and what changed in it, from what it had perceived by its cue.

    A model says so together with its deed; what only the ruling on that could teach it, it cannot say yet.
    """
    for event in log.since(acted.seq):
        if event.turn != acted.turn:
            break
        if event.by == acted.by and isinstance(event.body, Reflected | ProfileChanged):
            known = [change for change in event.body.changes if change.because <= cue]
            whole = isinstance(event.body, Reflected) and len(known) == len(event.body.changes)
            text = event.body.text if isinstance(event.body, Reflected) and whole else ""
            return text, [change for change in known if change.slot.startswith(_SAID)]
    return "", []


def _reply(
    view: View, event: Event, acted: Acted, after: tuple[str, list[Change]]
) -> dict[str, object] | None:
    """Give the form that stands for a decision, without what is empty; None if it cannot be said in it."""
    deed = _deed(view, acted)
    if deed is None:
        return None
    text, changes = after
    form: dict[str, object] = {
        "thought": acted.thought,
        "feeling": acted.feeling,
        **deed,
        "used": [link.to for link in event.links if link.rel in ("answers", "recalls")][:_FEW],
        "conclusion": text,
        "changes": [
            {"slot": change.slot, "value": change.value, "because": change.because}
            for change in changes[:_FEW]
        ],
    }
    return {name: value for name, value in form.items() if value not in ("", [], ())}


def _deed(view: View, acted: Acted) -> dict[str, object] | None:
    action = acted.action
    if action in view.options and not isinstance(action, Wait):
        return {"act": "choose", "choice": view.options.index(action)}
    match action:
        case Say():
            return _speech(action)
        case Wait():
            return {"act": "wait"}
        case Do(deed=""):
            return {"act": "try", "deed": action.text, "to": [action.to] if action.to else []}
        case Do():
            ids = [deed.id for deed in view.deeds]
            if action.deed not in ids:
                return None
            number = len(view.options) + ids.index(action.deed)
            return {"act": "choose", "choice": number, "to": [action.to] if action.to else []}
        case _:
            return None


def _speech(action: Say) -> dict[str, object]:
    claims = [claim._asdict() for claim in action.claims[:_FEW]]
    return {
        "act": "say",
        "speech": action.text,
        "to": list(action.to),
        "manner": action.manner,
        "intent": action.intent or "",
        "topic": action.topic,
        "claims": claims,
    }
