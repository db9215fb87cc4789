"""Data mode on record: where it begins and ends, and what becomes of bytes that are no data."""

import pytest

from quecsim.trace.event import DataBegin, DataEnd, Eaten, Lost
from quecsim.units import ms, s
from tests.device.bench import OK, Bench, profile

CONNECT = b"\r\nCONNECT\r\n"


def eaten(bench: Bench) -> list[tuple[bytes, str]]:
    return [(event.data, event.why) for event in bench.events(Eaten)]


def test_the_record_says_which_bytes_of_the_stream_were_data() -> None:
    bench = Bench()
    bench.upload('AT+QFUPL="UFS:x",5,9,1', b"abcde")
    (begin,), (end,) = bench.events(DataBegin), bench.events(DataEnd)
    command = len('AT+QFUPL="UFS:x",5,9,1\r')
    assert (begin.command, begin.name, begin.size, begin.ack) == ("+QFUPL", "x", 5, True)
    assert (begin.offset, begin.early) == (command, 0)
    assert (end.offset, end.received, end.stored, end.why) == (command + 5, 5, 5, "size")
    assert end.summary.startswith("+QFUPL: 5,")


def test_bytes_that_came_early_are_counted() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",5\rabcde')
    bench.rest()
    (begin,) = bench.events(DataBegin)
    assert (begin.offset, begin.early) == (15, 5)


def test_an_lf_behind_the_command_is_no_early_byte() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",5\r\nabcde')
    bench.rest()
    (begin,) = bench.events(DataBegin)
    assert (begin.offset, begin.early) == (16, 5)
    assert eaten(bench) == [(b"\n", "LF after CR")]


def test_the_pluses_of_an_escape_are_no_data() -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",50,5\r')
    bench.until(CONNECT)
    bench.send(b"abc")
    bench.run_for(ms(1200))
    bench.send(b"+++")
    bench.rest()
    assert eaten(bench) == [(b"+++", "+++")]
    (end,) = bench.events(DataEnd)
    assert (end.received, end.stored, end.offset) == (3, 3, 18 + 6)


@pytest.mark.parametrize("after_ms", [4700, 4990])
def test_an_escape_just_before_the_time_out_is_an_escape(after_ms: int) -> None:
    bench = Bench()
    bench.send(b'AT+QFUPL="x",50,5\r')
    bench.until(CONNECT)
    bench.run_for(ms(after_ms))
    bench.send(b"+++")
    bench.rest()
    (end,) = bench.events(DataEnd)
    assert (end.why, end.received) == ("escape", 0)


def test_what_came_during_a_download_is_named() -> None:
    bench = Bench(contents={"x": bytes(9000)})
    bench.send(b'AT+QFDWL="x"\r')
    bench.until(CONNECT)
    bench.send(b"AT\r")
    bench.rest()
    thrown = [data for data, why in eaten(bench) if why == "sent during a download"]
    assert b"".join(thrown) == b"AT\r"
    (begin,), (end,) = bench.events(DataBegin), bench.events(DataEnd)
    assert (begin.command, begin.size, end.why) == ("+QFDWL", 0, "size")


@pytest.mark.parametrize(("count", "is_escape"), [(2, False), (3, True), (4, False)])
def test_pluses_during_a_download(count: int, is_escape: bool) -> None:
    bench = Bench(contents={"x": bytes(40_000)})
    bench.send(b'AT+QFDWL="x"\r')
    bench.until(CONNECT)
    bench.run_for(s(1))
    bench.send(b"+" * count)
    bench.rest()
    (end,) = bench.events(DataEnd)
    assert (end.why == "escape") == is_escape
    assert b"".join(data for data, _ in eaten(bench)) == b"+" * count
    assert bench.ask("AT") == OK


def test_bytes_that_the_storage_did_not_take_are_named() -> None:
    bench = Bench(profile(files={"block_count": 16}))
    bench.ask("ATE0")
    bench.ask('AT+QFOPEN="x"')
    bench.upload("AT+QFWRITE=1027,70000,5", b"\n" * 70_000)
    counters = bench.rig.counters()
    storage = [lost for lost in bench.events(Lost) if lost.cause == "storage"]
    assert sum(lost.count for lost in storage) == counters["lost_storage"] > 0
    begin = bench.events(DataBegin)[-1]
    assert storage[0].offset == begin.offset + counters["stored"]
