"""Plays as ink: https://github.com/inkle/ink/blob/master/Documentation/WritingWithInk.md."""

from collections.abc import Iterator, Sequence

from sandbox.games.escapes import ink_text
from sandbox.games.story import LEAVE, Bark, Line, Play

__all__ = ["ink_script"]


def ink_script(play: Play) -> str:
    """Write ink."""
    lines = [f"VAR {flag} = {str(value).lower()}" for flag, value in play.flags.items()]
    lines += [
        f"# title: {ink_text(play.title)}",
        "-> Start",
        "",
        "=== Start ===",
        *(_ways(play.ways()) if play.ways() else ["-> END"]),
        "",
    ]
    for node in play.nodes.values():
        lines += [f"=== {node.id} ===", *(part for line in node.lines for part in _line(line))]
        following = [(play.label(id_), id_) for id_ in node.next]
        lines += [
            *(_ways(following) if len(following) > 1 else [f"-> {node.next[0] if node.next else 'END'}"]),
            "",
        ]
    for who, name in play.names.items():
        about = play.about(who)
        if about:
            asked = play.asked(who)
            lines += [
                f"=== Talk_{who} ===",
                ink_text(name),
                *_ways(asked, again=True),
                f"+ [{LEAVE}] -> END",
                "",
            ]
        for topic, barks in about.items():
            lines += [f"=== About_{who}_{topic} ===", *_any(barks), f"-> Talk_{who}", ""]
        for act, barks in play.situations(who).items():
            lines += [f"=== Bark_{who}_{act} ===", *_any(barks), "-> DONE", ""]
    return "\n".join(lines)


def _line(line: Line) -> Iterator[str]:
    tags = [f"{kind}: {word}" for kind, word in line.tags]
    said = f"{ink_text(line.name)}: {ink_text(line.text)} " + " ".join(
        f"# {tag}" for tag in (*tags, f"id: {line.key}")
    )
    sets = [f"~ {flag} = true" for flag in line.sets]
    if line.needs:
        yield "{ " + " && ".join(line.needs) + ":"
        yield from (f"    {part}" for part in (said, *sets))
        yield "}"
    else:
        yield from (said, *sets)


def _any(barks: Sequence[Bark]) -> Iterator[str]:
    if len(barks) == 1:
        yield from _line(barks[0].line)
        return
    yield "{ shuffle:"
    for bark in barks:
        yield "-"
        yield from (f"    {part}" for part in _line(bark.line))
    yield "}"


def _ways(ways: Sequence[tuple[str, str]], *, again: bool = False) -> Iterator[str]:
    yield from (f"{'+' if again else '*'} [{ink_text(label)}] -> {target}" for label, target in ways)
