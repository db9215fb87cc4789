import gzip
import json
from base64 import b64decode
from itertools import accumulate

from quecsim.render.page.data import as_json, interesting, packed, page_data
from quecsim.render.page.lanes import page_lanes
from quecsim.render.page.places import lost_places
from quecsim.render.timeline import timeline
from quecsim.run.recorded import recorded
from tests.render.page.runs import many_losses


def test_packed_is_unpacked_by_anybody() -> None:
    assert gzip.decompress(b64decode(packed("<text>"))) == b"<text>"
    assert packed("x" * 1000) == packed("x" * 1000)


def test_the_script_gets_every_loss_and_the_ring() -> None:
    made = recorded(many_losses())
    times, places = timeline(made), lost_places(made)
    told = json.loads(as_json(page_data(times, page_lanes(times, places), places)))
    (lost,) = [lane for lane in told["lanes"] if lane["key"] == "lost"]
    begins = list(accumulate(lost["at"]))
    assert begins == [place.loss.first_ns // 1000 for place in places]
    assert "153 bytes lost, from byte 1024 of chain.pem on" in lost["texts"][lost["text"][0]]
    assert told["ring"]["bytes"] == max(told["ring"]["level"]) == 512
    assert told["end"] == made.report.at_ns / 1e9


def test_losses_and_commands_are_interesting() -> None:
    made = recorded(many_losses())
    times, places = timeline(made), lost_places(made)
    windows = interesting(page_lanes(times, places), places)
    for place in places:
        assert any(a <= place.loss.first_ns and place.loss.last_ns <= b for a, b in windows)
