"""The demo as a page to mail: its chapters, with the rings drawn."""

from typing import BinaryIO

from quecsim.demo import show
from quecsim.demo.blocks import Block, Ring, Table, Talk
from quecsim.demo.excerpt import excerpt
from quecsim.demo.outcomes import Outcomes
from quecsim.demo.play import DemoOutcome
from quecsim.demo.story import CHAPTERS
from quecsim.render.page.document import still_page
from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.picture import Picture, picture
from quecsim.render.page.places import lost_places
from quecsim.render.timeline import timeline
from quecsim.run.recorded import recorded

_TALK_WIDTH = 110


def write_story(outcomes: Outcomes, file: BinaryIO, *, is_quick: bool) -> None:
    """The whole story; every way must have been played."""
    file.write(story_html(outcomes, is_quick=is_quick).encode())


def story_html(outcomes: Outcomes, *, is_quick: bool) -> str:
    """One file, without a script."""
    chapters = [
        (chapter.title, [_view(b) for b in (*chapter.begin(is_quick), *chapter.tell(outcomes))])
        for chapter in CHAPTERS
    ]
    return still_page(
        "demo.html.jinja", styles=["demo.css"], chapters=chapters, steps=show.NEXT_STEPS
    )


def _view(block: Block) -> tuple[str, object]:
    """What it is, and what the template needs of it."""
    kind = type(block).__name__
    match block:
        case Ring(outcome):
            return kind, _ring(outcome)
        case Talk(outcome):
            return kind, excerpt(outcome, width=_TALK_WIDTH)
        case Table(outcomes):
            note = show.time_note(outcomes.all)
            rows = [(show.cells(each), each.is_intact) for each in outcomes.all]
            return kind, (show.COLUMNS, rows, note)
        case _:
            return kind, block


def _ring(outcome: DemoOutcome) -> Picture:
    """The same stretch of time as on a terminal."""
    made = recorded(outcome.events)
    line = timeline(made)
    begin_ns = show.first_byte_ns(outcome)
    title = f"{show.numbered(outcome.way)}: bytes in the ring while the certificate arrives"
    lanes = page_lanes(line, lost_places(made))
    return picture(line, lanes, (begin_ns, begin_ns + show.WINDOW_NS), title)
