"""Whoever tells of a run tells the same: report, page, pictures, dialogue, live line, files."""

import csv
import io
import re

from hypothesis import example, given

from quecsim.render.dialogue import Dialogue
from quecsim.render.files.events_csv import write_csv
from quecsim.render.page.losses import losses_view
from quecsim.render.recorded import Recorded
from quecsim.render.status import Status
from quecsim.render.timeline import timeline
from quecsim.render.timeline.losses import losses
from quecsim.run.recorded import recorded
from tests.laws.driver import Setup, Step, law, play
from tests.laws.strategies import cases
from tests.laws.test_replay import EVENTFUL, UPGRADED


def lost_by_teller(made: Recorded) -> dict[str, int]:
    """All lost bytes, as each has them."""
    dialogue, status, table = Dialogue(), Status(), io.BytesIO()
    lines = [*dialogue.feed(made.events), *dialogue.end()]
    told = [re.match(r"LOST (\d+) byte", line.text) for line in lines if line.kind == "Lost"]
    status.feed(made.events)
    write_csv(made, table)
    rows = csv.DictReader(io.StringIO(table.getvalue().decode(), newline=""))
    report = made.report
    return {
        "report": report.counters.lost,
        "uploads": sum(upload.lost for upload in report.uploads) + report.lost_outside,
        "dialogue": sum(int(found[1]) for found in told if found),
        "live line": status.lost_bytes,
        "lane": sum(span.count for span in timeline(made).lane("lost").spans),
        "losses": sum(loss.count for loss in losses(made.events)),
        "page": losses_view(made).total_bytes,
        "table": sum(int(row["count"]) for row in rows if row["type"] == "Lost"),
    }


@law(60)
@given(cases())
@example((Setup({"uart": {"rx_ring_bytes": 256}}), EVENTFUL))
@example((Setup(device="ec200t"), UPGRADED))
def test_all_tell_the_same(case: tuple[Setup, list[Step]]) -> None:
    made = recorded(play(*case).events)
    lost = lost_by_teller(made)
    assert len(set(lost.values())) == 1, lost
    times = timeline(made)
    held_ns = sum(span.end_ns - span.begin_ns for span in times.lane("held").spans)
    busy_ns = sum(span.end_ns - span.begin_ns for span in times.lane("flash").spans)
    flash = made.report.flash
    assert held_ns == made.report.held_ns
    assert busy_ns == flash.busy_ns + flash.stall_ns
