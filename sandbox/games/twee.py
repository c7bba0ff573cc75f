"""Plays as Twee 3, for Twine: https://github.com/iftechfoundation/twine-specs/blob/master/twee-3-specification.md."""

import hashlib
import json
from collections.abc import Sequence

from sandbox.games.escapes import twee_name, twee_text
from sandbox.games.story import LEAVE, Line, Play

__all__ = ["twee_script"]


def twee_script(play: Play) -> str:
    """Write Twee 3 for SugarCube: the tree of the runs, forks as links, for looking through."""
    digest = hashlib.sha256(f"{play.title}{list(play.nodes)}".encode()).hexdigest().upper()
    ifid = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-A{digest[17:20]}-{digest[20:32]}"
    data = {"ifid": ifid, "format": "SugarCube", "format-version": "2.36.1", "start": "Start"}
    parts = [f":: StoryTitle\n{play.title}", f":: StoryData\n{json.dumps(data, indent=1)}"]
    flags = "".join(f"<<set ${flag} to {str(value).lower()}>>\n" for flag, value in play.flags.items())
    parts += [f":: StoryInit\n{flags}".rstrip()] if flags else []
    parts += [_passage("Start", ["start"], 0, [], play.ways())]
    for number, node in enumerate(play.nodes.values(), 1):
        ways = [("…" if len(node.next) == 1 else play.label(id_), id_) for id_ in node.next]
        parts.append(
            _passage(node.id, ["fork"] if len(node.next) > 1 else ["scene"], number, node.lines, ways)
        )
    for who in play.names:
        about = play.about(who)
        if about:
            asked = play.asked(who)
            parts.append(_passage(f"Talk_{who}", ["talk"], 0, [], [*asked, (LEAVE, "Start")]))
        for topic, barks in about.items():
            back = [("Back", f"Talk_{who}")]
            parts.append(_passage(f"About_{who}_{topic}", ["talk"], 0, [bark.line for bark in barks], back))
    return "\n\n".join(parts) + "\n"


def _passage(
    name: str, tags: Sequence[str], number: int, lines: Sequence[Line], ways: Sequence[tuple[str, str]]
) -> str:
    spot = json.dumps({"position": f"{100 + 150 * (number % 12)},{100 + 150 * (number // 12)}"})
    body = [_line(line) for line in lines]
    body += [f"[[{twee_text(label)}->{target}]]" for label, target in ways]
    return "\n".join([f":: {twee_name(name)} [{' '.join(tags)}] {spot}", *body])


def _line(line: Line) -> str:
    said = (
        twee_text(line.text)
        if not line.who
        else f"<strong>{twee_text(line.name)}:</strong> {twee_text(line.text)}"
    )
    sets = "".join(f"<<set ${flag} to true>>" for flag in line.sets)
    return (
        f"<<if {' and '.join(f'${flag}' for flag in line.needs)}>>{said}{sets}<</if>>"
        if line.needs
        else said + sets
    )
