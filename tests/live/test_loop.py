"""The live loop on a real pty, turned by hand: what goes in comes out, whatever the host does."""

import os
import select
from collections.abc import Iterator

import pytest
import serial

from quecsim.live.clock import WallClock
from quecsim.live.loop import LiveLoop
from quecsim.live.pty_port import PtyPort
from quecsim.profiles.loader import load_profile
from quecsim.rig import Rig, RigConfig
from quecsim.trace.event import Event, HostLine, SendDropped

pytestmark = pytest.mark.pty
READ_TIMEOUT_S = 60.0


class Bench:
    """A loop that the test turns; model time runs a thousand times faster than the wall's."""

    def __init__(self, config: RigConfig) -> None:
        self.events: list[Event] = []
        self.port = PtyPort(115_200)
        self.rig = Rig(load_profile("ec200u"), config)
        self.rig.start()
        self.loop = LiveLoop(self.rig, self.port, WallClock(1000.0), self.events.extend)

    def close(self) -> None:
        self.loop.close()
        self.port.close()

    def turn_until(self, host: serial.Serial, wanted: bytes) -> bytes:
        """Turn the loop until the host has read `wanted`."""
        seen = b""
        while wanted not in seen:
            self.loop.turn()
            seen += host.read(host.in_waiting)
            if wanted in seen:
                break
            if self.loop.is_quiet:  # the answer is on its way through the kernel
                select.select([host], [], [], READ_TIMEOUT_S)
            else:
                self.loop.wait()
        return seen


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench(RigConfig())
    yield made
    made.close()


@pytest.fixture
def unlimited() -> Iterator[Bench]:
    made = Bench(RigConfig(is_unlimited=True))
    yield made
    made.close()


def test_a_command_and_its_answer(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        host.write(b"AT\r")
        assert bench.turn_until(host, b"OK\r\n") == b"AT\r\r\nOK\r\n"
    assert bench.loop.is_quiet


def test_the_hosts_settings_are_on_record_before_its_bytes(bench: Bench) -> None:
    with serial.Serial(bench.port.path, 57_600, rtscts=True, timeout=0) as host:
        host.write(b"AT\r")
        bench.turn_until(host, b"OK\r\n")
    kinds = [type(event).__name__ for event in bench.events]
    assert kinds.index("HostLine") < kinds.index("HostBytes")
    line = next(event for event in bench.events if isinstance(event, HostLine))
    assert (line.baud, line.frame, line.flow) == (57_600, "8N1", "rtscts")


def test_a_host_that_does_not_read_holds_an_unlimited_line(unlimited: Bench) -> None:
    bench = unlimited
    with serial.Serial(bench.port.path, 115_200, timeout=0) as host:
        for _ in range(400):
            host.write(b"ATI\r")
            bench.loop.turn()
        assert not any(isinstance(event, SendDropped) for event in bench.events)
        bench.rig.check()
        host.write(b"AT+QFLDS\r")
        assert bench.turn_until(host, b"+QFLDS: 0,0").count(b"Revision") == 400


def test_nothing_to_do_means_no_deadline(bench: Bench) -> None:
    bench.loop.turn()
    # Idle costs no CPU: the loop sleeps without a time-out until somebody does something.
    assert bench.rig.deadline_ns() is None
    os.write(bench.loop.wake_descriptor, b"x")
    bench.loop.wait()


def test_one_read_brings_what_several_system_calls_do(unlimited: Bench) -> None:
    port = unlimited.port
    with serial.Serial(port.path, 115_200, timeout=0, write_timeout=0) as host:
        written = host.write(bytes(range(256)) * 40)
        assert written > 8192, "a pty holds more than one read brings"
        got = b""
        while len(got) < written:
            select.select([port.descriptor], [], [], READ_TIMEOUT_S)
            got += port.read(65536)
    assert got == (bytes(range(256)) * 40)[:written]
    assert port.read(65536) == b""


def test_settings_are_one_object_until_the_host_changes_them(bench: Bench) -> None:
    before = bench.port.settings()
    assert bench.port.settings() is before
    with serial.Serial(bench.port.path, 250_000, timeout=0):
        assert bench.port.settings().baud == 250_000
