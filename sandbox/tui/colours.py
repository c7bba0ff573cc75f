"""Colours of people and of kinds of lines, out of the theme that is on."""

from collections.abc import Mapping
from typing import NamedTuple

from textual.theme import Theme

__all__ = ["FOOTLIGHTS", "MATINEE", "Colours", "colours_of"]

FOOTLIGHTS = Theme(
    name="footlights",
    primary="#e0a458",
    secondary="#7fb7be",
    accent="#f2c14e",
    warning="#e0a458",
    error="#e4572e",
    success="#8cb369",
    foreground="#e8e3d9",
    background="#14120f",
    surface="#1b1814",
    panel="#26211b",
    dark=True,
    variables={
        "block-cursor-background": "#3a2f1f",
        "block-cursor-foreground": "#f2c14e",
        "block-cursor-blurred-background": "#1f1b16",
        "block-cursor-blurred-foreground": "#e8e3d9",
    },
)

MATINEE = Theme(
    name="matinee",
    primary="#8a4b08",
    secondary="#22666e",
    accent="#a8500b",
    warning="#96580a",
    error="#b3261e",
    success="#3f6b1f",
    foreground="#2a251d",
    background="#faf6ee",
    surface="#f3ecdf",
    panel="#e8decb",
    dark=False,
    variables={
        "block-cursor-background": "#ecd9b4",
        "block-cursor-foreground": "#7a3a00",
        "block-cursor-blurred-background": "#f0e7d6",
        "block-cursor-blurred-foreground": "#2a251d",
    },
)

_DARK = (
    "#7fb7be",
    "#f2a65a",
    "#b5d99c",
    "#d8a7d8",
    "#f28482",
    "#8fb8ff",
    "#e9d985",
    "#7ddcb5",
    "#ffb3c6",
    "#c9b79c",
)
_LIGHT = (
    "#1f6f78",
    "#a34a00",
    "#3d6b1f",
    "#7d3c8c",
    "#a8322d",
    "#2753a8",
    "#7a6400",
    "#0f7355",
    "#a02f5b",
    "#6b5836",
)


class Colours(NamedTuple):
    """Styles in rich's words."""

    names: Mapping[str, str]
    """Name of a character to its colour."""
    kinds: Mapping[str, str]
    """Kind of a line to its style."""
    heading: str
    faint: str
    accent: str
    good: str
    bad: str
    cursor: str

    def __hash__(self) -> int:
        return hash((tuple(self.names.items()), tuple(self.kinds.items()), self.cursor))

    def of(self, name: str, *, bold: bool = False) -> str:
        """Give the style of a character's name."""
        colour = self.names.get(name, self.accent)
        return f"bold {colour}" if bold else colour


def colours_of(theme: Theme, names: tuple[str, ...]) -> Colours:
    """Give the colours for a cast under a theme; each character has one, in the order of the cast."""
    palette = _DARK if theme.dark else _LIGHT
    faint = "#8b8376" if theme.dark else "#7d7363"
    primary = theme.primary
    return Colours(
        names={name: palette[number % len(palette)] for number, name in enumerate(names)},
        kinds={
            "heading": f"bold {primary}",
            "frame": f"italic {theme.foreground or ''}".strip(),
            "deed": faint if not theme.dark else "#bdb4a5",
            "beat": f"italic {theme.warning or primary}",
            "mood": f"italic {faint}",
            "inner": f"italic {faint}",
            "fault": theme.error or "red",
            "end": f"bold italic {primary}",
            "stage": faint,
            "secret": f"bold {theme.accent or primary}",
        },
        heading=f"bold {primary}",
        faint=faint,
        accent=theme.accent or primary,
        good=theme.success or "green",
        bad=theme.error or "red",
        cursor="#2f281f" if theme.dark else "#e6d9bf",
    )
