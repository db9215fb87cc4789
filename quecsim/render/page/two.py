"""The page of two runs: what differs, and both rings in one picture's breadth, one above the other.

It needs no script: nothing on it moves.
"""

from dataclasses import dataclass
from typing import BinaryIO

from quecsim.render.page.document import still_page
from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.levels import Window
from quecsim.render.page.picture import Picture, first_view, picture
from quecsim.render.page.places import lost_places
from quecsim.render.page.verdict import VerdictView, verdict_view
from quecsim.render.recorded import Recorded
from quecsim.render.timeline import timeline
from quecsim.report.comparison.model import TITLES, Comparison, Difference


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: which, what came of it, and its picture."""

    which: str
    recorded: Recorded
    verdict: VerdictView
    picture: Picture


def two_html(found: Comparison, before: Recorded, after: Recorded) -> str:
    """The page. The pictures show the same stretch of time, from the first upload of each on."""
    window = _window(before)
    lead_ns = window[0] - _origin_ns(before)
    again = _shifted(after, lead_ns, window[1] - window[0])
    groups = [(title, rows) for kind, title in TITLES.items() if (rows := _rows(found, kind))]
    return still_page(
        "two.html.jinja",
        styles=["two.css"],
        found=found,
        groups=groups,
        sides=[_side("Before", before, window), _side("After", after, again)],
    )


def write_two(found: Comparison, before: Recorded, after: Recorded, file: BinaryIO) -> None:
    """Write it, in UTF-8."""
    file.write(two_html(found, before, after).encode("utf-8", "replace"))


def _rows(found: Comparison, kind: object) -> list[Difference]:
    return [each for each in found.differences if each.kind is kind]


def _side(which: str, recorded: Recorded, window: Window) -> Side:
    made, places = timeline(recorded), lost_places(recorded)
    drawn = picture(made, page_lanes(made, places), window, f"{which}: {recorded.name}")
    return Side(which, recorded, verdict_view(recorded), drawn)


def _window(recorded: Recorded) -> Window:
    return first_view(recorded, timeline(recorded), lost_places(recorded))


def _origin_ns(recorded: Recorded) -> int:
    """When the first upload began; without one, the run."""
    uploads = recorded.report.uploads
    return uploads[0].begin_ns if uploads else recorded.start.at_ns


def _shifted(recorded: Recorded, lead_ns: int, span_ns: int) -> Window:
    """As long, and as long before the first upload, as far as the run goes."""
    begin_ns = max(recorded.start.at_ns, _origin_ns(recorded) + lead_ns)
    return begin_ns, begin_ns + max(span_ns, 1)
