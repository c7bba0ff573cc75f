"""A judged run with faults in it, the page about it, and the tags of a page."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from judges.calibration_page import shipped
from judges.damage import damage
from judges.panel import Panel
from judges.reading import read
from judges.verdict import Verdict
from sandbox.foreign import Trial
from sandbox.report import Reported, render
from tests.house import bundled
from worlds.trajectory import Trajectory

__all__ = ["UNREAD", "Page", "page", "spoilt"]

UNREAD = Verdict(
    judge="rubric", subject="mira", dimension="rubric.immersion", value=None, reason="the reply held no mark",
    parsed="unparsed", calls=3,
)  # fmt: skip
UNFIT = Verdict(
    judge="contradictions", subject="mira", dimension="contradictions.words", value=0.0, confidence=0.0,
    reason="a mark of no weight", parsed="clean", model="some:model", held_back="not admitted",
)  # fmt: skip
OF_THE_RUN = Verdict(judge="pairwise", subject="", dimension="pairwise.agreed", value=0.8, model="some:model")


class Page(HTMLParser):
    """The tags of a page."""

    def __init__(self, text: str) -> None:
        """Read them."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._open = tag if tag in self.inside else self._open
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        self._open = "" if tag == self._open else self._open

    def handle_data(self, data: str) -> None:
        """Keep what scripts and styles hold."""
        if self._open:
            self.inside[self._open][-1] += data

    def all(self, name: str) -> list[str]:
        """Give an attribute wherever it stands."""
        return [value for _, found in self.tags if (value := found.get(name)) is not None]


@cache
def spoilt() -> Reported:
    """A judged run of the tavern with faults in it."""
    events = damage(bundled("tavern"), "forgotten_injury", dose=0.2, seed="1").events
    events = damage(events, "out_of_fiction", dose=0.1, seed="1").events
    log = Trajectory(events)
    return Reported(
        Trial(Path("run"), "run", log),
        read(log),
        (*Panel().judge(log), UNREAD, UNFIT, OF_THE_RUN),
        stored=True,
    )


@cache
def page(runs: int = 1) -> str:
    """The page about it, or about several such runs."""
    return render(
        [spoilt()._replace(trial=spoilt().trial._replace(name=f"run-{n}")) for n in range(runs)], shipped()
    )
