"""A board on a real line: when its bytes count as come, and what goes back over the line."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.flash.stall import AddedStall
from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.line_marks import Mark
from quecsim.rig import RigConfig
from quecsim.rig.tap import Tap
from quecsim.trace.event import (
    AdapterErrors,
    DataEnd,
    DeviceLine,
    HostBytes,
    HostClosed,
    HostDtr,
    HostOpened,
    HostRts,
    Lost,
    Rts,
    Sent,
)
from quecsim.uart.rate import uart_rate
from quecsim.units import ms, s
from tests.live.serial_bench import SerialBench

RATE = uart_rate(115_200, "8N1")
BYTE_NS = RATE.span_ns(1)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[SerialBench]:
    made = SerialBench(monkeypatch)
    yield made
    made.close()


def arrivals(bench: SerialBench) -> list[int]:
    """When each of the board's bytes arrives at the device; filled as the run goes on."""
    times: list[int] = []
    tap = Tap()
    bench.rig.clamp(tap)
    bench.rig._inbound.tap = lambda run: times.extend(map(run.edge_ns, range(len(run.data))))
    return times


def test_a_piece_that_is_read_late_was_on_the_line_before(bench: SerialBench) -> None:
    times = arrivals(bench)
    bench.begin()
    bench.pass_time(s(1))
    data = b"AT+GMM" * 30
    bench.comes(s(1) + ms(16), data)
    bench.pass_time(s(2))
    begin_ns = s(1) + ms(16) - RATE.span_ns(len(data))
    assert times == [begin_ns + RATE.span_ns(n + 1) for n in range(len(data))]
    assert times[-1] <= s(1) + ms(16)


def test_a_stream_in_usb_pieces_has_no_gap(bench: SerialBench) -> None:
    """The latency timer of 16 ms: the line was never silent, and so it is for the device."""
    bench.begin()
    bench.comes(ms(1), b"ATE0\r")
    bench.pass_time(s(1))
    times = arrivals(bench)
    piece = RATE.arrived(ms(16))
    for number in range(1, 20):
        bench.comes(s(1) + RATE.span_ns(number * piece) + ms(1), b"x" * piece)
    bench.pass_time(s(3))
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(times) == 19 * piece
    assert all(0 <= gap - BYTE_NS <= 2 for gap in gaps), "but for what is rounded"
    assert times[0] == s(1) + ms(1) + BYTE_NS


def test_what_the_model_has_done_stays_done(bench: SerialBench) -> None:
    """The reply was under way when the piece came: its bytes are late, by the piece at the most."""
    times = arrivals(bench)
    bench.begin()
    bench.comes(s(1), b"AT\r")
    reply_ns = s(1) + ms(25)
    bench.comes(reply_ns, b"z" * 100)
    bench.pass_time(s(2))
    assert times == sorted(times)
    assert reply_ns < times[-1] <= reply_ns + RATE.span_ns(100)
    bench.finish()


def test_no_byte_is_faster_than_the_line(bench: SerialBench) -> None:
    """A pty in place of the line gives thousands at once."""
    times = arrivals(bench)
    bench.begin()
    bench.comes(s(1), b"A" * 2000)
    bench.pass_time(s(2))
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert min(gaps) >= BYTE_NS
    assert len(times) == 2000


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_however_a_driver_cuts_the_stream(data: st.DataObject) -> None:
    """Bytes of one stream, in pieces of any size, handed over up to 20 ms late: in order, as fast
    as the line at the most, never before they were on it, and late by what the driver held them
    back and the longest piece at the most; and no byte is unaccounted for.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        bench = SerialBench(monkeypatch)
        times = arrivals(bench)
        bench.begin()
        bench.pass_time(s(1))
        text = b'ATE0\rAT+QFUPL="x",3000,5\r' + b"d" * 3000
        places = data.draw(st.lists(st.integers(1, len(text) - 1), unique=True, max_size=40))
        cuts = [0, *sorted(places), len(text)]
        read_ns = late_ns = 0
        for begin, end in itertools.pairwise(cuts):
            held_ns = data.draw(st.integers(0, ms(20)))
            read_ns = max(read_ns, s(1) + RATE.span_ns(end) + held_ns)
            late_ns = max(late_ns, read_ns - s(1) - RATE.span_ns(begin))
            bench.comes(read_ns, text[begin:end])
        bench.pass_time(s(9))
        on_line = [s(1) + RATE.span_ns(n + 1) for n in range(len(text))]
        assert len(times) == len(text)
        assert all(after - before >= BYTE_NS for before, after in itertools.pairwise(times))
        assert all(0 <= time - true <= late_ns for time, true in zip(times, on_line, strict=True))
        assert b"".join(event.data for event in bench.found(HostBytes)) == text
        bench.finish()
        bench.close()


def test_the_board_is_asked_to_stop_and_what_still_comes_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The adapter's RTS goes off at the ring's level; a board that goes on loses bytes."""
    stalls = (AddedStall(ms(600), None, 4096),)
    bench = SerialBench(monkeypatch, RigConfig(is_real_line=True, ifc=(2, 2), stalls=stalls))
    bench.adapter.board = BoardLines(rts=True, dtr=True)
    bench.begin()
    bench.comes(ms(1), b'ATE0\rAT+QFUPL="x",20000,5\r')
    bench.until_said(b"CONNECT\r\n")
    begin_ns = bench.wall.now_ns
    for number in range(1, 313):
        bench.comes(begin_ns + RATE.span_ns(number * 64), b"d" * 64)
    bench.pass_time(begin_ns + s(9))
    offs = [event.at_ns for event in bench.found(Rts) if not event.on]
    driven = [at_ns for at_ns, rts, _ in bench.adapter.driven if not rts]
    assert offs, "the flash never took long enough"
    assert len(driven) == len(offs)
    assert all(off <= at <= off + ms(2) for off, at in zip(offs, driven, strict=True))
    assert sum(lost.count for lost in bench.found(Lost)) > 0
    assert {lost.host_flow for lost in bench.found(Lost)} == {"the board's own"}
    assert bench.adapter.driven[-1][1:] == (True, True)
    bench.finish()
    bench.close()


def test_the_boards_rts_holds_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = SerialBench(monkeypatch, RigConfig(is_real_line=True, ifc=(2, 2)))
    bench.adapter.board = BoardLines(rts=True, dtr=True)
    bench.begin()
    bench.comes(ms(1), b"ATE0\r")
    bench.until_said(b"OK\r\n")
    bench.adapter.board = BoardLines(rts=False, dtr=True)
    bench.pass_time(bench.wall.now_ns + ms(50))
    before = len(bench.adapter.got)
    bench.comes(bench.wall.now_ns + ms(1), b"ATI\r")
    bench.pass_time(bench.wall.now_ns + ms(500))
    assert len(bench.adapter.got) == before
    bench.adapter.board = BoardLines(rts=True, dtr=True)
    bench.until_said(b"OK\r\n", ms(200))
    assert [event.on for event in bench.found(HostRts)] == [False, True]
    bench.finish()
    bench.close()


def test_a_dtr_that_was_never_on_is_not_wired(bench: SerialBench) -> None:
    bench.adapter.board = BoardLines(rts=False, dtr=False)
    bench.begin()
    bench.pass_time(s(1))
    assert not bench.found(HostDtr)
    bench.adapter.board = BoardLines(rts=False, dtr=True)
    bench.pass_time(s(2))
    assert not bench.found(HostDtr), "on it was all the time"
    bench.adapter.board = BoardLines(rts=False, dtr=False)
    bench.pass_time(s(3))
    assert [event.on for event in bench.found(HostDtr)] == [False]
    bench.finish()


def test_dtr_ends_data_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = SerialBench(monkeypatch)
    bench.adapter.board = BoardLines(rts=True, dtr=True)
    bench.begin()
    bench.comes(ms(1), b'ATE0&D1\rAT+QFUPL="x",1000,60\r')
    bench.until_said(b"CONNECT\r\n")
    bench.adapter.board = BoardLines(rts=True, dtr=False)
    bench.pass_time(bench.wall.now_ns + s(2))
    assert [end.why for end in bench.found(DataEnd)] == ["dtr"]
    bench.finish()
    bench.close()


def test_the_adapter_is_set_as_the_device_is_behind_the_reply(bench: SerialBench) -> None:
    """What was said at the old rate has left by then; the new rate's bytes wait for it."""
    bench.begin()
    assert bench.adapter.settings == [(0, 115_200, "8N1", 0)]
    bench.comes(ms(1), b"ATE0\r")
    bench.until_said(b"OK\r\n")
    bench.comes(bench.wall.now_ns + ms(1), b"AT+IPR=9600\r")
    bench.until_said(b"OK\r\n")
    said_ns, said = bench.wall.now_ns, len(bench.adapter.got)
    bench.adapter.is_empty = False
    bench.pass_time(said_ns + ms(40))
    assert len(bench.adapter.settings) == 1, "the driver has bytes yet"
    bench.adapter.is_empty = True
    bench.pass_time(said_ns + ms(60))
    assert [each[1:] for each in bench.adapter.settings[1:]] == [(9600, "8N1", said)]
    assert len(bench.found(DeviceLine)) == 1
    bench.comes(bench.wall.now_ns + ms(10), b"AT\r")
    bench.until_said(b"\r\nOK\r\n")
    bench.finish()


def test_a_rate_that_the_adapter_has_not_is_told(bench: SerialBench) -> None:
    bench.begin()
    bench.adapter.complaints.append("it runs at 9615")
    bench.pass_time(ms(50))
    assert bench.told == ["it runs at 9615"]


def test_what_the_adapter_has_no_room_for_waits_and_the_rts_still_stops_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = SerialBench(monkeypatch, RigConfig(is_real_line=True, contents={"f": bytes(3000)}))
    bench.begin()
    bench.adapter.room = 16
    bench.comes(ms(1), b'ATE0\rAT+QFDWL="f"\r')
    bench.pass_time(s(5))
    assert b"+QFDWL: 3000," in bench.adapter.got
    assert not bench.host.has_backlog
    assert bytes(bench.adapter.got).count(0) == 3000
    sizes = [count for _, count in bench.adapter.got_at]
    assert max(b - a for a, b in itertools.pairwise(sizes)) <= 16
    bench.finish()
    bench.close()


def test_the_adapters_own_losses_are_counted_apart(bench: SerialBench) -> None:
    bench.begin()
    bench.adapter.counts = ErrorCounts()
    bench.comes(ms(1), b"A", Mark.DAMAGED, Mark.DAMAGED, b"T\r")
    bench.pass_time(s(1))
    bench.adapter.counts = ErrorCounts(overruns=3, framing=2)
    bench.pass_time(s(2))
    bench.finish()
    told = bench.found(AdapterErrors)
    assert sum(each.damaged for each in told) == 2
    assert sum(each.overruns for each in told) == 3
    assert sum(each.framing for each in told) == 2
    counters = bench.rig.counters()
    assert counters["sent"] == 3
    assert counters["lost"] == 0


def test_a_break_is_one_nul(bench: SerialBench) -> None:
    bench.begin()
    bench.comes(ms(1), Mark.BREAK)
    bench.comes(ms(2), b"AT\r")
    bench.pass_time(s(1))
    assert bench.rig.counters()["inserted"] == 1
    bench.finish()


def test_the_adapter_is_unplugged(bench: SerialBench) -> None:
    bench.begin()
    bench.comes(ms(1), b"AT\r")
    bench.until_said(b"OK\r\n")
    bench.adapter.gone = "it has gone"
    bench.pass_time(bench.wall.now_ns + s(1))
    assert bench.host.gone == "it has gone"
    assert len(bench.found(HostOpened)) == len(bench.found(HostClosed)) == 1
    assert bench.loop.timeout_s() is None, "nobody waits for it any more"
    bench.finish()
    assert any(b"OK" in event.data for event in bench.found(Sent))


def test_a_device_that_would_find_the_rate_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = SerialBench(monkeypatch, device="m95")
    bench.begin()
    assert bench.adapter.settings[0][1:3] == (115_200, "8N1")
    (told,) = bench.told
    assert "it is at 115200 8N1" in told
    bench.close()
