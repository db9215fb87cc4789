"""The pictures of the documents: each is a run of a scenario, made anew whenever the site is built.

In the repository stands the picture of letters between `<!-- picture: NAME -->` and `<!-- end -->`;
`python -m website.pictures` writes those anew, and a test compares them. On the site an image takes
the place of the letters; and what stands between `<!-- page: NAME -->` and `<!-- end -->` leads to
the page of the whole run.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from quecsim.render.lanes import LEGEND, ring_picture
from quecsim.render.recorded import Recorded
from quecsim.run.recorded import recorded
from quecsim.scenario.options import make_scenario
from quecsim.scenario.payload import payload_bytes
from quecsim.scenario.schema import HostFlow, Scenario
from quecsim.testing.own_uploader import run_plan
from quecsim.units import MS
from quecsim.virtual.run import FunctionRun

ROOT = Path(__file__).parents[1]
_MARKED = re.compile(r"<!-- picture: ([\w-]+) -->\n.*?<!-- end -->\n", re.DOTALL)
_PAGE = re.compile(r"^<!-- page: ([\w-]+) -->(.+?)<!-- end -->", re.MULTILINE)
_SPAN_NS = 130 * MS
_WIDTH = 76

Keep = Callable[[str, bytes], str]
"""Stores a file beside the pages, and says where it is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A certificate's upload: what the picture shows, and how the host goes about it.

    `flow` is the host's flow control; RTS/CTS is switched on at both ends.
    """

    shows: str
    how: dict[str, Any]
    flow: HostFlow = "none"

    def scenario(self) -> Scenario:
        """The module of the story."""
        return make_scenario(scenario="thread-57329", flow=self.flow)


PICTURES = {
    "burst": Picture(
        "The ring fills up during each pause; in the third one 153 bytes find no room",
        {"chunk_bytes": 4096, "timeout_s": 1},
    ),
    "held": Picture(
        "With RTS/CTS the host waits at 384 bytes, and nothing is lost",
        {"chunk_bytes": 4096, "rtscts": True},
        flow="rtscts",
    ),
    "acknowledged": Picture(
        "In ACK mode the host waits after 1024 bytes, and the ring never overflows",
        {"ack": True},
    ),
}


@cache
def _run(name: str) -> FunctionRun:
    from quecsim.host.plan import UploadPlan

    picture = PICTURES[name]
    plan = UploadPlan("UFS:ca.pem", payload_bytes("certificate"), **picture.how)
    return run_plan(picture.scenario(), plan)[1]


def letters(name: str) -> str:
    """The picture as text: the ring from CONNECT on, and the lanes under it."""
    run, scenario = _run(name), PICTURES[name].scenario()
    begin_ns = run.report.uploads[-1].begin_ns
    ring_bytes = scenario.profile().uart.rx_ring_bytes
    drawn = ring_picture(
        run.events,
        begin_ns,
        begin_ns + _SPAN_NS,
        ring_bytes,
        width=_WIDTH,
        title="bytes in the ring, from CONNECT on",
        colour=False,
    )
    return "\n".join(line.rstrip() for line in [*drawn.split("\n"), "", *LEGEND])


def image(name: str) -> bytes:
    """The same as SVG."""
    from quecsim.render.files.figure import write_svg

    begin_ns = _run(name).report.uploads[-1].begin_ns
    return _written(name, write_svg, (begin_ns, begin_ns + _SPAN_NS))


def page(name: str) -> bytes:
    """The whole run as the page that `quecsim report --html` writes."""
    from quecsim.render.page.write import write_page

    return _written(name, write_page)


def _written(
    name: str, write: Callable[[Recorded, BinaryIO], None], window: tuple[int, int] | None = None
) -> bytes:
    stream = io.BytesIO()
    write(replace(recorded(_run(name).events, name=name), window=window), stream)
    return stream.getvalue()


def renewed(text: str) -> str:
    """A document's text with its pictures of letters as they should be."""
    return _each(text, lambda name: f"```text\n{letters(name)}\n```")


def illustrated(text: str, keep: Keep) -> str:
    """A document's text with images in the place of letters, and links to pages of runs."""
    drawn = _each(
        text, lambda name: f"![{PICTURES[name].shows}]({keep(f'{name}.svg', image(name))})"
    )
    return _PAGE.sub(
        lambda match: f"[{match[2]}]({keep(f'{match[1]}.html', page(match[1]))})", drawn
    )


def _each(text: str, shown: Callable[[str], str]) -> str:
    def made(match: re.Match[str]) -> str:
        return f"<!-- picture: {match[1]} -->\n{shown(match[1])}\n<!-- end -->\n"

    return _MARKED.sub(made, text)


if __name__ == "__main__":
    for document in sorted((ROOT / "docs").rglob("*.md")):
        document.write_text(renewed(document.read_text(encoding="utf-8")), encoding="utf-8")
