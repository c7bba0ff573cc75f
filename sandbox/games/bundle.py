"""A character for a game: who it is, how it stands, what it says, where it is when, and its card.

A folder a character, with names and keys that stay the same from export to export, so that differences can be read in
version control.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from characters.cards.exporting import Become, became, blank, in_run, write_card
from characters.profile import Card, core_of
from sandbox.games.ink import ink_script
from sandbox.games.story import Bark, Line, Play, flat
from sandbox.games.tables import csv_text
from sandbox.games.telling import play_of
from sandbox.games.twee import twee_script
from sandbox.games.yarn import yarn_script
from worlds.actions import Scalar
from worlds.events import Started
from worlds.fold import apply
from worlds.people import Entrance
from worlds.spec import Place, Scene, Settings, World
from worlds.state import MINUTES_A_DAY, State
from worlds.trajectory import Trajectory, start

if TYPE_CHECKING:
    from sandbox.exports.source import Options, Played

__all__ = ["npc_bundle", "solo"]


def npc_bundle(runs: "Sequence[Played]", out: Path, options: "Options") -> list[Path]:
    """Write a folder a character: profile, state, barks, dialogue, schedule and card, as of the end of the run."""
    files: list[Path] = []
    for run in runs:
        home = out if len(runs) == 1 else out / run.name
        play = play_of([run], options)
        for who in play.names:
            folder = home / who
            folder.mkdir(parents=True)
            own = _own(play, run.log.state, who)
            texts = {
                "profile.json": _json({"id": who, "name": play.names[who], **run.log.state.cast[who].core}),
                "state.json": _json(_state(run.log.state, who)),
                "schedule.json": _json({"items": list(_schedule(run.log, who))}),
                "barks.csv": csv_text([_row(bark) for bark in own.barks] or [_HEADER]),
                "dialogue.yarn": yarn_script(own),
                "dialogue.ink": ink_script(own),
                "dialogue.twee": twee_script(own),
            }
            for name, text in texts.items():
                files.append(folder / name)
                files[-1].write_text(text, encoding="utf-8", newline="\n")
            files.append(_card(run, who, folder / "card.png"))
    return files


def solo(card: Card) -> "Played":
    """Give a character that was in no run yet as a run in which nothing has happened, to be exported like one."""
    from sandbox.exports.source import Played  # noqa: PLC0415 - the exports know of games, not games of them

    place = Place(name="nowhere in particular", text="")
    scene = Scene(id="before", premise="Before anything happens.")
    world = World(
        id=card.id, title=card.name, genre="", premise="Before anything happens.", places={"here": place},
        scenes=(scene,), cast={card.id: Entrance(at="here")},
    )  # fmt: skip
    return Played(card.id, start(Started(world=world, cast=(card.character(),), settings=Settings())))


def _own(play: Play, state: State, who: str) -> Play:
    """Give the play of one character: the stretches it speaks in, and the lines of its voice among the barks."""
    nodes = {
        id_: node._replace(next=())
        for id_, node in play.nodes.items()
        if any(line.who == who for line in node.lines)
    }
    heard = tuple(bark for bark in play.barks if bark.who == who)
    known = {bark.line.text for bark in heard}
    voiced = tuple(bark for bark in _voiced(state, who) if bark.line.text not in known)
    used = {flag for node in nodes.values() for line in node.lines for flag in (*line.needs, *line.sets)}
    flags = {flag: value for flag, value in play.flags.items() if flag in used}
    return play._replace(
        nodes=nodes, roots=tuple(nodes), barks=(*heard, *voiced), names={who: play.names[who]}, flags=flags
    )


def _voiced(state: State, who: str) -> Iterator[Bark]:
    """Give the lines an author wrote for a character that can be said as they are."""
    voice, name = core_of(state.cast[who].core).voice, flat(state.cast[who].name)
    written = [("sample", text) for text in voice.samples]
    written += [(intent, text) for intent, lines in voice.lines.items() for text in lines]
    for number, (intent, text) in enumerate(written):
        if "{" not in text and flat(text):
            yield Bark(who, intent, "", Line(who, name, flat(text), f"bark_{who}_v{number}", intent=intent))


_HEADER: Mapping[str, Scalar] = {
    "id": "",
    "situation": "",
    "emotion": "",
    "text": "",
    "weight": 0,
    "source_event": "",
}


def _row(bark: Bark) -> Mapping[str, Scalar]:
    return {
        "id": bark.line.key,
        "situation": bark.situation,
        "emotion": bark.line.emotion,
        "text": bark.line.text,
        "weight": bark.weight,
        "source_event": bark.source if bark.source >= 0 else "",
    }


def _state(state: State, who: str) -> Mapping[str, object]:
    slots = state.slots[who]
    family = {
        kind: {k.split(".", 1)[1]: v for k, v in slots.items() if k.startswith(f"{kind}.") and v != ""}
        for kind in _KINDS
    }
    return {
        "place": state.where[who],
        "holds": sorted(thing for thing, at in state.held.items() if at == who),
        "emotion": {"label": slots.get("mood", ""), "levels": family["mood"]},
        "relations": {
            other: {"trust": family["trust"].get(other, 0), "liking": family["liking"].get(other, 0)}
            for other in state.cast
            if other != who
        },
        "goals": family["goal"],
        "beliefs": {
            key: {
                "value": value,
                "sure": slots.get(f"sure.{key}", 1),
                "source": slots.get(f"source.{key}", ""),
            }
            for key, value in family["belief"].items()
        },
        "secrets": sorted(secret for secret, knowers in state.knows.items() if who in knowers),
        "injuries": family["injury"],
        "fears": family["fear"],
        "tastes": family["taste"],
    }


_KINDS = ("mood", "trust", "liking", "goal", "belief", "injury", "fear", "taste")


def _schedule(log: Trajectory, who: str) -> Iterator[Mapping[str, object]]:
    """Give where somebody was from when on, by the world's clock."""
    state, at = None, ""
    for event in log:
        state = apply(state, event)
        if state.where[who] != at:
            at = state.where[who]
            day, minute = divmod(state.clock, MINUTES_A_DAY)
            yield {
                "day": day + 1,
                "time": f"{minute // 60:02}:{minute % 60:02}",
                "place": at,
                "event": event.seq,
            }


def _card(run: "Played", who: str, out: Path) -> Path:
    state = run.log.state
    card = in_run(run.log.upto(1).state.cast[who])
    end = Become(dict(state.slots[who]), state.plan.names, run.name, state.turn)
    write_card(out, "v3-png", became(blank(card), card, end))
    return out


def _json(tree: Mapping[str, object]) -> str:
    return json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
