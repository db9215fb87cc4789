"""What the page's script draws: the lanes, the ring and the losses, packed.

Times are in microseconds from the start of the run; beginnings are differences to the one
before, and texts are numbers of a table.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import MAX_WBITS, compressobj

import msgspec

from quecsim.render.layout import safe
from quecsim.render.page.lanes import PageLane
from quecsim.render.page.levels import Window, joined, outlined, thinned
from quecsim.render.page.places import Place
from quecsim.render.timeline import Span, Timeline
from quecsim.units import MS, US, S

MOST_SPANS = 20_000
"""In one lane; more become one where nothing interesting is."""
MOST_LOSSES = 100_000
"""Of losses, all of which can be reached one by one."""
_MOST_RING_COLUMNS = 10_000
_FIRST_LOSSES, _LAST_LOSSES, _MARKS = 400, 20, 200
_MARKED = ("commands", "mode", "network", "faults")
_AROUND_NS = 50 * MS


def packed(text: str | bytes) -> str:
    """Compressed by gzip, in base64. The same text gives the same."""
    data = text.encode() if isinstance(text, str) else text
    packer = compressobj(9, wbits=MAX_WBITS | 16)
    return b64encode(packer.compress(data) + packer.flush()).decode()


def page_data(made: Timeline, lanes: Sequence[PageLane], places: Sequence[Place]) -> dict[str, Any]:
    """As the script reads it."""
    begin_ns, end_ns = made.begin_ns, made.end_ns
    windows = interesting(lanes, places)
    gap_ns = (end_ns - begin_ns) // (MOST_SPANS // 4)
    ring = outlined(made.ring, begin_ns, end_ns, _MOST_RING_COLUMNS)
    told = []
    for lane in lanes:
        most = MOST_LOSSES if lane.key == "lost" else MOST_SPANS
        spans = thinned(lane.spans, windows, gap_ns, most)
        head = {"key": lane.key, "title": lane.title, "kind": lane.kind}
        told.append(head | _columns(spans, begin_ns))
    return {
        "end": (end_ns - begin_ns) / S,
        "lanes": told,
        "ring": {
            "at": _steps((at_ns - begin_ns) // US for at_ns, _ in ring),
            "level": [level for _, level in ring],
            "bytes": made.ring_bytes,
        },
    }


def interesting(lanes: Sequence[PageLane], places: Sequence[Place]) -> list[Window]:
    """The times at which everything is shown as it was."""
    chosen = list(places)
    if len(chosen) > _FIRST_LOSSES + _LAST_LOSSES:
        chosen = [*places[:_FIRST_LOSSES], *places[-_LAST_LOSSES:]]
    windows = [(place.loss.first_ns, place.loss.last_ns) for place in chosen]
    for lane in lanes:
        if lane.key in _MARKED:
            marks = lane.spans[:_MARKS]
            windows += [(at_ns, at_ns) for span in marks for at_ns in (span.begin_ns, span.end_ns)]
    return joined((begin_ns - _AROUND_NS, end_ns + _AROUND_NS) for begin_ns, end_ns in windows)


def _columns(spans: Sequence[Span], begin_ns: int) -> dict[str, Any]:
    texts: dict[str, int] = {}
    return {
        "at": _steps((span.begin_ns - begin_ns) // US for span in spans),
        "length": [(span.end_ns - span.begin_ns) // US for span in spans],
        "text": [texts.setdefault(safe(span.text), len(texts)) for span in spans],
        "texts": list(texts),
    }


def _steps(values: Iterable[int]) -> list[int]:
    """Each as what it is more than the one before."""
    steps, before = [], 0
    for value in values:
        steps.append(value - before)
        before = value
    return steps


def as_json(data: Any) -> str:
    """Compact."""
    return msgspec.json.encode(data).decode()
