"""The page of two runs: what differs, and both rings in one picture's breadth, one above the other.

It needs no script: nothing on it moves.
"""

from typing import BinaryIO

from quecsim.render.page.document import still_page
from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.levels import Window
from quecsim.render.page.picture import Picture, first_view, picture
from quecsim.render.page.places import lost_places
from quecsim.render.page.verdict import VerdictView, verdict_view
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import timeline
from quecsim.report.comparison.model import TITLES, Comparison


class Side:
    """One of the two: which, what came of it, and its picture of `window`."""

    def __init__(self, which: str, recorded: Recorded) -> None:
        self.which = which
        self.verdict: VerdictView = verdict_view(recorded)
        self._recorded = recorded
        self._timeline = timeline(recorded)
        self._places = lost_places(recorded)
        self.window: Window = first_view(recorded, self._timeline, self._places)

    @property
    def origin_ns(self) -> int:
        """When the first upload began; without one, the run."""
        uploads = self._recorded.report.uploads
        return uploads[0].begin_ns if uploads else self._recorded.start.at_ns

    def follow(self, other: "Side") -> None:
        """Look at as long a time, from as long before the first upload, as far as the run goes."""
        begin_ns = self.origin_ns + other.window[0] - other.origin_ns
        begin_ns = max(self._recorded.start.at_ns, begin_ns)
        self.window = begin_ns, begin_ns + max(other.window[1] - other.window[0], 1)

    def picture(self) -> Picture:
        """The ring and its lanes, meanwhile."""
        lanes = page_lanes(self._timeline, self._places)
        title = f"{self.which}: {self._recorded.name}"
        return picture(self._timeline, lanes, self.window, title)


def two_html(found: Comparison, before: Recorded, after: Recorded) -> str:
    """The page. The pictures show the same stretch of time, from the first upload of each on."""
    first, second = Side("Before", before), Side("After", after)
    second.follow(first)
    groups = [(title, rows) for kind, title in TITLES.items() if (rows := found.of(kind))]
    return still_page(
        "two.html.jinja",
        styles=["two.css"],
        found=found,
        groups=groups,
        sides=[first, second],
    )


def write_two(found: Comparison, before: Recorded, after: Recorded, file: BinaryIO) -> None:
    """Write it, in UTF-8."""
    file.write(two_html(found, before, after).encode("utf-8", "replace"))
