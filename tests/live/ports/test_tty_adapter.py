"""An adapter of this machine; a pty stands for it, and says where it lacks something."""

import errno
import fcntl
import os
import struct
import sys
import termios
from collections.abc import Iterator
from typing import Any

import pytest

from quecsim.live.ports.adapter import BoardLines, ErrorCounts
from quecsim.live.ports.tty_adapter import TtyAdapter
from tests.live.ports.test_tty_line import Pair

pytestmark = pytest.mark.pty


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


@pytest.fixture
def adapter(pair: Pair) -> Iterator[TtyAdapter]:
    made = TtyAdapter(pair.path)
    made.set_line(115_200, "8N1")
    yield made
    made.close()


def test_bytes_go_both_ways_as_they_are(pair: Pair, adapter: TtyAdapter) -> None:
    everything = bytes(range(256))
    os.write(pair.wire, everything)
    assert adapter.read(1000) == [everything]
    assert adapter.read(1000) == []
    sent = 0
    while sent < 256:
        sent += adapter.write(everything[sent:])
    arrived = b""
    while len(arrived) < 256:  # in as many pieces as the kernel likes
        arrived += os.read(pair.wire, 1000)
    assert arrived == everything
    assert adapter.is_drained()
    assert not adapter.gone


def test_no_more_is_read_than_there_is_room_for(pair: Pair, adapter: TtyAdapter) -> None:
    os.write(pair.wire, b"x" * 300)
    assert sum(len(item) for item in adapter.read(100) if isinstance(item, bytes)) == 100
    assert sum(len(item) for item in adapter.read(1000) if isinstance(item, bytes)) == 200


def test_it_is_given_a_few_milliseconds_of_the_line(adapter: TtyAdapter) -> None:
    """What a driver has can not be stopped by the board's RTS."""
    assert adapter.write(b"x" * 5000) == 64
    adapter.set_line(921_600, "8N1")
    assert adapter.write(b"x" * 5000) == 921_600 * 4 // 10_000


def test_a_pty_lacks_modem_lines_and_says_so(adapter: TtyAdapter) -> None:
    assert adapter.take_lines() == []
    adapter.drive(rts=False, dtr=True)
    assert adapter.errors() is None
    told = " ".join(adapter.traits())
    assert "no modem lines" in told
    assert "does not count errors" in told


def test_it_goes_away() -> None:
    wire, tty = os.openpty()
    path = os.ttyname(tty)
    adapter = TtyAdapter(path)
    adapter.set_line(115_200, "8N1")
    os.close(tty)
    os.write(wire, b"the last")
    os.close(wire)
    while not adapter.gone:
        adapter.read(100)
    assert path in adapter.gone
    assert adapter.readers == []
    assert adapter.read(100) == []
    assert adapter.write(b"x") == 1, "it is gone, and nobody waits"
    adapter.drive(rts=False, dtr=False)
    adapter.close()


def test_a_rate_that_cannot_be_is_told_once(
    adapter: TtyAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter._line, "set", lambda baud, frame: f"no {baud} {frame}")
    adapter.set_line(9600, "7E1")
    assert adapter.take_complaints() == ["no 9600 7E1"]
    assert adapter.take_complaints() == []


class Driver:
    """The orders of a driver with modem lines and counters, in place of the kernel's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inputs = 0
        self.outputs = termios.TIOCM_RTS | termios.TIOCM_DTR
        self.waiting = 0
        self.counts = dict.fromkeys(("frame", "overrun", "parity", "buffer"), 0)
        self.flags = 0
        self.broken = False
        self._real = fcntl.ioctl
        monkeypatch.setattr(fcntl, "ioctl", self)

    def __call__(self, descriptor: int, order: int, data: Any = 0) -> Any:
        if self.broken:
            raise OSError(errno.EIO, "Input/output error")
        if order == termios.TIOCMGET:
            return struct.pack("I", self.inputs | self.outputs)
        if order in (termios.TIOCMBIS, termios.TIOCMBIC):
            (bits,) = struct.unpack("I", data)
            self.outputs = (
                self.outputs | bits if order == termios.TIOCMBIS else self.outputs & ~bits
            )
            return data
        if order == termios.TIOCOUTQ:
            return struct.pack("i", self.waiting)
        if order == 0x545D:
            counts = self.counts
            return struct.pack(
                "20i", 0, 0, 0, 0, 7, 7, counts["frame"], counts["overrun"], counts["parity"], 0,
                counts["buffer"], *[0] * 9,
            )  # fmt: skip
        if order == 0x541E:
            return struct.pack("32i", 0, 0, 0, 0, self.flags, *[0] * 27)
        if order == 0x541F:
            self.flags = struct.unpack("32i", data)[4]
            return data
        return self._real(descriptor, order, data)


@pytest.mark.skipif(sys.platform != "linux", reason="the orders are Linux's")
def test_a_driver_that_has_everything(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch)
    driver.counts["overrun"] = 40  # before us
    adapter = TtyAdapter(pair.path)
    adapter.set_line(115_200, "8N1")
    assert adapter.traits() == []
    assert driver.flags & 0x2000, "low latency"
    adapter.drive(rts=False, dtr=True)
    assert driver.outputs == termios.TIOCM_DTR
    adapter.drive(rts=True, dtr=False)
    assert driver.outputs == termios.TIOCM_RTS
    driver.inputs = termios.TIOCM_CTS
    assert adapter.take_lines() == [BoardLines(rts=True, dtr=False)]
    driver.inputs = termios.TIOCM_DSR
    assert adapter.take_lines() == [BoardLines(rts=False, dtr=True)]
    assert adapter.errors() == ErrorCounts()
    driver.counts = {"frame": 1, "overrun": 42, "parity": 3, "buffer": 5}
    assert adapter.errors() == ErrorCounts(overruns=2 + 5, framing=1, parity=3)
    driver.waiting = 60
    assert adapter.write(b"x" * 100) == 4, "64 bytes at a time"
    assert not adapter.is_drained()
    driver.broken = True
    adapter.drive(rts=False, dtr=False)
    assert "has gone" in adapter.gone
    driver.broken = False
    adapter.close()
    assert not driver.flags, "as it was found"
