"""All keys of the theatre. Each has an id, by which `[watch.keys]` in the settings file gives it other keys."""

from rich.text import Text
from textual.binding import Binding, BindingType

from sandbox.tui.colours import Colours

__all__ = ["HOME", "THEATRE", "help_text", "key_name"]

_NAMES = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "question_mark": "?",
    "left": "←",
    "right": "→",
    "shift+left": "shift ←",
    "shift+right": "shift →",
}

NOTES = (
    "",
    "↑ ↓ and the page keys scroll the story.",
    "tab goes from pane to pane.",
    "Search: words, kind:speech who:mira",
    "        place:cellar turn:10-20",
    "Doors: ▯ open  ▮ closed  ▣ locked",
    "Story and timeline: ◆ intervention  ▲ beat",
    "        ✦ secret told  ✗ fault  ┬ fork",
    "        ▾ low verdict  ┃ scene  ■ end",
)
"""What stands below the keys."""


def _key(keys: str, action: str, what: str, id_: str, *, show: bool = False) -> Binding:
    return Binding(keys, action, what, show=show, id=id_)


THEATRE: list[BindingType] = [
    _key("space", "play", "play", "play", show=True),
    _key("n", "step", "turn", "step", show=True),
    _key("N", "step_round", "round", "step-round"),
    _key("left", "move(-1)", "event back", "event-back"),
    _key("right", "move(1)", "event on", "event-on"),
    _key("shift+left", "move_turn(-1)", "turn back", "turn-back"),
    _key("shift+right", "move_turn(1)", "turn on", "turn-on"),
    _key("home", "start", "to the start", "start"),
    _key("end", "end", "to the end", "end"),
    _key("ctrl+g", "go", "go to turn or event", "go"),
    _key("left_square_bracket", "speed(-1)", "slower", "slower"),
    _key("right_square_bracket", "speed(1)", "faster", "faster"),
    _key("f", "follow", "follow the newest", "follow"),
    _key("v", "pov", "view", "pov", show=True),
    _key("slash", "search", "search", "search", show=True),
    _key("t", "inner", "thoughts", "inner", show=True),
    _key("o", "kinds", "kinds of lines shown", "kinds"),
    _key("p", "possess", "possess", "possess", show=True),
    _key("u", "cue", "who is next", "cue"),
    _key("i", "intervene", "intervene", "intervene", show=True),
    _key("x", "interview", "interview", "interview", show=True),
    _key("k", "fork", "fork", "fork", show=True),
    _key("j", "judge", "judge", "judge"),
    _key("enter", "details", "details of the event", "details"),
    _key("b", "back", "back from a jump", "back"),
    _key("c", "next_character", "next character", "next-character"),
    _key("a", "act", "act for your character", "act"),
    _key("1", "tab('who')", "Who: the character", "tab-who"),
    _key("2", "tab('event')", "Event", "tab-event"),
    _key("3", "tab('graph')", "Graph: causes", "tab-graph"),
    _key("4", "tab('memory')", "Memory", "tab-memory"),
    _key("5", "tab('prompt')", "Prompt: what was shown", "tab-prompt"),
    _key("6", "tab('judges')", "Judges", "tab-judges"),
    _key("ctrl+o", "jump", "jump to a pane", "jump"),
    _key("escape", "leave", "leave search or acting", "leave"),
    _key("question_mark", "keys", "keys", "keys", show=True),
    _key("q", "home", "quit", "quit", show=True),
]

HOME: list[BindingType] = [
    _key("question_mark", "keys", "keys", "home-keys", show=True),
    _key("q", "app.quit", "quit", "home-quit", show=True),
]


def key_name(keys: str) -> str:
    """Give keys as they stand on a keyboard."""
    return " ".join(_NAMES.get(key, key.replace("ctrl+", "^")) for key in keys.split(","))


def help_text(bindings: list[BindingType], keymap: dict[str, str], colours: Colours) -> Text:
    """List keys, what they do and their ids, with what the settings file made of them."""
    text = Text(no_wrap=True)
    for binding in bindings:
        if not isinstance(binding, Binding):
            continue
        shown = key_name(keymap.get(binding.id or "", binding.key))
        text.append(f"{shown:>8}  ", style=colours.accent)
        text.append(f"{binding.description:23}")
        text.append(f"{binding.id}\n", style=colours.faint)
    for line in NOTES:
        text.append(f"{line}\n", style=colours.faint if line else "")
    return text
