"""Plays for Yarn Spinner, versions 2 and 3 alike: https://docs.yarnspinner.dev."""

from collections.abc import Iterable, Iterator, Sequence

from sandbox.games.escapes import yarn_text
from sandbox.games.story import LEAVE, Bark, Line, Node, Play

__all__ = ["yarn_script"]


def yarn_script(play: Play) -> str:
    """Write Yarn, versions 2 and 3 alike."""
    begin = [f"<<declare ${flag} = {str(value).lower()}>>" for flag, value in play.flags.items()]
    begin += ["<<declare $bark = 0>>"]
    nodes = [_node("Start", [*begin, f"Narrator: {yarn_text(play.title)}", *_ways(play.ways())])]
    nodes += [_node(node.id, _body(play, node)) for node in play.nodes.values()]
    for who, name in play.names.items():
        about = play.about(who)
        if about:
            asked = play.asked(who)
            nodes.append(
                _node(f"Talk_{who}", [f"Narrator: {yarn_text(name)}", *_ways(asked), *_way(LEAVE, "")])
            )
        nodes += [_node(f"About_{who}_{topic}", _any(barks)) for topic, barks in about.items()]
        nodes += [_node(f"Bark_{who}_{act}", _any(barks)) for act, barks in play.situations(who).items()]
    return "".join(nodes)


def _node(title: str, body: Iterable[str]) -> str:
    return "\n".join([f"title: {title}", "---", *body, "===", ""])


def _body(play: Play, node: Node) -> Iterator[str]:
    for line in node.lines:
        yield from _line(line)
    if len(node.next) == 1:
        yield f"<<jump {node.next[0]}>>"
    else:
        yield from _ways([(play.label(id_), id_) for id_ in node.next])


def _line(line: Line, before: str = "") -> Iterator[str]:
    tags = "".join(f" #{kind}:{word.replace(' ', '_')}" for kind, word in line.tags)
    said = f"{line.name}: {yarn_text(line.text)}{tags} #line:{line.key}"
    if line.needs:
        yield f"{before}<<if {' and '.join(f'${flag}' for flag in line.needs)}>>"
        yield f"{before}    {said}"
        yield from (f"{before}    <<set ${flag} to true>>" for flag in line.sets)
        yield f"{before}<<endif>>"
    else:
        yield f"{before}{said}"
        yield from (f"{before}<<set ${flag} to true>>" for flag in line.sets)


def _any(barks: Sequence[Bark]) -> Iterator[str]:
    """Say one of several lines, by chance."""
    if len(barks) == 1:
        yield from _line(barks[0].line)
        return
    yield f"<<set $bark to dice({len(barks)})>>"
    for number, bark in enumerate(barks, 1):
        yield f"<<{'if' if number == 1 else 'elseif'} $bark == {number}>>"
        yield from _line(bark.line, "    ")
    yield "<<endif>>"


def _ways(ways: Sequence[tuple[str, str]]) -> Iterator[str]:
    for label, target in ways:
        yield from _way(label, target)


def _way(label: str, target: str) -> Iterator[str]:
    yield f"-> {yarn_text(label)}"
    yield f"    <<jump {target}>>" if target else "    <<stop>>"
