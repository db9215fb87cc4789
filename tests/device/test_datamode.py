"""One stay in data mode: blocks, stalls, held pluses, lost commands, bytes given back."""

import pytest

from quecsim.at.effects import DataEndWhy, OpenData
from quecsim.device.datamode import DataMode
from quecsim.device.sinks import SinkStop
from quecsim.flash.stall import AddedStall
from quecsim.trace.event import Swallowed
from quecsim.trace.recorder import Recorder
from quecsim.uart.rate import UartRate, parse_frame
from quecsim.uart.run import ByteRun
from quecsim.units import ms, s
from tests.device.bench import shipped

RATE = UartRate(115200, parse_frame("8N1"))
BYTE_NS = 10 * s(1) // 115200


def mode(
    *stalls: AddedStall, is_idle_timer: bool = True, record: Recorder | None = None
) -> DataMode:
    opened = OpenData("+QFUPL", "x", 100, ack=False, timeout_ns=s(5), is_idle_timer=is_idle_timer)
    return DataMode(opened, 20, 0, shipped().escape, stalls, record or Recorder())


def run(data: bytes, at_ns: int = 0, offset: int = 20) -> ByteRun:
    return ByteRun(at_ns, 0, RATE, data, offset)


def test_a_block_is_exact_and_the_rest_waits_for_the_next() -> None:
    sink = mode()
    assert sink.want(0, 4) is SinkStop.NONE
    assert sink.feed(run(b"abcdef"), None) == (4, SinkStop.BLOCK)
    assert sink.is_complete
    assert sink.feed(run(b"ef", offset=24), None) == (0, SinkStop.BLOCK)
    assert sink.take(None).data == b"abcd"
    sink.want(ms(1), 4)
    assert sink.feed(run(b"ef", offset=24), None) == (2, SinkStop.NONE)
    taken = sink.take(DataEndWhy.IDLE)
    assert (taken.data, taken.end, sink.taken) == (b"ef", DataEndWhy.IDLE, 6)


def test_the_idle_timer_runs_from_the_last_byte_and_the_total_one_from_the_start() -> None:
    for is_idle, expected_ns in ((True, ms(700) + 3 * 10 * s(1) // 115200), (False, 0)):
        sink = mode(is_idle_timer=is_idle)
        sink.want(0, 10)
        sink.feed(run(b"abc", ms(700)), None)
        assert sink.timeout_ns() == expected_ns + s(5)


def test_bytes_out_of_the_ring_count_from_when_they_were_taken() -> None:
    sink = mode()
    sink.want(0, 10)
    sink.feed(run(b"abc", ms(700)), ms(900))
    assert sink.timeout_ns() == ms(900) + s(5)


@pytest.mark.parametrize("now_ns", [None, s(6)])
def test_a_held_plus_is_no_silence(now_ns: int | None) -> None:
    sink = mode()
    sink.want(0, 10)
    sink.feed(run(b"+", s(4)), now_ns)
    assert sink.taken == 0
    assert sink.timeout_ns() == (s(4) + BYTE_NS if now_ns is None else now_ns) + s(5)


# stalls


def test_a_stall_stops_it_at_its_byte() -> None:
    sink = mode(AddedStall(ms(45), at_byte=3))
    sink.want(0, 10)
    assert sink.feed(run(b"abcdef"), None) == (3, SinkStop.STALL)
    assert sink.stall() == AddedStall(ms(45), at_byte=3)
    assert sink.feed(run(b"def"), None) == (3, SinkStop.NONE)
    assert sink.stall() is None


def test_a_stall_every_few_bytes() -> None:
    sink = mode(AddedStall(ms(45), every_bytes=4))
    sink.want(0, 10)
    counts, data = [], b"0123456789"
    while data:
        count, _ = sink.feed(run(data), None)
        counts.append(count)
        data = data[count:]
    assert counts == [4, 4, 2]


# pluses


def test_held_pluses_are_no_part_of_the_block_until_they_are_given_back() -> None:
    sink = mode()
    sink.want(0, 10)
    assert sink.feed(run(b"++", s(2)), None) == (1, SinkStop.NONE)
    assert sink.feed(run(b"+", s(2) + BYTE_NS, 21), None) == (1, SinkStop.NONE)
    assert (sink.waiting, sink.taken) == (2, 0)
    assert sink.feed(run(b"x", s(2) + 2 * BYTE_NS, 22), None) == (1, SinkStop.NONE)
    assert (sink.waiting, sink.taken) == (0, 3)
    assert sink.take(None).data == b"++x"


def test_pluses_that_a_full_block_has_no_room_for_are_due() -> None:
    sink = mode()
    sink.want(0, 1)
    for index in range(2):
        sink.feed(run(b"+", s(2) + index * BYTE_NS, 20 + index), None)
    assert sink.expire(s(3)) is SinkStop.BLOCK
    assert (sink.taken, sink.waiting) == (1, 1)
    sink.take(None)
    assert sink.want(s(3), 5) is SinkStop.NONE
    assert (sink.taken, sink.waiting) == (2, 0)


def test_what_is_held_or_due_at_the_end_is_given_back() -> None:
    sink = mode()
    sink.want(0, 5)
    sink.feed(run(b"+", s(2)), None)
    assert [left.data for left in sink.leftovers()] == [b"+"]
    assert sink.waiting == 0


def test_three_pluses_and_silence_are_an_escape() -> None:
    sink = mode()
    sink.want(0, 5)
    for index in range(3):
        sink.feed(run(b"+", s(2) + index * BYTE_NS, 20 + index), None)
    assert sink.is_escape_complete
    assert sink.guard_ns() == s(2) + 3 * BYTE_NS + s(1)
    assert sink.expire(s(3)) is SinkStop.ESCAPE
    assert b"".join(held.data for held in sink.escaped()) == b"+++"
    assert (sink.waiting, sink.taken) == (0, 0)


# bytes that did not make it


def test_untake_names_the_newest_bytes() -> None:
    sink = mode()
    sink.want(0, 10)
    sink.feed(run(b"abc", offset=20), None)
    sink.feed(run(b"def", offset=30), None)
    assert sink.untake(4) == [(22, 1), (30, 3)]
    assert sink.untake(2) == [(20, 2)]


# a host that is lost


@pytest.mark.parametrize(
    ("pause_ns", "pieces", "texts"),
    [
        (ms(20), [b"AT\r"], ["AT"]),
        (ms(20), [b"AT+QMTOPEN=0\rmore"], ["AT+QMTOPEN=0"]),
        (ms(20), [b"A", b"T+C", b"SQ\r"], ["AT+CSQ"]),
        (ms(20), [b"at+csq\r"], ["at+csq"]),
        (ms(20), [b"ATE0\r"], ["ATE0"]),
        (ms(19), [b"AT\r"], []),
        (ms(20), [b"xAT\r"], []),
        (ms(20), [b"ATTENTION\r"], []),
        (ms(20), [b"AT+" + b"x" * 80 + b"\r"], ["AT+" + "x" * 80]),
        (ms(20), [b"AT+" + b"x" * 300 + b"\r"], []),
        (ms(20), [b"AT+CSQ"], []),
    ],
)
def test_what_looks_like_a_command_after_a_pause(
    pause_ns: int, pieces: list[bytes], texts: list[str]
) -> None:
    record = Recorder()
    sink = mode(record=record)
    sink.want(0, 400)
    sink.feed(run(b"data"), None)
    at_ns = 4 * 10 * s(1) // 115200 + pause_ns - BYTE_NS
    offset = 24
    for piece in pieces:
        sink.feed(run(piece, at_ns, offset), None)
        at_ns += len(piece) * BYTE_NS
        offset += len(piece)
    swallowed = [event for event in record.take() if isinstance(event, Swallowed)]
    assert [event.text for event in swallowed] == texts
    assert all(event.offset == 24 and event.pause_ns >= ms(20) for event in swallowed)
