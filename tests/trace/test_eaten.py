"""Which bytes that went nowhere were a mistake of the host: all reasons, in one table."""

from quecsim.profiles.loader import load_profile
from quecsim.render.text import render_text
from quecsim.report.builder import ReportBuilder
from quecsim.rig import Rig
from quecsim.trace.eaten import EatenWhy, is_mistake
from quecsim.units import ms, s

MISTAKES = {
    "no command",
    "beyond the end of a line",
    "surplus after the data",
    "sent before CONNECT",
    "sent during a download",
}


def test_each_reason_is_a_mistake_or_is_none() -> None:
    assert {why for why in EatenWhy if why.is_mistake} == MISTAKES
    assert is_mistake("no command")
    assert not is_mistake("flow control")
    assert not is_mistake("a command of the user's own has understood them")


def test_what_the_host_threw_away_is_told_as_that() -> None:
    rig, builder = Rig(load_profile("ec200u")), ReportBuilder()
    rig.start()
    rig.host_write(0, b"AT\r" + b"x" * 3000)
    rig.advance(ms(1))
    rig.host_discard(ms(1))
    rig.advance(s(1))
    rig.finish(s(1))
    builder.feed(rig.take_events())
    report = builder.report()
    assert report.counters.sent == 3003
    left = report.never_sent_bytes
    assert 2980 < left < 3000, "some had left within a millisecond"
    assert report.mistaken_bytes == 3003 - 3 - left, "those are no command yet"
    assert all(place.why == "no command" for place in report.eaten)
    text = " ".join(render_text(report, colour=False).split())
    assert f"{left} thrown away by the host before they were sent" in text
