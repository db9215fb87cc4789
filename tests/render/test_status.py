"""How a device stands, from its events."""

from collections.abc import Sequence

from quecsim.flash.stall import AddedStall
from quecsim.render.status import Status, Transfer
from quecsim.rig import RigConfig
from quecsim.trace import event as ev
from quecsim.trace.event import Event
from quecsim.units import ms, s
from tests.report.story import PAYLOAD, Story, device, qfupl


def status_of(events: Sequence[Event]) -> Status:
    status = Status()
    status.feed(events)
    return status


def lossy_story() -> Story:
    """An upload of 4000 bytes into a ring of 64, with a stall."""
    config = RigConfig(stalls=(AddedStall(ms(50), at_byte=1),))
    script = [(0, qfupl(4000)), (ms(50), PAYLOAD[:4000])]
    return Story(device(ring_bytes=64), config).tell(script, rest_ns=s(2))


def test_it_begins_as_the_record_says() -> None:
    status = status_of(Story().tell([], rest_ns=0).events)
    assert (status.title, status.power) == ("Quectel EC200U", "on")
    assert (status.line, status.flow, status.host_flow) == ("115200 8N1", "", "")
    assert (status.capacity, status.level, status.transfer) == (4096, 0, None)


def test_what_a_scenario_sets_beside_the_profile() -> None:
    status = status_of(Story(config=RigConfig(ipr=9600, ifc=(2, 2))).tell([], rest_ns=0).events)
    assert (status.line, status.flow) == ("9600 8N1", "RTS/CTS")


def test_the_sums_are_those_of_the_report() -> None:
    story = lossy_story()
    status, counters = status_of(story.events), story.report.counters
    assert counters.lost > 0
    assert status.received == counters.sent
    assert status.stored == counters.stored
    assert dict(status.lost) == counters.lost_by_cause
    assert status.sent == sum(len(e.data) for e in story.events if isinstance(e, ev.Sent))


def test_events_may_come_in_any_pieces() -> None:
    events = lossy_story().events
    whole, pieces = status_of(events), Status()
    for event in events:
        pieces.feed([event])
    shown = ("now_ns", "received", "sent", "stored", "lost", "losses", "most", "command", "result")
    assert [getattr(pieces, name) for name in shown] == [getattr(whole, name) for name in shown]


def test_data_mode_and_how_far_it_is() -> None:
    script = [(0, qfupl(4000)), (ms(50), PAYLOAD[:2000])]
    story = Story(device(data_buffer_bytes=1000)).tell(script, rest_ns=ms(400))
    assert status_of(story.events).transfer == Transfer(1, "+QFUPL", "ca.pem", 4000, taken=2000)
    story.say(0, PAYLOAD[2000:4000]).wait(s(2))
    status = status_of(story.events)
    assert status.transfer is None
    assert (status.command, status.result) == ('AT+QFUPL="UFS:ca.pem",4000,5', "OK")


def test_the_peak_is_kept_until_it_was_shown() -> None:
    status = status_of([ev.RingLevel(1, 300), ev.RingLevel(2, 500), ev.RingLevel(3, 0)])
    assert (status.level, status.peak, status.most) == (0, 500, 500)
    assert status.settle()
    assert (status.peak, status.most) == (0, 500)
    assert not status.settle()


def test_busy_is_over_by_itself() -> None:
    status = status_of([ev.FlashBusy(10, 20, "storing the data", [])])
    assert [status.busy_at(at_ns) is not None for at_ns in (10, 19, 20)] == [True, True, False]
    assert status.busy is not None
    assert status.busy.why == "storing the data"


def test_power_off_ends_what_was_under_way() -> None:
    story = Story().tell([(0, qfupl(4000)), (ms(50), PAYLOAD[:2000])], rest_ns=ms(100))
    assert status_of(story.events).transfer is not None
    status = status_of(story.cut_power().events)
    assert (status.power, status.transfer, status.busy, status.level) == ("off", None, None, 0)


def test_a_mismatch_stands_until_an_end_is_set_anew() -> None:
    wrong = ev.LineMismatch(1, "9600 8N1", "115200 8N1", garbled=False)
    line = ev.HostLine(2, 115_200, "8N1", "rtscts")
    assert status_of([wrong]).mismatch == wrong
    status = status_of([wrong, line])
    assert (status.mismatch, status.host_flow) == (None, "RTS/CTS")


def test_a_result_of_an_earlier_line_is_not_that_of_the_last() -> None:
    events = [ev.CommandLine(1, 0, 5, "+A", 1), ev.CommandLine(2, 5, 5, "+B", 2)]
    late = ev.Result(3, "ERROR", "+A", 1)
    assert (status_of([*events, late]).command, status_of([*events, late]).result) == ("AT+B", "")


def test_damaged_settings_are_no_failure() -> None:
    start = ev.Start(0, "x", 1, "uart", {"ring_bytes": "many"}, config={"ifc": "?", "ipr": None})
    status = status_of([start])
    assert (status.capacity, status.ifc, status.title) == (0, (0, 0), "x")
