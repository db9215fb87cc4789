"""A tap hears every byte with its time, and changes nothing."""

from dataclasses import asdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quecsim.rig.tap import Trains
from quecsim.run.recorded import recorded, wire_of
from quecsim.trace.event import HostBytes, Noise, Sent
from quecsim.uart.rate import uart_rate
from quecsim.uart.run import ByteRun
from tests.cli.test_report import record

RATE = uart_rate(115200, "8N1")


@given(cuts=st.lists(st.integers(0, 100), max_size=8), data=st.binary(min_size=100, max_size=100))
def test_however_a_train_is_cut_it_is_one(cuts: list[int], data: bytes) -> None:
    whole = ByteRun(1000, 3, RATE, data, 50)
    trains = Trains()
    places = sorted({0, *cuts, 100})
    for begin, end in pairwise(places):
        trains.add(whole.part(begin, end - begin))
    assert [asdict(run) for run in trains.runs()] == [asdict(whole)]


def test_a_gap_begins_a_new_train() -> None:
    trains = Trains()
    trains.add(ByteRun(0, 0, RATE, b"ab", 0))
    trains.add(ByteRun(1_000_000, 0, RATE, b"cd", 2))
    assert [run.data for run in trains.runs()] == [b"ab", b"cd"]


def test_all_that_was_written_and_sent_is_heard() -> None:
    events = record("thread-57329")
    tap = wire_of(events).tap
    assert tap is not None
    written = b"".join(event.data for event in events if isinstance(event, HostBytes))
    sent = b"".join(event.data for event in events if isinstance(event, Sent))
    assert b"".join(run.data for run in tap.to_device.runs()) == written
    assert b"".join(run.data for run in tap.to_host.runs()) == sent


def test_noise_is_not_yet_in_what_the_host_sends() -> None:
    events = record("thread-57329", faults=[{"kind": "bit_error", "at_byte": 100}])
    assert any(isinstance(event, Noise) for event in events)
    tap = wire_of(events).tap
    assert tap is not None
    written = b"".join(event.data for event in events if isinstance(event, HostBytes))
    assert b"".join(run.data for run in tap.to_device.runs()) == written


def test_a_record_that_runs_otherwise_has_no_wire_and_says_where() -> None:
    events = record("thread-57329")
    number = next(n for n, event in enumerate(events) if isinstance(event, Sent))
    del events[number]
    made = recorded(events)
    assert made.wire.tap is None
    assert made.wire.why_not == f"it runs otherwise from event {number + 1} on"
