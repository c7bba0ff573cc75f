"""Dimensions in a reader's words, and numbers as they are printed."""

from judges.calibration import GRADED

__all__ = ["FAMILIES", "WHAT", "accuses", "family", "leaf", "number", "order"]

FAMILIES = (
    "consistency", "fidelity", "tracking", "rubric", "constraints", "contradictions", "interview", "pairwise",
    "admission",
)  # fmt: skip
"""The order judges stand in."""

WHAT = {
    "consistency": "without contradiction, and without knowledge nobody gave",
    "consistency.knowledge": "says only what was witnessed, told, found out or known from the start",
    "consistency.world": "what is claimed agrees with what is so",
    "consistency.self": "what is claimed agrees with what was claimed before",
    "consistency.belief": "what is claimed agrees with what is believed",
    "consistency.presence": "acts only while alive, on stage and on turn",
    "consistency.place": "is where it got to by a way there is",
    "consistency.repetition": "says and does nothing over and over",
    "fidelity": "in character",
    "fidelity.apc": "credit less penalty over all statements of the profile",
    "fidelity.violated": "breaks no statement of the profile",
    "fidelity.missed": "says what the profile calls for when asked",
    "fidelity.voice": "no line that is clearly another's",
    "fidelity.attribution": "share of masked lines that are told to be its own",
    "fidelity.taboo": "does nothing it never does",
    "fidelity.bounds": "is no expert of what it cannot know",
    "fidelity.fiction": "never speaks from outside the story",
    "fidelity.period": "no word younger than the world",
    "tracking": "changes of the profile made rightly and in time",
    "tracking.acted_on": "a change shows in a later act",
    "tracking.lag": "own turns until a change shows; 1 is at once",
    "tracking.staleness": "share of uses that go by an old value; 0 is none",
    "tracking.retention": "what changed is still gone by later",
    "tracking.precision": "goes by values as they are",
    "tracking.f1": "precision and recall of changes in one number",
    "tracking.applied": "changes the author wrote arrive",
    "tracking.invented": "changes without a ground; 0 is none",
    "rubric": "marks by a model, from 1 to 5",
    "constraints": "the profile, held against replies by a model",
    "constraints.apc": "credit less penalty over all statements of the profile",
    "constraints.violated": "breaks no statement of the profile",
    "constraints.missed": "says what the profile calls for when asked",
    "contradictions": "lines held against one another by a model",
    "contradictions.words": "says nothing against its own earlier words",
    "contradictions.profile": "says nothing against what holds of it",
    "interview": "answers about itself, as of moments of the run",
    "pairwise": "against the same character in another run, by a model",
    "pairwise.better": "plays better than in the other run",
    "pairwise.agreed": "the winner is the same in both orders",
    "pairwise.first": "share of wins of what was shown first; a half is fair",
    "admission": "whether the model can judge at all",
    "admission.speakers": "tells who says a masked line",
}
"""What a good value means."""


_GRADING = frozenset({"rubric", "interview", "pairwise", "admission"})


def accuses(dimension: str) -> bool:
    """Whether a bad value says that something is wrong, rather than how much of something there is."""
    kin = f"fidelity.{dimension.partition('.')[2]}" if family(dimension) == "constraints" else dimension
    return kin not in GRADED and family(dimension) not in _GRADING


def family(dimension: str) -> str:
    """Give the family: `fidelity` of `fidelity.voice`."""
    return dimension.partition(".")[0]


def leaf(dimension: str) -> str:
    """Give a dimension's own name in words."""
    return (dimension.partition(".")[2] or dimension).replace("_", " ")


def order(dimension: str) -> tuple[int, str, str]:
    """Sort dimensions: families in their order, each before its dimensions."""
    name = family(dimension)
    return FAMILIES.index(name) if name in FAMILIES else len(FAMILIES), name, dimension


def number(value: float | None) -> str:
    """Print a value to two places."""
    if value is None:
        return "–"
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
