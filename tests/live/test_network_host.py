"""A host that comes in over RFC 2217: whatever it sends, and however it leaves."""

import contextlib
import socket
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quecsim.trace.event import (
    HostBreak,
    HostBytes,
    HostClosed,
    HostDiscard,
    HostDtr,
    HostFlushed,
    HostLine,
    HostReady,
    HostRts,
    HostUnread,
)
from tests.live.hosts_bench import HostsBench

pytestmark = pytest.mark.pty
BEGIN = b"\xff\xfb\x2c\xff\xfb\0\xff\xfd\0"


def ask(code: int, value: bytes = b"") -> bytes:
    return b"\xff\xfa\x2c" + bytes((code,)) + value.replace(b"\xff", b"\xff\xff") + b"\xff\xf0"


def test_settings_are_told_when_bytes_move_and_once() -> None:
    bench = HostsBench("rfc2217")
    caller = bench.call()
    for baud in (300, 9600, 57_600):
        caller.send(ask(1, struct.pack("!I", baud)))
    caller.send(ask(3, b"\x03") + ask(2, b"\x07") + ask(5, b"\x03"))
    bench.until(lambda: ask(105, b"\x03") in caller.got)
    assert not bench.found(HostLine)
    caller.send(b"A")
    bench.until(lambda: bench.found(HostBytes))
    (line,) = bench.found(HostLine)
    assert (line.baud, line.frame, line.flow) == (57_600, "7E1", "rtscts")
    bench.finish()
    bench.close()


def test_a_break_that_is_on_ends_with_its_host() -> None:
    bench = HostsBench("rfc2217")
    caller = bench.call()
    caller.send(ask(5, b"\x05") + ask(5, b"\x0c") + ask(5, b"\x09"))
    bench.until(lambda: bench.found(HostDtr))
    caller.close()
    bench.until(lambda: bench.found(HostClosed))
    assert [event.on for event in bench.found(HostBreak)] == [True, False]
    assert [event.on for event in bench.found(HostDtr)] == [False, True]
    assert [event.on for event in bench.found(HostRts)] == [False, True]
    bench.finish()
    bench.close()


def test_a_host_that_asks_for_a_pause_gets_its_bytes_afterwards() -> None:
    bench = HostsBench("rfc2217")
    caller = bench.call()
    caller.send(BEGIN + ask(8) + b"ATE0\rATI\r")
    bench.until(lambda: bench.rig.is_quiet and bench.found(HostBytes))
    for _ in range(3):
        bench.turn()
    assert b"EC200U" not in caller.got
    caller.send(ask(9))
    bench.until(lambda: caller.got.endswith(b"\r\nOK\r\n"))
    assert b"EC200U" in caller.got
    bench.finish()
    bench.close()


def test_purging_what_waits_for_the_host_leaves_nothing_of_it() -> None:
    bench = HostsBench("rfc2217")
    caller = bench.call()
    caller.send(BEGIN + ask(8) + b"ATI\r")
    bench.until(lambda: bench.rig.is_quiet and bench.found(HostBytes))
    bench.until(lambda: bench.loop._host.has_backlog)
    caller.send(ask(12, b"\x01") + ask(9))
    bench.until(lambda: ask(112, b"\x01") in caller.got)
    assert b"EC200U" not in caller.got
    (flushed,) = bench.found(HostFlushed)
    assert flushed.count > 20
    caller.send(b"AT\r")
    bench.until(lambda: caller.got.endswith(b"AT\r\r\nOK\r\n"))
    assert bench.found(HostUnread) == []
    bench.finish()
    bench.close()


def test_purging_what_is_not_on_the_wire() -> None:
    bench = HostsBench("rfc2217", scale=1.0)
    caller = bench.call()
    caller.send(ask(1, struct.pack("!I", 50)) + b"x" * 100 + ask(12, b"\x02"))
    bench.until(lambda: bench.found(HostDiscard))
    assert bench.rig.host_queued <= 1
    bench.finish()
    bench.close()


def test_who_does_not_read_its_answers_is_not_read_from() -> None:
    bench = HostsBench("rfc2217")
    caller = bench.call(receive_bytes=32_768)
    caller.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    caller.reads = False
    bench.until(lambda: bench.told_that("is the host now"))
    visitor = bench.simulator._hosts._visitor  # type: ignore[union-attr]
    assert visitor is not None
    question = memoryview(ask(0) * 100)
    sent = 0  # of the next question, so that none is torn
    while visitor.wants_read:
        with contextlib.suppress(BlockingIOError):
            sent = (sent + caller.socket.send(question[sent:])) % len(question)
        bench.loop.turn()
    assert len(visitor.client._unsent) < 1 << 20
    caller.reads = True
    bench.until(lambda: visitor.wants_read)
    caller.socket.setblocking(True)
    caller.send(bytes(question[sent:]) + b"AT\r")
    caller.socket.setblocking(False)
    bench.until(lambda: caller.got.endswith(b"AT\r\r\nOK\r\n"))
    bench.close()


def test_a_host_that_does_not_read_holds_a_lossless_port() -> None:
    bench = HostsBench("rfc2217", scale=1000.0, interface="usb")
    caller = bench.call(receive_bytes=4096)
    caller.reads = False
    caller.send(BEGIN)
    for _ in range(6000):
        caller.socket.setblocking(True)
        caller.send(b"ATI\r")
        bench.loop.turn()
        if bench.found(HostReady):
            break
    assert bench.found(HostReady), "the device is held"
    bench.close()


STREAMS = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.builds(ask, st.integers(0, 15), st.binary(max_size=5)),
        st.builds(ask, st.just(5), st.integers(0, 20).map(lambda code: bytes((code,)))),
        st.sampled_from([BEGIN, b"\xff", b"\xff\xfa", b"\xff\xfa\x2c" + b"x" * 3000, b"AT\r",
                         b"AT+QPOWD\r", b'AT+QFUPL="a",50,1\r', b"AT+IPR=9600\r"]),
    ),
    max_size=25,
)  # fmt: skip


@given(STREAMS, st.booleans())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_it_sends_the_device_lives_and_the_record_repeats(
    pieces: list[bytes], is_reset: bool
) -> None:
    bench = HostsBench("rfc2217", scale=1000.0)
    caller = bench.call()
    for piece in pieces:
        caller.send(piece)
        bench.turn()
    if is_reset:
        caller.socket.setsockopt(1, 13, struct.pack("ii", 1, 0))
    caller.close()
    bench.until(lambda: bench.told_that("has left"))
    other = bench.call()
    bench.until(lambda: other.got.startswith(b"\xff\xfb\x03"))
    bench.rig.check()
    bench.finish()
    bench.close()
