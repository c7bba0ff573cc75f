"""Reports: what judges said of runs, as one page that opens anywhere and asks nothing of the network."""

from sandbox.report.page import render
from sandbox.report.sources import Reported, reported

__all__ = ["Reported", "render", "reported"]
