"""Plays for Godot's Dialogue Manager: https://github.com/nathanhoad/godot_dialogue_manager."""

from collections.abc import Iterator, Sequence

from sandbox.games.escapes import godot_text
from sandbox.games.story import LEAVE, Bark, Line, Play

__all__ = ["godot_script"]


def godot_script(play: Play) -> str:
    """Write for Godot's Dialogue Manager; flags are properties of an autoload called `Story`."""
    lines = ["# The autoload `Story` has these properties:"]
    lines += [f"# var {flag} := {str(value).lower()}" for flag, value in play.flags.items()]
    lines += ["", "~ Start", *_ways(play.ways()), ""]
    for node in play.nodes.values():
        lines += [f"~ {node.id}", *(part for line in node.lines for part in _line(line))]
        following = [(play.label(id_), id_) for id_ in node.next]
        lines += [
            *(_ways(following) if len(following) > 1 else [f"=> {node.next[0] if node.next else 'END'}"]),
            "",
        ]
    for who in play.names:
        about = play.about(who)
        if about:
            asked = play.asked(who)
            lines += [f"~ Talk_{who}", *_ways([*asked, (LEAVE, "END")]), ""]
        for topic, barks in about.items():
            lines += [f"~ About_{who}_{topic}", *_any(barks), f"=> Talk_{who}", ""]
        for act, barks in play.situations(who).items():
            lines += [f"~ Bark_{who}_{act}", *_any(barks), "=> END", ""]
    return "\n".join(lines)


def _line(line: Line) -> Iterator[str]:
    tags = ", ".join(f"{kind}={word.replace(' ', '_')}" for kind, word in line.tags)
    said = f"{line.name}: {godot_text(line.text)}{f' [#{tags}]' if tags else ''} [ID:{line.key}]"
    sets = [f"set Story.{flag} = true" for flag in line.sets]
    if line.needs:
        yield f"if {' and '.join(f'Story.{flag}' for flag in line.needs)}"
        yield from (f"\t{part}" for part in (said, *sets))
    else:
        yield from (said, *sets)


def _any(barks: Sequence[Bark]) -> Iterator[str]:
    """Say one of several lines, by chance: a line that needs something known is left to the story."""
    free = [bark for bark in barks if not bark.line.needs] or list(barks)
    for bark in free:
        for number, part in enumerate(_line(bark.line._replace(sets=()))):
            yield f"%{bark.weight} {part}" if number == 0 and not bark.line.needs else part


def _ways(ways: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"- {godot_text(label)} => {target}" for label, target in ways)
